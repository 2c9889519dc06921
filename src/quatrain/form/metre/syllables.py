"""Counts the syllables of a line, word by word.

In: a line. Out: a `SyllableCount`. Each word counts as in its likeliest pronunciation. Where that
misses a number and looser counts are allowed, as few words as possible count otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records import Facts, FactsRepr
from quatrain.sound import Ear, words

MAX_SYLLABLES = 2000
"""Syllables after which a line is counted no further; no form's line has more than 40."""

COUNT_LICENCES = {"variant": "a word counted in another of its pronunciations (fi-er, heav'n)"}
"""Licences that a form of counted syllables may `allow` -> what they mean."""


@dataclass(frozen=True, slots=True)
class WordCount:
    """The syllables of one word of a line.

    Attributes:
        text: the word.
        counted: the number of syllables it counts as.
        likeliest: the number that most people say.
    """

    text: str
    counted: int
    likeliest: int


@dataclass(frozen=True, slots=True)
class SyllableCount(FactsRepr):
    """The syllables of a line; the words' numbers add up to the line's."""

    words: tuple[WordCount, ...]

    @property
    def total(self) -> int:
        """Number of syllables of the line."""
        return sum(word.counted for word in self.words)

    @property
    def _facts(self) -> Facts:
        return {"syllables": self.total, "words": self.account}

    @property
    def account(self) -> str:
        """Every word with its number: `the 1, river 2`."""
        return ", ".join(f"{word.text} {word.counted}" for word in self.words) or "no words"

    @property
    def variants(self) -> str:
        """Words that count otherwise than most people say them, in words."""
        return ", ".join(
            f"{word.text} counted as {word.counted} (most people say {word.likeliest})"
            for word in self.words
            if word.counted != word.likeliest
        )


def count_syllables(text: str, ear: Ear, wanted: int | None = None) -> SyllableCount:
    """Return the syllables of a line.

    Args:
        text: the line.
        ear: gives the pronunciations of words.
        wanted: a number to reach by other pronunciations, as few as possible; if that cannot be, or
            for None, every word counts as in its likeliest.
    """
    choices: list[tuple[str, list[int]]] = []
    total = 0
    for word in words(text):
        counts = list(dict.fromkeys(said.syllables for said in ear.pronounce(word.spoken)))
        if counts:
            choices.append((word.text, counts))
            total += counts[0]
        if total > MAX_SYLLABLES:
            break
    chosen = None if wanted is None else _fewest_variants([counts for _, counts in choices], wanted)
    numbers = chosen or [counts[0] for _, counts in choices]
    return SyllableCount(
        tuple(
            WordCount(text, number, counts[0])
            for (text, counts), number in zip(choices, numbers, strict=True)
        )
    )


def _fewest_variants(choices: list[list[int]], wanted: int) -> list[int] | None:
    """Return a number for each word that add up to `wanted`, as many as possible the first one.

    Args:
        choices: for each word the numbers it may have, the likeliest first.
        wanted: their sum.
    """
    ways: dict[int, tuple[int, list[int]]] = {0: (0, [])}  # sum -> variants taken, numbers
    for counts in choices:
        longer: dict[int, tuple[int, list[int]]] = {}
        for total, (variants, numbers) in ways.items():
            for rank, count in enumerate(counts):
                cost = variants + (rank > 0)
                known = longer.get(total + count)
                if total + count <= wanted and (known is None or cost < known[0]):
                    longer[total + count] = (cost, [*numbers, count])
        ways = longer
    return ways[wanted][1] if wanted in ways else None
