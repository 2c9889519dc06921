"""Folders in which the desk keeps texts, trainings and poets.

    poets/                      poets of everybody: dropped in, or trained on a desk of one user
    users/KEY/corpora/ID/       an upload; KEY stands for a user of a shared desk
    users/KEY/trainings/ID/     a training
    users/KEY/poets/            poets that a user of a shared desk has trained

Everything is written beside its place first and then moved into it, so that a process killed at
any moment leaves the old or the new.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

LOCAL = "local"
"""Key of the only user of a desk without tokens."""

_IDENTIFIER = re.compile(r"[0-9a-f]{16}")


def user_key(user: str) -> str:
    """Return the name of a user's folder, whatever the user is called."""
    return f"u-{hashlib.sha256(user.encode()).hexdigest()[:24]}" if user else LOCAL


def new_identifier() -> str:
    """Return a random identifier of a corpus or a training."""
    return secrets.token_hex(8)


def is_identifier(text: str) -> bool:
    """Return whether a text is such an identifier, and so the name of one folder."""
    return _IDENTIFIER.fullmatch(text) is not None


def corpora_of(folder: Path, user: str) -> Path:
    """Return the folder of a user's corpora."""
    return folder / "users" / user_key(user) / "corpora"


def trainings_of(folder: Path, user: str) -> Path:
    """Return the folder of a user's trainings."""
    return folder / "users" / user_key(user) / "trainings"


def poets_of(folder: Path, user: str) -> Path:
    """Return the folder for the poets that a user trains."""
    return folder / "users" / user_key(user) / "poets" if user else folder / "poets"


def all_trainings(folder: Path) -> Iterator[Path]:
    """Yield the folders of every user's trainings."""
    for path in sorted(folder.glob("users/*/trainings/*")):
        if is_identifier(path.name) and path.is_dir():
            yield path


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the object in a file of our own; None if there is none or it is damaged."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return facts if isinstance(facts, dict) else None


def write_json(path: Path, facts: dict[str, Any], *, durable: bool = True) -> None:
    """Write an object to a file: the old one or the new one is there at any moment.

    Args:
        path: of the file.
        facts: what JSON can hold.
        durable: wait until it is on the disk; not worth it for what is written every second.

    Raises:
        OSError: the folder cannot be written; the old file is still there.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with partial.open("w", encoding="utf-8") as file:
            json.dump(facts, file)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
