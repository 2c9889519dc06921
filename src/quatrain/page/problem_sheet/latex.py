"""A sheet of problems as a LaTeX document for pdfLaTeX, LuaLaTeX or XeLaTeX."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from quatrain.page import latex
from quatrain.page.answers import answer_text, sheet_title
from quatrain.records import (
    Bars,
    Chart,
    Equation,
    Explanation,
    Formula,
    Grids,
    Heatmap,
    Part,
    ProblemSheet,
    Question,
    Table,
)

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

_ON_ONE_LINE = 45
"""Characters of a formula that fit a line of the page; a longer one is set in running text."""

_MOST_COLUMNS = 6
"""Columns of a table that fit the page at the size of the text."""

_SPACE_FOR_ANSWER = r"\par\vspace{22mm}"


def as_latex(sheets: Sequence[ProblemSheet], *, solutions: bool = False) -> str:
    """Return sheets as one document that compiles, each on a page of its own."""
    lines = [_OPENING]
    for place, sheet in enumerate(sheets):
        lines += [r"\clearpage"] if place else []
        lines += _sheet(sheet, solutions=solutions)
    return "\n".join([*lines, r"\end{document}", ""])


def as_fragment(sheet: ProblemSheet) -> str:
    """Return a sheet without solutions, for a document that loads `amsmath` and `iftex`."""
    return "\n".join(_sheet(sheet, solutions=False))


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
    """Yield parts as paragraphs, within the width of the page."""
    for part in parts:
        match part:
            case Heatmap() | Chart() | Bars() | Grids():
                pass
            case Equation(text=text, why=why) if len(text) > _ON_ONE_LINE or why:
                yield from ("", _running(Equation(text, part.latex)))
                yield from (f"({latex.escape(why)})",) if why else ()
            case Formula() if len(part.symbols) + len(part.numbers) > _ON_ONE_LINE:
                yield from ("", _running(part))
            case Table() if len(part.columns) > _MOST_COLUMNS:
                yield from ("", r"{\scriptsize\setlength{\tabcolsep}{3pt}")
                yield from (*_fragment(part), r"\par}")
            case _:
                yield from ("", *_fragment(part))


def _fragment(part: Part) -> list[str]:
    """Return the lines of one part, without the comments for who pastes it."""
    return latex.as_latex(Explanation("", (part,))).splitlines()[2:]


def _running(part: Formula | Equation) -> str:
    """Return a formula as mathematics in running text, which TeX breaks between signs."""
    aligned = " ".join(line.strip() for line in _fragment(part) if line and "align*" not in line)
    joined = aligned.replace(r"\\ &=", "=").replace("&", "").strip()
    return f"${joined.replace(chr(92) + 'left(', '(').replace(chr(92) + 'right)', ')')}$"


def _name(text: str) -> str:
    """Return a student's name, without accents and other scripts for pdfLaTeX alone."""
    if text.isascii():
        return rf"{latex.escape(text)}\par"
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    plain = "".join(sign if sign.isascii() else "?" for sign in letters)
    return rf"\ifPDFTeX {latex.escape(plain)}\else {latex.escape(text)}\fi\par"
