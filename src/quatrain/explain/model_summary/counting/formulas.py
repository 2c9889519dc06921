"""Parameters and multiply-adds of torch's layers, as formulas with their numbers.

A rule reads the sizes of a layer and the shapes of one call; nothing here imports torch.

In: a layer of `torch.nn` and one call of it. Out: expressions for `report`.

A multiply-add is a multiplication whose result is added to a sum: the inner products of
matrix products and convolutions, including the zeros of padding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quatrain.explain.arithmetic.expression import (
    Constant,
    Expression,
    Reading,
    Symbol,
    product,
    total,
)

_AXES = {
    1: ("length",),
    2: ("height", "width"),
    3: ("depth", "height", "width"),
}


@dataclass(frozen=True, slots=True)
class Entries(Expression):
    """The number of entries of a tensor: its name in symbols, its shape in numbers.

    Attributes:
        name: the name of the tensor.
        shape: its sizes; empty for a single number.
    """

    name: str
    shape: tuple[int, ...]

    @property
    def value(self) -> int:
        """Product of all sizes."""
        return math.prod(self.shape)

    def text(self, reading: Reading) -> str:
        """Return the name or the sizes."""
        return self.name if reading == "symbols" else self._sizes.text(reading)

    def latex(self, reading: Reading) -> str:
        """Return the name or the sizes."""
        expression = Symbol(self.name, self.value) if reading == "symbols" else self._sizes
        return expression.latex(reading)

    def binding(self, reading: Reading) -> int:
        """Return the binding of a name, or that of the sizes."""
        return (self._sizes if reading == "numbers" else Constant(1)).binding(reading)

    @property
    def _sizes(self) -> Expression:
        return product(*(self.shape or (1,)))


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a layer.

    Attributes:
        arguments: the arguments by name, as in the layer's `forward`.
        output: the result.
    """

    arguments: Mapping[str, Any]
    output: Any


@dataclass(frozen=True, slots=True)
class Rule:
    """The formulas of one kind of layer.

    Attributes:
        parameters: layer -> its own parameters, without those of children.
        products: layer and call -> its multiply-adds, None for a form of the layer that is not
            known. Left out if the layer has none.
        covers: operations whose work only this formula knows.
    """

    parameters: Callable[[Any], Expression | None]
    products: Callable[[Any, Call], Expression | None] | None = None
    covers: frozenset[str] = frozenset()

    def multiply_adds(self, layer: Any, call: Call) -> Expression | None:
        """Return the multiply-adds of a call; None for a form of the layer that is not known."""
        return Constant(0) if self.products is None else self.products(layer, call)


def rule_of(layer: Any) -> Rule | None:
    """Return the rule of a layer, if it is one of torch's or computes like one.

    A subclass that overrides a computing method may compute anything, so it has no rule.
    """
    if "forward" in vars(layer):
        return None
    for kind in type(layer).__mro__:
        if kind.__module__.startswith("torch.nn.") and kind.__name__ in _RULES:
            return _RULES[kind.__name__] if _computes_as(type(layer), kind) else None
    return None


def _computes_as(derived: type, kind: type) -> bool:
    between = derived.__mro__[: derived.__mro__.index(kind)]
    harmless = {"extra_repr", "reset_parameters"}
    return not any(
        callable(attribute)
        and hasattr(kind, name)
        and not name.startswith("__")
        and name not in harmless
        for cls in between
        for name, attribute in vars(cls).items()
    )


_NO_MULTIPLY_ADDS = {
    "pooling": "pooling compares or averages",
    "batchnorm": "normalisation scales and shifts element by element",
    "instancenorm": "normalisation scales and shifts element by element",
    "normalization": "normalisation scales and shifts element by element",
    "activation": "no inner product with weights",
    "dropout": "passes everything on outside training",
    "sparse": "a lookup",
    "flatten": "only changes the shape",
    "padding": "adds a border",
    "linear": "passes everything on",
    "upsampling": "repeats or blends neighbours, which isn't counted",
    "pixelshuffle": "only changes the order",
    "channelshuffle": "only changes the order",
    "fold": "copies patches, or adds them up",
}
"""File of `torch.nn.modules` -> why its layers have no inner products."""


def reason(layer: Any) -> str:
    """Return why a layer of torch has no multiply-adds, as a phrase; empty if not known."""
    package, _, file = type(layer).__module__.rpartition(".")
    return _NO_MULTIPLY_ADDS.get(file, "") if package == "torch.nn.modules" else ""


def _linear_parameters(layer: Any) -> Expression:
    inputs, outputs = Symbol("inputs", layer.in_features), Symbol("outputs", layer.out_features)
    weights = inputs * outputs
    return weights if layer.bias is None else weights + outputs


