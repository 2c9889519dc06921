"""The muses of a desk: poets that ship, those trained on it, and folders dropped into `poets/`."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from quatrain.errors import PoetError
from quatrain.poet import artifact, bundled
from quatrain.studio.training.job import Job, Order
from quatrain.studio.training.names import numbered
from quatrain.studio.training.places import new_identifier, poets_of, write_json
from quatrain.studio.training.refusals import MissingError

Source = Literal["shipped", "trained", "folder"]

ORIGIN = "desk.json"
"""File that the desk puts beside a poet that it trained."""

_NEW = ".new-"
"""Beginning of the name of a poet's folder while it is copied."""

_MOST_REMEMBERED = 200
"""Descriptions of poets that are remembered."""

_MOST_FOLDERS = 500
"""Folders in `poets/` that are looked at."""

_remembered: dict[tuple[str, int, int], Muse] = {}
_remembering = threading.Lock()


@dataclass(frozen=True)
class Muse:
    """A poet as the desk lists it.

    Attributes:
        name: the name by which it is asked for.
        title: the name that is shown.
        kind: "words" or "characters"; "" if it cannot be opened.
        source: where it comes from.
        words: size of its vocabulary; 0 for a character-level poet.
        description: what it was trained on, in a sentence.
        usable: whether it can write.
        why: why not, and what to do.
    """

    name: str
    title: str
    kind: str
    source: Source
    words: int = 0
    description: str = ""
    usable: bool = True
    why: str = ""


def muse_folders(folder: Path, user: str) -> dict[str, Path]:
    """Return the folders of the poets that a user may write with, by name.

    A poet that ships keeps its name; another folder of that name is not reached.

    Args:
        folder: the desk's.
        user: who asks.
    """
    found: dict[str, Path] = {}
    for root in dict.fromkeys((poets_of(folder, user), poets_of(folder, ""))):
        try:
            paths = sorted(path for path in root.iterdir() if path.is_dir())
        except OSError:  # there is none yet
            continue
        for path in paths[:_MOST_FOLDERS]:
            if not path.name.startswith("."):
                found.setdefault(path.name, path)
    return {**found, **bundled()}


def muse_folder(folder: Path, user: str, name: str) -> Path:
    """Return the folder of a poet that a user may write with.

    Raises:
        PoetError: there is none of that name.
    """
    folders = muse_folders(folder, user)
    if name not in folders:
        raise PoetError(
            "the poet",
            repr(name[:60]),
            f"one of {', '.join(folders)}",
            "Choose one of the poets in the list.",
            message=f"There is no poet {name[:60]!r} on this desk.",
        )
    return folders[name]


def list_muses(folder: Path, user: str) -> list[dict[str, object]]:
    """Return the poets that a user may write with, those that ship first.

    Each is opened and checked; one that can't be opened says why.
    """
    shipped = set(bundled())
    muses = []
    for name, path in muse_folders(folder, user).items():
        source: Source = "folder"
        if name in shipped:
            source = "shipped"
        elif (path / ORIGIN).is_file():
            source = "trained"
        muses.append(asdict(_describe(name, path, source)))
    return sorted(muses, key=lambda muse: (muse["source"] != "shipped", muse["name"]))


def publish(job: Job, order: Order) -> str | None:
    """Copy a training's poet among the muses; None if there is none yet.

    Asked for again, it finds the one that it has copied.

    Raises:
        OSError: the folder cannot be written.
        PoetError: the poet is damaged.
    """
    if not artifact.is_poet(job.poet):
        return None
    root = poets_of(job.folder.parents[3], order.user)
    root.mkdir(parents=True, exist_ok=True)
    copy = root / f"{_NEW}{new_identifier()}"
    try:
        copy.mkdir()
        saving = job.poet / artifact.SAVING
        for name in artifact.FILES:
            whole = (saving / artifact.CONFIG).exists() and (saving / name).exists()
            file = (saving if whole else job.poet) / name
            if file.is_file():
                shutil.copyfile(file, copy / name)
        artifact.load(copy)
        write_json(copy / ORIGIN, {"training": job.identifier, "corpus": order.corpus})
        number = 1
        while True:
            target = root / numbered(order.name, number)
            if _is_of(target, job.identifier) and artifact.is_poet(target):
                shutil.rmtree(copy)
                return target.name
            if target.name not in bundled() and not target.exists():
                copy.rename(target)
                return target.name
            number += 1
    except BaseException:
        shutil.rmtree(copy, ignore_errors=True)
        raise


def clear_work(job: Job) -> None:
    """Remove what a finished training no longer needs; its curve and its samples stay."""
    shutil.rmtree(job.poet / "training", ignore_errors=True)
    shutil.rmtree(job.poet / artifact.SAVING, ignore_errors=True)
    for name in artifact.FILES:
        (job.poet / name).unlink(missing_ok=True)


def count_trained(folder: Path, user: str) -> int:
    """Return how many poets trained on the desk a user has."""
    return sum(1 for path in poets_of(folder, user).glob(f"*/{ORIGIN}") if path.is_file())


def delete_muse(folder: Path, user: str, name: str) -> None:
    """Delete a poet that a user has trained on the desk.

    Raises:
        MissingError: there is none; a folder that somebody dropped in is not the desk's to delete.
        OSError: the folder cannot be written.
    """
    path = muse_folders(folder, user).get(name)
    if path is None or path.parent != poets_of(folder, user) or not (path / ORIGIN).is_file():
        raise MissingError(
            "the poet",
            repr(name[:60]),
            "a poet that you have trained on this desk",
            "Choose one of those in the list. A folder that was dropped in is deleted by hand.",
            message=f"There is no poet {name[:60]!r} that you have trained on this desk.",
        )
    gone = path.with_name(f"{_NEW}{new_identifier()}")
    path.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _is_of(path: Path, training: str) -> bool:
    """Return whether a poet's folder was copied from a training."""
    try:
        facts = json.loads((path / ORIGIN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(facts, dict) and facts.get("training") == training


def _describe(name: str, path: Path, source: Source) -> Muse:
    """Open a poet and describe it; it is opened again only when its `config.json` is another."""
    try:
        status = (path / artifact.CONFIG).stat()
        key = (str(path), status.st_mtime_ns, status.st_size)
    except OSError:
        key = (str(path), 0, 0)
    with _remembering:
        muse = _remembered.get(key)
    if muse is None or not muse.usable:  # one that is mended shows it at once
        muse = _opened(name, path, source)
        with _remembering:
            if len(_remembered) >= _MOST_REMEMBERED:
                _remembered.clear()
            _remembered[key] = muse
    return replace(muse, name=name, source=source)


def _opened(name: str, path: Path, source: Source) -> Muse:
    try:
        files = artifact.load(path)
    except PoetError as error:
        why = str(error).replace(f"{path}/", "").replace(str(path), name)
        return Muse(name, name, "", source, usable=False, why=why)
    corpus = files.config.get("corpus")
    facts = corpus if isinstance(corpus, dict) else {}
    words = files.kind == artifact.WORDS
    texts = str(facts.get("name") or "")
    poems = facts.get("poems")
    described = f"Trained on {texts}" if texts else ""
    if texts and isinstance(poems, int):
        described += f" ({poems:,} {'poem' if poems == 1 else 'poems'})"
    return Muse(
        name=name,
        title=name[:1].upper() + name[1:] if source == "shipped" else name,
        kind="words" if words else "characters",
        source=source,
        words=files.vocabulary.size if words else 0,
        description=f"{described}." if described else "",
    )
