"""Punctuation: as many marks at a low temperature as at 1, and one at the end of a poem.

In: a temperature. Out: `punctuation_bias`, nats per token. A mark is often the likeliest next
token, so sharpening the distribution gives a poem far too many of them.

In: a poet. Out: `closing_marks`, the marks of which its poems end in one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import WordPoet
from quatrain.write.word_classes import FINAL_MARKS, Mask

MARK_BIAS = -2.5
"""Nats added to a mark's logit at temperature 0, before the division by the temperature.

It grows linearly from 0 at temperature 1. Found by hand for the poet `verse`: of -1.5, -2 and -2.5
it comes nearest to the punctuation of temperature 1 (docs/decisions/0010-keeping-form.md).
"""

LEAST_FINAL_MARKS = 0.05
"""Share of lines that end in a full stop or the like from which a poet's verse has sentences.

`verse` puts it at 0.26, `sonnets`, whose texts have hardly any marks at line ends, at 0.005.
"""


def closing_marks(poet: WordPoet) -> Mask:
    """Return the tokens of which a poet's poems end in one, (vocabulary,); none if in any.

    They are full stops and the like, if the poet's verse has them at line ends. A poet that writes
    lines from their end says so itself: the first token after an empty first line is the end of the
    second. Of one that writes forwards it isn't known.
    """
    vocabulary = poet.vocabulary
    marks = np.zeros(vocabulary.size, np.bool_)
    marks[[vocabulary.numbers[mark] for mark in FINAL_MARKS & vocabulary.numbers.keys()]] = True
    if not (poet.backwards and marks.any()):
        return np.zeros_like(marks)
    state = poet.start(1)
    for symbol in (vocabulary.START, vocabulary.LINE):
        logits, state = poet.step(np.array([symbol]), state)
    probabilities = np.exp(logits[0] - logits.max())
    probable = probabilities[marks].sum() >= LEAST_FINAL_MARKS * probabilities.sum()
    return marks if probable else np.zeros_like(marks)


def punctuation_bias(
    is_mark: Mask, mark_bias: float, temperature: float, *, least: float = 1e-3
) -> NDArray[np.float32]:
    """Return the bias of every token, to add after the division, (vocabulary,), in nats.

    (1 - temperature) * `mark_bias` before the division by the temperature is
    (1 / temperature - 1) * `mark_bias` after it.

    Args:
        is_mark: which tokens are marks, (vocabulary,).
        mark_bias: nats as in `MARK_BIAS`; 0 for a poet that needs none.
        temperature: what the logits are divided by; above 1 marks become likelier.
        least: the temperature used in place of a lower one.
    """
    cooling = 1.0 / max(temperature, least) - 1.0
    return np.asarray(mark_bias * cooling * is_mark, np.float32)
