"""Theme bias: words near the theme become likelier.

In: how near every word is to a theme (`write.near`). Out: `theme_bias`, nats per word.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quatrain.write.word_classes import Mask

THEME_BIAS = 7.0
"""Nats that a word gains for a nearness of 1 to the theme, at strength 1.

Chosen by reading sonnets about *ship storm*, *city street*, *music* and *snow*, written with
contrast 0.75 by `verse`, at 2, 4, 6, 8 and 11 nats: at 4 some miss their theme, at 11 lines are
lists of its words (`benchmarks/write.py theme --show`).
"""

OPENING_FACTOR = 1.5
"""Factor on the bias in a poem's first line, which the lines after it follow.

At 1, two of six sonnets missed their theme; at 2, 5 % of the lines are lists of the theme's words,
at 1.5 3 % (`benchmarks/write.py theme`).
"""

UNRELATED = 0.15
"""Nearness up to which a word has nothing to do with the theme."""

FULL_NEARNESS = 0.6
"""Nearness from which a word gains no more, so that the theme's own words do not come too often."""

RANK, NEARNESS_AT_RANK = 60, 0.4
"""Words of a theme, and the nearness of the last of them, to which every theme is scaled.

Of a common theme such as *love* or *money* all words are a little less near (0.3), of a narrow one
such as *ship storm* nearer (0.5); a strength is to mean as much for either.
"""


def theme_bias(
    nearness: NDArray[np.float32], is_word: Mask, strength: float
) -> NDArray[np.float32]:
    """Return the bias of every word towards a theme, (vocabulary,), in nats.

    Args:
        nearness: of every word to the theme, 0 to 1, (vocabulary,).
        is_word: which tokens are words, (vocabulary,); marks gain nothing.
        strength: factor on `THEME_BIAS`.
    """
    ranked = np.sort(nearness[is_word])
    at_rank = ranked[-RANK] if len(ranked) >= RANK else NEARNESS_AT_RANK
    scale = NEARNESS_AT_RANK / max(float(at_rank), UNRELATED)
    near = np.clip(nearness * scale, UNRELATED, FULL_NEARNESS)
    gain = THEME_BIAS * strength * (near - UNRELATED)
    return np.asarray(np.where(is_word, gain, 0), np.float32)
