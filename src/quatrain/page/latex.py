"""An explanation as LaTeX, to paste into a lecture.

In: an `Explanation`. Out: a fragment for the body of a document that loads `amsmath`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from quatrain.page.numbers import cell, number, printable
from quatrain.records import (
    Cell,
    Chart,
    Equation,
    Explanation,
    Formula,
    Heading,
    Heatmap,
    Matrix,
    Note,
    Part,
    Table,
)

_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "↵": r"$\hookleftarrow$",
    "…": r"\dots{}",
    "\ufffd": "?",
}
_ON_ONE_LINE = 60
_LONG_CELL = 40
_SCANNED = re.compile(r"\\begin\b|\\end\b|\\.|[{}=&]", re.DOTALL)


def as_latex(explanation: Explanation) -> str:
    """A fragment: paragraphs, `align*`, `tabular`, `bmatrix`; pictures named in comments."""
    lines = [f"% {_in_a_comment(explanation.title)}", "% Needs \\usepackage{amsmath}."]
    for kind, run in groupby(explanation.parts, type):
        parts = list(run)
        if kind is Formula:
            lines += ["", *_aligned(_formula(each) for each in parts if isinstance(each, Formula))]
        elif kind is Equation:
            lines += [
                "",
                *_aligned(_equation(each) for each in parts if isinstance(each, Equation)),
            ]
        else:
            for part in parts:
                lines += ["", *_part(part, several=len(explanation.pictures) > 1)]
    return "\n".join(lines)


def escaped(text: str) -> str:
    """`text` so that LaTeX prints it as it is."""
    return "".join(_ESCAPED.get(character, character) for character in printable(text))


def _part(part: Part, *, several: bool) -> list[str]:
    match part:
        case Heading(text):
            return [rf"\textbf{{{escaped(text)}}}\par"]
        case Note(text):
            return [escaped(text)]
        case Table():
            return _tabular(part)
        case Matrix():
            return _bmatrix(part)
        case Heatmap() | Chart():
            # Of several pictures each is drawn to a file that bears its name as well.
            given, drawn = ("figure", f"figure-{part.name}") if several else (part.name,) * 2
            return [
                f"% Picture: {_in_a_comment(part.title)}",
                f"% Draw it with the option --figure {given}.png, then:",
                rf"% \includegraphics[width=\linewidth]{{{drawn}.png}}",
            ]
        case Formula() | Equation():
            return []


def _aligned(rows: Iterator[str]) -> list[str]:
    return [
        r"\begin{align*}",
        " \\\\\n".join(f"  {row}" for row in rows),
        r"\end{align*}",
    ]


def _formula(formula: Formula) -> str:
    symbols = formula.latex_symbols or _in_words(formula.symbols)
    numbers = formula.latex_numbers or _in_words(formula.numbers)
    result = (
        r" \times ".join(map(_number, formula.value))
        if isinstance(formula.value, tuple)
        else _number(formula.value)
    )
    if numbers in (symbols, result.replace("{,}", "")):
        numbers = ""
    if formula.unit:
        result += rf"\ {_in_words(formula.unit)}"
    steps = [*filter(None, (symbols, numbers)), result]
    wide = len(formula.symbols) + len(formula.numbers) > _ON_ONE_LINE
    told = f"{steps[0]} \\\\\n  &= {' = '.join(steps[1:])}" if wide and steps[1:] else ""
    return f"{_in_words(formula.name)} &= {told or ' = '.join(steps)}"


def _equation(equation: Equation) -> str:
    text = _with_tab(equation.latex)
    return rf"{text} && {_in_words(equation.why)}" if equation.why else text


def _with_tab(latex: str) -> str:
    """An alignment tab before the first equals sign that is not inside a group."""
    depth = 0
    for found in _SCANNED.finditer(latex):
        if found[0] in ("{", r"\begin"):
            depth += 1
        elif found[0] in ("}", r"\end"):
            depth -= 1
        elif found[0] == "=" and depth == 0:
            return f"{latex[: found.start()]}&{latex[found.start() :]}"
    return f"& {latex}"


def _tabular(table: Table) -> list[str]:
    kinds = [_column([row[place] for row in table.rows]) for place in range(len(table.columns))]
    lines = [rf"{escaped(table.title)}\par"] if table.title else []
    return [
        *lines,
        rf"\begin{{tabular}}{{{''.join(kinds)}}}",
        rf"  {' & '.join(map(escaped, table.columns))} \\ \hline",
        # After \\ a bracket would begin an option, and a star be part of the command.
        *(_row(row) for row in table.rows),
        r"\end{tabular}",
    ]


def _row(row: Sequence[Cell]) -> str:
    cells = " & ".join(map(_cell, row))
    return rf"  {'{}' if cells.startswith(('[', '*')) else ''}{cells} \\"


def _column(values: Sequence[Cell]) -> str:
    texts = [value for value in values if isinstance(value, str)]
    if not texts:
        return "r"
    return r"p{0.4\linewidth}" if max(map(len, texts)) > _LONG_CELL else "l"


def _cell(value: Cell) -> str:
    if value is None or isinstance(value, str):
        return escaped(cell(value))
    return f"${_number(value)}$"


def _bmatrix(matrix: Matrix) -> list[str]:
    rows = [
        " & ".join(r"\cdot" if value is None else _number(float(value)) for value in row)
        for row in matrix.values
    ]
    columns = max(map(len, matrix.values), default=0)
    return [
        *([rf"{escaped(matrix.title)}\par"] if matrix.title else []),
        # amsmath stops at ten columns unless told.
        *([rf"\setcounter{{MaxMatrixCols}}{{{columns}}}"] if columns > 10 else []),
        r"\[",
        r"\begin{bmatrix}",
        " \\\\\n".join(f"  {row}" for row in rows),
        r"\end{bmatrix}",
        r"\]",
    ]


def _number(value: float) -> str:
    """As in text, with commas that are no punctuation, and powers of ten."""
    if math.isnan(value):
        return r"\text{undefined}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    mantissa, _, exponent = number(value).partition("e")
    shown = mantissa.replace(",", "{,}")
    return rf"{shown} \times 10^{{{int(exponent)}}}" if exponent else shown


def _in_words(text: str) -> str:
    return rf"\text{{{escaped(text)}}}" if text else ""


def _in_a_comment(text: str) -> str:
    return printable(text, " ")
