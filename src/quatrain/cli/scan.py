"""`quatrain scan`: find the metre and the rhymes of verse."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

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
from quatrain.cli.scan_tables import scan_into_folder
from quatrain.cli.streams import console, echo
from quatrain.errors import SettingsError

_ONLY_WORDS = re.compile(r"[A-Za-z\s,.;:!?'\"()\[\]-]*")
"""Lines of letters and punctuation, in which everything is said or silent by rule."""

_MOST_SIGNS = 8
"""Signs that are named; the others are counted."""

if TYPE_CHECKING:
    from quatrain.records import Poem, RhymeScheme, Scansion
    from quatrain.sound import Scanner, Schemer

POEMS_PER_BLOCK = 64
"""Number of poems a process is given at once."""


@report_user_errors
def scan(
    path: Source,
    entries: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File of your own pronunciations: word, tab, ARPAbet."),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=1, max=64, help="Number of processes, with --json or --out.")
    ] = 1,
    column: Column = None,
    author: Annotated[
        str | None, typer.Option(help="The column that holds the author.", metavar="COLUMN")
    ] = None,
    year: Annotated[
        str | None, typer.Option(help="The column that holds the year.", metavar="COLUMN")
    ] = None,
    identifier: Annotated[
        str | None,
        typer.Option("--id", help="The column that holds an identifier.", metavar="COLUMN"),
    ] = None,
    encoding: Encoding = None,
    keep_all: KeepAll = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Write tables into this folder: poems, lines, words, rhymes."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run into --out that was stopped.")
    ] = False,
    file_format: Annotated[
        Literal["parquet", "csv"] | None,
        typer.Option("--format", help="Format of the tables; parquet by default."),
    ] = None,
    json: Json = False,
    tei: Annotated[
        bool,
        typer.Option(
            "--tei", help="Print TEI with met, real, rhyme. TEI stays as it is otherwise."
        ),
    ] = False,
) -> None:
    """Scan verse: syllables, stresses, feet, metre, rhymes.

    Prints every line with marks above it: / for a stressed syllable, x for an unstressed one.
    After the line come the letter of its rhyme, its departures from the metre, and "unsure" if its
    marks are more likely wrong somewhere than right. A PATH of - reads standard input.

    Example: [bold]quatrain scan sonnet.txt[/bold]

    Example: [bold]quatrain scan corpus.jsonl.gz --json --jobs 2[/bold]

    Example: [bold]quatrain scan corpus.jsonl.gz --out results --jobs 2[/bold]
    """
    if out is not None:
        options = {
            "column": column,
            "author": author,
            "year": year,
            "id": identifier,
            "encoding": encoding,
            "keep_all": keep_all,
            "entries": entries,
            "format": file_format,
            "jobs": jobs,
        }
        scan_into_folder(path, out, options, resume=resume, other_output=json or tei)
        return
    _refuse_table_flags(
        {"--author": author, "--year": year, "--id": identifier, "--format": file_format},
        resume=resume,
    )
    _check_flags(json, tei, jobs)
    from quatrain.corpus import stream_all

    stream = None
    if path != "-":
        stream = stream_all(path, column=column, encoding=encoding, keep_all=keep_all)
    silent: Counter[str] = Counter()
    poems = _counted(stream or iter([standard_input(keep_all=keep_all)]), silent)
    if json:
        for line in _json_lines(poems, entries, jobs):
            echo(line)
    else:
        scanner, schemer = _scanner_and_schemer(entries)
        scansions = scanner.scan_many(poems, margins=not tei)
        pairs = ((scansion, schemer.scheme(scansion.poem)) for scansion in scansions)
        if tei:
            _print_tei(path, pairs, keep_all=keep_all)
        else:
            _print_text(pairs)
    if stream:
        report_reading(stream.report)
    _report_silent(silent)


def _counted(poems: Iterable[Poem], silent: Counter[str]) -> Iterator[Poem]:
    """Yield the poems, and count the signs in them that are not said."""
    from quatrain.sound import unspoken

    for poem in poems:
        for line in poem.lines:
            if not line.text.isascii() or not _ONLY_WORDS.fullmatch(line.text):
                silent.update(unspoken(line.text))
        yield poem


def _report_silent(silent: Counter[str]) -> None:
    """Tell on standard error which signs of the verse were not said, the most frequent first."""
    if not silent:
        return
    signs = ", ".join(f"{sign} ({count})" for sign, count in silent.most_common(_MOST_SIGNS))
    more = f" and {len(silent) - _MOST_SIGNS} more" if len(silent) > _MOST_SIGNS else ""
    echo(f"quatrain: signs that are not said: {signs}{more}", err=True)


def _print_text(pairs: Iterable[tuple[Scansion, RhymeScheme]]) -> None:
    """Print poems with marks above their lines."""
    from quatrain.page import scansion as scansion_page

    terminal = console()
    for number, (scansion, scheme) in enumerate(pairs):
        if number:
            terminal.print("\n* * *\n")
        terminal.print(scansion_page.as_text(scansion, scheme), soft_wrap=True)


def _print_tei(path: str, pairs: Iterable[tuple[Scansion, RhymeScheme]], *, keep_all: bool) -> None:
    """Print a TEI document with marks added, or other verse as a new TEI document."""
    from quatrain._version import __version__
    from quatrain.cli.marked_tei import print_marked
    from quatrain.corpus.formats import is_tei
    from quatrain.page.tei import document

    if is_tei(Path(path)):
        print_marked(Path(path), pairs, keep_all=keep_all)
        return
    for piece in document(pairs, title=Path(path).name, source=path, version=__version__):
        echo(piece, nl=False)


def _refuse_table_flags(flags: Mapping[str, str | None], *, resume: bool) -> None:
    """Raise `SettingsError` for flags that only tables have."""
    used = [name for name, value in flags.items() if value] + ["--resume"] * resume
    if used:
        raise SettingsError(
            used[0],
            "no --out beside it",
            "a folder for the tables",
            "Add --out FOLDER, or leave it out.",
            message=f"{used[0]} is about the tables that --out writes.",
        )


def _check_flags(json: bool, tei: bool, jobs: int) -> None:
    """Raise `SettingsError` for flags that don't go together."""
    if json and tei:
        raise SettingsError(
            "--tei",
            "--json beside it",
            "one of the two",
            "Leave out --json or --tei.",
            message="You can print JSON or TEI, not both.",
        )
    if jobs > 1 and not json:
        raise SettingsError(
            "--jobs",
            str(jobs),
            "--json or --out beside it",
            "Add --json or --out, or leave out --jobs.",
            message="Only --json and --out use several processes.",
        )


