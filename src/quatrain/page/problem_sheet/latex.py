"""A sheet of problems as a LaTeX document for pdfLaTeX, LuaLaTeX or XeLaTeX."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from quatrain.page import latex
from quatrain.page.answers import answer_text, sheet_title
from quatrain.records import Chart, Explanation, Heatmap, Part, ProblemSheet, Question

_OPENING = r"""\documentclass[11pt,a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
\else
  \usepackage{fontspec}
\fi
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\begin{document}
\sloppy"""

_SPACE_FOR_ANSWER = r"\par\vspace{22mm}"


def as_latex(sheets: Sequence[ProblemSheet], *, solutions: bool = False) -> str:
    """Return sheets as one document that compiles, each on a page of its own."""
    lines = [_OPENING]
    for place, sheet in enumerate(sheets):
        lines += [r"\clearpage"] if place else []
        lines += _sheet(sheet, solutions=solutions)
    return "\n".join([*lines, r"\end{document}", ""])


def _sheet(sheet: ProblemSheet, *, solutions: bool) -> Iterator[str]:
    yield rf"\section*{{{latex.escape(sheet_title(sheet))}}}"
    yield _name(sheet.seed)
    yield from _parts(sheet.given)
    for question in sheet.questions:
        yield from _question(question, solutions=solutions)


def _question(question: Question, *, solutions: bool) -> Iterator[str]:
    text = f"{question.text} {question.rounding}".rstrip()
    yield ""
    yield rf"\textbf{{{question.number}.}} {latex.escape(text)}"
    yield from _parts(question.given)
    if solutions:
        yield ""
        yield rf"\textit{{Solution.}} {latex.escape(answer_text(question))}"
        yield from _parts(question.solution)
    else:
        yield _SPACE_FOR_ANSWER


def _parts(parts: Iterable[Part]) -> Iterator[str]:
    """Yield parts as paragraphs. A wide table is made smaller to fit the page."""
    shown = tuple(part for part in parts if not isinstance(part, Heatmap | Chart))
    if not shown:
        return
    yield ""
    wide = False
    # The first two lines of the fragment are comments for who pastes it.
    for line in latex.as_latex(Explanation("", shown)).splitlines()[2:]:
        if line.startswith(r"\begin{tabular}") and line.count("r") > _MOST_COLUMNS:
            wide = True
            yield r"{\scriptsize\setlength{\tabcolsep}{3pt}"
        yield line
        if wide and line == r"\end{tabular}":
            wide = False
            yield r"\par}"


_MOST_COLUMNS = 8
"""Letters r in the line that begins a table, two of them in its name: seven columns of numbers and
more are set small."""


def _name(text: str) -> str:
    """Return a student's name, without accents and other scripts for pdfLaTeX alone."""
    if text.isascii():
        return rf"{latex.escape(text)}\par"
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    plain = "".join(sign if sign.isascii() else "?" for sign in letters)
    return rf"\ifPDFTeX {latex.escape(plain)}\else {latex.escape(text)}\fi\par"
