"""`quatrain evaluate`: how well a poet predicts a text."""

from __future__ import annotations

from typing import Annotated

import typer

from quatrain.cli.options import Column, Encoding, Json, KeepAll, Poet, Source, report_user_errors
from quatrain.cli.streams import console, echo


@report_user_errors
def evaluate(
    poet: Poet,
    path: Source,
    training: Annotated[
        str | None,
        typer.Option(
            "--train",
            metavar="PATH",
            help="The poet's training corpus, if it has moved.",
        ),
    ] = None,
    part: Annotated[
        str,
        typer.Option(
            help="Poems of the training corpus to score: all, training or validation; "
            "auto takes those the poet never saw."
        ),
    ] = "auto",
    column: Column = None,
    encoding: Encoding = None,
    keep_all: KeepAll = False,
    json: Json = False,
) -> None:
    """Measure how well a poet predicts a text, next to simpler models.

    The poet predicts every character, every line break and the end of each poem (a
    word-level poet every word and mark); each poem starts afresh. If PATH is the corpus
    the poet was trained on, only the poems it never saw count. The simpler models are
    fitted on the poet's training poems.

    Example: [bold]quatrain evaluate my-poet poems.txt[/bold]
    """
    from quatrain.page import evaluation as evaluation_page
    from quatrain.poet import Poet as TrainedPoet
    from quatrain.poet import compare

    comparison = compare(
        TrainedPoet.load(poet),
        path,
        training=training,
        part=part,
        column=column,
        encoding=encoding,
        keep_all=keep_all,
    )
    if json:
        echo(evaluation_page.as_json(comparison))
    else:
        console().print(evaluation_page.as_text(comparison))
