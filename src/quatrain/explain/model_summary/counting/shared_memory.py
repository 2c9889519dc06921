"""Parameters that share memory, so that no number counts twice.

In: the parameters of a module. Out: how many numbers of each are counted already, and where.
Nothing here imports torch.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.explain.model_summary.values import has_numbers, storage_of


class Overlaps:
    """Record of the numbers that parameters have claimed, by their place in memory."""

    def __init__(self, parameters: Iterable[Any]) -> None:
        """Find the parameters that share memory.

        Args:
            parameters: all of a module, each once.
        """
        self._owners: dict[int, tuple[str, str]] = {}
        self._claimed: list[tuple[Any, str, str]] = []
        self._shared: set[int] = set()
        spans = sorted((*span, id(tensor)) for tensor in parameters if (span := _span(tensor)))
        furthest, device, end = 0, "", 0  # the parameter that reaches furthest so far
        for its_device, start, stop, key in spans:
            if its_device == device and start < end:
                self._shared |= {key, furthest}
            if its_device != device or stop > end:
                furthest, device, end = key, its_device, stop

    def claim(self, parameter: Any, path: str, name: str) -> tuple[int, str, str]:
        """Count a parameter, and return what is counted already of it.

        Returns:
            The count of its numbers that other parameters have claimed, and the path and name of
            the first of these; 0 and empty if there are none.
        """
        if id(parameter) in self._owners:
            return parameter.numel(), *self._owners[id(parameter)]
        self._owners[id(parameter)] = path, name
        if id(parameter) not in self._shared:
            return 0, "", ""
        places = _places(parameter)
        taken = np.zeros(len(places), bool)
        owner = "", ""
        for other, its_path, its_name in self._claimed:
            common = np.isin(places, _places(other)) & ~taken
            owner = (its_path, its_name) if common.any() and not owner[0] else owner
            taken |= common
        self._claimed.append((parameter, path, name))
        return int(taken.sum()), *owner


def _span(tensor: Any) -> tuple[str, int, int] | None:
    """Return the device of a tensor and the addresses of its first byte and behind its last."""
    storage = storage_of(tensor)
    dense = not tensor.is_nested and "strided" in str(tensor.layout)
    if storage is None or not dense or not tensor.numel():
        return None
    start = _address(tensor)
    reach = sum((size - 1) * step for size, step in zip(tensor.shape, tensor.stride(), strict=True))
    # Where there are no addresses, every storage is a place of its own.
    device = str(tensor.device) if has_numbers(tensor) else f"{tensor.device} {storage._cdata}"
    return device, start, start + (reach + 1) * tensor.element_size()


def _address(tensor: Any) -> int:
    """Return the address of a tensor's first byte; within its memory if that has no address."""
    start = tensor.untyped_storage().data_ptr() if has_numbers(tensor) else 0
    return int(start + tensor.storage_offset() * tensor.element_size())


def _places(tensor: Any) -> NDArray[np.int64]:
    """Return the addresses of all numbers of a tensor, (numbers,)."""
    places = np.array([_address(tensor)], np.int64)
    for size, step in zip(tensor.shape, tensor.stride(), strict=True):
        steps = np.arange(size, dtype=np.int64) * step * tensor.element_size()
        places = (places[:, None] + steps).ravel()
    return places
