"""A poem in its file: the rows that its lines stand in, and the file with other lines.

In: a text file or JSON lines, and a poem that was read from it. Out: the poem with its lines as the
file has them, character by character, and the bytes of the file with some lines changed and all
else as it was. Reading tidies spaces and composes accents, which must not change what is kept.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from quatrain.corpus.decoding import encoding_of
from quatrain.corpus.formats import suffix_of
from quatrain.corpus.vocabulary import is_control
from quatrain.errors import CorpusError
from quatrain.records import Line, Poem

_ROW_END = re.compile("(\r\n|[\n\r\v\f\x85\u2028\u2029])")
"""Ends of lines, as reading takes them; each is a part of the split."""

_BYTE_ORDER_MARK = "\ufeff"

_MOST_BETWEEN = 200
"""Rows between two lines of a poem, at most: blank ones, and notes."""

_TEXT, _JSON = frozenset({".txt", ".md"}), ".jsonl"

LARGEST = 2**26
"""Bytes of the largest file that is held in memory to be rewritten."""


@dataclass(frozen=True)
class PoemFile:
    """A file, and one poem of it.

    Attributes:
        path: of the file.
        poem: with its lines as the file has them.
        poet: name of the poet that wrote the poem, if the file says so, or empty.
    """

    path: Path
    poem: Poem
    poet: str = ""
    _rows: Sequence[str] = ()
    _places: Sequence[int | None] = ()
    _encoding: str = "utf-8"
    _record: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path, poem: Poem, *, encoding: str | None = None) -> PoemFile:
        """Find a poem in the file that it was read from.

        A file of another format gives the poem as it was read.

        Args:
            path: the file.
            poem: the poem, with the number of its first line or of its row.
            encoding: the file's encoding, if the user named it.

        Raises:
            CorpusError: the file can't be read.
            OSError: likewise.
        """
        suffix = suffix_of(path)
        if suffix not in _TEXT | {_JSON} or not path.is_file() or path.stat().st_size > LARGEST:
            return cls(path, poem)
        name, _ = encoding_of(path, encoding or ("utf-8" if suffix == _JSON else None))
        name = "utf-8" if name == "utf-8-sig" else name  # so that the mark stays
        text = path.read_bytes().decode(name)
        if suffix == _JSON:
            return cls._of_json(path, poem, text)
        rows = _ROW_END.split(text)
        places = _places(poem, rows)
        return cls(path, _as_in_rows(poem, rows, places), "", rows, places, name)

    @classmethod
    def _of_json(cls, path: Path, poem: Poem, text: str) -> PoemFile:
        rows = re.split("(\n)", text)
        place = 2 * (poem.line - 1)
        record = json.loads(rows[place].removeprefix(_BYTE_ORDER_MARK))
        verse = record.get("lines")
        if isinstance(record.get("text"), str):
            verse = record["text"].split("\n")
        if isinstance(verse, list) and all(isinstance(line, str) for line in verse):
            exact = Poem.from_lines(verse)
            if [_plain(line.text) for line in exact] == [_plain(line.text) for line in poem]:
                poem = replace(poem, stanzas=exact.stanzas)
        source = record.get("source")
        written = "seed" in record and isinstance(record.get("settings"), dict)
        poet = source if written and isinstance(source, str) else ""
        return cls(path, poem, poet, rows, [place], "utf-8", record)

    @property
    def content(self) -> bytes:
        """Bytes of the file as it was read; none for another format."""
        return "".join(self._rows).encode(self._encoding)

    def rewritten(self, revised: Poem, numbers: Collection[int]) -> bytes:
        """Return the file with some lines of another version of its poem.

        Args:
            revised: the poem, with as many lines.
            numbers: of the lines that changed, from 1.

        Raises:
            CorpusError: the file is of another format, or a line stands in no row of its own, or
                the file's encoding lacks a character of the new lines.
        """
        rows = list(self._rows)
        if not rows:
            raise self._unchangeable(
                f"the format {suffix_of(self.path) or 'of no suffix'}, or too large a file",
                f"a file ending in {', '.join(sorted(_TEXT))} or {_JSON}",
            )
        if self._record:
            mark = _BYTE_ORDER_MARK * rows[self._row(1)].startswith(_BYTE_ORDER_MARK)
            end = "\r" * rows[self._row(1)].endswith("\r")
            rows[self._row(1)] = mark + self._rewritten_record(revised) + end
        else:
            for number in numbers:
                old = self.poem.lines[number - 1].text.strip()
                row = rows[self._row(number)]
                if old not in row:
                    raise self._in_no_row(number)
                new = revised.lines[number - 1].text.strip()
                rows[self._row(number)] = row.replace(old, new, 1)
        try:
            return "".join(rows).encode(self._encoding)
        except UnicodeEncodeError as error:
            sign = error.object[error.start]
            raise self._unchangeable(
                f"the encoding {self._encoding}, which lacks {sign!r}", "a file in UTF-8"
            ) from error

    def _rewritten_record(self, revised: Poem) -> str:
        """Return the row of JSON with another version of its poem."""
        record = dict(self._record)
        if isinstance(record.get("lines"), list):
            plain = all(isinstance(line, str) for line in record["lines"])
            lines = revised.text.split("\n")
            record["lines"] = lines if plain else [{"text": line.text} for line in revised]
        if "text" in record or "lines" not in record:
            record["text"] = revised.text
        for name, value in (("seed", revised.seed), ("settings", dict(revised.settings))):
            if name in record and value not in (None, {}):
                record[name] = value
        return json.dumps(record, ensure_ascii=False)

    def _row(self, number: int) -> int:
        """Return the place of a line's row; of JSON, every line's is the poem's."""
        place = self._places[0 if self._record else number - 1]
        if place is None:
            raise self._in_no_row(number)
        return place

    def _in_no_row(self, number: int) -> CorpusError:
        return self._unchangeable(
            f"line {number}, {self.poem.lines[number - 1].text!r}, which has no row of its own",
            "every line in a row of its own",
        )

    def _unchangeable(self, actual: str, expected: str) -> CorpusError:
        return CorpusError(
            str(self.path),
            actual,
            expected,
            "Leave --in-place out, and save what is printed.",
        )


