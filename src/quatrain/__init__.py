"""Quatrain: train a poet, hold it to its form, see inside.

The public names. Each is loaded from its room on first use, so that importing
the package costs nothing and never imports a deep-learning framework.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quatrain import explain
    from quatrain._version import __version__
    from quatrain.corpus import Corpus, read
    from quatrain.errors import QuatrainError, UserError
    from quatrain.form import check
    from quatrain.poet import Poet
    from quatrain.records import Line, Poem, Score
    from quatrain.sound import pronounce, rhymes, scan
    from quatrain.train import train
    from quatrain.write import load

_ROOM_OF = {
    "Corpus": "corpus",
    "Line": "records",
    "Poem": "records",
    "Poet": "poet",
    "QuatrainError": "errors",
    "Score": "records",
    "UserError": "errors",
    "__version__": "_version",
    "check": "form",
    "explain": "explain",
    "load": "write",
    "pronounce": "sound",
    "read": "corpus",
    "rhymes": "sound",
    "scan": "sound",
    "train": "train",
}

__all__ = [
    "Corpus",
    "Line",
    "Poem",
    "Poet",
    "QuatrainError",
    "Score",
    "UserError",
    "__version__",
    "check",
    "explain",
    "load",
    "pronounce",
    "read",
    "rhymes",
    "scan",
    "train",
]


def __getattr__(name: str) -> object:
    """Load a public name from its room on first use (PEP 562)."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'quatrain' has no attribute {name!r}")
    import importlib

    room = importlib.import_module(f"quatrain.{_ROOM_OF[name]}")
    value = room if name == _ROOM_OF[name] else getattr(room, name)  # some names are rooms
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
