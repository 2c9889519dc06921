"""Two texts side by side: which lines differ, and which words in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_LARGEST_BLOCK = 60
"""Lines of a changed passage in which lines are paired by their likeness; in a longer one, the
first with the first and so on, because the time grows with the square."""

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
    """Return the lines of two texts side by side."""
    rows: list[Row] = []
    matcher = SequenceMatcher(None, before, after)
    for tag, first, first_end, second, second_end in matcher.get_opcodes():
        old, new = before[first:first_end], after[second:second_end]
        if tag == "equal":
            rows += [Row("same", line, line) for line in old]
        else:
            rows += _passage(old, new)
    return rows


def _passage(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a passage in which no line stayed as it was."""
    done_old = done_new = 0
    for first, second in [*_pairs(old, new), (len(old), len(new))]:
        yield from (Row("removed", line, None) for line in old[done_old:first])
        yield from (Row("added", None, line) for line in new[done_new:second])
        if first < len(old):
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
