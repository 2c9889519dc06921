"""What stays of a poem that is revised.

In: a poem, and what is asked to change. Out: the form it keeps, and the poem with some lines
changed and all else as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from quatrain.errors import SettingsError
from quatrain.form import Form, load
from quatrain.records import Line, Poem


def form_of(poem: Poem, form: Form | str | Path | None) -> Form:
    """The form given, or the one the poem names.

    Raises:
        SettingsError: there is neither.
        FormError: there is no such form.
    """
    wanted = form or poem.form
    if not wanted:
        raise SettingsError(
            "setting 'form'",
            "none, and a poem that names none",
            "a form",
            "Give the form that the poem is to keep.",
        )
    if not form and ("/" in poem.form or poem.form.endswith(".toml")):
        raise SettingsError(  # a poem may come from anywhere: it opens no files
            "setting 'form'",
            f"none, and a poem that names the file {poem.form!r}",
            "a form",
            "Give the form that the poem is to keep.",
        )
    return wanted if isinstance(wanted, Form) else load(wanted)


def check_line(poem: Poem, number: int) -> None:
    """Raise `SettingsError` if the poem has no line of that number."""
    if type(number) is not int or not 1 <= number <= len(poem.lines):
        raise SettingsError(
            "setting 'line'",
            f"line {number!r}",
            f"1 to {len(poem.lines)}",
            "Correct the number of the line.",
        )


def repeated(number: int, original: int) -> SettingsError:
    """The mistake of changing a line where it only comes back."""
    return SettingsError(
        "setting 'line'",
        f"line {number}",
        f"line {original}, which comes back there",
        f"Revise line {original}.",
    )


def with_lines(poem: Poem, texts: Mapping[int, str]) -> Poem:
    """The poem with other texts for some lines, by their numbers from 1."""
    lines = iter(enumerate(poem.lines, 1))
    stanzas = tuple(
        tuple(Line(texts.get(number, line.text)) for _, (number, line) in zip(stanza, lines))  # noqa: B905
        for stanza in poem.stanzas
    )
    return replace(poem, stanzas=stanzas)
