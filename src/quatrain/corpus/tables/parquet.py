"""Parquet, with pyarrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from quatrain.corpus.raw_poems import RawBatch, RawPoem, ReadContext
from quatrain.corpus.tables.cells import BATCH, Budget, empty, poem_of
from quatrain.corpus.tables.columns import Columns, choose
from quatrain.errors import CorpusError, ExtraError

_ROWS = 1024
"""Rows read at once."""


def parquet(path: Path, context: ReadContext) -> Iterator[RawBatch]:
    """Read the poems in a column of texts, or of lists of lines, of a Parquet file.

    Raises:
        CorpusError: the column of the poems is unknown or doubtful, the file is not Parquet or
            unpacks to more than `LARGEST_RATIO` allows, or memory runs out.
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
            columns = choose(names, context.column, str(path), context.facts)
            budget = Budget(path)
            if not context.with_fields:
                names = columns.names
            leaves = _check_size(file, names, budget, path)
        context.tally.columns[str(columns)] += 1
        with pyarrow.parquet.ParquetFile(path, read_dictionary=leaves) as file:
            yield from _batches(file, names, columns, budget, path, context)
    except MemoryError:
        raise CorpusError(
            str(path),
            "not enough memory to unpack it",
            "a file that fits into memory row by row",
            "Divide the file, or free some memory.",
            message=f"There is not enough memory to unpack {path}.",
        ) from None
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            str(path), f"{error}", "a Parquet file", "Check that the file is whole."
        ) from error


def _batches(
    file: Any,
    names: Sequence[str],
    columns: Columns,
    budget: Budget,
    path: Path,
    context: ReadContext,
) -> Iterator[RawBatch]:
    """Yield the poems of an open file, of which the named columns are read."""
    with_fields = len(names) > len(columns.names)
    rows = size = 0
    poems: list[RawPoem] = []
    for batch in file.iter_batches(_ROWS, columns=list(names)):
        cells = {name: _values(batch.column(name)) for name in names}
        for values in zip(*cells.values(), strict=True):
            rows += 1
            where = f"{path}, row {rows}"
            row = dict(zip(cells, values, strict=True))
            length = sum(map(_length, row.values()))
            budget.spend(length, where)
            try:
                poems.append(poem_of(row, columns, where, rows, with_fields=with_fields))
            except CorpusError as error:
                context.refuse(error, rows)
            size += length
            if size > BATCH:
                done = path.stat().st_size * rows // max(1, file.metadata.num_rows)
                yield RawBatch(poems, done)
                poems, size = [], 0
    if not rows:
        raise empty(path)
    yield RawBatch(poems, path.stat().st_size)


def _check_size(file: Any, names: Sequence[str], budget: Budget, path: Path) -> list[str]:
    """Return the paths of the leaves under the named columns, after a look at their size.

    A leaf that repeats its values is stored as a dictionary, and is read as one: each value
    is then in memory once, however many rows have it.

    Raises:
        CorpusError: the file says of itself that it unpacks to more than is allowed.
    """
    metadata = file.metadata
    paths = (file.schema.column(number).path for number in range(metadata.num_columns))
    leaves = [path for path in paths if path in names or path.split(".")[0] in names]
    # Asked about a single column whose statistics are forged, pyarrow 26 ends the process.
    groups = range(metadata.num_row_groups)
    unpacked = sum(metadata.row_group(group).total_byte_size for group in groups)
    if unpacked > budget.limit:
        budget.spend(unpacked, str(path))
    return leaves


def _values(array: Any) -> list[Any]:
    """Return the values of an array as Python's; equal values of a dictionary share one object."""
    import pyarrow

    kind = array.type
    if pyarrow.types.is_dictionary(kind):
        words, indices = _values(array.dictionary), array.indices.to_pylist()
        if not all(index is None or 0 <= index < len(words) for index in indices):
            raise pyarrow.ArrowInvalid("a row that points outside of its dictionary")
        return [None if index is None else words[index] for index in indices]
    if pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind):
        parts = _values(array.values)
        offsets = array.offsets.to_pylist()
        present = array.is_valid().to_pylist()
        return [
            parts[first:last] if valid else None
            for first, last, valid in zip(offsets, offsets[1:], present, strict=False)
        ]
    values = array.to_pylist()
    if pyarrow.types.is_binary(kind) or pyarrow.types.is_large_binary(kind):
        return [value if value is None else value.decode() for value in values]
    return list(values)


def _length(value: object) -> int:
    """Return the characters of a cell."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(len(part) + 1 for part in value if isinstance(part, str))
    return 0
