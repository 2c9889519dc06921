"""Multiply-adds of single operations, for modules that compute outside of any known layer.

In: an operation of torch by name, with its arguments. Out: an expression. Nothing here
imports torch: only shapes are read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from quatrain.explain.arithmetic.expression import Expression, Symbol, product
from quatrain.explain.model_summary.counts import Entries

_UNCOUNTED = (
    "linalg_",
    "_linalg",
    "fft_",
    "_fft",
    "_cdist",
    "_pdist",
    "_trilinear",
    "cholesky",
    "_sparse",
    "_spmm",
    "_cudnn_rnn",
    "miopen_rnn",
    "_flash_attention",
    "_efficient_attention",
    "_native_multi_head",
    "_transformer_encoder",
    "_scaled_grouped",
    "_grouped_mm",
)
"""Prefixes of operations that multiply and add inside, for which there is no rule here."""


def multiply_adds(name: str, arguments: Sequence[Any], output: Any) -> Expression | None:
    """Return the multiply-adds of one call of operation `name` ("aten::mm"), None if none."""
    operation = name.removeprefix("aten::")
    if operation in _CONVOLUTIONS:
        return _convolution(arguments[0], arguments[1], arguments[6], output)
    if operation.startswith("_scaled_dot_product") and "backward" not in operation:
        return _attention(arguments)
    rule = _RULES.get(operation)
    if rule is None or not all(map(_dense, arguments)):
        return None
    return rule(arguments)


def is_uncounted(name: str, arguments: Sequence[Any]) -> bool:
    """Return whether the operation multiplies and adds without a rule in `multiply_adds`."""
    space, _, operation = name.partition("::")
    if space not in ("aten", "prim", "prims", "profiler"):
        return True
    sparse = operation in _RULES and not all(map(_dense, arguments))
    return sparse or operation.startswith(_UNCOUNTED)


def _dense(argument: Any) -> bool:
    return "strided" in str(getattr(argument, "layout", "strided"))


def _matrix_product(left: Any, right: Any) -> Expression:
    rows, inner = left.shape[-2:]
    factors = [Symbol("rows", rows), Symbol("inner", inner), Symbol("columns", right.shape[-1])]
    many = math.prod(left.shape[:-2])
    return product(*([Symbol("matrices", many)] if left.dim() > 2 else []), *factors)


def _vector_product(matrix: Any) -> Expression:
    return Symbol("rows", matrix.shape[0]) * Symbol("inner", matrix.shape[1])


def _affine(inputs: Any, weight: Any) -> Expression:
    vectors = math.prod(inputs.shape[:-1])
    outputs, size = weight.shape if weight.dim() == 2 else (1, weight.shape[0])
    return product(Symbol("vectors", vectors), Symbol("inputs", size), Symbol("outputs", outputs))


def _convolution(inputs: Any, weight: Any, transposed: bool, output: Any) -> Expression:
    # A transposed convolution spreads every position of its input by the kernel.
    positions = math.prod((inputs if transposed else output).shape[2:])
    return product(
        Symbol("batch", inputs.shape[0]),
        Symbol("positions", positions),
        Entries("weights", tuple(weight.shape)),
    )


def _attention(arguments: Sequence[Any]) -> Expression:
    query, key, value = arguments[:3]
    return product(
        Symbol("heads of the batch", math.prod(query.shape[:-2])),
        Symbol("queries", query.shape[-2]),
        Symbol("keys", key.shape[-2]),
        Symbol("key size", query.shape[-1]) + Symbol("value size", value.shape[-1]),
    )


def _one_layer_recurrent(arguments: Sequence[Any]) -> Expression:
    inputs, weight_input, weight_hidden = arguments[:3]
    return Symbol("steps", math.prod(inputs.shape[:-1])) * Symbol(
        "weights", math.prod(weight_input.shape) + math.prod(weight_hidden.shape)
    )


_CONVOLUTIONS = ("convolution", "_convolution", "convolution_overrideable")

_RULES: dict[str, Callable[[Sequence[Any]], Expression | None]] = {
    "mm": lambda args: _matrix_product(args[0], args[1]),
    "bmm": lambda args: _matrix_product(args[0], args[1]),
    "_int_mm": lambda args: _matrix_product(args[0], args[1]),
    "_scaled_mm": lambda args: _matrix_product(args[0], args[1]),
    "addmm": lambda args: _matrix_product(args[1], args[2]),
    "_addmm_activation": lambda args: _matrix_product(args[1], args[2]),
    "baddbmm": lambda args: _matrix_product(args[1], args[2]),
    "addbmm": lambda args: _matrix_product(args[1], args[2]),
    "mv": lambda args: _vector_product(args[0]),
    "addmv": lambda args: _vector_product(args[1]),
    "dot": lambda args: Symbol("inner", args[0].shape[0]),
    "vdot": lambda args: Symbol("inner", args[0].shape[0]),
    "linear": lambda args: _affine(args[0], args[1]),
    "mkldnn_linear": lambda args: _affine(args[0], args[1]),
    "mkldnn_rnn_layer": _one_layer_recurrent,
}
"""Name of an operation -> its multiply-adds from its arguments."""
