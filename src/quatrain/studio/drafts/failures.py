"""Errors of drafts, each with the HTTP status that it becomes.

`translated` is a context in which the errors of the databases become these.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Self

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from quatrain.errors import StorageError, UserError
from quatrain.studio.drafts.documents import Draft

RETRY_AFTER_S = 2
"""Seconds after which to try again when the database is busy or out of reach."""

_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_UNWRITABLE = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk refuses to write: it is full, or there is an error",
    sqlite3.SQLITE_READONLY: "the file may not be written",
    sqlite3.SQLITE_CANTOPEN: "the file can't be opened",
}
"""SQLite's primary result codes that mean that nothing can be saved, in words."""

_SQLITE_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_POSTGRES_FULL = "53"
"""Class of PostgreSQL's SQLSTATE for a disk that is full, or no memory or connections left."""

_POSTGRES_BUSY = frozenset({"55P03", "40001", "40P01", "57014", "53300"})
"""SQLSTATE: lock not available, serialization failure, deadlock, timeout, too many connections."""


class MissingDraftError(UserError):
    """There is no such draft or version, or it is another user's."""

    status: ClassVar[int] = 404

    @classmethod
    def of(cls, kind: str, identifier: str) -> Self:
        """Return the error for a "draft" or a "version" that is not there."""
        return cls(
            f"the {kind} {identifier[:60]!r}",
            "nothing",
            f"a {kind} of yours",
            "It may have been deleted in another window.",
            message=f"There is no such {kind}.",
        )


class DraftConflictError(UserError):
    """A draft has changed since the version that a change was made to.

    Attributes:
        current: the draft as it is now, to be shown beside the text that was not saved; None only
            in another process than the one that raised the error.
    """

    status: ClassVar[int] = 409
    current: Draft | None = None

    @classmethod
    def of(cls, version: int, current: Draft) -> Self:
        """Return the error for a change to an old `version`."""
        if current.trashed:
            error = cls(
                "the draft",
                "a draft in the trash",
                "one that is not",
                "Recover it to go on writing, or save your text as a new draft.",
                message="This draft was moved to the trash.",
            )
        else:
            error = cls(
                "the draft",
                f"version {current.version}",
                f"version {version}",
                "Compare the two texts, choose what to keep, and save again.",
                message="This draft was changed in another window.",
            )
        error.current = current
        return error


class RefusedDraftError(UserError):
    """A document, a name or a search that can't be taken as it is."""

    status: ClassVar[int] = 422


class StorageFullError(StorageError):
    """Nothing can be saved; everything saved before is kept."""

    status: ClassVar[int] = 507

    @classmethod
    def of(cls, where: str, reason: str) -> Self:
        """Return the error for a database that takes no more, for a `reason` in words."""
        return cls(
            where,
            reason,
            "a disk that can be written",
            "Everything saved before is safe. Free some space or correct the permissions, then "
            "save again; until then keep this page open.",
            message=f"Your last change could not be saved: {reason}.",
        )


class StorageBusyError(StorageError):
    """The database is locked by another program or out of reach; trying again may help."""

    status: ClassVar[int] = 503
    retry_after_s: ClassVar[int] = RETRY_AFTER_S

    @classmethod
    def of(cls, where: str, reason: str) -> Self:
        """Return the error for a database that can't be used now, for a `reason` in words."""
        return cls(
            where,
            reason,
            "a database that answers",
            "Try again in a moment; until then keep this page open.",
            message=f"The drafts can't be reached now: {reason}.",
        )


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raise errors of a database as those of this module; let bugs through as they are.

    Args:
        where: the database, for people.

    Raises:
        StorageFullError: the disk is full or may not be written.
        StorageBusyError: the database is locked, or the server can't be reached.
        StorageError: the file is damaged or no database.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise StorageBusyError.of(where, "too many requests at once") from error
    except sqlite3.Error as error:  # from a connection that is just being opened
        raise _of_sqlite(error, where) or error from error
    except DBAPIError as error:
        cause = error.orig
        is_sqlite = isinstance(cause, sqlite3.Error)
        failure = _of_sqlite(cause, where) if is_sqlite else _of_postgres(error, where)
        if failure is None:
            raise
        raise failure from error


def _of_sqlite(error: BaseException | None, where: str) -> StorageError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the other bits tell subkinds apart
    if code in _SQLITE_BUSY:
        return StorageBusyError.of(where, "another program keeps the database locked")
    if code in _SQLITE_UNWRITABLE:
        return StorageFullError.of(where, _SQLITE_UNWRITABLE[code])
    if code in _SQLITE_DAMAGED:
        return not_a_database(where)
    return None


def not_a_database(where: str) -> StorageError:
    """Return the error for a file that SQLite can't read."""
    return StorageError(
        where,
        "a file that is no SQLite database, or a damaged one",
        "the database of the desk",
        "Nothing was changed. Move the file away, or name another with --database; a backup of it "
        "can be put in its place.",
        message=f"{where} is no SQLite database, or is damaged.",
    )


def _of_postgres(error: DBAPIError, where: str) -> StorageError | None:
    if not hasattr(error.orig, "sqlstate"):
        return None
    state = getattr(error.orig, "sqlstate", None)
    if state in _POSTGRES_BUSY:
        return StorageBusyError.of(where, "the database server is busy")
    if state is not None and state.startswith(_POSTGRES_FULL):
        return StorageFullError.of(where, "the disk of the database server is full")
    if state is None or error.connection_invalidated or state[:2] in ("08", "57"):
        return StorageBusyError.of(where, "the database server does not answer")
    return None
