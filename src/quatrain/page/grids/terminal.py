"""A picture of grids in a terminal: shaded cells, patterns and lines as characters.

`GridsView` is a Rich renderable. Grids stand side by side if there is room, else below each other.
A grid that is too wide loses the space around its texts, then the texts, and then its last columns.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.style import Style
from rich.text import Text

from quatrain.page.grids.borders import Borders
from quatrain.page.grids.cells import Key, caption, limits, patterns, shade, size, texts
from quatrain.page.scale import RAMP, is_dark
from quatrain.records import CellGrid, Grids

_FILLS = {"lines": "/", "dots": "."}
"""Characters of the patterns."""

_NARROWEST_CAPTION = 18
_BETWEEN = 2


@dataclass(frozen=True, slots=True)
class GridsView:
    """Grids as a Rich renderable, fitted to the width and the colours of the console."""

    picture: Grids

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the title, the bands and the legend."""
        key = Key.of(self.picture)
        coloured = console.color_system in ("256", "truecolor") and not console.no_color
        yield Text(caption(self.picture.title), style="italic")
        for place, band in enumerate(self.picture.bands):
            if place:
                yield Text("")
            blocks = [
                _Block.of(grid, key, options.max_width, coloured, options.ascii_only)
                for grid in band
            ]
            for count, row in enumerate(_rows(blocks, options.max_width)):
                yield from _side_by_side(row, first=not count)
        yield from _legend(key, options)


