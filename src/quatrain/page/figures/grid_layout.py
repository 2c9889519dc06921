"""Places of the grids of a picture, in inches: cells, captions, labels, signs.

In: `records.Grids`. Out: a `Layout`, from which `grids` draws. The origin is at the top left.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from quatrain.page.figures.text import INCHES_PER_LETTER, letters
from quatrain.page.grids.cells import caption, size, texts
from quatrain.records import CellGrid, Grids

WIDEST = 7.0
"""Inches of a picture at most, the width of a page's text and a little more."""

LINE = 0.15
"""Inches from one line of small text to the next."""

MARGIN = 0.12

_TALLEST = 5.0
"""Inches of a band at most."""

_CELL = 0.2
_TEXT_CELL = 0.28
"""Inches of a cell's side without and with text, before it is made to fit."""

_GAP = 0.6
"""Width of a gap where cells are left out, in cells."""

_CAPTIONS = (1.5, 1.15, 0.8)
"""Inches of a caption over a narrower grid, tried in order until the cells have their full size."""

_NEARLY_FULL = 0.95
_SMALLEST_SCALE = 0.3
"""Factor below which cells are not made smaller: the picture gets wider instead."""

_SIGN_LETTERS = 12
_BETWEEN = 0.22
"""Inches between grids of a band, on each side of a sign, and between bands."""

_SMALLEST_TEXT = 5.0
"""Points below which a text in a cell is left out."""

