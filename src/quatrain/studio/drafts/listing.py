"""The list of drafts: search in titles and texts, folders, and parts that follow each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, select, tuple_
from sqlalchemy.orm import Session

from quatrain.studio.drafts.documents import DraftPage, DraftSummary, searchable
from quatrain.studio.drafts.failures import RefusedDraftError
from quatrain.studio.drafts.models import IDENTIFIER_LENGTH, DraftRow

MOST_LISTED = 500
"""Rows of one part of the list."""

LONGEST_SEARCH = 200
"""Characters that are searched for."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_COLUMNS = (
    DraftRow.id,
    DraftRow.title,
    DraftRow.folder,
    DraftRow.form,
    DraftRow.lines,
    DraftRow.first_line,
    DraftRow.updated,
    DraftRow.version,
    DraftRow.trashed,
)


@dataclass(frozen=True)
class DraftQuery:
    """A choice of drafts to list.

    Attributes:
        search: words that the title or the text has, in any order and place, whatever their case
            and accents; "" for all drafts.
        folder: name of a folder; None for all.
        trash: list the trash, and nothing else.
        limit: rows, at most.
        after: `next` of the part before; "" for the first.
    """

    search: str = ""
    folder: str | None = None
    trash: bool = False
    limit: int = 50
    after: str = ""

    def __post_init__(self) -> None:
        """Check the search and the limit.

        Raises:
            RefusedDraftError: the search is too long, or the limit out of range.
        """
        if len(self.search) > LONGEST_SEARCH:
            raise RefusedDraftError(
                "search",
                f"{len(self.search):,} characters",
                f"at most {LONGEST_SEARCH}",
                "Search for a few words.",
            )
        if not 1 <= self.limit <= MOST_LISTED:
            raise RefusedDraftError(
                "limit", str(self.limit), f"a number from 1 to {MOST_LISTED}", "Correct the value."
            )


def listed(session: Session, owner: str, query: DraftQuery) -> DraftPage:
    """Return a part of a user's drafts, the latest change first.

    Raises:
        RefusedDraftError: `after` is not what an earlier part gave.
    """
    order = DraftRow.trashed if query.trash else DraftRow.updated
    statement = (
        select(*_COLUMNS)
        .where(DraftRow.owner == owner, *_conditions(query))
        .order_by(order.desc(), DraftRow.id.desc())
        .limit(query.limit + 1)
    )
    if query.after:
        statement = statement.where(tuple_(order, DraftRow.id) < tuple_(*_place(query.after)))
    rows: list[Any] = list(session.execute(statement))
    folders = session.scalars(
        select(DraftRow.folder)
        .where(DraftRow.owner == owner, DraftRow.trashed.is_(None), DraftRow.folder != "")
        .distinct()
    )
    page = rows[: query.limit]
    is_last = len(rows) <= query.limit
    return DraftPage(
        tuple(map(_summary, page)),
        tuple(sorted(folders, key=lambda name: (name.casefold(), name))),
        None if is_last else _place_of(page[-1], trash=query.trash),
    )


def moment(microseconds: int) -> datetime:
    """Return a time that is given in microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _conditions(query: DraftQuery) -> Sequence[ColumnElement[bool]]:
    trashed = DraftRow.trashed.is_not(None) if query.trash else DraftRow.trashed.is_(None)
    folder = [] if query.folder is None else [DraftRow.folder == query.folder.replace("\0", "")]
    words = searchable(query.search).split()
    return [
        trashed,
        *folder,
        *(DraftRow.haystack.contains(word, autoescape=True) for word in words),
    ]


def _summary(row: Row[Any]) -> DraftSummary:
    return DraftSummary(
        row.id,
        row.title,
        row.folder,
        row.form,
        row.lines,
        row.first_line,
        moment(row.updated),
        row.version,
        None if row.trashed is None else moment(row.trashed),
    )


def _place_of(row: Row[Any], *, trash: bool) -> str:
    return f"{row.trashed if trash else row.updated}-{row.id}"


def _place(after: str) -> tuple[int, str]:
    """Return time and identifier of the draft that a part of the list ended with."""
    time, _, identifier = after.partition("-")
    if not (time.isascii() and time.isdigit() and len(time) < 19) or (
        len(identifier) != IDENTIFIER_LENGTH or not identifier.isascii() or "\0" in identifier
    ):
        raise RefusedDraftError(
            "after",
            repr(after[:60]),
            "the value of 'next' in the part of the list before",
            "Leave it out to list from the start.",
        )
    return int(time), identifier
