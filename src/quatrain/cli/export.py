"""`quatrain export`: a poet for other programs."""

from __future__ import annotations

import json as writing
from pathlib import Path
from typing import Annotated

import typer

from quatrain.cli.options import Json, Poet, report_user_errors


@report_user_errors
def export(
    poet: Poet,
    onnx: Annotated[
        Path,
        typer.Option("--onnx", metavar="FILE", help="The file to write.", show_default=False),
    ],
    json: Json = False,
) -> None:
    """One step of a poet's network as ONNX, with its states, checked against the poet's own.

    Example: [bold]quatrain export sonnets --onnx sonnets.onnx[/bold]
    """
    from quatrain.poet import Poet as TrainedPoet
    from quatrain.poet import onnx as exporting

    gap = exporting.export(TrainedPoet.load(poet), onnx)
    size = onnx.stat().st_size
    if json:
        facts = {"file": str(onnx), "bytes": size, "largest_difference": gap}
        typer.echo(writing.dumps(facts))
    else:
        typer.echo(f"{onnx}: {size / 1e6:.1f} MB; its logits are the poet's to within {gap:.1g}.")
