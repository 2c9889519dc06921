"""The texts that users upload: received, read, listed, deleted.

    users/KEY/corpora/ID/corpus.json    name, when, sizes, and the report of the reading
    users/KEY/corpora/ID/NAME/          the files; the poets that learn from them know this name

An upload is received into a folder whose name begins with a dot, and gets its name when it is
whole and read.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from quatrain.studio.training.limits import TrainingLimits
from quatrain.studio.training.names import file_name, numbered, title
from quatrain.studio.training.places import (
    corpora_of,
    is_identifier,
    new_identifier,
    read_json,
    write_json,
)
from quatrain.studio.training.refusals import ConflictError, TooLargeError, no_such

_NEW = ".new-"
"""Beginning of the name of a folder while its upload is received."""

_ABANDONED_S = 6 * 3600
"""Seconds after which an upload that nobody finished is removed."""


class Upload:
    """Files on their way in.

    Args:
        folder: where they go until they are read; made here.
        limits: how much is taken.

    Raises:
        OSError: the folder cannot be written.
    """

    def __init__(self, folder: Path, limits: TrainingLimits) -> None:
        self.folder, self.limits = folder, limits
        self.files = self.bytes = 0
        self.texts = folder / "texts"
        self.first = ""
        self._names: set[str] = set()
        self._open: list[UploadedFile] = []
        self.texts.mkdir(parents=True)

    def begin(self, raw: str) -> UploadedFile:
        """Begin the next file, under a name made from what the browser calls it.

        Raises:
            TooLargeError: these are too many files.
            OSError: the folder cannot be written.
        """
        self.files += 1
        if self.files > self.limits.files:
            raise TooLargeError(
                "the upload",
                f"more than {self.limits.files:,} files",
                f"at most {self.limits.files:,}",
                "Upload them in several parts, or put the texts into fewer files.",
                message=f"An upload has at most {self.limits.files:,} files.",
            )
        safe, number = file_name(raw), 1
        while numbered(safe, number).casefold() in self._names:
            number += 1
        name = numbered(safe, number)
        self._names.add(name.casefold())
        self.first = self.first or name
        self._open.append(UploadedFile(self, self.texts / name))
        return self._open[-1]

    def discard(self) -> None:
        """Remove everything that was received."""
        for file in self._open:
            with suppress(OSError):  # the disk is full, and something is still to be written
                file.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class UploadedFile:
    """A file on its way in."""

    def __init__(self, upload: Upload, path: Path) -> None:
        self._upload, self._path = upload, path
        self._file = path.open("xb")
        self._bytes = 0

    def write(self, data: bytes) -> None:
        """Add some bytes.

        Raises:
            TooLargeError: the file or the upload is too large.
            OSError: the disk is full.
        """
        limits = self._upload.limits
        self._bytes += len(data)
        self._upload.bytes += len(data)
        for size, most, what in (
            (self._bytes, limits.file_bytes, f"the file {self._path.name}"),
            (self._upload.bytes, limits.upload_bytes, "the upload"),
        ):
            if size > most:
                raise TooLargeError(
                    what,
                    f"more than {most / 2**20:.0f} MiB",
                    f"at most {most / 2**20:.0f} MiB",
                    "Upload a part of it.",
                    message=f"{what[:1].upper()}{what[1:]} is larger than {most / 2**20:.0f} MiB.",
                )
        self._file.write(data)

    def close(self) -> None:
        """End the file, on the disk; it may be ended again."""
        if self._file.closed:
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()


class Corpora:
    """The corpora of a desk.

    Args:
        folder: the desk's.
        limits: how much is kept.
    """

    def __init__(self, folder: Path, limits: TrainingLimits) -> None:
        self.folder, self.limits = folder, limits

    def receive(self, user: str) -> Upload:
        """Begin an upload.

        Raises:
            ConflictError: the user has as many corpora as are kept.
            OSError: the folder cannot be written.
        """
        self._remove_abandoned(user)
        kept = self.all_of(user)
        size = sum(corpus["bytes"] for corpus in kept)
        if len(kept) >= self.limits.corpora or size >= self.limits.corpora_bytes:
            raise ConflictError(
                "your corpora",
                f"{len(kept):,} with {size / 2**20:,.0f} MiB",
                f"at most {self.limits.corpora:,} with {self.limits.corpora_bytes / 2**20:,.0f} "
                "MiB",
                "Delete one that you no longer need.",
                message="There is no room for another corpus.",
            )
        return Upload(corpora_of(self.folder, user) / f"{_NEW}{new_identifier()}", self.limits)

    def keep(self, user: str, upload: Upload, name: str, report: dict[str, Any]) -> dict[str, Any]:
        """Keep an upload that has been read, and return it as the API gives it.

        Args:
            user: who uploaded it.
            upload: all files closed.
            name: what the user calls it; "" for the name of its first file.
            report: of the reading.

        Raises:
            SettingsError: the name has no letter.
            OSError: the folder cannot be written.
        """
        first = upload.first.partition(".")[0]
        shown = title(name or (first if upload.files == 1 else f"{first} and others"), "corpus")
        identifier = new_identifier()
        upload.texts.rename(upload.folder / shown)
        facts = {
            "id": identifier,
            "name": shown,
            "created": time.time(),
            "files": upload.files,
            "bytes": sum(file.stat().st_size for file in (upload.folder / shown).iterdir()),
            "report": report,
        }
        write_json(upload.folder / "corpus.json", facts)
        upload.folder.rename(corpora_of(self.folder, user) / identifier)
        return facts

    def all_of(self, user: str) -> list[dict[str, Any]]:
        """Return a user's corpora, the newest first."""
        corpora = []
        with suppress(OSError):  # there is no folder yet
            for path in corpora_of(self.folder, user).iterdir():
                facts = read_json(path / "corpus.json") if is_identifier(path.name) else None
                if facts is not None:
                    corpora.append(facts)
        return sorted(corpora, key=lambda corpus: (-corpus["created"], corpus["id"]))

    def get(self, user: str, identifier: str) -> dict[str, Any]:
        """Return one of a user's corpora.

        Raises:
            MissingError: the user has none of that identifier.
        """
        path = corpora_of(self.folder, user) / identifier
        facts = read_json(path / "corpus.json") if is_identifier(identifier) else None
        if facts is None:
            raise no_such("corpus", identifier)
        return facts

    def texts(self, user: str, identifier: str) -> Path:
        """Return the folder of a corpus's files.

        Raises:
            MissingError: the user has none of that identifier.
        """
        facts = self.get(user, identifier)
        return corpora_of(self.folder, user) / identifier / str(facts["name"])

    def delete(self, user: str, identifier: str) -> None:
        """Delete a corpus and its files.

        Raises:
            MissingError: the user has none of that identifier.
            OSError: the folder cannot be written.
        """
        self.get(user, identifier)
        path = corpora_of(self.folder, user) / identifier
        gone = path.with_name(f"{_NEW}{new_identifier()}")
        path.rename(gone)  # at once, whatever interrupts the rest
        shutil.rmtree(gone, ignore_errors=True)

    def _remove_abandoned(self, user: str) -> None:
        """Remove what uploads left that a kill or a full disk ended."""
        for path in corpora_of(self.folder, user).glob(f"{_NEW}*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED_S:
                    shutil.rmtree(path, ignore_errors=True)