def _json_lines(poems: Iterator[Poem], entries: Path | None, jobs: int) -> Iterator[str]:
    """Yield a line of JSON per poem, in order; several processes work on blocks of poems ahead."""
    blocks = iter(lambda: list(islice(poems, POEMS_PER_BLOCK)), [])
    if jobs == 1:
        for block in blocks:
            yield from _json_block(block, entries)
        return
    from concurrent.futures import Future

    from quatrain.scale.processes import worker_processes

    waiting: deque[Future[list[str]]] = deque()
    with worker_processes(jobs) as pool:
        for block in blocks:
            waiting.append(pool.submit(_json_block, block, entries))
            if len(waiting) > 2 * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _json_block(poems: list[Poem], entries: Path | None) -> list[str]:
    """Return a line of JSON for each poem of a block."""
    from quatrain.page import scansion as scansion_page

    scanner, schemer = _scanner_and_schemer(entries)
    return [
        scansion_page.as_json(scansion, schemer.scheme(scansion.poem, links=False))
        for scansion in scanner.scan_many(poems, margins=True)
    ]


@cache
def _scanner_and_schemer(entries: Path | None) -> tuple[Scanner, Schemer]:
    """Return the scanner and the schemer of this process, made once."""
    from quatrain.sound import Ear, Rhymer, Scanner, Schemer

    ear = Ear.with_entries(entries) if entries else Ear()
    return Scanner(ear), Schemer(Rhymer(ear))
