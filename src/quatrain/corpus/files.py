"""The files that a source of verse consists of.

`files_of` takes a path and returns the files under it that can be read, sorted, for `reader`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from quatrain.corpus.cleaning import Tally
from quatrain.corpus.formats import SUFFIXES, suffix_of
from quatrain.corpus.prepared import PREPARED_JSON
from quatrain.errors import CorpusError

ANTHOLOGY = "anthology"
"""The name of the poems that come with Quatrain."""

SOURCES = f"a file ({', '.join(SUFFIXES)}), a folder, '{ANTHOLOGY}' or 'gutenberg:NUMBER'"
"""Kinds of source, in words, for an error."""

_POET = "quatrain-poet"
"""The format that a poet's `config.json` names; the package `poet` reads the rest."""

_CONFIG_BYTES = 4 * 2**20
"""Bytes of a `config.json` that are looked at, to recognise a poet."""


def files_of(path: Path, tally: Tally) -> list[Path]:
    """Return the files to read for a file or a folder; count those left out.

    Raises:
        CorpusError: there is no such file, or none that can be read.
        OSError: a folder cannot be listed.
    """
    if path.is_dir():
        return _folder(path, tally)
    if not path.exists():
        raise CorpusError(
            str(path),
            "no such file or folder",
            SOURCES,
            "Check the path.",
            message=f"There is no file or folder {path}.",
        )
    if not suffix_of(path):
        raise CorpusError(
            str(path),
            f"the suffix {path.suffix!r}" if path.suffix else "no suffix",
            f"one of {', '.join(SUFFIXES)}",
            f"Supported are {', '.join(SUFFIXES)}: rename the file if it is one of these, or "
            "convert it.",
            message=f"{path} can't be read: "
            + (f"{path.suffix} is not supported." if path.suffix else "its name has no suffix."),
        )
    if not path.is_file():
        raise CorpusError(
            str(path), "neither a file nor a folder", "a file of verse", "Check the path."
        )
    return [path]


def unreadable(path: Path, error: OSError) -> CorpusError:
    """Return the error for a file that cannot be read."""
    return CorpusError(
        error.filename or str(path),
        f"{error.strerror or error}".lower(),
        "a file that can be read",
        "Check the file and who may read it.",
    )


def _raise(error: OSError) -> None:
    raise error


def _folder(folder: Path, tally: Tally) -> list[Path]:
    """Return the readable files of a folder, sorted.

    Links that lead out of it are left out, and so are hidden files and folders, and the
    folders of poets: what Quatrain writes is not what it reads.
    """
    if _is_poet_folder(folder):
        raise CorpusError(
            str(folder),
            "a poet's folder",
            "a folder of verse",
            "Give the folder or the file that holds the texts.",
            message=f"{folder} is a poet's folder, not a folder of verse.",
        )
    root = folder.resolve()
    files: list[Path] = []
    for above, folders, names in os.walk(folder, onerror=_raise):
        for name in folders:
            if reason := _skipped_folder(Path(above, name)):
                tally.skip(name, reason)
        folders[:] = [name for name in folders if not _skipped_folder(Path(above, name))]
        for name in names:
            path = Path(above, name)
            if reason := _skipped_file(path, root):
                tally.skip(name, reason)
            else:
                files.append(path)
    if not files:
        raise CorpusError(
            str(folder),
            f"no file that can be read among {tally['skipped']}",
            f"files with the suffixes {', '.join(SUFFIXES)}",
            f"Check that this is the folder you meant. Supported are {', '.join(SUFFIXES)}.",
            message=f"{folder} holds no file that can be read.",
        )
    return sorted(files, key=lambda path: path.relative_to(folder).parts)


def _skipped_folder(path: Path) -> str:
    """Return why a folder is not entered, "" if it is."""
    if path.name.startswith("."):
        return "hidden"
    return "a poet" if _is_poet_folder(path) else ""


def _skipped_file(path: Path, root: Path) -> str:
    """Return why a file is not read, "" if it is."""
    if path.name.startswith("."):
        return "hidden"
    if not suffix_of(path):
        return f"{path.suffix} is not supported" if path.suffix else "no suffix"
    return "" if _is_inside(path, root) and path.is_file() else "not a file in this folder"


def _is_inside(path: Path, root: Path) -> bool:
    """Return whether a path, its links followed, is under `root`."""
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # links that lead in a circle; which of the two, Python decides
        return False


def _is_poet_folder(folder: Path) -> bool:
    """Return whether a folder holds a poet, or a training run that has made none yet."""
    run, config = folder / "training", folder / "config.json"
    try:
        if (run / "last.safetensors").exists() or (run / "data" / PREPARED_JSON).exists():
            return True
        if not config.is_file():
            return False
        with config.open("rb") as file:
            config_facts = json.loads(file.read(_CONFIG_BYTES))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(config_facts, dict) and config_facts.get("format") == _POET
