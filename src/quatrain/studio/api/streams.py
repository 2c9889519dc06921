"""Answers from worker processes: whole, or as server-sent events; both end when the client leaves.

An event is a name and JSON, as `event: line` and `data: {...}`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator
from contextlib import aclosing
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse

from quatrain.studio.problems import problem_content
from quatrain.studio.workers import Lane

Result = TypeVar("Result")

PING_S = 15.0
"""Seconds without an event after which a comment is sent, so that no proxy ends the stream."""

CLIENT_LEFT = 499
"""Status of an answer that nobody reads any more, as nginx logs it."""


class ClientLeftError(Exception):
    """The client closed its connection before the answer."""


async def while_connected(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Return what a coroutine returns; cancel it if the client leaves before.

    Raises:
        ClientLeftError: the client left.
    """
    task = asyncio.ensure_future(work)
    left = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({task, left}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientLeftError
        return task.result()
    finally:
        for future in (task, left):
            future.cancel()
        await asyncio.gather(task, left, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def answer(
    request: Request, lane: Lane, function: Callable[..., str], *arguments: Any
) -> Response:
    """Return the JSON that a task returns as text."""
    try:
        text = await while_connected(request, lane.run(function, *arguments))
    except ClientLeftError:
        return Response(status_code=CLIENT_LEFT)
    return Response(text, media_type="application/json")


async def stream(
    request: Request,
    lane: Lane,
    function: Callable[..., Iterator[dict[str, Any]]],
    *arguments: Any,
) -> Response:
    """Return the events that a task yields, as `{"event": name, "data": {...}}` each.

    What goes wrong before the first event is a problem with its status; later, an event `problem`.
    """
    events = lane.stream(function, *arguments)
    try:
        first = await while_connected(request, _next(events))
    except ClientLeftError:
        return Response(status_code=CLIENT_LEFT)
    return StreamingResponse(
        _frames(first, events),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _next(events: AsyncGenerator[Any, None]) -> Any:
    """Return the next event, or None at the end; close the events if this is cancelled."""
    try:
        return await anext(events, None)
    except asyncio.CancelledError:
        await events.aclose()
        raise


async def _frames(first: Any, events: AsyncGenerator[Any, None]) -> AsyncIterator[bytes]:
    """Yield events as bytes, the first of which is known, with comments where it takes long."""
    async with aclosing(events):
        event = first
        while event is not None:
            yield _frame(event["event"], event["data"])
            coming = asyncio.ensure_future(_next(events))
            try:
                while not (await asyncio.wait({coming}, timeout=PING_S))[0]:
                    yield b": still at work\n\n"
                event = coming.result()
            except Exception as error:
                yield _frame("problem", problem_content(error))
                return
            finally:
                if not coming.done():
                    coming.cancel()
                    await asyncio.gather(coming, return_exceptions=True)


def _frame(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=True))
