"""Records and compares the program, data and options that made a folder of results."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quatrain._version import __version__
from quatrain.errors import OutputError
from quatrain.sound import data_hashes
from quatrain.text_files import read_text

FILE = "run.json"
"""Name of the record in a folder of results."""

VERSION = 1
"""Version of the record and of the tables; another one can't be resumed."""

MOST_BYTES = 2**20
"""Largest record that is read, in bytes."""

_LIBRARIES = ("numpy", "pyarrow")


@dataclass(frozen=True)
class Corpus:
    """The source of a run.

    Attributes:
        name: its file or folder, without the path.
        files: number of files.
        bytes: their size.
        sha256: hash of their names and contents, in order.
    """

    name: str
    files: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class RunRecord:
    """Program, data and options of a run. Nothing in it depends on the machine.

    Attributes:
        command: the command that made it, such as "scan".
        corpus: what it read.
        options: its options that can change the results.
        quatrain: version of the program.
        data: sha256 of each dictionary and each trained weight it uses, by file.
        libraries: versions of the libraries whose numbers or files are in the results.
        date: when it began, in UTC.
        finished: whether it came to the end of the corpus.
        counts: poems, lines, words, rhymes and problems, once it is finished.
    """

    command: str
    corpus: Corpus
    options: Mapping[str, object]
    quatrain: str = __version__
    data: Mapping[str, str] = field(default_factory=data_hashes)
    libraries: Mapping[str, str] = field(default_factory=lambda: dict(_versions()))
    date: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    finished: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> RunRecord:
        """Read the record of a folder of results.

        Raises:
            OutputError: there is none, or it is not one of this version.
        """
        path = folder / FILE
        try:
            saved: Any = json.loads(read_text(path, MOST_BYTES, OutputError, "record of a run"))
            version = saved.pop("quatrain_results")
            if version != VERSION:
                raise OutputError(
                    str(path),
                    f"results of version {version}",
                    f"version {VERSION}",
                    "Write into another folder.",
                )
            return cls(**{**saved, "corpus": Corpus(**saved["corpus"])})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise OutputError(
                str(path), "something else", "the record of a run", "Write into another folder."
            ) from error

    def as_json(self) -> str:
        """Return the record as JSON."""
        return json.dumps(
            {"quatrain_results": VERSION, **dataclasses.asdict(self)}, indent=2, ensure_ascii=False
        )

    def differences(self, other: RunRecord) -> list[str]:
        """Return what makes the results of another run different, in words."""
        found = []
        for name, words in (
            ("command", "the command"),
            ("quatrain", "the version of Quatrain"),
            ("libraries", "the versions of the libraries"),
            ("data", "the dictionaries"),
            ("options", "the options"),
        ):
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine != theirs:
                found.append(f"{words} ({_difference(mine, theirs)})")
        if self.corpus.sha256 != other.corpus.sha256:
            found.append("the corpus")
        return found

    @property
    def citation(self) -> str:
        """Sentences for a paper: what was scanned, with what, and hashes that identify both."""
        corpus = self.corpus
        counts = ", ".join(
            f"{count:,} {name if count != 1 else name.removesuffix('s')}"
            for name, count in self.counts.items()
            if count
        )
        options = ", ".join(f"{name} {value}" for name, value in self.options.items() if value)
        data = hashlib.sha256("".join(sorted(self.data.values())).encode()).hexdigest()
        state = counts if self.finished else "not finished"
        return (
            f"{corpus.name} ({state}; {corpus.bytes:,} bytes, sha256 {corpus.sha256[:16]}) was "
            f"read by `quatrain {self.command}`, Quatrain {self.quatrain} (data {data[:16]}), on "
            f"{self.date[:10]}{f', with {options}' if options else ''}."
        )


def describe(name: str, files: Sequence[tuple[str, Path]]) -> Corpus:
    """Return a corpus with the hash of its files.

    Args:
        name: its name.
        files: the name within the corpus and the path of each file, in order.

    Raises:
        OSError: a file can't be read.
    """
    content = hashlib.sha256()
    size = 0
    for inner, path in files:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            size += file.tell()
        content.update(f"{inner}\n{digest.hexdigest()}\n".encode())
    return Corpus(name, len(files), size, content.hexdigest())


def _difference(mine: object, theirs: object) -> str:
    """Return two values, or the first key in which they differ."""
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        names = sorted({*mine, *theirs}, key=str)
        name = next(name for name in names if mine.get(name) != theirs.get(name))
        return f"{name}: {_short(theirs.get(name))} before, {_short(mine.get(name))} now"
    return f"{_short(theirs)} before, {_short(mine)} now"


def _short(value: object) -> str:
    text = "nothing" if value in (None, "") else str(value)
    return text if len(text) <= 40 else f"{text[:12]}..."


def _versions() -> list[tuple[str, str]]:
    found = []
    for library in _LIBRARIES:
        try:
            found.append((library, importlib.metadata.version(library)))
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
