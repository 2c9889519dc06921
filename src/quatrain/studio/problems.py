"""Errors as problem details (RFC 9457), with the reasons that the command line gives too.

In: what a request raised. Out: a response of type `application/problem+json`. Its text never has
what the user wrote, except where a `UserError` quotes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quatrain.errors import ExtraError, StorageError, UserError
from quatrain.studio.logs import FACTS, LOGGER, place_of
from quatrain.studio.workers import BusyError, TaskError, TimeLimitError

MEDIA_TYPE = "application/problem+json"

_TITLES = {
    "CorpusError": "The text cannot be read",
    "MissingError": "It is not there",
    "ConflictError": "It is not possible now",
    "TooLargeError": "It is too large",
    "NoRoomError": "It cannot be saved",
    "PoetError": "There is no such poet",
    "SettingsError": "A setting is wrong",
    "FormError": "The form cannot be kept",
    "CriticError": "The critic cannot be used",
    "OutputError": "It cannot be saved",
    "TrainingError": "The training cannot run",
    "MissingDraftError": "There is no such draft",
    "DraftConflictError": "The draft has changed",
    "RefusedDraftError": "The draft can't be saved like this",
    "StorageFullError": "Nothing can be saved now",
    "StorageBusyError": "The drafts can't be reached now",
    "StorageError": "The drafts can't be opened",
    "ExtraError": "A package is missing",
}
"""Name of a user's error -> title of its problem."""

_STATUSES: dict[type[UserError], int] = {ExtraError: 501, StorageError: 503}
"""Kind of a user's error -> HTTP status, for kinds that name none of their own; others are 422."""

_WANTED = {
    "missing": "a value",
    "extra_forbidden": "no field of this name",
    "string_unicode": "text in Unicode, without halves of surrogate pairs",
    "model_type": "an object",
    "model_attributes_type": "an object",
}
"""Kind of a validation error -> what would be right, where the library's words are not plain."""

_TEXTS = ("detail", "where", "found", "wanted", "remedy")
"""Members of a problem that are sentences, or parts of one."""

_MOST_SHOWN = 60
"""Characters of a wrong value that a problem quotes."""


class Problem(HTTPException):
    """A problem that ends a request.

    Args:
        status: HTTP status.
        detail: what is wrong and what to do, in a sentence.
        title: a short name of the problem; the status's own name by default.
        headers: headers of the response.
        fields: further members of the problem.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        title: str = "",
        headers: Mapping[str, str] | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.title = title
        self.fields = fields


def problem_content(error: Exception) -> dict[str, Any]:
    """Return an error as problem details, for a response or an event.

    An error that is neither the user's nor the server's load is a bug, and is logged.
    """
    if isinstance(error, UserError):
        return _of_user_error(error)
    if isinstance(error, Problem):
        return _content(error.status_code, error.title, str(error.detail), **error.fields)
    if isinstance(error, BusyError):
        return _content(
            429,
            "The desk is busy",
            f"Too many requests are waiting. Try again in {error.retry_after_s} s.",
        )
    if isinstance(error, TimeLimitError):
        return _content(
            503,
            "It took too long",
            f"It was stopped after {error.limit_s:g} s. Ask for less, or try again.",
        )
    if isinstance(error, TaskError) and error.out_of_memory:
        return _content(
            503, "Not enough memory", "There is not enough memory for this. Ask for less."
        )
    if isinstance(error, TaskError) and error.worker_lost:
        return _content(
            503,
            "A worker stopped",
            "The process that worked on this stopped: the server is ending, or memory was short. "
            "Try again.",
        )
    place = error.where if isinstance(error, TaskError) else place_of(error)
    LOGGER.error("a bug in Quatrain", extra={FACTS: {"error": place}})
    return _content(
        500,
        "A bug in Quatrain",
        "This is a bug in Quatrain. Your text is not changed. Please report it.",
    )


def problem_response(error: Exception, **fields: Any) -> Response:
    """Return an error as a response, with further members of the problem if there are any."""
    content = problem_content(error) | fields
    headers = dict(getattr(error, "headers", None) or {})
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s)
    # Escaped to ASCII, so that halves of surrogate pairs in a quoted text can't fail.
    body = json.dumps(content, ensure_ascii=True)
    return Response(body, content["status"], headers, media_type=MEDIA_TYPE)


def handle_errors(app: FastAPI) -> None:
    """Let an application answer with problem details to whatever goes wrong."""
    for kind in (UserError, BusyError, TimeLimitError, TaskError):
        app.add_exception_handler(kind, _answer)
    app.add_middleware(UnforeseenErrors)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_invalid)


class UnforeseenErrors:
    """Answers with a problem to an exception that nobody foresaw.

    It stands inside the checks, so that its answer has the headers of all others.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            await problem_response(error)(scope, receive, send)


