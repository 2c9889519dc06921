"""A poem from the cells of a row, and the limit on what a file may unpack to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quatrain.corpus.decoding import check_lines
from quatrain.corpus.raw_poems import NO_FIELDS, RawPoem, json_object, one_line
from quatrain.corpus.tables.columns import Columns
from quatrain.errors import CorpusError
from quatrain.records import Paratext

LONGEST_ROW = 16 * 2**20
"""Bytes or characters in the longest row."""

LARGEST_RATIO = 30
"""Largest ratio of a packed file's unpacked to its packed size, beyond the first 16 MB.

Verse packs to a third or a fourth, the same few rows again and again to a tenth; what packs to a
thirtieth was made to fill a disk, or a day.
"""

BATCH = 2**20
"""Bytes or characters of verse in a batch."""


@dataclass
class Budget:
    """Limit on what a packed file may unpack to; `spend` subtracts from it in place.

    Attributes:
        path: the file.
        left: bytes or characters left.
    """

    path: Path
    left: int = 0

    def __post_init__(self) -> None:
        self.limit = LONGEST_ROW + LARGEST_RATIO * self.path.stat().st_size
        self.left = self.limit

    def spend(self, size: int, where: str) -> None:
        """Subtract a size in place.

        Raises:
            CorpusError: more has been unpacked than is allowed.
        """
        self.left -= size
        if self.left < 0:
            raise CorpusError(
                where,
                f"more than {LARGEST_RATIO} times the {self.path.stat().st_size:,} packed bytes",
                f"a file that unpacks to at most {self.limit:,} bytes",
                "Unpack the file yourself and read it unpacked, if you trust it.",
            )


def poem_of(
    row: Mapping[str, Any], columns: Columns, where: str, line: int, *, with_fields: bool = False
) -> RawPoem:
    """Return the poem in a row.

    Args:
        row: the cells by column.
        columns: which of them to read.
        where: the file and the row, for an error.
        line: number of the row, or of its first line, in the file.
        with_fields: whether the other cells are wanted, too.

    Raises:
        CorpusError: the cell of the verse holds none, or a line too long to be verse.
    """
    value = row.get(columns.verse)
    if value is None:
        text = ""
    elif isinstance(value, str):
        text = value
    elif isinstance(value, Sequence) and all(isinstance(part, str) for part in value):
        text = "\n".join(value)
    else:
        raise CorpusError(
            where,
            f"a {kind_of(value)} that is not verse",
            "a text, or a list of lines",
            "Write the poem as a text, or as a list of lines.",
            message=f"{where}: this {kind_of(value)} is not verse.",
        )
    check_size(len(text), where)
    check_lines(text, where)
    title, author, form = (
        one_line(row.get(name)) for name in (columns.title, columns.author, columns.form)
    )
    paratexts = _paratexts(row.get("paratexts"))
    fields = _fields(row, columns) if with_fields else NO_FIELDS
    return RawPoem(text, title, author, form, paratexts, line, _id(row.get(columns.id)), fields)


def _id(value: object) -> str:
    """Return an identifier, which may be a number, as text; "" if there is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return one_line(value)


def _fields(row: Mapping[str, Any], columns: Columns) -> Mapping[str, object]:
    """Return the cells that are not read as something else.

    A row that Quatrain printed has the fields of the poem it was made of in `fields`.
    """
    own = row.get("fields")
    if isinstance(own, dict) and isinstance(row.get("paratexts"), list):
        return json_object(own)
    taken = {*columns.names, "paratexts"}
    return json_object({name: value for name, value in row.items() if name not in taken})


def _paratexts(value: object) -> tuple[Paratext, ...]:
    """Return what stands beside a poem, as the output of `--json` has it."""
    if not isinstance(value, list):
        return ()
    return tuple(
        Paratext(one_line(part.get("kind")), str(part.get("text", "")))
        for part in value
        if isinstance(part, dict) and one_line(part.get("kind"))
    )


def check_size(size: int, where: str) -> None:
    """Raise `CorpusError` if a row is too long to be a poem.

    Args:
        size: its bytes or characters.
        where: the file and the row, for the error.
    """
    if size > LONGEST_ROW:
        raise CorpusError(
            where,
            f"a row of more than {LONGEST_ROW:,} bytes",
            "one poem per row",
            "Divide the row.",
        )


def empty(path: Path) -> CorpusError:
    """Return the error for a file without a row."""
    return CorpusError(
        str(path),
        "an empty file",
        "verse",
        "Check that this is the file you meant.",
        message=f"{path} is empty.",
    )


def kind_of(value: object) -> str:
    """Return what a value of JSON or Parquet is, in a word."""
    kinds = {str: "string", bool: "boolean", int: "number", float: "number", list: "list"}
    return "null" if value is None else kinds.get(type(value), "object")
