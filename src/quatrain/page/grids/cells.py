"""The cells of a grid, the same in a terminal and in a picture: texts, shades, patterns, lines.

The functions take a `CellGrid` or a `Grids`. Edges are those between cells inside an outline and
cells outside, from which both draw their lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from quatrain.page.numbers import cell, printable
from quatrain.page.scale import SEQUENTIAL, Colour, colour, is_finite, position
from quatrain.records import CellGrid, Grids, Outline, Place

DIGITS = 3
"""Significant digits of a number in a cell."""

Side: TypeAlias = str
"""A side of a cell: "top", "bottom", "left" or "right"."""

SIDES: dict[Side, Place] = {
    "top": (-1, 0),
    "bottom": (1, 0),
    "left": (0, -1),
    "right": (0, 1),
}
"""The steps to the neighbour on each side."""


@dataclass(frozen=True, slots=True)
class Key:
    """The labels of a picture in the order of their appearance.

    Attributes:
        outlines: labels of the outlines; the place of a label chooses its line.
        hatchings: labels of the hatchings -> pattern.
    """

    outlines: tuple[str, ...]
    hatchings: Mapping[str, str]

    @classmethod
    def of(cls, picture: Grids) -> Key:
        """Collect the labels of all grids of a picture."""
        grids = [grid for band in picture.bands for grid in band]
        outlines = dict.fromkeys(
            outline.label for grid in grids for outline in grid.outlines if outline.cells
        )
        hatchings = {
            hatching.label: hatching.pattern
            for grid in grids
            for hatching in grid.hatchings
            if hatching.cells
        }
        return cls(tuple(outlines), hatchings)


def size(grid: CellGrid) -> tuple[int, int]:
    """Return the number of rows and of columns that are shown."""
    return len(grid.values), len(grid.values[0]) if grid.values else 0


def texts(grid: CellGrid) -> tuple[tuple[str, ...], ...]:
    """Return what is written in each cell; empty cells have an empty text."""
    return tuple(
        tuple("" if value is None else cell(value, DIGITS) for value in row) for row in grid.values
    )


def limits(grid: CellGrid) -> tuple[float, float] | None:
    """Return the numbers of the lightest and the darkest shade; None if nothing is shaded."""
    if not grid.shaded:
        return None
    if grid.limits is not None:
        return grid.limits
    values = [
        value
        for row in grid.values
        for value in row
        if not isinstance(value, str) and is_finite(value)
    ]
    return (min(values), max(values)) if values else None


def shade(
    value: str | float | None, ends: tuple[float, float] | None
) -> tuple[float, Colour] | None:
    """Return the position of a value between the limits and its colour; None for no shade."""
    if ends is None or isinstance(value, str) or not is_finite(value):
        return None
    at = position(value, ends)
    return at, colour(at, SEQUENTIAL)


def patterns(grid: CellGrid) -> dict[Place, str]:
    """Return the pattern of each hatched cell; of two patterns, the first."""
    found: dict[Place, str] = {}
    for hatching in grid.hatchings:
        for place in hatching.cells:
            found.setdefault(place, hatching.pattern)
    return found


def edges(outline: Outline) -> Iterator[tuple[Place, Side]]:
    """Yield the sides of cells inside an outline whose neighbour is outside."""
    inside = set(outline.cells)
    for row, column in sorted(inside):
        for side, (down, right) in SIDES.items():
            if (row + down, column + right) not in inside:
                yield (row, column), side


def caption(text: str) -> str:
    """Return a caption without control characters, on one line."""
    return printable(text, " ")
