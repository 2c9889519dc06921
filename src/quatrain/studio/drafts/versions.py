"""The versions of one draft: named revisions, and the revisions that undo stops at."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quatrain.studio.drafts import revisions
from quatrain.studio.drafts.documents import Document, Version
from quatrain.studio.drafts.failures import MissingDraftError, RefusedDraftError
from quatrain.studio.drafts.listing import moment
from quatrain.studio.drafts.models import DraftRow, RevisionRow, VersionRow

MOST_VERSIONS = 1_000
"""Named versions of a draft, which are kept forever."""

MOST_STOPS = 200
"""Unnamed revisions that the list of versions shows, the newest first."""

CURRENT = "current"
"""Name of the text as it is now, where a version is asked for."""


def add_version(session: Session, row: DraftRow, name: str, now: int) -> None:
    """Give the revision that a draft shows a name.

    Raises:
        RefusedDraftError: there are too many versions.
    """
    count = session.scalar(
        select(func.count()).select_from(VersionRow).where(VersionRow.draft_id == row.id)
    )
    if count is not None and count >= MOST_VERSIONS:
        raise RefusedDraftError(
            "the draft",
            f"{count:,} named versions",
            f"at most {MOST_VERSIONS:,}",
            "Delete some of them.",
        )
    session.add(
        VersionRow(
            id=str(uuid.uuid4()), draft_id=row.id, number=row.position, name=name, created=now
        )
    )
    revisions.separate(session, row)
    session.flush()


def remove_version(session: Session, row: DraftRow, version_id: str) -> None:
    """Take the name from a version.

    Raises:
        MissingDraftError: there is no such version.
    """
    named = session.get(VersionRow, version_id.replace("\0", ""))
    if named is None or named.draft_id != row.id:
        raise MissingDraftError.of("version", version_id)
    session.delete(named)
    session.flush()


def version_list(session: Session, row: DraftRow, *, unnamed: bool = False) -> list[Version]:
    """Return the named versions, the newest first, and the stops of undo if asked for."""
    named = session.execute(
        select(VersionRow.id, VersionRow.name, VersionRow.created, VersionRow.number)
        .where(VersionRow.draft_id == row.id)
        .order_by(VersionRow.created.desc(), VersionRow.id)
    ).all()
    found = [(created, Version(key, name, moment(created))) for key, name, created, _ in named]
    if unnamed:
        last = func.max(RevisionRow.number)
        stops = session.execute(
            select(last, func.max(RevisionRow.created))
            .where(RevisionRow.draft_id == row.id)
            .group_by(RevisionRow.undo_to)
            .order_by(last.desc())
            .limit(MOST_STOPS)
        )
        with_name = {number for *_, number in named}
        found += [
            (created, Version(f"r{number}", "", moment(created)))
            for number, created in stops
            if number not in with_name
        ]
        found.sort(key=lambda pair: -pair[0])
    return [version for _, version in found]


def version_document(session: Session, row: DraftRow, version_id: str) -> Document:
    """Return the text of a named version, of a revision such as "r12", or as it is now.

    Raises:
        MissingDraftError: there is no such version.
    """
    if version_id == CURRENT:
        return revisions.shown_document(session, row)
    digits = version_id.removeprefix("r")
    if digits != version_id and digits.isascii() and digits.isdigit() and len(digits) < 10:
        document = revisions.document_at(session, row, int(digits))
    else:
        named = session.get(VersionRow, version_id.replace("\0", ""))
        is_ours = named is not None and named.draft_id == row.id
        document = revisions.document_at(session, row, named.number) if is_ours and named else None
    if document is None:
        raise MissingDraftError.of("version", version_id)
    return document
