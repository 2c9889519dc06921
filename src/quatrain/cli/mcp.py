"""`quatrain mcp`: let a language model check and write verse, over MCP."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from quatrain.cli.options import report_user_errors
from quatrain.cli.streams import echo
from quatrain.errors import ExtraError

PORT = 8361
"""Port for MCP over HTTP: the one after the desk's."""

_PACKAGES = ("mcp", "fastapi", "uvicorn")
"""Packages of the extra `mcp` that the server can't do without."""


@report_user_errors
def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Serve streamable HTTP, not standard input and output.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port, with --http. Default: 8361.")
    ] = None,
    host: Annotated[
        str,
        typer.Option(help="Address, with --http; any but this machine's own needs --token."),
    ] = "127.0.0.1",
    token: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SECRET",
            envvar="QUATRAIN_MCP_TOKEN",
            help="With --http, ask for this token in the header Authorization.",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Another name by which clients reach the server."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="The desk's folder, with poets trained there. Default: yours."
        ),
    ] = None,
) -> None:
    """Let a language model scan, check, rhyme and write verse (Model Context Protocol).

    A client such as a chat program or an editor starts this command itself and talks to it over
    standard input and output; docs/mcp.md says how to set that up. With --http, it serves
    clients at http://127.0.0.1:8361/mcp.

    Example: [bold]quatrain mcp[/bold]

    Example: [bold]quatrain mcp --http --port 9000[/bold]
    """
    for package in _PACKAGES:
        if find_spec(package) is None:
            raise ExtraError.missing("MCP", package, "mcp")
    from quatrain.studio.mcp import create_server, serve_http
    from quatrain.studio.serve import bound
    from quatrain.studio.settings import StudioSettings, default_folder

    folder = folder or default_folder()
    if not http:
        create_server(folder).run("stdio")
        return
    settings = StudioSettings(
        host=host,
        port=PORT if port is None else port,
        folder=folder,
        tokens=tuple(token or ()),
        host_names=tuple(allow_host or ()),
    )
    settings, listener = bound(settings, any_port=False)
    serve_http(
        settings,
        listener,
        lambda: echo(f"MCP is served at {settings.address}mcp (stop it with Ctrl-C).", err=True),
    )