_LARGEST_TEXT = 8.0
_POINTS_PER_INCH = 72
_LETTER_WIDTH = 0.62
"""Width of a digit in font sizes, with a little space."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A grid with its caption, its labels and the sign on its left.

    Attributes:
        grid: the grid.
        sign: lines of the sign.
        sign_at: centre of the sign.
        title: lines of the caption.
        left, top: corner of the caption.
        columns, rows: the left edge and the width of each column, the top and the height of each
            row.
        points: font size of the texts in the cells; 0 if they don't fit.
    """

    grid: CellGrid
    sign: tuple[str, ...]
    sign_at: tuple[float, float]
    title: tuple[str, ...]
    left: float
    top: float
    columns: tuple[tuple[float, float], ...]
    rows: tuple[tuple[float, float], ...]
    points: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The panels of a picture, and its size.

    Attributes:
        panels: all grids, band by band.
        title: lines of the title.
        width, height: size without the legend.
    """

    panels: tuple[Panel, ...]
    title: tuple[str, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Measure:
    """Sizes of one grid before it has a place.

    Attributes:
        cell: width and height of a cell at full size.
        across, down: cells and gaps of the grid, in cells.
        labels: width of the labels of the rows.
        heads: height of the labels of the columns.
        caption: width of the caption at least.
    """

    grid: CellGrid
    cell: tuple[float, float]
    across: float
    down: float
    labels: float
    heads: float
    caption: float

    @classmethod
    def of(cls, grid: CellGrid, narrowest: float) -> _Measure:
        rows, columns = size(grid)
        longest, lines = _longest(grid)
        cell = (_CELL, _CELL)
        if longest:
            width = max(_TEXT_CELL, INCHES_PER_LETTER * longest + 0.1)
            cell = (width, max(_TEXT_CELL, LINE * lines + 0.1))
        return cls(
            grid,
            cell,
            columns + _GAP * len(grid.column_gaps),
            rows + _GAP * len(grid.row_gaps),
            max((INCHES_PER_LETTER * len(label) + 0.08 for label in grid.rows), default=0.0),
            LINE + 0.02 if any(grid.columns) else 0.0,
            narrowest,
        )

    def title(self, scale: float) -> tuple[str, ...]:
        """Return the lines of the caption, as wide as the grid or a little wider."""
        width = max(self.labels + self.cell[0] * self.across * scale, self.caption)
        count = max(int(width / INCHES_PER_LETTER), 8)
        return tuple(textwrap.wrap(caption(self.grid.title), count))

    def width(self, scale: float) -> float:
        """Return the width of the caption or the grid with its labels, whichever is wider."""
        longest = max((len(line) for line in self.title(scale)), default=0)
        return max(
            self.labels + self.cell[0] * self.across * scale, longest * INCHES_PER_LETTER * 0.98
        )

    def height(self, scale: float) -> float:
        """Return the height of the cells."""
        return self.cell[1] * self.down * scale


def layout(picture: Grids) -> Layout:
    """Place the grids of a picture: all with cells of one scale, at most `WIDEST` wide."""
    for narrowest in _CAPTIONS:
        bands = [[_Measure.of(grid, narrowest) for grid in band] for band in picture.bands]
        scale = min((_scale(band) for band in bands), default=1.0)
        if scale >= _NEARLY_FULL:
            break
    width = max((_band_width(band, scale) for band in bands), default=0.0) + 2 * MARGIN
    width = max(width, 3.4)
    title = tuple(textwrap.wrap(caption(picture.title), letters(width)))
    top = MARGIN + (LINE + 0.02) * len(title) + 0.1
    panels: list[Panel] = []
    for band in bands:
        above = max(LINE * len(measure.title(scale)) + measure.heads for measure in band) + 0.04
        signs = LINE * max(len(sign_lines(measure.grid)) for measure in band)
        tall = max(signs, *(measure.height(scale) for measure in band))
        panels += _placed(band, scale, top, above, tall)
        top += above + tall + _BETWEEN
    return Layout(tuple(panels), title, width, top - _BETWEEN + MARGIN)


def sign_lines(grid: CellGrid) -> tuple[str, ...]:
    """Return the sign on the left of a grid, in short lines."""
    return tuple(textwrap.wrap(caption(grid.sign), _SIGN_LETTERS))


def _placed(
    band: Sequence[_Measure], scale: float, top: float, above: float, tall: float
) -> Iterator[Panel]:
    """Yield the panels of a band: cells centred, captions right above them."""
    left = MARGIN
    for count, measure in enumerate(band):
        sign = sign_lines(measure.grid)
        sign_at = (left, top + above + tall / 2)
        if count:
            wide = _sign_width(measure.grid)
            sign_at = (left + wide / 2, top + above + tall / 2)
            left += wide
        rows, columns = size(measure.grid)
        title = measure.title(scale)
        first = top + above + (tall - measure.height(scale)) / 2
        begin = left + measure.labels
        yield Panel(
            measure.grid,
            sign if count else (),
            sign_at,
            title,
            left,
            first - measure.heads - 0.04 - LINE * len(title),
            _places(columns, measure.grid.column_gaps, begin, measure.cell[0] * scale),
            _places(rows, measure.grid.row_gaps, first, measure.cell[1] * scale),
            _points(measure, scale),
        )
        left += measure.width(scale)


def _places(
    count: int, gaps: Sequence[int], begin: float, side: float
) -> tuple[tuple[float, float], ...]:
    """Return the start and the length of each row or column."""
    steps = [side + (_GAP * side if place in gaps else 0.0) for place in range(1, count)]
    first = begin + (_GAP * side if 0 in gaps else 0.0)
    return tuple((start, side) for start in accumulate(steps, initial=first))[:count]


def _scale(band: Sequence[_Measure]) -> float:
    """Return the factor at which a band fits the page; 1 at most."""
    scale = min(1.0, _TALLEST / max(max(measure.height(1.0) for measure in band), 1e-9))
    while scale > _SMALLEST_SCALE and _band_width(band, scale) > WIDEST - 2 * MARGIN:
        scale *= 0.97
    return scale


def _band_width(band: Sequence[_Measure], scale: float) -> float:
    signs = sum(_sign_width(measure.grid) for measure in band[1:])
    return signs + sum(measure.width(scale) for measure in band)


def _sign_width(grid: CellGrid) -> float:
    longest = max(map(len, sign_lines(grid)), default=0)
    return longest * INCHES_PER_LETTER + _BETWEEN


def _longest(grid: CellGrid) -> tuple[int, int]:
    """Return the letters of the longest line in a cell, and the most lines in one."""
    cells = [text.split("\n") for row in texts(grid) for text in row]
    letters_ = max((len(line) for lines in cells for line in lines), default=0)
    return letters_, max(map(len, cells), default=1)


def _points(measure: _Measure, scale: float) -> float:
    """Return the font size at which the longest text fits its cell; 0 if it is too small."""
    longest, lines = _longest(measure.grid)
    if not longest:
        return 0.0
    width, height = (side * scale * _POINTS_PER_INCH for side in measure.cell)
    points = min(width / (longest * _LETTER_WIDTH + 0.3), height / (lines * 1.35), _LARGEST_TEXT)
    return points if points >= _SMALLEST_TEXT else 0.0