async def _answer(request: Request, error: Exception) -> Response:
    hide_folder: Callable[[str], str] = request.app.state.settings.hide_folder
    shown = _of_user_error(error) if isinstance(error, UserError) else {}
    texts = {name: hide_folder(text) for name, text in shown.items() if name in _TEXTS}
    return problem_response(error, **texts)


async def _answer_http(request: Request, error: Exception) -> Response:
    if isinstance(error, Problem) or not isinstance(error, HTTPException):
        return problem_response(error)
    sentences = {
        400: "The request can't be read. Send JSON in UTF-8, not nested deeply.",
        404: f"There is nothing at {request.url.path[:_MOST_SHOWN]}. Check the address.",
        405: f"{request.method} is not possible here.",
    }
    detail = sentences.get(error.status_code, str(error.detail))
    return problem_response(Problem(error.status_code, detail, headers=error.headers))


async def _answer_invalid(_: Request, error: Exception) -> Response:
    errors: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else ()
    return problem_response(invalid_request(errors))


def invalid_request(errors: Sequence[Any]) -> Problem:
    """Return the problem of a request that doesn't have the shape asked for.

    Args:
        errors: what pydantic found; the problem names the first.
    """
    first: dict[str, Any] = (
        errors[0] if errors else {"loc": (), "msg": "it has another shape", "type": ""}
    )
    place = [part for part in first["loc"] if part not in ("body", "query", "path")]
    where = ".".join(map(str, place))[:_MOST_SHOWN] or "the request"
    if first["type"] == "json_invalid":
        return Problem(
            400,
            "The request is not JSON. Send JSON in UTF-8.",
            where="the request",
            found="text that is not JSON",
            wanted="JSON",
            remedy="Send JSON in UTF-8.",
        )
    kind = str(first["type"])
    message = str(first["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    wanted = _WANTED.get(kind, message[:1].lower() + message[1:])
    if kind == "string_too_long":
        wanted = f"at most {first['ctx']['max_length']:,} characters"
    found = "nothing" if kind == "missing" else _shown(first.get("input"))
    return Problem(
        422,
        f"{_line(place) or where}: got {found}; expected {wanted}. Correct it.",
        title="The request has a wrong value",
        where=where,
        found=found,
        wanted=wanted,
        remedy="Correct it.",
    )


def _line(place: Sequence[object]) -> str:
    """Return "Line 3" for the place of a line's text in a request, else nothing."""
    if "lines" not in place[:-1]:
        return ""
    number = place[place.index("lines") + 1]
    return f"Line {number + 1}" if isinstance(number, int) else ""


def _shown(value: object) -> str:
    """Return a wrong value as a problem quotes it: short, and in ASCII."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    text = ascii(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def _of_user_error(error: UserError) -> dict[str, Any]:
    """Return the problem of a user's error, with the HTTP status that it may name."""
    title = next(
        (_TITLES[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _TITLES),
        "It is not possible",
    )
    usual = next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), 422)
    status: int = getattr(error, "status", usual)
    return _content(
        status,
        title,
        str(error),
        where=error.where,
        found=error.found,
        wanted=error.wanted,
        remedy=error.remedy,
    )


def _content(status: int, title: str, detail: str, **fields: Any) -> dict[str, Any]:
    content = {"type": "about:blank", "title": title or HTTPStatus(status).phrase}
    return {**content, "status": status, "detail": detail, **fields}
