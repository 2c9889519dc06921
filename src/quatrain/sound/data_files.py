"""Identifies the dictionaries and trained weights that sounds are taken from."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

_SUFFIXES = (".safetensors", ".tsv", ".txt", ".json")


@cache
def data_hashes() -> dict[str, str]:
    """Return the sha256 of each dictionary and file of weights in `data`, by name."""
    folder = resources.files("quatrain.sound") / "data"
    return {
        entry.name: hashlib.sha256(entry.read_bytes()).hexdigest()
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(_SUFFIXES)
    }
