"""Demands on the lines that an unfinished poem still lacks.

In: the lines of an unfinished poem and its form. Out: a `ComingLine` for each line to come.
"""

from __future__ import annotations

from collections.abc import Sequence

from quatrain.form.form import UNRHYMED, Form
from quatrain.form.length import complete_length, rhyme_scheme
from quatrain.form.repeats import end_word_pairs, last_word, refrain_pairs
from quatrain.records import ComingLine


def coming_lines(lines: Sequence[str], form: Form) -> tuple[ComingLine, ...]:
    """Return what the lines to come have to do; none if the poem is complete or too long.

    Args:
        lines: the lines that are there.
        form: the form, with its metre settled.
    """
    total = complete_length(len(lines), form)
    if total is None or total == len(lines):
        return ()
    letters = rhyme_scheme(total, form)
    repeated = {later: first for first, later in refrain_pairs(total, form)}
    end_words = {line: first for line, first in end_word_pairs(form) if line <= total}
    coming = []
    for number in range(len(lines) + 1, total + 1):
        letter = letters[number - 1]
        partner = None
        if letter and letter != UNRHYMED:
            same = [other for other, mark in enumerate(letters[: number - 1], 1) if mark == letter]
            there = [other for other in same if other <= len(lines)]
            partner = max(there or same, default=None)
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


def _line(lines: Sequence[str], number: int | None) -> str:
    """Return a line by its number from 1; empty if it is not there yet."""
    return lines[number - 1] if number and number <= len(lines) else ""
