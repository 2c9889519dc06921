"""Tensors inside the arguments and outputs of a module, in whatever holds them.

In: an argument or an output. Out: its tensors, their copies, shapes and memory. Nothing here
imports torch: a tensor is an object with a storage.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Set
from types import FunctionType, MappingProxyType, ModuleType
from typing import Any

_WITHOUT_TENSORS = (str, bytes, int, float, complex, type, FunctionType, ModuleType)
"""Types that are not searched for tensors."""

_CONTAINERS = (tuple, list, Set, Mapping, deque)
"""Types that are searched by their members; other objects by their attributes."""


def tensors_in(value: Any) -> Iterator[Any]:
    """Yield every tensor in order, with repetitions: of sequences, mappings, sets and objects."""
    yield from _tensors_in(value, set())


def _tensors_in(value: Any, searched: set[int]) -> Iterator[Any]:
    if is_tensor(value):
        yield value
    elif not isinstance(value, _WITHOUT_TENSORS) and id(value) not in searched:
        searched.add(id(value))
        for part in _parts_of(value):
            yield from _tensors_in(part, searched)
        if isinstance(value, _CONTAINERS):  # a list may stand in two places, but not in itself
            searched.discard(id(value))


def _parts_of(value: Any) -> Iterator[Any]:
    """Yield what a container holds, or the attributes of an object; nothing of a module."""
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, _CONTAINERS):
        yield from value
    elif not hasattr(value, "named_modules"):
        yield from list(getattr(value, "__dict__", {}).values())
        for name in getattr(type(value), "__slots__", ()):
            yield getattr(value, name, None)


class Copier:
    """Copies of example inputs, so that a forward pass changes nothing of the user's.

    One tensor in two places stays one tensor. The module's own layers and tensors stay what they
    are.

    Attributes:
        uncopied: names of the types of which an object could not be copied.
    """

    def __init__(self, keep: Iterable[Any]) -> None:
        """Make a copier.

        Args:
            keep: objects that are passed on as they are.
        """
        self._kept = {id(value): value for value in keep}
        self.uncopied: set[str] = set()

    def copy(self, value: Any) -> Any:
        """Return a copy of a value with all it holds."""
        return self._copy(value, dict(self._kept))

    def _copy(self, value: Any, known: dict[int, Any]) -> Any:
        if id(value) in known:
            return known[id(value)]
        if is_tensor(value):
            known[id(value)] = _copy_tensor(value)
            return known[id(value)]
        if isinstance(value, MappingProxyType):
            return MappingProxyType(self._copy(dict(value), known))
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return type(value)(*(self._copy(part, known) for part in value))
        if type(value) in (tuple, list):
            return type(value)(self._copy(part, known) for part in value)
        if type(value) is dict:
            return {name: self._copy(part, known) for name, part in value.items()}
        for tensor in tensors_in(value):  # copied here: `deepcopy` refuses results of operations
            self._copy(tensor, known)
        try:
            return copy.deepcopy(value, known)
        except Exception:  # whatever an object raises that has no copy
            self.uncopied.add(type(value).__name__)
            return value


def _copy_tensor(tensor: Any) -> Any:
    duplicate = tensor.detach().clone()
    if tensor.requires_grad:
        duplicate.requires_grad_()
        # A result of operations stays one: unlike a leaf, it may be changed in place.
        return duplicate if tensor.is_leaf else duplicate.clone()
    return duplicate


def shapes_of(value: Any) -> str:
    """Return the shapes of all tensors as text: "2 x 3, 4 x 5"; empty without tensors."""
    if hasattr(value, "batch_sizes") and is_tensor(value.data):  # a PackedSequence
        return f"packed {shapes_of(value.data)}"
    if isinstance(value, Mapping):
        return shapes_of(tuple(value.values()))
    if isinstance(value, tuple | list):
        return ", ".join(filter(None, map(shapes_of, value)))
    return ", ".join(map(_shape_of, tensors_in(value)))


def _shape_of(tensor: Any) -> str:
    if not tensor.is_nested:
        return " x ".join(map(str, tensor.shape)) or "one number"
    if "jagged" in str(tensor.layout):
        return f"nested {_shape_of(tensor.values())}"
    rows = (" x ".join(map(str, sizes)) for sizes in tensor._nested_tensor_size().tolist())
    return f"nested ({', '.join(rows)})"


def storage_of(tensor: Any) -> Any:
    """Return the memory behind a tensor; None if it has none, for example a sparse one."""
    try:
        return tensor.untyped_storage()
    except (NotImplementedError, RuntimeError):
        return None


def split_arguments(example: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Split an example input into positional and keyword arguments."""
    if isinstance(example, Mapping) and all(isinstance(name, str) for name in example):
        return (), dict(example)
    return (example, {}) if type(example) is tuple else ((example,), {})


def first_line(error: Exception) -> str:
    """Return the first line of an error's message."""
    return next(iter(str(error).strip().splitlines()), "") or "no message"


def is_tensor(value: Any) -> bool:
    """Return whether a value is a tensor of torch."""
    return hasattr(value, "untyped_storage") and not isinstance(value, type)


def has_numbers(tensor: Any) -> bool:
    """Return whether a tensor has numbers in memory; on "meta" and as a fake it has only shapes."""
    return not tensor.is_meta and not hasattr(tensor, "fake_mode")
