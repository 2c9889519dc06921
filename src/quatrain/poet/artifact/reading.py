"""Reading a poet's folder. Nothing in it is ever executed.

In: a folder. Out: an `Artifact`, every file of it bounded in size, hashed and checked.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from pathlib import Path

from quatrain.errors import PoetError
from quatrain.poet.artifact import checking
from quatrain.poet.artifact import tensors as tensor_files
from quatrain.poet.artifact.layout import (
    CONFIG,
    CONFIG_BYTES,
    COPIES,
    COPIES_BYTES,
    DICTIONS,
    DIRECTIONS,
    FORMAT,
    HEADER_BYTES,
    MODEL,
    SAVING,
    STORED,
    VOCABULARY,
    VOCABULARY_BYTES,
    Artifact,
    damaged,
)

_ATTEMPTS = 3
"""Readings of a folder into which a training run may be saving."""


def is_poet(folder: Path) -> bool:
    """Return whether a folder's `config.json` says that it holds a poet, and check no more."""
    try:
        if not (folder / CONFIG).is_file():  # opening a pipe would wait for its other end
            return False
        with (folder / CONFIG).open(encoding="utf-8") as file:
            return bool(json.loads(file.read(CONFIG_BYTES)).get("format") == FORMAT)
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def load(folder: str | Path) -> Artifact:
    """Read and check a poet's folder.

    If a training run saves into the folder meanwhile, it is read again.

    Raises:
        PoetError: there is no poet, or it is damaged, of another kind or too new.
    """
    folder = Path(folder)
    for _ in range(_ATTEMPTS):
        config = _read(folder, CONFIG, CONFIG_BYTES)
        try:
            return _check(folder, config)
        except PoetError:
            if _read(folder, CONFIG, CONFIG_BYTES) == config:
                raise
    return _check(folder, _read(folder, CONFIG, CONFIG_BYTES))


def _check(folder: Path, content: bytes) -> Artifact:
    """Read the files that `config.json` names, and check all of them.

    Args:
        folder: the poet's.
        content: of `config.json`.
    """
    path = folder / CONFIG
    config = checking.json_object(path, content)
    size = checking.network_size(path, config)
    limits = {MODEL: 4 * size.parameters + HEADER_BYTES, VOCABULARY: VOCABULARY_BYTES}
    if isinstance(config.get("files"), dict) and COPIES in config["files"]:
        limits[COPIES] = COPIES_BYTES
    contents = {}
    for name, limit in limits.items():
        facts = checking.file_facts(path, config, name)
        contents[name] = _read(folder, name, limit)
        checking.compare(folder / name, contents[name], facts)
    vocabulary, words = checking.vocabulary(folder / VOCABULARY, contents[VOCABULARY], size)
    direction = checking.choice(path, config, "direction", DIRECTIONS)
    stored = checking.choice(path, config, "stored", STORED)
    checking.choice(path, config, "diction", DICTIONS)
    tensors = tensor_files.read(folder / MODEL, contents[MODEL], size, stored)
    ngrams = None
    if COPIES in contents:
        ngrams = checking.ngram_index(folder / COPIES, contents[COPIES])
    return Artifact(folder, config, config["kind"], tensors, vocabulary, words, direction, ngrams)


def _read(folder: Path, name: str, limit: int) -> bytes:
    """Return the content of a file, from a finished save if there is one, else from the folder.

    Args:
        folder: the poet's.
        name: the file's.
        limit: the largest size in bytes.
    """
    path = folder / name
    try:
        if (folder / SAVING / CONFIG).exists():
            with contextlib.suppress(FileNotFoundError):
                return _content(folder / SAVING / name, limit)
        return _content(path, limit)
    except (FileNotFoundError, NotADirectoryError):
        if folder.is_dir() and name != CONFIG:
            raise damaged(path, "no such file", "a file of the poet") from None
        raise _no_poet(folder) from None
    except OSError as error:
        raise damaged(path, error.strerror or str(error), "a file that can be read") from error


def _no_poet(folder: Path) -> PoetError:
    """Return the error for a path without a `config.json`."""
    if folder.is_dir():
        found, sentence = (
            f"no {CONFIG} in the folder",
            f"{folder} holds no poet: there is no {CONFIG} in it",
        )
    elif folder.exists():
        found, sentence = "a file", f"{folder} is a file, not a poet's folder"
    else:
        found, sentence = "no such folder", f"There is no folder {folder}"
    return PoetError(
        str(folder),
        found,
        "a poet's folder",
        f"Give the folder that holds {CONFIG}, or train a poet with: quatrain train",
        message=f"{sentence}.",
    )


def _content(path: Path, limit: int) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for its other end
        raise damaged(path, "no regular file", "a file of the poet")
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise damaged(path, f"{size:,} bytes", f"at most {limit:,} bytes")
        return file.read(size + 1)  # one more, so that a file that grows has another size
