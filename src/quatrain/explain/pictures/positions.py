"""Positions of an axis that a picture shows: all of a short axis, some of a long one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_SHOWN = 20
"""Positions of an axis that are all shown: a picture of them is readable on a page."""

_AROUND = 2
"""Positions shown on each side of a telling one."""

_ENDS = 4
"""Positions shown at each end."""

_SMALLEST_GAP = 3
"""Fewest positions that are left out together; fewer are shown, as the mark needs room too."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Positions of an axis that are shown, in order.

    Attributes:
        positions: the positions, from 0.
    """

    positions: tuple[int, ...]

    @classmethod
    def of(cls, count: int, telling: Iterable[int] = (), most: int = MOST_SHOWN) -> Shown:
        """Return all of `count` positions, or those near the ends and the telling ones.

        Args:
            count: positions of the axis.
            telling: positions where something begins or ends.
            most: the longest axis that is shown whole.
        """
        if count <= most:
            return cls(tuple(range(count)))
        near = {*range(_ENDS), *range(count - _ENDS, count)}
        for position in telling:
            near.update(range(position - _AROUND, position + _AROUND + 1))
        positions: list[int] = []
        for position in sorted(near):
            if not 0 <= position < count:
                continue
            if positions and position - positions[-1] - 1 < _SMALLEST_GAP:
                positions.extend(range(positions[-1] + 1, position))
            positions.append(position)
        return cls(tuple(positions))

    @property
    def gaps(self) -> tuple[int, ...]:
        """Places before which positions are left out."""
        pairs = zip(self.positions, self.positions[1:], strict=False)
        return tuple(place for place, (before, after) in enumerate(pairs, 1) if after != before + 1)

    def places(self, positions: Iterable[int]) -> tuple[int, ...]:
        """Return the places of those positions that are shown."""
        wanted = set(positions)
        return tuple(place for place, position in enumerate(self.positions) if position in wanted)

    def labels(self, before: int = 0) -> tuple[str, ...]:
        """Return the positions as text, counted from `before` positions later."""
        return tuple(str(position - before) for position in self.positions)


def blocks(rows: Sequence[int], columns: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return every cell in one of the rows and one of the columns."""
    return tuple((row, column) for row in rows for column in columns)
