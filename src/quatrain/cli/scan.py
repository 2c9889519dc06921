"""`quatrain scan`: the metre and the rhymes of verse."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.options import (
    Column,
    Encoding,
    Json,
    Source,
    console,
    report_user_errors,
    standard_input,
)

if TYPE_CHECKING:
    from quatrain.records import Poem
    from quatrain.sound import Scanner, Schemer

BLOCK = 64
"""Poems a process scans at once."""


@report_user_errors
def scan(
    path: Source,
    entries: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own pronunciations: word, tab, ARPAbet."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes that scan.")] = 1,
    column: Column = None,
    encoding: Encoding = None,
    json: Json = False,
    tei: Annotated[
        bool, typer.Option("--tei", help="Print TEI P5: lg, l, met, real, rhyme.")
    ] = False,
) -> None:
    """Scan verse: syllables, stresses, feet, metre, rhymes.

    Every poem and every line is kept, in order. PATH - reads the standard input. Marks
    stand above each line: / for a stressed syllable, x for an unstressed one; the letter
    of its rhyme and what departs from the metre stand after it.

    Example: [bold]quatrain scan sonnet.txt[/bold]

    Example: [bold]quatrain scan corpus.jsonl.gz --json --jobs 2[/bold]
    """
    poems = _typed() if path == "-" else _read(path, column, encoding)
    if json:
        for line in _as_lines(poems, entries, jobs):
            typer.echo(line)
        return
    from quatrain.page import scansion as page
    from quatrain.sound import Ear, Rhymer, Scanner, Schemer

    ear = Ear.with_entries(entries) if entries else Ear()
    scanner, schemer = Scanner(ear), Schemer(Rhymer(ear))
    if tei:
        from quatrain._version import __version__
        from quatrain.page.tei import document

        pairs = ((each, schemer.scheme(each.poem)) for each in scanner.scan_many(poems))
        for piece in document(pairs, title=Path(path).name, source=path, version=__version__):
            typer.echo(piece, nl=False)
        return
    terminal = console()
    for number, poem in enumerate(poems):
        if number:
            terminal.print("\n* * *\n")
        scansion = scanner.scan(poem)
        terminal.print(page.as_text(scansion, schemer.scheme(poem)), soft_wrap=True)


def _as_lines(poems: Iterator[Poem], entries: Path | None, jobs: int) -> Iterator[str]:
    """A line of JSON per poem, in order; with several processes a few blocks are under way."""
    blocks = iter(lambda: list(islice(poems, BLOCK)), [])
    if jobs == 1:
        for block in blocks:
            yield from _of_block(block, entries)
        return
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    waiting: deque[Future[list[str]]] = deque()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for block in blocks:
            waiting.append(pool.submit(_of_block, block, entries))
            if len(waiting) > 2 * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _of_block(poems: list[Poem], entries: Path | None) -> list[str]:
    from quatrain.page import scansion as page

    scanner, schemer = _readers(entries)
    return [
        page.as_json(scansion, schemer.scheme(scansion.poem, links=False))
        for scansion in scanner.scan_many(poems)
    ]


@cache
def _readers(entries: Path | None) -> tuple[Scanner, Schemer]:
    """One scanner and one schemer per process, so that words are heard once."""
    from quatrain.sound import Ear, Rhymer, Scanner, Schemer

    ear = Ear.with_entries(entries) if entries else Ear()
    return Scanner(ear), Schemer(Rhymer(ear))


def _read(path: str, column: str | None, encoding: str | None) -> Iterator[Poem]:
    from quatrain.corpus import stream_all

    return stream_all(path, column=column, encoding=encoding)


def _typed() -> Iterator[Poem]:
    yield standard_input()
