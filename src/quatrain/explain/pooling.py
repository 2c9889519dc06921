"""Pooling explained: its shapes, its numbers and their way back, and what it forgets.

In: sizes, or a matrix of numbers. Out: an `Explanation`, next room `page`. Every number comes
from the layers in `layers.pooling`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from math import prod
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from quatrain.errors import SettingsError
from quatrain.explain.convolution import (
    FLOAT32,
    number,
    output_sizes,
    read,
    sizes_as_symbols,
    sizes_of,
    unseen,
    windows_of,
)
from quatrain.explain.expression import Symbol, product, shape, wrap
from quatrain.explain.matrix import Numbers, as_matrix, entries, in_padding, shown, span
from quatrain.layers.pooling import AveragePool1d, AveragePool2d, MaxPool1d, MaxPool2d
from quatrain.layers.shapes import Array
from quatrain.layers.windows import Padding, PerAxis, Windows, whole
from quatrain.records import Cell, Chart, Explanation, Formula, Heading, Note, Part, Table

Kind: TypeAlias = Literal["max", "average"]

WINDOWS = 24
"""Windows whose numbers are shown one by one."""

CORNERS = ("top left", "top right", "bottom right", "bottom left")

MOST_STEPS = 5 * 10**8
"""Numbers in all windows together that a gradient is taken through: some seconds."""

SMALLEST = 8
"""Pixels along both axes that a random shape is drawn on, at least."""

_LOST = " The difference goes to the padding, which has no use for it."
_CURVES = ("max", "average", "no pooling")
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
    layer = _layer(len(axes), kind, window, stride, padding, ceil_mode, count_padding)
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
        f"{_TITLE[kind]} of {read(before)} with windows of {' x '.join(map(str, window))}",
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
    layer = _layer(2, kind, window, stride, padding, ceil_mode, count_padding)
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
            shown("Matrix", given),
            Heading("Windows"),
            *output_sizes(windows, "window"),
            *unseen(windows),
            *_windows(given, result, windows, kind, count_padding),
            shown("Result", result),
            Heading("The way back"),
            shown("Gradient of the result", arriving),
            *_way_back(returned, windows, kind, count_padding),
            shown("Gradient of the matrix", returned),
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


def corner_blocks() -> Numbers:
    """Four images of a block in a corner, in the order of `CORNERS`.

    Returns:
        Shape (4, 4, 4): the images' 4 x 4 pixels, 1 in a block of 3 x 3 and 0 elsewhere.
    """
    images = np.zeros((4, 4, 4))
    for image, (row, column) in zip(images, ((0, 0), (0, 1), (1, 1), (1, 0)), strict=True):
        image[row : row + 3, column : column + 3] = 1
    return images


def pooling_corners() -> Explanation:
    """Four images that differ in position alone, through average and through max pooling.

    Returns:
        For each image the matrices "Image, top left" and so on, "Average pooling, ..." and "Max
        pooling, ..."; then what max pooling forgets and what it keeps, counted.
    """
    images = corner_blocks()
    average, most = (_pooled(kind, images) for kind in ("average", "max"))
    parts: list[Part] = []
    for name, image, mean, maximum in zip(CORNERS, images, average, most, strict=True):
        parts += [
            Heading(f"The block at the {name}"),
            shown(f"Image, {name}", image),
            shown(f"Average pooling, {name}", mean),
            shown(f"Max pooling, {name}", maximum),
        ]
    distances: list[tuple[Cell, ...]] = [
        (
            CORNERS[one],
            CORNERS[other],
            *(_distance(kind[one], kind[other]) for kind in (images, average, most)),
        )
        for one, other in combinations(range(len(images)), 2)
    ]
    means, maxima = (len(np.unique(kind, axis=0)) for kind in (average, most))
    missing = np.repeat(images, 9, axis=0)
    missing[np.arange(len(missing)), *np.argwhere(images == 1).T[1:]] = 0
    kept = {
        kind: np.repeat(_pooled(kind, images), 9, axis=0) == _pooled(kind, missing)
        for kind in ("average", "max")
    }
    whole_results = {kind: int(same.all(axis=(1, 2)).sum()) for kind, same in kept.items()}
    numbers = {kind: int(same.sum()) for kind, same in kept.items()}
    return Explanation(
        "Four corners through pooling with windows of 2 x 2",
        (
            *parts,
            Heading("What max pooling forgets"),
            Note(
                f"Position. The four images have {means} different results after average pooling "
                f"and {maxima} after max pooling: it cannot be told any more in which corner the "
                "block was. After average pooling the 1 stands in the block's corner. An image "
                "all of ones has the same maxima: how full a window was is forgotten as well."
            ),
            Table(
                "Euclidean distance between two images, and between their results",
                ("image", "image", "as they are", "average pooling", "max pooling"),
                tuple(distances),
            ),
            Heading("What max pooling keeps"),
            Note(
                "Its result, under small shifts: each image is the one before it, shifted by one "
                "pixel, and no maximum changes; of the means, "
                f"{int((average != np.roll(average, 1, axis=0)).sum())} of {average.size} do."
            ),
            Note(
                f"Its result, with pixels missing: of the {len(missing)} ways to lose one pixel "
                f"of a block, {whole_results['max']} leave all maxima as they were, and "
                f"{whole_results['average']} all means; of {kept['max'].size} numbers, max "
                f"pooling keeps {numbers['max']} and average pooling {numbers['average']}."
            ),
        ),
    )


def pooling_invariance(
    *,
    window: int = 2,
    stride: int | None = None,
    size: int = 32,
    shifts: int = 8,
    images: int = 200,
    seed: int = 0,
) -> Explanation:
    """How much of a pooled image stays when it is shifted, or loses pixels: measured.

    Images are shapes drawn at random, of strokes and blocks, black on white. Each is shifted to
    the right and downwards, or loses a share of its pixels, before the same pooling. Two things
    are measured, and averaged over the images: the Euclidean distance of the pooled images
    before and after, over the length of the one before; and the share of numbers that stay the
    same among those that are other than 0 before or after.

    Args:
        window: positions of a window along both axes.
        stride: steps from one window to the next; by default the window.
        size: pixels along both axes.
        shifts: the largest shift, in pixels.
        images: how many shapes are drawn.
        seed: of the drawing and of what is missing.

    Returns:
        Charts "pooling-shift-distance", "pooling-shift-unchanged", "pooling-missing-distance"
        and "pooling-missing-unchanged", each with the curves "max", "average" and "no pooling".

    Raises:
        SettingsError: a number is not whole or too small, or the image too small for the shift.
    """
    step = window if stride is None else stride
    for name, given, least in (
        ("window", window, 1),
        ("stride", step, 1),
        ("size", size, 1),
        ("shifts", shifts, 1),
        ("images", images, 1),
        ("seed", seed, 0),
    ):
        whole(f"{name!r} of the invariance curve", given, least)
    if size < 2 * shifts + SMALLEST:
        raise SettingsError(
            "'size' of the invariance curve",
            f"{size} pixels for shifts of up to {shifts}",
            f"at least {2 * shifts + SMALLEST}, so that shapes stay inside",
            "Take larger images or smaller shifts.",
        )
    random = np.random.default_rng(seed)
    drawn = shapes(random, images, size, shifts)
    chance = random.random(drawn.shape)
    shares = tuple(tenth / 10 for tenth in range(10))
    by_shift = [
        (np.roll(drawn, shift, axis=1), np.roll(drawn, shift, axis=2))
        for shift in range(shifts + 1)
    ]
    by_share = [(np.where(chance < share, 0, drawn),) for share in shares]
    charts = [
        *_charts("shift", "shift, pixels", range(shifts + 1), drawn, by_shift, window, step),
        *_charts("missing", "share of pixels missing", shares, drawn, by_share, window, step),
    ]
    return Explanation(
        f"What stays the same after pooling with windows of {window} x {window}",
        (
            Note(
                f"Measured on {images:,} shapes of strokes and blocks, drawn at random (seed "
                f"{seed}) on {size} x {size} pixels, shifted to the right and downwards, or "
                f"robbed of pixels, and then pooled with stride {step}. The distance is the "
                "Euclidean one between the results before and after, over the length of the "
                "one before. The share unchanged is that of the numbers that are other than 0 "
                "before or after."
            ),
            Heading("Shifted"),
            *charts[:2],
            _reading("Shifted by one pixel", charts[:2], 1),
            Heading("With pixels missing"),
            *charts[2:],
            _reading("With one pixel in ten missing", charts[2:], 1),
            _reading("With half of them missing", charts[2:], 5),
        ),
    )


def shapes(random: np.random.Generator, images: int, size: int, margin: int) -> Numbers:
    """Black shapes of two to four strokes and blocks, as letters are.

    Args:
        random: draws them.
        images: how many.
        size: pixels along both axes.
        margin: white pixels on every side; `SMALLEST` or more must be left between.

    Returns:
        Shape (images, size, size): 1 in a shape and 0 elsewhere.
    """
    inner = size - 2 * margin
    drawn = np.zeros((images, size, size))
    for image in drawn[:, margin : size - margin, margin : size - margin]:
        for _ in range(random.integers(2, 5)):
            thick = int(random.integers(1, 4))
            long = int(random.integers(inner // 2, inner + 1))
            match int(random.integers(4)):
                case 0:
                    height, width, slant = thick, long, False
                case 1:
                    height, width, slant = long, thick, False
                case 2:
                    height, width, slant = long // 2, long // 2, False
                case _:
                    height, width, slant = long, long, True
            top, left = (random.integers(inner - side + 1) for side in (height, width))
            stroke = np.ones((height, width))
            if slant:
                stroke = np.tri(long, k=thick - 1) * np.tri(long, k=thick - 1).T
                stroke = stroke[:: random.choice((-1, 1))]
            place = image[top : top + height, left : left + width]
            np.maximum(place, stroke, out=place)
    return drawn


def _charts(
    name: str,
    label: str,
    x: Sequence[float],
    before: Numbers,
    after: Sequence[tuple[Numbers, ...]],
    window: int,
    stride: int,
) -> tuple[Chart, Chart]:
    """Distance and share unchanged over `x`; at each there are one or more ways to be changed."""
    distances: dict[str, tuple[float, ...]] = {}
    unchanged: dict[str, tuple[float, ...]] = {}
    for curve, pool in (
        ("max", MaxPool2d(window, stride)),
        ("average", AveragePool2d(window, stride)),
        ("no pooling", MaxPool2d(1)),
    ):
        was = pool.value(before[:, None])
        now = [[pool.value(way[:, None]) for way in ways] for ways in after]
        distances[curve] = tuple(
            float(np.mean([_relative(was, it) for it in ways])) for ways in now
        )
        unchanged[curve] = tuple(float(np.mean([_same(was, it) for it in ways])) for ways in now)
    x = tuple(map(float, x))
    return (
        Chart(
            f"pooling-{name}-distance",
            f"How far the result moves with the {label.partition(',')[0]}",
            label,
            "distance / length before",
            x,
            distances,
        ),
        Chart(
            f"pooling-{name}-unchanged",
            f"How much of the result stays with the {label.partition(',')[0]}",
            label,
            "share of numbers unchanged",
            x,
            unchanged,
        ),
    )


def _relative(was: Array, now: Array) -> float:
    """Mean over images of |now - was| / |was|."""
    axes = (1, 2, 3)
    return float(np.mean(np.sqrt(((now - was) ** 2).sum(axes) / (was**2).sum(axes))))


def _same(was: Array, now: Array) -> float:
    """Mean over images of the share that is the same, where either is other than 0."""
    axes = (1, 2, 3)
    seen = (was != 0) | (now != 0)
    return float(np.mean(((was == now) & seen).sum(axes) / seen.sum(axes)))


def _reading(change: str, charts: Sequence[Chart], at: int) -> Note:
    """Both charts in words, at one position."""
    moved, stayed = ([chart.curves[name][at] or 0 for name in _CURVES] for chart in charts)
    return Note(
        f"{change}, max pooling keeps {stayed[0]:.0%} of its numbers, average pooling "
        f"{stayed[1]:.0%}, and without pooling {stayed[2]:.0%} stay; the distances are "
        f"{moved[0]:.2f}, {moved[1]:.2f} and {moved[2]:.2f}."
    )


def _layer(
    axes: int,
    kind: Kind,
    window: PerAxis,
    stride: PerAxis | None,
    padding: Padding,
    ceil_mode: bool,
    count_padding: bool,
) -> MaxPool1d | MaxPool2d | AveragePool1d | AveragePool2d:
    if kind == "max":
        return (MaxPool1d, MaxPool2d)[axes - 1](window, stride, padding, ceil_mode)
    if kind == "average":
        pool = (AveragePool1d, AveragePool2d)[axes - 1]
        return pool(window, stride, padding, ceil_mode, count_padding)
    raise SettingsError("'kind' of the pooling", repr(kind), "'max' or 'average'", "Take either.")


def _pooled(kind: Kind, images: Array) -> Array:
    """Images of shape (images, height, width) through windows of 2 x 2."""
    return _layer(2, kind, 2, None, 0, False, True).value(images[:, None])[:, 0]


def _distance(one: Array, other: Array) -> float:
    return float(np.linalg.norm(one - other))
