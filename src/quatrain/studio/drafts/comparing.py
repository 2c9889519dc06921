"""Two texts side by side: which lines differ, and which words in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_LARGEST_BLOCK = 60
"""Lines of a changed passage in which lines are paired by their likeness; in a longer one, the
first with the first and so on, because the time grows with the square."""

_LARGEST_PASSAGE = 2_000
"""Lines of a passage that `difflib` compares; its time, too, can grow with the square."""

_LIKE = 0.4
"""Share of words in common from which two lines count as one line that was changed."""


@dataclass(frozen=True)
class WordChange:
    """A run of words and spaces: "same", "added" or "removed"."""

    change: str
    text: str


@dataclass(frozen=True)
class Row:
    """A line beside the line that it became.

    Attributes:
        change: "same", "changed", "added" or "removed".
        before, after: the line in the first and in the second text; None where there is none.
        words: for a changed line, its words, as they stand in the one or the other.
    """

    change: str
    before: str | None
    after: str | None
    words: tuple[WordChange, ...] = ()


def compared(before: Sequence[str], after: Sequence[str]) -> list[Row]:
    """Return the lines of two texts side by side.

    Lines that occur once in both texts are found first, as in Bram Cohen's patience diff, and
    `difflib` compares what lies between them: alone, it would take minutes for a long poem.
    """
    rows: list[Row] = []
    first = second = 0
    for old, new in [*_anchors(before, after), (len(before), len(after))]:
        rows += _between(before[first:old], after[second:new])
        if old < len(before):
            rows.append(Row("same", before[old], after[new]))
        first, second = old + 1, new + 1
    return rows


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Return places of lines that occur once in both texts, the most that are in order."""
    old_counts, new_counts = Counter(before), Counter(after)
    places = {line: place for place, line in enumerate(after) if new_counts[line] == 1}
    pairs = [
        (place, places[line])
        for place, line in enumerate(before)
        if old_counts[line] == 1 and line in places
    ]
    # The longest rising sequence of places in `after`, by patience sorting.
    tops: list[int] = []
    ends: list[int] = []
    previous: list[int | None] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        previous.append(ends[pile - 1] if pile else None)
        tops[pile : pile + 1] = [place]
        ends[pile : pile + 1] = [number]
    chain: list[tuple[int, int]] = []
    at = ends[-1] if ends else None
    while at is not None:
        chain.append(pairs[at])
        at = previous[at]
    return chain[::-1]


def _between(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a passage without a line that occurs once in both texts."""
    if max(len(before), len(after)) > _LARGEST_PASSAGE:
        yield from _passage(before, after)
        return
    matcher = SequenceMatcher(None, before, after)
    for tag, first, first_end, second, second_end in matcher.get_opcodes():
        old, new = before[first:first_end], after[second:second_end]
        if tag == "equal":
            yield from (Row("same", line, line) for line in old)
        else:
            yield from _passage(old, new)


def _passage(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a passage, line beside line."""
    done_old = done_new = 0
    for first, second in [*_pairs(old, new), (len(old), len(new))]:
        yield from (Row("removed", line, None) for line in old[done_old:first])
        yield from (Row("added", None, line) for line in new[done_new:second])
        if first < len(old) and old[first] == new[second]:
            yield Row("same", old[first], new[second])
        elif first < len(old):
            yield Row("changed", old[first], new[second], _words(old[first], new[second]))
        done_old, done_new = first + 1, second + 1


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return which old line became which new one, in order: the most likeness in all."""
    if max(len(old), len(new)) > _LARGEST_BLOCK:
        return [(number, number) for number in range(min(len(old), len(new)))]
    old_words, new_words = [set(_split(line)) for line in old], [set(_split(line)) for line in new]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for first in reversed(range(len(old))):
        for second in reversed(range(len(new))):
            likeness = _likeness(old_words[first], new_words[second])
            best[first][second] = max(
                best[first + 1][second],
                best[first][second + 1],
                best[first + 1][second + 1] + likeness if likeness >= _LIKE else 0.0,
            )
    pairs, first, second = [], 0, 0
    while first < len(old) and second < len(new):
        if best[first][second] == best[first + 1][second]:
            first += 1
        elif best[first][second] == best[first][second + 1]:
            second += 1
        else:
            pairs.append((first, second))
            first, second = first + 1, second + 1
    return pairs


def _likeness(first: set[str], second: set[str]) -> float:
    """Return the share of words in common, 0 to 1 (the coefficient of Dice)."""
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def _words(before: str, after: str) -> tuple[WordChange, ...]:
    """Return the words of both lines, with those that changed marked."""
    old, new = _split(before, spaces=True), _split(after, spaces=True)
    changes = []
    for tag, first, first_end, second, second_end in SequenceMatcher(None, old, new).get_opcodes():
        removed, added = "".join(old[first:first_end]), "".join(new[second:second_end])
        if tag == "equal":
            changes.append(WordChange("same", removed))
            continue
        changes += [WordChange("removed", removed)] if removed else []
        changes += [WordChange("added", added)] if added else []
    return tuple(changes)


def _split(line: str, *, spaces: bool = False) -> list[str]:
    """Return the words of a line, and its spaces and signs if asked for."""
    if spaces:
        return re.findall(r"[^\W_]+(?:['’][^\W_]+)*|\s+|.", line, re.DOTALL)
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", line.casefold())
