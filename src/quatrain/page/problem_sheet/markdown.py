"""A sheet of problems as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from quatrain.page.answers import answer_text, sheet_title
from quatrain.page.latex.fragment import part_as_latex
from quatrain.page.numbers import cell, number, printable
from quatrain.records import (
    Bars,
    Chart,
    Equation,
    Formula,
    Grids,
    Heading,
    Heatmap,
    Matrix,
    Note,
    Part,
    ProblemSheet,
    Question,
    Table,
)

_SIGNS = re.compile(r"([\\`*_{}\[\]<>()#+!|&~$^])")
_MATRIX_DIGITS = 4


def as_markdown(sheets: Sequence[ProblemSheet], *, solutions: bool = False) -> str:
    """Return sheets as a Markdown document, one after the other."""
    return "\n".join("\n".join(_sheet(sheet, solutions=solutions)) for sheet in sheets) + "\n"


def _sheet(sheet: ProblemSheet, *, solutions: bool) -> Iterator[str]:
    yield f"# {escape(sheet_title(sheet))}"
    yield ""
    yield escape(sheet.seed)
    yield from parts_as_markdown(sheet.given)
    for question in sheet.questions:
        yield from question_as_markdown(question)
        if solutions:
            yield from solution_as_markdown(question)
    yield ""


def question_as_markdown(question: Question, *, typeset: bool = False) -> Iterator[str]:
    """Yield the lines of a question; see `parts_as_markdown` for `typeset`."""
    yield ""
    yield f"**{question.number}.** {escape(question.text)} {escape(question.rounding)}".rstrip()
    yield from parts_as_markdown(question.given, typeset=typeset)


def solution_as_markdown(question: Question, *, typeset: bool = False) -> Iterator[str]:
    """Yield the lines of a worked solution; see `parts_as_markdown` for `typeset`."""
    yield ""
    yield f"*Solution.* {escape(answer_text(question))}"
    yield from parts_as_markdown(question.solution, typeset=typeset)


def parts_as_markdown(parts: Iterable[Part], *, typeset: bool = False) -> Iterator[str]:
    """Yield parts of an explanation as lines; pictures are left out.

    Args:
        parts: the parts.
        typeset: whether the reader's program sets LaTeX between dollars, as notebooks do;
            otherwise formulas are text.
    """
    for part in parts:
        match part:
            case Heading(text):
                yield from ("", f"**{escape(text)}**")
            case Note(text):
                yield from ("", escape(text))
            case Formula() | Equation() if typeset:
                yield from ("", "$$", *_formula(part), "$$")
            case Formula() | Equation():
                yield from ("", "```text", printable(str(part), " "), "```")
            case Table():
                yield from _table(part)
            case Matrix():
                yield from _matrix(part)
            case Heatmap() | Chart() | Bars() | Grids():
                pass


def _formula(part: Formula | Equation) -> list[str]:
    """Return the lines of a formula as LaTeX, which may be inside dollars."""
    return [line.replace("{align*}", "{aligned}") for line in part_as_latex(part)]


def _table(table: Table) -> Iterator[str]:
    yield ""
    if table.title:
        yield from (escape(table.title), "")
    yield f"| {' | '.join(map(escape, table.columns))} |"
    yield f"|{' --- |' * len(table.columns)}"
    for row in table.rows:
        yield f"| {' | '.join(escape(cell(value)) for value in row)} |"


def _matrix(matrix: Matrix) -> Iterator[str]:
    rows = [
        ["." if value is None else number(float(value), _MATRIX_DIGITS) for value in row]
        for row in matrix.values
    ]
    width = max((len(text) for row in rows for text in row), default=0)
    yield from ("", escape(matrix.title), "", "```text")
    yield from ("  ".join(text.rjust(width) for text in row) for row in rows)
    yield "```"


def escape(text: str) -> str:
    """Escape a text so that Markdown shows it literally, on one line."""
    return _SIGNS.sub(r"\\\1", printable(text, " "))
