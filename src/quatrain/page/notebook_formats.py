"""Records in the formats that a notebook has beside HTML: LaTeX, images, matplotlib figures.

A notebook holds a record in every format the record has. JupyterLab, VS Code and nbconvert's web
pages show HTML, else SVG, else PNG; nbconvert's LaTeX takes LaTeX, else PDF, else PNG. So formulas,
tables and explanations have HTML and LaTeX; pictures have SVG, PDF and PNG.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Literal

from quatrain.errors import ExtraError
from quatrain.page import explanation_html, figures, group_comparison, latex
from quatrain.page.html_tags import Html, tag
from quatrain.page.problem_sheet.latex import as_fragment
from quatrain.records import (
    Equation,
    Explanation,
    Formula,
    GroupComparison,
    Heading,
    Matrix,
    Note,
    Part,
    Picture,
    ProblemSheet,
    Table,
)

if TYPE_CHECKING:
    from quatrain.page.figures.notebook_figure import NotebookFigure


@singledispatch
def as_latex(record: object) -> str:
    """Return a record as a fragment of LaTeX, for a document that loads `amsmath`.

    Raises:
        TypeError: it is no record that has one.
    """
    raise TypeError(f"{type(record).__name__} has no LaTeX")


@as_latex.register
def _(record: Explanation) -> str:
    title = (Heading(record.title),) if record.title else ()
    return _fragment(*title, *map(_without_picture, record.parts))


@as_latex.register
def _(record: GroupComparison) -> str:
    return as_latex(group_comparison.as_explanation(record))


@as_latex.register(Formula)
@as_latex.register(Equation)
@as_latex.register(Table)
@as_latex.register(Matrix)
def _(record: Formula | Equation | Table | Matrix) -> str:
    return _fragment(record)


@as_latex.register
def _(record: ProblemSheet) -> str:
    return as_fragment(record)


def as_figure(picture: object) -> NotebookFigure:
    """Return a picture as a matplotlib figure that a notebook shows.

    Raises:
        ExtraError: matplotlib is not installed.
        TypeError: it is no picture.
    """
    return figures.figure_of(_picture(picture))


def as_image(picture: object, kind: Literal["svg", "png", "pdf"]) -> bytes | None:
    """Return a picture as the content of a file; None if matplotlib is not installed.

    Raises:
        TypeError: it is no picture.
    """
    picture = _picture(picture)
    try:
        data = figures.image(picture, kind)
    except ExtraError:
        return None
    if kind != "svg":
        return data
    # An SVG inside a page has neither a declaration nor a type of document. The title is read to
    # those who don't see the picture.
    svg = data[data.index(b"<svg") :]
    return svg.replace(b">", b">" + tag("title", picture.title).encode(), 1)


def as_text_without_matplotlib(picture: object) -> Html | None:
    """Return a picture as text in HTML; None if it can be drawn.

    Raises:
        TypeError: it is no picture.
    """
    try:
        import matplotlib  # noqa: F401
    except ModuleNotFoundError:
        return explanation_html.picture_as_html(_picture(picture))
    return None


def _picture(record: object) -> Picture:
    if isinstance(record, Picture):
        return record
    raise TypeError(f"{type(record).__name__} is no picture")


def _without_picture(part: Part) -> Part:
    """Return a part, but a note in place of a picture, which LaTeX would need as a file."""
    if not isinstance(part, Picture):
        return part
    return Note(f"Picture: {part.title}. To have it here, end a cell with .figure({part.name!r}).")


def _fragment(*parts: Part) -> str:
    """Return parts as LaTeX, without the comments at its start."""
    lines = latex.as_latex(Explanation("", parts)).splitlines()
    return "\n".join(line for line in lines if not line.startswith("%"))
