"""The windows of a kernel on a text: a row for each window, below the positions it covers.

In: the windows along one axis. Out: a picture. Its rows are those of the matrix that does the same
as the convolution (Dumoulin and Visin 2016, section 4.1).
"""

from __future__ import annotations

from quatrain.explain.arithmetic.axes import Dimension, TransposedWindows
from quatrain.explain.pictures.positions import Shown
from quatrain.explain.pictures.windows import CUT_OFF, UNREACHED, UNSEEN, Axis, outside_label
from quatrain.records import CellGrid, Grids, Hatching, Outline

_MOST_ROWS = 10
"""Windows that are all shown; of more, the first and the last."""

_FIRST, _LAST = 4, 2


def strip(name: str, title: str, dimension: Dimension, *, weights: bool = True) -> Grids:
    """Draw the windows along one axis, one below the other.

    Args:
        name: the name of the picture.
        title: its caption.
        dimension: the windows.
        weights: whether a cell names the kernel's weight; otherwise it names the position.
    """
    if isinstance(dimension, TransposedWindows):
        transposed, unseen, cut = True, UNREACHED, CUT_OFF
    else:
        transposed, unseen, cut = False, UNSEEN, outside_label([dimension])
    axis = Axis.of(dimension)
    rows = _rows(axis.steps)
    columns = axis.shown([0, min(1, axis.steps - 1), axis.steps - 1])
    outside = axis.outside(columns)
    own, other = ("y", "x") if transposed else ("x", "y")

    def position(place: int) -> str:
        if place in outside:
            return "" if transposed or not weights else "0"
        return f"{own}{columns.positions[place] - axis.before}"

    along = tuple(position(place) for place in range(len(columns.positions)))
    values: list[tuple[str | None, ...]] = []
    for step in rows.positions:
        covered = {at: number for number, at in enumerate(axis.covered(step))}
        values.append(_row(covered, columns, along, weights))
    header = len(values) if transposed else 0
    values.insert(header, tuple(text or None for text in along))
    labels = [f"{other}{step}" for step in rows.positions]
    labels.insert(header, "output" if transposed else "input")
    first = 0 if transposed else 1
    outlines = tuple(
        Outline(
            "input, spread over outputs" if transposed else "window",
            tuple((first + row, place) for place in columns.places(axis.covered(step))),
        )
        for row, step in enumerate(rows.positions)
    )
    grid = CellGrid(
        "Each row is an input, each column an output" if transposed else _caption(weights),
        tuple(values),
        rows=tuple(labels),
        row_gaps=tuple(gap + first for gap in rows.gaps),
        column_gaps=columns.gaps,
        hatchings=(
            Hatching(unseen, tuple((header, place) for place in axis.unseen(columns))),
            Hatching(cut, tuple((header, place) for place in outside), "dots"),
        ),
        outlines=outlines,
    )
    return Grids(name, title, ((grid,),))


def _caption(weights: bool) -> str:
    if weights:
        return "Each row is an output: the weights w of the kernel, below the inputs x they meet"
    return "Each row is an output: the inputs x under its window"


def _row(
    covered: dict[int, int], columns: Shown, along: tuple[str, ...], weights: bool
) -> tuple[str | None, ...]:
    """Return the texts under one window."""
    return tuple(
        (f"w{covered[position]}" if weights else along[place]) if position in covered else None
        for place, position in enumerate(columns.positions)
    )


def _rows(count: int) -> Shown:
    """Return the windows that are shown."""
    if count <= _MOST_ROWS:
        return Shown(tuple(range(count)))
    return Shown((*range(_FIRST), *range(count - _LAST, count)))