@dataclass(frozen=True, slots=True)
class _Block:
    """A grid as lines of one width, below its caption.

    Attributes:
        sign: the text on its left.
        title: lines of the caption.
        lines: the labels and the cells.
        width: characters of the widest line.
    """

    sign: str
    title: tuple[str, ...]
    lines: tuple[Text, ...]
    width: int

    @classmethod
    def of(cls, grid: CellGrid, key: Key, most: int, coloured: bool, ascii_only: bool) -> _Block:
        drawn = _Drawn.of(grid, key, most, coloured, ascii_only)
        lines = tuple(drawn.lines())
        for line in lines:
            line.truncate(most, overflow="crop" if ascii_only else "ellipsis")
        width = max((line.cell_len for line in lines), default=0)
        title = textwrap.wrap(caption(grid.title), min(max(width, _NARROWEST_CAPTION), most))
        return cls(
            caption(grid.sign), tuple(title), lines, max([width, *map(cell_len, title)], default=0)
        )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A grid with the width of its cells and its lines.

    Attributes:
        written: whether texts are shown; otherwise a cell is a sign of its shade.
        cell: characters of a cell.
        margin: characters of the labels of the rows.
    """

    grid: CellGrid
    borders: Borders
    cell: int
    written: bool
    margin: int
    coloured: bool

    @classmethod
    def of(cls, grid: CellGrid, key: Key, most: int, coloured: bool, ascii_only: bool) -> _Drawn:
        """Choose the widest cells that fit."""
        borders = Borders.of(grid, key, ascii_only=ascii_only)
        longest = max((cell_len(_flat(text)) for row in texts(grid) for text in row), default=0)
        margin = max((cell_len(label) + 1 for label in grid.rows), default=0)
        fixed = margin + len(borders.columns()) + 2 * len(grid.column_gaps)
        columns = size(grid)[1]
        choices = [(longest + 2, True), (longest + 1, True)] if longest else [(2, False)]
        if longest == 1:  # letters side by side are a text; a pattern takes the letter's place
            choices.append((1, True))
        for cell, written in choices:
            if fixed + cell * columns <= most:
                return cls(grid, borders, cell, written, margin, coloured)
        return cls(grid, borders, 1, False, margin, coloured)

    def lines(self) -> Iterator[Text]:
        """Yield the labels of the columns and the rows, with the lines between them."""
        rows, _ = size(self.grid)
        if any(self.grid.columns):
            yield Text(self._heads(), style="dim", no_wrap=True)
        for row in range(rows):
            if row in self.grid.row_gaps:
                yield self._gap(row)
            if row in self.borders.rows():
                yield self._boundary(row)
            yield self._row(row)
        if rows in self.borders.rows():
            yield self._boundary(rows)

    def _row(self, row: int) -> Text:
        label = self.grid.rows[row] if self.grid.rows else ""
        line = Text(no_wrap=True)
        if self.margin:
            label = set_cell_size(caption(label), self.margin - 1).strip()
            line.append(f"{label:>{self.margin - 1}} ", style="dim")
        separators = self.borders.columns()
        _, columns = size(self.grid)
        for column in range(columns):
            if column in self.grid.column_gaps:
                line.append(".." if self.borders.ascii_only else "… ")
            if column in separators:
                line.append(self.borders.upright(row, column))
            line.append_text(self._cell(row, column))
        if columns in separators:
            line.append(self.borders.upright(row, columns))
        return line

    def _gap(self, row: int) -> Text:
        """Return the line for rows that are left out, with the lines that run through it."""
        separators = self.borders.columns()
        _, columns = size(self.grid)
        sign = ":" if self.borders.ascii_only else "⋮"
        line = " " * self.margin
        for column in range(columns + 1):
            if column in self.grid.column_gaps:
                line += "  "
            if column in separators:
                before, after = (self.borders.upright(at, column) for at in (row - 1, row))
                line += before if before == after else " "
            if column < columns:
                line += f"{sign if column in (0, columns - 1) else '':^{self.cell}}"
        return Text(line, no_wrap=True)

    def _boundary(self, boundary: int) -> Text:
        """Return the line between two rows."""
        separators = self.borders.columns()
        _, columns = size(self.grid)
        line = " " * self.margin
        for column in range(columns):
            if column in self.grid.column_gaps:
                before, after = (
                    self.borders.level(boundary, place) for place in (column - 1, column)
                )
                line += before * 2 if before == after else "  "
            if column in separators:
                line += self.borders.crossing(boundary, column)
            line += self.borders.level(boundary, column) * self.cell
        if columns in separators:
            line += self.borders.crossing(boundary, columns)
        return Text(line, no_wrap=True)

    def _cell(self, row: int, column: int) -> Text:
        pattern = patterns(self.grid).get((row, column))
        fill = _FILLS[pattern] if pattern else " "
        shaded = shade(self.grid.values[row][column], limits(self.grid))
        style = Style()
        if shaded is not None and self.coloured:
            red, green, blue = shaded[1]
            ink = "white" if is_dark(shaded[1]) else "black"
            style = Style.parse(f"{ink} on #{red:02x}{green:02x}{blue:02x}")
        text = _flat(texts(self.grid)[row][column]) if self.written else ""
        if self.cell == 1 and fill != " ":
            text = ""
        if not text:
            return Text(self._sign(fill, shaded and shaded[0]), style=style)
        if cell_len(text) + 2 <= self.cell:
            text = f"{fill}{text}{fill}"
        before = (self.cell - cell_len(text) + 1) // 2
        return Text(set_cell_size(fill * before + text, self.cell), style=style)

    def _sign(self, fill: str, at: float | None) -> str:
        """Return the characters of a cell without text."""
        if fill != " " or self.written:
            return fill * self.cell
        if at is not None:
            return (
                " " * self.cell
                if self.coloured
                else RAMP[min(int(at * len(RAMP)), len(RAMP) - 1)] * self.cell
            )
        return set_cell_size("o" if self.borders.ascii_only else "□", self.cell)

    def _heads(self) -> str:
        """Return the labels of the columns, each above its column if there is room."""
        separators = self.borders.columns()
        line = ""
        start = self.margin
        for column, label in enumerate(self.grid.columns):
            start += 2 * (column in self.grid.column_gaps) + (column in separators)
            label = caption(label)
            wide = cell_len(label)
            at = start + max(0, (self.cell - wide + 1) // 2)
            if at >= cell_len(line) + bool(line.strip()):
                line = set_cell_size(line, at) + label
            start += self.cell
        return line


def _rows(blocks: Sequence[_Block], most: int) -> Iterator[list[_Block]]:
    """Divide the grids of a band into rows that fit."""
    row: list[_Block] = []
    width = 0
    for block in blocks:
        needed = block.width + (_sign_width(block) if row else 0)
        if row and width + needed > most:
            yield row
            row, width, needed = [], 0, block.width
        row.append(block)
        width += needed
    yield row


def _side_by_side(blocks: Sequence[_Block], *, first: bool) -> Iterator[Text]:
    """Yield the lines of grids that stand beside each other."""
    titles = max(len(block.title) for block in blocks)
    tall = max(len(block.lines) for block in blocks)
    if not first and blocks[0].sign:
        yield Text(blocks[0].sign, style="dim")
    for number in range(titles + tall):
        line = Text(no_wrap=True)
        for count, block in enumerate(blocks):
            if count:
                wide = _sign_width(block)
                sign = block.sign if number == titles + tall // 2 else ""
                line.append(f"{sign:^{wide}}")
            line.append_text(_line(block, number, titles, tall))
        yield line


def _line(block: _Block, number: int, titles: int, tall: int) -> Text:
    """Return a line of a grid as wide as the grid: of its caption, of its cells, or empty."""
    if number < titles:
        place = number - titles + len(block.title)
        text = Text(block.title[place] if place >= 0 else "")
    else:
        place = number - titles - (tall - len(block.lines)) // 2
        text = block.lines[place].copy() if 0 <= place < len(block.lines) else Text()
    text.pad_right(block.width - text.cell_len)
    return text


def _sign_width(block: _Block) -> int:
    return cell_len(block.sign) + 2 * _BETWEEN


def _legend(key: Key, options: ConsoleOptions) -> Iterator[Text]:
    borders = Borders({}, {}, options.ascii_only)
    entries = [
        *(f"{borders.sample(place)} {label}" for place, label in enumerate(key.outlines)),
        *(f"{_FILLS[pattern] * 3} {label}" for label, pattern in key.hatchings.items()),
    ]
    if entries:
        lines = textwrap.wrap(
            "   ".join(caption(entry).replace(" ", "\u00a0") for entry in entries),
            options.max_width,
        )
        for line in lines:
            yield Text(line.replace("\u00a0", " "), style="dim")


def _flat(text: str) -> str:
    return text.replace("\n", " ")
