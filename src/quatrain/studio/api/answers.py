"""Drafts and their errors as the API answers them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from quatrain.studio.drafts import Draft, DraftConflictError, DraftPage
from quatrain.studio.problems import problem_response


async def answer_conflict(_: Request, error: Exception) -> Response:
    """Return the problem of a draft that has changed, with the draft as it is now."""
    current = error.current if isinstance(error, DraftConflictError) else None
    fields = {} if current is None else {"current": draft_content(current)}
    return problem_response(error, **fields)


def draft_content(draft: Draft) -> dict[str, Any]:
    """Return a draft as plain JSON."""
    return _plain(draft)


def draft_answer(draft: Draft, status: int = 200) -> JSONResponse:
    """Return a response with a draft; what was stored is not checked again."""
    return JSONResponse(draft_content(draft), status)


def page_content(page: DraftPage) -> dict[str, Any]:
    """Return a part of the list of drafts as plain JSON."""
    return {
        "drafts": [_plain(row) for row in page.drafts],
        "folders": list(page.folders),
        "next": page.next,
    }


def moment_content(moment: datetime) -> str:
    """Return a time in UTC in ISO 8601."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(record: Any) -> dict[str, Any]:
    return {
        name: moment_content(value) if isinstance(value, datetime) else value
        for name, value in vars(record).items()
    }
