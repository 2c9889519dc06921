"""A store that is opened when it is first needed, and again if that failed.

The desk starts without its database, so that its page can say what is wrong with it; when the
database server is back, or the file is put right, the next request opens it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from quatrain.errors import UserError
from quatrain.studio.drafts.store import DraftStore

_log = logging.getLogger("quatrain.studio")

RETRY_S = 2.0
"""Seconds from one attempt to the next; requests between them get the same answer at once."""


class StoreOpener:
    """Opens the store of drafts once; may be asked from any thread."""

    def __init__(self, location: str | Path, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember where the drafts are.

        Args:
            location: the path of a file of SQLite, or a URL of SQLite or PostgreSQL.
            clock: the time, in seconds.
        """
        self._location = location
        self._clock = clock
        self._failure: UserError | None = None
        self._next_attempt = 0.0
        self._lock = Lock()
        self._store: DraftStore | None = None

    def store(self) -> DraftStore:
        """Return the store.

        Raises:
            StorageError: it can't be opened, is another program's, or from a newer version.
            ExtraError: the driver of PostgreSQL is not installed.
        """
        with self._lock:
            if self._store is None:
                self._store = self._opened()
            return self._store

    def _opened(self) -> DraftStore:
        if self._failure is not None and self._clock() < self._next_attempt:
            raise self._failure.with_traceback(None)  # or it would grow with every request
        try:
            return DraftStore.open(self._location)
        except UserError as error:
            _log.warning("%s", error)
            self._failure, self._next_attempt = error, self._clock() + RETRY_S
            raise

    def close(self) -> None:
        """Close the store, if it is open."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None
