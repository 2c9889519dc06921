"""`quatrain cite`: what a paper should say of the program and of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quatrain._version import __version__
from quatrain.cli.options import Json, report_user_errors
from quatrain.cli.streams import echo

SOFTWARE = f"The Quatrain authors: Quatrain, version {__version__}. Apache License 2.0."


@report_user_errors
def cite(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[RESULTS]",
            help="A folder of results, as scan --out makes.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Print how to cite Quatrain, and what to say of a run.

    The sentences name the version, the corpus, the dictionaries and the options, with hashes that
    identify them.

    Example: [bold]quatrain cite results[/bold]
    """
    from quatrain.scale import RunRecord

    record = RunRecord.read(folder) if folder else None
    if json:
        import json as json_format

        run = json_format.loads(record.as_json()) if record else None
        echo(json_format.dumps({"software": SOFTWARE, "run": run}, ensure_ascii=False))
        return
    echo(SOFTWARE)
    if record:
        echo("")
        echo(record.citation)
