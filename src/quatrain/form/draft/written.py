"""The lines of a draft as they are typed, made ready to be read.

In: texts. Out: the texts that are read, empty where nothing is written, with notes on what was
left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

MOST_LINES = 1000
"""Lines that are judged; further ones are only counted, so that typing stays quick."""

MOST_CHARACTERS = 1000
"""Characters of a line that are read; the longest line of verse has some 200."""

MOST_MATES = 20
"""Lines of the same rhyme that a line names, the nearest."""


@dataclass(frozen=True, slots=True)
class WrittenLines:
    """Lines made ready.

    Attributes:
        texts: what is read of each; empty for an empty place.
        last: number of the last line that is not empty; 0 if there is none.
        notes: index of a line -> remarks on how it was read.
    """

    texts: tuple[str, ...]
    last: int
    notes: dict[int, tuple[str, ...]]


def read_lines(lines: Sequence[str]) -> WrittenLines:
    """Return the lines of a draft, made ready to be read."""
    texts = tuple(line[:MOST_CHARACTERS] if line.strip() else "" for line in lines)
    texts = tuple(text if text.strip() else "" for text in texts)
    note = (f"only the first {MOST_CHARACTERS:,} characters are read",)
    notes: dict[int, tuple[str, ...]] = {
        place: note for place, line in enumerate(lines) if len(line) > MOST_CHARACTERS
    }
    last = max((number for number, text in enumerate(texts, 1) if text), default=0)
    return WrittenLines(texts, last, notes)


def nearest_mates(letters: Sequence[str | None]) -> list[tuple[int, ...]]:
    """Return for each line the numbers of the nearest others of its rhyme letter, rising."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, letter in enumerate(letters, 1):
        if letter:
            places[letter].append(number)
    mates: list[tuple[int, ...]] = []
    for number, letter in enumerate(letters, 1):
        same = places[letter] if letter else []
        if len(same) > MOST_MATES:
            at = bisect_left(same, number)
            start = max(0, min(at - MOST_MATES // 2, len(same) - MOST_MATES - 1))
            same = same[start : start + MOST_MATES + 1]
        mates.append(tuple(other for other in same if other != number))
    return mates
