"""Values of a form's file that contradict each other.

In: values that are right one by one. Out: nothing, or an error that names the line of the file.
"""

from __future__ import annotations

from collections.abc import Callable

from quatrain.errors import FormError
from quatrain.form.form import Form

MAX_LINES = 500
"""Number of lines of the longest form."""

MakeError = Callable[[str, str, str, str], FormError]
"""Makes the error of a key, from what was found, what was wanted and what to do."""


def check_stanzas(
    stanzas: tuple[str, ...],
    again: tuple[str, ...],
    close: tuple[str, ...],
    *,
    chain: bool,
    error: MakeError,
) -> None:
    """Raise `FormError` if the stanzas are missing, too many or cannot be chained."""
    if not stanzas and not again:
        raise error(
            "stanzas",
            "neither 'stanzas' nor 'again'",
            "the stanzas of the form",
            'Write for example stanzas = ["ABAB"].',
        )
    lines = sum(map(len, stanzas)) + sum(map(len, close))
    if lines > MAX_LINES:
        raise error("stanzas", f"{lines} lines", f"at most {MAX_LINES}", "Shorten the form.")
    if close and not chain:
        raise error(
            "close",
            "'close' without 'chain'",
            "a chained form that it closes",
            "Add chain = true.",
        )
    if close and not again:
        raise error("close", "'close' without 'again'", "both", "Put these stanzas into 'stanzas'.")
    if chain and any(len(set(scheme.upper())) < 2 or scheme[1] in "xX." for scheme in again):
        raise error(
            "chain",
            "a chained stanza whose second line has no rhyme of its own",
            "at least two letters, the second a rhyme",
            'Write for example again = ["ABA"].',
        )


def check_values(form: Form, error: MakeError) -> None:
    """Raise `FormError` for an acrostic or numbers that do not suit the form."""
    lines = form.opening_lines + form.closing_lines
    if form.acrostic and form.fixed and len(form.acrostic) > lines:
        raise error("acrostic", f"{len(form.acrostic)} letters", f"at most {lines}", "Shorten it.")
    if form.acrostic and not form.acrostic.isalpha():
        raise error("acrostic", repr(form.acrostic), "letters only", "Correct it.")
    if not 1 <= form.least <= MAX_LINES:
        raise error("least", shown(form.least), f"1 to {MAX_LINES}", "Correct it.")
    if (form.metre or form.one_metre) and form.syllables:
        raise error(
            "syllables",
            "'metre' and 'syllables'",
            "one of them",
            "A metre already fixes the number of syllables.",
        )


def check_refrains(form: Form, error: MakeError) -> None:
    """Raise `FormError` if a line and its repeats differ in rhyme, metre or syllables."""
    letters = "".join(form.stanzas).upper()
    pairs = [(first, later) for first, places in form.refrains.items() for later in places]
    for first, later in pairs:
        i, j = first - 1, later - 1
        difference = ""
        if later <= len(letters) and letters[i] != letters[j]:
            difference = f"rhymes {letters[i]} and {letters[j]}"
        elif form.metre_of(i) != form.metre_of(j):
            difference = f"metres {form.metre_of(i)} and {form.metre_of(j)}"
        elif form.syllables_of(i) != form.syllables_of(j):
            difference = "different numbers of syllables"
        if difference:
            raise error(
                "refrains",
                f"lines {first} and {later} with {difference}",
                "a line that can be repeated word for word",
                "Change the refrain or the lines.",
            )


def check_carry(form: Form, error: MakeError) -> None:
    """Raise `FormError` if a line can't be that of the stanza before."""
    if not form.carry:
        return
    if len(form.again) != 1:
        raise error(
            "carry",
            f"'carry' with {len(form.again)} stanzas of 'again'",
            "one stanza of 'again' whose lines it repeats",
            'Write for example again = ["ABAB"].',
        )
    places = [now for _, now in form.carry]
    if len(set(places)) < len(places):
        raise error(
            "carry", "two lines for one place", "one line for each place", "Take one of them out."
        )
    start, unit = form.opening_lines, form.repeated_lines
    for before, now in form.carry:
        first, later = start + before - 1, start + unit + now - 1
        if form.metre_of(first) != form.metre_of(later) or (
            form.syllables_of(first) != form.syllables_of(later)
        ):
            raise error(
                "carry",
                f"lines {before} and {now} of different length or metre",
                "a line that can be repeated word for word",
                "Change the pair or the lines.",
            )


def shown(value: object) -> str:
    """Return a value as an error shows it."""
    try:
        return repr(value)
    except ValueError:  # Python writes no decimal number of more than some 4,300 digits
        return "a number of thousands of digits"
