"""What a low temperature would exaggerate in poems of words.

In: a poet's vocabulary and a temperature. Out: what words and marks lose for it.

To divide logits by less than 1 sharpens every choice, and some choices feed on themselves: a word
that was said is likelier to be said again, and a rhyme word to be rhymed with itself. At 0.6
`verse` ends a quarter of its lines in a word that has ended one before, at 1 a thirtieth, as people
do. So what repeats, and marks, lose the more the lower the temperature is, as much as keeps them
as frequent as they are at 1. At 1 and above nothing is lost, nor at 0, where the likeliest is asked
for and nothing else. `docs/words.md` has the counts.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from quatrain.form import ARTICLES, LIGHT_WORDS
from quatrain.poet import WordVocabulary, tokens

MARKS, SAID, ENDED = 2.5, 2.0, 3.0
"""Nats that a mark loses on the way from temperature 1 to 0, a word that carries meaning for every
time it was said, and a word that ended a line before; found by hand for `verse`."""

WORDS, LINES = 64, 8
"""How far back is looked: in a long poem every word was said at some time."""


class LowTemperaturePenalty:
    """Tempers logits.

    Args:
        vocabulary: the poet's.
        temperature: by which logits will be divided.
    """

    def __init__(self, vocabulary: WordVocabulary, temperature: float) -> None:
        self.share = 1.0 - temperature if 0.0 < temperature < 1.0 else 0.0
        names = [vocabulary.token(number) for number in range(vocabulary.size)]
        able = np.arange(vocabulary.size) >= vocabulary.SPECIALS
        self._word = able & [name[:1].isalnum() for name in names]
        self._content = self._word & [name not in LIGHT_WORDS | ARTICLES for name in names]
        mark = able & ~self._word & [name not in tokens.ENDINGS for name in names]
        self._marks = np.asarray(mark * MARKS * self.share, np.float32)

    def words(self, line: Collection[int]) -> list[int]:
        """Those of some tokens that are words."""
        return [number for number in line if self._word[number]]

    def temper(
        self, row: NDArray[np.float32], said: Collection[int], ends: Collection[int]
    ) -> None:
        """Take from the logits of one poem, in place.

        Args:
            row: (vocabulary,).
            said: what the poem had lately, as often as it had it.
            ends: words that ended its last lines, if one that ends a line is to come.
        """
        row -= self._marks
        words = np.fromiter(said, np.intp, len(said))
        np.subtract.at(row, words[self._content[words]], SAID * self.share)
        row[list(set(ends))] -= ENDED * self.share
