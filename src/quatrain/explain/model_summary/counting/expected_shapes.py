"""Shapes that the parameters of torch's layers have, by the layers' attributes.

In: a layer. Out: whether its parameters still have the shapes that its attributes say. A weight
may have been replaced: pruned, merged, resized. Nothing here imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Shapes = Mapping[str, tuple[int, ...]]
"""Name of a parameter -> its shape."""


def has_expected_shapes(layer: Any) -> bool:
    """Return whether every parameter that the layer's kind knows has the shape it should have."""
    rule = next((_SHAPES[c.__name__] for c in type(layer).__mro__ if c.__name__ in _SHAPES), None)
    expected = {} if rule is None else rule(layer)
    return all(
        tuple(parameter.shape) == expected.get(name, tuple(parameter.shape))
        for name, parameter in layer._parameters.items()
        if parameter is not None
    )


def _linear(layer: Any) -> Shapes:
    return {"weight": (layer.out_features, layer.in_features), "bias": (layer.out_features,)}


def _bilinear(layer: Any) -> Shapes:
    sizes = layer.out_features, layer.in1_features, layer.in2_features
    return {"weight": sizes, "bias": sizes[:1]}


def _convolution(layer: Any) -> Shapes:
    rows, columns = layer.out_channels, layer.in_channels
    if layer.transposed:
        rows, columns = columns, rows
    shape = (rows, columns // layer.groups, *layer.kernel_size)
    return {"weight": shape, "bias": (layer.out_channels,)}


def _recurrent(layer: Any) -> Shapes:
    gates, output = _gate_rows(layer), layer.proj_size or layer.hidden_size
    directions = 1 + layer.bidirectional
    shapes: dict[str, tuple[int, ...]] = {}
    for number in range(layer.num_layers):
        inputs = directions * output if number else layer.input_size
        for suffix in ("", "_reverse")[:directions]:
            end = f"l{number}{suffix}"
            shapes[f"weight_ih_{end}"] = gates, inputs
            shapes[f"weight_hh_{end}"] = gates, output
            shapes[f"bias_ih_{end}"] = shapes[f"bias_hh_{end}"] = (gates,)
            shapes[f"weight_hr_{end}"] = output, layer.hidden_size
    return shapes


def _cell(layer: Any) -> Shapes:
    gates = _gate_rows(layer)
    return {
        "weight_ih": (gates, layer.input_size),
        "weight_hh": (gates, layer.hidden_size),
        "bias_ih": (gates,),
        "bias_hh": (gates,),
    }


def _gate_rows(layer: Any) -> int:
    kinds = {kind.__name__.removesuffix("Cell") for kind in type(layer).__mro__}
    return int((4 if "LSTM" in kinds else 3 if "GRU" in kinds else 1) * layer.hidden_size)


def _attention(layer: Any) -> Shapes:
    size = layer.embed_dim
    return {
        "in_proj_weight": (3 * size, size),
        "q_proj_weight": (size, size),
        "k_proj_weight": (size, layer.kdim),
        "v_proj_weight": (size, layer.vdim),
        "in_proj_bias": (3 * size,),
        "bias_k": (1, 1, size),
        "bias_v": (1, 1, size),
    }


def _features(layer: Any) -> Shapes:
    count = getattr(layer, "num_features", None) or getattr(layer, "num_channels", None)
    shape = tuple(getattr(layer, "normalized_shape", (count,)))
    return {"weight": shape, "bias": shape}


def _table(layer: Any) -> Shapes:
    return {"weight": (layer.num_embeddings, layer.embedding_dim)}


def _slopes(layer: Any) -> Shapes:
    return {"weight": (layer.num_parameters,)}


_SHAPES: dict[str, Callable[[Any], Shapes]] = {
    "Linear": _linear,
    "Bilinear": _bilinear,
    "MultiheadAttention": _attention,
    "Embedding": _table,
    "EmbeddingBag": _table,
    "PReLU": _slopes,
    "_ConvNd": _convolution,
    "RNNBase": _recurrent,
    "RNNCellBase": _cell,
    "_NormBase": _features,
    "LayerNorm": _features,
    "GroupNorm": _features,
    "RMSNorm": _features,
}
"""Class name of a layer in torch, or of its base -> the shapes of its parameters."""
