"""A corpus in memory, and the functions that read one.

`read` takes a path, `anthology`, or `gutenberg:NUMBER` and returns a `Corpus`; `stream` yields its
poems one after another, in bounded memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

import numpy as np

from quatrain.config import Cleaning, Split
from quatrain.corpus.duplicates import Duplicates
from quatrain.corpus.prepared import FRAME_LENGTH, framed
from quatrain.corpus.reader import Batch, Reader, source_name
from quatrain.corpus.splitting import digest, divide_lines, divide_poems
from quatrain.records import CleaningReport, Line, Poem, UnreadRow
from quatrain.records.deferred import corpus_as_html


@dataclass(frozen=True)
class Corpus:
    """Clean poems, and a report of what was cleaned.

    A corpus is a sequence of its poems: it has a length, can be iterated over and indexed.

    Attributes:
        name: a short name, from the file's or the folder's.
        source: the source as the user gave it.
        sha256: hash of the poems' text in their order, whatever the path.
        poems: the poems, at least one.
        report: what was cleaned.
        cleaning: the settings it was cleaned with.
    """

    name: str
    source: str
    sha256: str
    poems: tuple[Poem, ...]
    report: CleaningReport
    cleaning: Cleaning = field(default_factory=Cleaning)

    def __len__(self) -> int:
        return len(self.poems)

    def __iter__(self) -> Iterator[Poem]:
        return iter(self.poems)

    @overload
    def __getitem__(self, index: int) -> Poem: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Poem, ...]: ...
    def __getitem__(self, index: int | slice) -> Poem | tuple[Poem, ...]:
        return self.poems[index]

    def _repr_html_(self) -> str:
        """Return the corpus as HTML; a notebook calls it."""
        return corpus_as_html(self.name, self.source, self.poems)

    def split(self, settings: Split | None = None) -> tuple[tuple[Poem, ...], tuple[Poem, ...]]:
        """Return the poems to train on and those to validate with, as `prepare` divides them.

        Raises:
            CorpusError: the corpus cannot be divided.
        """
        settings = settings or Split()
        texts = [poem.text for poem in self.poems]
        if len(texts) == 1:
            parts = divide_lines(texts[0], settings.validation, self.source)
            first, last = (Poem.from_lines(part.split("\n"), source=self.source) for part in parts)
            return (first,), (last,)
        groups = None
        if not self.cleaning.drop_duplicates:
            with closing(Duplicates(keep=True)) as duplicates:
                duplicates.add(texts)
                groups = duplicates.groups()
        sides = divide_poems(
            np.array([digest(text.encode(), settings.seed) for text in texts], dtype=np.uint64),
            np.array([len(text) + FRAME_LENGTH for text in texts]),
            groups,
            settings.validation,
            self.source,
        )
        training, validation = (tuple(self.poems[number] for number in side) for side in sides)
        return training, validation


def read(
    source: str | Path,
    *,
    column: str | None = None,
    cleaning: Cleaning | None = None,
    base_url: str | None = None,
) -> Corpus:
    """Read and clean a whole source into memory.

    Args:
        source: a file (see `formats.SUFFIXES`), a folder of them, `anthology`, or
            `gutenberg:NUMBER`.
        column: the column that holds the poems, for CSV and Parquet.
        cleaning: what to clean; the defaults if None.
        base_url: where to fetch books of Project Gutenberg, if not from itself.

    Raises:
        CorpusError: the source cannot be read or holds no verse.
        SettingsError: a setting does not fit the source.
        ExtraError: an optional dependency is needed.
    """
    reader = Reader(source_name(source), column, cleaning or Cleaning(), base_url, with_fields=True)
    content = hashlib.sha256()
    poems: list[Poem] = []
    for batch in reader.batches():
        content.update("".join(map(framed, batch.texts)).encode())
        poems.extend(_poems(batch))
    return Corpus(
        reader.name,
        reader.source,
        content.hexdigest(),
        tuple(poems),
        reader.tally.report(),
        reader.cleaning,
    )


class PoemStream(Iterator[Poem]):
    """Poems of a source, one after another, and the report of how they were read.

    The report is complete once the last poem has been taken.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._done = 0
        self._poems = self._read()

    def _read(self) -> Generator[Poem]:
        for batch in self._reader.batches():
            self._done = batch.done
            yield from _poems(batch)

    def __next__(self) -> Poem:
        return next(self._poems)

    def close(self) -> None:
        """Close the files; no more poems come."""
        self._poems.close()

    @property
    def name(self) -> str:
        """Short name of the source."""
        return self._reader.name

    @property
    def files(self) -> list[tuple[str, Path]]:
        """Name within the source, and path, of each file, in the order in which they are read."""
        return self._reader.files

    @property
    def share(self) -> float:
        """Share of the source's bytes that were read, 0 to 1."""
        return self._done / self._reader.size if self._reader.size else 1.0

    @property
    def unread(self) -> tuple[UnreadRow, ...]:
        """Rows that couldn't be read so far, if they are set aside."""
        return tuple(self._reader.tally.unread)

    @property
    def report(self) -> CleaningReport:
        """Report of everything read, cleaned and left out so far."""
        return self._reader.tally.report()


def stream(
    source: str | Path,
    *,
    column: str | None = None,
    cleaning: Cleaning | None = None,
    base_url: str | None = None,
) -> PoemStream:
    """Read and clean a source poem by poem, in memory that does not grow with the text.

    The arguments and errors are those of `read`; an error in a late file comes late.
    """
    reader = Reader(source_name(source), column, cleaning or Cleaning(), base_url, with_fields=True)
    return PoemStream(reader)


def stream_all(
    source: str | Path,
    *,
    column: str | None = None,
    facts: Mapping[str, str] | None = None,
    encoding: str | None = None,
    keep_all: bool = False,
    sets_aside: bool = False,
) -> PoemStream:
    """Read a source poem by poem and leave none out: for scanning rather than training.

    Near-duplicates stay, and so does the typography; a row without a line is a poem without a
    stanza. With `keep_all`, titles, notes and the like are verse, too. With `sets_aside`, a row of
    a table, or the rest of a file, that can't be read is passed over, and stands in the stream's
    `unread`. `facts` names
    the columns of title, author, form or id. Memory does not grow with the text. The other
    arguments and the errors are those of `read`.
    """
    cleaning = Cleaning(
        fold_quotes=False,
        fold_dashes=False,
        drop_duplicates=False,
        encoding=encoding,
        keep_all=keep_all,
    )
    reader = Reader(
        source_name(source),
        column,
        cleaning,
        whole=True,
        with_fields=True,
        facts=facts or {},
        sets_aside=sets_aside,
    )
    return PoemStream(reader)


def _poems(batch: Batch) -> Iterator[Poem]:
    for poem in batch.poems:
        stanzas = tuple(
            tuple(Line(line) for line in stanza.split("\n"))
            for stanza in poem.text.split("\n\n")
            if stanza
        )
        yield Poem(
            stanzas,
            poem.title,
            poem.author,
            poem.form,
            batch.origin,
            paratexts=poem.paratexts,
            line=poem.line,
            id=poem.id,
            fields=poem.fields,
        )
