"""Diction: archaic words are left out of a poem, or preferred.

In: a vocabulary, the name of a diction, and words that are never archaic for this poem. Out:
`Diction`. `WordClasses` leaves out the words that are not to be written, so that no line and no
rhyme is planned with them; free verse masks them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from quatrain.form import ARTICLES, LIGHT_WORDS
from quatrain.poet import WordVocabulary
from quatrain.write.bias.archaisms import UNCOUNTED, archaic_words
from quatrain.write.word_classes import Mask

ARCHAIC_BIAS = 1.2
"""Nats added to archaic words in archaic diction.

The sonnets of `verse` then have 98 in a thousand words, and Shakespeare's have 78; with 2 nats they
have 145 (`benchmarks/diction.py`).
"""

PHRASES = (("to", "-", "day"), ("to", "-", "night"), ("an", "hundred"))
"""Archaic runs of tokens whose words are of today."""

_AFTER_MINE = LIGHT_WORDS | ARTICLES | {
    "again", "alone", "also", "always", "already", "anymore", "anyway", "even", "ever", "every",
    "only", "out", "over", "until", "under", "up", "upon", "into",
}  # fmt: skip
"""Words with a vowel that may follow *mine* today; *mine eyes* and *mine own* are archaic."""


@dataclass(frozen=True, eq=False)
class Diction:
    """Words that a poem does without, or prefers.

    Attributes:
        name: "modern", "any" or "archaic".
        archaic: which tokens are archaic, (vocabulary,).
        past_d: whether 'd may be a past tense, as in *walk'd*.
        phrases: runs of tokens that are not written.
        possessive_mine: whether *mine* may stand for *my* before a vowel.
    """

    name: str
    archaic: Mask
    past_d: bool = True
    phrases: tuple[tuple[str, ...], ...] = ()
    possessive_mine: bool = True

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
        return cls(
            name, archaic, past_d, phrases, possessive_mine=bool({"mine", "thine"} & set(spared))
        )

    @property
    def key(self) -> tuple[str, bytes, bool]:
        """Name, words and endings in a form that can be compared and hashed."""
        return self.name, self.archaic.tobytes(), self.past_d

    @property
    def unwritten(self) -> Mask:
        """Words that are not written, (vocabulary,)."""
        return self.archaic & (self.name == "modern")

    def has_phrase(self, line: Sequence[str]) -> bool:
        """Return whether a line of tokens has a run that is not written."""
        pairs = pairwise(line)
        return any(
            first == "mine" and second[0] in "aeiou" and second not in _AFTER_MINE
            for first, second in (() if self.possessive_mine else pairs)
        ) or any(
            tuple(line[place : place + len(phrase)]) == phrase
            for phrase in self.phrases
            for place in range(len(line) - len(phrase) + 1)
        )

    @cached_property
    def bias(self) -> NDArray[np.float32] | None:
        """Bias of every word, (vocabulary,), in nats; None without one."""
        if self.name != "archaic":
            return None
        return np.asarray(ARCHAIC_BIAS * self.archaic, np.float32)
