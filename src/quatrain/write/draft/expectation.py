"""Words that a poet expects in one slot of a draft.

In: the lines before it, and the words of its own line around it. Out: the poet's words, the most
expected first. A poet reads a line one way, so that it knows the words on one side when it comes to
the slot; the best words are weighed by those on the other side too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quatrain.poet import WordPoet, tokens
from quatrain.write.contrast import log_softmax

LINES_READ = 2
"""Lines before a slot that the poet reads: it takes about 0.05 s."""

WORDS_WEIGHED = 128
"""Words that are weighed by what the poet reads after the slot."""

WORDS_READ_ON = 2
"""Words that it reads after the slot: the next ones say whether a noun or a verb stands there."""


def expected_words(poet: WordPoet, lines: Sequence[str], before: str, after: str) -> list[int]:
    """Return the numbers of a poet's words, the most expected in a slot first.

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
    sides = tokens.line_tokens(before), tokens.line_tokens(after)[::-1]
    first, rest = sides[::-1] if poet.backwards else sides
    rest = rest[::-1][:WORDS_READ_ON]
    if poet.backwards and len(sides[0]) <= WORDS_READ_ON:
        rest.append(tokens.LINE_END)
    vocabulary = poet.vocabulary
    state = poet.start(1)
    for number in (vocabulary.START, *vocabulary.encode([*read, *first]).tolist()):
        logits, state = poet.step(np.array([number]), state)
    logs = log_softmax(logits)[0]
    order = np.argsort(-logs, kind="stable")
    order = order[order >= vocabulary.SPECIALS]
    weighed = order[:WORDS_WEIGHED]
    scores = logs[weighed].astype(np.float64)
    symbols, state = weighed, state.select([0] * len(weighed))
    for number in vocabulary.encode(rest).tolist():
        logits, state = poet.step(symbols, state)
        scores += log_softmax(logits)[:, number]
        symbols = np.full(len(weighed), number)
    ranked = weighed[np.argsort(-scores, kind="stable")]
    return [*ranked.tolist(), *order[WORDS_WEIGHED:].tolist()]
