"""The room of torch: a corpus in, a poet's folder out.

    source -> corpus.prepare -> Trainer -> a poet's folder (`poet.artifact`)

`quatrain.train(...)` is this room called as a function. Modules here are
imported when they are needed: `size` and `report` work without torch.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quatrain.records import Trained
    from quatrain.train.run import train

__all__ = ["train"]


class _Room(ModuleType):
    """A module that can be called, so that `quatrain.train` is both the room and the function."""

    def __call__(self, *arguments: Any, **settings: Any) -> Trained:
        from quatrain.train.run import train

        return train(*arguments, **settings)

    def __getattr__(self, name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        from quatrain.train import run

        return getattr(run, name)


sys.modules[__name__].__class__ = _Room
