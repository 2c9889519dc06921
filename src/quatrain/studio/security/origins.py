"""Hosts and origins: no other site may reach the desk through the browser of its user.

A page of another site can send requests to this machine, and by DNS rebinding even under the name
of that site. So the name asked for has to be the desk's own, and what changes something has to come
from the desk's own page or from no page at all.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from quatrain.studio.problems import Problem, problem_response
from quatrain.studio.settings import LOOPBACK_NAMES, StudioSettings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

_PROGRAM_PATHS = ("/api/", "/mcp")
"""Beginnings of the paths that no page of another site may ask for, not even to read."""

_UPLOAD_PATHS = frozenset({"/api/corpora"})
"""Paths that take files."""


class OriginGuard:
    """Refuses requests under other names, from other sites, or of other types than JSON."""

    def __init__(self, app: ASGIApp, settings: StudioSettings) -> None:
        self._app = app
        names = {*LOOPBACK_NAMES, settings.host, *settings.host_names}
        if not settings.is_local:
            names.add(socket.gethostname())
        self._names = {name.lower().strip("[]") for name in names}
        self._any_address = not settings.is_local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        problem = self._problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self._app(scope, receive, send)
        else:
            await problem_response(problem)(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or not self._is_own(host):
            return Problem(
                421,
                "The desk doesn't answer under this name. Open it by the address that the command "
                "prints, or add the name with --allow-host.",
            )
        site = headers.get("sec-fetch-site", "none")
        if scope["path"].startswith(_PROGRAM_PATHS) and site not in ("same-origin", "none"):
            return _other_site()
        if scope["method"] in SAFE_METHODS:
            return None
        origin = headers.get("origin")
        if origin is not None and not _same(origin, scope["scheme"], host):
            return _other_site()
        return _type_problem(scope, headers)

    def _is_own(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if "@" in host or "/" in host:
            return False
        return name in self._names or (self._any_address and _is_address(name))


def _is_address(name: str) -> bool:
    """Return whether a name is a number: rebinding needs a name that is looked up."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same(origin: str, scheme: str, host: str) -> bool:
    """Return whether an origin is the desk's own; behind a proxy it may be https."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in (scheme, "https") and parts.netloc.lower() == host.lower()


def _other_site() -> Problem:
    return Problem(403, "This request comes from another site. Use the desk's own page.")


def _type_problem(scope: Scope, headers: Headers) -> Problem | None:
    """Return what is wrong with the type of a request's body, if it has one."""
    length = headers.get("content-length", "0")
    if length == "0" and "transfer-encoding" not in headers:
        return None
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = "multipart/form-data" if scope["path"] in _UPLOAD_PATHS else "application/json"
    if kind == wanted:
        return None
    return Problem(
        415,
        f"The request is of type {kind[:40] or 'unknown'!r}; send {wanted}.",
        where="the header Content-Type",
        found=repr(kind[:40]),
        wanted=wanted,
        remedy=f"Send {wanted}.",
    )
