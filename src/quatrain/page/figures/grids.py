"""Grids of cells side by side, with patterns, outlines and a legend.

Every mark differs in more than its colour: outlines in their line style, patterns in their form,
so that a print in black and white says the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from quatrain.page.figures.grid_layout import LINE, MARGIN, Layout, Panel, layout
from quatrain.page.figures.text import INCHES_PER_LETTER, NORMAL, SMALL, literal
from quatrain.page.grids.cells import (
    Key,
    caption,
    edges,
    limits,
    patterns,
    shade,
    texts,
)
from quatrain.page.scale import is_dark
from quatrain.records import Grids, Outline, Place

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Segment: TypeAlias = tuple[tuple[float, float], tuple[float, float]]
"""A straight line between two points, in inches."""

_LINES: tuple[tuple[str, Any], ...] = (
    ("#b3372f", "solid"),
    ("#2b5c8a", (0, (3.0, 1.2))),
    ("#4c8055", (0, (1.0, 1.0))),
    ("#c08a2e", (0, (5.0, 1.0, 1.0, 1.0))),
)
"""Colour and line style of the outlines, in the order of their labels."""

_INSET = 0.022
"""Inches between outlines of different labels along the same edge."""

_PAPER = "#ffffff"
_EDGE = "#b8b8b8"
_PATTERN = "#6a6a6a"
_DIAGONALS = 0.05
"""Inches from one diagonal line of a pattern to the next."""

_SAMPLE = 0.22
"""Inches of a sample in the legend."""


def draw_grids(picture: Grids, figure: Figure) -> None:
    """Draw grids into an empty figure, and set its size."""
    key = Key.of(picture)
    plan = layout(picture)
    legend = list(_legend_places(key, plan.width))
    height = plan.height + (legend[-1][2] + LINE + 0.08 if legend else 0.0)
    figure.set_layout_engine("none")
    figure.set_size_inches(plan.width, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, plan.width)
    axes.set_ylim(height, 0)
    _title(axes, plan)
    for panel in plan.panels:
        _cells(axes, panel)
        _patterns(axes, panel)
        _texts(axes, panel)
        for outline in panel.grid.outlines:
            _outline(axes, panel, outline, key)
        _labels(axes, panel)
    for label, left, top in legend:
        _legend_entry(axes, label, (left, plan.height + top), key)


def _title(axes: Axes, plan: Layout) -> None:
    for count, line in enumerate(plan.title):
        axes.text(MARGIN, MARGIN + count * (LINE + 0.02), literal(line), fontsize=NORMAL, va="top")
    for panel in plan.panels:
        for count, line in enumerate(panel.title):
            axes.text(panel.left, panel.top + count * LINE, literal(line), fontsize=SMALL, va="top")
        x, middle = panel.sign_at
        for count, line in enumerate(panel.sign):
            y = middle + (count - (len(panel.sign) - 1) / 2) * LINE
            axes.text(x, y, literal(line), fontsize=SMALL, ha="center", va="center")


def _cells(axes: Axes, panel: Panel) -> None:
    """Draw the cells, shaded by their numbers."""
    from matplotlib.collections import PolyCollection

    ends = limits(panel.grid)
    corners, colours = [], []
    for row, (top, tall) in enumerate(panel.rows):
        for column, (left, wide) in enumerate(panel.columns):
            right, bottom = left + wide, top + tall
            corners.append([(left, top), (right, top), (right, bottom), (left, bottom)])
            shaded = shade(panel.grid.values[row][column], ends)
            colours.append(_PAPER if shaded is None else tuple(part / 255 for part in shaded[1]))
    thin = 0.5 if panel.columns and panel.columns[0][1] > 0.1 else 0.25
    axes.add_collection(
        PolyCollection(corners, facecolors=colours, edgecolors=_EDGE, linewidths=thin),
        autolim=False,
    )


def _patterns(axes: Axes, panel: Panel) -> None:
    lines: list[Segment] = []
    dots: list[tuple[float, float]] = []
    for (row, column), pattern in sorted(patterns(panel.grid).items()):
        (left, wide), (top, tall) = panel.columns[column], panel.rows[row]
        if pattern == "lines":
            lines += _diagonals(left, top, wide, tall)
        else:
            dots += _dots(left, top, wide, tall)
    _draw_patterns(axes, lines, dots)


def _draw_patterns(
    axes: Axes, lines: Sequence[Segment], dots: Sequence[tuple[float, float]]
) -> None:
    from matplotlib.collections import LineCollection

    if lines:
        axes.add_collection(LineCollection(lines, colors=_PATTERN, linewidths=0.6), autolim=False)
    if dots:
        axes.plot(
            *zip(*dots, strict=True),
            linestyle="",
            marker="o",
            markersize=1.1,
            markeredgewidth=0,
            color=_PATTERN,
        )


def _diagonals(left: float, top: float, wide: float, tall: float) -> Iterator[Segment]:
    """Yield lines that rise to the right, clipped to a cell, in step with all other cells."""
    first = int((left + top) / _DIAGONALS) + 1
    last = int((left + wide + top + tall) / _DIAGONALS)
    for number in range(first, last + 1):
        total = number * _DIAGONALS  # x + y along the line
        low, high = max(left, total - top - tall), min(left + wide, total - top)
        if high > low:
            yield (low, total - low), (high, total - high)


def _dots(left: float, top: float, wide: float, tall: float) -> Iterator[tuple[float, float]]:
    """Yield a dot in a small cell, or one near each corner of a large one, beside its text."""
    if min(wide, tall) < 0.14:
        yield left + wide / 2, top + tall / 2
        return
    for across in (0.16, 0.84):
        for down in (0.16, 0.84):
            yield left + wide * across, top + tall * down


def _texts(axes: Axes, panel: Panel) -> None:
    """Write into the cells, on white where a pattern is."""
    if not panel.points:
        return
    ends = limits(panel.grid)
    hatched = patterns(panel.grid)
    for row, cells in enumerate(texts(panel.grid)):
        for column, text in enumerate(cells):
            if not text:
                continue
            (left, wide), (top, tall) = panel.columns[column], panel.rows[row]
            shaded = shade(panel.grid.values[row][column], ends)
            below = None
            if hatched.get((row, column)) == "lines":
                colour = _PAPER if shaded is None else tuple(part / 255 for part in shaded[1])
                below = {"boxstyle": "square,pad=0.1", "facecolor": colour, "linewidth": 0}
            axes.text(
                left + wide / 2,
                top + tall / 2,
                literal(text),
                fontsize=panel.points,
                ha="center",
                va="center",
                color="white" if shaded is not None and is_dark(shaded[1]) else "black",
                bbox=below,
                linespacing=1.2,
            )


def _outline(axes: Axes, panel: Panel, outline: Outline, key: Key) -> None:
    """Draw a line around cells, a little inside or outside of those of other labels."""
    place = key.outlines.index(outline.label) if outline.cells else 0
    inset = (place - (len(key.outlines) - 1) / 2) * _INSET
    _draw_line(axes, list(_joined(_segments(panel, outline, inset))), place)


def _draw_line(axes: Axes, segments: Sequence[Segment], place: int) -> None:
    from matplotlib.collections import LineCollection

    colour, style = _LINES[place % len(_LINES)]
    axes.add_collection(
        LineCollection(
            segments,
            colors=colour,
            linewidths=1.6,
            linestyles=[style],
            capstyle="projecting" if style == "solid" else "butt",
        ),
        autolim=False,
    )


def _segments(panel: Panel, outline: Outline, inset: float) -> Iterator[Segment]:
    """Yield the edges of an outline, moved inwards and joined at its corners."""
    inside = set(outline.cells)
    for (row, column), side in edges(outline):
        (left, wide), (top, tall) = panel.columns[column], panel.rows[row]
        right, bottom = left + wide, top + tall
        if side in ("top", "bottom"):
            step = -1 if side == "top" else 1
            y = top + inset if side == "top" else bottom - inset
            begin = _end(left, inset, (row, column), (0, -1), (step, 0), inside)
            end = _end(right, -inset, (row, column), (0, 1), (step, 0), inside)
            if (row, column + 1) in inside and column + 1 < len(panel.columns):
                end = max(end, panel.columns[column + 1][0])
            yield (begin, y), (end, y)
        else:
            step = -1 if side == "left" else 1
            x = left + inset if side == "left" else right - inset
            begin = _end(top, inset, (row, column), (-1, 0), (0, step), inside)
            end = _end(bottom, -inset, (row, column), (1, 0), (0, step), inside)
            if (row + 1, column) in inside and row + 1 < len(panel.rows):
                end = max(end, panel.rows[row + 1][0])
            yield (x, begin), (x, end)


def _end(
    at: float, inset: float, cell: Place, along: Place, across: Place, inside: set[Place]
) -> float:
    """Return the end of an edge: shorter at a convex corner, longer at a concave one."""
    row, column = cell
    if (row + along[0], column + along[1]) not in inside:
        return at + inset
    if (row + along[0] + across[0], column + along[1] + across[1]) in inside:
        return at - inset
    return at


def _joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    """Join the segments that touch on one line, so that dashes run through."""
    lines: dict[tuple[bool, float], list[tuple[float, float]]] = defaultdict(list)
    for (x, y), (other, below) in segments:
        level = y == below
        key = (level, round(y if level else x, 4))
        lines[key].append((x, other) if level else (y, below))
    for (level, at), pieces in sorted(lines.items()):
        pieces.sort()
        begin, end = pieces[0]
        for low, high in [*pieces[1:], (float("inf"), 0.0)]:
            if low <= end + 1e-6:
                end = max(end, high)
                continue
            yield ((begin, at), (end, at)) if level else ((at, begin), (at, end))
            begin, end = low, high


def _labels(axes: Axes, panel: Panel) -> None:
    """Write the labels of rows and columns, as many as fit, and mark the gaps."""
    grid = panel.grid
    if not panel.rows or not panel.columns:
        return
    top, left = panel.rows[0][0], panel.columns[0][0]
    for place in _chosen(grid.columns, panel.columns, grid.column_gaps, turned=False):
        start, wide = panel.columns[place]
        axes.text(
            start + wide / 2,
            top - 0.06,
            literal(caption(grid.columns[place])),
            fontsize=SMALL - 1.5,
            ha="center",
            va="bottom",
        )
    for place in _chosen(grid.rows, panel.rows, grid.row_gaps, turned=True):
        start, tall = panel.rows[place]
        axes.text(
            left - 0.07,
            start + tall / 2,
            literal(caption(grid.rows[place])),
            fontsize=SMALL - 1.5,
            ha="right",
            va="center",
        )
    # The marks of both kinds of gaps are in the first block, so that they don't meet.
    across = _middle(panel.columns, grid.column_gaps)
    down = _middle(panel.rows, grid.row_gaps)
    for gap in grid.column_gaps:
        before, after = sum(panel.columns[gap - 1]), panel.columns[gap][0]
        axes.text((before + after) / 2, down, "…", ha="center", va="center")
    for gap in grid.row_gaps:
        before, after = sum(panel.rows[gap - 1]), panel.rows[gap][0]
        axes.text(across, (before + after) / 2, "…", ha="center", va="center", rotation=90)


def _middle(places: Sequence[tuple[float, float]], gaps: Sequence[int]) -> float:
    """Return the middle of the rows or columns before the first gap."""
    last = places[min(gaps, default=len(places)) - 1]
    return (places[0][0] + sum(last)) / 2


def _chosen(
    labels: Sequence[str],
    places: Sequence[tuple[float, float]],
    gaps: Sequence[int],
    *,
    turned: bool,
) -> list[int]:
    """Return which labels fit: the ends and those beside a gap first, then at equal steps."""
    if not any(labels):
        return []
    longest = max(map(len, labels))
    room = 0.1 if turned else longest * (INCHES_PER_LETTER - 0.015) + 0.04
    ends = [0, len(labels) - 1, *(place for gap in gaps for place in (gap, gap - 1))]
    side = places[0][1]
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if step * side >= room or step == 100)
    chosen: list[int] = []
    for place in dict.fromkeys((*ends, *range(0, len(labels), step))):
        if all(abs(places[place][0] - places[other][0]) >= room for other in chosen):
            chosen.append(place)
    return sorted(chosen)


def _legend_places(key: Key, width: float) -> Iterator[tuple[str, float, float]]:
    """Yield each label with its corner, in lines as wide as the picture."""
    left, top = MARGIN, 0.0
    for label in (*key.outlines, *key.hatchings):
        needed = _SAMPLE + 0.08 + len(label) * INCHES_PER_LETTER + 0.15
        if left > MARGIN and left + needed > width:
            left, top = MARGIN, top + LINE + 0.07
        yield label, left, top
        left += needed


def _legend_entry(axes: Axes, label: str, corner: tuple[float, float], key: Key) -> None:
    from matplotlib.patches import Rectangle

    left, top = corner
    height = LINE - 0.01
    if label in key.hatchings:
        axes.add_patch(
            Rectangle(corner, _SAMPLE, height, facecolor=_PAPER, edgecolor=_EDGE, linewidth=0.5)
        )
        if key.hatchings[label] == "lines":
            _draw_patterns(axes, list(_diagonals(left, top, _SAMPLE, height)), [])
        else:
            _draw_patterns(axes, [], list(_dots(left, top, _SAMPLE, height)))
    else:
        right, bottom = left + _SAMPLE, top + height
        around: list[Segment] = [
            ((left, top), (right, top)),
            ((left, bottom), (right, bottom)),
            ((left, top), (left, bottom)),
            ((right, top), (right, bottom)),
        ]
        _draw_line(axes, around, key.outlines.index(label))
    axes.text(
        left + _SAMPLE + 0.07,
        top + height / 2,
        literal(caption(label)),
        fontsize=SMALL,
        va="center",
    )
