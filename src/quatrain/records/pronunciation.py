"""Pronunciations of words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from quatrain.records.deferred import Facts, FactsRepr


@dataclass(frozen=True)
class Pronunciation(FactsRepr):
    """One way to say a word.

    Attributes:
        word: the word, in lower case.
        phonemes: ARPAbet (the symbols of CMUdict); every vowel carries its stress, 1 primary,
            2 secondary, 0 none: `("B", "Y", "UW1", "T", "IY0")`.
        source: where it comes from: the names of lexicons joined by `+`, `verse` (the list of
            words peculiar to verse), `user`, `rule`, `number` or `guessed`.
        confidence: 1 for what is listed, below 1 for what a rule or the network made.
        note: how it was made, in words, or empty.
    """

    word: str
    phonemes: tuple[str, ...]
    source: str
    confidence: float = 1.0
    note: str = ""

    @cached_property
    def stress(self) -> str:
        """Stress digits, one for each syllable: `beauty` is `10`."""
        return "".join(phoneme[-1] for phoneme in self.phonemes if phoneme[-1].isdigit())

    @property
    def syllables(self) -> int:
        """Number of syllables."""
        return len(self.stress)

    @property
    def guessed(self) -> bool:
        """True if the network guessed it, wholly or in part."""
        return self.source.startswith("guessed")

    @cached_property
    def rhyming_part(self) -> tuple[str, ...]:
        """Phonemes from the last stressed vowel on, without the digits of stress.

        The last vowel of primary or secondary stress counts; without one, the last vowel.
        """
        vowels = [place for place, phoneme in enumerate(self.phonemes) if phoneme[-1].isdigit()]
        stressed = [place for place in vowels if self.phonemes[place][-1] in "12"]
        start = (stressed or vowels or [0])[-1]
        return tuple(phoneme.rstrip("012") for phoneme in self.phonemes[start:])

    @property
    def _facts(self) -> Facts:
        return {
            "word": self.word,
            "pronunciation": str(self),
            "stress": self.stress,
            "source": self.source,
            "note": self.note,
        }

    def __str__(self) -> str:
        return " ".join(self.phonemes)
