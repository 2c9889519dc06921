"""A source of any size to a folder of results, by several processes, in the order of the source.

The blocks depend on the source alone. So every run of the same corpus writes the same files,
however many processes it has and however often it was stopped.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from quatrain.corpus import PoemStream, stream_all
from quatrain.corpus.files import unreadable
from quatrain.errors import CorpusError, QuatrainError, SettingsError
from quatrain.records import Poem, RhymeScheme, Scansion
from quatrain.scale.arrow import check_format
from quatrain.scale.processes import worker_processes
from quatrain.scale.provenance import RunRecord, describe
from quatrain.scale.results import ResultsFolder
from quatrain.scale.rows import Tables
from quatrain.sound import Ear, Rhymer, Scanner, Schemer

BLOCK_LINES = 20_000
"""Lines after which a block ends: about five seconds of work, which is what a crash can lose."""

BLOCK_POEMS = 5_000
"""Poems after which a block ends, however short they are."""


@dataclass(frozen=True)
class ScanOptions:
    """Options of a scan; all but `jobs` can change the results.

    Attributes:
        column: the column that holds the poems.
        author, id: columns that hold the author and the identifier; the usual names if empty.
        year: the column that holds the year; a usual name if empty.
        encoding: the text's encoding; detected if empty.
        keep_all: take everything as verse.
        entries: a file of one's own pronunciations.
        format: "parquet" or "csv".
        jobs: number of processes.
    """

    column: str = ""
    author: str = ""
    id: str = ""
    year: str = ""
    encoding: str = ""
    keep_all: bool = False
    entries: Path | None = None
    format: str = "parquet"
    jobs: int = 1

    def recorded(self) -> dict[str, object]:
        """Return the options that can change the results, a file by its hash."""
        options = dataclasses.asdict(self)
        del options["jobs"]
        if self.entries is not None:
            with self.entries.open("rb") as file:
                options["entries"] = f"sha256 {hashlib.file_digest(file, 'sha256').hexdigest()}"
        return options


@dataclass(frozen=True)
class ScanProgress:
    """Progress of a run.

    Attributes:
        poems: poems that are done.
        share: share of the source that was read, 0 to 1.
        seconds: since the start.
        scanned: poems of these that this run has scanned itself, rather than found done.
    """

    poems: int
    share: float
    seconds: float
    scanned: int


@dataclass(frozen=True)
class _Block:
    """Consecutive poems of the source.

    Attributes:
        number: of the block, from 0.
        poems: the poems.
        share: share of the source that was read for it.
    """

    number: int
    poems: list[Poem]
    share: float


def scan_corpus(
    source: str | Path,
    folder: Path,
    options: ScanOptions | None = None,
    *,
    resume: bool = False,
    progress: Callable[[ScanProgress], None] | None = None,
) -> RunRecord:
    """Scan a source and write the tables of `columns` into a folder.

    A poem that can't be read or scanned is set aside in the table `problems`.

    Args:
        source: what `quatrain.corpus.stream_all` takes.
        folder: folder of results, which is made.
        options: the options.
        resume: go on with results of the same run that was stopped.
        progress: called after every block.

    Returns:
        The record of the run, with its counts.

    Raises:
        CorpusError: the source can't be read, or changed meanwhile.
        OutputError: the folder holds something else, or can't be written.
        SettingsError: an option doesn't fit.
        ExtraError: pyarrow is needed and not installed.
    """
    options = options or ScanOptions()
    check_format(options.format)
    stream = _open(source, options)
    before = _states(stream)
    blocks = _checked_blocks(stream, options)
    name = Path(source).name or stream.name
    try:
        corpus = describe(name, stream.files)
    except OSError as error:
        raise unreadable(Path(source), error) from error
    record = RunRecord("scan", corpus, _recorded(options))
    results = ResultsFolder(folder, options.format)
    record = results.open(record, resume=resume)
    if record.finished:
        return record
    _scan_blocks(blocks, results, options, progress)
    if _states(stream) != before:
        raise CorpusError(
            str(source),
            "files that changed while they were read",
            "files that stay as they are",
            "Scan it again, into another folder.",
            message=f"{source} changed while it was read, so the results don't belong to one text.",
        )
    results.write_unread(
        [(row.id, row.file, row.line or None, row.problem) for row in stream.unread]
    )
    record = dataclasses.replace(record, finished=True, counts=results.counts())
    results.save(record)
    return record


def scan_block(
    results: ResultsFolder, number: int, poems: Sequence[Poem], options: ScanOptions
) -> None:
    """Scan the poems of a block and write its part of the results.

    Raises:
        OutputError: the results can't be written.
    """
    tables = Tables()
    try:
        for scansion, scheme in _scanned(poems, options):
            tables.add(scansion, scheme, options.year)
    except (MemoryError, QuatrainError):
        raise
    except Exception:
        # One poem is at fault: take them one by one, and set that one aside.
        tables = _one_by_one(poems, options)
    results.write(number, tables.rows)


def _one_by_one(poems: Sequence[Poem], options: ScanOptions) -> Tables:
    """Scan poems each by itself; set those aside that can't be scanned."""
    tables = Tables()
    for poem in poems:
        try:
            for scansion, scheme in _scanned([poem], options):
                tables.add(scansion, scheme, options.year)
        except MemoryError:
            raise
        except Exception as error:
            tables.set_aside(poem, f"{type(error).__name__}: {error}")
    return tables


def _scanned(poems: Sequence[Poem], options: ScanOptions) -> Iterator[tuple[Scansion, RhymeScheme]]:
    scanner, schemer = _scanner_and_schemer(options.entries)
    for scansion in scanner.scan_many(poems, margins=True):
        yield scansion, schemer.scheme(scansion.poem)


