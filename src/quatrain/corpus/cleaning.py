"""Cleaning of text, with every change counted.

`clean` takes the raw text of poems and returns the same verse in lines that end in a line feed,
in Unicode's composed form, without invisible characters. It works on large blocks with the
string methods of C, because a corpus may be large.

Leading spaces that all lines of a poem share belong to the page and are removed. The others are
the author's, who may set rhyming lines under each other, and stay.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np

from quatrain.config import Cleaning
from quatrain.corpus.line_ends import plain_line_ends
from quatrain.corpus.vocabulary import code_points, is_control
from quatrain.errors import CorpusError
from quatrain.records import CleaningReport, Omission, UnreadRow

TAB = 4
"""Columns between tab stops."""

MOST_SKIPPED_NAMES = 10_000
"""Skipped files that a report names, at most."""

MOST_UNREAD = 100_000
"""Most rows that are set aside because they can't be read."""

MOST_OMISSIONS = 100_000
"""Omissions that a report lists, at most; their counts are always complete."""

_OMISSION_LENGTH = 200
"""Characters of an omitted text that a report keeps."""

_SEPARATOR = "\n\0\n"
_QUOTES = dict.fromkeys("‘’‚‛′ʼ‹›", "'") | dict.fromkeys("“”„‟″«»", '"')
_DASHES = dict.fromkeys("‐‑‒–−", "-") | dict.fromkeys("—―⸺⸻", "--")
_SPACES = dict.fromkeys(
    map(chr, (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)), " "
)
_BREAKS = dict.fromkeys("\x85\u2028\u2029", "\n")
_INVISIBLE = frozenset("\u034f\u2065\ufffe\uffff")
"""Invisible beyond what `is_control` knows: a joiner without effect, and two non-characters."""
_CONTROL = bytes((*range(1, 9), *range(14, 32), 127))
_PAGE_BREAKS = ("\v", "\f")


