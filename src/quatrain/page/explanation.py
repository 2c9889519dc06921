"""An explanation, shown: for the terminal, for programs, for a lecture.

In: an `Explanation`. Out: a renderable, JSON or LaTeX. Its pictures are drawn to files by
`figures`; a terminal gets heat maps as shaded cells and charts as a few of their values.
"""

from __future__ import annotations

import dataclasses
import json
import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.constrain import Constrain
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table as Grid
from rich.text import Text

from quatrain.page.latex import as_latex
from quatrain.page.numbers import DIGITS, cell, number, printable, shape
from quatrain.page.shading import Shaded
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

__all__ = ["as_json", "as_latex", "as_text"]

_PROSE = 100
_CHART_ROWS = 12
_CHART_DIGITS = 4
_DIGITS = (DIGITS, 5, 4)
"""Of the numbers in a table: as many as fit."""
_MATRIX_ROWS = 40
_HEADING = 4


def as_text(explanation: Explanation) -> RenderableType:
    """For a terminal of any width: formulas of one run aligned, pictures in characters."""
    shown: list[RenderableType] = [_bold(explanation.title)]
    after_heading = False
    for parts in _runs(explanation.parts):
        if not after_heading:
            shown.append(Text(""))
        after_heading = isinstance(parts[0], Heading)
        shown.append(_shown(parts))
    return Group(*shown)


