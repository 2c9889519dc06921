"""Drafts of several users, kept so that nothing acknowledged is lost.

Every method is one transaction: when it returns, what it changed is on the disk; when it raises,
nothing has changed. A change names the version of the draft that it was made to, so that
two windows or two servers can't overwrite each other's text. Methods may be called from any thread.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quatrain.studio.drafts import revisions
from quatrain.studio.drafts.comparing import Row, compared
from quatrain.studio.drafts.database import Database
from quatrain.studio.drafts.documents import (
    MOST_BYTES,
    Document,
    Draft,
    DraftPage,
    Version,
    size_of,
    texts_of,
)
from quatrain.studio.drafts.failures import DraftConflictError, MissingDraftError, RefusedDraftError
from quatrain.studio.drafts.listing import DraftQuery, listed, moment
from quatrain.studio.drafts.migrations.opening import open_database
from quatrain.studio.drafts.models import DraftRow
from quatrain.studio.drafts.versions import (
    CURRENT,
    add_version,
    remove_version,
    version_document,
    version_list,
)

LONGEST_NAME = 200
"""Characters of the name of a version or a folder."""


def microseconds_now() -> int:
    """Return the time in microseconds since 1970."""
    return time.time_ns() // 1_000


class DraftStore:
    """Drafts in a database; each user sees only their own."""

    def __init__(self, database: Database, clock: Callable[[], int] = microseconds_now) -> None:
        """Keep drafts in a database that `open_database` has prepared.

        Args:
            database: the database.
            clock: the time, in microseconds since 1970.
        """
        self._database = database
        self._clock = clock

    @classmethod
    def open(cls, location: str | Path) -> Self:
        """Open a store of drafts; create its tables if they are not there.

        Args:
            location: the path of a file of SQLite, or a URL of SQLite or PostgreSQL.

        Raises:
            StorageError: it can't be opened, is another program's, or from a newer version.
            ExtraError: the driver of PostgreSQL is not installed.
        """
        return cls(open_database(location))

    @property
    def name(self) -> str:
        """File or URL of the database, for people."""
        return self._database.name

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def create(self, owner: str, documents: Sequence[Document], folder: str = "") -> list[Draft]:
        """Keep new drafts, all or none.

        Args:
            owner: the user.
            documents: what they hold.
            folder: the folder to put them in.

        Raises:
            RefusedDraftError: a document is too large, or the folder's name too long.
            StorageError: nothing can be saved now.
        """
        for document in documents:
            _check_size(document)
        folder = _name(folder, "folder")
        now = self._clock()
        with self._database.writing() as session:
            return [self._create(session, owner, document, folder, now) for document in documents]

    def get(self, owner: str, identifier: str) -> Draft:
        """Return a draft, also one in the trash.

        Raises:
            MissingDraftError: there is none of this user.
        """
        with self._database.reading() as session:
            return _draft(session, _row(session, owner, identifier))

    def listed(self, owner: str, query: DraftQuery) -> DraftPage:
        """Return a part of the user's drafts.

        Raises:
            RefusedDraftError: the query's `after` is not from an earlier part.
        """
        with self._database.reading() as session:
            return listed(session, owner, query)

    def save(
        self,
        owner: str,
        identifier: str,
        version: int,
        document: Document,
        *,
        continues: bool = False,
    ) -> Draft:
        """Save a document as a revision.

        Nothing changes if the draft shows this very document already, whatever the version: the
        answer to an earlier save may have been lost on its way.

        Args:
            owner: the user.
            identifier: the draft.
            version: that the change was made to.
            document: the new text.
            continues: whether typing goes on, so that undo takes several saves back as one.

        Raises:
            DraftConflictError: the draft has changed since, or is in the trash.
            MissingDraftError: there is no such draft.
            RefusedDraftError: the document is too large.
            StorageError: nothing can be saved now.
        """
        _check_size(document)
        with self._database.writing() as session:
            row = _row(session, owner, identifier, lock=True)
            if revisions.shown_document(session, row) == document and row.trashed is None:
                return _draft(session, row)
            _require_version(session, row, version)
            revisions.append(session, row, document, self._clock(), continues=continues)
            return _draft(session, row, document)

    def undo(self, owner: str, identifier: str, version: int) -> Draft:
        """Show the revision before; nothing changes if there is none. Raises as `save` does."""
        return self._step(owner, identifier, version, revisions.undo_target)

    def redo(self, owner: str, identifier: str, version: int) -> Draft:
        """Show the revision that undo came from, if any. Raises as `save` does."""
        return self._step(owner, identifier, version, revisions.redo_target)

    def move(self, owner: str, identifier: str, version: int, folder: str) -> Draft:
        """Put a draft in a folder; "" takes it out of its folder. Raises as `save` does."""
        folder = _name(folder, "folder")
        with self._database.writing() as session:
            row = _row(session, owner, identifier, lock=True)
            _require_version(session, row, version)
            row.folder = folder
            row.version += 1
            return _draft(session, row)

    def trash(self, owner: str, identifier: str) -> Draft:
        """Put a draft in the trash; another window that writes in it is then told.

        Raises:
            MissingDraftError: there is no such draft.
        """
        return self._set_trashed(owner, identifier, self._clock())

    def recover(self, owner: str, identifier: str) -> Draft:
        """Take a draft out of the trash.

        Raises:
            MissingDraftError: there is no such draft.
        """
        return self._set_trashed(owner, identifier, None)

    def delete(self, owner: str, identifier: str) -> None:
        """Delete a draft with all its revisions, forever.

        Raises:
            MissingDraftError: there is no such draft.
        """
        with self._database.writing() as session:
            row = _row(session, owner, identifier, lock=True)
            session.execute(delete(DraftRow).where(DraftRow.id == row.id))

    def versions(self, owner: str, identifier: str, *, unnamed: bool = False) -> list[Version]:
        """Return the named versions of a draft, the newest first.

        Args:
            owner: the user.
            identifier: the draft.
            unnamed: list also the revisions that undo stops at, on every branch.

        Raises:
            MissingDraftError: there is no such draft.
        """
        with self._database.reading() as session:
            return version_list(session, _row(session, owner, identifier), unnamed=unnamed)

    def name_version(self, owner: str, identifier: str, name: str) -> list[Version]:
        """Give the text as it is now a name, and return all named versions.

        Raises:
            MissingDraftError: there is no such draft.
            RefusedDraftError: the name is empty or too long, or there are too many versions.
        """
        name = _name(name, "name")
        if not name:
            raise RefusedDraftError(
                "the name", "an empty name", "a name", "Give the version a name."
            )
        with self._database.writing() as session:
            row = _row(session, owner, identifier, lock=True)
            add_version(session, row, name, self._clock())
            return version_list(session, row)

    def delete_version(self, owner: str, identifier: str, version_id: str) -> list[Version]:
        """Take the name from a version, and return those that are left.

        Raises:
            MissingDraftError: there is no such draft or version.
        """
        with self._database.writing() as session:
            row = _row(session, owner, identifier, lock=True)
            remove_version(session, row, version_id)
            return version_list(session, row)

    def restore(self, owner: str, identifier: str, version_id: str, version: int) -> Draft:
        """Save the text of an earlier version as a new revision, which undo takes back.

        Raises:
            DraftConflictError: the draft has changed since `version`, or is in the trash.
            MissingDraftError: there is no such draft or version.
        """
        with self._database.writing() as session:
            row = _row(session, owner, identifier, lock=True)
            _require_version(session, row, version)
            document = version_document(session, row, version_id)
            if document != revisions.shown_document(session, row):
                revisions.append(session, row, document, self._clock())
            return _draft(session, row)

    def document(self, owner: str, identifier: str, version_id: str = CURRENT) -> Document:
        """Return the text of a version.

        Raises:
            MissingDraftError: there is no such draft or version.
        """
        with self._database.reading() as session:
            row = _row(session, owner, identifier)
            return version_document(session, row, version_id)

    def compare(self, owner: str, identifier: str, first: str, second: str) -> list[Row]:
        """Return two versions side by side; `CURRENT` is the text as it is now.

        Raises:
            MissingDraftError: there is no such draft or version.
        """
        with self._database.reading() as session:
            row = _row(session, owner, identifier)
            before, after = (
                texts_of(version_document(session, row, one)) for one in (first, second)
            )
        return compared(before, after)

    def _create(
        self, session: Session, owner: str, document: Document, folder: str, now: int
    ) -> Draft:
        row = DraftRow(
            id=str(uuid.uuid4()),
            owner=owner,
            version=0,
            position=0,
            latest=0,
            folder=folder,
            created=now,
            updated=now,
            trashed=None,
        )
        revisions.describe(row, document)
        session.add(row)
        session.flush()
        revisions.append(session, row, document, now)
        return _draft(session, row, document)

    def _step(
        self,
        owner: str,
        identifier: str,
        version: int,
        target: Callable[[Session, DraftRow], int | None],
    ) -> Draft:
        with self._database.writing() as session:
            row = _row(session, owner, identifier, lock=True)
            _require_version(session, row, version)
            number = target(session, row)
            if number is not None:
                row.position = number
                row.version += 1
                row.updated = self._clock()
                revisions.describe(row, revisions.shown_document(session, row))
                session.flush()
            return _draft(session, row)

    def _set_trashed(self, owner: str, identifier: str, trashed: int | None) -> Draft:
        with self._database.writing() as session:
            row = _row(session, owner, identifier, lock=True)
            if (row.trashed is None) != (trashed is None):
                row.trashed = trashed
                row.version += 1
            return _draft(session, row)


def _row(session: Session, owner: str, identifier: str, *, lock: bool = False) -> DraftRow:
    """Return a draft's row, locked until the end of the transaction if asked for.

    SQLite has no locks of rows; there the transaction has the lock of the whole file.
    """
    statement = select(DraftRow).where(
        DraftRow.id == identifier.replace("\0", ""), DraftRow.owner == owner
    )
    row = session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise MissingDraftError.of("draft", identifier)
    return row


def _require_version(session: Session, row: DraftRow, version: int) -> None:
    if row.version != version or row.trashed is not None:
        raise DraftConflictError.of(version, _draft(session, row))


def _draft(session: Session, row: DraftRow, document: Document | None = None) -> Draft:
    """Return a draft as it is; `document` is what it shows, if that is known already."""
    return Draft(
        row.id,
        row.version,
        revisions.shown_document(session, row) if document is None else document,
        row.folder,
        moment(row.created),
        moment(row.updated),
        None if row.trashed is None else moment(row.trashed),
        revisions.undo_target(session, row) is not None,
        revisions.redo_target(session, row) is not None,
    )


def _name(name: str, what: str) -> str:
    """Return the name of a folder or a version on one line, without what can't be seen."""
    plain = "".join(filter(str.isprintable, " ".join(name.split())))
    if len(plain) > LONGEST_NAME:
        raise RefusedDraftError(
            f"the {what}", f"{len(plain):,} characters", f"at most {LONGEST_NAME}", "Shorten it."
        )
    return plain


def _check_size(document: Document) -> None:
    size = size_of(document)
    if size > MOST_BYTES:
        raise RefusedDraftError(
            "the document",
            f"{size / 2**20:.1f} MB of text",
            f"at most {MOST_BYTES / 2**20:.0f} MB",
            "Divide the poem into several drafts.",
            message=f"This poem is too long for one draft: {size / 2**20:.1f} MB of text.",
        )
