"""Tensors inside the arguments and outputs of a module: tuples, lists, dicts, dataclasses.

In: an argument or an output. Out: its tensors, their copies, shapes and memory. Nothing here
imports torch: a tensor is an object with a storage.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any


def tensors_in(value: Any) -> Iterator[Any]:
    """Yield every tensor in order, with repetitions."""
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


def copy_tensors(value: Any, known: dict[int, Any]) -> Any:
    """Copy the tensors in a value; one tensor in two places stays one tensor.

    Args:
        value: a value; tuples, lists and dicts are searched, anything else stays as it is.
        known: id of a tensor -> its copy; start with an empty dict.
    """
    if _is_tensor(value):
        if id(value) not in known:
            known[id(value)] = value.detach().clone()
        return known[id(value)]
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(copy_tensors(part, known) for part in value))
    if type(value) in (tuple, list):
        return type(value)(copy_tensors(part, known) for part in value)
    if type(value) is dict:
        return {name: copy_tensors(part, known) for name, part in value.items()}
    return value


def shapes_of(value: Any) -> str:
    """Return the shapes of all tensors as text: "2 x 3, 4 x 5"; empty without tensors."""
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
    """Return the memory behind a tensor; None if it has none, for example a sparse one."""
    try:
        return tensor.untyped_storage()
    except (NotImplementedError, RuntimeError):
        return None


def split_arguments(example: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Split an example input into positional and keyword arguments."""
    if isinstance(example, dict):
        return (), example
    return (example, {}) if type(example) is tuple else ((example,), {})


def first_line(error: Exception) -> str:
    """Return the first line of an error's message."""
    return next(iter(str(error).strip().splitlines()), "") or "no message"


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "untyped_storage") and not isinstance(value, type)
