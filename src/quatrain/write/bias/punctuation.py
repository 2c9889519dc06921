"""Punctuation bias: as many marks at a low temperature as at 1.

In: a temperature. Out: `punctuation_bias`, nats per token. A mark is often the likeliest next
token, so sharpening the distribution gives a poem far too many of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quatrain.write.word_classes import Mask

MARK_BIAS = -2.5
"""Nats added to a mark's logit at temperature 0, before the division by the temperature.

It grows linearly from 0 at temperature 1. Found by hand for the poet `verse`: of -1.5, -2 and -2.5
it comes nearest to the punctuation of temperature 1 (docs/decisions/0010-keeping-form.md).
"""


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
