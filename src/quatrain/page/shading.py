"""A heat map in a terminal, as coloured cells or, without colours, as characters.

The functions take a `Heatmap` and return a renderable. A map that is wider than the terminal
continues below in panels. One that is too tall or too long is thinned or cut, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.style import Style
from rich.text import Text

from quatrain.page.numbers import LINE_BREAK, number, printable
from quatrain.page.scale import (
    RAMP,
    abbreviations,
    colour,
    is_dark,
    is_finite,
    limits,
    position,
    stops,
)
from quatrain.records import Heatmap

_DIVERGING_RAMP = "Oo-.+*#"
"""Characters that stand for the colours of a diverging scale, from the first limit to the last."""

_LEGEND_STEPS = 20
_MOST_ROWS = 64
_MOST_PANELS = 4
_WIDEST_LABEL = 28
_WIDEST_CELL = 8
"""Sizes of a map in characters and cells; what is larger is thinned or cut."""

_TEXT_COLUMNS = 16
"""Columns of one letter each beyond which a row is read as a text."""


@dataclass(frozen=True, slots=True)
class Shaded:
    """A heat map as a Rich renderable, fitted to the width and colours of the console."""

    picture: Heatmap

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the title, the panels and the legend."""
        picture = self.picture
        yield Text(printable(picture.title), style="italic")
        ends = limits(picture)
        if ends is None or not picture.x:
            yield Text("no values", style="dim")
            return
        coloured = console.color_system in ("256", "truecolor") and not console.no_color
        rows = _thinned(len(picture.y), _MOST_ROWS)
        labels = [_label(picture.y[row]) for row in rows]
        margin = min(max(map(cell_len, labels), default=0), _WIDEST_LABEL) + 1
        available = max(options.max_width - margin, 8)
        width, short = _cell_width(picture, available)
        # As many panels as needed, all of the same width.
        count = -(-len(picture.x) * width // (available - available % width))
        across = -(-len(picture.x) // count)
        panels = range(0, len(picture.x), across)
        for first in panels[:_MOST_PANELS]:
            columns = range(first, min(first + across, len(picture.x)))
            if first:
                yield Text("")
            yield Text(" " * margin + _heads(picture, columns, width).rstrip(), style="dim")
            for row, label in zip(rows, labels, strict=True):
                line = Text(_fitted(label, margin - 1) + " ", no_wrap=True)
                for column in columns:
                    line.append_text(self._cell(row, column, width, short, ends, coloured))
                yield line
        yield from self._legend(ends, coloured, short)
        if len(rows) < len(picture.y):
            yield Text(f"{len(rows)} of {len(picture.y):,} rows are shown.", style="dim")
        if len(panels) > _MOST_PANELS:
            note = f"The first {across * _MOST_PANELS:,} of {len(picture.x):,} columns are shown."
            yield Text(note, style="dim")

    def _cell(
        self,
        row: int,
        column: int,
        width: int,
        short: dict[str, str] | None,
        ends: tuple[float, float],
        coloured: bool,
    ) -> Text:
        value = self.picture.values[row][column]
        mark = printable(self.picture.marks[row][column], " ") if self.picture.marks else ""
        if short is not None:
            mark = short.get(mark, "")
        if value is None or not is_finite(value):
            return Text(_fitted(mark, width))
        at = position(value, ends)
        if coloured:
            return Text(_fitted(mark, width), style=_style(self.picture, at))
        sign = self._sign(at)
        return Text(_fitted(mark or sign, width) if mark or width > 2 else sign * width)

    def _sign(self, at: float) -> str:
        ramp = _DIVERGING_RAMP if self.picture.diverging else RAMP
        return ramp[min(int(at * len(ramp)), len(ramp) - 1)]

    def _legend(
        self, ends: tuple[float, float], coloured: bool, short: dict[str, str] | None
    ) -> RenderResult:
        low, high = (number(end) for end in ends)
        legend = Text()
        if ends[0] == ends[1]:
            legend.append(f"{low} everywhere")
        else:
            legend.append(f"{low} ")
            if coloured:
                for step in range(_LEGEND_STEPS):
                    legend.append(" ", _style(self.picture, step / (_LEGEND_STEPS - 1)))
            else:
                legend.append(_DIVERGING_RAMP if self.picture.diverging else RAMP)
            legend.append(f" {high}")
        legend.append(f"  {printable(self.picture.value_label, ' ')}")
        if any(
            value is None or not is_finite(value) for row in self.picture.values for value in row
        ):
            legend.append("; blank: no value")
        if short:
            key = ", ".join(f"{letter} {printable(mark, ' ')}" for mark, letter in short.items())
            legend.append(f"; {key}")
        yield legend
        axes = [
            f"{name}: {printable(label, ' ')}"
            for name, label in (("across", self.picture.x_label), ("down", self.picture.y_label))
            if label
        ]
        if axes:
            yield Text("; ".join(axes), style="dim")


def _cell_width(picture: Heatmap, available: int) -> tuple[int, dict[str, str] | None]:
    """Choose the width of a cell, and abbreviations of the marks if they don't fit.

    A cell holds the label of its column if there is room, else two characters, else one: a text
    is easiest to read without gaps between its letters.
    """
    count = len(picture.x)
    label = max(cell_len(_label(label)) for label in picture.x)
    mark = max((cell_len(mark) for row in picture.marks for mark in row), default=0)
    preferred = max(2, min(label, _WIDEST_CELL) + 1)
    if label == 1 and count > _TEXT_COLUMNS:
        preferred = 1
    if mark:
        if count * max(preferred, mark + 1) <= available:
            return max(preferred, mark + 1), None
        short = abbreviations(picture)
    else:
        short = None
    for width in (preferred, min(preferred, 2)):
        if count * width <= available:
            return width, short
    return 1, short


def _heads(picture: Heatmap, columns: range, width: int) -> str:
    """Return the labels of the columns, each at the start of its column if there is room."""
    letters = all(cell_len(_label(picture.x[column])) <= 1 for column in columns)
    line = ""
    for index, column in enumerate(columns):
        label, start = _label(picture.x[column]), index * width
        free = start >= cell_len(line) + (0 if letters or not line else 1)
        if free and start + cell_len(label) <= len(columns) * width:
            line = set_cell_size(line, start) + label
    return line


def _thinned(count: int, most: int) -> list[int]:
    """Return at most `most` of the positions 0 to count - 1, evenly spaced, with both ends."""
    if count <= most:
        return list(range(count))
    return [round(step * (count - 1) / (most - 1)) for step in range(most)]


def _label(text: str) -> str:
    return printable(text, LINE_BREAK)


def _fitted(text: str, width: int) -> str:
    """Fit `text` to exactly `width` characters; a cut is marked if there is room."""
    if cell_len(text) > width > 2:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


def _style(picture: Heatmap, at: float) -> Style:
    background = colour(at, stops(picture))
    red, green, blue = background
    return Style.parse(
        f"{'white' if is_dark(background) else 'black'} on #{red:02x}{green:02x}{blue:02x}"
    )
