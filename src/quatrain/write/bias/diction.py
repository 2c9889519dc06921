"""Diction: archaic words are left out of a poem, or preferred.

In: a vocabulary, the name of a diction, and words that are never archaic for this poem. Out:
`Diction`. `WordClasses` leaves out the words that are not to be written, so that no line and no
rhyme is planned with them; free verse masks them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import WordVocabulary
from quatrain.write.bias.archaisms import UNCOUNTED, archaic_words
from quatrain.write.word_classes import Mask

ARCHAIC_BIAS = 1.2
"""Nats added to archaic words in archaic diction.

The sonnets of `verse` then have about as many as Shakespeare's, 78 in a thousand words; with 2 nats
they have twice as many (`benchmarks/diction.py`).
"""

PHRASES = (
    ("to", "-", "day"), ("to", "-", "night"), ("to", "-", "morrow"), ("mine", "eyes"),
    ("mine", "own"), ("mine", "eye"), ("mine", "ear"), ("mine", "ears"), ("an", "hundred"),
)  # fmt: skip
"""Archaic runs of tokens whose words are of today."""


@dataclass(frozen=True, eq=False)
class Diction:
    """Words that a poem does without, or prefers.

    Attributes:
        name: "modern", "any" or "archaic".
        archaic: which tokens are archaic, (vocabulary,).
        past_d: whether 'd may be a past tense, as in *walk'd*.
        phrases: runs of tokens that are not written.
    """

    name: str
    archaic: Mask
    past_d: bool = True
    phrases: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, name: str, vocabulary: WordVocabulary, spared: Collection[str] = ()) -> Diction:
        """Return a diction for a vocabulary.

        Args:
            name: "modern", "any" or "archaic".
            vocabulary: the words that can be written.
            spared: tokens that are not archaic for this poem: of the poet's own texts, and those
                that the user gives. If 'd is among them, or a word that only stands before it, as
                *lov*, past tenses in 'd are spared.
        """
        listed = archaic_words()
        archaic = np.zeros(vocabulary.size, np.bool_)
        for number, word in enumerate(vocabulary.words, vocabulary.SPECIALS):
            rule = "" if word in spared else listed.get(word, "")
            archaic[number] = bool(rule) and (name == "modern" or rule not in UNCOUNTED)
        if name != "modern":
            return cls(name, archaic)
        past_d = any(word == "'d" or listed.get(word) == "stem" for word in spared)
        phrases = tuple(phrase for phrase in PHRASES if not set(phrase) <= set(spared))
        return cls(name, archaic, past_d, phrases)

    @property
    def key(self) -> tuple[str, bytes, bool]:
        """What sets it apart from others of its vocabulary."""
        return self.name, self.archaic.tobytes(), self.past_d

    @property
    def unwritten(self) -> Mask:
        """Words that are not written, (vocabulary,)."""
        return self.archaic & (self.name == "modern")

    @cached_property
    def bias(self) -> NDArray[np.float32] | None:
        """Bias of every word, (vocabulary,), in nats; None without one."""
        if self.name != "archaic":
            return None
        return np.asarray(ARCHAIC_BIAS * self.archaic, np.float32)
