"""A folder of results: its record, its parts, which are whole, and what is left to do.

    results/
      run.json                       the record of the run
      poems/part-00000.parquet       one folder for each table, one file for each block of poems
      lines/part-00000.parquet
      ...

A file is written under another name, and renamed when it is whole. A block is done when each
table has its part, even one without a row.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from quatrain.errors import OutputError
from quatrain.scale.arrow import count_rows, write_table
from quatrain.scale.columns import TABLES
from quatrain.scale.provenance import FILE, RunRecord
from quatrain.scale.rows import Row

PROBLEMS = "problems"
"""Table of what was set aside; what could not be read is in a part of its own."""

_PARTIAL = ".partial"


@dataclasses.dataclass(frozen=True)
class ResultsFolder:
    """The folder of a run.

    Attributes:
        path: the folder.
        suffix: suffix of the parts, without the dot.
    """

    path: Path
    suffix: str

    def open(self, record: RunRecord, *, resume: bool) -> RunRecord:
        """Prepare the folder for a run: a new one, or one that goes on.

        Args:
            record: the record of the run that wants to write here.
            resume: whether to go on with what is there.

        Returns:
            The record that counts: with `resume`, the one that is there. It is not finished if
            parts are missing.

        Raises:
            OutputError: the folder holds something else, or results of another run, or can't be
                written.
        """
        try:
            entries = sorted(self.path.iterdir()) if self.path.exists() else []
            entries = [path for path in entries if path.name != f"{FILE}{_PARTIAL}"]
            if not entries:
                self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(self.path, error) from error
        if not entries:
            self.save(record)
            return record
        if not (self.path / FILE).is_file():
            raise OutputError(
                str(self.path),
                f"a folder with other files, such as {entries[0].name}",
                "an empty folder, or one that doesn't exist",
                "Choose another folder.",
                message=f"{self.path} holds other files, such as {entries[0].name}.",
            )
        before = RunRecord.read(self.path)
        differences = record.differences(before)
        if resume and not differences:
            if before.finished and self.counts() != before.counts:
                return dataclasses.replace(before, finished=False, counts={})
            return before
        if resume:
            raise OutputError(
                str(self.path),
                f"results of another run: it differs in {' and '.join(differences)}",
                "the same run",
                "Write into another folder, or go back to what the first run had.",
                message=f"{self.path} holds results of another run, which differs in "
                f"{' and in '.join(differences)}.",
            )
        state = "all results" if before.finished else "a part of the results"
        remedy = "Choose another folder."
        if not differences and not before.finished:
            remedy = "Add --resume to go on with them, or choose another folder."
        raise OutputError(
            str(self.path),
            f"{state} of a run",
            "an empty folder",
            remedy,
            message=f"{self.path} holds {state} of {'this' if not differences else 'another'} run.",
        )

    def save(self, record: RunRecord) -> None:
        """Write the record, replacing the one before.

        Raises:
            OutputError: the disk is full, or the folder can't be written.
        """
        path = self.path / FILE
        partial = self.path / f"{FILE}{_PARTIAL}"
        try:
            partial.write_text(record.as_json() + "\n", encoding="utf-8")
            _settle(partial, path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise unwritable(path, error) from error

    def has(self, number: int) -> bool:
        """Return whether a block is done."""
        return all(self._part(table, number).is_file() for table in TABLES)

    def write(self, number: int, tables: Mapping[str, Sequence[Row]]) -> None:
        """Write the tables of a block.

        Raises:
            OutputError: the disk is full, or the folder can't be written.
        """
        for table in TABLES:
            self._write(self._part(table, number), table, tables[table])

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table.

        Raises:
            OutputError: a part is damaged.
        """
        return {
            table: sum(map(_rows_of, (self.path / table).glob(f"[!.]*.{self.suffix}")))
            for table in TABLES
        }

    def write_unread(self, rows: Sequence[Row]) -> None:
        """Write what could not be read, as a part of its own of `problems`.

        Raises:
            OutputError: the disk is full, or the folder can't be written.
        """
        self._write(self.path / PROBLEMS / f"unread.{self.suffix}", PROBLEMS, rows)

    def _write(self, path: Path, table: str, rows: Sequence[Row]) -> None:
        partial = path.with_name(f".{path.stem}{_PARTIAL}.{self.suffix}")
        try:
            path.parent.mkdir(exist_ok=True)
            write_table(partial, table, rows)
            _settle(partial, path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise unwritable(path, error) from error

    def _part(self, table: str, number: int) -> Path:
        return self.path / table / f"part-{number:05}.{self.suffix}"


def unwritable(path: Path, error: OSError) -> OutputError:
    """Return the error for a file or folder that can't be written."""
    return OutputError(
        str(path),
        (error.strerror or str(error)).lower(),
        "a place that can be written",
        "Make room or choose another folder; what is done stays, and --resume goes on with it.",
    )


def _rows_of(path: Path) -> int:
    """Return the number of rows in a part.

    Raises:
        OutputError: it is damaged.
    """
    try:
        return count_rows(path)
    except (OSError, ValueError) as error:
        raise OutputError(
            str(path),
            "a damaged part of the results",
            "a whole one",
            "Delete this file; --resume makes it again.",
        ) from error


def _settle(partial: Path, path: Path) -> None:
    """Put a whole file in its place, so that a power cut leaves it or the one before."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(path)
