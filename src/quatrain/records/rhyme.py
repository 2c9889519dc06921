"""Rhymes and rhyme schemes."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records.deferred import Facts, FactsRepr, HtmlRepr
from quatrain.records.pronunciation import Pronunciation


@dataclass(frozen=True, slots=True)
class Rhyme(FactsRepr):
    """A rhyme between two words or phrases, or none, with its reason.

    Attributes:
        first, second: as asked.
        kind: "perfect", "identical", "rich", "mosaic", "promoted", "family", "assonance",
            "consonance", "slant", "eye", "historical" or "none"; docs/rhyme.md defines them.
        why: the reason in words.
        pronunciations: the two that agree best; None if one of the words cannot be pronounced.
        syllables: syllables from the stressed vowel on, 1 for a masculine rhyme.
        probability: that poets rhyme them, 0 to 1, as learned from rhymed verse.
    """

    first: str
    second: str
    kind: str
    why: str
    pronunciations: tuple[Pronunciation, Pronunciation] | None
    syllables: int
    probability: float

    def __bool__(self) -> bool:
        return self.kind != "none"

    @property
    def _facts(self) -> Facts:
        return {
            "first": self.first,
            "second": self.second,
            "rhyme": self.kind,
            "why": self.why,
            "probability": self.probability,
        }

    def __str__(self) -> str:
        return f"{self.first}/{self.second}: {self.kind}; {self.why}"


@dataclass(frozen=True, slots=True)
class RhymingWord:
    """A word that rhymes with a phrase, with what helps to choose it.

    Attributes:
        rhyme: how the two rhyme.
        standing: "word", "name" or "other" (a letter, a foreign word, a surname).
        usual: whether the word rhymes in its likeliest pronunciation.
        reading: which way to say the phrase it rhymes with; 0 is the likeliest.
    """

    rhyme: Rhyme
    standing: str
    usual: bool
    reading: int


@dataclass(frozen=True, slots=True)
class RhymeLink:
    """A rhyme between two lines of a poem.

    Attributes:
        first, second: numbers of the lines, from 0.
        rhyme: the rhyme.
    """

    first: int
    second: int
    rhyme: Rhyme


@dataclass(frozen=True, slots=True)
class RhymeScheme(HtmlRepr):
    """The rhyme scheme of a poem.

    Attributes:
        letters: per line, a letter shared with the lines it rhymes with, or None.
        links: each line with the one before it of the same letter.
    """

    letters: tuple[str | None, ...]
    links: tuple[RhymeLink, ...]

    def __str__(self) -> str:
        return "".join(letter or "x" for letter in self.letters)
