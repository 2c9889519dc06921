"""Project Gutenberg's headers, licences and producers' notes in plain text.

`LicenceFilter` takes a text block by block and returns it with these emptied, line for line. A file
may hold several books, and what a reader wrote around them; all of that stays.

A header begins with a line that names Project Gutenberg and a book, and ends with a marker such as
`*** START OF ...` or `*END*THE SMALL PRINT!`. A licence begins with a marker such as `*** END OF
...` or `End of Project Gutenberg's ...`. It has no marker at its end: it goes on as long as its
paragraphs speak of eBooks, donations and the like.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from typing import NamedTuple

from quatrain.corpus.cleaning import Tally
from quatrain.corpus.paratext.rows import LineNumbers

_STAR = r"[ \t]*\**[ \t]*"
_PRINT = r"SMALL[ \t]+PRINT"
_START = re.compile(
    rf"{_STAR}START\W+(?:OF\W+)?(?:THE|THIS)?\W*(?:COPYRIGHTED\W+)?PROJECT\W+GUTENBERG",
    re.IGNORECASE,
)
_SMALL_PRINT_END = re.compile(rf"{_STAR}END\W+(?:OF\W+)?(?:THE\W+)?{_PRINT}", re.IGNORECASE)
_END = re.compile(
    rf"{_STAR}(?:THE\W+)?END\W+(?:OF\W+)?(?:THE\W+|THIS\W+)?(?:IS\W+)?(?:COPYRIGHTED\W+)?"
    r"(?:VOLUME\W+.{0,40})?PROJECT\W+GUTENBERG"
    rf"|{_STAR}(?:Ende\s+dieses\s+(?:Projekt|Project)\s+Gutenberg|Ende\s+dieses\s+Etextes"
    r"|Fin\s+d[eu]\s+(?:ce\s+)?(?:Projet|Project)\s+Gutenberg|Fine\s+(?:di\s+questo\s+)?Project"
    r"\s+Gutenberg|Einde\s+van\s+(?:het\s+|dit\s+)?Project\s+Gutenberg|Fin\s+del\s+Proyecto"
    r"\s+Gutenberg|Slutet\s+p.\s+Project\s+Gutenberg|Loppu\s+Project\s+Gutenberg"
    r"|Fim\s+d[eo]\s+Project\s+Gutenberg)"
    rf"|{_STAR}This\s+is\s+a\s+COPYRIGHTED\s+Project\s+Gutenberg\s+E\w+,?\s+Details\s+Above",
    re.IGNORECASE,
)
_BOOK = re.compile(
    rf"{_STAR}(?:This\s+is\s+)?(?:The\s+)?Project\s+Gutenberg(?:['’]s)?\s+"
    r"(?:E-?(?:book|text)\b(?=\s+of\b|,|:|\W*$)|Edition\s+of\b|Presentation\s+of\b)"
    rf"|{_STAR}Project\s+Gutenberg['’]s\s+.{{3,}}?,?\s+by\s",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"[ \t]*(?:START: FULL LICENSE|THE FULL PROJECT GUTENBERG(?:-tm)? LICENSE)"
    rf"|{_STAR}Welcome\s+To\s+The\s+World\s+of\s+Free\s+Plain\s+Vanilla"
    rf"|{_STAR}Copyright\s+laws\s+are\s+changing\s+all\s+over\s+the\s+world"
    rf"|{_STAR}START\W+THE\W+{_PRINT}",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"gutenberg|\be-?(?:book|text)s?\b|\belectronic works?\b|\bdonations?\b|\btrademark\b"
    r"|\broyalt(?:y|ies)\b|\bindemni|https?:|www\.|ftp[. ]|@\w+\.\w|\bASCII\b"
    r"|\bISO[- ]?(?:8859|646)|\bcharacter set\b|\b1\.[A-F]\.\d?|^\W*Section\s+\d\."
    r"|\.(?:txt|zip)\b"
    r"|\bSMALL PRINT\b|\bRelease Date\b|\btax[- ]deductible\b|\bMichael S?\.? ?Hart\b"
    r"|^\W*(?:Title|Author|Editor|Translator|Illustrator|Contributor|Release Date|Posting Date"
    r"|Last Updated|Most recently updated|First Posted|Language|Credits|Edition|Produced by)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
"""Words of licences that are not words of verse."""

_LEGAL_IN_PROSE = re.compile(
    r"\bcontributions?\b|\bcopyright|\blicen[sc]e\b|\bpublic domain\b|\brefund\b|\bFoundation\b"
    r"|\bwarrant(?:y|ies)\b|\bdisclaimer\b|\bvolunteers\b|\bnewsletter\b|\bdownload"
    r"|\bweb ?(?:page|site)s?\b|\bproofread|\bthis (?:file|header|notice)\b|\bStatesboro\b"
    r"|\bSalt Lake City\b|\bdistribut|\bstatement\b|\bdamages\b",
    re.IGNORECASE,
)
"""Words of licences that verse may use, too; they count in capitals and in lines of prose."""

_PROSE = 50
"""Characters in the longest line of a paragraph of prose, at least."""

_LAST_WORDS = re.compile(r"newsletter\s+to\s+hear\s+about\s+new\s+e-?books", re.IGNORECASE)
"""Last words of Project Gutenberg's licence, in every version since 2003."""

