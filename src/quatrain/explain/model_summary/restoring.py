"""A module left as it was: everything that a forward pass can change, put back afterwards.

In: a module. Out: a context in which it may run, and the memory that is protected in it.
"""

from __future__ import annotations

import copy
import random
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from quatrain.explain.model_summary.memory import Originals
from quatrain.explain.model_summary.values import has_numbers, is_tensor, storage_of

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


_MOST_VALUES = 10_000
"""Values in the attributes of all layers that are protected, at most: a module may hold a whole
data set, which it doesn't change.
"""

_CONTAINERS = (dict, list, set, deque)


@contextmanager
def restoring(module: Module) -> Iterator[Originals]:
    """Restore afterwards everything a forward pass can change in and around a module.

    That is: attributes (with what lists, dicts, sets and objects in them hold), training flags,
    hooks, parameters, buffers, gradients, and the random states of Python, NumPy and torch.
    Parameters and gradients are copied only when something overwrites them.
    """
    import numpy as np
    import torch

    layers = [(layer, dict(vars(layer))) for layer in module.modules()]
    values = list(_reachable(value for _, held in layers for value in held.values()))
    containers = [(v, copy.copy(v)) for v in values if isinstance(v, _CONTAINERS)]
    objects = [(vars(v), dict(vars(v))) for v in values if _is_plain_object(v)]
    generators = [(v, v.get_state()) for v in values if isinstance(v, torch.Generator)]
    tensors = [tensor for tensor in values if isinstance(tensor, torch.Tensor)]
    tensors += list(module.buffers())
    contents = [(tensor.detach(), tensor.detach().clone()) for tensor in tensors]
    parameters = list(module.parameters())
    owned = [*parameters, *module.buffers()]
    memories = [(tensor, tensor.data, tensor.requires_grad, tensor.grad) for tensor in owned]
    gradients = [tensor.grad for tensor in parameters if tensor.grad is not None]
    devices = {p.device for p in parameters if p.device.type == "cuda"}
    originals = Originals((*owned, *gradients))
    python, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002 - forward may draw
    try:
        with torch.random.fork_rng(devices=sorted(device.index for device in devices)):
            yield originals
    finally:
        for memory in memories:
            _restore_tensor(*memory)
        originals.restore()
        random.setstate(python)
        np.random.set_state(legacy)  # noqa: NPY002
        for generator, state in generators:
            generator.set_state(state)
        for layer, held in layers:
            for name in vars(layer).keys() - held.keys():
                del vars(layer)[name]
            vars(layer).update(held)
        for container, before in (*containers, *objects):
            container.clear()
            sequence = isinstance(container, list | deque)
            (container.extend if sequence else container.update)(before)
        with torch.no_grad():
            for tensor, original in contents:
                dense = tensor.layout == torch.strided and has_numbers(tensor)
                if dense and not torch.equal(tensor, original):
                    tensor.copy_(original)


def _reachable(values: Iterable[Any]) -> Iterator[Any]:
    """Yield values and what their containers and objects hold, each once, nearest first."""
    queue = deque(values)
    seen: set[int] = set()
    while queue and len(seen) < _MOST_VALUES:
        value = queue.popleft()
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield value
        if isinstance(value, dict):
            queue.extend(value.values())
        elif isinstance(value, list | tuple | set | deque):
            queue.extend(value)
        elif _is_plain_object(value):
            queue.extend(vars(value).values())


def _is_plain_object(value: Any) -> bool:
    """Return whether a value keeps its state in attributes, and is no module, class or function."""
    if isinstance(value, type | FunctionType | ModuleType) or hasattr(value, "named_modules"):
        return False
    return not is_tensor(value) and isinstance(getattr(value, "__dict__", None), dict)


def _restore_tensor(tensor: Tensor, data: Tensor, requires_grad: bool, gradient: Any) -> None:
    """Give a tensor back its memory (`tensor.data = ...` replaces it), its flag and gradient."""
    if tensor.is_leaf and tensor.requires_grad != requires_grad:
        tensor.requires_grad_(requires_grad)
    dense = storage_of(tensor) is not None and not tensor.is_nested and has_numbers(tensor)
    if dense and (tensor.shape != data.shape or tensor.data_ptr() != data.data_ptr()):
        tensor.data = data
    if tensor.is_leaf and tensor.grad is not gradient:
        tensor.grad = gradient
