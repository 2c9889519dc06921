"""Shows records in a notebook, as HTML.

`as_html` takes a record and returns a fragment of HTML with inline styles, readable on a light and
on a dark page. This module is the only place that makes HTML: all text goes through `_tag` or
through Rich, which both escape it.
"""

from __future__ import annotations

import base64
import html
import io
import tempfile
from collections.abc import Sequence
from functools import singledispatch
from itertools import groupby
from pathlib import Path

from rich.console import Console, RenderableType
from rich.terminal_theme import TerminalTheme

from quatrain.errors import ExtraError
from quatrain.page import evaluation, explanation, scansion, training, verdict
from quatrain.page.answers import answer_text
from quatrain.page.figures import draw
from quatrain.page.numbers import cell, printable
from quatrain.records import (
    Alternative,
    Chart,
    Comparison,
    Explanation,
    Heatmap,
    Mark,
    Marking,
    Note,
    Part,
    Picture,
    Poem,
    ProblemSheet,
    Rhyme,
    RhymeScheme,
    Scansion,
    Score,
    Table,
    Trained,
    Verdict,
)


class Html(str):
    """Text that is HTML already; any other `str` is escaped where it is put into a tag."""

    __slots__ = ()


WIDTH = 100
"""Columns of text that is laid out for a terminal."""

MAXIMUM_POEMS = 10
"""Rows of a corpus that are shown."""

_VERSE = "white-space: pre-wrap; line-height: 1.5; font-family: Georgia, serif; margin: 0.5em 0"
_TYPED = "white-space: pre; line-height: 1.35; overflow-x: auto; background: none; margin: 0.5em 0"
_FAINT = "opacity: 0.65; font-size: 90%"
_CELL = "text-align: left; padding: 0.1em 1em 0.1em 0; vertical-align: top"
_CALM = TerminalTheme(
    (160, 160, 160),
    (96, 96, 96),
    [
        (96, 96, 96),
        (190, 80, 70),
        (76, 140, 90),
        (170, 125, 45),
        (70, 120, 175),
        (140, 100, 165),
        (50, 135, 145),
        (128, 128, 128),
    ],
)
"""Colours of middle brightness, which stand out from white and from black."""


@singledispatch
def as_html(record: object) -> Html:
    """Return a record as a fragment of HTML.

    Raises:
        TypeError: it is no record that can be shown.
    """
    raise TypeError(f"{type(record).__name__} has no HTML")


@as_html.register
def _(poem: Poem) -> Html:
    heading = ", ".join(filter(None, (poem.title, poem.author)))
    seed = "" if poem.seed is None else f"seed {poem.seed}"
    origin = ", ".join(filter(None, (poem.form, poem.source, seed)))
    return _tag(
        "div",
        _tag("strong", heading) if heading else "",
        *(_tag("div", paratext.text, style=_FAINT) for paratext in poem.above),
        _tag("div", poem.text, style=_VERSE),
        *(_tag("div", paratext.text, style=_FAINT) for paratext in poem.below),
        _tag("div", origin, style=_FAINT) if origin else "",
    )


@as_html.register
def _(alternative: Alternative) -> Html:
    difference = f"{alternative.word}: {alternative.difference:+.2f} nats"
    return _tag("div", as_html(alternative.poem), _tag("div", difference, style=_FAINT))


@as_html.register
def _(record: Scansion) -> Html:
    no_scheme = RhymeScheme((None,) * len(record.lines), ())
    return _typed(scansion.as_text(record, no_scheme))


@as_html.register
def _(record: Verdict) -> Html:
    return _typed(verdict.as_text(record))


@as_html.register(Rhyme)
@as_html.register(RhymeScheme)
def _(record: Rhyme | RhymeScheme) -> Html:
    return _tag("div", str(record))


@as_html.register
def _(score: Score) -> Html:
    per_word = score.perplexity_per_word
    rows = (
        ("bits per character", f"{score.bits_per_character:.3f}"),
        ("nats per character", f"{score.nats_per_character:.3f}"),
        ("perplexity per character", f"{score.perplexity_per_character:.2f}"),
        *(() if per_word is None else (("perplexity per word", f"{per_word:.2f}"),)),
        ("characters", f"{score.characters:,}"),
        ("unknown", f"{score.unknown:,}"),
        ("poems", f"{score.poems:,}"),
    )
    return _table(("score", ""), rows)


@as_html.register
def _(comparison: Comparison) -> Html:
    return _typed(evaluation.as_text(comparison))


@as_html.register
def _(trained: Trained) -> Html:
    return _typed(training.trained_as_text(trained))


