"""Text made plain, and every change counted.

In: the raw text of poems. Out: the same verse in lines that end in a line
feed, in Unicode's composed form, without invisible characters. All of it works
on large blocks with the string methods of C, because a corpus may be large.

Leading spaces: those all lines of a poem share are the page's and are removed;
what is left is the poet's, who sets rhyming lines under each other, and stays.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from quatrain.config import Cleaning
from quatrain.corpus.vocabulary import code_points, is_control
from quatrain.records import CleaningReport

TAB = 4
"""Columns between tab stops."""

_SEPARATOR = "\n\0\n"
_QUOTES = dict.fromkeys("‘’‚‛′ʼ‹›", "'") | dict.fromkeys("“”„‟″«»", '"')
_DASHES = dict.fromkeys("‐‑‒–−", "-") | dict.fromkeys("—―⸺⸻", "--")
_SPACES = dict.fromkeys(
    map(chr, (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)), " "
)
_BREAKS = dict.fromkeys("\x85\u2028\u2029", "\n")
_INVISIBLE = frozenset("\u034f\u2065\ufffe\uffff")
"""Of those that `is_control` does not know: a joiner without effect, and no characters at all."""
_CONTROL = bytes((*range(1, 9), *range(14, 32), 127))
_PAGE_BREAKS = ("\v", "\f")


@dataclass
class Tally:
    """A `CleaningReport` while it is being counted; the fields are the report's."""

    files: int = 0
    unsupported: int = 0
    encodings: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    poems: int = 0
    empty: int = 0
    duplicates: int = 0
    dropped: int = 0
    cut: int = 0
    boilerplate: int = 0
    titles: int = 0
    line_endings: int = 0
    quotes: int = 0
    dashes: int = 0
    spaces: int = 0
    control: int = 0
    trailing: int = 0
    blank: int = 0
    indented: int = 0
    normalised: int = 0

    def report(self) -> CleaningReport:
        """The counts so far."""
        values = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        return CleaningReport(
            **values | {"encodings": dict(self.encodings), "rules": dict(self.rules)}
        )


def tidy(text: str, cleaning: Cleaning, tally: Tally) -> str:
    """Clean a block of whole lines; runs of blank lines and indentation stay as they are.

    U+0000 passes through: callers use it to mark the borders of poems.
    """
    if "\r" in text:
        tally.line_endings += text.count("\r")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = _plain_unicode(text, cleaning, tally)
    data = text.encode()
    kept = data.translate(None, _CONTROL)
    if len(kept) != len(data):
        tally.control += len(data) - len(kept)
        text = _composed(kept.decode(), tally)  # one may have stood between letter and accent
    for character in _PAGE_BREAKS:
        if character in text:
            tally.line_endings += text.count(character)
            text = text.replace(character, "\n")
    if "\t" in text:
        tally.spaces += text.count("\t")
        text = text.expandtabs(TAB)
    if " \n" in text:
        tally.trailing += text.count(" \n")
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
        tally.control += sum(map(len, texts)) - sum(map(len, plain))
        joined = _SEPARATOR.join(plain)
    joined = tidy(joined + "\n", cleaning, tally)
    before = len(joined)
    while "\n\n\n" in joined:
        joined = joined.replace("\n\n\n", "\n\n")
    tally.blank += before - len(joined)
    return set_flush(joined.split("\0"), tally)


def set_flush(texts: Sequence[str], tally: Tally) -> list[str]:
    """Take blank lines off both ends of tidy poems, and the indentation all lines share."""
    flush = [text.strip("\n") for text in texts]
    if any(text.startswith(" ") for text in flush):
        for number, text in enumerate(flush):
            if text.startswith(" "):
                flush[number] = _without_common_indentation(text)
                tally.indented += len(flush[number]) != len(text)
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
            setattr(tally, name, getattr(tally, name) + text.count(character))
            text = text.replace(character, fold[character])
    return _composed(text, tally)


def _composed(text: str, tally: Tally) -> str:
    if not unicodedata.is_normalized("NFC", text):
        lines = text.split("\n")
        composed = [unicodedata.normalize("NFC", line) for line in lines]
        tally.normalised += sum(map(str.__ne__, lines, composed))
        text = "\n".join(composed)
    return text
