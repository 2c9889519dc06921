"""Verse, heard: from a poem to its scansion.

In: poems. Out: their scansions; next room `form`, and `page` to show them. Many poems are
read at once: their lines become rows of arrays, the grammar finds each row's best
scansion under every foot. Then each poem's metre and manner (`manner`) are decided by
its lines together, and decide between the readings of each line; lines that stand apart
from the rest are read again in the poem's manner.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise

import numpy as np

from quatrain.records import (
    LineScansion,
    Metre,
    Poem,
    Pronunciation,
    Scansion,
    Verse,
    as_poem,
)
from quatrain.sound.pronunciation.ear import Ear, default
from quatrain.sound.scansion.candidates import Candidate, Said, candidates
from quatrain.sound.scansion.decoding import Read, Table
from quatrain.sound.scansion.features import Syllables
from quatrain.sound.scansion.feet import divided, measured
from quatrain.sound.scansion.grammar import KINDS, Grammar, shipped
from quatrain.sound.scansion.poem_model import Voice, reread
from quatrain.sound.scansion.poem_prior import LONGEST

TOGETHER = 512
"""Lines read at once, about: enough to fill the arrays, few enough to fit a cache."""

REMEMBERED = 300_000
"""Variants of words kept in memory; past so many all are forgotten."""


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles, of which scanning makes none: it takes a fifth of the time."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


class Scanner:
    """Scans verse with an ear and a grammar."""

    def __init__(self, ear: Ear | None = None, grammar: Grammar | None = None) -> None:
        self._grammar = grammar or shipped()
        self._ear = ear or default()
        self._syllables = Syllables(self._ear)
        self._table = Table(self._grammar)

    def scan(self, poem: Poem) -> Scansion:
        """Scan one poem, with the margin of every line."""
        return next(self.scan_many([poem], margins=True))

    def scan_many(self, poems: Iterable[Poem], *, margins: bool = False) -> Iterator[Scansion]:
        """Scan poems one after another, in bounded memory.

        Args:
            poems: the poems.
            margins: whether to work out each line's margin too, which takes longer.
        """
        waiting = iter(poems)
        while together := self._some(waiting):
            with _uncollected():
                scansions = self._scan(together, margins)
            yield from scansions

    def _some(self, poems: Iterator[Poem]) -> list[Poem]:
        taken, lines = [], 0
        for poem in poems:
            taken.append(poem)
            lines += len(poem.lines)
            if lines >= TOGETHER:
                break
        return taken

    def _scan(self, poems: Sequence[Poem], margins: bool) -> list[Scansion]:
        if len(self._table.known) > REMEMBERED:  # both at once: the one knows the other's variants
            self._syllables, self._table = Syllables(self._ear), Table(self._grammar)
        said = [candidates(line.text, self._syllables) for poem in poems for line in poem.lines]
        rows = [
            (number, (each, candidate))
            for number, each in enumerate(said)
            for candidate in each.candidates
            if _scannable(candidate)
        ]
        # The rows of a line stand together; `ends` says where those of each line end.
        ends = np.cumsum(np.bincount([number for number, _ in rows], minlength=len(said))).tolist()
        read = Read(self._grammar, self._table, [row for _, row in rows]) if rows else None
        line = row = 0
        heard: list[tuple[Poem, list[Said], list[int], Voice | None]] = []
        for poem in poems:
            until = line + len(poem.lines)
            bounds = [row, *ends[line:until]]
            voice = Voice(read, bounds) if read is not None and bounds[-1] > bounds[0] else None
            heard.append((poem, said[line:until], bounds, voice))
            line, row = until, bounds[-1]
        if read is not None:
            reread(read, [voice for *_, voice in heard if voice is not None and voice.together])
        return [self._decided(*each, read, margins) for each in heard]

    def _decided(
        self,
        poem: Poem,
        said: list[Said],
        bounds: list[int],
        voice: Voice | None,
        read: Read | None,
        margins: bool,
    ) -> Scansion:
        """The scansion of a poem, of the readings that suit its lines together best.

        Args:
            poem: the poem.
            said: its lines as they may be said.
            bounds: where the rows of each line begin, and where those of the last one end.
            voice: what the lines have in common, if any can be scanned.
            read: what the grammar says of all rows.
            margins: whether to work out the margin of every line.
        """
        best = voice.best().tolist() if voice else []
        weighed = iter(voice.margins() if voice and margins else [None] * len(best))
        readings = iter(best)
        lines: list[LineScansion] = []
        for line, each, (start, end) in zip(poem.lines, said, pairwise(bounds), strict=True):
            if start == end or read is None:
                silent = LineScansion(line.text, "", "", _words(each, None), Metre(""))
                lines.append(silent)
            else:
                row, kind = divmod(next(readings), len(KINDS))
                lines.append(self._line(line.text, read, row, kind, next(weighed)))
        if voice is None:
            return Scansion(poem, Metre(""), 0.0, 0.0, tuple(lines))
        metre, regularity = measured([each for each in lines if "+" in each.beats])
        return Scansion(poem, metre, voice.chance, regularity, tuple(lines))

    def _line(
        self, text: str, read: Read, row: int, kind: int, margin: float | None
    ) -> LineScansion:
        beats, stress = read.marks(row, kind)
        said, chosen = read.rows[row]
        metre, feet, variations = divided(KINDS[kind], beats, stress)
        licences = tuple(dict.fromkeys(chosen.costs)) if chosen.costs else ()
        score = float(read.readings.plain[row, kind])
        return LineScansion(
            text, stress, beats, _words(said, chosen), metre, feet,
            variations(licences), score, margin,
        )  # fmt: skip


def _scannable(candidate: Candidate) -> bool:
    """Whether a candidate has syllables, and not so many that it is prose."""
    if len(candidate.variants) > LONGEST:
        return False
    syllables = sum([len(variant.classes) for variant in candidate.variants])
    return 0 < syllables - len(candidate.elided) <= LONGEST


def _words(
    said: Said, candidate: Candidate | None
) -> tuple[tuple[str, int, int, Pronunciation], ...]:
    chosen = candidate or said.candidates[0]
    found = [
        (word.text, word.start, len(variant.classes), variant.pronunciation)
        for word, variant in zip(said.words, chosen.variants, strict=True)
    ]
    for place in chosen.elided:
        text, start, _, pronunciation = found[place]
        found[place] = (text, start, 0, pronunciation)
    return tuple(found)


@cache
def _shipped() -> Scanner:
    return Scanner()


def scan(poem: Verse) -> Scansion:
    """Scan a poem, or a text whose lines are lines of verse."""
    return _shipped().scan(as_poem(poem))


def scan_many(poems: Iterable[Poem]) -> Iterator[Scansion]:
    """Scan poems one after another, in bounded memory."""
    return _shipped().scan_many(poems)
