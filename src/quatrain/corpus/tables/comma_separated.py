"""CSV, with commas, semicolons or tabs between the cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from quatrain.corpus.decoding import encoding_of
from quatrain.corpus.raw_poems import RawBatch, RawPoem, ReadContext
from quatrain.corpus.tables.cells import poem_of
from quatrain.corpus.tables.columns import choose
from quatrain.errors import CorpusError

_ROWS = 1024
"""Rows in a batch."""

_HEADER_SAMPLE = 2**16
"""Characters in which the first row is looked for."""


def comma_separated(path: Path, context: ReadContext) -> Iterator[RawBatch]:
    """Read the poems in a column of a CSV file; its first row names the columns.

    If the first row has no comma but semicolons or tabs, those separate the cells.

    Raises:
        CorpusError: the column of the poems is unknown or doubtful, a row has more cells than
            the first, a quotation mark is not closed, or the file is not CSV.
    """
    codec, description = encoding_of(path, context.cleaning.encoding)
    context.tally.encodings[description] += 1
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=codec, newline="") as file:
        delimiter = _delimiter(file.read(_HEADER_SAMPLE))
        file.seek(0)
        rows = csv.reader(file, delimiter=delimiter, strict=True)
        line = 1
        try:
            names = next((row for row in rows if row), [])
            columns = choose(names, context.column, str(path), context.facts)
            context.tally.columns[str(columns)] += 1
            poems: list[RawPoem] = []
            line = rows.line_num + 1
            for row in rows:
                where = f"{path}, line {line}"
                if row:
                    try:
                        _check_width(row, names, where)
                        cells = dict(zip(names, row, strict=False))
                        fields = context.with_fields
                        poems.append(poem_of(cells, columns, where, line, with_fields=fields))
                    except CorpusError as error:
                        context.refuse(error, line)
                line = rows.line_num + 1
                if len(poems) >= _ROWS:
                    yield RawBatch(poems, raw.tell())
                    poems = []
        except csv.Error as error:
            raise _malformed(path, line, error) from error
    yield RawBatch(poems, path.stat().st_size)


def _delimiter(sample: str) -> str:
    """Return what separates the cells of the first row."""
    lines = sample.lstrip("\r\n").splitlines()
    header = lines[0] if lines else ""
    if "," in header:
        return ","
    return max(";\t", key=header.count) if set(";\t") & set(header) else ","


def _check_width(row: list[str], names: list[str], where: str) -> None:
    """Raise `CorpusError` if a row has cells that no column holds."""
    if any(cell.strip() for cell in row[len(names) :]):
        raise CorpusError(
            where,
            f"a row of {len(row)} cells",
            f"{len(names)}, as in the first row",
            "Put quotation marks around a text that contains the separator.",
        )


def _malformed(path: Path, line: int, error: csv.Error) -> CorpusError:
    """Return the error for a row that is not CSV."""
    reason = str(error)
    if "unexpected end of data" in reason:
        reason = "a quotation mark that is never closed"
    return CorpusError(
        f"{path}, line {line}",
        reason,
        "comma-separated values",
        "Correct the row; a poem of more than 131,072 characters belongs in JSON lines.",
    )
