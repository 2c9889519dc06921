"""Contexts in which every operation of torch can be seen before it runs.

In: a handler. Out: a dispatch mode that passes it each operation, and ways to run the operations
that consist of others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quatrain.explain.model_summary.counting.element_wise import has_no_products
from quatrain.explain.model_summary.counting.operations import has_rule
from quatrain.explain.model_summary.memory import Originals
from quatrain.explain.model_summary.values import tensors_in

Handler = Callable[[Any, Any, Any, dict[str, Any]], Any]
"""Function of a mode, an operation, its arguments and keywords, which returns the output."""


def dispatching(handler: Handler) -> Any:
    """Return a context in which torch passes itself and every operation to `handler`."""
    from torch.utils._python_dispatch import TorchDispatchMode, is_traceable_wrapper_subclass

    class Mode(TorchDispatchMode):  # type: ignore[no-untyped-call]
        supports_higher_order_operators = True

        def __torch_dispatch__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if any(map(is_traceable_wrapper_subclass, tensors_in((args, kwargs)))):
                return NotImplemented  # the wrapper runs operations on what is inside
            return handler(self, func, args, kwargs or {})

    return Mode()  # type: ignore[no-untyped-call]


def run_higher_order(
    mode: Any, function: Any, arguments: Any, keywords: dict[str, Any]
) -> tuple[Any, bool]:
    """Run an operation that takes functions, such as `cond`, and observe what they do.

    Returns:
        Its output, and whether its work was observed.
    """
    import torch

    kernel = function.py_kernels.get(torch._C.DispatchKey.CompositeExplicitAutograd)
    if kernel is None:
        return function(*arguments, **keywords), False
    if function.name() in _CONTROL_FLOW:
        functions = (_observing(mode, argument) for argument in arguments)
        return kernel(*functions, **keywords), True
    with mode:
        return kernel(*arguments, **keywords), True


_CONTROL_FLOW = {"associative_scan", "cond", "map_impl", "scan", "while_loop"}
"""Operations that only call functions; their kernels refuse to be observed themselves."""


def _observing(mode: Any, argument: Any) -> Any:
    """Return a function that runs observed; anything else as it is."""
    if not callable(argument):
        return argument

    def observed(*arguments: Any, **keywords: Any) -> Any:
        with mode:
            return argument(*arguments, **keywords)

    return observed


def run_decomposed(mode: Any, function: Any, arguments: Any, keywords: dict[str, Any]) -> Any:
    """Run an operation of unknown work as the operations it consists of, and observe these.

    Returns:
        Its output; `NotImplemented` if its work is known, or if it has no decomposition.
    """
    if has_no_products(function) or has_rule(function._schema.name):
        return NotImplemented
    with mode:
        return function.decompose(*arguments, **keywords)


def protecting(originals: Originals) -> Handler:
    """Return an handler for `dispatching` that saves what is overwritten."""

    def operation(_mode: Any, function: Any, arguments: Any, keywords: dict[str, Any]) -> Any:
        originals.save_before_write(function, arguments, keywords)
        return function(*arguments, **keywords)

    return operation
