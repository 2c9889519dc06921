"""A heat map in a terminal: coloured cells, or, without colours, cells of characters.

In: a `Heatmap`. Out: a renderable. A map wider than the terminal continues below in
panels; one that is too tall or too long is thinned or cut, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.style import Style
from rich.text import Text

from quatrain.page.numbers import LINE_BREAK, number, printable
from quatrain.page.scale import (
    abbreviations,
    colour,
    dark,
    known,
    limits,
    share,
    stops,
)
from quatrain.records import Heatmap

_RAMP = ".:-=+*#%@"
_DIVERGING_RAMP = "Oo-.+*#"
_LEGEND = 20
_ROWS = 64
_PANELS = 4
_WIDEST_LABEL = 28
_WIDEST_CELL = 8
_TEXT = 16
"""More columns than this with one letter each are read as a text."""


@dataclass(frozen=True, slots=True)
class Shaded:
    """A heat map as a Rich renderable, drawn for the width and colours of the console."""

    picture: Heatmap

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Title, panels, legend."""
        picture = self.picture
        yield Text(printable(picture.title), style="italic")
        ends = limits(picture)
        if ends is None or not picture.x:
            yield Text("no values", style="dim")
            return
        coloured = console.color_system in ("256", "truecolor") and not console.no_color
        rows = _thinned(len(picture.y), _ROWS)
        labels = [_label(picture.y[row]) for row in rows]
        margin = min(max(map(cell_len, labels), default=0), _WIDEST_LABEL) + 1
        available = max(options.max_width - margin, 8)
        width, short = _cell_width(picture, available)
        # As many panels as needed, as wide as each other.
        count = -(-len(picture.x) * width // (available - available % width))
        across = -(-len(picture.x) // count)
        panels = range(0, len(picture.x), across)
        for first in panels[:_PANELS]:
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
            yield Text(f"{len(rows)} of {len(picture.y):,} rows shown.", style="dim")
        if len(panels) > _PANELS:
            shown = f"The first {across * _PANELS:,} of {len(picture.x):,} columns shown."
            yield Text(shown, style="dim")

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
        if value is None or not known(value):
            return Text(_fitted(mark, width))
        place = share(value, ends)
        if coloured:
            return Text(_fitted(mark, width), style=_style(self.picture, place))
        sign = self._sign(place)
        return Text(_fitted(mark or sign, width) if mark or width > 2 else sign * width)

    def _sign(self, place: float) -> str:
        ramp = _DIVERGING_RAMP if self.picture.diverging else _RAMP
        return ramp[min(int(place * len(ramp)), len(ramp) - 1)]

    def _legend(
        self, ends: tuple[float, float], coloured: bool, short: dict[str, str] | None
    ) -> RenderResult:
        low, high = (number(end) for end in ends)
        legend = Text()
        if ends[0] == ends[1]:
            legend.append(f"everywhere {low}")
        else:
            legend.append(f"{low} ")
            if coloured:
                for step in range(_LEGEND):
                    legend.append(" ", _style(self.picture, step / (_LEGEND - 1)))
            else:
                legend.append(_DIVERGING_RAMP if self.picture.diverging else _RAMP)
            legend.append(f" {high}")
        legend.append(f"  {printable(self.picture.value_label, ' ')}")
        if any(value is None or not known(value) for row in self.picture.values for value in row):
            legend.append("; blank: no value")
        if short:
            named = ", ".join(f"{letter} {printable(mark, ' ')}" for mark, letter in short.items())
            legend.append(f"; {named}")
        yield legend
        axes = [
            f"{name}: {printable(label, ' ')}"
            for name, label in (("across", self.picture.x_label), ("down", self.picture.y_label))
            if label
        ]
        if axes:
            yield Text("; ".join(axes), style="dim")


def _cell_width(picture: Heatmap, available: int) -> tuple[int, dict[str, str] | None]:
    """Characters of a cell, and short forms of the marks if they do not fit in full.

    Room for the labels of all columns if there is any, else for two characters, else for one:
    a text is read best when its letters stand together.
    """
    count = len(picture.x)
    label = max(cell_len(_label(label)) for label in picture.x)
    mark = max((cell_len(mark) for row in picture.marks for mark in row), default=0)
    wanted = max(2, min(label, _WIDEST_CELL) + 1)
    if label == 1 and count > _TEXT:
        wanted = 1
    if mark:
        if count * max(wanted, mark + 1) <= available:
            return max(wanted, mark + 1), None
        short = abbreviations(picture)
    else:
        short = None
    for width in (wanted, min(wanted, 2)):
        if count * width <= available:
            return width, short
    return 1, short


def _heads(picture: Heatmap, columns: range, width: int) -> str:
    """The labels of the columns, each where its column begins, as many as there is room for."""
    letters = all(cell_len(_label(picture.x[column])) <= 1 for column in columns)
    line = ""
    for number_of_cell, column in enumerate(columns):
        label, start = _label(picture.x[column]), number_of_cell * width
        free = start >= cell_len(line) + (0 if letters or not line else 1)
        if free and start + cell_len(label) <= len(columns) * width:
            line = set_cell_size(line, start) + label
    return line


def _thinned(count: int, most: int) -> list[int]:
    """At most `most` of the positions 0 to count - 1, evenly, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return [round(step * (count - 1) / (most - 1)) for step in range(most)]


def _label(text: str) -> str:
    return printable(text, LINE_BREAK)


def _fitted(text: str, width: int) -> str:
    """`text` in exactly `width` places; what is cut off is marked, where there is room to."""
    if cell_len(text) > width > 2:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


def _style(picture: Heatmap, place: float) -> Style:
    background = colour(place, stops(picture))
    red, green, blue = background
    return Style.parse(
        f"{'white' if dark(background) else 'black'} on #{red:02x}{green:02x}{blue:02x}"
    )
