"""Filters of a search for words: meaning, sound and metre."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quatrain.errors import SettingsError
from quatrain.records import Pronunciation, check_words
from quatrain.sound.rhyme.search import KINDS

USUAL_KINDS = tuple(kind for kind in KINDS if kind not in ("assonance", "consonance", "eye"))
"""Kinds of rhyme found unless set otherwise: without those that only share a vowel, consonants or
letters."""


@dataclass(frozen=True, kw_only=True)
class WordFilters:
    """Demands on a word; each filter works alone or with the others.

    Attributes:
        near: word or words that the meaning should be near; the poet need not know them.
        rhyme: word or phrase to rhyme with.
        stress: stresses that the word begins with, `01` for one like *delight*.
        syllables: number of syllables.
        kinds: kinds of rhyme that count.

    Raises:
        SettingsError: one is out of range.
    """

    near: str = ""
    rhyme: str = ""
    stress: str = ""
    syllables: int | None = None
    kinds: Iterable[str] = USUAL_KINDS

    def __post_init__(self) -> None:
        """Check every filter."""
        for name in ("near", "rhyme", "stress"):
            check_words(name, getattr(self, name))
            object.__setattr__(self, name, getattr(self, name).strip())
        object.__setattr__(self, "kinds", tuple(self.kinds))
        if set(self.stress) - set("01"):
            raise SettingsError(
                "setting 'stress'",
                repr(self.stress),
                "zeros and ones",
                "Write a 1 for each stressed syllable and a 0 for each other, as in 01.",
                message=f"{self.stress!r} is not a stress pattern.",
            )
        if self.syllables is not None and (
            type(self.syllables) is not int or self.syllables < max(1, len(self.stress))
        ):
            raise SettingsError(
                "setting 'syllables'",
                repr(self.syllables),
                f"a whole number, {max(1, len(self.stress))} or more",
                "Correct the value.",
            )
        for kind in self.kinds:
            if kind not in KINDS:
                raise SettingsError(
                    "setting 'kinds'",
                    repr(kind),
                    f"some of {', '.join(KINDS)}",
                    "Take one of these.",
                    message=f"{kind!r} is not a kind of rhyme: they are {', '.join(KINDS)}.",
                )

    def allows(self, said: Pronunciation) -> bool:
        """Return whether a pronunciation has the stress and the syllables asked for."""
        if self.syllables is not None and said.syllables != self.syllables:
            return False
        return said.stress.replace("2", "1").startswith(self.stress)
