"""What every command shares: options met more than once, and how mistakes are told."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

import typer

from quatrain.errors import QuatrainError, UserError

if TYPE_CHECKING:
    from rich.console import Console

Parameters = ParamSpec("Parameters")

Source = Annotated[
    str,
    typer.Argument(
        metavar="PATH",
        help="A .txt, .jsonl(.gz), .csv, .parquet or TEI .xml file, a folder of them, "
        "gutenberg:NUMBER, or the name anthology.",
        show_default=False,
    ),
]
Column = Annotated[
    str | None, typer.Option(help="The column that holds the poem, for .csv and .parquet.")
]
Encoding = Annotated[str | None, typer.Option(help="The text's encoding, if detection is wrong.")]
Config = Annotated[
    Path | None, typer.Option(help="Settings in TOML; flags override it.", metavar="FILE")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
Poet = Annotated[Path, typer.Argument(metavar="DIR", help="A poet's folder.", show_default=False)]


def told_plainly(
    command: Callable[Parameters, None],
) -> Callable[Parameters, None]:
    """Turn a user's mistake into one paragraph and exit status 1."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*arguments, **options)
        except UserError as error:
            typer.echo(f"quatrain: {error}", err=True)
            raise typer.Exit(1) from None
        except QuatrainError as error:
            typer.echo(f"quatrain: a bug of ours: {error}. Please report it.", err=True)
            raise typer.Exit(3) from error
        except KeyboardInterrupt:
            typer.echo("quatrain: stopped.", err=True)
            raise typer.Exit(130) from None
        except BrokenPipeError:  # the reader of our output left: `quatrain write ... | head`
            sys.stderr.close()
            raise typer.Exit(0) from None
        except MemoryError:
            typer.echo(
                "quatrain: this machine: found too little memory; wanted room for what was asked. "
                "Ask for fewer poems, a smaller network or a smaller text.",
                err=True,
            )
            raise typer.Exit(1) from None
        except OSError as error:  # of the standard output: rooms name the files they cannot use
            typer.echo(f"quatrain: the output: {error.strerror or error}.", err=True)
            raise typer.Exit(1) from None

    return run


def console() -> Console:
    """A terminal that shows text as it is."""
    from rich.console import Console

    return Console(highlight=False)


def tables_of(config: Path | None) -> dict[str, dict[str, Any]]:
    """The settings of a TOML file by table, or none."""
    from quatrain.config import tables

    return tables(config)
