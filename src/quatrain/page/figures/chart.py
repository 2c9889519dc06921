"""A chart: curves over a common axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from quatrain.page.figures.text import literal, set_title
from quatrain.page.scale import is_finite
from quatrain.records import Chart

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LINES = ("#2b5c8a", "#b3372f", "#8a8a8a", "#4c8055", "#c08a2e", "#6d5087")
_DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))
"""Colours and line styles of the curves; styles tell them apart in print without colours."""

_GRID = "#e5e5e5"
_FEW_POINTS = 24


def draw_chart(chart: Chart, figure: Figure) -> None:
    """Draw a chart into an empty figure, and set its size."""
    figure.set_size_inches(7.0, 4.2)
    axes = figure.add_subplot()
    positive = False
    for count, (name, curve) in enumerate(chart.curves.items()):
        values = [value if is_finite(value) else math.nan for value in curve]
        positive = positive or any(value > 0 for value in values)
        axes.plot(
            chart.x,
            values,
            color=_LINES[count % len(_LINES)],
            linestyle=_DASHES[count % len(_DASHES)],
            marker="." if len(chart.x) <= _FEW_POINTS or _scattered(values) else "",
            label=literal(name),
        )
    if chart.logarithmic and positive:
        axes.set_yscale("log", nonpositive="mask")
    axes.grid(color=_GRID, linewidth=0.6)
    set_title(axes, chart.title, 7.0)
    axes.set_xlabel(literal(chart.x_label))
    axes.set_ylabel(literal(chart.y_label))
    if len(chart.curves) > len(_LINES):
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    elif len(chart.curves) > 1 or set(chart.curves) - {chart.y_label}:
        axes.legend(frameon=False)


def _scattered(values: Sequence[float]) -> bool:
    """Return whether a point has gaps on both sides, where a line would not show it."""
    padded = [math.nan, *values, math.nan]
    return any(
        math.isnan(before) and not math.isnan(value) and math.isnan(after)
        for before, value, after in zip(padded, padded[1:], padded[2:], strict=False)
    )
