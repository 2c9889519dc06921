"""JSON lines: one object per line, packed with gzip or not."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quatrain.corpus.raw_poems import RawBatch, RawPoem, ReadContext
from quatrain.corpus.tables.cells import BATCH, Budget, check_size, empty, kind_of, poem_of
from quatrain.corpus.tables.columns import Columns, choose, listed, obvious
from quatrain.errors import CorpusError

_MOST_LAYOUTS = 1000
"""Different lists of keys that are remembered."""

_REMEDY = 'Write each poem as one line such as {"lines": ["first", "second"]}.'


def json_lines(path: Path, context: ReadContext) -> Iterator[RawBatch]:
    """Read `.jsonl` or `.jsonl.gz`: a row has `lines` ("" ends a stanza) or `text`.

    A key whose name says that it holds verse, such as `poem`, is taken, too.

    Raises:
        CorpusError: a row is not such an object, is too long, or the gzip data are broken
            or unpack to more than `LARGEST_RATIO` allows; the line number is named.
    """
    context.tally.encodings["utf-8"] += 1
    chosen: dict[tuple[str, ...], Columns] = {}
    poems: list[RawPoem] = []
    size = number = 0
    with path.open("rb") as raw:
        packed = path.suffix.lower() == ".gz"
        file = gzip.GzipFile(fileobj=raw) if packed else raw
        for number, line in _lines(file, path, Budget(path) if packed else None):
            where = f"{path}, line {number}"
            try:
                row = _object(line, where)
                keys = tuple(row)
                if keys not in chosen:
                    chosen[keys] = _columns(row, context, where)
                fields = context.with_fields
                poems.append(poem_of(row, chosen[keys], where, number, with_fields=fields))
            except CorpusError as error:
                context.refuse(error, number)
            size += len(line)
            if size > BATCH:
                yield RawBatch(poems, raw.tell())
                poems, size = [], 0
            if len(chosen) > _MOST_LAYOUTS:
                chosen.clear()
        if not raw.tell():
            raise empty(path)
    for name in sorted({str(columns) for columns in chosen.values()}):
        context.tally.columns[name] += 1
    yield RawBatch(poems, path.stat().st_size)


def _lines(
    file: io.BufferedReader | gzip.GzipFile, path: Path, budget: Budget | None
) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers, from 1."""
    held = b""
    number = 0
    while True:
        block, error = _block(file)
        if budget:
            budget.spend(len(block), f"{path}, line {number + 1}")
        *lines, held = (held + block).split(b"\n")
        if not block and not error:
            lines = [held]
        for line in lines:
            number += 1
            check_size(len(line), f"{path}, line {number}")
            if line and not line.isspace():
                yield number, line
        if error:
            raise CorpusError(
                f"{path}, line {number + 1}",
                f"broken gzip data ({error})",
                "a whole gzip file",
                "Fetch or pack the file again.",
            ) from error
        if not block:
            return
        check_size(len(held), f"{path}, line {number + 1}")


def _block(file: io.BufferedReader | gzip.GzipFile) -> tuple[bytes, Exception | None]:
    """Read up to `BATCH` bytes; return them, and the error that the next bytes would give."""
    parts: list[bytes] = []
    size = 0
    while size < BATCH:
        try:
            part = file.read1(BATCH - size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            return b"".join(parts), error
        if not part:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts), None


def _object(line: bytes, where: str) -> dict[str, Any]:
    """Return the object in a line of JSON."""
    try:
        row = json.loads(line, object_pairs_hook=_without_repeats)
    except _RepeatedKeyError as error:
        raise CorpusError(
            where, f"the key {error.key!r:.60} twice", "every key once", "Remove one of them."
        ) from None
    except (ValueError, RecursionError) as error:
        raise CorpusError(where, f"malformed JSON ({error})", "one object", _REMEDY) from error
    if not isinstance(row, dict):
        raise CorpusError(where, f"a JSON {kind_of(row)}", "one object", _REMEDY)
    return row


class _RepeatedKeyError(Exception):
    """A key that an object of JSON has twice."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a dict of the pairs of an object; a key that comes twice would hide a value."""
    row = dict(pairs)
    if len(row) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _RepeatedKeyError(next(key for key in keys if keys.count(key) > 1))
    return row


def _columns(row: dict[str, Any], context: ReadContext, where: str) -> Columns:
    """Choose the keys to read; `lines` and `text` are Quatrain's own."""
    names = list(row)
    facts = {fact: name for fact, name in context.facts.items() if name in row}
    if context.column is not None:
        return choose(names, context.column, where, facts)
    lines = row.get("lines")
    if isinstance(lines, list) and lines and all(isinstance(line, dict) for line in lines):
        verse = "text" if "text" in row else "lines"  # as `write --json` prints a poem
        return choose(names, verse, where, facts)
    verse = next((name for name in ("lines", "text") if row.get(name) is not None), "")
    if verse:
        return choose(names, verse, where, facts)
    if len(obvious(names)) != 1:
        raise CorpusError(where, f"the keys {listed(names)}", "'lines' or 'text'", _REMEDY)
    return choose(names, obvious(names)[0], where, facts)
