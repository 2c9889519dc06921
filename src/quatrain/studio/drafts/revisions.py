"""The revisions of one draft: adding, reading, undo and redo, and which are kept.

Revisions are numbered from 1 and only ever added. `undo_to` leads from a revision to the one that
was shown before it; saves that undo takes back as one have the same `undo_to`. Redo goes to the
newest revision whose `undo_to` is the one shown. A save after an undo begins a new branch,
and the old one stays in the table: it can be restored like any other revision.
"""

from __future__ import annotations

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from quatrain.errors import InternalError
from quatrain.studio.drafts.differences import packed, unpacked
from quatrain.studio.drafts.documents import Document, searchable, shown, texts_of
from quatrain.studio.drafts.models import DraftRow, RevisionRow, VersionRow

KEPT_REVISIONS = 1_000
"""Newest revisions of a draft that are kept for sure; named versions are kept forever."""

PRUNING_INTERVAL = 50
"""Saves between two removals of old revisions, so that most saves need not look for them."""

JOIN_WITHIN_US = 5_000_000
"""Longest pause in typing, in microseconds, that undo takes no notice of."""

LONGEST_GROUP_US = 30_000_000
"""Longest time of typing, in microseconds, that undo takes back as one."""


def append(
    session: Session, draft: DraftRow, document: Document, now: int, *, continues: bool = False
) -> None:
    """Add a revision in place and show it.

    Args:
        session: an open transaction that holds the draft's lock.
        draft: its row.
        document: what to save.
        now: the time, in microseconds.
        continues: whether it goes on with the last save, as typing does.
    """
    last = session.get(RevisionRow, (draft.id, draft.latest)) if draft.latest else None
    undo_to: int | None = draft.position or None
    began = now
    if continues and last is not None and draft.position == draft.latest and _joins(last, now):
        undo_to, began = last.undo_to, last.began
    base_number = None if last is None else last.base or last.number
    base = None if base_number is None else _document(session, draft.id, base_number)
    content, is_difference = packed(document, base)
    draft.latest += 1
    draft.position = draft.latest
    draft.version += 1
    draft.updated = now
    session.add(
        RevisionRow(
            draft_id=draft.id,
            number=draft.latest,
            undo_to=undo_to,
            began=began,
            created=now,
            base=base_number if is_difference else None,
            content=content,
        )
    )
    describe(draft, document)
    session.flush()
    if draft.latest > KEPT_REVISIONS and draft.latest % PRUNING_INTERVAL == 0:
        _prune(session, draft)


def describe(draft: DraftRow, document: Document) -> None:
    """Set in place what the list of drafts shows of a document."""
    texts = texts_of(document)
    draft.title = shown(document["title"])
    draft.form = document["form"]
    draft.lines = len(texts)
    draft.first_line = shown(texts[0]) if texts else ""
    draft.haystack = searchable("\n".join([document["title"], *texts]))


def shown_document(session: Session, draft: DraftRow) -> Document:
    """Return the document that a draft shows."""
    return _document(session, draft.id, draft.position)


def document_at(session: Session, draft: DraftRow, number: int) -> Document | None:
    """Return the document of a revision; None if it is not there."""
    if session.get(RevisionRow, (draft.id, number)) is None:
        return None
    return _document(session, draft.id, number)


def undo_target(session: Session, draft: DraftRow) -> int | None:
    """Return the number of the revision that undo leads to, or None."""
    return session.scalar(
        select(RevisionRow.undo_to).where(
            RevisionRow.draft_id == draft.id, RevisionRow.number == draft.position
        )
    )


def redo_target(session: Session, draft: DraftRow) -> int | None:
    """Return the number of the revision that redo leads to, or None."""
    return session.scalar(
        select(func.max(RevisionRow.number)).where(
            RevisionRow.draft_id == draft.id, RevisionRow.undo_to == draft.position
        )
    )


def separate(session: Session, draft: DraftRow) -> None:
    """Let undo stop at the revision that is shown, however soon the next save comes."""
    session.execute(
        update(RevisionRow)
        .where(RevisionRow.draft_id == draft.id, RevisionRow.number == draft.position)
        .values(began=0)
    )


def _joins(last: RevisionRow, now: int) -> bool:
    """Return whether a save goes on with the last one; the first of a draft stands alone."""
    return (
        last.undo_to is not None
        and 0 <= now - last.created <= JOIN_WITHIN_US
        and now - last.began <= LONGEST_GROUP_US
    )


def _document(session: Session, draft_id: str, number: int) -> Document:
    row = session.get(RevisionRow, (draft_id, number))
    base = (
        None if row is None or row.base is None else session.get(RevisionRow, (draft_id, row.base))
    )
    if row is None or (base is None) != (row.base is None):
        raise InternalError(f"expected revision {number} of the draft {draft_id} to be whole")
    return unpacked(row.content, None if base is None else base.content)


def _prune(session: Session, draft: DraftRow) -> None:
    """Delete revisions that are neither among the newest, nor named, nor needed by such."""
    oldest = draft.latest - KEPT_REVISIONS + 1
    named = select(VersionRow.number).where(VersionRow.draft_id == draft.id)
    of_draft = RevisionRow.draft_id == draft.id
    other = aliased(RevisionRow)
    bases = select(other.base).where(
        other.draft_id == draft.id,
        other.base.is_not(None),
        (other.number >= oldest) | other.number.in_(named),
    )
    session.execute(
        delete(RevisionRow)
        .where(
            of_draft,
            RevisionRow.number < oldest,
            RevisionRow.number.not_in(named),
            RevisionRow.number.not_in(bases),
        )
        .execution_options(synchronize_session=False)
    )
    earlier = exists().where(other.draft_id == draft.id, other.number == RevisionRow.undo_to)
    session.execute(
        update(RevisionRow)
        .where(of_draft, RevisionRow.undo_to.is_not(None), ~earlier)
        .values(undo_to=None)
        .execution_options(synchronize_session=False)
    )
