"""Grids of cells, side by side: an image and its windows, a matrix times a vector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from quatrain.records.deferred import PictureRepr

Place: TypeAlias = tuple[int, int]
"""A cell by its row and its column among the cells of its grid, both from 0."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A line around cells, such as a window.

    Attributes:
        label: what the line is around; outlines of a picture with one label look the same.
        cells: the cells inside. If they don't touch, there is a line around each part.
    """

    label: str
    cells: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Hatching:
    """A pattern over cells, such as those that no window sees.

    Attributes:
        label: what the pattern means.
        cells: the cells under it.
        pattern: diagonal lines, or dots.
    """

    label: str
    cells: tuple[Place, ...]
    pattern: Literal["lines", "dots"] = "lines"


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Cells in rows, with a caption.

    Attributes:
        title: the caption.
        values: rows of equal length; a number or a text per cell, None for an empty cell.
        shaded: whether a number is also shown by a shade: the larger, the darker.
        limits: the numbers with the lightest and the darkest shade; None: fitted to the values.
        rows, columns: a label per row and per column, such as its position; or empty.
        row_gaps, column_gaps: the rows and the columns before which others are left out.
        hatchings: patterns over cells.
        outlines: lines around cells.
        sign: the text between this grid and the one on its left: "=", "maximum".
    """

    title: str
    values: tuple[tuple[str | int | float | None, ...], ...]
    shaded: bool = False
    limits: tuple[float, float] | None = None
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    row_gaps: tuple[int, ...] = ()
    column_gaps: tuple[int, ...] = ()
    hatchings: tuple[Hatching, ...] = ()
    outlines: tuple[Outline, ...] = ()
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Grids(PictureRepr):
    """A picture of several grids.

    Attributes:
        name: the file name of the picture: short, lower case, with hyphens.
        title: a caption.
        bands: from the top; each has its grids from the left.
    """

    name: str
    title: str
    bands: tuple[tuple[CellGrid, ...], ...]

    def __str__(self) -> str:
        return f"[picture {self.name}] {self.title}"
