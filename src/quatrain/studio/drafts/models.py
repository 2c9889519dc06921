"""The tables that drafts are kept in.

    drafts      one row a draft: where it stands, and what the list of drafts shows
    revisions   one row a save: the document, or how it differs from an earlier one
    versions    the names that a writer gave to revisions

Times are whole microseconds since 1970 in UTC, because SQLite has no type for a time. A change here
needs a migration in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

IDENTIFIER_LENGTH = 36
"""Characters of a UUID as text."""


class Base(DeclarativeBase):
    """Base of the tables."""


class DraftRow(Base):
    """A draft.

    Attributes:
        id: a UUID.
        owner: name of the user; "" on a desk without users.
        version: grows by 1 with every change, for optimistic locking.
        position: number of the revision that is shown; undo moves it back.
        latest: number of the newest revision.
        title, form, lines, first_line: what the list shows; `lines` counts those with text.
        haystack: title and lines as search reads them.
        folder: name of the folder; "" for none.
        created, updated: times.
        trashed: time when it went to the trash, or None.
    """

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(IDENTIFIER_LENGTH), primary_key=True)
    owner: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    position: Mapped[int]
    latest: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text)
    lines: Mapped[int]
    first_line: Mapped[str] = mapped_column(Text)
    haystack: Mapped[str] = mapped_column(Text)
    folder: Mapped[str] = mapped_column(Text)
    created: Mapped[int] = mapped_column(BigInteger)
    updated: Mapped[int] = mapped_column(BigInteger)
    trashed: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_drafts_owner_updated", "owner", "updated", "id"),)


class RevisionRow(Base):
    """A document as it was saved.

    Attributes:
        draft_id: the draft.
        number: from 1, in the order of the saves.
        undo_to: number of the revision that undo leads to; None if there is nothing to undo.
        began: time of the first save of those that undo takes back as one.
        created: time of the save.
        base: number of the revision that `content` is a difference from; None if it is whole.
        content: JSON of the document, or of the difference (`differences`).
    """

    __tablename__ = "revisions"

    draft_id: Mapped[str] = mapped_column(
        String(IDENTIFIER_LENGTH), ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    undo_to: Mapped[int | None]
    began: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[int] = mapped_column(BigInteger)
    base: Mapped[int | None]
    content: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_revisions_undo_to", "draft_id", "undo_to"),)


class VersionRow(Base):
    """A name for a revision.

    Attributes:
        id: a UUID.
        draft_id, number: the revision.
        name: as the writer gave it.
        created: time when it was named.
    """

    __tablename__ = "versions"

    id: Mapped[str] = mapped_column(String(IDENTIFIER_LENGTH), primary_key=True)
    draft_id: Mapped[str] = mapped_column(String(IDENTIFIER_LENGTH))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    created: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        ForeignKeyConstraint(
            ["draft_id", "number"],
            ["revisions.draft_id", "revisions.number"],
            ondelete="CASCADE",
            name="fk_versions_revision",
        ),
        Index("ix_versions_draft", "draft_id", "created"),
    )
