"""Multiply-adds of single operations of torch.

In: a call of an operation, with all its arguments in the order of its schema. Out: an
expression, or the fact that its multiply-adds are not known. Nothing here imports torch: only
names and shapes are read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quatrain.explain.arithmetic.expression import Expression, Symbol, product
from quatrain.explain.model_summary.counting.element_wise import has_no_products
from quatrain.explain.model_summary.counting.formulas import Entries


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of an operation.

    Attributes:
        name: its name in torch, such as "aten::addmm_".
        arguments: every argument in the order of the schema; defaults where the call has none.
        output: the result.
        without_products: whether it has no inner products, whatever its arguments are.
    """

    name: str
    arguments: Sequence[Any]
    output: Any
    without_products: bool

    @classmethod
    def from_call(
        cls, function: Any, arguments: Sequence[Any], keywords: Mapping[str, Any], output: Any
    ) -> Operation:
        """Return the record of a call that a dispatch mode saw."""
        schema = function._schema
        values = [
            arguments[index] if index < len(arguments) else keywords.get(slot.name, _default(slot))
            for index, slot in enumerate(schema.arguments)
        ]
        return cls(schema.name, values, output, has_no_products(function))


def _default(slot: Any) -> Any:
    return slot.default_value if slot.has_default_value() else None


def multiply_adds(operation: Operation) -> Expression | None:
    """Return the multiply-adds of one call; None if it has none, or if they are not known."""
    rule = _rule(operation)
    return None if rule is None else rule(operation.arguments, operation.output)


def is_uncounted(operation: Operation) -> bool:
    """Return whether the operation may multiply and add, and no rule says how much."""
    if operation.without_products:
        return False
    rule = _rule(operation)
    return rule is None or rule(operation.arguments, operation.output) is None


_Rule = Callable[[Sequence[Any], Any], Expression | None]


def has_rule(name: str) -> bool:
    """Return whether the multiply-adds of an operation are known, for ordinary arguments."""
    return _rule_of(_key(name)) is not None


def _key(name: str) -> str:
    """Return a name without "aten::" and without the underscore of in-place operations."""
    return name.removeprefix("aten::").removesuffix("_")


def _rule_of(key: str) -> _Rule | None:
    if key.startswith("_scaled_dot_product"):
        return _attention_backward if key.endswith("_backward") else _attention
    return _RULES.get(key)


def _rule(operation: Operation) -> _Rule | None:
    rule = _rule_of(_key(operation.name))
    if rule is not _last_axis and any(map(_is_nested, operation.arguments)):
        return None
    return rule if all(map(_is_dense, operation.arguments)) else None


def _is_dense(argument: Any) -> bool:
    return "sparse" not in str(getattr(argument, "layout", ""))


def _is_nested(argument: Any) -> bool:
    return bool(getattr(argument, "is_nested", False))


def _matrix_product(left: Any, right: Any) -> Expression:
    rows, inner = left.shape[-2:]
    factors = [Symbol("rows", rows), Symbol("inner", inner), Symbol("columns", right.shape[-1])]
    many = math.prod(left.shape[:-2])
    return product(*([Symbol("matrices", many)] if left.dim() > 2 else []), *factors)


def _product_of(left: int, right: int) -> _Rule:
    """Return the rule of a product of two arguments, by their places."""
    return lambda arguments, _: _matrix_product(arguments[left], arguments[right])


def _vector_product(place: int) -> _Rule:
    """Return the rule of a matrix, at this place, times a vector."""
    return lambda arguments, _: (
        Symbol("rows", arguments[place].shape[0]) * Symbol("inner", arguments[place].shape[1])
    )


def _inner_product(arguments: Sequence[Any], _: Any) -> Expression:
    return Symbol("inner", arguments[0].shape[0])


def _rank_one(arguments: Sequence[Any], _: Any) -> Expression:
    return Symbol("rows", arguments[1].shape[0]) * Symbol("columns", arguments[2].shape[0])


def _last_axis(arguments: Sequence[Any], output: Any) -> Expression:
    """Return the work of a layer that maps the last axis, whatever its weights are packed in."""
    inputs = arguments[0]
    size = inputs.shape[-1] if not _is_nested(inputs) else inputs.size(-1)
    outputs = output.size(-1) if output.dim() == inputs.dim() else 1
    vectors = inputs.numel() // size if size else 0
    return product(Symbol("vectors", vectors), Symbol("inputs", size), Symbol("outputs", outputs))


def _convolution_work(inputs: Any, weight: Any, transposed: bool, output: Any) -> Expression:
    # A transposed convolution spreads every position of its input by the kernel.
    positions = math.prod((inputs if transposed else output).shape[2:])
    return product(
        Symbol("batch", inputs.shape[0]),
        Symbol("positions", positions),
        Entries("weights", tuple(weight.shape)),
    )


def _convolution(arguments: Sequence[Any], output: Any) -> Expression:
    inputs, weight, transposed = arguments[0], arguments[1], arguments[6]
    return _convolution_work(inputs, weight, transposed, output)


def _one_way(arguments: Sequence[Any], output: Any) -> Expression:
    return _convolution_work(arguments[0], arguments[1], False, output)


def _transposed(arguments: Sequence[Any], output: Any) -> Expression:
    return _convolution_work(arguments[0], arguments[1], True, output)


def _convolution_backward(arguments: Sequence[Any], _: Any) -> Expression:
    gradient, inputs, weight = arguments[:3]
    computed = sum(map(bool, arguments[10][:2]))  # the gradients of the input and of the weights
    return Symbol("gradients", computed) * _convolution_work(inputs, weight, arguments[7], gradient)


