"""Shows records in a notebook, as HTML.

`as_html` takes a record and returns a fragment of HTML with inline styles, readable on a light and
on a dark page. `explanation_html` makes the parts of an explanation; `html_tags` escapes it all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from quatrain.page import evaluation, scansion, training, verdict
from quatrain.page.explanation_html import parts_as_html
from quatrain.page.html_tags import Html, preformatted, tag
from quatrain.page.problem_sheet.web import sheet_as_html
from quatrain.records import (
    Alternative,
    Comparison,
    Equation,
    Explanation,
    Formula,
    Mark,
    Marking,
    Matrix,
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

MAXIMUM_POEMS = 10
"""Rows of a corpus that are shown."""

_VERSE = "white-space: pre-wrap; line-height: 1.5; font-family: Georgia, serif; margin: 0.5em 0"
_FAINT = "opacity: 0.65; font-size: 90%"
_CELL = "text-align: left; padding: 0.1em 1em 0.1em 0; vertical-align: top"


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
    return tag(
        "div",
        tag("strong", heading) if heading else "",
        *(tag("div", paratext.text, style=_FAINT) for paratext in poem.above),
        tag("div", poem.text, style=_VERSE),
        *(tag("div", paratext.text, style=_FAINT) for paratext in poem.below),
        tag("div", origin, style=_FAINT) if origin else "",
    )


@as_html.register
def _(alternative: Alternative) -> Html:
    difference = f"{alternative.word}: {alternative.difference:+.2f} nats"
    return tag("div", as_html(alternative.poem), tag("div", difference, style=_FAINT))


@as_html.register
def _(record: Scansion) -> Html:
    no_scheme = RhymeScheme((None,) * len(record.lines), ())
    return preformatted(scansion.as_text(record, no_scheme))


@as_html.register
def _(record: Verdict) -> Html:
    return preformatted(verdict.as_text(record))


@as_html.register(Rhyme)
@as_html.register(RhymeScheme)
def _(record: Rhyme | RhymeScheme) -> Html:
    return tag("div", str(record))


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
    return preformatted(evaluation.as_text(comparison))


@as_html.register
def _(trained: Trained) -> Html:
    return preformatted(training.trained_as_text(trained))


@as_html.register
def _(record: Explanation) -> Html:
    title = tag("strong", record.title) if record.title else ""
    return tag("div", title, parts_as_html(record.parts))


@as_html.register(Formula)
@as_html.register(Equation)
@as_html.register(Table)
@as_html.register(Matrix)
def _(part: Formula | Equation | Table | Matrix) -> Html:
    return parts_as_html((part,))


@as_html.register
def _(sheet: ProblemSheet) -> Html:
    return sheet_as_html(sheet)


@as_html.register(Mark)
@as_html.register(Marking)
def _(record: Mark | Marking) -> Html:
    return tag("div", str(record), style="white-space: pre-line")


def corpus_as_html(name: str, source: str, poems: Sequence[Poem]) -> Html:
    """Return a collection of poems as a table of its first ones."""
    lines = sum(len(poem.lines) for poem in poems)
    rows = [
        (poem.title, poem.author, poem.form, f"{len(poem.lines):,}", poem.lines[0].text)
        for poem in poems[:MAXIMUM_POEMS]
    ]
    more = len(poems) - len(rows)
    return tag(
        "div",
        tag("strong", f"{name}: {len(poems):,} poems, {lines:,} lines"),
        tag("div", source, style=_FAINT),
        _table(("title", "author", "form", "lines", "first line"), rows),
        tag("div", f"and {more:,} more", style=_FAINT) if more else "",
    )


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    head = tag("tr", *(tag("th", column, style=_CELL) for column in columns))
    body = (tag("tr", *(tag("td", cell, style=_CELL) for cell in row)) for row in rows)
    return tag("table", head, *body)
