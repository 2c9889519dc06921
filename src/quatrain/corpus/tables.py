"""Rows of verse: JSON lines, CSV and Parquet.

The functions take a file of one poem per row, and yield raw poems with the title, author and form
that the row gives.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from quatrain.corpus.decoding import check_lines, encoding_of
from quatrain.corpus.raw_poems import RawBatch, RawPoem, ReadContext, one_line
from quatrain.errors import CorpusError, ExtraError

LONGEST_ROW = 16 * 2**20
"""Bytes in the longest row of JSON."""

LARGEST_RATIO = 100
"""Largest ratio of a gzip file's unpacked to its packed size, beyond the first 16 MB.

Verse packs to a third or a fourth; what packs to a hundredth was made to fill a disk.
"""

_BATCH = 2**20
"""Bytes of JSON in a batch."""
_ROWS = 1024
"""Rows of a table in a batch."""


def json_lines(path: Path, context: ReadContext) -> Iterator[RawBatch]:
    """Read `.jsonl` or `.jsonl.gz`: a row has `lines` ("" ends a stanza) or `text`.

    Raises:
        CorpusError: a row is not such an object, is too long, or the gzip data are broken
            or unpack to more than `LARGEST_RATIO` allows; the line number is named.
    """
    context.tally.encodings["utf-8"] += 1
    poems: list[RawPoem] = []
    size = 0
    number = 0
    limit = LONGEST_ROW + LARGEST_RATIO * path.stat().st_size
    unpacked = 0
    with path.open("rb") as raw:
        packed = path.suffix.lower() == ".gz"
        file = gzip.GzipFile(fileobj=raw) if packed else raw
        while row := _row(file, path, number + 1):
            number += 1
            unpacked += len(row)
            if packed and unpacked > limit:
                raise CorpusError(
                    f"{path}, line {number}",
                    f"more than {LARGEST_RATIO} times the {path.stat().st_size:,} packed bytes",
                    f"a file that unpacks to at most {limit:,} bytes",
                    "Unpack the file yourself and read it unpacked, if you trust it.",
                )
            if row.isspace():
                continue
            poems.append(_poem(row, f"{path}, line {number}"))
            size += len(row)
            if size > _BATCH:
                yield RawBatch(poems, raw.tell())
                poems, size = [], 0
    if not number:
        raise _empty(path)
    yield RawBatch(poems, path.stat().st_size)


def comma_separated(path: Path, context: ReadContext) -> Iterator[RawBatch]:
    """Read the poems in a column of a CSV file; its first row names the columns.

    Raises:
        CorpusError: no column or an unknown one was named, or the file is not CSV.
    """
    codec, description = encoding_of(path, context.cleaning.encoding)
    context.tally.encodings[description] += 1
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=codec, newline="") as file:
        rows = csv.DictReader(file)
        try:
            verse = _column(path, context.column, list(rows.fieldnames or ()))
            poems: list[RawPoem] = []
            for row in rows:
                where = f"{path}, line {rows.line_num}"
                poems.append(_cell(row.get(verse), row, where))
                if len(poems) >= _ROWS:
                    yield RawBatch(poems, raw.tell())
                    poems = []
        except csv.Error as error:
            raise CorpusError(
                f"{path}, line {rows.line_num}",
                str(error),
                "comma-separated values",
                "Correct the row; a poem of more than 131,072 characters belongs in JSON lines.",
            ) from error
    yield RawBatch(poems, path.stat().st_size)


def parquet(path: Path, context: ReadContext) -> Iterator[RawBatch]:
    """Read the poems in a column of texts, or of lists of lines, of a Parquet file.

    Raises:
        CorpusError: no column or an unknown one was named, or the file is not Parquet.
        ExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ExtraError.missing("reading Parquet files", "pyarrow", "corpora") from None
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            names = list(file.schema_arrow.names)
            verse = _column(path, context.column, names)
            known = [name for name in ("title", "author", "form") if name in names]
            rows = done = 0
            for batch in file.iter_batches(_ROWS, columns=list({verse, *known})):
                poems = []
                for row in batch.to_pylist():
                    rows += 1
                    poems.append(_cell(row[verse], row, f"{path}, row {rows}"))
                done = path.stat().st_size * rows // max(1, file.metadata.num_rows)
                yield RawBatch(poems, done)
            if not rows:
                raise _empty(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise CorpusError(
            str(path), f"{error}", "a Parquet file", "Check that the file is whole."
        ) from error


def _row(file: IO[bytes] | gzip.GzipFile, path: Path, number: int) -> bytes:
    try:
        row = file.readline(LONGEST_ROW + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise CorpusError(
            f"{path}, line {number}",
            f"broken gzip data ({error})",
            "a whole gzip file",
            "Fetch or pack the file again.",
        ) from error
    if len(row) > LONGEST_ROW:
        raise CorpusError(
            f"{path}, line {number}",
            f"a row of more than {LONGEST_ROW:,} bytes",
            "one poem per row",
            "Divide the row.",
        )
    return row


def _poem(row: bytes, where: str) -> RawPoem:
    remedy = 'Write each poem as one line such as {"lines": ["first", "second"]}.'
    try:
        read = json.loads(row)
    except (ValueError, RecursionError) as error:
        raise CorpusError(where, f"malformed JSON ({error})", "one object", remedy) from error
    if not isinstance(read, dict):
        raise CorpusError(where, f"a JSON {_kind(read)}", "one object", remedy)
    value = read.get("lines", read.get("text"))
    if isinstance(value, list) and value and all(isinstance(line, dict) for line in value):
        value = read.get("text", value)  # as `write --json` prints a poem
    if value is None:
        keys = f"the keys {', '.join(map(repr, read)) or 'none'}"
        raise CorpusError(where, keys, "'lines' or 'text'", remedy)
    return _cell(value, read, where)


def _cell(value: object, row: Mapping[str, Any], where: str) -> RawPoem:
    if value is None:
        text = ""
    elif isinstance(value, str):
        text = value
    elif isinstance(value, Sequence) and all(isinstance(line, str) for line in value):
        text = "\n".join(value)
    else:
        raise CorpusError(
            where,
            f"a {_kind(value)} that is not verse",
            "a text, or a list of lines",
            "Write the poem as a text, or as a list of lines.",
            message=f"{where}: this {_kind(value)} is not verse.",
        )
    check_lines(text, where)
    title, author, form = (one_line(row.get(key)) for key in ("title", "author", "form"))
    return RawPoem(text, title, author, form)


def _column(path: Path, column: str | None, names: list[str]) -> str:
    listed = ", ".join(map(repr, names)) or "none"
    if column is None:
        raise CorpusError(
            str(path),
            f"a table with the columns {listed}",
            "the name of the one that holds the poems",
            "Name the one that holds the poems with --column.",
            message=f"{path} is a table with the columns {listed}.",
        )
    if column not in names:
        near = difflib.get_close_matches(column, names, n=1, cutoff=0.4)
        remedy = f"Did you mean {near[0]!r}?" if near else f"The columns are: {listed}."
        raise CorpusError(
            str(path),
            f"no column {column!r}",
            "a column of the table",
            remedy,
            message=f"{path} has no column {column!r}.",
        )
    return column


def _empty(path: Path) -> CorpusError:
    return CorpusError(
        str(path),
        "an empty file",
        "verse",
        "Check that this is the file you meant.",
        message=f"{path} is empty.",
    )


def _kind(value: object) -> str:
    kinds = {str: "string", bool: "boolean", int: "number", float: "number", list: "list"}
    return "null" if value is None else kinds.get(type(value), "object")
