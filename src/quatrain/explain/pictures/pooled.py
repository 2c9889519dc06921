"""Numbers, their pooling and its gradient, side by side.

In: matrices that the layers in `layers.pooling` computed. Out: pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quatrain.explain.arithmetic.matrix import Numbers
from quatrain.explain.pictures.positions import Shown, blocks
from quatrain.explain.pictures.windows import UNSEEN, Axis, chosen, outside_label
from quatrain.layers.windows import Windows
from quatrain.records import CellGrid, Grids, Hatching, Outline

RULES = {"max": "maximum of each window", "average": "mean of each window"}
BACK = {"max": "to each maximum", "average": "evenly to each window"}
"""Signs between an image and its result, and between the gradients of both."""


def pooled(
    title: str,
    kind: str,
    numbers: Numbers,
    result: Numbers,
    gradients: tuple[Numbers, Numbers],
    dimensions: Sequence[Windows],
) -> Grids:
    """Draw a matrix with its windows, the result, and the gradients of both.

    Args:
        title: of the picture.
        kind: "max" or "average".
        numbers: the matrix, shape (rows, columns).
        result: what pooling makes of it, shape (windows down, windows across).
        gradients: of the result and of the matrix, in their shapes.
        dimensions: the windows along the rows and along the columns.
    """
    axes = [Axis.of(dimension) for dimension in dimensions]
    windows = chosen([axis.steps for axis in axes], "window")
    seen = [axis.shown([step[at] for _, step in windows]) for at, axis in enumerate(axes)]
    results = [
        Shown.of(axis.steps, [step[at] for _, step in windows]) for at, axis in enumerate(axes)
    ]
    outside = outside_label(dimensions)
    ends = (float(numbers.min()), float(numbers.max()))
    at_results = tuple(
        Outline(label, blocks(results[0].places([step[0]]), results[1].places([step[1]])))
        for label, step in windows
    )
    at_windows = tuple(
        Outline(
            label,
            blocks(
                seen[0].places(axes[0].covered(step[0])), seen[1].places(axes[1].covered(step[1]))
            ),
        )
        for label, step in windows
    )
    matrix_rows = (
        (
            _on_axes("Matrix", numbers, axes, seen, outside, at_windows, ends),
            _cells("Result", result, results, at_results, RULES[kind], ends),
        ),
        (
            _on_axes("Gradient of the matrix", gradients[1], axes, seen, outside, (), None),
            _cells(
                "Gradient of the result", gradients[0], results, (), f"goes back {BACK[kind]}", None
            ),
        ),
    )
    return Grids("pooling", title, matrix_rows)


def corners(
    names: Sequence[str],
    images: Numbers,
    results: dict[str, Numbers],
    gradients: dict[str, Numbers],
) -> Grids:
    """Draw images with both poolings and the gradients through them, a band for each image.

    Args:
        names: of the images.
        images: shape (images, rows, columns).
        results: "average" and "max" -> the pooled images.
        gradients: "average" and "max" -> the gradients of the images, in their shape.
    """
    return Grids(
        "pooling-corners",
        "Four images through average and max pooling, and the gradient back through each",
        tuple(
            (
                _plain(f"Image, {name}", images[at], ""),
                _plain("Average pooling", results["average"][at], "mean"),
                _plain("Its gradient", gradients["average"][at], "back"),
                _plain("Max pooling", results["max"][at], "max"),
                _plain("Its gradient", gradients["max"][at], "back"),
            )
            for at, name in enumerate(names)
        ),
    )


def _plain(title: str, numbers: Numbers, sign: str) -> CellGrid:
    values = tuple(tuple(row) for row in numbers.tolist())
    return CellGrid(title, values, shaded=True, limits=(0.0, 1.0), sign=sign)


def _on_axes(
    title: str,
    numbers: Numbers,
    axes: Sequence[Axis],
    seen: Sequence[Shown],
    outside: str,
    outlines: tuple[Outline, ...],
    ends: tuple[float, float] | None,
) -> CellGrid:
    """Return a matrix with the padding around it, and the cells that no window covers."""
    inside = [
        [place for place in range(len(shown.positions)) if place not in set(axis.outside(shown))]
        for axis, shown in zip(axes, seen, strict=True)
    ]
    unseen = [set(axis.unseen(shown)) for axis, shown in zip(axes, seen, strict=True)]
    true = set(blocks(*inside))
    every = blocks(*(range(len(shown.positions)) for shown in seen))
    values = [[None] * len(seen[1].positions) for _ in seen[0].positions]
    found: list[list[float | None]] = [list(row) for row in values]
    for row, column in true:
        place = seen[0].positions[row] - axes[0].before, seen[1].positions[column] - axes[1].before
        found[row][column] = float(numbers[place])
    return CellGrid(
        title,
        tuple(map(tuple, found)),
        shaded=True,
        limits=ends,
        rows=seen[0].labels(axes[0].before),
        columns=seen[1].labels(axes[1].before),
        row_gaps=seen[0].gaps,
        column_gaps=seen[1].gaps,
        hatchings=(
            Hatching(
                UNSEEN,
                tuple(
                    cell for cell in sorted(true) if cell[0] in unseen[0] or cell[1] in unseen[1]
                ),
            ),
            Hatching(outside, tuple(cell for cell in every if cell not in true), "dots"),
        ),
        outlines=outlines,
    )


def _cells(
    title: str,
    numbers: Numbers,
    shown: Sequence[Shown],
    outlines: tuple[Outline, ...],
    sign: str,
    ends: tuple[float, float] | None,
) -> CellGrid:
    part = numbers[np.ix_(shown[0].positions, shown[1].positions)]
    return CellGrid(
        title,
        tuple(tuple(row) for row in part.tolist()),
        shaded=True,
        limits=ends,
        rows=shown[0].labels(),
        columns=shown[1].labels(),
        row_gaps=shown[0].gaps,
        column_gaps=shown[1].gaps,
        outlines=outlines,
        sign=sign,
    )
