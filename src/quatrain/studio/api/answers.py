"""Drafts and their errors as the API answers them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from quatrain.errors import StorageError, UserError
from quatrain.studio.drafts import (
    Draft,
    DraftConflictError,
    DraftPage,
    MissingDraftError,
    RefusedDraftError,
    StorageBusyError,
    StorageFullError,
)
from quatrain.studio.problems import Problem

_PROBLEMS: tuple[tuple[type[UserError], int, str], ...] = (
    (MissingDraftError, 404, "There is no such draft"),
    (DraftConflictError, 409, "The draft has changed"),
    (RefusedDraftError, 422, "The draft can't be saved like this"),
    (StorageFullError, 507, "Nothing can be saved now"),
    (StorageBusyError, 503, "The drafts can't be reached now"),
    (StorageError, 503, "The drafts can't be opened"),
)
"""Kind of error, its HTTP status, the title of its problem; the first that fits counts."""


class DraftRoute(APIRoute):
    """A route that answers with a problem where drafts can't be read or changed."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's handler, with its errors turned into problems."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except UserError as error:
                raise (_problem(error) or error) from error

        return answer


def _problem(error: UserError) -> Problem | None:
    for kind, status, title in _PROBLEMS:
        if isinstance(error, kind):
            fields: dict[str, Any] = {
                "where": error.where,
                "found": error.found,
                "wanted": error.wanted,
                "remedy": error.remedy,
            }
            if isinstance(error, DraftConflictError) and error.current is not None:
                fields["current"] = draft_content(error.current)
            after = {"Retry-After": str(StorageBusyError.retry_after_s)} if status == 503 else {}
            return Problem(status, str(error), title=title, headers=after, **fields)
    return None


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
