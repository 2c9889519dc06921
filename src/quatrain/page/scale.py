"""The scale of a heat map: from values to colours, the same in a terminal and in a picture.

In: a `Heatmap`. Out: its limits, the place of a value between them, the colours there, and
short forms of its marks.
"""

from __future__ import annotations

import math
from typing import TypeAlias, TypeGuard

from quatrain.records import Heatmap

Colour: TypeAlias = tuple[int, int, int]

SEQUENTIAL: tuple[Colour, ...] = ((222, 232, 241), (126, 163, 196), (23, 57, 92))
"""Red, green and blue at equal steps from the first limit to the last.

None of them is white, which is no value.
"""

DIVERGING: tuple[Colour, ...] = ((43, 92, 138), (232, 232, 227), (179, 55, 47))
"""The same, with a neutral colour in the middle."""


def stops(picture: Heatmap) -> tuple[Colour, ...]:
    """The colours a heat map runs through."""
    return DIVERGING if picture.diverging else SEQUENTIAL


def limits(picture: Heatmap) -> tuple[float, float] | None:
    """The values of the first and the last colour; None if there is no value at all.

    Where none are given they are the least and the greatest value, and for a diverging scale
    the same distance on both sides of 0, so that the neutral colour is 0.
    """
    if picture.limits is not None:
        return picture.limits
    values = [value for row in picture.values for value in row if known(value)]
    if not values:
        return None
    if picture.diverging:
        greatest = max(map(abs, values))
        return -greatest, greatest
    return min(values), max(values)


def known(value: float | None) -> TypeGuard[float]:
    """Whether there is a value, and it is a finite number."""
    return value is not None and math.isfinite(value)


def share(value: float, ends: tuple[float, float]) -> float:
    """Where `value` is between the limits, from 0 to 1; in the middle if they are equal."""
    low, high = ends
    if low == high:
        return 0.5
    return min(1.0, max(0.0, (value - low) / (high - low)))


def colour(place: float, scale: tuple[Colour, ...]) -> Colour:
    """The colour at a place from 0 to 1, straight between the two stops around it."""
    position = place * (len(scale) - 1)
    before = min(int(position), len(scale) - 2)
    part = position - before
    red, green, blue = (
        round(low + part * (high - low))
        for low, high in zip(scale[before], scale[before + 1], strict=True)
    )
    return red, green, blue


def dark(background: Colour) -> bool:
    """Whether white reads better on it than black: by its luma (ITU-R BT.601)."""
    red, green, blue = background
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def abbreviations(picture: Heatmap) -> dict[str, str]:
    """A mark -> its first letter, if no two marks begin alike; otherwise nothing."""
    marks = sorted({mark for row in picture.marks for mark in row if mark})
    short = {mark: mark[0] for mark in marks}
    return short if len(set(short.values())) == len(marks) else {}