def as_in_text(poem: Poem, text: str) -> Poem:
    """Return a poem that was read from a text with its lines as the text has them."""
    rows = _ROW_END.split(text)
    return _as_in_rows(poem, rows, _places(poem, rows))


def _places(poem: Poem, rows: Sequence[str]) -> list[int | None]:
    """Return the place among the rows, their ends included, of every line; None if it has none."""
    places: list[int | None] = []
    at = 2 * max(0, poem.line - 1)
    for line in poem.lines:
        words = _words(line.text)
        rest = range(at, min(at + 2 * _MOST_BETWEEN, len(rows)), 2)
        place = next(
            (place for place in rest if rows[place] and _words(rows[place]) == words), None
        )
        places.append(place)
        at = at if place is None else place + 2
    return places


def _as_in_rows(poem: Poem, rows: Sequence[str], places: Sequence[int | None]) -> Poem:
    """Return a poem with its lines as the rows have them, where they are nothing but lines."""
    exact = iter(
        _line_in(line, "" if place is None else rows[place])
        for line, place in zip(poem.lines, places, strict=True)
    )
    return replace(
        poem, stanzas=tuple(tuple(next(exact) for _ in stanza) for stanza in poem.stanzas)
    )


def _line_in(line: Line, row: str) -> Line:
    row = row.removeprefix(_BYTE_ORDER_MARK)
    obeyed = any(is_control(sign) and not sign.isspace() for sign in row)
    return line if obeyed or _plain(row) != _plain(line.text) else Line(row)


def _plain(text: str) -> str:
    """Return a text as reading composes it, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _words(text: str) -> list[str]:
    """Return the letters and digits of a text, word by word; of a text without any, its signs."""
    composed = unicodedata.normalize("NFC", text).lower()
    return re.findall(r"[^\W_]+", composed) or composed.split()
