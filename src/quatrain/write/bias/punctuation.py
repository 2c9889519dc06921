"""Punctuation bias: as many marks at a low temperature as at 1.

In: a temperature. Out: `punctuation_bias`, nats per token. A mark is often the likeliest next
token, so sharpening the distribution gives a poem far too many of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quatrain.write.word_classes import Mask

MARK_PENALTY = 2.5
"""Nats taken from a mark's logit on the way from temperature 1 to 0, before division.

Found by hand for the poet `verse`: of 1.5, 2 and 2.5 it comes nearest to the punctuation of
temperature 1 (docs/decisions/0010-keeping-form.md).
"""


def punctuation_bias(
    is_mark: Mask, penalty: float, temperature: float, *, least: float = 1e-3
) -> NDArray[np.float32]:
    """Return the bias of every token after logits were divided by the temperature, (vocabulary,).

    Args:
        is_mark: which tokens are marks, (vocabulary,).
        penalty: nats as in `MARK_PENALTY`; 0 for a poet that needs none.
        temperature: what the logits are divided by; above 1 marks gain.
        least: the temperature used in place of a lower one.
    """
    cooling = 1.0 / max(temperature, least) - 1.0
    return -np.asarray(penalty * cooling * is_mark, np.float32)
