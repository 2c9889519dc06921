"""`quatrain check` and `quatrain forms`: check poems against a form or a corpus; list forms."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.options import (
    Column,
    Encoding,
    Json,
    KeepAll,
    Source,
    report_reading,
    report_user_errors,
    standard_input,
)
from quatrain.cli.streams import console, echo

if TYPE_CHECKING:
    from quatrain.errors import SettingsError
    from quatrain.records import Verdict
    from quatrain.write.overlap import OverlapIndex


@report_user_errors
def check(
    path: Source,
    form: Annotated[
        str | None,
        typer.Option(
            help="A form's name, or the path of its .toml. Default: find the nearest forms."
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="CORPUS",
            help="Look for runs of words copied from a corpus, given like PATH.",
        ),
    ] = None,
    lenient: Annotated[
        bool,
        typer.Option("--lenient/--strict", help="Allow common licences too, such as slant rhymes."),
    ] = False,
    entries: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own pronunciations: word, tab, ARPAbet."),
    ] = None,
    repairs: Annotated[
        bool,
        typer.Option("--repairs", help="Also explain each fault, with small changes that mend it."),
    ] = False,
    column: Column = None,
    encoding: Encoding = None,
    keep_all: KeepAll = False,
    json: Json = False,
) -> None:
    """Check poems against a form, line by line.

    For every line that doesn't keep the form you see what it has and what the form asks for.
    Without --form you see the forms each poem comes nearest to. PATH - reads standard input.

    With --against you see the longest run of words that each poem shares with a corpus, and
    where it is found there, whatever the line ends, capitals and punctuation; without --form,
    only that.

    The exit status is 0 if every poem keeps the form and copies at most 6 words in a row, and
    1 otherwise.

    Example: [bold]quatrain check sonnet.txt --form sonnet[/bold]

    Example: [bold]quatrain check sonnet.txt --form sonnet --repairs[/bold]

    Example: [bold]quatrain check poems.jsonl --form my-form.toml --lenient --json[/bold]

    Example: [bold]quatrain check sonnet.txt --form sonnet --against poems.jsonl.gz[/bold]
    """
    from quatrain.corpus import stream_all
    from quatrain.form import Checker, DraftChecker, load
    from quatrain.page import copying
    from quatrain.page import draft as draft_page
    from quatrain.page import verdict as verdict_page
    from quatrain.sound import Ear

    if repairs and (not form or json):
        raise _needs_form()
    the_form = load(form) if form else None
    checker = None
    if the_form or against is None:
        checker = Checker(Ear.with_entries(entries) if entries else Ear())
    drafts = DraftChecker(checker) if repairs else None
    stream = None
    if path == "-":
        poems = iter([standard_input(keep_all=keep_all)])
    else:
        of_this = column if against is None else _column(path, column)
        poems = stream = stream_all(path, column=of_this, encoding=encoding, keep_all=keep_all)
    if stream and against is not None:
        poems = chain(list(islice(poems, 1)), poems)  # a wrong PATH fails before the long reading
    guard = None if against is None else guard_of(against, column)
    terminal = console()
    failed = False
    for number, poem in enumerate(poems):
        copied = guard.longest_run(poem) if guard else None
        failed |= guard is not None and copied is not None and copied.words > guard.longest
        verdicts: list[Verdict] = []
        if checker:
            verdicts = (
                [checker.check(poem, the_form, strict=not lenient)]
                if the_form
                else checker.nearest_forms(poem)
            )
        failed |= the_form is not None and not verdicts[0].kept
        if json:
            beside = {"copied": copying.record(copied)} if guard else {}
            for verdict in verdicts:
                echo(verdict_page.as_json(verdict, beside))
            if not checker:
                echo(copying.as_json(poem, copied))
            continue
        if number:
            terminal.print("\n* * *\n")
        if not the_form and poem.title:
            terminal.print(poem.title, style="italic", markup=False)
        if checker:
            text = (
                verdict_page.as_text(verdicts[0])
                if the_form
                else verdict_page.nearest_as_text(verdicts)
            )
            terminal.print(text, soft_wrap=True)
        if drafts and the_form:
            lines = [line.text for line in poem.lines]
            terminal.print()
            terminal.print(draft_page.faults_as_text(drafts.check(lines, the_form)), soft_wrap=True)
        if guard:
            terminal.print(copying.as_text(copied, guard.longest), soft_wrap=True)
    if stream:
        report_reading(stream.report)
    if failed:
        raise typer.Exit(1)


def _needs_form() -> SettingsError:
    """Return the error of --repairs without a form, or with JSON."""
    from quatrain.errors import SettingsError

    return SettingsError(
        "--repairs",
        "no --form, or --json beside it",
        "a form, and output to read",
        "Name the form with --form, and leave out --json.",
        message="--repairs explains the faults of a poem in a form, for a reader.",
    )


def guard_of(against: str, column: str | None) -> OverlapIndex:
    """Read a corpus into an index in which copies can be found."""
    from rich.markup import escape

    from quatrain.corpus import stream_all
    from quatrain.write.overlap import OverlapIndex

    poems = stream_all(against, column=_column(against, column))
    with console(stderr=True).status(f"Reading {escape(against)}"):
        return OverlapIndex(poems)


def _column(source: str, column: str | None) -> str | None:
    """Return the column if the source may have columns; of two sources perhaps only one has."""
    from quatrain.corpus.formats import has_columns

    path = Path(source)
    return column if has_columns(path) or path.is_dir() else None


@report_user_errors
def forms(
    name: Annotated[str | None, typer.Argument(help="The form, or a .toml file, to print.")] = None,
    json: Json = False,
) -> None:
    """List the forms that come with Quatrain, or print the file of one.

    Example: [bold]quatrain forms[/bold]

    Example: [bold]quatrain forms villanelle[/bold]
    """
    from quatrain.form import forms as shipped_forms
    from quatrain.form import load, source
    from quatrain.page import forms as forms_page

    if name is not None and not json:
        echo(source(name).rstrip())
        return
    forms = [load(name)] if name else shipped_forms()
    rows = [(form.name, form.shape, form.about, form.metre, form.syllables) for form in forms]
    if json:
        for row in rows:
            echo(forms_page.as_json(*row))
    else:
        console().print(forms_page.as_table(rows))
