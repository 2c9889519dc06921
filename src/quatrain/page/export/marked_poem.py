"""A poem, and the marks to print with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quatrain.records import LineScansion, Poem, RhymeScheme, Scansion
from quatrain.records.scansion import STRESS_MARKS

LEGEND = "/ stressed, x unstressed; letters mark the lines that rhyme."
"""Sentence that explains the marks."""


@dataclass(frozen=True)
class MarkedPoem:
    """A poem with its scansion and its rhymes, or without.

    Attributes:
        poem: the poem.
        scansion: stresses of each line; None for a poem without marks.
        scheme: rhymes; None for a poem without marks.
    """

    poem: Poem
    scansion: Scansion | None = None
    scheme: RhymeScheme | None = None

    @property
    def stanzas(self) -> Iterator[list[MarkedLine]]:
        """Stanzas, each a list of lines with their marks."""
        number = 0
        for stanza in self.poem.stanzas:
            lines = []
            for line in stanza:
                scanned = self.scansion.lines[number] if self.scansion else None
                letter = self.scheme.letters[number] if self.scheme else None
                lines.append(MarkedLine(line.text, _marks(scanned, line.text), letter or ""))
                number += 1
            yield lines


@dataclass(frozen=True)
class MarkedLine:
    """A line with its marks.

    Attributes:
        text: the line.
        marks: places of vowels in the text, and the mark of each; in order, no place twice.
        rhyme: letter of its rhyme, or "".
    """

    text: str
    marks: Sequence[tuple[int, str]]
    rhyme: str

    @property
    def pieces(self) -> Iterator[tuple[str, str]]:
        """Pieces of the text with the mark over each, "" over none."""
        done = 0
        for place, mark in self.marks:
            if place > done:
                yield self.text[done:place], ""
            yield self.text[place], mark
            done = place + 1
        if done < len(self.text):
            yield self.text[done:], ""


def _marks(line: LineScansion | None, text: str) -> list[tuple[int, str]]:
    """Return the marks of a line, if it was scanned as it stands."""
    if line is None or line.text != text:
        return []
    marks: dict[int, str] = {}
    for place, stress in zip(line.vowel_positions, line.stress, strict=True):
        if 0 <= place < len(text):
            marks.setdefault(place, STRESS_MARKS[stress])
    return sorted(marks.items())
