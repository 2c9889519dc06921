"""Tokens: who asks, from a header or a cookie.

A token is `SECRET` or `NAME:SECRET`, and stands for a user with drafts of their own. The name, or a
digest of the secret, tells users apart; `:SECRET` is the user of a desk without tokens.
"""

from __future__ import annotations

import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from quatrain.studio.problems import Problem, problem_response
from quatrain.studio.settings import StudioSettings

OPEN_PATHS = frozenset({"/healthz"})
"""Paths that need no token."""

_ASKS = (
    "This desk asks for a token. Open its address with /?token= and the token at the end, or send "
    "the header Authorization: Bearer with it."
)
"""Answer to a request without a token."""

_UNKNOWN = (
    "This desk doesn't know that token. Look for a missing letter, or ask whoever started the desk."
)
"""Answer to a request with a wrong token."""

_COOKIE_AGE_S = 180 * 24 * 3600
"""Seconds that a browser keeps the cookie: half a year."""


def current_user(request: HTTPConnection) -> str:
    """Return the user of a request: a name or a digest, "" on a desk without tokens."""
    user: str = request.scope.get("state", {}).get("user", "")
    return user


def user_of(token: str) -> str:
    """Return the user that a token stands for."""
    name, colon, _ = token.rpartition(":")
    return name if colon else hashlib.sha256(token.encode()).hexdigest()[:32]


class TokenGuard:
    """Refuses requests without a token, if the desk has tokens, and notes the user of others.

    `/?token=SECRET` sets a cookie and leads to `/`. The cookie is a digest of the token, so that a
    browser doesn't keep the token itself.
    """

    def __init__(self, app: ASGIApp, settings: StudioSettings) -> None:
        self._app = app
        self._tokens = settings.tokens
        self._cookie = f"quatrain-{settings.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http" or not self._tokens or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        if scope["path"] == "/" and "token" in query:
            token = self._known(query["token"][0])
            if token is not None:
                await self._welcome(token, scope["scheme"])(scope, receive, send)
                return
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        token = self._known(bearer.strip()) if scheme.lower() == "bearer" else None
        token = token or self._of_cookie(headers.get("cookie", ""))
        if token is None:
            told = _UNKNOWN if "token" in query or bearer else _ASKS
            await _refusal(scope["path"], told)(scope, receive, send)
            return
        scope.setdefault("state", {})["user"] = user_of(token)
        await self._app(scope, receive, send)

    def _known(self, sent: str) -> str | None:
        """Return the token that was sent, or whose secret was, or None.

        All are compared, in constant time.
        """
        whole = {token: token for token in self._tokens}
        secrets = {token.rpartition(":")[2]: token for token in self._tokens}
        return self._equal(whole | secrets, sent)

    def _of_cookie(self, header: str) -> str | None:
        try:
            cookie = SimpleCookie(header).get(self._cookie)
        except CookieError:
            return None
        digests = {_digest(token): token for token in self._tokens}
        return self._equal(digests, cookie.value) if cookie else None

    @staticmethod
    def _equal(secrets: dict[str, str], sent: str) -> str | None:
        known = None
        for secret, token in secrets.items():
            if hmac.compare_digest(secret.encode(), sent.encode("utf-8", "replace")):
                known = token
        return known

    def _welcome(self, token: str, scheme: str) -> RedirectResponse:
        response = RedirectResponse("/", 303)
        response.set_cookie(
            self._cookie,
            _digest(token),
            max_age=_COOKIE_AGE_S,
            httponly=True,
            secure=scheme == "https",  # behind a proxy that says so
            samesite="strict",
        )
        return response


def _refusal(path: str, told: str) -> Response:
    """Return what is answered without a known token: a problem, on the page itself a sentence."""
    headers = {"WWW-Authenticate": "Bearer"}
    if path == "/":
        return PlainTextResponse(told, 401, headers)
    return problem_response(Problem(401, told, headers=headers))


def _digest(token: str) -> str:
    return hmac.digest(token.encode(), b"quatrain desk cookie", "sha256").hex()
