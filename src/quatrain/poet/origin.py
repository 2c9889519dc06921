"""The corpus a poet was trained on: what its folder says of it, and how to find it again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from quatrain.config import Cleaning, Split, settings
from quatrain.corpus import Corpus, read
from quatrain.corpus.files import ANTHOLOGY
from quatrain.errors import CorpusError, PoetError, SettingsError, UserError
from quatrain.poet.artifact import CONFIG
from quatrain.poet.poet import Poet

UNNAMED_FILES, UNNAMED_BYTES = 10_000, 2**28
"""The largest folder that is read without being named by the user, in files and in bytes."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The facts of the training corpus in `config.json`; anybody may have written them."""

    name: str | None
    source: str | None
    sha256: str | None
    column: str | None
    cleaning: Cleaning
    split: Split

    @classmethod
    def from_poet(cls, poet: Poet) -> Self:
        """Check the facts of a poet.

        Raises:
            PoetError: one of them is not what training writes.
        """
        facts = _table(poet, "corpus", poet.config.get("corpus", {}))
        for name in ("name", "source", "sha256", "column"):
            if not isinstance(facts.get(name), str | None):
                raise _altered(poet, f"corpus.{name}", f"{facts[name]!r:.60}", "a text")
        try:
            return cls(
                facts.get("name"),
                facts.get("source"),
                facts.get("sha256"),
                facts.get("column"),
                settings(Cleaning, _table(poet, "corpus.cleaning", facts.get("cleaning", {}))),
                settings(Split, _table(poet, "corpus.split", facts.get("split", {}))),
            )
        except SettingsError as error:
            raise _altered(poet, "corpus", f"{error.where}: {error.found}", error.wanted) from error


def _table(poet: Poet, name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _altered(poet, name, f"{value!r:.60}", "an object")
    return value


def _altered(poet: Poet, name: str, found: str, expected: str) -> PoetError:
    return PoetError(
        f"{name!r} in {CONFIG} of the poet {poet.name!r}",
        found,
        expected,
        "Copy the poet's folder again from where it came, or train the poet again.",
    )


def training_corpus(origin: Origin, path: str | Path | None = None) -> Corpus | None:
    """Return the corpus the poet was trained on, if it can still be found.

    Args:
        origin: what the poet says of it.
        path: where the user says it is; by default where it was.

    Raises:
        CorpusError: what the user gave is not that corpus, or cannot be read.
    """
    corpus = None
    try:
        source = path if path is not None else _local_source(origin)
        if source is not None:
            corpus = read(source, column=origin.column, cleaning=origin.cleaning)
    except (UserError, OSError):
        if path is not None:
            raise
    if corpus is not None and corpus.sha256 == origin.sha256:
        return corpus
    if path is not None:
        raise CorpusError(
            str(path),
            "poems the poet was not trained on",
            f"the corpus {origin.name!r}, as it was when the poet was trained",
            "Give that corpus with --train, or leave --train out.",
        )
    return None


def _local_source(origin: Origin) -> str | None:
    """Return the source that the poet names, if it is a few local files at most.

    The user did not name it, so nothing else may be read. Whoever wrote the poet's folder
    chose both this name and the corpus's: comparing the two would not make it safer.
    """
    source = origin.source
    if not source or origin.sha256 is None or source.startswith(("//", "\\\\")):
        return None
    path = Path(source)
    if source == ANTHOLOGY or path.is_file() or (path.is_dir() and _is_small(path)):
        return source
    return None


def _is_small(folder: Path) -> bool:
    """Return whether a folder is small enough to be read without being named by the user."""
    size = 0
    for number, path in enumerate(folder.rglob("*")):
        size += path.stat().st_size if path.is_file() else 0
        if number >= UNNAMED_FILES or size > UNNAMED_BYTES:
            return False
    return True
