"""Convolutions: parameters, output shapes, positions that are never seen."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, prod

from quatrain.explain.exercises.building import SHAPE_ORDER, Problems, Topic, mistakes
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.explain.exercises.topics.convolution_layer import (
    Layer,
    dilated_layer,
    grouped_layer,
    plain_layer,
    transposed_layer,
)
from quatrain.layers.windows import Windows
from quatrain.records import Equation, Explanation, Formula, Note, Question

_POSITIONS = "Count from 0. Answer with their numbers, or with none."


def _problems(draw: NumberStream, level: int) -> Problems:
    if level == 1:
        layer = plain_layer(draw)
        first = (_parameters(layer), _shape(layer), _unseen(layer), _work(layer))
        return Problems(first, (Note(layer.text),))
    if level == 2:
        layer = dilated_layer(draw)
        shapes = (_parameters(layer), _shape(layer), _extent(layer))
        return Problems((*shapes, _unseen(layer), _work(layer)), (Note(layer.text),))
    layer, upward = grouped_layer(draw), transposed_layer(draw)
    return Problems(
        (
            _parameters(layer),
            _shape(layer),
            _unseen_pixels(layer),
            _parameters(upward, upward.text),
            _transposed_shape(upward),
        ),
        (Note(layer.text),),
    )


def _formulas(explanation: Explanation, *starts: str) -> tuple[Formula, ...]:
    """Return the formulas whose names begin so, in order."""
    return tuple(
        formula for name, formula in explanation.formulas.items() if name.startswith(starts)
    )


def _parameters(layer: Layer, about: str = "") -> Question:
    explanation = layer.explanation
    weights, total = int(_whole(explanation, "weights")), int(_whole(explanation, "total"))
    under = layer.kernel**2 * layer.channels // layer.groups
    positions = prod(_sizes(explanation)[:-1])
    return Question(
        0,
        f"{about} How many parameters does it have, biases included?".strip(),
        "whole number",
        total,
        mistakes(
            ("the biases are left out", weights),
            ("a single bias is counted for all filters", weights + 1),
            ("a bias is counted for every channel of the input", weights + layer.channels),
            (
                "the kernel is not multiplied by the channels of the input",
                layer.kernel**2 * layer.filters + layer.filters,
            ),
            ("the filters are not multiplied: one filter is counted", under + 1),
            (
                "the kernel is counted along one side only",
                layer.kernel * layer.channels // layer.groups * layer.filters + layer.filters,
            ),
            (
                "the groups are forgotten: every filter reads all channels",
                layer.kernel**2 * layer.channels * layer.filters + layer.filters,
            )
            if layer.groups > 1
            else None,
            (
                "the groups divide twice, the channels and the filters",
                weights // layer.groups + layer.filters,
            )
            if layer.groups > 1
            else None,
            (
                "every position of the output gets weights of its own",
                weights * positions + layer.filters,
            ),
        ),
        (
            *_formulas(explanation, "weights", "biases", "total"),
            _note(explanation, "Why this many"),
        ),
    )


def _whole(explanation: Explanation, name: str) -> int:
    value = explanation[name]
    return int(value) if not isinstance(value, tuple) else prod(value)


def _sizes(explanation: Explanation) -> tuple[int, ...]:
    """Return the output shape, channels last."""
    value = explanation["output shape"]
    return value if isinstance(value, tuple) else (int(value),)


def _note(explanation: Explanation, start: str) -> Note:
    """Return the note that begins so."""
    return next(
        part for part in explanation.parts if isinstance(part, Note) and part.text.startswith(start)
    )


def _shape(layer: Layer) -> Question:
    kernel, stride, padding, dilation = layer.kernel, layer.stride, layer.padding, layer.dilation
    extent = dilation * (kernel - 1) + 1

    def along(outputs: Callable[[int], int]) -> tuple[int, ...]:
        return *(outputs(size) for size in layer.sizes), layer.filters

    uneven = any((size + 2 * padding - extent) % stride for size in layer.sizes)
    return Question(
        0,
        f"What is the shape of its output? {SHAPE_ORDER}",
        "shape",
        _sizes(layer.explanation),
        mistakes(
            (
                "the quotient is rounded up: the floor is forgotten",
                along(lambda size: ceil((size + 2 * padding - extent) / stride) + 1),
            )
            if uneven
            else None,
            (
                "the 1 at the end is forgotten",
                along(lambda size: (size + 2 * padding - extent) // stride),
            ),
            (
                "the padding is counted once instead of on both sides",
                along(lambda size: (size + padding - extent) // stride + 1),
            )
            if padding
            else None,
            ("the padding is left out", along(lambda size: (size - extent) // stride + 1))
            if padding
            else None,
            (
                "the dilation is left out",
                along(lambda size: (size + 2 * padding - kernel) // stride + 1),
            )
            if dilation > 1
            else None,
            (
                "the dilation multiplies the whole kernel",
                along(lambda size: (size + 2 * padding - dilation * kernel) // stride + 1),
            )
            if dilation > 1
            else None,
            ("the stride is left out", along(lambda size: size + 2 * padding - extent + 1)),
            (
                "the size is only divided by the stride",
                along(lambda size: floor((size + 2 * padding) / stride)),
            ),
            (
                "the output keeps the channels of the input",
                (
                    *along(lambda size: (size + 2 * padding - extent) // stride + 1)[:-1],
                    layer.channels,
                ),
            ),
        ),
        _formulas(layer.explanation, "output"),
    )


def _extent(layer: Layer) -> Question:
    explanation = layer.explanation
    return Question(
        0,
        "How many rows does one window span, from the first row it reads to the last?",
        "whole number",
        _whole(explanation, "receptive field, height"),
        mistakes(
            ("the dilation is left out", layer.kernel),
            ("the dilation multiplies the whole kernel", layer.dilation * layer.kernel),
            ("the 1 at the end is forgotten", layer.dilation * (layer.kernel - 1)),
            ("the dilation is added once", layer.kernel + layer.dilation),
        ),
        _formulas(explanation, "receptive field, height"),
    )


def _unseen(layer: Layer) -> Question:
    rows = layer.rows(layer.height)
    end = (rows.outputs - 1) * layer.stride + rows.extent - layer.padding
    return Question(
        0,
        f"Which rows of the input does no window see? {_POSITIONS}",
        "positions",
        rows.unseen,
        mistakes(*_unseen_mistakes(layer, rows, end)),
        (
            Note(
                f"{rows.outputs} windows start at row {-layer.padding}, {layer.stride} rows apart; "
                f"each spans {rows.extent} rows and reads every "
                f"{'row' if layer.dilation == 1 else f'{_ordinal(layer.dilation)} row'} of them. "
                f"The last one ends at row {end - 1} of 0 to {layer.height - 1}. Crossing off what "
                f"the windows read leaves {_listed(rows.unseen)}."
            ),
        ),
    )


def _unseen_mistakes(
    layer: Layer, rows: Windows, end: int
) -> list[tuple[str, tuple[int, ...]] | None]:
    left = tuple(range(max(end, 0), layer.height))
    without_padding = Windows(layer.height, layer.kernel, layer.stride, dilation=layer.dilation)
    undilated = Windows(
        layer.height, layer.kernel, layer.stride, layer.padding, layer.padding
    ).unseen
    cases = [
        ("the rows are counted from 1", tuple(row + 1 for row in rows.unseen)),
        (
            "the last window is thought to reach the end: the floor is forgotten",
            tuple(row for row in rows.unseen if row < end),
        ),
        ("the padding is left out", without_padding.unseen),
        ("the dilation is left out", undilated),
        ("only the rows after the last window are counted, none inside", left),
        (
            "every row between the starts of two windows is thought to be skipped",
            tuple(row for row in range(layer.height) if (row + layer.padding) % layer.stride),
        ),
    ]
    # A mistake that changes nothing here isn't one.
    return [case for case in cases if case[1] != rows.unseen]


def _unseen_pixels(layer: Layer) -> Question:
    unseen = [len(layer.rows(size).unseen) for size in layer.sizes]
    height, width = layer.sizes
    seen = [size - missed for size, missed in zip(layer.sizes, unseen, strict=True)]
    right = height * width - seen[0] * seen[1]
    cases = (
        ("the unseen rows and columns are multiplied", unseen[0] * unseen[1]),
        (
            "the pixels where an unseen row and an unseen column cross are counted twice",
            unseen[0] * width + unseen[1] * height,
        ),
        ("only the rows are counted", unseen[0] * width),
        ("only the columns are counted", unseen[1] * height),
        ("the pixels that are seen are counted", seen[0] * seen[1]),
        ("the channels are counted too", right * layer.channels),
    )
    return Question(
        0,
        "How many of the input's pixels does no window see? A pixel is seen if a window reads its "
        "row and its column; the channels of a pixel count as one.",
        "whole number",
        right,
        mistakes(*(case if case[1] != right else None for case in cases)),
        (
            Note(
                f"Rows that no window reads: {_listed(layer.rows(height).unseen)}. Columns: "
                f"{_listed(layer.rows(width).unseen)}."
            ),
            Equation(
                f"{height} x {width} - ({height} - {unseen[0]}) x ({width} - {unseen[1]})"
                f" = {right}",
                rf"{height} \times {width} - ({height} - {unseen[0]}) \times ({width} - "
                rf"{unseen[1]}) = {right}",
                "all pixels, less those in a row and a column that are read",
            ),
        ),
    )


def _work(layer: Layer) -> Question:
    explanation = layer.explanation
    positions = prod(_sizes(explanation)[:-1])
    weights = _whole(explanation, "weights")
    return Question(
        0,
        "How many multiplications of an input by a weight does it take for one example? Zeros of "
        "the padding count too.",
        "whole number",
        _whole(explanation, "multiply-adds"),
        mistakes(
            ("the positions of the output are not multiplied", weights),
            ("the filters are not multiplied", positions * weights // layer.filters),
            ("the channels are not multiplied", positions * weights // layer.channels),
            ("the biases are counted too", positions * (weights + layer.filters)),
            (
                "the input's positions are taken instead of the output's",
                layer.height * layer.width * weights,
            ),
        ),
        _formulas(explanation, "multiply-adds"),
    )


def _transposed_shape(layer: Layer) -> Question:
    explanation = layer.explanation
    kernel, stride, padding = layer.kernel, layer.stride, layer.padding
    added = layer.output_padding

    def along(outputs: Callable[[int], int]) -> tuple[int, ...]:
        return *(outputs(size) for size in layer.sizes), layer.filters

    wrong_way = along(lambda size: (size + 2 * padding - kernel) // stride + 1)
    return Question(
        0,
        f"What is the shape of the transposed convolution's output? {SHAPE_ORDER}",
        "shape",
        _sizes(explanation),
        mistakes(
            ("the formula of a convolution is used, not that of a transposed one", wrong_way),
            (
                "the padding is added instead of cut off",
                along(lambda size: (size - 1) * stride + 2 * padding + kernel + added),
            ),
            (
                "the padding is counted once instead of on both sides",
                along(lambda size: (size - 1) * stride - padding + kernel + added),
            ),
            ("the padding is left out", along(lambda size: (size - 1) * stride + kernel + added)),
            (
                "the output padding is left out",
                along(lambda size: (size - 1) * stride - 2 * padding + kernel),
            )
            if added
            else None,
            (
                "the size itself is multiplied by the stride, not one less",
                along(lambda size: size * stride - 2 * padding + kernel + added),
            ),
            (
                "the output keeps the channels of the input",
                (
                    *along(lambda size: (size - 1) * stride - 2 * padding + kernel + added)[:-1],
                    layer.channels,
                ),
            ),
        ),
        _formulas(explanation, "output"),
    )


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")


def _listed(positions: tuple[int, ...]) -> str:
    return ", ".join(map(str, positions)) or "none"


CONVOLUTION = Topic(
    "convolution",
    "Convolution",
    (
        "parameters, output shape, rows never seen, work; a stride",
        "the same with padding and dilation, and the span of a window",
        "groups, pixels never seen, a transposed convolution",
    ),
    _problems,
)
