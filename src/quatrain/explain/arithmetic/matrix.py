"""Matrices of numbers: read from a file, checked, and cut to what can be looked at.

In: comma-separated values, or what NumPy takes for an array. Out: float64 matrices, next
`pooling`, and `records.Matrix` parts of an explanation.
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quatrain.errors import CorpusError, SettingsError
from quatrain.layers.windows import Windows
from quatrain.records import Matrix

LARGEST_FILE = 16 * 2**20
"""Bytes of the largest file that is read: the most numbers, sixteen characters each."""

MOST_NUMBERS = 10**6
"""Numbers in the largest matrix that is read."""

LARGEST_NUMBER = 1e300
"""A million of these can be added up."""

SIDE = 16
"""Rows and columns that are shown of a larger matrix."""

LISTED = 16
"""Numbers that are shown of a larger window."""

Numbers = NDArray[np.float64]


def read_matrix(path: str | os.PathLike[str]) -> Numbers:
    """Read a matrix from a file of comma-separated numbers, a row per line, without a heading.

    Blank lines are skipped; rows are counted as the file's lines, columns from 1.

    Returns:
        Shape (rows, columns).

    Raises:
        CorpusError: there is no such file, it is no text in UTF-8 or too large, it has no
            number, rows of unequal length, or an entry that is no finite number.
    """
    path = Path(path)
    rows: list[list[float]] = []
    numbers = 0
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        for entries in reader:
            if not any(entry.strip() for entry in entries) and len(entries) < 2:
                continue
            where = f"{path}, row {reader.line_num}"
            rows.append([_number(f"{where}, column {column}", entry)
                         for column, entry in enumerate(entries, 1)])  # fmt: skip
            if len(entries) != len(rows[0]):
                raise CorpusError(
                    where,
                    f"{_counted(len(entries), 'number')}",
                    f"{len(rows[0])}, as in the first row",
                    "Give every row as many numbers.",
                )
            numbers += len(entries)
            if numbers > MOST_NUMBERS:
                raise CorpusError(
                    where,
                    f"more than {MOST_NUMBERS:,} numbers",
                    f"a matrix of at most {MOST_NUMBERS:,}",
                    "Take a part of it.",
                )
    except csv.Error as error:
        raise CorpusError(f"{path}, row {reader.line_num}", str(error), *_WANTED) from error
    if not rows:
        raise CorpusError(
            str(path),
            "no number",
            "comma-separated numbers, a row of the matrix per line",
            "Check that this is the file you meant.",
        )
    return np.array(rows, np.float64)


_WANTED = ("comma-separated numbers", "Correct the file.")


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST_FILE:
                raise CorpusError(
                    str(path),
                    f"{size:,} bytes",
                    f"at most {LARGEST_FILE:,}",
                    "Take a part of the matrix.",
                )
            # A pipe has no size: one byte more than is allowed tells.
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CorpusError(
            str(path),
            (error.strerror or "an error of the system").lower(),
            "a file of comma-separated numbers",
            "Check the path and the permissions.",
        ) from error
    if len(data) > LARGEST_FILE:
        raise CorpusError(
            str(path),
            f"more than {LARGEST_FILE:,} bytes",
            "at most as many",
            "Take a part of the matrix.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(
            str(path),
            f"the byte 0x{data[error.start]:02x} at position {error.start:,}",
            "text in UTF-8",
            "Save the matrix as comma-separated text in UTF-8.",
        ) from None
    if "\0" in text:
        raise CorpusError(str(path), "bytes that are not text", *_WANTED)
    return text


def _number(where: str, entry: str) -> float:
    try:
        value = math.nan if "_" in entry else float(entry)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        found = "nothing" if not entry.strip() else repr(entry if len(entry) < 40 else entry[:40])
        raise CorpusError(where, found, "a finite number such as 0.5", "Correct the entry.")
    return value


def as_matrix(name: str, values: ArrayLike) -> Numbers:
    """`values` as a matrix.

    Args:
        name: what it is, for messages.
        values: a row of numbers per row.

    Returns:
        Shape (rows, columns), at least 1 x 1.

    Raises:
        SettingsError: they are not numbers of at most `LARGEST_NUMBER` in rows of equal length.
    """
    wanted = (f"rows of equal length of numbers up to {LARGEST_NUMBER:g}", "Give a matrix.")
    try:
        matrix = np.array(values, np.float64)
    except (TypeError, ValueError) as error:
        found = "rows of unequal length, or something that is no number"
        raise SettingsError(name, found, *wanted) from error
    if matrix.ndim != 2 or not matrix.size:
        raise SettingsError(name, f"shape {matrix.shape}", *wanted)
    fits = np.abs(matrix) <= LARGEST_NUMBER  # false for what is not a number
    if not fits.all():
        row, column = np.argwhere(~fits)[0]
        found = f"{matrix[row, column]} at row {row}, column {column}, counting from 0"
        raise SettingsError(name, found, *wanted)
    return matrix


def matrix_part(title: str, matrix: Numbers) -> Matrix:
    """A matrix as part of an explanation, of a large one the first `SIDE` rows and columns."""
    rows, columns = matrix.shape
    if rows > SIDE or columns > SIDE:
        parts = f"the first {min(rows, SIDE)} x {min(columns, SIDE)} of {rows:,} x {columns:,}"
        title = f"{title}: {parts}"
    return Matrix(title, tuple(tuple(row) for row in matrix[:SIDE, :SIDE].tolist()))


def in_padding(matrix: Numbers, windows: Sequence[Windows], zeros: bool) -> Numbers:
    """All that windows cover: the matrix, its padding, and what hangs over the padding.

    Args:
        matrix: shape (rows, columns).
        windows: along the rows and along the columns.
        zeros: whether padding is 0, or NaN like what hangs over.

    Returns:
        Shape (padded rows, padded columns); the window at (i, j) begins at (i, j) times the
        stride.
    """
    reach = [max(line.padded, (line.outputs - 1) * line.stride + line.kernel) for line in windows]
    padded = np.full(reach, np.nan)
    if zeros:
        padded[: windows[0].padded, : windows[1].padded] = 0
    top, left = (line.before for line in windows)
    padded[top : top + matrix.shape[0], left : left + matrix.shape[1]] = matrix
    return padded


def entries(under: Numbers) -> str:
    """The numbers of a window in one line, a slash between rows, a dot for NaN."""
    if under.size > LISTED:
        first = " ".join(map(_entry, under.flat[:LISTED]))
        return f"{first} ... ({under.size:,} numbers)"
    return " / ".join(" ".join(map(_entry, row)) for row in under)


def span(first: int, length: int) -> str:
    """The positions from `first`, in words."""
    return str(first) if length == 1 else f"{first} to {first + length - 1}"


def _entry(number: float) -> str:
    return "." if np.isnan(number) else f"{number:.4g}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
