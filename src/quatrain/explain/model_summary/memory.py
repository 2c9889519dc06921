"""Memory while a module runs: the peak in use, and copies of what is overwritten.

In: the operations, and the storages of the tensors they make. Out: owners and sizes of the
storages in use at the peak, for `report`. Nothing here imports torch.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quatrain.explain.model_summary.values import storage_of, tensors_in


@dataclass(slots=True)
class _Life:
    owner: str
    size: int
    born: int
    died: int | None = None


class Lifetimes:
    """Tracker of storages, from the operation that makes them until they are freed.

    A storage is the memory behind a tensor: views and in-place operations share one and add
    nothing. Temporary memory inside a kernel is not seen.
    """

    def __init__(self) -> None:
        self._lives: list[_Life] = []
        self._endings: list[weakref.finalize[..., Any]] = []
        self._now = 0
        self._alive: set[int] = set()

    def follow(self, storage: Any, owner: str) -> None:
        """Start counting this storage, made in `owner`, unless it is counted already."""
        key = storage._cdata
        if key in self._alive:
            return
        life = _Life(owner, storage.nbytes(), self._tick())
        self._lives.append(life)
        self._alive.add(key)
        ending = weakref.finalize(storage, self._end, life, key)
        ending.atexit = False
        self._endings.append(ending)

    def close(self) -> None:
        """Stop following: storages in use now count as used to the end."""
        for ending in self._endings:
            ending.detach()

    def peak(self) -> list[tuple[str, int]]:
        """Return owner and bytes of every storage in use at the peak, the first if several."""
        changes = [(life.born, life.size) for life in self._lives]
        changes += [(life.died, -life.size) for life in self._lives if life.died is not None]
        most, moment, held = -1, 0, 0
        for when, change in sorted(changes):
            held += change
            if held > most:
                most, moment = held, when
        return [
            (life.owner, life.size)
            for life in self._lives
            if life.born <= moment and (life.died is None or life.died > moment)
        ]

    def _end(self, life: _Life, key: int) -> None:
        life.died = self._tick()
        self._alive.discard(key)

    def _tick(self) -> int:
        self._now += 1
        return self._now


class Originals:
    """Copies of a module's tensors, made just before an operation overwrites them.

    For example, an embedding with a maximum norm changes its table in every lookup.

    Attributes:
        storages: the addresses of the memory protected.
    """

    def __init__(self, tensors: Iterable[Any]) -> None:
        held = (storage_of(tensor) for tensor in tensors)
        self.storages = {storage._cdata for storage in held if storage is not None}
        self._before: dict[int, tuple[Any, Any]] = {}

    def save_before_write(
        self, function: Any, arguments: Sequence[Any], keywords: Mapping[str, Any]
    ) -> None:
        """Copy what `function` will write to, according to its schema."""
        schema = getattr(function, "_schema", None)
        for index, slot in enumerate(() if schema is None else schema.arguments):
            if slot.alias_info is None or not slot.alias_info.is_write:
                continue
            value = arguments[index] if index < len(arguments) else keywords.get(slot.name)
            for storage in map(storage_of, tensors_in(value)):
                if storage is None or storage.device.type == "meta":
                    continue
                if storage._cdata in self.storages and storage._cdata not in self._before:
                    self._before[storage._cdata] = storage, storage.clone()

    def restore(self) -> None:
        """Restore everything that was overwritten."""
        for storage, before in self._before.values():
            storage.copy_(before)
