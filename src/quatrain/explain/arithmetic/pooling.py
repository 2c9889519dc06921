"""Pooling explained: its shapes, its numbers and their way back, and what it forgets.

In: sizes, or a matrix of numbers. Out: an `Explanation`, next room `page`. Every number comes
from the layers in `layers.pooling`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from math import prod
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.axes import (
    FLOAT32,
    number,
    output_sizes,
    sizes_as_symbols,
    sizes_of,
    unseen,
    windows_of,
    written,
)
from quatrain.explain.arithmetic.expression import Symbol, product, shape, wrap
from quatrain.explain.arithmetic.matrix import (
    Numbers,
    as_matrix,
    entries,
    in_padding,
    matrix_part,
    span,
)
from quatrain.layers.pooling import AveragePool1d, AveragePool2d, MaxPool1d, MaxPool2d
from quatrain.layers.windows import Padding, PerAxis, Windows
from quatrain.records import Cell, Explanation, Formula, Heading, Note, Part, Table

Kind: TypeAlias = Literal["max", "average"]

WINDOWS = 24
"""Windows whose numbers are shown one by one."""

MOST_STEPS = 5 * 10**8
"""Numbers in all windows together that a gradient is taken through: some seconds."""

_LOST = " The difference goes to the padding, which has no use for it."
_TITLE = {"max": "Max pooling", "average": "Average pooling"}


def pooling(
    inputs: tuple[int, ...],
    *,
    kind: Kind = "max",
    window: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_padding: bool = True,
) -> Explanation:
    """Why a pooling has its shape, and what it costs.

    Args:
        inputs: (length, channels) or (height, width, channels).
        kind: "max" or "average".
        window: positions of a window, one number or one per axis.
        stride: steps from one window to the next; by default the window.
        padding: "valid", "same", a number, or for each axis a number or a pair (before, after).
        ceil_mode: whether a last window may hang over the end.
        count_padding: whether padding counts in an average.

    Returns:
        Formulas named "total" (parameters, none), "output height" and "output width", or
        "output height and width" where the axes agree; "output shape", "share of the numbers
        kept", "comparisons" or "additions" and "divisions", "memory of the output" (bytes in
        float32). Notes say what is never seen, and why.

    Raises:
        SettingsError: a number is too small, too large or not whole, the window is wider than
            the padded input, the padding as wide as the window, or the kind unknown.
    """
    axes, sizes, channels = sizes_of("pooling", inputs)
    window = windows_of("pooling", "window", window, axes)
    layer = layer_of(len(axes), kind, window, stride, padding, ceil_mode, count_padding)
    windows = layer.windows(*sizes)
    maps = Symbol("channels", channels)
    before = (*sizes_as_symbols("input", windows, sizes), maps)
    after = (*sizes_as_symbols("output", windows, [line.outputs for line in windows]), maps)
    under = product(*sizes_as_symbols("window", windows, window))
    kept = number("output numbers", product(*after)) / number("input numbers", product(*before))
    parts: list[Part] = [
        Heading("Parameters"),
        Formula("total", "", "", 0),
        Note("Why so many parameters: nothing is learned; the window is a rule, not a weight."),
        Heading("Shape"),
        *output_sizes(windows, "window"),
        *unseen(windows),
        shape("output shape", *after),
        kept.formula("share of the numbers kept"),
        Heading("Work and memory"),
    ]
    if kind == "max":
        parts.append(product(*after, under - 1).formula("comparisons"))
    else:
        parts.append(product(*after, under - 1).formula("additions"))
        parts.append(product(*after).formula("divisions"))
    if any(line.before or line.after or line.ceil_mode for line in windows):
        parts.append(Note("Windows at the edge hold less; they are counted as full ones."))
    return Explanation(
        f"{_TITLE[kind]} of {written(before)} with windows of {' x '.join(map(str, window))}",
        (
            *parts,
            product(FLOAT32, *after).formula("memory of the output", "bytes"),
            Heading("Why"),
            Note(
                "Why this shape: every window becomes one number, in each channel by itself; "
                f"{' x '.join(str(line.outputs) for line in windows)} windows fit."
            ),
            Note(_gradient_in_words(kind)),
        ),
    )


def pooling_of(
    matrix: ArrayLike,
    *,
    kind: Kind = "max",
    window: PerAxis = 2,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_padding: bool = True,
    gradient: ArrayLike | None = None,
) -> Explanation:
    """A matrix pooled before one's eyes, and the gradient on its way back.

    Args:
        matrix: finite numbers, shape (rows, columns).
        kind: "max" or "average".
        window: positions of a window, one number or one per axis.
        stride: steps from one window to the next; by default the window.
        padding: "valid", "same", a number, or for each axis a number or a pair (before, after).
        ceil_mode: whether a last window may hang over the end.
        count_padding: whether padding counts in an average.
        gradient: of the loss with respect to the result, in the result's shape; ones by default.

    Returns:
        Matrices titled "Matrix", "Result", "Gradient of the result" and "Gradient of the
        matrix"; a table of the windows with their numbers (the first `WINDOWS`), and notes.

    Raises:
        SettingsError: the settings do not fit the matrix, or the gradient not the result; or the
            windows hold more than `MOST_STEPS` numbers together.
    """
    given = as_matrix("the matrix to be pooled", matrix)
    layer = layer_of(2, kind, window, stride, padding, ceil_mode, count_padding)
    windows = layer.windows(*given.shape)
    steps = prod(line.outputs * line.kernel for line in windows)
    if steps > MOST_STEPS:
        raise SettingsError(
            "the windows of the pooling",
            f"{steps:,} numbers in all windows together",
            f"at most {MOST_STEPS:,}",
            "Take smaller windows, a larger stride or a part of the matrix.",
        )
    value, backward = layer.forward(given[None, None])
    result = value[0, 0]
    arriving = np.ones_like(result)
    if gradient is not None:
        arriving = as_matrix("the gradient of the result", gradient)
        if arriving.shape != result.shape:
            raise SettingsError(
                "the gradient of the result",
                f"{arriving.shape[0]} x {arriving.shape[1]}",
                f"{result.shape[0]} x {result.shape[1]}, as the result",
                "Give a number for every number of the result.",
            )
    returned = backward(arriving[None, None])[0, 0]
    rows, columns = given.shape
    size = f"{windows[0].kernel} x {windows[1].kernel}"
    return Explanation(
        f"{_TITLE[kind]} of a {rows:,} x {columns:,} matrix with windows of {size}",
        (
            matrix_part("Matrix", given),
            Heading("Windows"),
            *output_sizes(windows, "window"),
            *unseen(windows),
            *_windows(given, result, windows, kind, count_padding),
            matrix_part("Result", result),
            Heading("The way back"),
            matrix_part("Gradient of the result", arriving),
            *_way_back(returned, windows, kind, count_padding),
            matrix_part("Gradient of the matrix", returned),
            Note(
                f"The numbers that arrive add up to {arriving.sum():.6g}, those that come back "
                f"to {returned.sum():.6g}."
                + ("" if np.isclose(arriving.sum(), returned.sum()) else _LOST)
            ),
        ),
    )


def _windows(
    matrix: Numbers, result: Numbers, windows: Sequence[Windows], kind: Kind, count_padding: bool
) -> Iterator[Part]:
    """The numbers under the first windows, and what becomes of them."""
    zeros = kind == "average" and count_padding
    padded = in_padding(matrix, windows, zeros)
    table: list[tuple[Cell, ...]] = []
    tied = 0
    for place in islice(np.ndindex(result.shape), WINDOWS):
        corner = [at * line.stride for at, line in zip(place, windows, strict=True)]
        spans = [slice(at, at + line.kernel) for at, line in zip(corner, windows, strict=True)]
        under = padded[spans[0], spans[1]]
        first = [at - line.before for at, line in zip(corner, windows, strict=True)]
        row: tuple[Cell, ...] = (
            f"{place[0]}, {place[1]}",
            *(span(at, line.kernel) for at, line in zip(first, windows, strict=True)),
            entries(under),
        )
        if kind == "max":
            found = np.argwhere(under == result[place])
            tied += len(found) > 1
            at = ", ".join(str(start + step) for start, step in zip(first, found[0], strict=True))
            table.append((*row, float(result[place]), at))
        else:
            divisor = int(np.count_nonzero(~np.isnan(under)))
            table.append((*row, float(np.nansum(under)), divisor, float(result[place])))
    results = ("maximum", "first found at") if kind == "max" else ("sum", "divided by", "mean")
    yield Table(
        "Each window; rows and columns are counted from 0",
        ("result at", "rows", "columns", "numbers, row / row", *results),
        tuple(table),
    )
    if result.size > WINDOWS:
        yield Note(f"{result.size - WINDOWS:,} of {result.size:,} windows are not shown.")
    if np.isnan(padded).any():
        yield Note("A dot stands for a place outside the matrix, which takes no part.")
    if any(line.before or line.after for line in windows) and zeros:
        yield Note("Padding is 0 and counts in the mean.")
    if tied:
        yield Note(
            f"In {tied} of the {len(table)} windows above, the maximum occurs more than once."
        )


def _way_back(
    returned: Numbers, windows: Sequence[Windows], kind: Kind, count_padding: bool
) -> Iterator[Part]:
    """How a gradient finds its way through the windows."""
    yield Note(_gradient_in_words(kind))
    if kind == "max":
        yield Note(
            f"{np.count_nonzero(returned):,} of {returned.size:,} numbers of the matrix get a "
            "gradient other than 0."
        )
        return
    counts = np.multiply.outer(*(line.counts(count_padding) for line in windows))
    if counts.min() == counts.max():
        sizes = sizes_as_symbols("window", windows, [line.kernel for line in windows])
        yield (wrap(1) / product(*sizes)).formula("share of each number")
    else:
        yield Note(f"A window divides by {counts.min()} to {counts.max()}, as many as it counts.")


def _gradient_in_words(kind: Kind) -> str:
    if kind == "max":
        return (
            "Why this gradient: only the maximum moves the result, so the gradient of a window "
            "is routed to it whole, and all other numbers get none; of several equal maxima the "
            "first in reading order gets it. Where windows overlap, gradients add up."
        )
    return (
        "Why this gradient: every number of a window moves the mean by its share, so the "
        "gradient is spread, divided by as many numbers as the mean is. Where windows overlap, "
        "gradients add up."
    )


def layer_of(
    axes: int,
    kind: Kind,
    window: PerAxis,
    stride: PerAxis | None,
    padding: Padding,
    ceil_mode: bool,
    count_padding: bool,
) -> MaxPool1d | MaxPool2d | AveragePool1d | AveragePool2d:
    """The layer that computes what is explained, over one axis or two."""
    if kind == "max":
        return (MaxPool1d, MaxPool2d)[axes - 1](window, stride, padding, ceil_mode)
    if kind == "average":
        pool = (AveragePool1d, AveragePool2d)[axes - 1]
        return pool(window, stride, padding, ceil_mode, count_padding)
    raise SettingsError("'kind' of the pooling", repr(kind), "'max' or 'average'", "Take either.")
