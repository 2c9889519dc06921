"""The colour scale of a heat map, the same in a terminal and in a picture.

The functions take a `Heatmap` and return its limits, the position of a value between them, the
colours there, and abbreviations of its marks.
"""

from __future__ import annotations

import math
from typing import TypeAlias, TypeGuard

from quatrain.records import Heatmap

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, each from 0 to 255."""

SEQUENTIAL: tuple[Colour, ...] = ((222, 232, 241), (126, 163, 196), (23, 57, 92))
"""Colours at equal steps from the first limit to the last.

None is white, because white means no value.
"""

DIVERGING: tuple[Colour, ...] = ((43, 92, 138), (232, 232, 227), (179, 55, 47))
"""Colours at equal steps from the first limit to the last, neutral in the middle."""

RAMP = ".:-=+*#%@"
"""Characters that stand for the colours of `SEQUENTIAL` where there are none."""


def stops(picture: Heatmap) -> tuple[Colour, ...]:
    """Return the colours of a heat map's scale."""
    return DIVERGING if picture.diverging else SEQUENTIAL


def limits(picture: Heatmap) -> tuple[float, float] | None:
    """Return the values of the first and the last colour; None if there are no values.

    The default is the smallest and the largest value; for a diverging scale both limits have
    the same distance from 0, so that the neutral colour is 0.
    """
    if picture.limits is not None:
        return picture.limits
    values = [value for row in picture.values for value in row if is_finite(value)]
    if not values:
        return None
    if picture.diverging:
        greatest = max(map(abs, values))
        return -greatest, greatest
    return min(values), max(values)


def is_finite(value: float | None) -> TypeGuard[float]:
    """Return whether there is a value and it is finite."""
    return value is not None and math.isfinite(value)


def position(value: float, ends: tuple[float, float]) -> float:
    """Return the position of a value between the limits, 0 to 1; 0.5 if they are equal."""
    low, high = ends
    if low == high:
        return 0.5
    return min(1.0, max(0.0, (value - low) / (high - low)))


def colour(at: float, scale: tuple[Colour, ...]) -> Colour:
    """Return the colour at a position from 0 to 1, interpolated between two stops."""
    step = at * (len(scale) - 1)
    before = min(int(step), len(scale) - 2)
    part = step - before
    red, green, blue = (
        round(low + part * (high - low))
        for low, high in zip(scale[before], scale[before + 1], strict=True)
    )
    return red, green, blue


def is_dark(background: Colour) -> bool:
    """Return whether white is more readable on a colour than black, by luma (ITU-R BT.601)."""
    red, green, blue = background
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def abbreviations(picture: Heatmap) -> dict[str, str]:
    """Return mark -> first letter, or an empty dict if two marks start with the same letter."""
    marks = sorted({mark for row in picture.marks for mark in row if mark})
    short = {mark: mark[0] for mark in marks}
    return short if len(set(short.values())) == len(marks) else {}