_PRODUCERS = re.compile(
    r"\s*[\[(*_]*(?:(?:this )?(?:e-?(?:text|book)|electronic (?:text|edition)|file|book)"
    r" (?:was )?(?:produced|prepared|scanned|typed|transcribed|created|proofed)"
    r"|produced (?:by|from)|prepared by|scanned (?:and|by)|transcribed (?:by|from)|typed (?:in )?by"
    r"|proofed by|distributed proofread|credits? (?:for e-?text|:)|credits\s*:|edited by .*html"
    r"|html (?:version|edition) by|transcriber['’]?s?['’]? notes?\b|transcriber['’]s? note"
    r"|\(?this (?:file|book|e-?(?:text|book)) was produced from"
    r"|images? (?:of|generously|courtesy)"
    r"|\(?images? generously|note:\s+(?:project gutenberg|images of|the original|this e-?text)"
    r"|(?:project )?gutenberg also has|an html version|updated editions? will"
    r"|see \d+-h\.(?:htm|zip)"
    r"|digitized by|dieses? (?:e-?text|e-?book)|ce (?:document|livre) (?:fut|a été)"
    r"|online distributed proofreading)",
    re.IGNORECASE,
)
_NOTE_BELOW = re.compile(r"\s*[\[_*]*(?:transcriber|producer|proofer)['’]?s?['’]? notes?\b", re.I)

_QUICK = re.compile(r"[ \t*]*(?:END|START|Ende|Fin|Copyright laws|Welcome To)\b", re.IGNORECASE)
"""Beginning of a marker that may not name Project Gutenberg in its first line."""

_MOST_NOTES = 12
"""Producers' notes below a header, at most; books have up to five."""

_SLACK = 3
"""Paragraphs of a licence in a row, at most, that use none of its words."""


class _Kind(enum.Enum):
    """Kind of a part of a file, by its first line."""

    ORDINARY = enum.auto()
    BOOK = enum.auto()
    INSIDE = enum.auto()
    START = enum.auto()
    SMALL_PRINT_END = enum.auto()
    END = enum.auto()


class _Where(enum.Enum):
    """The region of a file that is being read."""

    VERSE = enum.auto()
    LEGAL = enum.auto()
    NOTES = enum.auto()


class _Part(NamedTuple):
    """Lines of a file that belong together: a paragraph, or a marker."""

    kind: _Kind
    start: int
    end: int
    text: str


def is_gutenberg(text: str) -> bool:
    """Return whether a text names Project Gutenberg."""
    return "Gutenberg" in text or "GUTENBERG" in text or "project gutenberg" in text


class LicenceFilter:
    """Empties the lines of a text that are Project Gutenberg's own.

    Args:
        tally: counts what is emptied.
        numbers: numbers of the file's lines.
    """

    def __init__(self, tally: Tally, numbers: LineNumbers) -> None:
        self._tally = tally
        self._numbers = numbers
        self._where = _Where.VERSE

    def filtered(self, text: str, line: int) -> str:
        """Return a text without what is Project Gutenberg's, line for line.

        Args:
            text: whole lines.
            line: place of the first line.
        """
        if self._where is _Where.VERSE and not is_gutenberg(text):
            return text
        rows = text.split("\n")
        parts = _parts(rows)
        for kind, first, last in self._regions(parts):
            start, end = parts[first].start, parts[last].end
            emptied = "\n".join(rows[start:end])
            self._tally.omit(kind, emptied, self._numbers.in_file(line + start))
            rows[start:end] = [""] * (end - start)
        return "\n".join(rows)

    def _regions(self, parts: list[_Part]) -> Iterator[tuple[str, int, int]]:
        """Yield the parts to be emptied: what they are, the first and the last."""
        at = 0
        while at < len(parts):
            part = parts[at]
            if part.kind in (_Kind.START, _Kind.SMALL_PRINT_END):
                yield "licence", _first_legal(parts, at), at
                self._where = _Where.NOTES
                at += 1
            elif part.kind in (_Kind.BOOK, _Kind.INSIDE, _Kind.END):
                last = _last_of_region(parts, at)
                self._where = _Where.LEGAL
                if parts[last].kind in (_Kind.START, _Kind.SMALL_PRINT_END):
                    self._where = _Where.NOTES
                yield "licence", at, last
                at = last + 1
            elif self._where is _Where.LEGAL:
                last = _last_legal(parts, at - 1)
                if last >= at:
                    yield "licence", at, last
                self._where = _Where.VERSE
                at = last + 1
            elif self._where is _Where.NOTES:
                last = _last_note(parts, at)
                if last >= at:
                    yield "producer's note", at, last
                self._where = _Where.VERSE
                at = last + 1
            else:
                if _NOTE_BELOW.match(part.text):
                    last = _end_of_bracket(parts, at)
                    if "\n" not in part.text and last == at and not part.text.endswith("]"):
                        last = min(at + 1, len(parts) - 1)  # a heading and the note below it
                    yield "producer's note", at, last
                    at = last
                at += 1


