"""The arithmetic of the layers that read one vector: embedding, linear, highway.

In: the sizes of a layer. Out: an `Explanation`. Work is counted for one
vector unless a formula says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.axes import FLOAT32, as_symbol
from quatrain.explain.arithmetic.expression import Expression, Symbol, product, shape
from quatrain.explain.arithmetic.matrix import Numbers, matrix_part
from quatrain.explain.pictures.weights import gate, lookup, matrix_and_vector
from quatrain.layers import Embedding
from quatrain.layers.shapes import whole
from quatrain.records import Explanation, Formula, Heading, Note, Part

MULTIPLY_ADD = (
    "A multiply-add is one multiplication of an input by a weight, with the product added to a "
    "sum. Adding the biases is not included."
)
"""Definition of a multiply-add, for the notes of layers with weights."""

_LARGEST_GATE_BIAS = 100
"""Largest bias of a gate, in either direction; the sigmoid is 0 or 1 long before."""


def embedding(alphabet: int, size: int) -> Explanation:
    """Explain why an embedding has its parameters, and why using it costs nothing.

    Args:
        alphabet: characters that have a vector.
        size: numbers in a vector.

    Returns:
        Formulas named "total", "output shape", "multiply-adds" (none), "multiply-adds as a
        product", "memory of the parameters" and "memory of the output" (bytes in float32); and
        an example that compares a lookup with the equivalent product. The picture "embedding"
        shows the row that a lookup copies.

    Raises:
        SettingsError: a size is not a whole number of at least 1.
    """
    characters, numbers = size_symbols("embedding", alphabet=alphabet, size=size)
    weights = characters * numbers
    return Explanation(
        f"Embedding of {alphabet} characters in vectors of {size}",
        (
            Heading("Parameters"),
            weights.formula("total"),
            Note("Why this many parameters: each character has its own vector, without a bias."),
            Heading("Shape"),
            shape("output shape", numbers),
            Note("Why this shape: a character's number goes in, its row of the table comes out."),
            lookup(alphabet, size),
            Heading("Work and memory"),
            Formula("multiply-adds", "", "", 0),
            weights.formula("multiply-adds as a product"),
            Note(
                "Looking up a row equals multiplying a one-hot vector by the table. In each sum "
                "of that product, all factors but one are 0, so nothing has to be multiplied."
            ),
            *_memory(weights, numbers),
            *_lookup_example(),
            Heading("Why"),
            Note(
                "Why this gradient: the gradient of an output vector is added to the row it came "
                "from, once for every time the character occurs. Rows of characters that don't "
                "occur get no gradient."
            ),
        ),
    )


def _lookup_example() -> Iterator[Part]:
    """Show one small lookup twice: as a product, and by the layer."""
    table: Numbers = np.arange(1, 13, dtype=np.float64).reshape(4, 3)
    one_hot: Numbers = np.eye(4)[[2]]
    yield Heading("A lookup is a product")
    yield matrix_part("The one-hot vector of character 2 in an alphabet of 4", one_hot)
    yield matrix_part("A table of 4 vectors of 3 numbers", table)
    yield matrix_part("Their product", one_hot @ table)
    row = Embedding(table).value(np.array([2]))
    yield matrix_part("Row 2, looked up", row.astype(np.float64))


def linear(inputs: int, outputs: int, *, bias: bool = True) -> Explanation:
    """Explain why a linear layer has its parameters, and what it costs.

    Args:
        inputs: numbers in an input vector.
        outputs: numbers in an output vector.
        bias: whether each output adds a bias.

    Returns:
        Formulas named "weights", "biases", "total", "output shape", "multiply-adds", "memory of
        the parameters" and "memory of the output" (bytes in float32). The picture "linear" shows
        the matrix and the vectors.

    Raises:
        SettingsError: a size is not a whole number of at least 1.
    """
    size, numbers = size_symbols("linear", inputs=inputs, outputs=outputs)
    weights = numbers * size
    parameters = as_symbol("weights", weights) + Symbol("biases", outputs if bias else 0)
    return Explanation(
        f"Linear layer from {inputs} to {outputs} numbers",
        (
            Heading("Parameters"),
            weights.formula("weights"),
            numbers.formula("biases") if bias else Formula("biases", "", "", 0),
            parameters.formula("total"),
            Note("Why this many parameters: every output has a weight for every input."),
            Heading("Shape"),
            shape("output shape", numbers),
            Note(
                "Why this shape: y = W x + b, and each row of W makes one number of y. Other "
                "dimensions, such as time and batch, stay as they are: every vector is mapped in "
                "the same way."
            ),
            matrix_and_vector(inputs, outputs, bias=bias),
            Heading("Work and memory"),
            weights.formula("multiply-adds"),
            Note(MULTIPLY_ADD),
            *_memory(parameters, numbers),
            Heading("Why"),
            Note(
                "Why this gradient: let g be the gradient of y. The gradient of the weights is "
                "g x^T and that of the bias is g, both summed over all vectors; the gradient of "
                "the input is W^T g."
            ),
        ),
    )


def highway(size: int, *, layers: int = 1, gate_bias: float = -2.0) -> Explanation:
    """Explain why a highway layer has twice a linear layer's parameters, and how its gate starts.

    Srivastava, Greff and Schmidhuber 2015, "Highway networks", equations 2 and 3; the negative
    start of the gate's bias is from section 2.2.

    Args:
        size: numbers in the vector, in and out.
        layers: stacked layers.
        gate_bias: initial value of the gate's biases.

    Returns:
        Formulas named "transform", "gate", "total", "output shape", "multiply-adds",
        "element-wise multiplications", "share changed at the start", "share carried at the
        start", "memory of the parameters" and "memory of the output" (bytes in float32). The
        chart "highway" shows both shares by the gate's bias.

    Raises:
        SettingsError: a size is not a whole number of at least 1, or the bias not finite.
    """
    numbers, depth = size_symbols("highway", size=size, layers=layers)
    if not isinstance(gate_bias, int | float) or not abs(gate_bias) <= _LARGEST_GATE_BIAS:
        raise SettingsError(
            "'gate_bias' of the highway layer",
            f"{gate_bias!r}",
            f"a number from -{_LARGEST_GATE_BIAS} to {_LARGEST_GATE_BIAS}, such as -2",
            "Choose a number in that range.",
        )
    linear_map = numbers * numbers + numbers
    parameters = product(2, linear_map) if layers == 1 else product(depth, 2, linear_map)
    exponential = Symbol("e", math.e) ** Symbol("bias", gate_bias)
    changed = exponential / (1 + exponential)
    carried = 1 - as_symbol("share changed", changed)
    parts: list[Part] = [
        Heading("Parameters"),
        linear_map.formula("transform"),
        linear_map.formula("gate"),
        parameters.formula("total"),
        Note(
            "Why this many parameters: y = t * g(W_H x + b_H) + (1 - t) * x, with the gate t = "
            "sigmoid(W_T x + b_T): two linear maps of the same size. The carried share, 1 - t, "
            "needs no parameters."
        ),
        Heading("Shape"),
        shape("output shape", numbers),
        Note("Why this shape: old and new numbers are mixed pairwise, so the size stays the same."),
        *_highway_work(numbers, depth),
        *_memory(parameters, numbers),
        Heading("At the start"),
        changed.formula("share changed at the start"),
        carried.formula("share carried at the start"),
    ]
    if layers > 1:
        all_layers = as_symbol("share carried", carried) ** depth
        parts.append(all_layers.formula("share carried through all layers at the start"))
    return Explanation(
        f"Highway of {size} numbers" + (f", {layers} layers" if layers > 1 else ""),
        (
            *parts,
            Note(
                f"The gate's bias starts at {gate_bias:g}, and the rest of the gate's sum near 0. "
                "A share that is carried forward is also carried back: whatever the weights are, "
                "the gradient of y reaches x directly, times 1 - t."
            ),
            gate(gate_bias, layers),
            Heading("Why"),
            Note(
                "Why this gradient: let d be the gradient of y. The transform gets d * t, the "
                "gate d * (g - x), and x gets d * (1 - t) plus what comes back through both maps."
            ),
        ),
    )


def _highway_work(numbers: Symbol, depth: Symbol) -> Iterator[Part]:
    multiply_adds = product(2, numbers, numbers)
    element_wise = 2 * numbers
    if depth.number != 1:
        multiply_adds, element_wise = depth * multiply_adds, depth * element_wise
    yield Heading("Work and memory")
    yield multiply_adds.formula("multiply-adds")
    yield element_wise.formula("element-wise multiplications")
    yield Note(MULTIPLY_ADD)


def size_symbols(layer: str, **sizes: int) -> tuple[Symbol, ...]:
    """Return a symbol for each size, under its own name.

    Raises:
        SettingsError: a size is not a whole number of at least 1.
    """
    return tuple(
        Symbol(name, whole(f"{name!r} of the {layer} layer", size, 1))
        for name, size in sizes.items()
    )


def _memory(parameters: Expression, outputs: Expression) -> Iterator[Part]:
    total = as_symbol("parameters", parameters)
    yield (FLOAT32 * total).formula("memory of the parameters", "bytes")
    yield (FLOAT32 * outputs).formula("memory of the output", "bytes")
