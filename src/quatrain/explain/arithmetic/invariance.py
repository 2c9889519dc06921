"""Invariance of pooling: what it loses and keeps when an image is shifted or loses pixels.

Out: an `Explanation`. The images are made here. Every number comes from the
layers in `layers.pooling`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.matrix import Numbers, matrix_part
from quatrain.explain.arithmetic.pooling import Kind, layer_of
from quatrain.explain.pictures.pooled import corners
from quatrain.layers.pooling import AveragePool2d, MaxPool2d
from quatrain.layers.shapes import Array, whole
from quatrain.records import Cell, Chart, Explanation, Heading, Note, Part, Table

CORNERS = ("top left", "top right", "bottom right", "bottom left")
"""Names of the four example images, by the corner their block is in."""

SMALLEST = 8
"""Fewest pixels along both axes that a random shape is drawn on."""

MOST_PIXELS = 5 * 10**7
"""Most pixels of all images together, counting each change of an image."""

_SHARES = tuple(tenth / 10 for tenth in range(10))
"""Shares of pixels that are removed, one point of the charts each."""

_CURVES = ("max", "average", "no pooling")


def corner_blocks() -> Numbers:
    """Return four images of a block in a corner, in the order of `CORNERS`.

    Returns:
        Shape (4, 4, 4): the images' 4 x 4 pixels, 1 in a block of 3 x 3 and 0 elsewhere.
    """
    images = np.zeros((4, 4, 4))
    for image, (row, column) in zip(images, ((0, 0), (0, 1), (1, 1), (1, 0)), strict=True):
        image[row : row + 3, column : column + 3] = 1
    return images


def pooling_corners() -> Explanation:
    """Compare average and max pooling of four images that differ only in position.

    Returns:
        For each image the matrices "Image, top left" and so on, "Average pooling, ..." and "Max
        pooling, ...", and "Gradient through average pooling, ..." and "Gradient through max
        pooling, ...", where a gradient of 1 arrives at every number of the result; then counts of
        what max pooling loses and keeps, and the picture "pooling-corners".
    """
    images = corner_blocks()
    average, spread = _pooled_and_back("average", images)
    most, chosen = _pooled_and_back("max", images)
    parts: list[Part] = [
        corners(
            CORNERS,
            images,
            {"average": average, "max": most},
            {"average": spread, "max": chosen},
        )
    ]
    for at, name in enumerate(CORNERS):
        parts += [
            Heading(f"The block at the {name}"),
            matrix_part(f"Image, {name}", images[at]),
            matrix_part(f"Average pooling, {name}", average[at]),
            matrix_part(f"Gradient through average pooling, {name}", spread[at]),
            matrix_part(f"Max pooling, {name}", most[at]),
            matrix_part(f"Gradient through max pooling, {name}", chosen[at]),
        ]
    distances: list[tuple[Cell, ...]] = [
        (
            CORNERS[first],
            CORNERS[second],
            *(_distance(kind[first], kind[second]) for kind in (images, average, most)),
        )
        for first, second in combinations(range(len(images)), 2)
    ]
    means, maxima = (len(np.unique(kind, axis=0)) for kind in (average, most))
    return Explanation(
        "Four corners through pooling with windows of 2 x 2",
        (
            *parts,
            Heading("What max pooling forgets"),
            Note(
                f"The position. The four images have {means} different results after average "
                f"pooling and {maxima} after max pooling, so you can't tell any more in which "
                "corner the block was. After average pooling, the 1 is in the block's corner. Max "
                "pooling also forgets how full a window was: an image of all ones has the same "
                "maxima."
            ),
            Table(
                "Euclidean distance between two images, and between their results",
                ("image", "image", "not pooled", "average pooling", "max pooling"),
                tuple(distances),
            ),
            *_where_gradients_go(spread, chosen),
            *_what_max_keeps(images, average),
        ),
    )


def _what_max_keeps(images: Numbers, average: Numbers) -> tuple[Part, ...]:
    """Count what stays when the images are shifted by a pixel, or lose one."""
    missing = np.repeat(images, 9, axis=0)
    missing[np.arange(len(missing)), *np.argwhere(images == 1).T[1:]] = 0
    unchanged = {
        kind: np.repeat(_pooled(kind, images), 9, axis=0) == _pooled(kind, missing)
        for kind in ("average", "max")
    }
    whole_results = {kind: int(same.all(axis=(1, 2)).sum()) for kind, same in unchanged.items()}
    numbers = {kind: int(same.sum()) for kind, same in unchanged.items()}
    return (
        Heading("What max pooling keeps"),
        Note(
            "Its result under small shifts. Each image is the one before it, shifted by one "
            "pixel: no maximum changes, but "
            f"{int((average != np.roll(average, 1, axis=0)).sum())} of {average.size} means do."
        ),
        Note(
            f"Its result with pixels missing. There are {len(missing)} ways to lose one pixel "
            f"of a block: {whole_results['max']} of them change no maximum, and "
            f"{whole_results['average']} change no mean. Of {unchanged['max'].size} numbers, "
            f"max pooling keeps {numbers['max']} and average pooling {numbers['average']}."
        ),
    )


def _where_gradients_go(spread: Numbers, chosen: Numbers) -> tuple[Part, ...]:
    """Describe the gradients of the images through average and through max pooling."""
    images, arriving = len(spread), int(spread[0].sum())
    return (
        Heading("Where the gradient goes"),
        Note(
            f"A gradient of 1 arrives at each of the {arriving} numbers of a result. Average "
            f"pooling spreads it: in every image {np.count_nonzero(spread[0])} of "
            f"{spread[0].size} pixels get {spread.max():g} each, and nothing tells the images "
            f"apart. Max pooling sends it to {np.count_nonzero(chosen[0])} pixels, the first "
            f"maximum of each window, and they are {len(np.unique(chosen, axis=0))} different "
            f"sets for the {images} images: where the block was is still in the gradient."
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
    """Measure how much of a pooled image stays when the image is shifted or loses pixels.

    The images are random shapes of strokes and blocks, black on white. Each is shifted to the
    right and downwards, or loses a share of its pixels, and is then pooled again. Two measures
    are averaged over the images: the Euclidean distance between the pooled images before and
    after, relative to the norm of the one before; and, of the numbers other than 0 before or
    after, the share that stays the same.

    Args:
        window: size of a window along both axes.
        stride: steps from one window to the next; by default the window.
        size: pixels along both axes.
        shifts: the largest shift, in pixels.
        images: number of random shapes.
        seed: seed of the shapes and of the missing pixels.

    Returns:
        Charts "pooling-shift-distance", "pooling-shift-unchanged", "pooling-missing-distance"
        and "pooling-missing-unchanged", each with the curves "max", "average" and "no pooling".

    Raises:
        SettingsError: a number is not whole or too small, the image is too small for the shift,
            or there are more than `MOST_PIXELS` pixels in all.
    """
    step = window if stride is None else stride
    for name, value, least in (
        ("window", window, 1),
        ("stride", step, 1),
        ("size", size, 1),
        ("shifts", shifts, 1),
        ("images", images, 1),
        ("seed", seed, 0),
    ):
        whole(f"{name!r} of the invariance curve", value, least)
    if size < 2 * shifts + SMALLEST:
        raise SettingsError(
            "'size' of the invariance curve",
            f"{size} pixels for shifts of up to {shifts}",
            f"at least {2 * shifts + SMALLEST}, so that shapes stay inside",
            "Use larger images or smaller shifts.",
        )
    changes = 2 * (shifts + 1) + len(_SHARES)
    if (pixels := images * size * size * changes) > MOST_PIXELS:
        raise SettingsError(
            "the images of the invariance curve",
            f"{images:,} of {size:,} x {size:,} pixels, changed in {changes:,} ways:"
            f" {pixels:,} pixels",
            f"at most {MOST_PIXELS:,}",
            "Use fewer or smaller images, or smaller shifts.",
        )
    random = np.random.default_rng(seed)
    drawn = shapes(random, images, size, shifts)
    chance = random.random(drawn.shape)
    by_shift = [
        (np.roll(drawn, shift, axis=1), np.roll(drawn, shift, axis=2))
        for shift in range(shifts + 1)
    ]
    by_share = [(np.where(chance < share, 0, drawn),) for share in _SHARES]
    charts = [
        *_charts("shift", "shift, pixels", range(shifts + 1), drawn, by_shift, window, step),
        *_charts("missing", "share of pixels missing", _SHARES, drawn, by_share, window, step),
    ]
    return Explanation(
        f"What stays the same after pooling with windows of {window} x {window}",
        (
            Note(
                f"Measured on {images:,} random shapes of strokes and blocks (seed {seed}) on "
                f"{size} x {size} pixels. They are shifted to the right and downwards, or lose "
                f"pixels, and are then pooled with stride {step}. The distance is the Euclidean "
                "distance between the results before and after, relative to the norm of the "
                "result before. The share unchanged counts the numbers other than 0 before or "
                "after."
            ),
            Heading("Shifted"),
            *charts[:2],
            _at_point("Shifted by one pixel", charts[:2], 1),
            Heading("With pixels missing"),
            *charts[2:],
            _at_point("With one pixel in ten missing", charts[2:], 1),
            _at_point("With half of them missing", charts[2:], 5),
        ),
    )


def shapes(random: np.random.Generator, images: int, size: int, margin: int) -> Numbers:
    """Draw random black shapes of two to four strokes and blocks, similar to letters.

    Args:
        random: source of randomness.
        images: number of shapes.
        size: pixels along both axes.
        margin: white pixels on every side; at least `SMALLEST` must remain inside.

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
    """Return charts of the distance and of the share unchanged over `x`.

    `after` has the changed images at each point of `x`, in one or more versions.
    """
    distances: dict[str, tuple[float, ...]] = {}
    unchanged: dict[str, tuple[float, ...]] = {}
    for curve, pool in (
        ("max", MaxPool2d(window, stride)),
        ("average", AveragePool2d(window, stride)),
        ("no pooling", MaxPool2d(1)),
    ):
        was = pool.value(before[:, None])
        now = [[pool.value(images[:, None]) for images in versions] for versions in after]
        distances[curve] = tuple(
            float(np.mean([_relative(was, value) for value in values])) for values in now
        )
        unchanged[curve] = tuple(
            float(np.mean([_same(was, value) for value in values])) for values in now
        )
    x = tuple(map(float, x))
    return (
        Chart(
            f"pooling-{name}-distance",
            f"How far the result moves with the {label.partition(',')[0]}",
            label,
            "distance / norm before",
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
    """Return the mean over images of |now - was| / |was|."""
    axes = (1, 2, 3)
    return float(np.mean(np.sqrt(((now - was) ** 2).sum(axes) / (was**2).sum(axes))))


def _same(was: Array, now: Array) -> float:
    """Return the mean over images of the share that is equal, where either is not 0."""
    axes = (1, 2, 3)
    seen = (was != 0) | (now != 0)
    return float(np.mean(((was == now) & seen).sum(axes) / seen.sum(axes)))


def _at_point(change: str, charts: Sequence[Chart], at: int) -> Note:
    """Describe both charts at one point."""
    moved, stayed = ([chart.curves[name][at] or 0 for name in _CURVES] for chart in charts)
    return Note(
        f"{change}, max pooling keeps {stayed[0]:.0%} of its numbers, average pooling "
        f"{stayed[1]:.0%}, and without pooling {stayed[2]:.0%} stay; the distances are "
        f"{moved[0]:.2f}, {moved[1]:.2f} and {moved[2]:.2f}."
    )


def _pooled_and_back(kind: Kind, images: Array) -> tuple[Numbers, Numbers]:
    """Pool images, and send a gradient of ones back to them."""
    value, backward = layer_of(2, kind, 2, None, 0, False, True).forward(images[:, None])
    back = backward(np.ones_like(value))
    return value[:, 0].astype(np.float64), back[:, 0].astype(np.float64)


def _pooled(kind: Kind, images: Array) -> Array:
    """Pool images of shape (images, height, width) with windows of 2 x 2."""
    return layer_of(2, kind, 2, None, 0, False, True).value(images[:, None])[:, 0]


def _distance(first: Array, second: Array) -> float:
    return float(np.linalg.norm(first - second))
