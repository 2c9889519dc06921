"""The checks in order, the outermost first."""

from __future__ import annotations

from starlette.applications import Starlette

from quatrain.studio.security.headers import SecurityHeaders
from quatrain.studio.security.limits import RateGuard, SizeGuard
from quatrain.studio.security.observer import Observer
from quatrain.studio.security.origins import OriginGuard
from quatrain.studio.security.tokens import TokenGuard
from quatrain.studio.settings import StudioSettings


def guard(app: Starlette, settings: StudioSettings) -> None:
    """Put all checks around the desk's application, and count its requests."""
    guard_requests(app, settings)
    app.add_middleware(Observer, metrics=app.state.metrics)


def guard_requests(app: Starlette, settings: StudioSettings) -> None:
    """Put all checks around an application."""
    # The last one added is the outermost.
    app.add_middleware(SizeGuard, settings=settings)
    app.add_middleware(RateGuard, settings=settings)
    app.add_middleware(TokenGuard, settings=settings)
    app.add_middleware(OriginGuard, settings=settings)
    app.add_middleware(SecurityHeaders)
