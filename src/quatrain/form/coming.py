"""Demands on the lines that a poem still lacks, at its end or in between.

In: the lines of an unfinished poem, empty where one is still to be written, and its form. Out: a
`ComingLine` for each line to come.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Sequence

from quatrain.form.form import UNRHYMED, Form
from quatrain.form.length import complete_length, rhyme_scheme
from quatrain.form.repeats import end_word_pairs, last_word, refrain_pairs
from quatrain.records import ComingLine


def coming_lines(
    lines: Sequence[str], form: Form, total: int | None = None
) -> tuple[ComingLine, ...]:
    """Return what the lines to come have to do; none if the poem is complete or too long.

    Args:
        lines: the lines that are there, empty where one is still to be written.
        form: the form, with its metre settled.
        total: the number of lines the poem is to have; the smallest that the form allows by
            default.
    """
    total = complete_length(len(lines), form) if total is None else total
    if total is None or (total == len(lines) and all(lines)):
        return ()
    letters = rhyme_scheme(total, form)
    places, rhymed = (
        defaultdict[str | None, list[int]](list),
        defaultdict[str | None, list[int]](list),
    )
    for number, letter in enumerate(letters, 1):
        places[letter].append(number)
        if _line(lines, number):
            rhymed[letter].append(number)
    repeated = _givers(lines, refrain_pairs(total, form))
    end_words = _givers(lines, ((first, line) for line, first in end_word_pairs(form)))
    coming = []
    for number in range(1, total + 1):
        if _line(lines, number):
            continue
        letter = letters[number - 1]
        partner = None
        if letter and letter != UNRHYMED:
            partner = _nearest(rhymed[letter], number) or _before(places[letter], number)
        syllables = form.syllables_of(number - 1)
        again, like = repeated.get(number), end_words.get(number)
        opening = number in form.rentrement
        coming.append(
            ComingLine(
                number,
                measure=f"{syllables} syllables"
                if syllables
                else str(form.metre_of(number - 1) or ""),
                rhyme=letter,
                rhymes_with=partner,
                rhyme_word=last_word(_line(lines, partner)),
                repeats=1 if opening else again,
                text=_line(lines, 1 if opening else again),
                opening=opening,
                ends_like=like,
                end_word=last_word(_line(lines, like)),
                initial=form.acrostic[number - 1 : number],
            )
        )
    return tuple(coming)


def _givers(lines: Sequence[str], pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return the number of each line to come that is like another -> the number of that one.

    Args:
        lines: the lines that are there, empty where one is still to be written.
        pairs: the numbers of each line and one that should be like it.
    """
    groups: dict[int, list[int]] = defaultdict(list)
    for first, later in pairs:
        groups[first] += [later] if groups[first] else [first, later]
    givers: dict[int, int] = {}
    for first, group in groups.items():
        there = [number for number in group if _line(lines, number)]
        for number in group:
            if there or number != first:
                givers.setdefault(number, there[0] if there else first)
    return givers


def _nearest(numbers: Sequence[int], number: int) -> int | None:
    """Return the last of some rising numbers before a number, else the first after it."""
    return _before(numbers, number) or next(iter(numbers[bisect(numbers, number) :]), None)


def _before(numbers: Sequence[int], number: int) -> int | None:
    """Return the last of some rising numbers before a number, or None."""
    place = bisect(numbers, number - 1)
    return numbers[place - 1] if place else None


def _line(lines: Sequence[str], number: int | None) -> str:
    """Return a line by its number from 1; empty if it is not there yet."""
    return lines[number - 1] if number and number <= len(lines) else ""
