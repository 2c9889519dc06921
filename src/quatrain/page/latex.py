"""An explanation as LaTeX.

`as_latex` takes an `Explanation` and returns a fragment for the body of a document that loads
`amsmath`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from quatrain.page.numbers import cell, number, printable
from quatrain.records import (
    Bars,
    Cell,
    Chart,
    Equation,
    Explanation,
    Formula,
    Grids,
    Heading,
    Heatmap,
    Matrix,
    Note,
    Part,
    Table,
)

_ESCAPES = {
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
"""Most characters of a formula on one line, and of a cell that isn't wrapped."""

_TOKENS = re.compile(r"\\begin\b|\\end\b|\\.|[{}=&]", re.DOTALL)


def as_latex(explanation: Explanation) -> str:
    """Return a fragment of paragraphs, `align*`, `tabular`, `bmatrix`; pictures as comments."""
    lines = [f"% {_in_a_comment(explanation.title)}", "% Needs \\usepackage{amsmath}."]
    for kind, run in groupby(explanation.parts, type):
        parts = list(run)
        if kind is Formula:
            lines += ["", *_aligned(_formula(part) for part in parts if isinstance(part, Formula))]
        elif kind is Equation:
            lines += [
                "",
                *_aligned(_equation(part) for part in parts if isinstance(part, Equation)),
            ]
        else:
            for part in parts:
                lines += ["", *_part(part, several=len(explanation.pictures) > 1)]
    return "\n".join(lines)


def escape(text: str) -> str:
    """Escape `text` so that LaTeX prints it literally."""
    return "".join(_ESCAPES.get(character, character) for character in printable(text))


def _part(part: Part, *, several: bool) -> list[str]:
    match part:
        case Heading(text):
            return [rf"\textbf{{{escape(text)}}}\par"]
        case Note(text):
            return [escape(text)]
        case Table():
            return _tabular(part)
        case Matrix():
            return _bmatrix(part)
        case Heatmap() | Chart() | Bars() | Grids():
            # With several pictures, each file name ends in the picture's name.
            option, file = ("figure", f"figure-{part.name}") if several else (part.name,) * 2
            return [
                f"% Picture: {_in_a_comment(part.title)}",
                f"% Draw it with the option --figure {option}.png, then:",
                rf"% \includegraphics[width=\linewidth]{{{file}.png}}",
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
    broken = f"{steps[0]} \\\\\n  &= {' = '.join(steps[1:])}" if wide and steps[1:] else ""
    return f"{_in_words(formula.name)} &= {broken or ' = '.join(steps)}"


def _equation(equation: Equation) -> str:
    text = _with_tab(equation.latex)
    return rf"{text} && {_in_words(equation.why)}" if equation.why else text


def _with_tab(latex: str) -> str:
    """Insert an alignment tab before the first equals sign outside any group."""
    depth = 0
    for token in _TOKENS.finditer(latex):
        if token[0] in ("{", r"\begin"):
            depth += 1
        elif token[0] in ("}", r"\end"):
            depth -= 1
        elif token[0] == "=" and depth == 0:
            return f"{latex[: token.start()]}&{latex[token.start() :]}"
    return f"& {latex}"


def _tabular(table: Table) -> list[str]:
    kinds = [_column([row[place] for row in table.rows]) for place in range(len(table.columns))]
    lines = [rf"{escape(table.title)}\par"] if table.title else []
    return [
        *lines,
        rf"\begin{{tabular}}{{{''.join(kinds)}}}",
        rf"  {' & '.join(map(escape, table.columns))} \\ \hline",
        # After \\ a bracket would start an option, and a star would join the command.
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
        return escape(cell(value))
    return f"${_number(value)}$"


def _bmatrix(matrix: Matrix) -> list[str]:
    rows = [
        " & ".join(r"\cdot" if value is None else _number(float(value)) for value in row)
        for row in matrix.values
    ]
    columns = max(map(len, matrix.values), default=0)
    return [
        *([rf"{escape(matrix.title)}\par"] if matrix.title else []),
        # amsmath stops at ten columns by default.
        *([rf"\setcounter{{MaxMatrixCols}}{{{columns}}}"] if columns > 10 else []),
        r"\[",
        r"\begin{bmatrix}",
        " \\\\\n".join(f"  {row}" for row in rows),
        r"\end{bmatrix}",
        r"\]",
    ]


def _number(value: float) -> str:
    """Format a number as in text, with LaTeX commas and powers of ten."""
    if math.isnan(value):
        return r"\text{undefined}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    mantissa, _, exponent = number(value).partition("e")
    digits = mantissa.replace(",", "{,}")
    return rf"{digits} \times 10^{{{int(exponent)}}}" if exponent else digits


def _in_words(text: str) -> str:
    return rf"\text{{{escape(text)}}}" if text else ""


def _in_a_comment(text: str) -> str:
    return printable(text, " ")
