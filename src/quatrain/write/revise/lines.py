"""Revision of whole lines: which are rewritten, and which stay as they were.

In: a poem in a form, numbers of lines, options. Out: the options to write those lines with, and the
poem with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from quatrain.errors import InternalError, SettingsError
from quatrain.form import Checker, Form, load
from quatrain.records import Line, Poem
from quatrain.write.constrained.plan import plan
from quatrain.write.options import WriteOptions


def form_of(poem: Poem, form: Form | str | Path | None) -> Form:
    """Return the form given, or the one that the poem names.

    Raises:
        SettingsError: there is neither.
        FormError: there is no such form.
    """
    remedy = "Give the form that the poem keeps: form='sonnet', or --form sonnet."
    name = form or poem.form
    if not name:
        raise SettingsError(
            "setting 'form'",
            "none, and a poem that names none",
            "a form",
            remedy,
            message="The poem doesn't say which form it keeps.",
        )
    if not form and ("/" in poem.form or poem.form.endswith(".toml")):
        raise SettingsError(  # a poem may come from anywhere: it opens no files
            "setting 'form'",
            f"none, and a poem that names the file {poem.form!r}",
            "a form",
            remedy,
        )
    return name if isinstance(name, Form) else load(name)


def check_line(poem: Poem, number: int) -> None:
    """Raise `SettingsError` if the poem has no line of that number."""
    if type(number) is not int or not 1 <= number <= len(poem.lines):
        raise SettingsError(
            "setting 'line'",
            f"line {number!r}",
            f"1 to {len(poem.lines)}",
            "Correct the number of the line.",
            message=f"There is no line {number!r}: the poem has {len(poem.lines)} lines.",
        )


def repeated_line(number: int, original: int) -> SettingsError:
    """Return the error of changing a line that only repeats another."""
    return SettingsError(
        "setting 'line'",
        f"line {number}",
        f"line {original}, which is repeated there",
        f"Revise line {original}.",
        message=f"Line {number} repeats line {original}.",
    )


def revision_options(
    poem: Poem, form: Form, line: int | Collection[int], options: WriteOptions
) -> tuple[WriteOptions, set[int]]:
    """Return the options that keep all other lines, and the numbers of the lines that change.

    Args:
        poem: the poem.
        form: its form.
        line: number of the line to rewrite, from 1, or several.
        options: those of the user; lines that they fix change too, as do repetitions.

    Raises:
        SettingsError: there is no such line, or it only repeats another.
    """
    numbers = set(line) if isinstance(line, Collection) else {line}
    if not numbers:
        raise SettingsError(
            "setting 'line'",
            "none",
            "the number of a line",
            "Pass a line number, for example 7.",
            message="No line was given.",
        )
    for number in sorted(numbers):
        check_line(poem, number)
    fixed = dict(options.fixed)
    changed = numbers | set(fixed)
    for planned in plan(form, WriteOptions(form=form, lines=len(poem.lines))):
        number = planned.number + 1
        if planned.repeats is None:
            if number not in numbers:
                fixed.setdefault(number, poem.lines[planned.number].text)
        elif number in numbers:
            raise repeated_line(number, planned.repeats + 1)
        elif planned.repeats + 1 in changed:
            changed.add(number)
    return replace(options, form=form, fixed=fixed, lines=len(poem.lines)), changed


def merge_lines(
    poem: Poem, written: Poem, numbers: Collection[int], form: Form, checker: Checker
) -> Poem:
    """Return a poem with some lines of another version; all else keeps its marks and capitals.

    Raises:
        InternalError: the result breaks the form, although the version did not.
    """
    texts = {number: written.lines[number - 1].text for number in numbers}
    revised = with_lines(poem, texts)
    if not checker.check(revised, form).kept:
        raise InternalError(
            "lines that stayed were read differently while writing and while checking"
        )
    return replace(written, stanzas=revised.stanzas, title=poem.title, author=poem.author)


def with_lines(poem: Poem, texts: Mapping[int, str]) -> Poem:
    """Return the poem with other texts for some lines, by their numbers from 1."""
    lines = iter(enumerate(poem.lines, 1))
    stanzas = tuple(
        tuple(Line(texts.get(number, line.text)) for _, (number, line) in zip(stanza, lines))  # noqa: B905
        for stanza in poem.stanzas
    )
    return replace(poem, stanzas=stanzas)
