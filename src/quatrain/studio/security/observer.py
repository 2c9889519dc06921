"""Counts and times every request, and logs it without what users wrote."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quatrain.studio.logs import FACTS, LOGGER
from quatrain.studio.metrics import Metrics

_UNKNOWN = "unknown"
"""Route of a request that no operation takes."""

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Methods that are counted apart; a client could invent any number of others."""


class Observer:
    """Counts and logs requests by method, route and status.

    The route is that of the operation, so that no address with names or words of a user is kept.
    """

    def __init__(
        self, app: ASGIApp, metrics: Metrics, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._app, self._metrics, self._clock = app, metrics, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note what becomes of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status, first_s = self._clock(), 500, 0.0

        async def noted(message: Message) -> None:
            nonlocal status, first_s
            if message["type"] == "http.response.start":
                status, first_s = message["status"], self._clock() - start
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = str(getattr(scope.get("route"), "path", "")) or _UNKNOWN
            known = route != _UNKNOWN and scope["method"] in _METHODS
            method = scope["method"] if known else "any"
            self._metrics.add(method, route, status, first_s or self._clock() - start)
            facts = {
                "method": method,
                "route": route,
                "status": status,
                "ms": round(1000 * (self._clock() - start), 1),
            }
            LOGGER.info("request", extra={FACTS: facts})
