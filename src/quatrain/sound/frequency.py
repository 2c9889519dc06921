"""Word frequencies in verse, and how often a word stands on a beat.

In: a word. Out: its counts in a corpus of twelve million words of verse. `scripts/count_words.py`
counted: occurrences of each word, and for words of one syllable the lines that could be
counted out in which it stood, and those in which it stood on a beat. And how often it has a capital
inside a line, which tells names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts of a word in the verse corpus.

    Attributes:
        count: occurrences.
        placed: of a word of one syllable, occurrences in lines that could be counted out.
        beats: how many of those were on a beat.
        capitals: share of its occurrences inside a line that have a capital, 0 to 1; None if it
            has none there.
    """

    count: int = 0
    placed: int = 0
    beats: int = 0
    capitals: float | None = None

    @property
    def beat_share(self) -> float:
        """Share of its places that are beats, smoothed towards one half where seldom seen."""
        return (self.beats + 2) / (self.placed + 4)


_NONE = Usage()


@cache
def _table() -> dict[str, list[str]]:
    path = resources.files("quatrain.sound") / "data" / "frequency.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {word: columns for word, *columns in rows}


def usage(word: str) -> Usage:
    """Return the counts of a word; one outside the list has zeros."""
    row = _table().get(word)
    if row is None:
        return _NONE
    count, placed, beats, percent = row
    return Usage(int(count), int(placed), int(beats), int(percent) / 100 if percent else None)


def count_of(word: str) -> int:
    """Return the number of times that a word was counted."""
    row = _table().get(word)
    return int(row[0]) if row else 0


@cache
def counted_words() -> int:
    """Return the number of words of verse that were counted."""
    return sum(int(row[0]) for row in _table().values())


def words_by_frequency() -> list[str]:
    """Return the counted words, the most frequent first."""
    return list(_table())
