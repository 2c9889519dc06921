"""`quatrain explain windows`: from a text to the sequences that a network is trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.explain.options import refuse, without_none
from quatrain.cli.options import (
    Document,
    Figure,
    Json,
    Latex,
    report_user_errors,
    show,
    standard_input,
)

if TYPE_CHECKING:
    from quatrain.records import Poem


@report_user_errors
def windows(
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT",
            help="A file or folder of verse, anthology, gutenberg:NUMBER, or the text itself; - "
            "reads standard input.",
            show_default=False,
        ),
    ],
    length: Annotated[int, typer.Option(help="Characters in a sequence.")] = 40,
    stride: Annotated[
        int | None,
        typer.Option(help="Characters between the starts of two windows; 3 by default."),
    ] = None,
    lanes: Annotated[
        int, typer.Option("--lanes", "--batch", help="Sequences read side by side.")
    ] = 16,
    streams: Annotated[
        bool,
        typer.Option("--streams", help="Contiguous streams with their state carried on instead."),
    ] = False,
    json: Json = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Explain how a text becomes training sequences: numbers, windows or streams, counts.

    Says how many there are, what is left over at the end and between poems, how
    often a character is seen, and how far gradient and memory reach. A TEXT that
    is the path of a file or folder is read, any other is the text itself.

    Example: [bold]quatrain explain windows poems.txt --length 40 --stride 3[/bold]

    Example: [bold]quatrain explain windows "Salt on the sill, frost at a window." --length 12[/bold]

    Example: [bold]quatrain explain windows anthology --streams --lanes 16[/bold]
    """  # noqa: E501
    from quatrain import explain

    source: str | Poem = standard_input() if text == "-" else text
    if streams:
        refuse("--streams", {"stride": stride})
        explanation = explain.streams(source, length=length, lanes=lanes)
    else:
        explanation = explain.windows(
            source, length=length, lanes=lanes, **without_none({"stride": stride})
        )
    show(explanation, json=json, latex=latex, document=document, figure=figure)
