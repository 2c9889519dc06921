"""Limits of size and rate: a request that is too large or too frequent is refused early."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quatrain.studio.problems import Problem, problem_response
from quatrain.studio.settings import StudioSettings

_DIGITS = 18
"""Digits of a length that are read; Python refuses to read thousands of them."""

_MOST_CLIENTS = 10_000
"""Clients whose rate is remembered; the one not seen for longest is forgotten first."""


class SizeGuard:
    """Refuses bodies that are too large, by their announced length or as they arrive."""

    def __init__(self, app: ASGIApp, settings: StudioSettings) -> None:
        self._app = app
        self._json_bytes, self._upload_bytes = settings.json_bytes, settings.upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_upload = headers.get("content-type", "").lower().startswith("multipart/form-data")
        most = self._upload_bytes if is_upload else self._json_bytes
        announced = headers.get("content-length", "0")
        if not announced.isdecimal() or len(announced) > _DIGITS or int(announced) > most:
            await problem_response(_too_large(most))(scope, receive, send)
            return
        size = 0

        async def limited() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > most:
                raise _too_large(most)
            return message

        await self._app(scope, limited, send)


class RateGuard:
    """Refuses requests of a client that sends too many (a token bucket for each client).

    A client is a user, or an address on a desk without tokens.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: StudioSettings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._clock = app, clock
        self._rate, self._burst = settings.requests_per_second, float(settings.burst)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] == "http" and self._rate:
            wait_s = self._wait_s(_client(scope))
            if wait_s:
                problem = Problem(
                    429,
                    f"Too many requests. Try again in {wait_s} s.",
                    headers={"Retry-After": str(wait_s)},
                )
                await problem_response(problem)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _wait_s(self, client: str) -> int:
        """Return 0 if a client may ask now, else the whole seconds until it may."""
        now = self._clock()
        left, then = self._buckets.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._rate)
        allowed = left >= 1
        self._buckets[client] = (left - 1 if allowed else left, now)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) / self._rate)


def _client(scope: Scope) -> str:
    user: str = scope.get("state", {}).get("user", "")
    return user or str((scope.get("client") or ("",))[0])


def _too_large(most: int) -> Problem:
    return Problem(
        413,
        f"The request is larger than {most / 2**20:g} MB. Send less at once.",
        where="the request",
        found=f"more than {most:,} bytes",
        wanted=f"at most {most:,} bytes",
        remedy="Send less at once, or split the text.",
    )
