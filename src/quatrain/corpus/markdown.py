"""Markdown: headings are titles, front matter says who wrote the poems, and when.

`poems` turns a `.md` file into plain text, line by line, and has `plain` read it. Line breaks are
kept as they are: who writes verse in Markdown means them, with or without two spaces at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quatrain.corpus import plain
from quatrain.corpus.cleaning import Tally
from quatrain.corpus.paratext.lines import number_of
from quatrain.corpus.paratext.markup import plain_text
from quatrain.corpus.paratext.rows import LineNumbers
from quatrain.corpus.raw_poems import RawBatch, RawPoem, ReadContext, one_line
from quatrain.records import Paratext

LONGEST_FRONT_MATTER = 200
"""Lines in the longest front matter."""

_HEADING = re.compile(r" {0,3}(?P<level>#{1,6})[ \t]+(?P<title>.*?)[ \t]*#*[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*")
_FENCE = re.compile(r" {0,3}(?:```+|~~~+)[\w -]*")
_TAGS = re.compile(r"\s*(?:#[\w/-]+[ \t,]*)+")
_QUOTE = re.compile(r" {0,3}(?:> ?)+")
_LINE_BLOCK = re.compile(r"\| ?")
_ITEM = re.compile(r"\s*[-*+] +(?=\S)")
_COMMENT = re.compile(r"%%.*?%%")
_IMAGE = re.compile(r"!\[(?P<text>[^\]]*)\](?:\([^)]*\)|\[[^\]]*\])|!\[\[[^\]]*\]\]")
_LINK = re.compile(
    r"\[(?P<text>[^\[\]]+)\](?:\((?:<[^>]*>|[^()\s]*)(?: [\"'][^)]*)?\)|\[[^\[\]]*\])"
)
_WIKI_LINK = re.compile(r"\[\[(?:[^\]|]*\|)?(?P<text>[^\]|]+)\]\]")
_FOOTNOTE = re.compile(r"\[\^(?P<mark>[^\]\s]{1,20})\]")
_REFERENCE = re.compile(r" {0,3}\[[^\]^]+\]:\s+\S+.*")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}]*\}\s*$")
_FIELD = re.compile(r"(?P<name>[\w-]+)\s*:\s*(?P<value>.*)")
_AUTHOR = ("author", "poet", "by", "authors")
_DATE = ("date", "year", "written", "created")
_DEDICATION = ("dedication", "for")


@dataclass
class FrontMatter:
    """Facts that the front matter of a file gives about its poems.

    Attributes:
        title, author: as it gives them, or empty.
        paratexts: date, dedication, subtitle and epigraph.
        headings: headings of the file so far.
    """

    title: str = ""
    author: str = ""
    paratexts: list[Paratext] = field(default_factory=list)
    headings: int = 0

    def read(self, lines: Sequence[str]) -> None:
        """Take in the lines between the two rows of dashes."""
        for line in lines:
            match = _FIELD.fullmatch(line.rstrip())
            if not match:
                continue
            name, value = match["name"].lower(), match["value"].strip()
            value = one_line(value.strip("[]").strip("\"'"))
            if not value:
                continue
            if name == "title":
                self.title = value
            elif name in _AUTHOR:
                self.author = value
            elif name in (*_DATE, *_DEDICATION, "subtitle", "epigraph"):
                kind = "date" if name in _DATE else "dedication" if name in _DEDICATION else name
                self.paratexts.append(Paratext(kind, value))

    def added_to(self, poem: RawPoem, *, first: bool) -> RawPoem:
        """Return a poem with what it lacks: the author, and of a file's only poem the rest."""
        poem = poem._replace(author=poem.author or self.author)
        if not first or self.headings > 1:
            return poem
        kinds = {paratext.kind for paratext in poem.paratexts}
        others = [paratext for paratext in self.paratexts if paratext.kind not in kinds]
        return poem._replace(title=poem.title or self.title, paratexts=(*others, *poem.paratexts))


