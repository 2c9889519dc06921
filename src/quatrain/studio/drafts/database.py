"""The connection to the database: SQLite or PostgreSQL, with the same promises.

What has been acknowledged is on the disk. SQLite runs in WAL mode, where readers and one writer do
not wait for each other, with `synchronous=EXTRA`: every commit ends with an `fsync` of the log.
With `NORMAL`, a commit would survive the end of the process but not a power cut, because the
log is only synchronised at checkpoints (https://www.sqlite.org/pragma.html#pragma_synchronous).
A save takes one `fsync`, a few milliseconds, which nobody who types notices. PostgreSQL does
the same by default (`synchronous_commit`); a server that has it off is asked to have it on.

A writing transaction begins with `BEGIN IMMEDIATE`, so that it waits for the lock where
waiting works: a transaction that reads first and then writes would fail at once if another
had written in between.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from quatrain.errors import ExtraError, StorageError
from quatrain.studio.drafts.failures import (
    StorageBusyError,
    StorageFullError,
    not_a_database,
    translated,
)

WAIT_S = 5.0
"""Seconds that a request waits for a lock, before it is told that the database is busy."""

_STATEMENT_LIMIT_S = 30
"""Seconds of the longest statement on PostgreSQL; the slowest search takes far less."""

_PRAGMAS = (
    "foreign_keys=ON",
    "synchronous=EXTRA",
    "fullfsync=ON",  # on macOS, fsync alone leaves the data in the disk's own memory
    "checkpoint_fullfsync=ON",
    "trusted_schema=OFF",
)

_ENCODING_REMEDY = "Create one with: createdb --encoding=UTF8 --template=template0 NAME"


class Database:
    """A database that is open.

    Attributes:
        name: the file, or the URL without its password, for people.
    """

    def __init__(self, url: URL) -> None:
        """Prepare the connection; nothing is opened before it is used."""
        self._file = Path(url.database) if _is_sqlite(url) and url.database else None
        self._identity: tuple[int, int] | None = None
        self.name = str(self._file or _without_secrets(url))
        self._engine = _sqlite_engine(url) if self._file else _postgres_engine(url)
        self._writer = self._engine.execution_options(quatrain_writes=True)

    @property
    def is_sqlite(self) -> bool:
        """True for a file of SQLite."""
        return self._file is not None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that sees one state of the database.

        Raises:
            StorageError: the database can't be used now.
        """
        with translated(self.name), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that writes; what it wrote is on the disk when the block ends.

        Raises:
            StorageError: the database can't be written; nothing of the block has happened.
        """
        self._require_same_file()
        with (
            translated(self.name),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Open a connection in a transaction that writes, for migrations.

        Raises:
            StorageError: the database can't be written.
        """
        with translated(self.name), self._writer.begin() as connection:
            yield connection

    def use_write_ahead_log(self) -> None:
        """Switch a file of SQLite to WAL mode, which it keeps, and remember which file it is.

        On a file system without shared memory, such as a network drive, SQLite stays with a
        rollback journal: slower, and as safe.

        Raises:
            StorageError: the file can't be written.
        """
        if self._file is None:
            return
        give_up = time.monotonic() + WAIT_S
        while True:
            try:
                with translated(self.name), self._engine.connect() as connection:
                    raw = connection.connection.driver_connection
                    if isinstance(raw, sqlite3.Connection):
                        connection.rollback()  # the mode can't change inside a transaction
                        raw.execute("PRAGMA journal_mode=WAL")
                break
            except StorageBusyError:  # SQLite doesn't wait for this lock by itself
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.05)
        self._identity = self._current_identity()

    def close(self) -> None:
        """Close all connections; SQLite then merges its log into the file."""
        self._engine.dispose()

    def _require_same_file(self) -> None:
        """Refuse to write to a file that was moved away: nobody would find what is saved there."""
        if self._identity is None or self._identity == self._current_identity():
            return
        raise StorageFullError.of(
            self.name, f"the file {self.name} was moved or deleted while the desk was running"
        )

    def _current_identity(self) -> tuple[int, int] | None:
        try:
            status = Path(self.name).stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino


