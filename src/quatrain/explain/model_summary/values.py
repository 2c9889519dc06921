"""Tensors inside whatever a module takes and gives: tuples, lists, dicts, dataclasses.

In: an argument or an output. Out: its tensors, their copies, shapes and memory. Nothing here
imports torch: a tensor is what has a storage.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any


def tensors_in(value: Any) -> Iterator[Any]:
    """Every tensor, in order; one that comes twice is given twice."""
    if _is_tensor(value):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from tensors_in(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from tensors_in(part)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from tensors_in(getattr(value, field.name))


def copied(value: Any, known: dict[int, Any]) -> Any:
    """The value with copies of its tensors; what was one tensor in two places stays one.

    Args:
        value: tuples, lists and dicts are gone through; anything else is kept as it is.
        known: id of a tensor -> its copy; begin with an empty one.
    """
    if _is_tensor(value):
        if id(value) not in known:
            known[id(value)] = value.detach().clone()
        return known[id(value)]
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(copied(part, known) for part in value))
    if type(value) in (tuple, list):
        return type(value)(copied(part, known) for part in value)
    if type(value) is dict:
        return {name: copied(part, known) for name, part in value.items()}
    return value


def shapes_of(value: Any) -> str:
    """The shapes of all tensors, as text: "2 x 3, 4 x 5"; empty without tensors."""
    if hasattr(value, "batch_sizes") and _is_tensor(value.data):  # a PackedSequence
        return f"packed {shapes_of(value.data)}"
    if isinstance(value, Mapping):
        return shapes_of(tuple(value.values()))
    if isinstance(value, tuple | list):
        return ", ".join(filter(None, map(shapes_of, value)))
    return ", ".join(
        " x ".join(map(str, tensor.shape)) or "one number" for tensor in tensors_in(value)
    )


def storage_of(tensor: Any) -> Any:
    """The memory behind a tensor; None where it has none of its own (sparse, for example)."""
    try:
        return tensor.untyped_storage()
    except (NotImplementedError, RuntimeError):
        return None


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "untyped_storage") and not isinstance(value, type)
