"""`quatrain check` and `quatrain forms`: whether verse keeps a form or copies; the forms."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.options import (
    Column,
    Encoding,
    Json,
    Source,
    console,
    standard_input,
    told_plainly,
)

if TYPE_CHECKING:
    from quatrain.records import Verdict
    from quatrain.write.overlap import OverlapIndex


@told_plainly
def check(
    path: Source,
    form: Annotated[
        str | None,
        typer.Option(help="A form's name, or the path of its .toml; without one: the likeliest."),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="CORPUS",
            help="Tell what the poems copy from a corpus: a file, a folder or a name like PATH.",
        ),
    ] = None,
    lenient: Annotated[
        bool, typer.Option("--lenient/--strict", help="Forgive what poets are forgiven.")
    ] = False,
    entries: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own pronunciations: word, tab, ARPAbet."),
    ] = None,
    column: Column = None,
    encoding: Encoding = None,
    json: Json = False,
) -> None:
    """Whether poems keep a form: line by line what was found, what was wanted, and why.

    Without --form it names the forms each poem comes nearest to. PATH - reads the standard
    input.

    With --against it tells the longest run of words that each poem shares with a corpus, and
    where it stands there; line ends, capitals and punctuation are not looked at. Without --form
    it then tells nothing else.

    The exit status is 0 if every poem keeps the form and copies no more than 6 words in a row,
    1 if one does not.

    Example: [bold]quatrain check sonnet.txt --form sonnet[/bold]

    Example: [bold]quatrain check poems.jsonl --form my-form.toml --lenient --json[/bold]

    Example: [bold]quatrain check sonnet.txt --form sonnet --against poems.jsonl.gz[/bold]
    """
    from quatrain.corpus import stream_all
    from quatrain.form import Checker, load
    from quatrain.page import copying
    from quatrain.page import verdict as page
    from quatrain.sound import Ear

    wanted = load(form) if form else None
    checker = None
    if wanted or against is None:
        checker = Checker(Ear.with_entries(entries) if entries else Ear())
    if path == "-":
        poems = iter([standard_input()])
    elif against is None:
        poems = stream_all(path, column=column, encoding=encoding)
    else:
        poems = stream_all(path, column=_column(path, column), encoding=encoding)
        poems = chain(list(islice(poems, 1)), poems)  # a wrong PATH is told before the long reading
    guard = None if against is None else guard_of(against, column)
    terminal = console()
    failed = False
    for number, poem in enumerate(poems):
        copied = guard.longest_run(poem) if guard else None
        failed |= guard is not None and copied is not None and copied.words > guard.longest
        verdicts: list[Verdict] = []
        if checker:
            verdicts = (
                [checker.check(poem, wanted, strict=not lenient)]
                if wanted
                else checker.likeliest(poem)
            )
        failed |= wanted is not None and not verdicts[0].kept
        if json:
            beside = {"copied": copying.record(copied)} if guard else {}
            for verdict in verdicts:
                typer.echo(page.as_json(verdict, beside))
            if not checker:
                typer.echo(copying.as_json(poem, copied))
            continue
        if number:
            terminal.print("\n* * *\n")
        if not wanted and poem.title:
            terminal.print(poem.title, style="italic", markup=False)
        if checker:
            shown = page.as_text(verdicts[0]) if wanted else page.likeliest_as_text(verdicts)
            terminal.print(shown, soft_wrap=True)
        if guard:
            terminal.print(copying.as_text(copied, guard.longest), soft_wrap=True)
    if failed:
        raise typer.Exit(1)


def guard_of(against: str, column: str | None) -> OverlapIndex:
    """A corpus, read so that copies can be found."""
    from rich.console import Console
    from rich.markup import escape

    from quatrain.corpus import stream_all
    from quatrain.write.overlap import OverlapIndex

    poems = stream_all(against, column=_column(against, column))
    with Console(stderr=True).status(f"Reading {escape(against)}"):
        return OverlapIndex(poems)


def _column(source: str, column: str | None) -> str | None:
    """The column, for a source that may have columns: of two sources perhaps only one has."""
    table = source.lower().endswith((".csv", ".parquet")) or Path(source).is_dir()
    return column if table else None


@told_plainly
def forms(
    name: Annotated[str | None, typer.Argument(help="Show one form's file.")] = None,
    json: Json = False,
) -> None:
    """The forms that are shipped; or one of them, as its file says it.

    Example: [bold]quatrain forms[/bold]

    Example: [bold]quatrain forms villanelle[/bold]
    """
    from quatrain.form import load, names, source
    from quatrain.page import forms as page

    if name is not None and not json:
        typer.echo(source(name).rstrip())
        return
    found = [load(each) for each in ([name] if name else names())]
    rows = [(each.name, each.shape, each.about, each.metre, each.syllables) for each in found]
    if json:
        for row in rows:
            typer.echo(page.as_json(*row))
    else:
        console().print(page.as_table(rows))