def database_url(location: str | Path) -> URL:
    """Return the URL of a database.

    Args:
        location: the path of a file of SQLite, or a URL of SQLite or PostgreSQL.

    Raises:
        StorageError: it is neither.
        ExtraError: it is of PostgreSQL, and its driver is not installed.
    """
    if isinstance(location, Path):
        return URL.create("sqlite", database=str(location))
    try:
        url = make_url(location)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise _unknown(_after_credentials(location)) from error
    if _is_sqlite(url) and url.database and not url.query:
        return url.set(drivername="sqlite")
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise _unknown(_without_secrets(url))
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise ExtraError.missing("a database of PostgreSQL", "psycopg", "postgres") from error
    return url.set(drivername="postgresql+psycopg")


def _without_secrets(url: URL) -> str:
    """Return a URL as people may see it: without its password and its options."""
    return url.set(query={}).render_as_string(hide_password=True)


def _after_credentials(text: str) -> str:
    """Return a text that is no URL without what may be a user, a password or options."""
    _, at, after = text.rpartition("@")
    return f"...@{after.partition('?')[0]}" if at else text.partition("?")[0]


def prepare_file(url: URL) -> None:
    """Create the file of a database of SQLite if there is none, readable by its owner only.

    Raises:
        StorageError: it can't be created or opened.
    """
    if not _is_sqlite(url) or not url.database:
        return
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StorageError(
            str(path),
            f"{error.strerror or error}".lower(),
            "a file that can be written",
            "Check the path and its permissions, or name another folder with --folder.",
            message=f"The database of drafts, {path}, can't be opened: {error.strerror}.",
        ) from error


def tables_of(url: URL) -> frozenset[str]:
    """Return the names of the tables in a file of SQLite, without changing anything in it.

    Raises:
        StorageError: it is no database, or can't be read.
    """
    path = Path(url.database or "")
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=WAIT_S)) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return frozenset(str(name) for (name,) in rows)
    except sqlite3.OperationalError as error:
        raise StorageBusyError.of(str(path), str(error)) from error
    except sqlite3.DatabaseError as error:
        raise not_a_database(str(path)) from error


def _unknown(location: str) -> StorageError:
    return StorageError(
        "the database",
        repr(location[:80]),
        "sqlite:////folder/drafts.sqlite or postgresql://user@host/name",
        "Correct the URL.",
        message=f"{location[:80]!r} is no URL of a database of SQLite or PostgreSQL.",
    )


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": WAIT_S})

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions are begun here, not by the driver
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("quatrain_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,  # a server that was restarted is found again
        pool_size=5,
        max_overflow=15,
        pool_timeout=WAIT_S,
        connect_args={} if "connect_timeout" in url.query else {"connect_timeout": int(WAIT_S)},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{WAIT_S:.0f}s'")
            cursor.execute(f"SET statement_timeout = '{_STATEMENT_LIMIT_S}s'")
            cursor.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
        connection.commit()

    return engine


def require_unicode(connection: Connection, name: str) -> None:
    """Require that a database of PostgreSQL can hold every character.

    Raises:
        StorageError: its encoding is another than UTF-8.
    """
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise StorageError(
            name,
            f"the encoding {encoding}",
            "a database in UTF-8",
            _ENCODING_REMEDY,
            message=f"{name} can't hold every character, because its encoding is {encoding}.",
        )


def require_reachable(database: Database) -> None:
    """Connect once.

    Raises:
        StorageError: it can't be reached, with what the server or the driver says.
    """
    try:
        with database.connection():
            pass
    except StorageBusyError as error:
        cause = error.__cause__
        reason = str(cause.orig) if isinstance(cause, DBAPIError) else error.found
        raise StorageError(
            database.name,
            " ".join(reason.split())[:300],
            "a database that answers",
            "Check the URL after --database, and that the server runs.",
            message=f"The database {database.name} can't be reached: {' '.join(reason.split())}.",
        ) from error
