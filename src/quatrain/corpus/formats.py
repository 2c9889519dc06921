"""The file formats that Quatrain reads: the one list of suffixes and their readers.

To add a format, write a module with a function like `tei.poems` and register it in `FORMATS`.
Everything in this package, and every error, takes the suffixes from here. Two texts can't
import this module, because they must load without NumPy: the help in `cli.options` and the
pattern `_FILE_NAME` in `records.verse`. The tests say so if one of them lacks a suffix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from quatrain.corpus import markdown, plain, tables, tei
from quatrain.corpus.raw_poems import RawBatch, ReadContext
from quatrain.errors import InternalError


@dataclass(frozen=True)
class Format:
    """A way to read the files of one suffix.

    Attributes:
        poems: yields a file's poems in batches.
        has_columns: whether the user names the column that holds the poems.
        is_clean: whether `poems` cleans them itself; otherwise `reader` does.
        marks_verse: whether its markup says what is verse, so that nothing need be guessed.
    """

    poems: Callable[[Path, ReadContext], Iterator[RawBatch]]
    has_columns: bool = False
    is_clean: bool = False
    marks_verse: bool = False


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        ".txt": Format(plain.poems, is_clean=True),  # tidied before it is divided into poems
        ".md": Format(markdown.poems, is_clean=True),
        ".jsonl": Format(tables.json_lines, has_columns=True),
        ".jsonl.gz": Format(tables.json_lines, has_columns=True),
        ".csv": Format(tables.comma_separated, has_columns=True),
        ".parquet": Format(tables.parquet, has_columns=True),
        ".xml": Format(tei.poems, marks_verse=True),
        ".tei": Format(tei.poems, marks_verse=True),
    }
)
"""Formats by suffix. A file's suffix may be in lower or upper case."""

SUFFIXES = tuple(FORMATS)
"""Suffixes of the files that Quatrain reads."""

TABLE_SUFFIXES = tuple(suffix for suffix in FORMATS if FORMATS[suffix].has_columns)
"""Suffixes of files with columns."""


def suffix_of(path: Path) -> str:
    """Return which of `SUFFIXES` a file has, "" if none."""
    name = path.name.lower()
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def format_of(path: Path) -> Format:
    """Return the format of a file.

    Raises:
        InternalError: its suffix is not registered; `files` lets no such file through.
    """
    file_format = FORMATS.get(suffix_of(path))
    if file_format is None:
        raise InternalError(f"no format is registered for {path}")
    return file_format


def has_columns(path: Path) -> bool:
    """Return whether a file is a table with columns."""
    return suffix_of(path) in TABLE_SUFFIXES


def is_tei(path: Path) -> bool:
    """Return whether a path is a file of TEI, by its suffix."""
    return suffix_of(path) in {".xml", ".tei"} and path.is_file()
