"""A heat map: values on a grid, shown as colours, with marks in the cells."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quatrain.page.figures.text import (
    INCHES_PER_LETTER,
    SMALL,
    label_step,
    letters,
    literal,
    set_title,
    shortened,
)
from quatrain.page.numbers import number
from quatrain.page.scale import abbreviations, colour, is_dark, is_finite, limits, position, stops
from quatrain.records import Heatmap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes of a heat map in inches.

    Attributes:
        wide, tall: the size of the map itself.
        width, height: the size of the whole picture.
        turned: whether the labels of the columns are turned by 90 degrees.
        longest: letters of the longest column label.
    """

    wide: float
    tall: float
    width: float
    height: float
    turned: bool
    longest: int

    @classmethod
    def of(cls, picture: Heatmap, x: Sequence[str], y: Sequence[str]) -> _Layout:
        """Compute the layout from the labels of the columns and rows."""
        margin = 1.9 + INCHES_PER_LETTER * max(map(len, y), default=0)
        wide = min(max(0.17 * len(x), _mark_width(picture) * len(x), 2.6), 12.0)
        tall = min(max(0.19 * len(y), 0.6), 10.0)
        longest = max(map(len, x), default=0)
        turned = longest > 4 and (longest + 1) * INCHES_PER_LETTER * len(x) > wide
        below = INCHES_PER_LETTER * longest if turned else 0.2
        title = textwrap.wrap(picture.title, letters(wide + margin))
        height = tall + below + 0.5 + 0.17 * len(title)
        return cls(wide, tall, wide + margin, height, turned, longest)


def draw_heatmap(picture: Heatmap, figure: Figure) -> None:
    """Draw a heat map into an empty figure, and set its size."""
    x, y = ([shortened(label) for label in labels] for labels in (picture.x, picture.y))
    layout = _Layout.of(picture, x, y)
    figure.set_size_inches(layout.width, max(layout.height, 1.7))
    axes = figure.add_subplot()
    set_title(axes, picture.title, layout.width)
    axes.set_xlabel(literal(picture.x_label))
    axes.set_ylabel(literal(picture.y_label))
    ends = limits(picture)
    if ends is None or not x:
        axes.set_xticks([])
        axes.set_yticks([])
        axes.text(0.5, 0.5, "no values", ha="center", va="center", transform=axes.transAxes)
        return
    _cells(picture, figure, axes, ends, layout)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=2)
    letter = 0.09 if layout.longest == 1 else INCHES_PER_LETTER * (layout.longest + 1)
    step = label_step(len(x), layout.wide, 0.14 if layout.turned else letter)
    rotation = 90 if layout.turned else 0
    axes.set_xticks(range(0, len(x), step), map(literal, x[::step]), rotation=rotation)
    step = label_step(len(y), layout.tall, 0.13)
    axes.set_yticks(range(0, len(y), step), map(literal, y[::step]))
    if _longest_mark(picture):
        _marks(picture, axes, ends, layout.wide / len(x))


def _cells(
    picture: Heatmap, figure: Figure, axes: Axes, ends: tuple[float, float], layout: _Layout
) -> None:
    """Draw the coloured cells and the colour bar."""
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    colours = LinearSegmentedColormap.from_list(
        "house", [tuple(part / 255 for part in stop) for stop in stops(picture)]
    )
    low, high = ends
    if low == high:  # one colour, the middle one, and a scale around it
        around = abs(low) / 2 or 0.5
        low, high = low - around, high + around
    image = axes.imshow(
        [[value if is_finite(value) else math.nan for value in row] for row in picture.values],
        cmap=colours,
        norm=Normalize(low, high),
        aspect="auto",
        interpolation="nearest",
    )
    values = [value for row in picture.values for value in row if is_finite(value)]
    beyond = (min(values, default=low) < low, max(values, default=high) > high)
    bar = figure.colorbar(
        image,
        ax=axes,
        extend={(True, True): "both", (True, False): "min", (False, True): "max"}.get(
            beyond, "neither"
        ),
        shrink=1.0 if layout.tall < 4 else 0.7,
        fraction=0.05,
        pad=0.02,
        aspect=max(6.0, 5 * min(layout.tall, 4.0)),
    )
    bar.outline.set_visible(False)
    if layout.tall < 1.2:
        bar.set_ticks([low, high], labels=[number(low, 3), number(high, 3)])
    width = max(12, letters(layout.height) - 4)
    bar.set_label(textwrap.fill(literal(picture.value_label), width))


def _marks(picture: Heatmap, axes: Axes, ends: tuple[float, float], cell: float) -> None:
    """Write the marks into the cells, as first letters if they are too wide."""
    short: dict[str, str] = {}
    if _longest_mark(picture) * INCHES_PER_LETTER > cell - 0.06:
        short = abbreviations(picture)
        if not short:
            return
        key = ", ".join(f"{letter} {mark}" for mark, letter in short.items())
        label = picture.x_label
        axes.set_xlabel(literal(f"{label}\n{key}" if label else key))
    for row, (values, marks) in enumerate(zip(picture.values, picture.marks, strict=True)):
        for column, (value, mark) in enumerate(zip(values, marks, strict=True)):
            if not mark:
                continue
            at = position(value, ends) if value is not None and is_finite(value) else None
            white = at is not None and is_dark(colour(at, stops(picture)))
            axes.text(
                column,
                row,
                literal(short.get(mark, mark)),
                ha="center",
                va="center",
                fontsize=SMALL - 0.5,
                color="white" if white else "black",
            )


def _longest_mark(picture: Heatmap) -> int:
    return max((len(mark) for row in picture.marks for mark in row), default=0)


def _mark_width(picture: Heatmap) -> float:
    """Return the width in inches at which marks fit in a cell; 0 if the picture gets too wide."""
    longest = _longest_mark(picture)
    width = INCHES_PER_LETTER * longest + 0.1
    return width if longest and width * len(picture.x) <= 9.0 else 0.0
