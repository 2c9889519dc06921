"""Small grey images of any size, for convolution and pooling, and kernels to convolve them with.

Pixels are whole numbers from 0, paper, to 9, ink. A picture is defined on the square from -1 to 1,
and sampled at the middle of each pixel, so that it has the same shape at every size.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.records import Grid

Pixels: TypeAlias = NDArray[np.int64]
"""An image or a kernel, shape (size, size)."""

_Field: TypeAlias = NDArray[np.float64]
_Drawing: TypeAlias = Callable[[_Field, _Field], _Field]

INK = 9
"""The largest number of a pixel: one digit, so that it fits a small cell."""

_STROKE = 0.17
"""Half the width of a stroke, where the square is 2 wide."""

_CORE = 1.45
"""Ink at the middle of a stroke; above 1, so that a stroke of one pixel is black."""


def draw_image(kind: str, size: int) -> Pixels:
    """Return a picture of `IMAGES` as pixels, shape (size, size)."""
    middles = (2 * np.arange(size) + 1) / size - 1
    across, down = np.meshgrid(middles, middles)
    ink: Pixels = np.rint(INK * np.clip(_DRAWINGS[kind](across, down), 0, 1)).astype(np.int64)
    return ink


def fit_grid(grid: Grid, size: int) -> Pixels:
    """Return a drawn grid cut or filled up with zeros to shape (size, size)."""
    fitted = np.zeros((size, size), np.int64)
    for row, numbers in enumerate(grid[:size]):
        cut = numbers[:size]
        fitted[row, : len(cut)] = cut
    return fitted


def as_grid(pixels: NDArray[np.generic]) -> Grid:
    """Return an array of two axes as rows of Python's own numbers."""
    return tuple(map(tuple, pixels.tolist()))


def make_kernel(kind: str, size: int) -> Pixels:
    """Return a kernel of `KERNELS`, shape (size, size). At size 1 each of them is a 1."""
    if size == 1:
        return np.ones((1, 1), np.int64)
    kernel = np.ones((size, size), np.int64)
    if kind == "edges":  # Prewitt's operator at size 3
        kernel[:] = np.sign(2 * np.arange(size) - (size - 1))
    elif kind in ("outlines", "sharpen"):
        kernel[:] = -1
        kernel[size // 2, size // 2] = size * size - (kind == "outlines")
    return kernel


def _letter(across: _Field, down: _Field) -> _Field:
    """Return the ink of a Q: an ellipse and a tail."""
    ring = np.abs(np.hypot(1.06 * across, 1.02 * down + 0.08) - 0.66)
    along = np.clip(((across - 0.12) * 0.68 + (down - 0.2) * 0.66) / 0.95, 0, 1)
    tail = np.hypot(across - 0.12 - along * 0.68, down - 0.2 - along * 0.66)
    return _stroke(np.minimum(ring, 1.15 * tail))


def _cross(across: _Field, down: _Field) -> _Field:
    diagonals = np.minimum(np.abs(across - down), np.abs(across + down)) / np.sqrt(2)
    return _stroke(diagonals)


def _edge(across: _Field, _: _Field) -> _Field:
    return (across > 0).astype(float)


def _slope(across: _Field, _: _Field) -> _Field:
    return (across + 1) / 2


def _point(across: _Field, _: _Field) -> _Field:
    """Return the ink of one pixel in the middle; of an even size, the one right and below."""
    size = len(across)
    ink = np.zeros_like(across)
    ink[size // 2, size // 2] = 1
    return ink


def _stroke(distance: _Field) -> _Field:
    """Return the ink at a distance from the middle line of a stroke."""
    return _CORE - distance / _STROKE


_DRAWINGS: dict[str, _Drawing] = {
    "letter": _letter,
    "cross": _cross,
    "edge": _edge,
    "slope": _slope,
    "point": _point,
}

IMAGES = (
    ("letter", "a letter Q"),
    ("cross", "a cross"),
    ("edge", "an upright edge"),
    ("slope", "from light to dark"),
    ("point", "a single point"),
)
"""Pictures: name and label."""

KERNELS = (
    ("edges", "finds upright edges"),
    ("outlines", "finds outlines"),
    ("sum", "adds everything up"),
    ("sharpen", "sharpens"),
)
"""Kernels: name and label."""


def as_python(pixels: Pixels) -> str:
    """Return an image as a list of lists in Python, a line for each row."""
    rows = "\n".join(f"    {row}," for row in pixels.tolist())
    return f"[\n{rows}\n]"