def as_json(explanation: Explanation) -> str:
    """One JSON object: title, parts in order, each with its kind, and the formulas' values.

    What JSON has no number for (not a number, infinity) is null.
    """
    return json.dumps(
        {
            "title": explanation.title,
            "parts": [
                {
                    "kind": type(part).__name__.lower(),
                    **{
                        field.name: _plain(getattr(part, field.name))
                        for field in dataclasses.fields(part)
                    },
                }
                for part in explanation.parts
            ],
            "values": {name: _plain(each.value) for name, each in explanation.formulas.items()},
        },
        ensure_ascii=False,
        allow_nan=False,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _runs(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Formulas that follow each other together, equations likewise, everything else alone."""
    for kind, run in groupby(parts, type):
        if kind in (Formula, Equation):
            yield list(run)
        else:
            yield from ([part] for part in run)


def _shown(parts: Sequence[Part]) -> RenderableType:
    match parts[0]:
        case Heading(text):
            return _bold(text)
        case Note(text):
            return _Indented(Constrain(Text(printable(text)), _PROSE))
        case Formula():
            formulas = tuple(part for part in parts if isinstance(part, Formula))
            return _Indented(_Formulas(formulas))
        case Equation():
            equations = tuple(part for part in parts if isinstance(part, Equation))
            return _Indented(_Equations(equations))
        case Table() as table:
            return _Indented(_Tabled(table.title, table.columns, table.rows))
        case Matrix() as matrix:
            return _Indented(_Bracketed(matrix))
        case Heatmap() as heatmap:
            return _Indented(Shaded(heatmap))
        case Chart() as chart:
            return _Indented(_charted(chart))


@dataclass(frozen=True, slots=True)
class _Indented:
    """A part some places in, its lines without the spaces Rich fills them with."""

    part: RenderableType
    places: int = 2

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        inside = options.update(width=max(options.max_width - self.places, 1))
        for line in console.render_lines(self.part, inside, pad=False):
            while line and not line[-1].text.strip(" ") and not _coloured(line[-1]):
                line.pop()
            if line:
                yield Segment(" " * self.places)
                yield from line[:-1]
                last = line[-1]
                yield last if _coloured(last) else Segment(last.text.rstrip(" "), last.style)
            yield Segment.line()


def _bold(title: str) -> RenderableType:
    return _Indented(Text(printable(title, " "), style="bold"), places=0)


def _coloured(segment: Segment) -> bool:
    return segment.style is not None and segment.style.bgcolor is not None


def _steps(formula: Formula) -> list[str]:
    """In symbols, in numbers, the result; what would only repeat its neighbour is left out."""
    result = shape(formula.value) if isinstance(formula.value, tuple) else number(formula.value)
    symbols, numbers = (printable(text, " ") for text in (formula.symbols, formula.numbers))
    if numbers in (symbols, result.replace(",", "")):
        numbers = ""
    return [*filter(None, (symbols, numbers)), f"{result} {printable(formula.unit, ' ')}".rstrip()]


@dataclass(frozen=True, slots=True)
class _Formulas:
    """Name, formula = the same with numbers = result; the last two below if it is too wide."""

    formulas: tuple[Formula, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        longest = max(cell_len(formula.name) for formula in self.formulas)
        names = min(longest, options.max_width * 2 // 5)
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=names)
        grid.add_column(overflow="fold")
        for formula in self.formulas:
            line = _fitting(_steps(formula), options.max_width - names - 2)
            grid.add_row(Text(printable(formula.name, " ")), Text(line))
        yield grid


def _fitting(steps: Sequence[str], width: int) -> str:
    """All in one line, or the numbers and the result below, or each on a line of its own."""
    line = " = ".join(steps)
    if cell_len(line) <= width:
        return line
    below = " = ".join(steps[1:])
    return "\n= ".join((steps[0], below) if cell_len(below) <= width - 2 else steps)


@dataclass(frozen=True, slots=True)
class _Equations:
    """Steps of a derivation, the reason beside each, or below where it does not fit."""

    equations: tuple[Equation, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        texts = [printable(equation.text, " ") for equation in self.equations]
        reasons = [printable(equation.why, " ") for equation in self.equations]
        width = max(map(cell_len, texts)) + 3
        if width + max(map(cell_len, reasons)) <= min(options.max_width, _PROSE):
            grid = Grid.grid(padding=(0, 3, 0, 0))
            for text, reason in zip(texts, reasons, strict=True):
                grid.add_row(Text(text), Text(reason, style="dim"))
            yield grid
            return
        for text, reason in zip(texts, reasons, strict=True):
            yield from _hanging(text, options.max_width)
            if reason:
                yield Padding(Text(reason, style="dim"), (0, 0, 0, 6))


def _hanging(text: str, width: int) -> Iterator[RenderableType]:
    """A formula on as many lines as it needs: a line for each of several, for each equals sign."""
    if cell_len(text) <= width:
        yield Text(text)
    elif "; " in text:
        for each in text.split("; "):
            yield from _hanging(each, width)
    else:
        first, *others = [text] if "," in text else text.split(" = ")
        yield from map(Text, textwrap.wrap(first, width, subsequent_indent="    "))
        for other in others:
            yield Padding(Text(f"= {other}"), (0, 0, 0, 4))


@dataclass(frozen=True, slots=True)
class _Tabled:
    """Rows under headings, numbers to the right.

    Where it is too wide, numbers lose digits; where that is not enough, it goes row by row.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    digits: Sequence[int] = _DIGITS

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.title:
            yield Text(printable(self.title, " "), style="italic")
        columns = [printable(column, " ") for column in self.columns]
        for digits in self.digits:
            rows = [[cell(value, digits) for value in row] for row in self.rows]
            texts = [list(column) for column in zip(columns, *rows, strict=True)]
            narrowest = [
                max((cell_len(word) for text in column for word in text.split()), default=0)
                for column in texts
            ]
            spare = options.max_width - sum(narrowest) - 2 * (len(columns) - 1)
            if spare >= 0:
                break
        else:
            whole = [[cell(value) for value in row] for row in self.rows]
            yield from self._row_by_row(columns, whole, options.max_width)
            return
        table = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        cells = [max(map(cell_len, column[1:]), default=0) for column in texts]
        widths, spare = _shared(narrowest, cells, spare)
        widths, _ = _shared(widths, [cell_len(column) for column in columns], spare)
        for place, width in enumerate(widths):
            values = [row[place] for row in self.rows]
            numeric = not any(isinstance(value, str) for value in values)
            table.add_column(
                Text(columns[place]), justify="right" if numeric else "left", width=width
            )
        for row in rows:
            table.add_row(*map(Text, row))
        # Rich leaves a gap behind the last column too, which may stand out.
        yield from console.render(table, options.update(width=options.max_width + 2))

    def _row_by_row(
        self, columns: Sequence[str], rows: Sequence[Sequence[str]], width: int
    ) -> RenderResult:
        words = (cell_len(word) for row in rows for text in row for word in text.split())
        # A heading may be broken, a number not.
        heading = max(_HEADING, width - 4 - max(words, default=0))
        for count, row in enumerate(rows):
            if count:
                yield Text("")
            grid = Grid.grid(padding=(0, 2, 0, 0))
            grid.add_column(style="dim", max_width=heading)
            grid.add_column(overflow="fold")
            for column, text in zip(columns, row, strict=True):
                grid.add_row(Text(column), Text(text))
            yield grid


def _shared(widths: Sequence[int], wanted: Sequence[int], spare: int) -> tuple[list[int], int]:
    """Columns widened as wanted, those that need little first, and the room then left."""
    widened = list(widths)
    needs = sorted((max(0, wanted[place] - width), place) for place, width in enumerate(widths))
    for count, (need, place) in enumerate(needs):
        given = min(need, spare // (len(needs) - count))
        widened[place] += given
        spare -= given
    return widened, spare


@dataclass(frozen=True, slots=True)
class _Bracketed:
    """A matrix between brackets, points below points; the middle left out if it is too large."""

    matrix: Matrix

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.matrix.title:
            yield Text(printable(self.matrix.title, " "), style="italic")
        values = self.matrix.values
        parts = [[_around_point(value) for value in row] for row in values]
        columns = [
            _padded([row[place] for row in parts])
            for place in range(len(values[0]) if values else 0)
        ]
        widest = max((len(column[0]) for column in columns), default=0)
        fitting = max(2, (options.max_width - 8) // (widest + 2))
        kept_columns = _ends(len(columns), fitting)
        kept_rows = _ends(len(values), _MATRIX_ROWS)
        for row in kept_rows:
            if row is None:
                yield Text("  ...")
                continue
            shown = ("..." if place is None else columns[place][row] for place in kept_columns)
            yield Text(f"[ {'  '.join(shown)} ]", no_wrap=True)
        if None in (*kept_rows, *kept_columns):
            told = f"{len(values):,} x {len(columns):,}; the middle is left out."
            yield Text(told, style="dim")


def _around_point(value: float | None) -> tuple[str, str]:
    """What stands before the decimal point, and the point with what follows."""
    if value is None:
        return ".", ""
    whole, point, rest = number(float(value), _CHART_DIGITS).partition(".")
    return whole, point + rest


def _padded(column: Sequence[tuple[str, str]]) -> list[str]:
    """A column of numbers, all of one width and with their points below each other."""
    before, after = (max(len(part[side]) for part in column) for side in (0, 1))
    return [whole.rjust(before) + rest.ljust(after) for whole, rest in column]


def _ends(count: int, most: int) -> list[int | None]:
    """Positions 0 to count - 1, or, past `most`, the first and last ones with None between."""
    if count <= most:
        return list(range(count))
    last = most // 2
    return [*range(most - last), None, *range(count - last, count)]


def _charted(chart: Chart) -> RenderableType:
    """A few of the points; all of them are in the picture."""
    count = len(chart.x)
    steps = min(count, _CHART_ROWS)
    places = [round(step * (count - 1) / max(steps - 1, 1)) for step in range(steps)]
    rows = tuple(
        (chart.x[place], *(curve[place] for curve in chart.curves.values())) for place in places
    )
    table = _Tabled(chart.title, (chart.x_label, *chart.curves), rows, (_CHART_DIGITS,))
    told = f"{chart.y_label}; {steps} of {count:,} points" if steps < count else chart.y_label
    return Group(table, Text(printable(told, " "), style="dim"))
