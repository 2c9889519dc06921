"""`quatrain export`: a poet as a file for other programs."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import Annotated

import typer

from quatrain.cli.options import Json, Poet, report_user_errors
from quatrain.cli.streams import echo


@report_user_errors
def export(
    poet: Poet,
    onnx: Annotated[
        Path,
        typer.Option("--onnx", metavar="FILE", help="The file to write.", show_default=False),
    ],
    json: Json = False,
) -> None:
    """Export a poet's network as ONNX: one step with its states, checked against the poet.

    Example: [bold]quatrain export sonnets --onnx sonnets.onnx[/bold]
    """
    from quatrain.poet import Poet as TrainedPoet
    from quatrain.poet import onnx as exporting

    gap = exporting.export(TrainedPoet.load(poet), onnx)
    size = onnx.stat().st_size
    if json:
        facts = {"file": str(onnx), "bytes": size, "largest_difference": gap}
        echo(json_format.dumps(facts))
    else:
        echo(f"{onnx}: {size / 1e6:.1f} MB; its logits equal the poet's to within {gap:.1g}.")
