"""Rows of a text file, and a notebook for what is taken from them.

`Row` is a line with its number in the file; `Findings` gathers what is left out on the way to a
poem, until it is sure that it is a poem.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from quatrain.corpus.cleaning import Tally
from quatrain.records import Paratext

_BELOW = frozenset(
    {
        "date",
        "emphasis",
        "end mark",
        "illustration",
        "note",
        "note mark",
        "page number",
        "rights",
        "running head",
        "ruler",
        "signature",
        "source",
        "stage direction",
    }
)
"""Kinds of text that may follow a poem."""


class LineNumbers:
    """Numbers of a file's lines, after some have been added to the text or taken from it.

    Reading turns one line with a `<br>` into two; a report must still name the line that an
    editor shows.
    """

    def __init__(self) -> None:
        self._places: list[int] = []
        self._shifts: list[int] = []

    @property
    def moved(self) -> bool:
        """True if any line has another number than its place."""
        return bool(self._places)

    def shift(self, place: int, by: int) -> None:
        """Note that lines from `place` on have moved by `by` lines."""
        at = bisect_right(self._places, place)
        before = self._shifts[at - 1] if at else 0
        self._places[at:] = [place, *(later + by for later in self._places[at:])]
        self._shifts[at:] = [before + by, *(later + by for later in self._shifts[at:])]

    def in_file(self, place: int) -> int:
        """Return the number in the file of a line that is at `place` now; both from 1."""
        at = bisect_right(self._places, place)
        return place - (self._shifts[at - 1] if at else 0)


class Row(NamedTuple):
    """A line of a file.

    Attributes:
        number: its number in the file, from 1.
        text: the line, without its end.
    """

    number: int
    text: str

    @property
    def blank(self) -> bool:
        """True if there is nothing on it."""
        return not self.text or self.text.isspace()


@dataclass
class Findings:
    """Notes on the lines of one poem that are not verse, in the making.

    Attributes:
        omissions: kind, text and line number of what is not verse.
        doubts: the same of lines that stay verse though they may not be.
        paratexts: what belongs to the poem.
        title, author: of the poem, or empty.
    """

    omissions: list[tuple[str, str, int]] = field(default_factory=list)
    doubts: list[tuple[str, str, int]] = field(default_factory=list)
    paratexts: list[Paratext] = field(default_factory=list)
    title: str = ""
    author: str = ""

    @property
    def is_below(self) -> bool:
        """True if everything that was taken out belongs below a poem rather than above one."""
        return all(kind in _BELOW for kind, _, _ in self.omissions)

    def omit(self, kind: str, text: str, line: int) -> None:
        """Note a text that is not verse."""
        self.omissions.append((kind, text.strip(), line))

    def doubt(self, kind: str, text: str, line: int) -> None:
        """Note a line that stays verse though it may be something else."""
        self.doubts.append((kind, text.strip(), line))

    def keep(self, kind: str, text: str, line: int) -> None:
        """Note a text that belongs to the poem and is not verse."""
        text = text.strip()
        self.omit(kind, text, line)
        self.paratexts.append(Paratext(kind, text.strip("_*").strip() or text))

    def count(self, tally: Tally) -> None:
        """Add everything to a report."""
        for kind, text, line in self.omissions:
            tally.omit(kind, text, line)
        for kind, text, line in self.doubts:
            tally.doubt(kind, text, line)


def rows_of(text: str, line: int, numbers: LineNumbers) -> list[Row]:
    """Return the rows of a text that begins at a line."""
    contents = text.split("\n")
    places: Iterable[int] = range(line, line + len(contents))
    if numbers.moved:
        places = map(numbers.in_file, places)
    return list(map(Row, places, contents))


def paragraphs_of(rows: Iterable[Row]) -> list[list[Row]]:
    """Return the runs of rows that are not blank; the rows are tidy."""
    paragraphs: list[list[Row]] = []
    after_blank = True
    for row in rows:
        if not row.text:
            after_blank = True
        elif after_blank:
            paragraphs.append([row])
            after_blank = False
        else:
            paragraphs[-1].append(row)
    return paragraphs
