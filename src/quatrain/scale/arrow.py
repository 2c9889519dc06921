"""Rows as files: Parquet with pyarrow, or CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quatrain.errors import ExtraError, OutputError, SettingsError
from quatrain.scale.columns import TABLES
from quatrain.scale.rows import Row

if TYPE_CHECKING:
    import pyarrow

FORMATS = ("parquet", "csv")
"""File formats of results; also the suffixes of their parts."""


def check_format(name: str) -> None:
    """Raise an error if files of a format can't be written.

    Raises:
        SettingsError: there is no such format.
        ExtraError: it needs pyarrow, which is not installed.
    """
    if name not in FORMATS:
        raise SettingsError("--format", repr(name), "'parquet' or 'csv'", "Choose one of them.")
    if name == "parquet":
        _pyarrow()


def write_table(path: Path, table: str, rows: Sequence[Row]) -> None:
    """Write rows of a table to a file; its suffix is the format.

    The same rows give the same bytes with the same version of pyarrow.

    Raises:
        OSError: the file can't be written.
        ExtraError: pyarrow is needed and not installed.
    """
    if path.suffix == ".csv":
        _write_csv(path, table, rows)
        return
    pyarrow = _pyarrow()
    from pyarrow import parquet

    columns = list(zip(*rows, strict=True)) or [()] * len(TABLES[table])
    shape = schema(table)
    arrays = [
        pyarrow.array(values, field.type) for values, field in zip(columns, shape, strict=True)
    ]
    parquet.write_table(
        pyarrow.Table.from_arrays(arrays, schema=shape), path, compression="zstd", version="2.6"
    )


def count_rows(path: Path) -> int:
    """Return the number of rows in a file that `write_table` wrote."""
    if path.suffix == ".csv":
        return _count_csv_rows(path)
    _pyarrow()
    from pyarrow import parquet

    return int(parquet.read_metadata(path).num_rows)


def read_columns(path: Path, table: str, names: Sequence[str]) -> dict[str, list[Any]]:
    """Return columns of a file that `write_table` wrote, in the order of their names.

    Args:
        path: the file; its suffix is the format.
        table: the table it is a part of.
        names: the columns.

    Raises:
        OutputError: the file is missing, damaged or has other columns.
        ExtraError: pyarrow is needed and not installed.
    """
    try:
        if path.suffix == ".csv":
            return _read_csv(path, table, names)
        _pyarrow()
        from pyarrow import parquet

        columns = parquet.ParquetFile(path).read(columns=list(names))
        return {name: columns.column(name).to_pylist() for name in names}
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise OutputError(
            str(path),
            "no such file" if isinstance(error, FileNotFoundError) else "a damaged file",
            f"a part of the table {table}",
            "Scan the corpus again into another folder.",
            message=f"{path} is missing."
            if isinstance(error, FileNotFoundError)
            else f"{path} can't be read as a part of the table {table}.",
        ) from error


def schema(table: str) -> pyarrow.Schema:
    """Return the Arrow schema of a table, with the meanings as metadata of its fields.

    Raises:
        ExtraError: pyarrow is not installed.
    """
    pyarrow = _pyarrow()
    types = {
        "text": pyarrow.string(),
        "integer": pyarrow.int32(),
        "number": pyarrow.float64(),
        "flag": pyarrow.bool_(),
        "texts": pyarrow.list_(pyarrow.string()),
        "integers": pyarrow.list_(pyarrow.int32()),
    }
    return pyarrow.schema(
        [
            pyarrow.field(column.name, types[column.kind], metadata={"meaning": column.meaning})
            for column in TABLES[table]
        ]
    )


def _write_csv(path: Path, table: str, rows: Sequence[Row]) -> None:
    """Write CSV; lists are JSON, and what is missing is empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.name for column in TABLES[table])
        for row in rows:
            writer.writerow(map(_cell, row))


def _read_csv(path: Path, table: str, names: Sequence[str]) -> dict[str, list[Any]]:
    kinds = {column.name: column.kind for column in TABLES[table]}
    columns: dict[str, list[Any]] = {name: [] for name in names}
    # The module's limit of 131,072 characters, which one cell of `fields` may exceed.
    limit = csv.field_size_limit(max(path.stat().st_size, csv.field_size_limit()))
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for name in names:
                    columns[name].append(_value(row[name], kinds[name]))
    finally:
        csv.field_size_limit(limit)
    return columns


def _value(cell: str, kind: str) -> object:
    """Return what `_cell` wrote; a missing text is empty."""
    if kind == "text":
        return cell
    if not cell:
        return None
    if kind == "flag":
        return cell == "true"
    return json.loads(cell)


def _count_csv_rows(path: Path) -> int:
    """Return the number of rows below the head; a line end within quotes ends no row."""
    rows = quotes = 0
    with path.open("rb") as file:
        for line in file:
            quotes += line.count(b'"')
            rows += quotes % 2 == 0
    return rows - 1


def _cell(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise ExtraError.missing(
            "writing Parquet tables (--format csv does without)", "pyarrow", "corpora"
        ) from None
    return pyarrow
