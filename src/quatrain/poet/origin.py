"""The corpus a poet learned from: what its folder says of it, and finding it again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from quatrain.config import Cleaning, Split, settings
from quatrain.corpus import Corpus, read
from quatrain.corpus.reading import ANTHOLOGY
from quatrain.errors import CorpusError, PoetError, SettingsError, UserError
from quatrain.poet.artifact import CONFIG
from quatrain.poet.poet import Poet

UNASKED_FILES, UNASKED_BYTES = 10_000, 2**28
"""A folder that holds more is not read unless the user names it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What `config.json` says of the training corpus; a stranger may have written it."""

    name: str | None
    source: str | None
    sha256: str | None
    column: str | None
    cleaning: Cleaning
    split: Split

    @classmethod
    def of(cls, poet: Poet) -> Self:
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


def _altered(poet: Poet, name: str, found: str, wanted: str) -> PoetError:
    return PoetError(
        f"{name!r} in {CONFIG} of the poet {poet.name!r}",
        found,
        wanted,
        "Copy the poet's folder again from where it came, or train the poet again.",
    )


def training_corpus(origin: Origin, given: str | Path | None = None) -> Corpus | None:
    """The corpus the poet learned from, if it is still to be had.

    Args:
        origin: what the poet says of it.
        given: where the user says it is; by default where it was.

    Raises:
        CorpusError: what the user gave is not that corpus, or cannot be read.
    """
    corpus = None
    try:
        source = given if given is not None else _nearby(origin)
        if source is not None:
            corpus = read(source, column=origin.column, cleaning=origin.cleaning)
    except (UserError, OSError):
        if given is not None:
            raise
    if corpus is not None and corpus.sha256 == origin.sha256:
        return corpus
    if given is not None:
        raise CorpusError(
            str(given),
            "poems the poet was not trained on",
            f"the corpus {origin.name!r}, as it was when the poet was trained",
            "Give that corpus with --train, or leave --train out.",
        )
    return None


def _nearby(origin: Origin) -> str | None:
    """A source the user did not name, if reading it reaches no further than some local files.

    Its name is a stranger's word, and so is the corpus's own: to ask that they agree would
    keep nobody out.
    """
    source = origin.source
    if not source or origin.sha256 is None or source.startswith(("//", "\\\\")):
        return None
    path = Path(source)
    if source == ANTHOLOGY or path.is_file() or (path.is_dir() and _moderate(path)):
        return source
    return None


def _moderate(folder: Path) -> bool:
    """Whether a folder is of a size that may be read unasked."""
    size = 0
    for number, path in enumerate(folder.rglob("*")):
        size += path.stat().st_size if path.is_file() else 0
        if number >= UNASKED_FILES or size > UNASKED_BYTES:
            return False
    return True
