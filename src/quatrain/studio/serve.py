"""The server of the command `quatrain studio`: a port, a line with the address, a clean end."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from quatrain.errors import OutputError, SettingsError
from quatrain.studio.app import create_app
from quatrain.studio.logs import set_up_logging
from quatrain.studio.settings import StudioSettings

MOST_PORTS = 20
"""Ports tried, one after another, if none was asked for."""

_LONGEST_END_S = 5
"""Seconds that requests under way may take when the server is stopped."""

_BACKLOG = 2048
"""Connections that wait to be accepted."""


def bound(settings: StudioSettings, *, any_port: bool) -> tuple[StudioSettings, socket.socket]:
    """Return a socket on the address of the settings, and the settings with its port.

    Args:
        settings: the settings.
        any_port: whether one of the next ports will do if theirs is in use.

    Raises:
        SettingsError: the port is in use, or the address is none of this machine's.
    """
    ports = range(settings.port, settings.port + (MOST_PORTS if any_port else 1))
    for port in ports:
        try:
            listener = _listener(settings.host, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and port != ports[-1]:
                continue
            raise _unbound(settings.host, port, error) from error
        return replace(settings, port=listener.getsockname()[1]), listener
    raise AssertionError


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends what is ready at once (TCP_NODELAY). Otherwise the body
    # of an answer waits for the acknowledgement of its head, 40 ms on Linux.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # On Windows this option would let two programs have one port.
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def _unbound(host: str, port: int, error: OSError) -> SettingsError:
    if error.errno == errno.EADDRINUSE:
        return SettingsError(
            "setting 'port'",
            f"{port}, which is in use",
            "a free port",
            "Perhaps the desk runs already: open it in the browser. Or take another with --port.",
            message=f"Port {port} is in use by another program.",
        )
    if error.errno == errno.EACCES:
        return SettingsError(
            "setting 'port'",
            f"{port}, which needs special rights",
            "a port above 1023",
            "Take another with --port.",
        )
    return SettingsError(
        "setting 'host'",
        repr(host),
        "an address of this machine",
        "Leave --host out, or give one of this machine's addresses.",
        message=f"The desk can't listen at {host}: {error.strerror or error}.",
    )


def serve(settings: StudioSettings, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve the desk until it is stopped by Ctrl-C or a signal.

    Args:
        settings: the settings, as `bound` returns them.
        listener: the socket.
        ready: called when the server answers.

    Raises:
        OutputError: the folder can't be made.
    """
    set_up_logging(settings.log)
    _make_folder(settings.folder)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=_LONGEST_END_S,
    )
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how a server usually ends
        _Server(config, ready).run([listener])


def _make_folder(folder: Path) -> None:
    """Make the desk's folder now, since a desk without one keeps nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            str(folder),
            error.strerror or str(error),
            "a folder that can be written",
            "Name another with --folder.",
            message=f"The desk's folder {folder} can't be made: {error.strerror or error}.",
        ) from error


class _Server(uvicorn.Server):
    """A server that says when it is ready, and ends what it writes when it is stopped."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app: Any = self.config.app
        await app.state.trainings.close()  # no stream holds up the end
        await app.state.lanes.close()  # saves under way need no worker, and are finished
        await super().shutdown(sockets)
