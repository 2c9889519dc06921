"""`quatrain poets`: the poets at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quatrain.cli.options import Json, report_user_errors
from quatrain.cli.streams import console, echo


@report_user_errors
def poets(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to look for poets of your own.")
    ] = Path(),
    json: Json = False,
) -> None:
    """List the poets that come with Quatrain, and those in a folder up to two levels deep.

    Example: [bold]quatrain poets[/bold]
    """
    from quatrain.page import poets as poets_page
    from quatrain.poet import list_poets

    summaries = list_poets(folder)
    if json:
        echo(poets_page.as_json(summaries))
    else:
        console().print(poets_page.as_text(summaries))
