"""`quatrain push` and `quatrain pull`: sharing poets through a hub."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quatrain.cli.options import Poet, report_user_errors
from quatrain.cli.streams import console, echo
from quatrain.escaping import shell_word

Repository = Annotated[
    str,
    typer.Argument(metavar="REPOSITORY", help="Its name, e.g. anna/sonnets.", show_default=False),
]
Endpoint = Annotated[
    str | None, typer.Option(help="The server, if not the Hugging Face hub.", metavar="URL")
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        help="A file with the token for the server; one of your own gets no other.",
        metavar="FILE",
    ),
]

_TOKEN_BYTES = 4096
"""Bytes of the largest file with a token."""


@report_user_errors
def push(
    poet: Poet,
    repository: Repository,
    public: Annotated[bool, typer.Option("--public", help="Make a new repository public.")] = False,
    endpoint: Endpoint = None,
    token_file: TokenFile = None,
) -> None:
    """Upload a poet's files, and nothing else, to a repository on the Hugging Face hub.

    Log in first: hf auth login.

    Example: [bold]quatrain push my-poet anna/sonnets[/bold]
    """
    from quatrain.poet import hub, resolve

    token = _token(token_file)
    with console(stderr=True).status("Sending"):
        address = hub.push(
            resolve(poet), repository, private=not public, endpoint=endpoint, token=token
        )
    echo(address)


@report_user_errors
def pull(
    repository: Repository,
    out: Annotated[
        Path, typer.Option(help="The folder for the poet.", metavar="DIR", show_default=False)
    ],
    revision: Annotated[str | None, typer.Option(help="A branch, tag or commit.")] = None,
    endpoint: Endpoint = None,
    token_file: TokenFile = None,
) -> None:
    """Download a poet from a repository on the Hugging Face hub, and check it.

    Example: [bold]quatrain pull anna/sonnets --out sonnets[/bold]
    """
    from quatrain.poet import hub

    token = _token(token_file)
    with console(stderr=True).status("Fetching"):
        folder = hub.pull(repository, out, revision=revision, endpoint=endpoint, token=token)
    echo(f"The poet is in {folder}. Try it: quatrain write {shell_word(folder)}")


def _token(path: Path | None) -> str | None:
    """Return the token in a file; no file has none."""
    from quatrain.errors import SettingsError
    from quatrain.text_files import read_text

    if path is None:
        return None
    token = read_text(path, _TOKEN_BYTES, SettingsError, "file with a token").strip()
    if not token or not token.isascii() or not token.isprintable():
        raise SettingsError(
            str(path), "no token", "one line of letters and digits", "Check the file."
        )
    return token