class _Rewriting:
    """Turns the blocks of a Markdown file into plain text with headings such as `# Title`."""

    def __init__(self) -> None:
        self.front_matter = FrontMatter()
        self._start = True
        self._rows: list[str] = []
        self._place = 0

    def __call__(self, text: str, tally: Tally, line: int, numbers: LineNumbers) -> str:
        """Return a block of whole lines as plain text; line numbers are kept in step."""
        text = _COMMENT.sub("", text) if "%%" in text else text
        rows = text.split("\n")
        self._rows = []
        at = self._front(rows, tally, numbers) if self._start else 0
        self._start = False
        headings = [match for row in rows if (match := _HEADING.fullmatch(row))]
        hashes = bool(headings)
        if at <= 1 and _is_collection(headings):
            collection = next(number for number, row in enumerate(rows) if _HEADING.fullmatch(row))
            tally.omit("title", rows[collection], numbers.in_file(line + collection - at))
            rows[collection] = ""
        while at < len(rows):
            at = self._row(rows, at, tally, line, numbers, hashes=hashes)
        return plain_text("\n".join(self._rows), tally, line, numbers)

    def _front(self, rows: list[str], tally: Tally, numbers: LineNumbers) -> int:
        """Read the front matter; return the row after it."""
        if rows[0].rstrip() not in ("---", "+++"):
            return 0
        for at in range(1, min(len(rows), LONGEST_FRONT_MATTER)):
            if rows[at].rstrip() in ("---", "...", "+++"):
                self.front_matter.read(rows[1:at])
                tally.omit("front matter", "\n".join(rows[1:at]), 2)
                numbers.shift(1, -(at + 1))
                return at + 1
        return 0

    def _row(
        self,
        rows: list[str],
        at: int,
        tally: Tally,
        line: int,
        numbers: LineNumbers,
        *,
        hashes: bool,
    ) -> int:
        """Rewrite one row; return the next one to read."""
        row, place = rows[at], line + len(self._rows)
        below = rows[at + 1] if at + 1 < len(rows) else ""
        above_blank = not self._rows or not self._rows[-1].strip()
        heading = _HEADING.fullmatch(row)
        underlined = above_blank and row.strip() and bool(_UNDERLINE.fullmatch(below))
        if heading or (underlined and not _UNDERLINE.fullmatch(row)):
            self.front_matter.headings += 1
            title = heading["title"] if heading else row.strip()
            if not above_blank:
                numbers.shift(place + 1, 1)
                self._rows.append("")
            self._rows.append(f"# {_inline(_ATTRIBUTES.sub('', title))}".rstrip())
            if not heading:
                numbers.shift(line + len(self._rows), -1)
                return at + 2
            return at + 1
        kind = "markup" if _FENCE.fullmatch(row) else "tags" if _TAGS.fullmatch(row) else ""
        kind = kind or ("source" if _REFERENCE.fullmatch(row) else "")
        blank_again = hashes and not row.strip() and above_blank
        if kind or blank_again:
            if kind:
                tally.omit(kind, row, numbers.in_file(place))
            # Without the row, the blank lines around it would be a wide gap between poems.
            taken = 2 if kind and above_blank and not below.strip() else 1
            numbers.shift(place, -taken)
            return at + taken
        self._rows.append(_inline(_without_marker(rows, at)))
        return at + 1


def poems(path: Path, context: ReadContext) -> Iterator[RawBatch]:
    """Read a Markdown file's poems in batches, tidied.

    Raises:
        CorpusError: as `plain.poems`.
    """
    rewriting = _Rewriting()
    first = True
    for batch, done in plain.poems(path, context, rewriting):
        complete = [
            rewriting.front_matter.added_to(poem, first=first and not number)
            for number, poem in enumerate(batch)
        ]
        first = first and not complete
        yield RawBatch(complete, done)


def _is_collection(headings: Sequence[re.Match[str]]) -> bool:
    """Return whether the first heading is the title of a collection: all others are deeper.

    Numbers below it count the parts of a poem, and a single heading below it is a subtitle.
    """
    levels = [len(heading["level"]) for heading in headings]
    return (
        len(levels) > 2
        and min(levels[1:]) > levels[0]
        and not any(number_of(heading["title"]) for heading in headings[1:])
    )


def _without_marker(rows: Sequence[str], at: int) -> str:
    """Return a row without the sign of a quotation, a line block or a list.

    A dash at the start of a single line is the poet's; it takes two in a row to make a list.
    """
    row = rows[at]
    row = row[match.end() :] if (match := _QUOTE.match(row)) else row
    row = row[match.end() :] if (match := _LINE_BLOCK.match(row)) else row
    item = _ITEM.match(row)
    if item:
        sign = item[0].strip()
        neighbours = [*rows[max(0, at - 1) : at], *rows[at + 1 : at + 2]]
        if all(
            not other.strip() or other.lstrip().startswith(sign + " ") for other in neighbours
        ) and any(other.strip() for other in neighbours):
            return row[item.end() :]
    return row


def _inline(row: str) -> str:
    """Return a line without links, pictures, escapes and the sign of a line break."""
    if "[" in row:
        row = _IMAGE.sub("", row)
        row = _WIKI_LINK.sub(r"\g<text>", row)
        row = _LINK.sub(r"\g<text>", row)
        row = _FOOTNOTE.sub(r"[\g<mark>]", row)
    if "\\" in row:
        row = row.removesuffix("\\")
        row = _ESCAPE.sub(r"\1", row)
    return row