@as_html.register
def _(record: Explanation) -> Html:
    fragments: list[Html] = []
    title = record.title
    for pictured, run in groupby(record.parts, lambda part: isinstance(part, Heatmap | Chart)):
        parts = tuple(run)
        if pictured:
            fragments += [_tag("strong", title)] if title else []
            fragments += [_picture(part) for part in parts if isinstance(part, Heatmap | Chart)]
        else:
            fragments.append(_typed(explanation.as_text(Explanation(title, parts))))
        title = ""
    return _tag("div", *fragments)


@as_html.register
def _(sheet: ProblemSheet) -> Html:
    return sheet_as_html(sheet)


@as_html.register(Mark)
@as_html.register(Marking)
def _(record: Mark | Marking) -> Html:
    return _tag("div", str(record), style="white-space: pre-line")


def sheet_as_html(sheet: ProblemSheet, *, solutions: bool = False) -> Html:
    """Return the questions of a sheet, with the worked solutions or without."""
    fragments = [
        _tag("h2", f"{sheet.title}, level {sheet.level}"),
        _tag("p", sheet.seed, style=_FAINT, dir="auto"),
        *_parts_as_html(sheet.given),
    ]
    for question in sheet.questions:
        text = f" {question.text} {question.rounding}".rstrip()
        inside = [
            _tag("p", _tag("strong", f"{question.number}."), text),
            *_parts_as_html(question.given),
        ]
        if solutions:
            answer = _tag("p", _tag("em", "Solution."), f" {answer_text(question)}")
            steps = _parts_as_html(question.solution)
            inside.append(_tag("div", answer, *steps, **{"class": "solution"}))
        fragments.append(_tag("div", *inside, **{"class": "question"}))
    return _tag("div", *fragments)


def _parts_as_html(parts: Sequence[Part]) -> list[Html]:
    """Return parts as paragraphs, tables and pictures; the others as a terminal shows them."""
    fragments: list[Html] = []
    for kind, run in groupby(parts, type):
        if kind is Note:
            fragments += [_tag("p", str(part)) for part in run]
        elif kind is Table:
            fragments += [_table_as_html(part) for part in run if isinstance(part, Table)]
        else:
            fragments.append(as_html(Explanation("", tuple(run))))
    return fragments


def _table_as_html(table: Table) -> Html:
    rows = [tuple(map(cell, row)) for row in table.rows]
    return _tag("div", _tag("em", table.title), _table(table.columns, rows))


def corpus_as_html(name: str, source: str, poems: Sequence[Poem]) -> Html:
    """Return a collection of poems as a table of its first ones."""
    lines = sum(len(poem.lines) for poem in poems)
    rows = [
        (poem.title, poem.author, poem.form, f"{len(poem.lines):,}", poem.lines[0].text)
        for poem in poems[:MAXIMUM_POEMS]
    ]
    more = len(poems) - len(rows)
    return _tag(
        "div",
        _tag("strong", f"{name}: {len(poems):,} poems, {lines:,} lines"),
        _tag("div", source, style=_FAINT),
        _table(("title", "author", "form", "lines", "first line"), rows),
        _tag("div", f"and {more:,} more", style=_FAINT) if more else "",
    )


def _picture(picture: Picture) -> Html:
    """Return a picture as SVG; as text if matplotlib is not installed.

    The SVG is the source of an `img`: its identifiers cannot clash with another's, and nothing
    in it can run.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "picture.svg")
        try:
            draw(picture, path)
        except ExtraError:
            return _typed(explanation.as_text(Explanation("", (picture,))))
        encoded = base64.b64encode(path.read_bytes()).decode("ascii")
    source = f"data:image/svg+xml;base64,{encoded}"
    return _tag("img", src=source, alt=picture.title, style="max-width: 100%; background: white")


def _typed(text: RenderableType) -> Html:
    """Return what a terminal would show, in a fixed-width font."""
    console = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        color_system="truecolor",
        force_terminal=True,
        force_jupyter=False,  # otherwise Rich would show the text too, beside the HTML
        highlight=False,
        legacy_windows=False,
    )
    console.print(text, soft_wrap=True)
    exported = console.export_html(theme=_CALM, code_format="{code}", inline_styles=True)
    lines = [line.rstrip() for line in printable(exported).split("\n")]
    return _tag("pre", Html("\n".join(lines).strip("\n")), style=_TYPED)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    head = _tag("tr", *(_tag("th", column, style=_CELL) for column in columns))
    body = (_tag("tr", *(_tag("td", cell, style=_CELL) for cell in row)) for row in rows)
    return _tag("table", head, *body)


def _tag(name: str, *content: str, **attributes: str) -> Html:
    """Return an element; attributes, and content that is not `Html`, are escaped."""
    values = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())
    inner = "".join(
        part if isinstance(part, Html) else html.escape(printable(part)) for part in content
    )
    return Html(f"<{name}{values}>{inner}</{name}>")
