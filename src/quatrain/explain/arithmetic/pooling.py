"""Pooling explained: its shapes, its numbers and its gradients.

In: sizes, or a matrix of numbers. Out: an `Explanation`. Every number comes
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
    as_symbol,
    coverage_notes,
    input_sizes,
    output_sizes,
    reading_notes,
    sizes_as_symbols,
    sizes_text,
    window_sizes,
)
from quatrain.explain.arithmetic.expression import Symbol, product, shape, wrap
from quatrain.explain.arithmetic.matrix import (
    Numbers,
    as_matrix,
    matrix_part,
    pad,
    span,
    window_text,
)
from quatrain.explain.pictures.pooled import RULES, pooled
from quatrain.explain.pictures.strip import strip
from quatrain.explain.pictures.windows import sliding_windows
from quatrain.layers.pooling import AveragePool1d, AveragePool2d, MaxPool1d, MaxPool2d
from quatrain.layers.windows import Padding, PerAxis, Windows
from quatrain.records import Cell, Explanation, Formula, Grids, Heading, Note, Part, Table

Kind: TypeAlias = Literal["max", "average"]

SHOWN_WINDOWS = 24
"""Most windows whose numbers are shown one by one."""

MOST_WINDOW_NUMBERS = 5 * 10**8
"""Most numbers in all windows together; a gradient through them takes some seconds."""

_LOST_IN_PADDING = " The difference goes to the padding, where it is lost."
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
    """Explain why a pooling has its shape, and what it costs.

    Args:
        inputs: (length, channels) or (height, width, channels).
        kind: "max" or "average".
        window: size of a window, one number or one per axis.
        stride: steps from one window to the next; by default the window.
        padding: "valid", "same", a number, or for each axis a number or a pair (before, after).
        ceil_mode: whether to round up, so that a last window may be partial.
        count_padding: whether padding counts in an average.

    Returns:
        Formulas named "total" (parameters, none), "output height" and "output width", or
        "output height and width" where the axes agree; "output shape", "share of the numbers
        kept", "comparisons" or "additions" and "divisions", "memory of the output" (bytes in
        float32). Notes say which positions are never seen, and why; the picture "pooling" shows
        the first, the second and the last window, and hatches what is never seen.

    Raises:
        SettingsError: a number is too small, too large or not whole, the window is wider than
            the padded input, the padding as wide as the window, or the kind unknown.
    """
    axes, sizes, channels = input_sizes("pooling", inputs)
    window = window_sizes("pooling", "window", window, axes)
    layer = layer_of(len(axes), kind, window, stride, padding, ceil_mode, count_padding)
    windows = layer.windows(*sizes)
    maps = Symbol("channels", channels)
    before = (*sizes_as_symbols("input", windows, sizes), maps)
    after = (
        *sizes_as_symbols("output", windows, [dimension.outputs for dimension in windows]),
        maps,
    )
    under = product(*sizes_as_symbols("window", windows, window))
    kept_share = as_symbol("output numbers", product(*after)) / as_symbol(
        "input numbers", product(*before)
    )
    parts: list[Part] = [
        *reading_notes(sizes, channels),
        Heading("Parameters"),
        Formula("total", "", "", 0),
        Note("Why this many parameters: nothing is learned. The window is a rule, not a weight."),
        Heading("Shape"),
        *output_sizes(windows, "window"),
        *coverage_notes(windows),
        shape("output shape", *after),
        kept_share.formula("share of the numbers kept"),
        _picture(kind, windows, (f"Input: {sizes_text(before)}", f"Output: {sizes_text(after)}")),
        Heading("Work and memory"),
    ]
    if kind == "max":
        parts.append(product(*after, under - 1).formula("comparisons"))
    else:
        parts.append(product(*after, under - 1).formula("additions"))
        parts.append(product(*after).formula("divisions"))
    if any(dimension.before or dimension.after or dimension.ceil_mode for dimension in windows):
        parts.append(Note("Windows at the edge hold fewer numbers but are counted as full."))
    return Explanation(
        f"{_TITLE[kind]} of {sizes_text(before)} with windows of {' x '.join(map(str, window))}",
        (
            *parts,
            product(FLOAT32, *after).formula("memory of the output", "bytes"),
            Heading("Why"),
            Note(
                "Why this shape: every window becomes one number, in each channel separately; "
                f"{' x '.join(str(dimension.outputs) for dimension in windows)} windows fit."
            ),
            Note(_gradient_in_words(kind)),
        ),
    )


def _picture(kind: Kind, windows: Sequence[Windows], captions: tuple[str, str]) -> Grids:
    """Draw the windows on their way over the input."""
    title = "The windows on their way over the input, in each channel"
    if len(windows) == 1:
        return strip("pooling", title, windows[0], weights=False)
    return sliding_windows("pooling", title, windows, captions, RULES[kind])


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
    """Pool a matrix, window by window, and follow the gradient back.

    Args:
        matrix: finite numbers, shape (rows, columns).
        kind: "max" or "average".
        window: size of a window, one number or one per axis.
        stride: steps from one window to the next; by default the window.
        padding: "valid", "same", a number, or for each axis a number or a pair (before, after).
        ceil_mode: whether to round up, so that a last window may be partial.
        count_padding: whether padding counts in an average.
        gradient: gradient of the loss with respect to the result, in its shape; ones by default.

    Returns:
        Matrices titled "Matrix", "Result", "Gradient of the result" and "Gradient of the
        matrix"; a table of the windows with their numbers (the first `SHOWN_WINDOWS`), and notes.
        The picture "pooling" shows the matrices side by side, with windows outlined.

    Raises:
        SettingsError: the settings don't fit the matrix, the gradient doesn't fit the result, or
            the windows hold more than `MOST_WINDOW_NUMBERS` numbers together.
    """
    numbers = as_matrix("the matrix to pool", matrix)
    layer = layer_of(2, kind, window, stride, padding, ceil_mode, count_padding)
    windows = layer.windows(*numbers.shape)
    steps = prod(dimension.outputs * dimension.kernel for dimension in windows)
    if steps > MOST_WINDOW_NUMBERS:
        raise SettingsError(
            "the windows of the pooling",
            f"{steps:,} numbers in all windows together",
            f"at most {MOST_WINDOW_NUMBERS:,}",
            "Take smaller windows, a larger stride or a part of the matrix.",
        )
    value, backward = layer.forward(numbers[None, None])
    result = value[0, 0]
    arriving = np.ones_like(result)
    if gradient is not None:
        arriving = as_matrix("the gradient of the result", gradient)
        if arriving.shape != result.shape:
            raise SettingsError(
                "the gradient of the result",
                f"{arriving.shape[0]} x {arriving.shape[1]}",
                f"{result.shape[0]} x {result.shape[1]}, the shape of the result",
                "Give one number for every number of the result.",
            )
    gradient_of_matrix = backward(arriving[None, None])[0, 0]
    rows, columns = numbers.shape
    size = f"{windows[0].kernel} x {windows[1].kernel}"
    return Explanation(
        f"{_TITLE[kind]} of a {rows:,} x {columns:,} matrix with windows of {size}",
        (
            matrix_part("Matrix", numbers),
            Heading("Windows"),
            *output_sizes(windows, "window"),
            *coverage_notes(windows),
            *_windows(numbers, result, windows, kind, count_padding),
            matrix_part("Result", result),
            Heading("The backward pass"),
            matrix_part("Gradient of the result", arriving),
            *_backward_notes(gradient_of_matrix, windows, kind, count_padding),
            matrix_part("Gradient of the matrix", gradient_of_matrix),
            Note(
                f"The gradient of the result sums to {arriving.sum():.6g}, that of the matrix "
                f"to {gradient_of_matrix.sum():.6g}."
                + ("" if np.isclose(arriving.sum(), gradient_of_matrix.sum()) else _LOST_IN_PADDING)
            ),
            pooled(
                f"{_TITLE[kind]}, forward and back",
                kind,
                numbers,
                result,
                (arriving, gradient_of_matrix),
                windows,
            ),
        ),
    )


def _windows(
    matrix: Numbers, result: Numbers, windows: Sequence[Windows], kind: Kind, count_padding: bool
) -> Iterator[Part]:
    """Tabulate the numbers under the first windows, and their results."""
    zeros = kind == "average" and count_padding
    padded = pad(matrix, windows, zeros)
    table: list[tuple[Cell, ...]] = []
    tied = 0
    for index in islice(np.ndindex(result.shape), SHOWN_WINDOWS):
        corner = [at * dimension.stride for at, dimension in zip(index, windows, strict=True)]
        spans = [
            slice(at, at + dimension.kernel) for at, dimension in zip(corner, windows, strict=True)
        ]
        under = padded[spans[0], spans[1]]
        first = [at - dimension.before for at, dimension in zip(corner, windows, strict=True)]
        row: tuple[Cell, ...] = (
            f"{index[0]}, {index[1]}",
            *(span(at, dimension.kernel) for at, dimension in zip(first, windows, strict=True)),
            window_text(under),
        )
        if kind == "max":
            maxima = np.argwhere(under == result[index])
            tied += len(maxima) > 1
            at = ", ".join(str(start + step) for start, step in zip(first, maxima[0], strict=True))
            table.append((*row, float(result[index]), at))
        else:
            divisor = int(np.count_nonzero(~np.isnan(under)))
            table.append((*row, float(np.nansum(under)), divisor, float(result[index])))
    results = ("maximum", "first at") if kind == "max" else ("sum", "divided by", "mean")
    yield Table(
        "Each window, counting rows and columns from 0",
        ("result at", "rows", "columns", "numbers, row / row", *results),
        tuple(table),
    )
    if result.size > SHOWN_WINDOWS:
        yield Note(f"{result.size - SHOWN_WINDOWS:,} of {result.size:,} windows aren't shown.")
    if np.isnan(padded).any():
        yield Note("A dot is a position outside the matrix, which doesn't count.")
    if any(dimension.before or dimension.after for dimension in windows) and zeros:
        yield Note("Padding is 0 and counts towards the mean.")
    if tied:
        yield Note(
            f"In {tied} of the {len(table)} windows above, the maximum occurs more than once."
        )


def _backward_notes(
    gradient: Numbers, windows: Sequence[Windows], kind: Kind, count_padding: bool
) -> Iterator[Part]:
    """Explain the path of the gradient through the windows."""
    yield Note(_gradient_in_words(kind))
    if kind == "max":
        yield Note(
            f"{np.count_nonzero(gradient):,} of {gradient.size:,} numbers of the matrix get a "
            "gradient other than 0."
        )
        return
    counts = np.multiply.outer(*(dimension.counts(count_padding) for dimension in windows))
    if counts.min() == counts.max():
        sizes = sizes_as_symbols("window", windows, [dimension.kernel for dimension in windows])
        yield (wrap(1) / product(*sizes)).formula("share of each number")
    else:
        yield Note(f"A window divides by the numbers it counts: {counts.min()} to {counts.max()}.")


def _gradient_in_words(kind: Kind) -> str:
    if kind == "max":
        return (
            "Why this gradient: only the maximum changes the result, so it gets the whole "
            "gradient of its window and all other numbers get none. Of several equal maxima, the "
            "first in reading order gets it. Where windows overlap, gradients add up."
        )
    return (
        "Why this gradient: every number of a window contributes equally to the mean, so the "
        "gradient is spread evenly: each number gets it divided by the count of numbers. Where "
        "windows overlap, gradients add up."
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
    """Return the pooling layer over one axis or two."""
    if kind == "max":
        return (MaxPool1d, MaxPool2d)[axes - 1](window, stride, padding, ceil_mode)
    if kind == "average":
        pool = (AveragePool1d, AveragePool2d)[axes - 1]
        return pool(window, stride, padding, ceil_mode, count_padding)
    raise SettingsError(
        "'kind' of the pooling", repr(kind), "'max' or 'average'", "Choose one of them."
    )
