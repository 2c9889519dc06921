"""Pooling of given images: the results, the gradients, and what each pooling forgets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from quatrain.explain.arithmetic.pooling import Kind, layer_of, pooling_of
from quatrain.explain.exercises.building import (
    TWO_DECIMALS,
    WITHIN_0_01,
    Problems,
    Topic,
    mistakes,
    rows_of,
)
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.layers.windows import Windows
from quatrain.records import Heading, Matrix, Note, Part, Question, Table

_Image = NDArray[np.float64]

_ROWS = "Give the rows, such as [[1, 2], [3, 4]]."
_KINDS: tuple[Kind, ...] = ("max", "average")
_TELLS_APART = ("max", "average", "both", "neither")


def _problems(draw: NumberStream, level: int) -> Problems:
    if level == 1:
        image = _image(draw, 4, 0)
        return Problems(
            (_maximum(image, 2), _average(image, 2), _comparison(draw, image, 2)),
            (
                Note("An image is pooled with windows of 2 x 2 and a stride of 2."),
                Matrix.of("Image", image),
            ),
        )
    if level == 2:
        image = _image(draw, 4, 0)
        return Problems(
            (
                _maximum(image, 2, 1),
                _average(image, 2, 1),
                _gradient(image, "max", 2, 1),
                _gradient(image, "average", 2, 1),
                _comparison(draw, _image(draw, 4, 0), 2),
            ),
            (
                Note("An image is pooled with windows of 2 x 2 and a stride of 1."),
                Matrix.of("Image", image),
            ),
        )
    image = _image(draw, 5, -9)
    arriving = _image(draw, 3, -3)
    given = (
        Note("An image is pooled with windows of 3 x 3, a stride of 2 and a padding of 1."),
        Matrix.of("Image", image),
    )
    return Problems(
        (
            _maximum(image, 3, 2, 1),
            _average(image, 3, 2, 1),
            _gradient(image, "max", 3, 2, 1, arriving),
            _comparison(draw, _image(draw, 4, -9), 2),
        ),
        given,
    )


def _image(draw: NumberStream, size: int, least: int) -> _Image:
    """Draw a square image of whole numbers; no two neighbours are equal, so no maximum is tied."""
    image = np.zeros((size, size))
    for row, column in np.ndindex(size, size):
        near = image[max(row - 2, 0) : row + 1, max(column - 2, 0) : column + 3]
        image[row, column] = draw.choice([value for value in range(least, 18) if value not in near])
    return image


def _pooled(
    image: _Image, kind: Kind, window: int, stride: int, padding: int = 0, counted: bool = True
) -> _Image:
    layer = layer_of(2, kind, window, stride, padding, False, counted)
    pooled: _Image = layer.value(image[None, None])[0, 0]
    return pooled


def _steps(image: _Image, kind: Kind, window: int, stride: int, padding: int) -> tuple[Part, ...]:
    """Return the windows and the result from the explanation of the pooling."""
    explanation = pooling_of(image, kind=kind, window=window, stride=stride, padding=padding)
    return tuple(
        part
        for part in explanation.parts
        if isinstance(part, Table) or (isinstance(part, Matrix) and part.title == "Result")
    )


def _windows(
    image: _Image, window: int, stride: int, padding: int, outside: float
) -> list[list[_Image]]:
    """Return the numbers under each window, with `outside` for the padding."""
    padded = np.pad(image, padding, constant_values=outside)
    starts = range(0, len(padded) - window + 1, stride)
    return [[padded[r : r + window, c : c + window] for c in starts] for r in starts]


def _maximum(image: _Image, window: int, stride: int = 0, padding: int = 0) -> Question:
    stride = stride or window
    minimum = -_pooled(-image, "max", window, stride, padding)
    zeros = [
        [float(under.max()) for under in row]
        for row in _windows(image, window, stride, padding, 0.0)
    ]
    right = rows_of(_pooled(image, "max", window, stride, padding))
    other = stride - 1 if stride > 1 else window
    return Question(
        0,
        f"What is the result of max pooling? {_ROWS}"
        + (" Padding never is the maximum." if padding else ""),
        "matrix",
        right,
        mistakes(
            (
                "the mean of each window is taken, not the maximum",
                rows_of(_pooled(image, "average", window, stride, padding)),
            ),
            ("the minimum of each window is taken", rows_of(minimum)),
            (
                f"the windows move by {other}, not by {stride}",
                rows_of(_pooled(image, "max", window, other, padding)),
            ),
            ("the padding counts as a number, 0", rows_of(zeros))
            if padding and rows_of(zeros) != right
            else None,
            ("the padding is left out", rows_of(_pooled(image, "max", window, stride)))
            if padding
            else None,
            (
                "rows and columns of the result are exchanged",
                rows_of(_pooled(image, "max", window, stride, padding).T),
            ),
        ),
        _steps(image, "max", window, stride, padding),
    )


def _average(image: _Image, window: int, stride: int = 0, padding: int = 0) -> Question:
    stride = stride or window
    right = _pooled(image, "average", window, stride, padding)
    other = stride - 1 if stride > 1 else window
    return Question(
        0,
        f"What is the result of average pooling? {_ROWS}"
        + (" Padding is 0 and counts towards the mean." if padding else ""),
        "matrix",
        rows_of(right),
        mistakes(
            (
                "the maximum of each window is taken, not the mean",
                rows_of(_pooled(image, "max", window, stride, padding)),
            ),
            ("the sums are not divided", rows_of(right * window**2)),
            (
                "the sums are divided by the side of the window, not by its numbers",
                rows_of(right * window),
            ),
            (
                f"the windows move by {other}, not by {stride}",
                rows_of(_pooled(image, "average", window, other, padding)),
            ),
            (
                "the padding doesn't count towards the mean",
                rows_of(_pooled(image, "average", window, stride, padding, counted=False)),
            )
            if padding
            else None,
            ("the padding is left out", rows_of(_pooled(image, "average", window, stride)))
            if padding
            else None,
            ("rows and columns of the result are exchanged", rows_of(right.T)),
        ),
        _steps(image, "average", window, stride, padding),
        tolerance=WITHIN_0_01,
        rounding=TWO_DECIMALS,
    )


def _gradient(
    image: _Image,
    kind: Kind,
    window: int,
    stride: int,
    padding: int = 0,
    arriving: _Image | None = None,
) -> Question:
    layer = layer_of(2, kind, window, stride, padding, False, True)
    value, backward = layer.forward(image[None, None])
    gradient = np.ones_like(value[0, 0]) if arriving is None else arriving
    right: _Image = backward(gradient[None, None])[0, 0]
    other_kind: Kind = "average" if kind == "max" else "max"
    other = layer_of(2, other_kind, window, stride, padding, False, True)
    swapped: _Image = other.forward(image[None, None])[1](gradient[None, None])[0, 0]
    last = _overwritten(image, kind, window, stride, padding, gradient)
    about = (
        "Every number of the result gets the gradient 1."
        if arriving is None
        else "The gradient of the result is given."
    )
    explanation = pooling_of(
        image, kind=kind, window=window, stride=stride, padding=padding, gradient=gradient
    )
    backward_at = next(
        place
        for place, part in enumerate(explanation.parts)
        if part == Heading("The backward pass")
    )
    return Question(
        0,
        f"{about} What gradient does {kind} pooling send to the image? {_ROWS}",
        "matrix",
        rows_of(right),
        mistakes(
            (f"the gradient is sent back as {other_kind} pooling does", rows_of(swapped)),
            (
                "where windows overlap, the last gradient replaces the others: they are not added",
                rows_of(last),
            ),
            (
                "every number of a window gets the whole gradient: it is not shared",
                rows_of(right * window**2),
            )
            if kind == "average"
            else None,
            ("the places of the maxima get 1, whatever arrives", rows_of((right != 0) * 1.0))
            if arriving is not None
            else None,
            ("the maxima get their own values", rows_of(np.where(right != 0, image, 0.0)))
            if kind == "max"
            else None,
        ),
        tuple(explanation.parts[backward_at + 1 :]),
        () if arriving is None else (Matrix.of("Gradient of the result", gradient),),
        tolerance=WITHIN_0_01,
        rounding=TWO_DECIMALS if kind == "average" else "",
    )


def _overwritten(
    image: _Image, kind: Kind, window: int, stride: int, padding: int, gradient: _Image
) -> _Image:
    """Return the gradient of the image if windows overwrite each other."""
    rows = Windows(len(image), window, stride, padding, padding)
    result = np.zeros(np.add(image.shape, 2 * padding))
    padded = np.pad(image, padding, constant_values=-np.inf)
    for row, column in product(range(rows.outputs), repeat=2):
        top, left = row * stride, column * stride
        under = padded[top : top + window, left : left + window]
        share = (
            (under == under.max()) * gradient[row, column]
            if kind == "max"
            else np.full(under.shape, gradient[row, column] / window**2)
        )
        target = result[top : top + window, left : left + window]
        target[share != 0] = share[share != 0]
    cut = slice(padding, len(result) - padding)
    return result[cut, cut]


def _comparison(draw: NumberStream, image: _Image, window: int) -> Question:
    """Ask which pooling tells an image from a changed one."""
    changed = _changed(draw, image, window, draw.choice(_TELLS_APART))
    pooled = [[_pooled(one, kind, window, window) for one in (image, changed)] for kind in _KINDS]
    apart = {
        kind: not np.allclose(of_image, of_changed)
        for kind, (of_image, of_changed) in zip(_KINDS, pooled, strict=True)
    }
    right = _choice_of(apart["max"], apart["average"])
    turned = _choice_of(apart["average"], apart["max"])
    global_max = image.max() != changed.max()
    global_mean = not np.isclose(image.mean(), changed.mean())
    cases = (
        ("the two poolings are exchanged", turned),
        ("the images are compared before pooling", "both"),
        (
            "the whole image is pooled at once, not window by window",
            _choice_of(bool(global_max), global_mean),
        ),
        (
            "it is asked which pooling gives the same result",
            _choice_of(not apart["max"], not apart["average"]),
        ),
    )
    return Question(
        0,
        f"Two images are pooled with windows of {window} x {window} and a stride of {window}. "
        "Which pooling gives different results for them: max, average, both or neither?",
        "choice",
        right,
        mistakes(*(case if case[1] != right else None for case in cases)),
        (
            *(
                Matrix.of(f"{title}, {kind} pooling", _pooled(one, kind, window, window))
                for kind in _KINDS
                for title, one in (("Image A", image), ("Image B", changed))
            ),
            Note(
                "Max pooling forgets everything in a window but its largest number; average "
                "pooling forgets how the sum of a window is spread. Neither keeps the place in the "
                f"window. Here the results differ for {right}."
            ),
        ),
        (Matrix.of("Image A", image), Matrix.of("Image B", changed)),
        options=_TELLS_APART,
    )


def _choice_of(by_maximum: bool, by_average: bool) -> str:
    """Return the option for the poolings that give different results."""
    if by_maximum == by_average:
        return "both" if by_maximum else "neither"
    return "max" if by_maximum else "average"


def _changed(draw: NumberStream, image: _Image, window: int, apart: str) -> _Image:
    """Return the image with one window changed, so that a pooling of that choice differs."""
    corner = [window * draw.whole(0, len(image) // window - 1) for _ in range(2)]
    under = (slice(corner[0], corner[0] + window), slice(corner[1], corner[1] + window))
    changed = image.copy()
    numbers = np.sort(image[under].ravel())
    if apart == "average":
        numbers[0] -= draw.whole(1, 4)
    elif apart == "max":
        numbers[-1] += 2
        numbers[:2] -= 1
    elif apart == "both":
        numbers[-1] += draw.whole(1, 4)
    order: Sequence[int] = draw.shuffled(range(len(numbers)))
    changed[under] = numbers[list(order)].reshape(window, window)
    return changed


POOLING = Topic(
    "pooling",
    "Pooling",
    (
        "maximum and average of an image, and what each forgets",
        "overlapping windows, and the gradient of each pooling",
        "padding, negative numbers, a gradient that arrives",
    ),
    _problems,
)
