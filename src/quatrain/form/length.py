"""The number of lines of a poem in a form, and their rhyme letters.

In: a number of lines and a form. Out: a finding about the number, the number at which the poem
would be complete, and the letters of its lines.
"""

from __future__ import annotations

from quatrain.form.form import Form
from quatrain.records import Finding


def complete_length(count: int, form: Form) -> int | None:
    """Return the smallest number of lines, `count` or more, that the form allows; None if none."""
    if form.fixed:
        return form.opening_lines if count <= form.opening_lines else None
    around, unit = form.opening_lines + form.closing_lines, form.repeated_lines
    return around + unit * max(form.least, -(-(count - around) // unit))


def length_finding(count: int, form: Form) -> Finding:
    """Return whether a poem has the form's number of lines; stanza breaks are free."""
    fixed, plural = form.opening_lines, "" if count == 1 else "s"
    if form.fixed:
        kept, expected = count == fixed, f"{fixed} lines"
        why = f"This {form.title} has {count} of {fixed} lines so far."
        if count > fixed:
            why = f"This {form.title} has {count} lines, {count - fixed} too many."
    else:
        unit = form.repeated_lines
        around = fixed + form.closing_lines
        kept = complete_length(count, form) == count
        expected = f"{f'{around} + ' if around else ''}a multiple of {unit}, at least "
        expected += str(unit * form.least)
        why = f"This {form.title} has {count} line{plural}; expected {expected}."
    return Finding(0, "lines", kept, f"{count} line{plural}", expected, "" if kept else why)


def rhyme_scheme(count: int, form: Form) -> list[str | None]:
    """Return the rhyme letter that the form gives each of `count` lines, as `rhyme_letters` does.

    Lines beyond those of the form have None.
    """
    stanzas = 0
    if not form.fixed:
        rest = count - form.opening_lines - form.closing_lines
        repeated = max(form.least, rest // form.repeated_lines) * len(form.again)
        stanzas = repeated + len(form.stanzas) + len(form.close)
    letters = [letter for row in form.rhyme_letters(stanzas) for letter in row]
    return (letters + [None] * count)[:count]
