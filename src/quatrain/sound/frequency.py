"""How often a word occurs in verse, and how willingly it stands on a beat.

`scripts/count_words.py` counted; the file says a word, its occurrences, and for words of
one syllable in how many plain lines it stood, and in how many of them on a beat.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Usage:
    """How a word is used in the verse that was counted.

    Attributes:
        count: occurrences.
        placed: of a word of one syllable, occurrences in lines that could be counted out.
        beats: how many of those were on a beat.
    """

    count: int = 0
    placed: int = 0
    beats: int = 0

    @property
    def beat_share(self) -> float:
        """The share of its places that are beats, drawn towards one half where seldom seen."""
        return (self.beats + 2) / (self.placed + 4)


_NONE = Usage()


@cache
def _table() -> dict[str, tuple[str, str, str]]:
    path = resources.files("quatrain.sound") / "data" / "frequency.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {word: (count, placed, beats) for word, count, placed, beats in rows}


def usage(word: str) -> Usage:
    """How a word is used; a word that was not among the counted ones has no occurrences."""
    found = _table().get(word)
    return Usage(*map(int, found)) if found else _NONE


def frequent() -> list[str]:
    """The counted words, the most frequent first."""
    return list(_table())
