"""A sheet of problems as a LaTeX document for pdfLaTeX, LuaLaTeX or XeLaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from quatrain.page import latex
from quatrain.page.answers import answer_text, sheet_title
from quatrain.records import Equation, Formula, Heading, Note, Part, Picture, ProblemSheet, Question

_FEW = 6
"""Questions that leave much room for an answer; with more, a sheet would begin a second page."""


def as_latex(sheets: Sequence[ProblemSheet], *, solutions: bool = False) -> str:
    """Return sheets as one document that compiles, each on a page of its own.

    Names in scripts that pdfLaTeX's fonts lack are printed as code points by it, and as they are by
    LuaLaTeX and XeLaTeX.
    """
    lines = [latex.OPENING]
    for place, sheet in enumerate(sheets):
        lines += [r"\clearpage"] if place else []
        lines += _sheet(sheet, latex.DOCUMENT_LINE, solutions=solutions)
    return "\n".join([*lines, r"\end{document}", ""])


def as_fragment(sheet: ProblemSheet) -> str:
    """Return a sheet without solutions, for a document that loads `amsmath` and `iftex`."""
    return "\n".join(_sheet(sheet, latex.LINE))


def _sheet(sheet: ProblemSheet, line: float, *, solutions: bool = False) -> Iterator[str]:
    yield rf"\section*{{{latex.mixed(sheet_title(sheet))}}}"
    yield _name(sheet.seed)
    yield from _parts(sheet.given, line)
    room = "22mm" if len(sheet.questions) <= _FEW else "16mm"
    for question in sheet.questions:
        yield from _question(question, line)
        if solutions:
            yield from _solution(question, line)
        else:
            yield rf"\par\vspace{{{room}}}"


def _question(question: Question, line: float) -> Iterator[str]:
    text = f"{question.text} {question.rounding}".rstrip()
    yield ""
    yield rf"\textbf{{{question.number}.}} {latex.mixed(text)}"
    yield from _parts(question.given, line, after_text=True)


def _solution(question: Question, line: float) -> Iterator[str]:
    yield ""
    answer = answer_text(question)
    # A formula is asked for as text, so its answer stands as it is typed.
    shown = rf"\texttt{{{latex.printed(answer)}}}" if question.kind == "formula" else None
    yield rf"\textit{{Solution.}} {shown or latex.mixed(answer)}"
    yield from _parts(question.solution, line, after_text=True)


def _parts(parts: Iterable[Part], line: float, *, after_text: bool = False) -> Iterator[str]:
    """Yield parts as paragraphs; a display belongs to the paragraph before it."""
    shown = (part for part in parts if not isinstance(part, Picture))
    for run in latex.runs(shown):
        if not (after_text and isinstance(run[0], Formula | Equation)):
            yield ""
        yield from latex.part_as_latex(*run, line=line)
        after_text = isinstance(run[0], Note | Heading)


def _name(text: str) -> str:
    """Return a student's name, in its own script where the fonts may have it."""
    if text.isascii():
        return rf"{latex.escape(text)}\par"
    return rf"\ifPDFTeX {latex.printed(text)}\else {latex.escape(text)}\fi\par"
