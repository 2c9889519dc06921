"""`quatrain evaluate`: how well a poet predicts a text."""

from __future__ import annotations

from typing import Annotated

import typer

from quatrain.cli.options import Column, Encoding, Json, Poet, Source, console, report_user_errors


@report_user_errors
def evaluate(
    poet: Poet,
    path: Source,
    training: Annotated[
        str | None,
        typer.Option(
            "--train",
            metavar="PATH",
            help="The poet's training corpus, if it is no longer where it was.",
        ),
    ] = None,
    part: Annotated[
        str, typer.Option(help="all, training or validation poems of the training corpus; or auto.")
    ] = "auto",
    column: Column = None,
    encoding: Encoding = None,
    json: Json = False,
) -> None:
    """How well a poet predicts a text, beside simpler models.

    Every character of every line is predicted, line breaks too, and one end
    per poem; the poet's state is reset at the start of each poem. If PATH is
    the corpus the poet was trained on, only the poems it never saw are counted.
    The simpler models are fitted on the poet's training poems.

    Example: [bold]quatrain evaluate my-poet poems.txt[/bold]
    """
    from quatrain.page import evaluation as page
    from quatrain.poet import Poet as TrainedPoet
    from quatrain.poet import compare

    comparison = compare(
        TrainedPoet.load(poet),
        path,
        training=training,
        part=part,
        column=column,
        encoding=encoding,
    )
    if json:
        typer.echo(page.as_json(comparison))
    else:
        console().print(page.as_text(comparison))
