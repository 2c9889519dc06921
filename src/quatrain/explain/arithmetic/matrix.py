"""Matrices of numbers: read from a file, checked, and cut to a size that can be shown.

In: comma-separated values, or anything NumPy accepts as an array. Out: float64 matrices for
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
from quatrain.text_files import read_text

LARGEST_FILE = 16 * 2**20
"""Most bytes in a file: room for `MOST_NUMBERS`, at 16 characters each."""

MOST_NUMBERS = 10**6
"""Most numbers in a matrix."""

LARGEST_NUMBER = 1e300
"""Largest size of a number; a million of them can be added without overflow."""

MOST_SHOWN = 16
"""Most rows and columns of a matrix that are shown."""

MOST_LISTED = 16
"""Most numbers of a window that are listed."""

Numbers = NDArray[np.float64]


def read_matrix(path: str | os.PathLike[str]) -> Numbers:
    """Read a matrix from a file of comma-separated numbers, a row per line, without a heading.

    Blank lines are skipped; rows are counted as the file's lines, columns from 1.

    Returns:
        Shape (rows, columns).

    Raises:
        CorpusError: there is no such file, it is too large or not UTF-8 text, it has no
            numbers, rows of unequal length, or an entry that is not a finite number.
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
            rows.append(
                [
                    _number(f"{where}, column {column}", entry)
                    for column, entry in enumerate(entries, 1)
                ]
            )
            if len(entries) != len(rows[0]):
                raise CorpusError(
                    where,
                    f"{_counted(len(entries), 'number')}",
                    f"{len(rows[0])}, as in the first row",
                    "Give every row the same number of entries.",
                )
            numbers += len(entries)
            if numbers > MOST_NUMBERS:
                raise CorpusError(
                    where,
                    f"more than {MOST_NUMBERS:,} numbers",
                    f"a matrix of at most {MOST_NUMBERS:,}",
                    "Use a part of it.",
                )
    except csv.Error as error:
        raise CorpusError(f"{path}, row {reader.line_num}", str(error), *_REMEDY) from error
    if not rows:
        raise CorpusError(
            str(path),
            "no numbers",
            "comma-separated numbers, a row of the matrix per line",
            "Check that this is the right file.",
        )
    return np.array(rows, np.float64)


_REMEDY = ("comma-separated numbers", "Correct the file.")


def _text(path: Path) -> str:
    text = read_text(path, LARGEST_FILE, CorpusError, "file of comma-separated numbers")
    if "\0" in text:
        raise CorpusError(str(path), "bytes that are not text", *_REMEDY)
    return text


def _number(where: str, entry: str) -> float:
    try:
        value = math.nan if "_" in entry else float(entry)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        text = "nothing" if not entry.strip() else repr(entry if len(entry) < 40 else entry[:40])
        raise CorpusError(where, text, "a finite number such as 0.5", "Correct the entry.")
    return value


def as_matrix(name: str, values: ArrayLike) -> Numbers:
    """Return `values` as a matrix.

    Args:
        name: the name of the matrix, for messages.
        values: a row of numbers per row.

    Returns:
        Shape (rows, columns), at least 1 x 1.

    Raises:
        SettingsError: the values aren't numbers up to `LARGEST_NUMBER` in rows of equal length.
    """
    expected = (f"rows of equal length, of numbers up to {LARGEST_NUMBER:g}", "Correct it.")
    try:
        matrix = np.array(values, np.float64)
    except (TypeError, ValueError) as error:
        problem = "rows of unequal length, or an entry that is not a number"
        raise SettingsError(name, problem, *expected) from error
    if matrix.ndim != 2 or not matrix.size:
        raise SettingsError(name, f"shape {matrix.shape}", *expected)
    fits = np.abs(matrix) <= LARGEST_NUMBER  # false for NaN
    if not fits.all():
        row, column = np.argwhere(~fits)[0]
        problem = f"{matrix[row, column]} at row {row}, column {column}, counting from 0"
        raise SettingsError(name, problem, *expected)
    return matrix


def matrix_part(title: str, matrix: Numbers) -> Matrix:
    """Return a matrix as a part of an explanation, cut to `MOST_SHOWN` rows and columns."""
    rows, columns = matrix.shape
    if rows > MOST_SHOWN or columns > MOST_SHOWN:
        corner = f"{min(rows, MOST_SHOWN)} x {min(columns, MOST_SHOWN)}"
        title = f"{title}: the first {corner} of {rows:,} x {columns:,}"
    return Matrix(title, tuple(tuple(row) for row in matrix[:MOST_SHOWN, :MOST_SHOWN].tolist()))


def pad(matrix: Numbers, windows: Sequence[Windows], zeros: bool) -> Numbers:
    """Extend a matrix to everything its windows cover: the padding, and any overhang.

    Args:
        matrix: shape (rows, columns).
        windows: along the rows and along the columns.
        zeros: whether padding is 0; otherwise it is NaN, like the overhang.

    Returns:
        Shape (padded rows, padded columns); the window at (i, j) starts at (i, j) times the
        stride.
    """
    reach = [max(axis.padded, (axis.outputs - 1) * axis.stride + axis.kernel) for axis in windows]
    padded = np.full(reach, np.nan)
    if zeros:
        padded[: windows[0].padded, : windows[1].padded] = 0
    top, left = (axis.before for axis in windows)
    padded[top : top + matrix.shape[0], left : left + matrix.shape[1]] = matrix
    return padded


def window_text(under: Numbers) -> str:
    """Return the numbers of a window on one line, a slash between rows, a dot for NaN."""
    if under.size > MOST_LISTED:
        first = " ".join(map(_entry, under.flat[:MOST_LISTED]))
        return f"{first} ... ({under.size:,} numbers)"
    return " / ".join(" ".join(map(_entry, row)) for row in under)


def span(first: int, length: int) -> str:
    """Return `length` positions from `first` as text: "2 to 4"."""
    return str(first) if length == 1 else f"{first} to {first + length - 1}"


def _entry(number: float) -> str:
    return "." if np.isnan(number) else f"{number:.4g}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