def _linear_products(layer: Any, call: Call) -> Expression:
    vectors = math.prod(call.arguments["input"].shape[:-1])
    return product(
        Symbol("vectors", vectors),
        Symbol("inputs", layer.in_features),
        Symbol("outputs", layer.out_features),
    )


def _bilinear_sizes(layer: Any) -> tuple[Symbol, Symbol, Symbol]:
    return (
        Symbol("outputs", layer.out_features),
        Symbol("first inputs", layer.in1_features),
        Symbol("second inputs", layer.in2_features),
    )


def _bilinear_parameters(layer: Any) -> Expression:
    outputs, first, second = _bilinear_sizes(layer)
    weights = outputs * first * second
    return weights if layer.bias is None else weights + outputs


def _bilinear_products(layer: Any, call: Call) -> Expression:
    # For every output x1' W first, and the inner product of that with x2.
    outputs, first, second = _bilinear_sizes(layer)
    vectors = Symbol("vectors", math.prod(call.arguments["input1"].shape[:-1]))
    return vectors * outputs * (first * second + second)


def _kernel(layer: Any) -> list[Symbol]:
    axes = _AXES[len(layer.kernel_size)]
    names = ["kernel"] if len(axes) == 1 else [f"kernel {axis}" for axis in axes]
    return [Symbol(name, size) for name, size in zip(names, layer.kernel_size, strict=True)]


def _kernels(layer: Any) -> Expression:
    """Return the number of weights of a convolution."""
    channels, filters = (
        Symbol("channels", layer.in_channels),
        Symbol("filters", layer.out_channels),
    )
    pairs = filters * channels
    if layer.groups > 1:
        pairs = pairs / Symbol("groups", layer.groups)
    return product(pairs, *_kernel(layer))


def _convolution_parameters(layer: Any) -> Expression:
    weights = _kernels(layer)
    return weights if layer.bias is None else weights + Symbol("filters", layer.out_channels)


def _convolution_products(layer: Any, call: Call) -> Expression:
    axes = len(layer.kernel_size)
    # A transposed convolution spreads every position of its input by the kernel.
    side, shape = ("input", call.arguments["input"].shape) if layer.transposed else ("output", None)
    shape = call.output.shape if shape is None else shape
    positions = [
        Symbol(f"{side} {axis}", size)
        for axis, size in zip(_AXES[axes], shape[-axes:], strict=True)
    ]
    batch = [Symbol("batch", shape[0])] if len(shape) == axes + 2 else []
    return product(*batch, *positions, _kernels(layer))


_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def _gates_by_hidden(layer: Any) -> list[Symbol]:
    gates = next(
        number
        for kind in type(layer).__mro__
        for name, number in _GATES.items()
        if kind.__name__ in (name, f"{name}Cell")
    )
    hidden = Symbol("hidden", layer.hidden_size)
    return [hidden] if gates == 1 else [Symbol("gates", gates), hidden]


def _recurrent(layer: Any, biases: int) -> Expression:
    """Return the weights of every layer and direction, with `biases` bias vectors each."""
    hidden = Symbol("hidden", layer.hidden_size)
    carried = Symbol("projection", layer.proj_size) if layer.proj_size else hidden
    directions = Symbol("directions", 1 + layer.bidirectional)
    extra = [Symbol("bias vectors", biases)] if biases else []
    below = directions * carried if layer.bidirectional else carried
    first = total(Symbol("inputs", layer.input_size), carried, *extra)
    gates = _gates_by_hidden(layer)
    weights = product(*gates, first)
    if layer.num_layers > 1:
        further = Symbol("layers", layer.num_layers) - 1
        weights = product(*gates, first + further * total(below, carried, *extra))
    if layer.proj_size:
        projected = [Symbol("layers", layer.num_layers)] if layer.num_layers > 1 else []
        weights = weights + product(*projected, carried, hidden)
    return directions * weights if layer.bidirectional else weights


def _recurrent_parameters(layer: Any) -> Expression:
    return _recurrent(layer, 2 if layer.bias else 0)


def _recurrent_products(layer: Any, call: Call) -> Expression:
    inputs = call.arguments["input"]
    if hasattr(inputs, "batch_sizes"):  # packed: the steps of all sequences
        steps: Expression = Symbol("steps", inputs.data.shape[0])
    elif inputs.dim() == 3:
        time, batch = inputs.shape[:2] if not layer.batch_first else inputs.shape[1::-1]
        steps = Symbol("time", time) * Symbol("batch", batch)
    else:
        steps = Symbol("time", inputs.shape[0])
    return steps * _recurrent(layer, 0)


