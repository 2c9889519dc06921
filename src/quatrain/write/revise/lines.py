"""Revision of whole lines: which are rewritten, and which stay as they were.

In: a poem in a form, numbers of lines, options. Out: the options to write those lines with, and the
poem with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

from quatrain.errors import InternalError, SettingsError
from quatrain.form import Checker, Form, load
from quatrain.poet import StyleCounter, tokens
from quatrain.records import Line, Poem
from quatrain.write.constrained.plan import PoemContext, plan
from quatrain.write.options import WriteOptions
from quatrain.write.word_classes import FINAL_MARKS


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


def context_of(poem: Poem, numbers: Collection[int], base: tokens.Style) -> PoemContext:
    """Return what a poem tells about the lines that are rewritten.

    They are set as its own lines are: capitals, dashes, quotation marks. Where the line after one
    stays, a sentence ends with the new line if one ended with the old; letters decide where they
    show it, because a sentence begins with a capital.

    Args:
        poem: the poem, with the old lines.
        numbers: of the lines that change, from 1.
        base: the poet's style, for what the poem doesn't show.
    """
    lines = [line.text for line in poem.lines]
    typesetter = typesetter_of(lines, base)
    style = typesetter.style
    ends_sentence = {}
    for number in sorted(numbers):
        if number < len(lines) and number + 1 not in numbers:
            ends = begins_sentence(lines[number], style)
            ends = _ends_sentence(lines[number - 1]) if ends is None else ends
            if ends is not None:
                ends_sentence[number - 1] = ends
    last_lines = accumulate(len(stanza) for stanza in poem.stanzas)
    stanza_ends = {last - 1 for last in last_lines} - {len(lines) - 1}
    return PoemContext(typesetter, stanza_ends, ends_sentence)


def typesetter_of(lines: Sequence[str], base: tokens.Style) -> tokens.Typesetter:
    """Return what sets a line as others are set: capitals, dashes, quotation marks.

    Args:
        lines: the others.
        base: the poet's style, for what they don't show.
    """
    counter = StyleCounter()
    counter.add_poem(list(lines))
    curved = sum(line.count(sign) for line in lines for sign in "‘’“”")
    straight = sum(line.count(sign) for line in lines for sign in "'\"")
    style = counter.style(base).over(base)
    return tokens.Typesetter(style, typographic=curved > straight)


def begins_sentence(line: str, style: tokens.Style) -> bool | None:
    """Return whether a line begins a sentence by its first letter; None if that doesn't show."""
    word = next(filter(tokens.is_word, tokens.spelled_tokens(line)), "")
    if style.lower_case or not word or not word[0].isalpha():
        return None
    if word[0].islower():
        return False
    is_name = style.words.get(word.lower(), word.lower())[0].isupper()
    return None if style.capital_lines or is_name else True


def _ends_sentence(line: str) -> bool | None:
    """Return whether a line ends a sentence by the marks at its end; None after an ellipsis."""
    marks = []
    for token in reversed(tokens.line_tokens(line)):
        if tokens.is_word(token):
            break
        marks.append(token)
    run = "".join(marks)
    return None if "..." in run else not FINAL_MARKS.isdisjoint(run)


def merge_lines(
    poem: Poem,
    written: Poem,
    numbers: Collection[int],
    form: Form,
    checker: Checker,
    fixed: Collection[int] = (),
) -> Poem:
    """Return a poem with some lines of another version; all else stays as it is.

    Args:
        poem: the poem.
        written: the other version.
        numbers: of the lines to take from it, from 1. They are indented as the old ones are.
        form: the form that both keep.
        checker: checks the result.
        fixed: numbers of lines that the user gave, which are taken with their own indentation.

    Raises:
        InternalError: the result breaks the form, although the version did not.
    """
    texts = {}
    for number in numbers:
        old, new = (version.lines[number - 1].text for version in (poem, written))
        indentation = old[: len(old) - len(old.lstrip())]
        texts[number] = new if number in fixed else indentation + new.lstrip()
    revised = with_lines(poem, texts)
    if not checker.check(revised, form).kept:
        raise InternalError(
            "lines that stayed were read differently while writing and while checking"
        )
    return replace(
        written,
        stanzas=revised.stanzas,
        title=poem.title,
        author=poem.author,
        paratexts=poem.paratexts,
    )


def with_lines(poem: Poem, texts: Mapping[int, str]) -> Poem:
    """Return the poem with other texts for some lines, by their numbers from 1."""
    lines = iter(enumerate(poem.lines, 1))
    stanzas = tuple(
        tuple(Line(texts.get(number, line.text)) for _, (number, line) in zip(stanza, lines))  # noqa: B905
        for stanza in poem.stanzas
    )
    return replace(poem, stanzas=stanzas)
