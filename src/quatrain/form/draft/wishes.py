"""The demands of a draft's empty places, in words.

In: the demands on the lines to come. Out: a text for each place.
"""

from __future__ import annotations

from quatrain.form.form import Form
from quatrain.records import ComingLine

MOST_CHARACTERS = 60
"""Characters of a line to be repeated that a wish shows."""


def wanted(number: int, form: Form) -> str:
    """Return the metre or the number of syllables of a line, in short: `iambic 5`.

    Args:
        number: of the line, from 1.
        form: the form, with its metre settled.
    """
    metre, count = form.metre_of(number - 1), form.syllables_of(number - 1)
    if metre is not None:
        return f"{metre.foot} {metre.feet}"
    return f"{count} syllable{'' if count == 1 else 's'}" if count else ""


def wish_of(coming: ComingLine, form: Form) -> str:
    """Return what an empty place asks for: `iambic 5, rhymes with line 9, *day*`.

    Args:
        coming: the demands on it.
        form: the form, with its metre settled.
    """
    if coming.repeats is not None:
        what = "the opening words of " if coming.opening else ""
        text = f": {_shortened(coming.text)}" if coming.text else ""
        return f"{what}line {coming.repeats}{' again' if not coming.opening else ''}{text}"
    demands = [wanted(coming.line, form), coming.rhyme_in_words]
    if coming.ends_like is not None:
        word = (
            f"*{coming.end_word}*"
            if coming.end_word
            else f"the last word of line {coming.ends_like}"
        )
        demands.append(f"ends in {word}")
    if coming.initial:
        demands.append(f"begins with {coming.initial.upper()}")
    return ", ".join(filter(None, demands)) or "any line"


def _shortened(text: str) -> str:
    """Return a text, cut after a word if it is long."""
    if len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[:MOST_CHARACTERS].rsplit(' ', 1)[0]} ..."
