"""The MCP server over streamable HTTP, behind the desk's own checks."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from dataclasses import replace

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette

from quatrain.studio.mcp.server import create_server
from quatrain.studio.security import guard_requests
from quatrain.studio.settings import StudioSettings

PATH = "/mcp"
"""Path at which clients reach the server."""

MOST_BYTES = 2**20
"""Bytes of a request: far more than the longest poem that the tools take."""

_END_SECONDS = 5
"""Seconds that requests under way may take when the server is stopped."""


def create_mcp_app(settings: StudioSettings) -> Starlette:
    """Return the application that serves MCP over streamable HTTP.

    It answers under its own names only, to programs and not to pages of other sites, and asks for
    a token if the settings have one.

    Args:
        settings: address, tokens, limits and the desk's folder.
    """
    settings = replace(settings, json_bytes=MOST_BYTES)
    app = create_server(settings.folder).streamable_http_app(
        streamable_http_path=PATH,
        max_request_body_size=MOST_BYTES,
        # The desk's own guard checks hosts and origins; it knows the names of the settings.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        host=settings.host,
    )
    guard_requests(app, settings)
    return app


def serve_http(
    settings: StudioSettings, listener: socket.socket, ready: Callable[[], None]
) -> None:
    """Serve MCP over HTTP until it is stopped by Ctrl-C or a signal.

    Args:
        settings: the settings, as `serve.bound` returns them.
        listener: the socket.
        ready: called before the first request is answered.
    """
    config = uvicorn.Config(
        create_mcp_app(settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=_END_SECONDS,
    )
    ready()
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how a server usually ends
        uvicorn.Server(config).run([listener])