@cache
def _scanner_and_schemer(entries: Path | None) -> tuple[Scanner, Schemer]:
    """Return the scanner and the schemer of this process, made once."""
    ear = Ear.with_entries(entries) if entries else Ear()
    return Scanner(ear), Schemer(Rhymer(ear))


def _scan_blocks(
    blocks: Iterator[_Block],
    results: ResultsFolder,
    options: ScanOptions,
    progress: Callable[[ScanProgress], None] | None,
) -> None:
    """Scan the blocks that are not done yet, several at once."""
    start = time.monotonic()
    poems = scanned = 0

    def tell(block: _Block, *, is_new: bool) -> None:
        nonlocal poems, scanned
        poems += len(block.poems)
        scanned += len(block.poems) if is_new else 0
        if progress:
            progress(ScanProgress(poems, block.share, time.monotonic() - start, scanned))

    if options.jobs == 1:
        for block in blocks:
            is_new = not results.has(block.number)
            if is_new:
                scan_block(results, block.number, block.poems, options)
            tell(block, is_new=is_new)
        return
    waiting: deque[tuple[_Block, Future[None] | None]] = deque()

    def take() -> None:
        block, future = waiting.popleft()
        if future:
            future.result()
        tell(block, is_new=future is not None)

    with worker_processes(options.jobs) as pool:
        for block in blocks:
            future = None
            if not results.has(block.number):
                future = pool.submit(scan_block, results, block.number, block.poems, options)
            waiting.append((block, future))
            while len(waiting) > 2 * options.jobs or (waiting and waiting[0][1] is None):
                take()
        while waiting:
            take()


def _checked_blocks(stream: PoemStream, options: ScanOptions) -> Iterator[_Block]:
    """Return the blocks of a source, of which the first is read now, before a folder is made.

    Raises:
        CorpusError: the source can't be read.
        SettingsError: the first block has nothing in a column that the user named.
    """
    blocks = _blocks(_with_unique_ids(stream), lambda: stream.share)
    first = next(blocks)  # a source without a poem raises CorpusError
    _check_columns(first.poems, options)
    return chain([first], blocks)


def _with_unique_ids(stream: Iterable[Poem]) -> Iterator[Poem]:
    """Give the second poem of an identifier the suffix `.2`, and so on, so that tables join.

    An identifier is kept as 8 bytes of its hash; two that share them get a suffix, which is
    harmless.
    """
    seen: set[int] = set()

    def is_new(identifier: str) -> bool:
        digest = hashlib.blake2b(identifier.encode(), digest_size=8).digest()
        size = len(seen)
        seen.add(int.from_bytes(digest, "little"))
        return len(seen) > size

    repeats: Counter[str] = Counter()
    for poem in stream:
        identifier = poem.id
        while not is_new(identifier):
            repeats[poem.id] += 1
            identifier = f"{poem.id}.{repeats[poem.id] + 1}"
        yield poem if identifier == poem.id else dataclasses.replace(poem, id=identifier)


def _check_columns(poems: Sequence[Poem], options: ScanOptions) -> None:
    """Check that the first poems have something in the columns that the user named.

    Raises:
        SettingsError: none of them has such a column.
    """
    has_author = any(poem.author for poem in poems)
    has_id = any(not re.search(rf":{poem.line}(\.\d+)?$", poem.id) for poem in poems)
    has_year = any(options.year in poem.fields for poem in poems)
    for flag, name, is_there in (
        ("--author", options.author, has_author),
        ("--id", options.id, has_id),
        ("--year", options.year, has_year),
    ):
        if name and not is_there:
            raise SettingsError(
                flag,
                repr(name),
                "a column of the source",
                "Check its name.",
                message=f"{flag}: the first {len(poems):,} poems have nothing in {name!r}.",
            )


def _blocks(stream: Iterable[Poem], share: Callable[[], float]) -> Iterator[_Block]:
    """Divide a source; where a block ends depends on the poems alone.

    Args:
        stream: the poems.
        share: returns the share of the source that was read so far.
    """
    poems: list[Poem] = []
    lines = number = 0
    for poem in stream:
        poems.append(poem)
        lines += len(poem.lines)
        if lines >= BLOCK_LINES or len(poems) >= BLOCK_POEMS:
            yield _Block(number, poems, share())
            number += 1
            poems, lines = [], 0
    if poems:
        yield _Block(number, poems, 1.0)


def _open(source: str | Path, options: ScanOptions) -> PoemStream:
    """Return the poems of a source, of which those that can't be read are set aside."""
    return stream_all(
        source,
        column=options.column or None,
        facts={
            fact: column
            for fact, column in (("author", options.author), ("id", options.id))
            if column
        },
        encoding=options.encoding or None,
        keep_all=options.keep_all,
        sets_aside=True,
    )


def _recorded(options: ScanOptions) -> dict[str, object]:
    """Return the options for the record of a run.

    Raises:
        SettingsError: the file of pronunciations can't be read.
    """
    try:
        return options.recorded()
    except OSError as error:
        raise SettingsError(
            "--entries",
            f"{options.entries}, which can't be read",
            "a file of pronunciations",
            "Check its name.",
        ) from error


def _states(stream: PoemStream) -> list[tuple[int, int]]:
    """Return size and time of change of each file of a source; (-1, -1) for one that is gone."""
    states = []
    for _, path in stream.files:
        try:
            state = path.stat()
        except OSError:
            states.append((-1, -1))
        else:
            states.append((state.st_size, state.st_mtime_ns))
    return states