class Tally(Counter[str]):
    """The counts of a `CleaningReport` in the making, by the report's field names.

    Attributes:
        encodings: encoding -> files read in it.
        rules: rule that separates poems -> text files read by it.
        columns: columns taken, in words -> tables.
        skipped_names: the files left out, with the reason, up to `MOST_SKIPPED_NAMES`.
        omitted: kind of text not taken as verse -> lines.
        omissions: the texts themselves, up to `MOST_OMISSIONS`.
        doubts: lines of verse that may be something else, up to as many.
        file: the file that is being read.
        name: its name within the source.
        unread: rows that can't be read, if they are set aside.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encodings: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.columns: Counter[str] = Counter()
        self.skipped_names: list[str] = []
        self.omitted: Counter[str] = Counter()
        self.omissions: list[Omission] = []
        self.doubts: list[Omission] = []
        self.file = ""
        self.name = ""
        self.unread: list[UnreadRow] = []

    def skip(self, name: str, reason: str) -> None:
        """Count a file or folder that is left out; note those that are not hidden."""
        self["skipped"] += 1
        if reason != "hidden" and len(self.skipped_names) < MOST_SKIPPED_NAMES:
            self.skipped_names.append(f"{name} ({reason})")

    def set_aside(self, line: int, problem: str) -> None:
        """Note a row of the current file that can't be read, or with line 0 its rest.

        Raises:
            CorpusError: there are more than `MOST_UNREAD`.
        """
        if len(self.unread) >= MOST_UNREAD:
            raise CorpusError(
                self.file,
                f"more than {MOST_UNREAD:,} rows that can't be read",
                "rows that hold verse",
                f"The last one: {problem}",
            )
        identifier = f"{self.name}:{line}" if line else self.name
        self.unread.append(UnreadRow(identifier, self.file, line, problem))

    def omit(self, kind: str, text: str, line: int = 0) -> None:
        """Count a text of the current file that is not taken as verse, and note it.

        Args:
            kind: what it is, as `Omission.kind`.
            text: the text; only its beginning is kept. Its lines that are not blank are counted.
            line: number of its first line in the file, from 1; 0 if unknown.
        """
        lines = sum(1 for row in text.split("\n") if row and not row.isspace())
        self.omitted[kind] += lines
        if len(self.omissions) < MOST_OMISSIONS:
            start = " ".join(text[: 2 * _OMISSION_LENGTH].split())[:_OMISSION_LENGTH]
            self.omissions.append(Omission(kind, start, self.file, line, lines))

    def doubt(self, kind: str, text: str, line: int = 0) -> None:
        """Note a line that is taken as verse though it may be something else, such as a title."""
        if len(self.doubts) < MOST_OMISSIONS:
            self.doubts.append(Omission(kind, text[:_OMISSION_LENGTH], self.file, line))

    def report(self) -> CleaningReport:
        """Return the counts so far as a record."""
        return CleaningReport(
            **self,
            encodings=dict(self.encodings),
            rules=dict(self.rules),
            columns=dict(self.columns),
            skipped_names=tuple(self.skipped_names),
            omitted=dict(self.omitted),
            omissions=tuple(self.omissions),
            doubts=tuple(self.doubts),
        )


def tidy(text: str, cleaning: Cleaning, tally: Tally) -> str:
    """Clean a block of whole lines; runs of blank lines and indentation stay as they are.

    U+0000 passes through: callers use it to mark the borders of poems.
    """
    text, ends = plain_line_ends(text)
    tally["line_endings"] += ends
    if not text.isascii():
        text = _plain_unicode(text, cleaning, tally)
    data = text.encode()
    visible = data.translate(None, _CONTROL)
    if len(visible) != len(data):
        tally["control"] += len(data) - len(visible)
        text = _composed(visible.decode(), tally)  # one may have stood between letter and accent
    for character in _PAGE_BREAKS:
        if character in text:
            tally["line_endings"] += text.count(character)
            text = text.replace(character, "\n")
    if "\t" in text:
        tally["spaces"] += text.count("\t")
        text = text.expandtabs(TAB)
    if " \n" in text:
        tally["trailing"] += text.count(" \n")
        text = text.replace(" \n", "\n")
        if " \n" in text:  # more than one at an end: by line, so that a thousand cost no more
            text = "\n".join([line.rstrip(" ") for line in text.split("\n")])
    return text


def clean(texts: Sequence[str], cleaning: Cleaning, tally: Tally) -> list[str]:
    """Clean whole poems; one that holds nothing comes back as an empty text."""
    if not texts:
        return []
    joined = _SEPARATOR.join(texts)
    if joined.count("\0") != len(texts) - 1:
        plain = [text.replace("\0", "") for text in texts]
        tally["control"] += sum(map(len, texts)) - sum(map(len, plain))
        joined = _SEPARATOR.join(plain)
    joined = tidy(joined + "\n", cleaning, tally)
    before = len(joined)
    while "\n\n\n" in joined:
        joined = joined.replace("\n\n\n", "\n\n")
    tally["blank"] += before - len(joined)
    return set_flush(joined.split("\0"), tally)


def set_flush(texts: Sequence[str], tally: Tally) -> list[str]:
    """Take blank lines off both ends of tidy poems, and the indentation all lines share."""
    flush = [text.strip("\n") for text in texts]
    if any(text.startswith(" ") for text in flush):
        for number, text in enumerate(flush):
            if text.startswith(" "):
                flush[number] = _without_common_indentation(text)
                tally["indented"] += len(flush[number]) != len(text)
    return flush


def _without_common_indentation(text: str) -> str:
    lines = text.split("\n")
    common = min(len(line) - len(line.lstrip(" ")) for line in lines if line)
    return "\n".join(line[common:] for line in lines)


def _invisible(character: str) -> bool:
    return character in _INVISIBLE or is_control(character)


def _plain_unicode(text: str, cleaning: Cleaning, tally: Tally) -> str:
    codes = code_points(text)
    present = set(map(chr, np.unique(codes[codes > 127]).tolist()))
    folds: list[tuple[str, dict[str, str]]] = [
        ("line_endings", _BREAKS),
        ("control", dict.fromkeys(filter(_invisible, present - _BREAKS.keys()), "")),
        ("spaces", _SPACES),
    ]
    if cleaning.fold_quotes:
        folds.append(("quotes", _QUOTES))
    if cleaning.fold_dashes:
        folds.append(("dashes", _DASHES))
    for name, fold in folds:
        for character in sorted(present & fold.keys()):
            tally[name] += text.count(character)
            text = text.replace(character, fold[character])
    return _composed(text, tally)


def _composed(text: str, tally: Tally) -> str:
    if not unicodedata.is_normalized("NFC", text):
        lines = text.split("\n")
        composed = [unicodedata.normalize("NFC", line) for line in lines]
        tally["normalised"] += sum(map(str.__ne__, lines, composed))
        text = "\n".join(composed)
    return text