def _time_batch_channels(arguments: Sequence[Any], output: Any) -> Expression:
    time, batch = output.shape[:2]
    weights = Entries("weights", tuple(arguments[1].shape))
    return product(Symbol("output time", time), Symbol("batch", batch), weights)


def _attention_sizes(query: Any, key: Any) -> tuple[Symbol, Symbol, Symbol]:
    return (
        Symbol("heads of the batch", math.prod(query.shape[:-2])),
        Symbol("queries", query.shape[-2]),
        Symbol("keys", key.shape[-2]),
    )


def _attention(arguments: Sequence[Any], _: Any) -> Expression:
    query, key, value = arguments[:3]
    sizes = Symbol("key size", query.shape[-1]) + Symbol("value size", value.shape[-1])
    return product(*_attention_sizes(query, key), sizes)


def _attention_backward(arguments: Sequence[Any], _: Any) -> Expression:
    # The scores again, then the gradients of query and key; those of the values and the scores.
    query, key, value = arguments[1:4]
    sizes = 3 * Symbol("key size", query.shape[-1]) + 2 * Symbol("value size", value.shape[-1])
    return product(*_attention_sizes(query, key), sizes)


def _one_layer_recurrent(arguments: Sequence[Any], _: Any) -> Expression:
    inputs, weight_input, weight_hidden = arguments[:3]
    return Symbol("steps", math.prod(inputs.shape[:-1])) * Symbol(
        "weights", math.prod(weight_input.shape) + math.prod(weight_hidden.shape)
    )


def _bag(arguments: Sequence[Any], _: Any) -> Expression:
    """Return the work of a bag of embeddings: a weighted sum has a product for every number."""
    weighted = arguments[6] is not None
    return product(
        int(weighted),
        Symbol("indices", arguments[1].numel()),
        Symbol("size", arguments[0].shape[1]),
    )


def _bag_weights_backward(arguments: Sequence[Any], _: Any) -> Expression:
    return Symbol("indices", arguments[2].numel()) * Symbol("size", arguments[1].shape[1])


def _affine_grid(arguments: Sequence[Any], output: Any) -> Expression:
    return Entries("coordinates", tuple(output.shape)) * Symbol("inner", arguments[0].shape[-1])


def _bilinear(arguments: Sequence[Any], _: Any) -> Expression | None:
    """Return the work of `bilinear`; None for other sums of products of three tensors."""
    first, weight, second = arguments[:3]
    if list(map(list, arguments[3:7])) != [[1, 3], [0], [1, 2], [2, 3]]:
        return None
    vectors = Symbol("vectors", first.shape[0])
    outputs = Symbol("outputs", weight.shape[0])
    inner, outer = Symbol("first inputs", first.shape[1]), Symbol("second inputs", second.shape[1])
    return vectors * outputs * (inner * outer + outer)


_RULES: dict[str, _Rule] = {
    **dict.fromkeys(("mm", "bmm", "_int_mm", "_scaled_mm", "_scaled_mm_v2"), _product_of(0, 1)),
    **dict.fromkeys(("addmm", "_addmm_activation", "baddbmm", "addbmm"), _product_of(1, 2)),
    "mv": _vector_product(0),
    "addmv": _vector_product(1),
    "addr": _rank_one,
    **dict.fromkeys(("dot", "vdot"), _inner_product),
    **dict.fromkeys(
        (
            "linear",
            "mkldnn_linear",
            "fbgemm_linear_fp16_weight",
            "fbgemm_linear_fp16_weight_fp32_activation",
            "fbgemm_linear_int8_weight",
            "fbgemm_linear_int8_weight_fp32_activation",
            "_dyn_quant_matmul_4bit",
            "_mixed_dtypes_linear",
            "_weight_int4pack_mm",
            "_weight_int4pack_mm_for_cpu",
            "_weight_int4pack_mm_with_scales_and_zeros",
            "_weight_int8pack_mm",
            "_wrapped_quantized_linear_prepacked",
            "quantized::linear",
            "quantized::linear_dynamic",
            "quantized::linear_dynamic_fp16",
            "quantized::linear_relu",
            "quantized::linear_relu_dynamic",
        ),
        _last_axis,
    ),
    **dict.fromkeys(
        ("convolution", "_convolution", "convolution_overrideable"),
        _convolution,
    ),
    **dict.fromkeys(
        (
            "_conv_depthwise2d",
            "_mps_convolution",
            "_nnpack_spatial_convolution",
            "_slow_conv2d_forward",
            "conv_depthwise3d",
            "cudnn_convolution",
            "cudnn_convolution_add_relu",
            "cudnn_convolution_relu",
            "miopen_convolution",
            "miopen_convolution_add_relu",
            "miopen_convolution_relu",
            "miopen_depthwise_convolution",
            "mkldnn_convolution",
            "slow_conv3d_forward",
            "slow_conv_dilated2d",
            "slow_conv_dilated3d",
        ),
        _one_way,
    ),
    **dict.fromkeys(
        (
            "_mps_convolution_transpose",
            "cudnn_convolution_transpose",
            "miopen_convolution_transpose",
            "slow_conv_transpose2d",
            "slow_conv_transpose3d",
        ),
        _transposed,
    ),
    **dict.fromkeys(
        ("convolution_backward", "convolution_backward_overrideable"),
        _convolution_backward,
    ),
    "conv_tbc": _time_batch_channels,
    "mkldnn_rnn_layer": _one_layer_recurrent,
    **dict.fromkeys(("_embedding_bag", "_embedding_bag_forward_only"), _bag),
    "_embedding_bag_per_sample_weights_backward": _bag_weights_backward,
    **dict.fromkeys(("affine_grid_generator", "cudnn_affine_grid_generator"), _affine_grid),
    "_trilinear": _bilinear,
}
"""Name of an operation -> its multiply-adds from its arguments and its result."""
