"""The places of a draft: how many its form gives it, where stanzas begin, what is set in.

In: the number of lines that are there, and a form. Out: a `Layout`.
"""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.form.form import Form
from quatrain.form.length import complete_length


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of a draft.

    Attributes:
        total: number of places.
        gaps: numbers of the lines with which a stanza begins, the first apart.
        indents: numbers of the lines that are set in.
    """

    total: int
    gaps: frozenset[int]
    indents: frozenset[int]


def layout(count: int, last: int, form: Form) -> Layout:
    """Return the places of a draft in a form.

    A form of open length gives at least one stanza, or line, that is still to be written.

    Args:
        count: number of places the draft has, empty ones at its end too.
        last: number of the last line that is written; 0 if none is.
        form: the form, or its variant that suits the lines.
    """
    total = complete_length(count, form)
    if total is None:
        total = max(last, form.opening_lines)
    elif not form.fixed and total == last:
        total += form.repeated_lines
    return Layout(total, _gaps(total, form), _indents(total, form))


def _gaps(total: int, form: Form) -> frozenset[int]:
    """Return the lines with which a stanza begins; a single line of `again` is no stanza."""
    starts = set(form.gaps)
    place = 1
    for stanza in form.stanzas:
        starts.add(place)
        place += len(stanza)
    end = total - form.closing_lines
    turn = 0
    while form.again and place <= end:
        stanza = form.again[turn % len(form.again)]
        if len(stanza) > 1 or len(form.again) > 1:
            starts.add(place)
        place += len(stanza)
        turn += 1
    for stanza in form.close:
        starts.add(place)
        place += len(stanza)
    return frozenset(start for start in starts if 1 < start <= total)


def _indents(total: int, form: Form) -> frozenset[int]:
    """Return the lines that are set in: those the form names, and those shorter than the first."""
    indents = set(form.indents)
    if form.metre:
        longest = form.metre[0][1]
        indents |= {
            number + 1
            for number in range(total)
            if form.metre[number % len(form.metre)][1] < longest
        }
    return frozenset(indents)