def _cell_parameters(layer: Any) -> Expression:
    terms = [Symbol("inputs", layer.input_size), Symbol("hidden", layer.hidden_size)]
    biases = [Symbol("bias vectors", 2)] if layer.bias else []
    return product(*_gates_by_hidden(layer), total(*terms, *biases))


def _cell_products(layer: Any, call: Call) -> Expression:
    inputs = call.arguments["input"]
    batch = [Symbol("batch", inputs.shape[0])] if inputs.dim() == 2 else []
    terms = [Symbol("inputs", layer.input_size), Symbol("hidden", layer.hidden_size)]
    return product(*batch, *_gates_by_hidden(layer), total(*terms))


def _attention_sizes(layer: Any) -> tuple[Symbol, Symbol, Symbol]:
    return (
        Symbol("size", layer.embed_dim),
        Symbol("key size", layer.kdim),
        Symbol("value size", layer.vdim),
    )


def _attention_parameters(layer: Any) -> Expression:
    """Return the parameters of the projections; the output projection is a layer of its own."""
    size, key, value = _attention_sizes(layer)
    same = layer.kdim == layer.vdim == layer.embed_dim
    count: Expression = product(3, size, size) if same else size * total(size, key, value)
    if layer.in_proj_bias is not None:
        count = count + 3 * size
    return count if layer.bias_k is None else count + 2 * size


def _attention_products(layer: Any, call: Call) -> Expression:
    query, key = call.arguments["query"], call.arguments["key"]
    size, key_size, value_size = _attention_sizes(layer)
    axis = 1 if layer.batch_first and query.dim() == 3 else 0
    queries, keys = Symbol("queries", query.shape[axis]), Symbol("keys", key.shape[axis])
    more = (layer.bias_k is not None) + bool(layer.add_zero_attn)
    seen = keys + Symbol("added keys", more) if more else keys
    projections = queries * size * size + keys * total(key_size, value_size) * size
    heads = [Symbol("heads", layer.num_heads), Symbol("head size", layer.head_dim)]
    attention = product(2, *heads, queries, seen)  # the scores, and the weighted sum of values
    work = projections + attention + queries * size * size
    return Symbol("batch", query.shape[1 - axis]) * work if query.dim() == 3 else work


def _normalised(layer: Any) -> Expression | None:
    vectors = sum(getattr(layer, name, None) is not None for name in ("weight", "bias"))
    shape = getattr(layer, "normalized_shape", None)
    if shape is None:
        count = getattr(layer, "num_features", None) or layer.num_channels
        features: Expression = Symbol("features", count)
    else:
        features = Entries("features", tuple(shape))
    return {0: None, 1: features, 2: 2 * features}[vectors]


def _table(layer: Any) -> Expression:
    return Symbol("rows", layer.num_embeddings) * Symbol("size", layer.embedding_dim)


def _bag_products(layer: Any, call: Call) -> Expression:
    if call.arguments.get("per_sample_weights") is None:
        return Constant(0)
    indices = Symbol("indices", math.prod(call.arguments["input"].shape))
    return indices * Symbol("size", layer.embedding_dim)


def _rules(names: Sequence[str], rule: Rule) -> dict[str, Rule]:
    return dict.fromkeys(names, rule)


_RULES: dict[str, Rule] = {
    "Linear": Rule(_linear_parameters, _linear_products),
    "Bilinear": Rule(_bilinear_parameters, _bilinear_products),
    "MultiheadAttention": Rule(_attention_parameters, _attention_products),
    "Embedding": Rule(_table),
    "EmbeddingBag": Rule(_table, _bag_products),
    "PReLU": Rule(lambda layer: Symbol("slopes", layer.num_parameters)),
    **_rules(
        [f"{kind}{axes}d" for kind in ("Conv", "ConvTranspose") for axes in _AXES],
        Rule(_convolution_parameters, _convolution_products),
    ),
    **_rules(
        list(_GATES),
        Rule(
            _recurrent_parameters,
            _recurrent_products,
            frozenset(("aten::_cudnn_rnn", "aten::miopen_rnn", "aten::_lstm_mps")),
        ),
    ),
    **_rules([f"{kind}Cell" for kind in _GATES], Rule(_cell_parameters, _cell_products)),
    **_rules(
        [f"{kind}{axes}d" for kind in ("BatchNorm", "InstanceNorm") for axes in _AXES]
        + ["SyncBatchNorm", "LayerNorm", "GroupNorm", "RMSNorm"],
        Rule(_normalised),
    ),
}
"""Class name of a layer in torch -> its rule."""
