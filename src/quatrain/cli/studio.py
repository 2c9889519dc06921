"""`quatrain studio`: serve the desk, on which verse is written in the browser."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from quatrain.cli.options import report_user_errors
from quatrain.cli.streams import echo
from quatrain.errors import ExtraError

_PACKAGES = ("fastapi", "uvicorn", "sqlalchemy", "alembic", "multipart", "prometheus_client")
"""Packages of the extra `studio` that the desk can't do without."""


@report_user_errors
def studio(
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port to listen on. Default: 8360, or the next that is free."
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; any but this machine's own needs --token.")
    ] = "127.0.0.1",
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder for drafts and poets. Default: your user data folder."
        ),
    ] = None,
    database: Annotated[
        str, typer.Option(metavar="URL", help="Database, if not SQLite: postgresql+psycopg://...")
    ] = "",
    token: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NAME:]SECRET",
            envvar="QUATRAIN_STUDIO_TOKEN",
            help="Ask for a token; repeat it for more users, each with drafts of their own.",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Another name by which browsers reach the desk."),
    ] = None,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Don't open the desk in the browser.")
    ] = False,
    log: Annotated[
        str, typer.Option(help="A line for each request on standard error: text or json.")
    ] = "",
) -> None:
    """Open the desk, to write verse in the browser together with poets.

    Everything stays on this machine, and nothing is asked of the network. Drafts are saved as
    they change. Stop the desk with Ctrl-C. Programs can use it too: the address with
    openapi.json at its end describes the API.

    Example: [bold]quatrain studio[/bold]

    Example: [bold]quatrain studio --no-open --port 9000 --folder my-desk[/bold]
    """
    for package in _PACKAGES:
        if find_spec(package) is None:
            raise ExtraError.missing("the desk", package, "studio")
    import webbrowser

    from quatrain.studio.serve import bound, serve
    from quatrain.studio.settings import PORT, StudioSettings, default_folder

    settings = StudioSettings(
        host=host,
        port=PORT if port is None else port,
        folder=folder or default_folder(),
        database=database,
        tokens=tuple(token or ()),
        host_names=tuple(allow_host or ()),
        log=log,
    )
    settings, listener = bound(settings, any_port=port is None)

    def ready() -> None:
        echo(settings.invitation)
        if not no_open:
            webbrowser.open(settings.address)

    serve(settings, listener, ready)
