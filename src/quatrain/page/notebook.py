"""Shows records in a notebook, as HTML.

`as_html` takes a record and returns a fragment of HTML with inline styles, readable on a light and
on a dark page. `explanation_html` makes the parts of an explanation; `html_tags` escapes it all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from quatrain.page import (
    corpus,
    draft,
    evaluation,
    group_comparison,
    scansion,
    training,
    verdict,
    word_panel,
)
from quatrain.page.explanation_html import DIGITS, parts_as_html
from quatrain.page.html_tags import Html, joined, preformatted, tag
from quatrain.page.numbers import cell
from quatrain.page.problem_sheet.web import sheet_as_html
from quatrain.records import (
    Alternative,
    Cell,
    Comparison,
    CorpusStatistics,
    Demonstration,
    DraftCheck,
    Equation,
    Explanation,
    Facts,
    Formula,
    GroupComparison,
    Mark,
    Marking,
    Matrix,
    Poem,
    ProblemSheet,
    RhymeScheme,
    Scansion,
    Score,
    Table,
    Trained,
    Verdict,
    WordPanel,
)

MAXIMUM_POEMS = 10
"""Rows of a corpus that are shown."""

MAXIMUM_ROWS = 100
"""Rows of a list of records that are shown."""

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


@as_html.register
def _(scheme: RhymeScheme) -> Html:
    return tag("div", str(scheme))


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


@as_html.register
def _(record: GroupComparison) -> Html:
    return as_html(group_comparison.as_explanation(record))


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


@as_html.register
def _(statistics: CorpusStatistics) -> Html:
    return preformatted(corpus.as_text(statistics))


@as_html.register
def _(panel: WordPanel) -> Html:
    rows = word_panel.as_text(panel).plain.split("\n")
    return tag("div", *(tag("div", row) for row in rows))


@as_html.register
def _(check: DraftCheck) -> Html:
    form = ", ".join(filter(None, (check.form_title, check.metre)))
    rows = [
        (str(line.number), line.text, str(line.syllables or ""), line.rhyme or "")
        for line in check.lines
    ]
    return tag(
        "div",
        tag("strong", form) if form else "",
        tag("div", check.summary),
        _table(("line", "", "syllables", "rhyme"), rows),
        preformatted(draft.faults_as_text(check))
        if any(line.faults for line in check.lines)
        else "",
    )


@as_html.register
def _(shown: Demonstration) -> Html:
    sections = (
        joined(tag("h4", section.title), parts_as_html(section.parts)) for section in shown.sections
    )
    sentences = (tag("p", text) for text in (shown.problem, shown.summary) if text)
    return tag("div", tag("strong", shown.title), *sentences, *sections)


def facts_as_html(facts: Facts) -> Html:
    """Return facts as a table with a row for each; empty and unknown ones are left out."""
    rows = [(name, cell(value, DIGITS)) for name, value in facts.items() if _is_known(value)]
    (heading, *others) = rows or [("", "")]
    return _table(heading, others)


def listing_as_html(listing: Sequence[Facts]) -> Html:
    """Return the facts of several values as a table with a row for each, and how many there are."""
    names = dict.fromkeys(name for facts in listing for name in facts)
    columns = tuple(name for name in names if any(_is_known(facts.get(name)) for facts in listing))
    rows = tuple(tuple(facts.get(name) for name in columns) for facts in listing[:MAXIMUM_ROWS])
    more = len(listing) - len(rows)
    return tag(
        "div",
        parts_as_html((Table("", columns, rows),)),
        tag("div", f"and {more:,} more", style=_FAINT) if more else "",
        "" if listing else tag("div", "nothing", style=_FAINT),
    )


def _is_known(value: Cell) -> bool:
    return value is not None and value != ""


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
