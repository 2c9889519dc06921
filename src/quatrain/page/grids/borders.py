"""Outlines of a grid as lines of characters between its cells.

`Borders` knows which boundaries between cells have a line, and the character at every place: light
lines for the first label of a picture, heavy for the second, double for the third.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quatrain.page.grids.cells import Key, edges, size
from quatrain.records import CellGrid, Place

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8

_CHARACTERS = ("│─┌┐└┘├┤┬┴┼", "┃━┏┓┗┛┣┫┳┻╋", "║═╔╗╚╝╠╣╦╩╬", "┆┄┌┐└┘├┤┬┴┼")
"""A line down, a line across, four corners, four branches and a crossing, for each label."""

_ASCII = "|-+++++++++"
"""The same for a terminal without line characters; labels can't be told apart there."""

_PLACE_OF = {
    _UP: 0,
    _DOWN: 0,
    _UP | _DOWN: 0,
    _LEFT: 1,
    _RIGHT: 1,
    _LEFT | _RIGHT: 1,
    _DOWN | _RIGHT: 2,
    _DOWN | _LEFT: 3,
    _UP | _RIGHT: 4,
    _UP | _LEFT: 5,
    _UP | _DOWN | _RIGHT: 6,
    _UP | _DOWN | _LEFT: 7,
    _DOWN | _LEFT | _RIGHT: 8,
    _UP | _LEFT | _RIGHT: 9,
    _UP | _DOWN | _LEFT | _RIGHT: 10,
}
"""Arms of a crossing -> place of the character."""


@dataclass(frozen=True, slots=True)
class Borders:
    """The lines of a grid.

    Attributes:
        down: (row, boundary) -> place of the label, for lines left and right of cells.
        across: (boundary, column) -> place of the label, for lines above and below cells.
        ascii_only: whether the terminal has ASCII characters only.
    """

    down: Mapping[Place, int]
    across: Mapping[Place, int]
    ascii_only: bool

    @classmethod
    def of(cls, grid: CellGrid, key: Key, *, ascii_only: bool) -> Borders:
        """Collect the lines; where two labels share a boundary, the first has it."""
        down: dict[Place, int] = {}
        across: dict[Place, int] = {}
        rows, columns = size(grid)
        for place, label in enumerate(key.outlines):
            for outline in grid.outlines:
                if outline.label != label:
                    continue
                for (row, column), side in edges(outline):
                    if not (row < rows and column < columns):
                        continue
                    match side:
                        case "top":
                            across.setdefault((row, column), place)
                        case "bottom":
                            across.setdefault((row + 1, column), place)
                        case "left":
                            down.setdefault((row, column), place)
                        case _:
                            down.setdefault((row, column + 1), place)
        return cls(down, across, ascii_only)

    def columns(self) -> frozenset[int]:
        """Return the boundaries between columns that need a character."""
        return frozenset(boundary for _, boundary in self.down)

    def rows(self) -> frozenset[int]:
        """Return the boundaries between rows that need a line."""
        return frozenset(boundary for boundary, _ in self.across)

    def upright(self, row: int, boundary: int) -> str:
        """Return the character beside the cells of a row; a space if there is no line."""
        place = self.down.get((row, boundary))
        return " " if place is None else self._character(place, _UP | _DOWN)

    def level(self, boundary: int, column: int) -> str:
        """Return the character above the cells of a row; a space if there is no line."""
        place = self.across.get((boundary, column))
        return " " if place is None else self._character(place, _LEFT | _RIGHT)

    def crossing(self, row_boundary: int, column_boundary: int) -> str:
        """Return the character where two boundaries meet."""
        arms = {
            _UP: self.down.get((row_boundary - 1, column_boundary)),
            _DOWN: self.down.get((row_boundary, column_boundary)),
            _LEFT: self.across.get((row_boundary, column_boundary - 1)),
            _RIGHT: self.across.get((row_boundary, column_boundary)),
        }
        places = [place for place in arms.values() if place is not None]
        if not places:
            return " "
        return self._character(
            min(places), sum(arm for arm, place in arms.items() if place is not None)
        )

    def sample(self, place: int) -> str:
        """Return two characters for the legend."""
        return self._character(place, _DOWN | _RIGHT) + self._character(place, _DOWN | _LEFT)

    def _character(self, place: int, arms: int) -> str:
        characters = _ASCII if self.ascii_only else _CHARACTERS[place % len(_CHARACTERS)]
        return characters[_PLACE_OF[arms]]
