"""`quatrain check` and `quatrain forms`: whether verse keeps a form, and which forms there are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from quatrain.cli.options import Column, Encoding, Json, Source, console, told_plainly


@told_plainly
def check(
    path: Source,
    form: Annotated[
        str | None,
        typer.Option(help="A form's name, or the path of its .toml; without one: the likeliest."),
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
    input. The exit status is 0 if every poem keeps the form, 1 if one does not.

    Example: [bold]quatrain check sonnet.txt --form sonnet[/bold]

    Example: [bold]quatrain check poems.jsonl --form my-form.toml --lenient --json[/bold]
    """
    from quatrain.corpus import every
    from quatrain.form import Checker, load
    from quatrain.page import verdict as page
    from quatrain.records import Poem
    from quatrain.sound import Ear

    checker = Checker(Ear.with_entries(entries) if entries else Ear())
    wanted = load(form) if form else None
    if path == "-":
        poems = iter([Poem.from_lines(sys.stdin.read().splitlines())])
    else:
        poems = every(path, column=column, encoding=encoding)
    terminal = console()
    broken = False
    for number, poem in enumerate(poems):
        verdicts = (
            [checker.check(poem, wanted, strict=not lenient)] if wanted else checker.likeliest(poem)
        )
        broken |= wanted is not None and not verdicts[0].kept
        if json:
            for verdict in verdicts:
                typer.echo(page.as_json(verdict))
            continue
        if number:
            terminal.print("\n* * *\n")
        shown = page.as_text(verdicts[0]) if wanted else page.likeliest_as_text(verdicts)
        if not wanted and poem.title:
            terminal.print(poem.title, style="italic", markup=False)
        terminal.print(shown, soft_wrap=True)
    if broken:
        raise typer.Exit(1)


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
