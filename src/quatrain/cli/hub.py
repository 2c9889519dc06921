"""`quatrain push` and `quatrain pull`: sharing poets through a hub."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quatrain.cli.options import Poet, report_user_errors
from quatrain.cli.streams import echo
from quatrain.escaping import shell_word

Repository = Annotated[
    str,
    typer.Argument(metavar="REPOSITORY", help="Its name, e.g. anna/sonnets.", show_default=False),
]
Endpoint = Annotated[
    str | None, typer.Option(help="The server, if not the Hugging Face hub.", metavar="URL")
]


@report_user_errors
def push(
    poet: Poet,
    repository: Repository,
    public: Annotated[bool, typer.Option("--public", help="Make a new repository public.")] = False,
    endpoint: Endpoint = None,
) -> None:
    """Upload a poet's files, and nothing else, to a repository on the Hugging Face hub.

    Log in first: hf auth login.

    Example: [bold]quatrain push my-poet anna/sonnets[/bold]
    """
    from quatrain.poet import hub, resolve

    echo(hub.push(resolve(poet), repository, private=not public, endpoint=endpoint))


@report_user_errors
def pull(
    repository: Repository,
    out: Annotated[
        Path, typer.Option(help="The folder for the poet.", metavar="DIR", show_default=False)
    ],
    revision: Annotated[str | None, typer.Option(help="A branch, tag or commit.")] = None,
    endpoint: Endpoint = None,
) -> None:
    """Download a poet from a repository on the Hugging Face hub, and check it.

    Example: [bold]quatrain pull anna/sonnets --out sonnets[/bold]
    """
    from quatrain.poet import hub

    folder = hub.pull(repository, out, revision=revision, endpoint=endpoint)
    echo(f"The poet is in {folder}. Try it: quatrain write {shell_word(folder)}")
