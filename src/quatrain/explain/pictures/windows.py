"""The windows of a kernel on an image: the first, the second and the last, and what none sees.

In: `layers.windows.Windows`, or a transposed convolution, along two axes. Out: a picture. Every
position comes from these; nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from quatrain.explain.arithmetic.axes import Dimension, TransposedWindows
from quatrain.explain.pictures.positions import Shown, blocks
from quatrain.layers.windows import Windows
from quatrain.records import CellGrid, Grids, Hatching, Outline, Place

UNSEEN, PADDING, OVERHANG = "never seen", "padding", "outside the input"
UNREACHED, CUT_OFF = "reached by no input", "cut off by the padding"
"""Labels of the patterns."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The positions along one axis that windows start from, end at and cover.

    Positions count from the start of the padding, or of what is cut off.

    Attributes:
        before: positions before the first true one.
        size: true positions.
        length: all positions, with those before and after.
        steps: windows along the axis.
        covered: window -> positions it covers.
        missed: true positions that no window covers, from 0.
    """

    before: int
    size: int
    length: int
    steps: int
    covered: Callable[[int], range]
    missed: tuple[int, ...]

    @classmethod
    def of(cls, dimension: Dimension) -> Axis:
        """Return the axis that windows slide along: the input, or the output if transposed."""

        def covered(step: int) -> range:
            start = step * dimension.stride
            return range(start, start + dimension.extent, dimension.dilation)

        if isinstance(dimension, TransposedWindows):
            steps, size = dimension.size, dimension.outputs
        else:
            steps, size = dimension.outputs, dimension.size
        reach = (steps - 1) * dimension.stride + dimension.extent
        length = max(dimension.before + size, reach)
        if isinstance(dimension, Windows):
            length = max(length, dimension.padded)
        return cls(dimension.before, size, length, steps, covered, dimension.unseen)

    def shown(self, steps: Sequence[int]) -> Shown:
        """Return the positions shown for these windows: the ends of each, and of the input."""
        telling = [self.before, self.before + self.size - 1]
        for step in steps:
            telling += [self.covered(step)[0], self.covered(step)[-1]]
        return Shown.of(self.length, telling)

    def outside(self, shown: Shown) -> tuple[int, ...]:
        """Return the places that show no true position."""
        return tuple(
            place
            for place, position in enumerate(shown.positions)
            if not 0 <= position - self.before < self.size
        )

    def unseen(self, shown: Shown) -> tuple[int, ...]:
        """Return the places of the true positions that no window covers."""
        return shown.places(position + self.before for position in self.missed)


def outside_label(dimensions: Sequence[Windows]) -> str:
    """Return the name of what windows cover outside of the input: with an overhang, not padding."""
    overhangs = any(
        (axis.outputs - 1) * axis.stride + axis.extent > axis.padded for axis in dimensions
    )
    return OVERHANG if overhangs else PADDING


def chosen(steps: Sequence[int], word: str) -> list[tuple[str, tuple[int, ...]]]:
    """Return the first, the second and the last of the windows, with a label each.

    Args:
        steps: windows along each axis.
        word: what a step is: "window" or "input".
    """
    count = prod(steps)
    if count == 1:
        return [(f"the only {word}", (0,) * len(steps))]
    last = tuple(step - 1 for step in steps)
    found = [(f"first {word}", (0,) * len(steps))]
    if count > 2:
        axis = max(axis for axis, step in enumerate(steps) if step > 1)
        found.append((f"second {word}", tuple(int(at == axis) for at in range(len(steps)))))
    return [*found, (f"last {word}", last)]


def sliding_windows(
    name: str, title: str, dimensions: Sequence[Windows], captions: tuple[str, str], sign: str
) -> Grids:
    """Draw the first, the second and the last window on an image, and their outputs.

    Args:
        name: the name of the picture.
        title: its caption.
        dimensions: the windows along the rows and along the columns.
        captions: of the input and of the output.
        sign: what leads from one to the other.
    """
    axes = [Axis.of(dimension) for dimension in dimensions]
    windows = chosen([axis.steps for axis in axes], "window")
    before = image(captions[0], axes, windows, (UNSEEN, outside_label(dimensions)))
    after = steps(captions[1], axes, windows, sign)
    return Grids(name, title, ((before, after),))


def spread_inputs(
    name: str, title: str, dimensions: Sequence[TransposedWindows], captions: tuple[str, str]
) -> Grids:
    """Draw where a transposed convolution spreads its first, second and last input.

    Args:
        name: the name of the picture.
        title: its caption.
        dimensions: the axes, rows and columns.
        captions: of the input and of the output.
    """
    axes = [Axis.of(dimension) for dimension in dimensions]
    inputs = chosen([axis.steps for axis in axes], "input")
    before = steps(captions[0], axes, inputs, "")
    after = image(
        captions[1],
        axes,
        inputs,
        (UNREACHED, CUT_OFF),
        "each input is spread over a kernel, overlaps are added",
    )
    return Grids(name, title, ((before, after),))


def image(
    title: str,
    axes: Sequence[Axis],
    windows: Sequence[tuple[str, tuple[int, ...]]],
    labels: tuple[str, str],
    sign: str = "",
) -> CellGrid:
    """Return the side that windows slide over, with the patterns and the outlines.

    Args:
        title: the caption.
        axes: rows and columns.
        windows: a label and the step along each axis.
        labels: of the positions that no window covers, and of those outside.
        sign: the text on the left.
    """
    rows, columns = (
        axis.shown([step[place] for _, step in windows]) for place, axis in enumerate(axes)
    )
    every = [range(len(shown.positions)) for shown in (rows, columns)]
    outside = [axis.outside(shown) for axis, shown in zip(axes, (rows, columns), strict=True)]
    unseen = [axis.unseen(shown) for axis, shown in zip(axes, (rows, columns), strict=True)]
    inside = [
        [place for place in places if place not in other]
        for places, other in zip(every, outside, strict=True)
    ]
    return CellGrid(
        title,
        tuple((None,) * len(columns.positions) for _ in rows.positions),
        rows=rows.labels(axes[0].before),
        columns=columns.labels(axes[1].before),
        row_gaps=rows.gaps,
        column_gaps=columns.gaps,
        hatchings=(
            Hatching(labels[0], _either(inside, unseen)),
            Hatching(labels[1], _either(every, outside), "dots"),
        ),
        outlines=tuple(
            Outline(
                label,
                blocks(
                    rows.places(axes[0].covered(step[0])), columns.places(axes[1].covered(step[1]))
                ),
            )
            for label, step in windows
        ),
        sign=sign,
    )


def steps(
    title: str,
    axes: Sequence[Axis],
    windows: Sequence[tuple[str, tuple[int, ...]]],
    sign: str,
) -> CellGrid:
    """Return the side that has a cell for every window, the chosen ones outlined."""
    rows, columns = (
        Shown.of(axis.steps, [step[place] for _, step in windows])
        for place, axis in enumerate(axes)
    )
    return CellGrid(
        title,
        tuple((None,) * len(columns.positions) for _ in rows.positions),
        rows=rows.labels(),
        columns=columns.labels(),
        row_gaps=rows.gaps,
        column_gaps=columns.gaps,
        outlines=tuple(
            Outline(label, blocks(rows.places([step[0]]), columns.places([step[1]])))
            for label, step in windows
        ),
        sign=sign,
    )


def _either(every: Sequence[Sequence[int]], some: Sequence[Sequence[int]]) -> tuple[Place, ...]:
    """Return the cells that are in some of the rows or in some of the columns."""
    return tuple(
        (row, column)
        for row in every[0]
        for column in every[1]
        if row in some[0] or column in some[1]
    )
