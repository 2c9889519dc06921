"""An explanation as LaTeX, for the body of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from quatrain.page.latex.displays import equations, formulas
from quatrain.page.latex.mathematics import mixed
from quatrain.page.latex.tables import matrix, needs_long_tables, table
from quatrain.page.latex.width import LINE
from quatrain.page.numbers import printable
from quatrain.records import (
    Equation,
    Explanation,
    Formula,
    Heading,
    Matrix,
    Note,
    Part,
    Picture,
    Table,
)

_UNREADABLE = re.compile(r"[\\{}%#~$&^\x00-\x1f]")
"""Characters in the name of a file that `\\includegraphics` takes for something else."""


def as_latex(
    explanation: Explanation, figures: Mapping[str, str] | None = None, *, line: float = LINE
) -> str:
    """Return a fragment: paragraphs, displayed formulas, tables and matrices.

    Args:
        explanation: the explanation.
        figures: files of its pictures by their names; the others become comments.
        line: the width to fit, in digits; by default that of `article` at 10 points.
    """
    lines = [f"% {_in_a_comment(explanation.title)}", f"% Needs {_packages(explanation, figures)}."]
    several = len(explanation.pictures) > 1
    previous: Part | None = None
    for parts in runs(explanation.parts):
        # A display belongs to the paragraph above it: without one, TeX leaves an empty line.
        follows = isinstance(parts[0], Formula | Equation) and isinstance(previous, Heading | Note)
        lines += [] if follows else [""]
        lines += _displayed(parts, figures or {}, line, several=several)
        previous = parts[0]
    return "\n".join(lines)


def runs(parts: Iterable[Part]) -> Iterator[tuple[Part, ...]]:
    """Yield consecutive formulas and consecutive equations together, and other parts alone."""
    for kind, run in groupby(parts, type):
        if kind in (Formula, Equation):
            yield tuple(run)
        else:
            yield from ((part,) for part in run)


def part_as_latex(*parts: Part, line: float = LINE) -> list[str]:
    """Return the lines of one part, or of consecutive formulas or equations."""
    return _displayed(parts, {}, line, several=False)


def _displayed(
    parts: Sequence[Part], figures: Mapping[str, str], line: float, *, several: bool
) -> list[str]:
    match parts[0]:
        case Formula():
            return formulas([part for part in parts if isinstance(part, Formula)], line)
        case Equation():
            return equations([part for part in parts if isinstance(part, Equation)], line)
        case Heading(text):
            return [rf"\par\medskip\noindent\textbf{{{mixed(text)}}}"]
        case Note(text):
            return [mixed(text)]
        case Table() as part:
            return [r"\nopagebreak\noindent", *table(part, line)] if part.rows else []
        case Matrix() as part:
            return [r"\noindent", *matrix(part, line)] if part.values else []
        case picture:
            return _included(picture, figures.get(picture.name, ""), several=several)


def _included(picture: Picture, file: str, *, several: bool) -> list[str]:
    if file and not _UNREADABLE.search(file):
        graphics = r"\includegraphics[width=\linewidth,height=0.8\textheight,keepaspectratio]"
        return [r"\begin{center}", rf"{graphics}{{{file}}}", r"\end{center}"]
    # With several pictures, each file name ends in the picture's name.
    option, name = ("figure", f"figure-{picture.name}") if several else (picture.name,) * 2
    return [
        f"% Picture: {_in_a_comment(picture.title)}",
        f"% Draw it with the option --figure {option}.png, then:",
        rf"% \includegraphics[width=\linewidth]{{{name}.png}}",
    ]


def _packages(explanation: Explanation, figures: Mapping[str, str] | None) -> str:
    names = ["amsmath"]
    if any(isinstance(part, Table) and needs_long_tables(part) for part in explanation.parts):
        names.append("longtable")
    if figures:
        names.append("graphicx")
    listed = ", ".join(rf"\usepackage{{{name}}}" for name in names)
    return rf"{listed}, and \usepackage[T1]{{fontenc}} for accents"


def _in_a_comment(text: str) -> str:
    return printable(text, " ")