def _parts(rows: list[str]) -> list[_Part]:
    """Divide lines into paragraphs, and these at markers."""
    parts: list[_Part] = []
    start, kind = 0, _Kind.ORDINARY

    def close(end: int) -> None:
        if end > start:
            parts.append(_Part(kind, start, end, "\n".join(rows[start:end])))

    place = 0
    while place < len(rows):
        row = rows[place]
        if not row:
            close(place)
            start, kind = place + 1, _Kind.ORDINARY
        elif (marker := _marker(row, rows[place + 1] if place + 1 < len(rows) else "")) is not None:
            close(place)
            start, kind = place, marker
            if marker in (_Kind.START, _Kind.SMALL_PRINT_END):
                place = _end_of_marker(rows, place)
                close(place + 1)
                start, kind = place + 1, _Kind.ORDINARY
        place += 1
    close(len(rows))
    return parts


def _marker(row: str, below: str) -> _Kind | None:
    """Return what marker a line is, or begins together with the line below; None if none."""
    if not is_gutenberg(row) and not is_gutenberg(below) and not _QUICK.match(row):
        return None
    two = f"{row} {below}"
    if _START.match(two):
        return _Kind.START
    if _SMALL_PRINT_END.match(row):
        return _Kind.SMALL_PRINT_END
    if _END.match(two):
        return _Kind.END
    if _BOOK.match(two):
        return _Kind.BOOK
    return _Kind.INSIDE if _INSIDE.match(two) else None


def _end_of_marker(rows: list[str], place: int) -> int:
    """Return the last line of a marker; it ends in stars, perhaps some lines below."""
    if "*" not in rows[place][:6]:
        return place
    for last in range(place, min(place + 5, len(rows))):
        if not rows[last]:
            break
        if rows[last].rstrip().endswith("*"):
            return last
    return place


def _last_of_region(parts: list[_Part], at: int) -> int:
    """Return the last part of a header or licence that begins at `at`."""
    footer = parts[at].kind is _Kind.END
    for place in range(at + 1, len(parts)):
        kind = parts[place].kind
        if kind is _Kind.SMALL_PRINT_END or (kind is _Kind.START and not footer):
            return place
        if kind in (_Kind.END, _Kind.START) or (kind is _Kind.BOOK and footer):
            break
    return _last_legal(parts, at)


def _last_legal(parts: list[_Part], at: int) -> int:
    """Return the last of the parts after `at` that go on speaking of licences."""
    last, unlike = at, 0
    for place in range(at + 1, len(parts)):
        part = parts[place]
        if part.kind in (_Kind.BOOK, _Kind.START) or _LAST_WORDS.search(parts[last].text):
            break
        if part.kind is not _Kind.ORDINARY or _is_legal(part.text):
            last, unlike = place, 0
        else:
            unlike += 1
            if unlike > _SLACK:
                break
    return last


def _is_legal(text: str) -> bool:
    """Return whether a paragraph speaks of eBooks, licences or donations."""
    if _LEGAL.search(text):
        return True
    prose = text.isupper() or max(map(len, text.split("\n"))) >= _PROSE
    return prose and bool(_LEGAL_IN_PROSE.search(text))


def _first_legal(parts: list[_Part], at: int) -> int:
    """Return the first of the parts just before `at` that speak of licences."""
    first = at
    while first and parts[first - 1].kind is _Kind.ORDINARY and _is_legal(parts[first - 1].text):
        first -= 1
    return first


def _last_note(parts: list[_Part], at: int) -> int:
    """Return the last of the producers' notes that begin at `at`; the part before if none do."""
    last = at - 1
    while last + 1 < len(parts) and last - at < _MOST_NOTES:
        part = parts[last + 1]
        if part.kind is not _Kind.ORDINARY or not _PRODUCERS.match(part.text):
            break
        last = _end_of_bracket(parts, last + 1)
    return last


def _end_of_bracket(parts: list[_Part], at: int) -> int:
    """Return the part where the bracket closes that a part opens; the part itself if none does."""
    if not parts[at].text.lstrip(" _*").startswith("["):
        return at
    for place in range(at, min(at + _MOST_NOTES, len(parts))):
        if parts[place].text.rstrip(" _*").endswith("]"):
            return place
    return at
