"""An explanation as text for a terminal, and as JSON.

The functions take an `Explanation` and return a renderable, JSON, or LaTeX from `latex`. A
terminal shows heat maps as shaded cells and charts as a few of their values; `figures` draws both
to files.
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

from quatrain.page.bar_rows import BarRows
from quatrain.page.grids.terminal import GridsView
from quatrain.page.latex import as_latex
from quatrain.page.numbers import DIGITS, cell, number, printable, shape
from quatrain.page.shading import Shaded
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

__all__ = ["as_json", "as_latex", "as_text"]

_PROSE_WIDTH = 100
_CHART_ROWS = 12
_CHART_DIGITS = 4
_TABLE_DIGITS = (DIGITS, 5, 4)
"""Significant digits of numbers in a table, tried in order until it fits."""
_MATRIX_ROWS = 40
_HEADING_WIDTH = 4


def as_text(explanation: Explanation) -> RenderableType:
    """Render for a terminal of any width, with aligned formulas and pictures in characters."""
    renderables: list[RenderableType] = [_bold(explanation.title)]
    after_heading = False
    for parts in _runs(explanation.parts):
        if not after_heading:
            renderables.append(Text(""))
        after_heading = isinstance(parts[0], Heading)
        renderables.append(_renderable(parts))
    return Group(*renderables)


def as_json(explanation: Explanation) -> str:
    """Return a JSON object with the title, the parts with their kinds, and the formulas' values.

    NaN and infinity, which JSON doesn't have, become null.
    """
    return json.dumps(
        {
            "title": explanation.title,
            "parts": [
                {
                    "kind": type(part).__name__.lower(),
                    **_plain(part),
                }
                for part in explanation.parts
            ],
            "values": {
                name: _plain(formula.value) for name, formula in explanation.formulas.items()
            },
        },
        ensure_ascii=False,
        allow_nan=False,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if dataclasses.is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _runs(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Group consecutive formulas and consecutive equations; all other parts stay alone."""
    for kind, run in groupby(parts, type):
        if kind in (Formula, Equation):
            yield list(run)
        else:
            yield from ([part] for part in run)


def _renderable(parts: Sequence[Part]) -> RenderableType:
    match parts[0]:
        case Heading(text):
            return _bold(text)
        case Note(text):
            return _Indented(Constrain(Text(printable(text)), _PROSE_WIDTH))
        case Formula():
            formulas = tuple(part for part in parts if isinstance(part, Formula))
            return _Indented(_FormulaList(formulas))
        case Equation():
            equations = tuple(part for part in parts if isinstance(part, Equation))
            return _Indented(_EquationList(equations))
        case Table() as table:
            return _Indented(_TableView(table.title, table.columns, table.rows))
        case Matrix() as matrix:
            return _Indented(_MatrixView(matrix))
        case Heatmap() as heatmap:
            return _Indented(Shaded(heatmap))
        case Chart() as chart:
            return _Indented(_chart_view(chart))
        case Bars() as bars:
            return _Indented(BarRows(bars))
        case Grids() as grids:
            return _Indented(GridsView(grids))


@dataclass(frozen=True, slots=True)
class _Indented:
    """An indented part, without the spaces that Rich adds to its lines."""

    part: RenderableType
    indent: int = 2

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        inside = options.update(width=max(options.max_width - self.indent, 1))
        for line in console.render_lines(self.part, inside, pad=False):
            while line and not line[-1].text.strip(" ") and not _coloured(line[-1]):
                line.pop()
            if line:
                yield Segment(" " * self.indent)
                yield from line[:-1]
                last = line[-1]
                yield last if _coloured(last) else Segment(last.text.rstrip(" "), last.style)
            yield Segment.line()


def _bold(title: str) -> RenderableType:
    return _Indented(Text(printable(title, " "), style="bold"), indent=0)


def _coloured(segment: Segment) -> bool:
    return segment.style is not None and segment.style.bgcolor is not None


def _steps(formula: Formula) -> list[str]:
    """Return the symbols, the numbers and the result, without repetitions."""
    result = shape(formula.value) if isinstance(formula.value, tuple) else number(formula.value)
    symbols, numbers = (printable(text, " ") for text in (formula.symbols, formula.numbers))
    if numbers in (symbols, result.replace(",", "")):
        numbers = ""
    return [*filter(None, (symbols, numbers)), f"{result} {printable(formula.unit, ' ')}".rstrip()]


