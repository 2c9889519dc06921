"""`quatrain corpus`: look at a collection of verse before training on it."""

from __future__ import annotations

import typer

from quatrain.cli.options import (
    Column,
    Config,
    Encoding,
    Json,
    KeepAll,
    Source,
    report_user_errors,
    tables_of,
)
from quatrain.cli.streams import console, echo

app = typer.Typer(help="Look at a collection of verse before training on it.", no_args_is_help=True)


@app.command("show")
@report_user_errors
def show(
    path: Source,
    column: Column = None,
    encoding: Encoding = None,
    keep_all: KeepAll = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Show what a collection holds, what was cleaned, and the poet it could train.

    Example: [bold]quatrain corpus show poems.txt[/bold]
    """
    from quatrain.config import Cleaning, Split, settings
    from quatrain.corpus import read, statistics
    from quatrain.page import corpus as corpus_page
    from quatrain.train import size

    tables = tables_of(config)
    cleaning = settings(
        Cleaning, tables.get("cleaning"), {"encoding": encoding, "keep_all": keep_all or None}
    )
    split = settings(Split, tables.get("split"))
    counts = statistics(read(path, column=column, cleaning=cleaning))
    plan = size.propose(
        round(counts.characters * (1 - split.validation)),
        len(counts.alphabet) + 4,  # the line break and three symbols
    )
    reasons = (size.FROM_A_BASE, *plan.reasons)
    if json:
        echo(corpus_page.as_json(counts, plan.settings, reasons))
    else:
        console().print(corpus_page.as_text(counts, reasons))


@app.command("poems")
@report_user_errors
def poems(
    path: Source,
    column: Column = None,
    encoding: Encoding = None,
    keep_all: KeepAll = False,
    json: Json = False,
) -> None:
    """List the poems that were found, and what was not taken as verse.

    For every poem: its number, title, first line, number of lines, and the file and line where
    its verse begins. With --json, each poem is an object of its own on a line, and the last
    object is the report.

    Example: [bold]quatrain corpus poems drafts/[/bold]
    """
    from quatrain.corpus import stream_all
    from quatrain.page import corpus as corpus_page

    stream = stream_all(path, column=column, encoding=encoding, keep_all=keep_all)
    if json:
        for number, poem in enumerate(stream, start=1):
            echo(corpus_page.poem_as_json(number, poem))
        echo(corpus_page.report_as_json(stream.report))
        return
    terminal = console()
    for number, poem in enumerate(stream, start=1):
        terminal.print(corpus_page.poem_as_text(number, poem))
    terminal.print(corpus_page.left_out(stream.report))
