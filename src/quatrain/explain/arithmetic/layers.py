"""The arithmetic of the layers without windows: embedding, linear, highway, LSTM.

In: the sizes of a layer. Out: an `Explanation`, next room `page`. Counts of work are of one
character of one sequence unless they say otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.axes import FLOAT32, number
from quatrain.explain.arithmetic.expression import Expression, Symbol, product, shape
from quatrain.explain.arithmetic.matrix import Numbers, shown
from quatrain.layers import Embedding
from quatrain.layers.shapes import whole
from quatrain.records import Explanation, Formula, Heading, Note, Part, Table

_MULTIPLY_ADD = (
    "A multiply-add is one multiplication of an input with a weight and the addition of the "
    "product to a sum; biases are added besides."
)


def embedding(alphabet: int, size: int) -> Explanation:
    """Why an embedding has its parameters, and costs nothing to use.

    Args:
        alphabet: characters that have a vector.
        size: numbers in a vector.

    Returns:
        Formulas named "total", "output shape", "multiply-adds" (none), "multiply-adds as a
        product", "memory of the parameters" and "memory of the output" (bytes in float32); a
        look-up beside the same as a product.

    Raises:
        SettingsError: a size is not a whole number of at least 1.
    """
    characters, numbers = _sizes("embedding", alphabet=alphabet, size=size)
    weights = characters * numbers
    return Explanation(
        f"Embedding of {alphabet} characters in vectors of {size}",
        (
            Heading("Parameters"),
            weights.formula("total"),
            Note("Why so many parameters: every character has a vector of its own, and no bias."),
            Heading("Shape"),
            shape("output shape", numbers),
            Note("Why this shape: a character's number goes in, its row of the table comes out."),
            Heading("Work and memory"),
            Formula("multiply-adds", "", "", 0),
            weights.formula("multiply-adds as a product"),
            Note(
                "Looking up a row is the product of a one-hot vector with the table, and all "
                "but one of the factors in each sum of that product are 0: nothing need be "
                "multiplied."
            ),
            *_memory(weights, numbers),
            *_look_up(),
            Heading("Why"),
            Note(
                "Why this gradient: the gradient of a vector is added to the row it was looked "
                "up in, once for every time the character occurs; the rows of characters that "
                "do not occur get none."
            ),
        ),
    )


def _look_up() -> Iterator[Part]:
    """The same small look-up twice: as a product, and by the layer."""
    table: Numbers = np.arange(1, 13, dtype=np.float64).reshape(4, 3)
    one_hot: Numbers = np.eye(4)[[2]]
    yield Heading("A look-up is a product")
    yield shown("The one-hot vector of character 2 in an alphabet of 4", one_hot)
    yield shown("A table of 4 vectors of 3 numbers", table)
    yield shown("Their product", one_hot @ table)
    looked_up = Embedding(table).value(np.array([2]))
    yield shown("Row 2, looked up", looked_up.astype(np.float64))


def linear(inputs: int, outputs: int, *, bias: bool = True) -> Explanation:
    """Why a linear layer has its parameters, and what it costs.

    Args:
        inputs: numbers in an input vector.
        outputs: numbers in an output vector.
        bias: whether each output adds a number of its own.

    Returns:
        Formulas named "weights", "biases", "total", "output shape", "multiply-adds", "memory of
        the parameters" and "memory of the output" (bytes in float32).

    Raises:
        SettingsError: a size is not a whole number of at least 1.
    """
    size, numbers = _sizes("linear", inputs=inputs, outputs=outputs)
    weights = numbers * size
    parameters = number("weights", weights) + Symbol("biases", outputs if bias else 0)
    return Explanation(
        f"Linear layer from {inputs} to {outputs} numbers",
        (
            Heading("Parameters"),
            weights.formula("weights"),
            numbers.formula("biases") if bias else Formula("biases", "", "", 0),
            parameters.formula("total"),
            Note("Why so many parameters: every output has a weight for every input."),
            Heading("Shape"),
            shape("output shape", numbers),
            Note(
                "Why this shape: y = W x + b, and a row of W makes one number of y. Further "
                "dimensions, such as time and batch, pass through: each vector is mapped alike."
            ),
            Heading("Work and memory"),
            weights.formula("multiply-adds"),
            Note(_MULTIPLY_ADD),
            *_memory(parameters, numbers),
            Heading("Why"),
            Note(
                "Why this gradient: with g the gradient of y, the weights' is g x^T, summed over "
                "all vectors mapped; the bias's is the sum of g; and the input's is W^T g."
            ),
        ),
    )


def highway(size: int, *, layers: int = 1, gate_bias: float = -2.0) -> Explanation:
    """Why a highway layer has twice a linear layer's parameters, and what its gate begins with.

    Srivastava, Greff and Schmidhuber 2015, "Highway networks", equations 2 and 3; the negative
    start of the gate's bias is from section 2.2.

    Args:
        size: numbers in the vector, going in and coming out.
        layers: how many are laid one upon the other.
        gate_bias: what the gate's biases begin with.

    Returns:
        Formulas named "transform", "gate", "total", "output shape", "multiply-adds",
        "element-wise multiplications", "share changed at the start", "share carried at the
        start", "memory of the parameters" and "memory of the output" (bytes in float32).

    Raises:
        SettingsError: a size is not a whole number of at least 1, or the bias not finite.
    """
    numbers, times = _sizes("highway", size=size, layers=layers)
    if not isinstance(gate_bias, int | float) or not abs(gate_bias) <= _STEEPEST:
        raise SettingsError(
            "'gate_bias' of the highway layer",
            f"{gate_bias!r}",
            f"a number from -{_STEEPEST} to {_STEEPEST}, such as -2",
            "Give another number.",
        )
    one = numbers * numbers + numbers
    parameters = product(2, one) if layers == 1 else product(times, 2, one)
    work = product(2, numbers, numbers)
    opening = Symbol("e", math.e) ** Symbol("bias", gate_bias)
    changed = opening / (1 + opening)
    carried = 1 - number("share changed", changed)
    parts: list[Part] = [
        Heading("Parameters"),
        one.formula("transform"),
        one.formula("gate"),
        parameters.formula("total"),
        Note(
            "Why so many parameters: y = t * g(W_H x + b_H) + (1 - t) * x with the gate t = "
            "sigmoid(W_T x + b_T), two linear maps of equal size. What is carried is 1 - t and "
            "costs none."
        ),
        Heading("Shape"),
        shape("output shape", numbers),
        Note(
            "Why this shape: old and new numbers are mixed one by one, so a vector keeps its size."
        ),
        Heading("Work and memory"),
        (work if layers == 1 else times * work).formula("multiply-adds"),
        (2 * numbers if layers == 1 else times * (2 * numbers)).formula(
            "element-wise multiplications"
        ),
        Note(_MULTIPLY_ADD),
        *_memory(parameters, numbers),
        Heading("How it begins"),
        changed.formula("share changed at the start"),
        carried.formula("share carried at the start"),
    ]
    if layers > 1:
        through = number("share carried", carried) ** times
        parts.append(through.formula("share carried through all layers at the start"))
    return Explanation(
        f"Highway of {size} numbers" + (f", {layers} layers" if layers > 1 else ""),
        (
            *parts,
            Note(
                f"The gate's bias begins at {gate_bias:g}, and the rest of its sum near 0. What "
                "is carried forth is carried back: y moves with x by 1 - t directly, whatever "
                "the weights are."
            ),
            Heading("Why"),
            Note(
                "Why this gradient: with d the gradient of y, the transform gets d * t, the gate "
                "d * (g - x), and x gets d * (1 - t) besides what comes back through both maps."
            ),
        ),
    )


_STEEPEST = 100
"""The largest bias of a gate, at which a sigmoid has long been 0 or 1."""


def lstm(
    inputs: int,
    hidden: int,
    *,
    layers: int = 1,
    biases: Literal[1, 2] = 1,
    length: int = 100,
    batch: int = 1,
) -> Explanation:
    """Why an LSTM has its parameters, and what a sequence costs.

    Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000.

    Args:
        inputs: numbers in an input vector.
        hidden: cells of a layer.
        layers: how many are laid one upon the other.
        biases: bias vectors per layer: 1, as here, or 2, as in PyTorch, which only ever appear
            as their sum.
        length: characters of a sequence.
        batch: sequences read at the same time.

    Returns:
        Formulas named "one gate", "four gates", "layer 1", "each further layer", "total",
        "total with 2 bias vectors" (or 1), "output shape", "multiply-adds per character",
        "element-wise multiplications per character", "multiply-adds per sequence",
        "multiply-adds of the batch", "memory of the parameters", "memory of the state" and
        "memory for the way back" (bytes in float32).

    Raises:
        SettingsError: a size is not a whole number of at least 1, or the biases neither 1 nor 2.
    """
    size, cells, stacked, time, sequences = _sizes(
        "LSTM", inputs=inputs, hidden=hidden, layers=layers, length=length, batch=batch
    )
    if biases not in (1, 2):
        raise SettingsError(
            "'biases' of the LSTM layer",
            f"{biases!r}",
            "1 bias vector per layer, or 2 as in PyTorch",
            "Take either.",
        )
    further = layers - 1
    gate = cells * (size + cells + Symbol("bias vectors", biases))
    parts: list[Part] = [
        Heading("Parameters"),
        gate.formula("one gate"),
        (4 * number("one gate", gate)).formula("four gates"),
        _layer(size, cells, biases).formula("layer 1"),
    ]
    if further:
        parts.append(_layer(cells, cells, biases).formula("each further layer"))
    parameters: Expression = number("layer 1", _layer(size, cells, biases))
    if further:
        each = number("each further layer", _layer(cells, cells, biases))
        parameters = parameters + (stacked - 1) * each
    other: Literal[1, 2] = 2 if biases == 1 else 1
    several = "bias vectors" if other == 2 else "bias vector"
    first_work = 4 * cells * (size + cells)
    work: Expression = first_work
    if further:
        work = work + (stacked - 1) * (4 * cells * (cells + cells))
    per_character = number("multiply-adds per character", work)
    kept = product(FLOAT32, time, sequences, stacked, 6, cells)
    return Explanation(
        f"LSTM of {inputs} inputs and {layers} x {hidden} cells"
        if further
        else f"LSTM of {inputs} inputs and {hidden} cells",
        (
            *parts,
            parameters.formula("total"),
            _table(inputs, hidden, layers, biases),
            _total(size, cells, stacked, other).formula(f"total with {other} {several}"),
            Note(
                "Why so many parameters: three gates and a candidate, each a linear map of the "
                "input and of the hidden vector before. The length does not enter: the same "
                "weights read every character. PyTorch keeps two bias vectors per layer, which "
                "only ever appear as their sum: both conventions compute the same, but as both "
                "vectors get the same gradient, a step of plain gradient descent moves the sum "
                "twice as far."
            ),
            Heading("Shape"),
            shape("output shape", time, sequences, cells),
            Note("Why this shape: at every time each cell gives one number, o * tanh(c)."),
            Heading("Work"),
            work.formula("multiply-adds per character"),
            (3 * cells * stacked).formula("element-wise multiplications per character"),
            (per_character * time).formula("multiply-adds per sequence"),
            (per_character * time * sequences).formula("multiply-adds of the batch"),
            Note(
                f"{_MULTIPLY_ADD} The element-wise multiplications are f * c, i * g and o * "
                "tanh(c), and are counted apart."
            ),
            Heading("Memory"),
            (FLOAT32 * number("total", parameters)).formula("memory of the parameters", "bytes"),
            product(FLOAT32, 2, stacked, sequences, cells).formula("memory of the state", "bytes"),
            kept.formula("memory for the way back", "bytes"),
            Note(
                "The state is the hidden and the cell vector of each layer; it is all that "
                "writing needs, however long the text. Training keeps six numbers of every cell "
                "and time until the gradient comes back: i, f, g, o, c and h. The inputs, which "
                "the layer does not make, are not counted."
            ),
            Heading("Why"),
            Note(
                "Why this gradient: a weight is used at every time, and its gradient is the sum "
                "over all times. Between two times it travels along c, multiplied by f at each "
                "step, and through the gates by way of W_h."
            ),
        ),
    )


def _layer(size: Symbol, cells: Symbol, biases: int) -> Expression:
    return 4 * cells * (size + cells + Symbol("bias vectors", biases))


def _total(size: Symbol, cells: Symbol, layers: Symbol, biases: int) -> Expression:
    first = _layer(size, cells, biases)
    return first if layers.number == 1 else first + (layers - 1) * _layer(cells, cells, biases)


def _table(inputs: int, hidden: int, layers: int, biases: int) -> Table:
    """The parameters of the first layers, by what they weigh."""
    rows = []
    for layer in range(1, min(layers, _LAYERS) + 1):
        size = inputs if layer == 1 else hidden
        kinds = (4 * hidden * size, 4 * hidden * hidden, 4 * hidden * biases)
        rows.append((str(layer), *kinds, sum(kinds)))
    title = "Parameters by layer"
    if layers > _LAYERS:
        title += f": the first {_LAYERS} of {layers}"
    columns = ("layer", "weights of the input", "weights of the hidden", "biases", "together")
    return Table(title, columns, tuple(rows))


_LAYERS = 8
"""Layers that are shown one by one."""


def _sizes(layer: str, **given: int) -> tuple[Symbol, ...]:
    """A symbol for each size, under its own name."""
    return tuple(
        Symbol(name, whole(f"{name!r} of the {layer} layer", size, 1))
        for name, size in given.items()
    )


def _memory(parameters: Expression, outputs: Expression) -> Iterator[Part]:
    counted = number("parameters", parameters)
    yield (FLOAT32 * counted).formula("memory of the parameters", "bytes")
    yield (FLOAT32 * outputs).formula("memory of the output", "bytes")
