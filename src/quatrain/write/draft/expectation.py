"""Which words a poet expects in one slot of a draft.

In: the lines before it, and the words of its own line around it. Out: a log probability for each
word of the poet.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import WordPoet, tokens
from quatrain.write.contrast import log_softmax

LINES_READ = 2
"""Lines before a slot that the poet reads: it takes about 0.05 s."""


def expected_words(
    poet: WordPoet, lines: Sequence[str], before: str, after: str
) -> NDArray[np.float32]:
    """Return the log probability of every word in a slot, (vocabulary,), in nats.

    A poet that reads lines from their end sees what comes after the slot in its line, others what
    comes before it.

    Args:
        poet: the poet.
        lines: the lines before that of the slot.
        before: text of its line before it.
        after: text of its line after it.
    """
    read: list[str] = []
    for line in lines[-LINES_READ:]:
        parts = [*tokens.line_tokens(line), tokens.LINE_END]
        read += tokens.reversed_line(parts) if poet.backwards else parts
    beside = tokens.line_tokens(after)[::-1] if poet.backwards else tokens.line_tokens(before)
    state = poet.start(1)
    for number in (poet.vocabulary.START, *poet.vocabulary.encode([*read, *beside]).tolist()):
        logits, state = poet.step(np.array([number]), state)
    return np.asarray(log_softmax(logits)[0], np.float32)