@dataclass(frozen=True, slots=True)
class _FormulaList:
    """Formulas as name, symbols = numbers = result, on several lines if too wide."""

    formulas: tuple[Formula, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        longest = max(cell_len(formula.name) for formula in self.formulas)
        names = min(longest, options.max_width * 2 // 5)
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=names)
        grid.add_column(overflow="fold")
        for formula in self.formulas:
            line = _wrapped_steps(_steps(formula), options.max_width - names - 2)
            grid.add_row(Text(printable(formula.name, " ")), Text(line))
        yield grid


def _wrapped_steps(steps: Sequence[str], width: int) -> str:
    """Put all steps on one line, or the last ones below, or each on its own line."""
    line = " = ".join(steps)
    if cell_len(line) <= width:
        return line
    below = " = ".join(steps[1:])
    return "\n= ".join((steps[0], below) if cell_len(below) <= width - 2 else steps)


@dataclass(frozen=True, slots=True)
class _EquationList:
    """Steps of a derivation, with reasons on the right, or below if they don't fit."""

    equations: tuple[Equation, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        texts = [printable(equation.text, " ") for equation in self.equations]
        reasons = [printable(equation.why, " ") for equation in self.equations]
        width = max(map(cell_len, texts)) + 3
        if width + max(map(cell_len, reasons)) <= min(options.max_width, _PROSE_WIDTH):
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
    """Break a formula into lines, at semicolons and then at equals signs."""
    if cell_len(text) <= width:
        yield Text(text)
    elif "; " in text:
        for formula in text.split("; "):
            yield from _hanging(formula, width)
    else:
        first, *others = [text] if "," in text else text.split(" = ")
        yield from map(Text, textwrap.wrap(first, width, subsequent_indent="    "))
        for other in others:
            yield Padding(Text(f"= {other}"), (0, 0, 0, 4))


@dataclass(frozen=True, slots=True)
class _TableView:
    """A table with numbers on the right.

    If it is too wide, numbers lose digits; if that isn't enough, it is shown row by row.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    digits: Sequence[int] = _TABLE_DIGITS

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
        widths, spare = _widen(narrowest, cells, spare)
        widths, _ = _widen(widths, [cell_len(column) for column in columns], spare)
        for index, width in enumerate(widths):
            values = [row[index] for row in self.rows]
            numeric = not any(isinstance(value, str) for value in values)
            table.add_column(
                Text(columns[index]), justify="right" if numeric else "left", width=width
            )
        for row in rows:
            table.add_row(*map(Text, row))
        # Rich adds a gap after the last column too, which may go over the edge.
        yield from console.render(table, options.update(width=options.max_width + 2))

    def _row_by_row(
        self, columns: Sequence[str], rows: Sequence[Sequence[str]], width: int
    ) -> RenderResult:
        words = (cell_len(word) for row in rows for text in row for word in text.split())
        # A heading may be broken, but not a number.
        heading = max(_HEADING_WIDTH, width - 4 - max(words, default=0))
        for count, row in enumerate(rows):
            if count:
                yield Text("")
            grid = Grid.grid(padding=(0, 2, 0, 0))
            grid.add_column(style="dim", max_width=heading)
            grid.add_column(overflow="fold")
            for column, text in zip(columns, row, strict=True):
                grid.add_row(Text(column), Text(text))
            yield grid


def _widen(widths: Sequence[int], preferred: Sequence[int], spare: int) -> tuple[list[int], int]:
    """Widen columns to their preferred widths, the smallest needs first.

    Returns:
        The new widths, and what is left of the spare width.
    """
    widened = list(widths)
    needs = sorted((max(0, preferred[at] - width), at) for at, width in enumerate(widths))
    for count, (need, at) in enumerate(needs):
        growth = min(need, spare // (len(needs) - count))
        widened[at] += growth
        spare -= growth
    return widened, spare


@dataclass(frozen=True, slots=True)
class _MatrixView:
    """A matrix in brackets, aligned at decimal points; the middle of a large one is left out."""

    matrix: Matrix

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.matrix.title:
            yield Text(printable(self.matrix.title, " "), style="italic")
        values = self.matrix.values
        parts = [[_split_at_point(value) for value in row] for row in values]
        columns = [
            _padded([row[index] for row in parts])
            for index in range(len(values[0]) if values else 0)
        ]
        widest = max((len(column[0]) for column in columns), default=0)
        fitting = max(2, (options.max_width - 8) // (widest + 2))
        visible_columns = _ends(len(columns), fitting)
        visible_rows = _ends(len(values), _MATRIX_ROWS)
        for row in visible_rows:
            if row is None:
                yield Text("  ...")
                continue
            cells = ("..." if index is None else columns[index][row] for index in visible_columns)
            yield Text(f"[ {'  '.join(cells)} ]", no_wrap=True)
        if None in (*visible_rows, *visible_columns):
            note = f"{len(values):,} x {len(columns):,}; the middle is left out."
            yield Text(note, style="dim")


def _split_at_point(value: float | None) -> tuple[str, str]:
    """Split a number into the digits before its decimal point, and the rest."""
    if value is None:
        return ".", ""
    whole, point, rest = number(float(value), _CHART_DIGITS).partition(".")
    return whole, point + rest


def _padded(column: Sequence[tuple[str, str]]) -> list[str]:
    """Pad a column of numbers to one width, aligned at their decimal points."""
    before, after = (max(len(part[side]) for part in column) for side in (0, 1))
    return [whole.rjust(before) + rest.ljust(after) for whole, rest in column]


def _ends(count: int, most: int) -> list[int | None]:
    """Return positions 0 to count - 1; beyond `most`, only both ends, with None between them."""
    if count <= most:
        return list(range(count))
    last = most // 2
    return [*range(most - last), None, *range(count - last, count)]


def _chart_view(chart: Chart) -> RenderableType:
    """Tabulate a few points of a chart; the picture has all of them."""
    count = len(chart.x)
    steps = min(count, _CHART_ROWS)
    places = [round(step * (count - 1) / max(steps - 1, 1)) for step in range(steps)]
    rows = tuple(
        (chart.x[index], *(curve[index] for curve in chart.curves.values())) for index in places
    )
    table = _TableView(chart.title, (chart.x_label, *chart.curves), rows, (_CHART_DIGITS,))
    note = f"{chart.y_label}; {steps} of {count:,} points" if steps < count else chart.y_label
    return Group(table, Text(printable(note, " "), style="dim"))
