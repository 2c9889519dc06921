"""Verse, heard: from a poem to its scansion.

In: poems. Out: their scansions; next room `form`, and `page` to show them. Many poems are
read at once: their lines become rows of arrays, the grammar finds each row's best
scansion under every foot, and then each poem's metre is decided by its lines together,
and decides between the readings of each line.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from quatrain.records import LineScansion, Metre, Poem, Pronunciation, Scansion
from quatrain.sound.candidates import BETWEEN, INSIDE, PAUSE, Candidate, Said, candidates
from quatrain.sound.ear import Ear, default
from quatrain.sound.feet import divided, measured
from quatrain.sound.grammar import KINDS, Float, Grammar, padded, shipped
from quatrain.sound.syllables import Class, Syllables, Variant

TOGETHER = 256
"""Lines read at once, about: enough to fill the arrays, few enough to fit a cache."""

REMEMBERED = 300_000
"""Variants of words kept in memory; past so many all are forgotten."""

LONGEST = 40
"""Syllables of the longest line that is scanned against a metre; a longer one is prose."""

MEASURE = 1.0
"""The weight of the poem's usual numbers of beats against a line's own score."""

OPENING = 1.0
"""The weight of how the poem's lines usually begin."""

ROUNDS = 3
"""Rounds of expectation-maximisation for a poem's habits; they change little after two."""

TRIPLE = np.array([0.0, 0.9], np.float32)
"""What each line adds for feet of three, whose lines have fewer ways to be regular; set by
`scripts/train_scanner.py`'s cross-validation."""

STRAY = -3.0
"""What it costs a line, in nats, to leave the kind of foot of its poem."""


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
        self._table = _Table(self._grammar)

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
            self._syllables, self._table = Syllables(self._ear), _Table(self._grammar)
        said = [candidates(line.text, self._syllables) for poem in poems for line in poem.lines]
        rows = [
            (number, (each, candidate))
            for number, each in enumerate(said)
            for candidate in each.candidates
            if _scannable(candidate)
        ]
        read = (
            _Read(self._grammar, self._table, [row for _, row in rows], margins) if rows else None
        )
        # The rows of a line stand together; `ends` says where those of each line end.
        ends = np.cumsum(np.bincount([number for number, _ in rows], minlength=len(said))).tolist()
        line = row = 0
        found = []
        for poem in poems:
            until = line + len(poem.lines)
            found.append(self._decided(poem, said[line:until], [row, *ends[line:until]], read))
            row = ends[until - 1] if until else 0
            line = until
        return found

    def _decided(
        self, poem: Poem, said: list[Said], bounds: list[int], read: _Read | None
    ) -> Scansion:
        """The poem's metre by its lines, and its lines by the poem's metre.

        Args:
            poem: the poem.
            said: its lines as they may be said.
            bounds: where the rows of each line begin, and where those of the last one end.
            read: what the grammar says of all rows.
        """
        spans = [(start, end) for start, end in pairwise(bounds) if end > start]
        if read is None or not spans:
            silent = tuple(
                LineScansion(line.text, "", "", _words(each, None), Metre(""))
                for line, each in zip(poem.lines, said, strict=True)
            )
            return Scansion(poem, Metre(""), 0.0, 0.0, silent)
        # A line's score counts how usual its kind of foot is; a poem counts it once.
        once = self._grammar.kind
        block = slice(bounds[0], bounds[-1])
        starts = np.array([start - bounds[0] for start, _ in spans])
        best = np.maximum.reduceat(read.scores[block], starts, axis=0) - once
        evidence = best.sum(axis=0) + once + len(spans) * TRIPLE
        chance = np.exp(evidence - _logsumexp(evidence[None])[0])
        kind = int(np.argmax(evidence))
        stray = np.full(len(KINDS), STRAY, np.float32)
        stray[kind] = 0.0
        habits = self._habits(read, block, starts, kind)
        total = read.scores[block] + stray + habits.of(read, block)
        kinds, tops = total.argmax(axis=1).tolist(), total.max(axis=1).tolist()
        lines: list[LineScansion] = []
        for number, (line, (start, end)) in enumerate(
            zip(poem.lines, pairwise(bounds), strict=True)
        ):
            if start == end:
                lines.append(LineScansion(line.text, "", "", _words(said[number], None), Metre("")))
                continue
            row = max(range(start, end), key=lambda each: tops[each - bounds[0]])
            lines.append(self._line(line.text, read, row, kinds[row - bounds[0]]))
        metre, regularity = measured([each for each in lines if each.beats])
        return Scansion(poem, metre, float(chance[kind]), regularity, tuple(lines))

    def _habits(self, read: _Read, block: slice, starts: NDArray[np.intp], kind: int) -> _Habits:
        """How this poem's lines usually begin and how many beats they have.

        Found by expectation-maximisation: each line says how likely its readings are given
        the habits, and the habits are counted from what the lines say.
        """
        habits = _Habits.even()
        if len(starts) == 1:
            return habits
        scores = read.scores[block, kind]
        beats = np.minimum(read.counts[block, kind], LONGEST)
        openings = np.minimum(read.openings[block, kind], 2)
        rows = np.diff(starts, append=len(scores))
        for _ in range(ROUNDS):
            total = scores + habits.beats[beats] + habits.openings[openings]
            share = np.exp(total - np.repeat(np.maximum.reduceat(total, starts), rows))
            share /= np.repeat(np.add.reduceat(share, starts), rows)
            habits = _Habits.of_shares(beats, openings, share, len(starts))
        return habits

    def _line(self, text: str, read: _Read, row: int, foot: int) -> LineScansion:
        length = int(read.lengths[row])
        beats = read.marks(read.beats, row, foot, length)
        stress = read.marks(read.stresses, row, foot, length)
        said, chosen = read.rows[row]
        metre, feet, variations = divided(KINDS[foot], beats, stress)
        licences = tuple(dict.fromkeys(chosen.costs)) if chosen.costs else ()
        score = float(read.scores[row, foot])
        return LineScansion(
            text, stress, beats, _words(said, chosen), metre, feet,
            variations(licences), score, read.margin(row, foot),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Habits:
    """What a poem's lines have in common, as log weights.

    Attributes:
        beats: of each number of beats, (LONGEST + 1,).
        openings: of 0, 1 and 2 or more syllables before the first beat, (3,).
    """

    beats: Float
    openings: Float

    @classmethod
    def even(cls) -> _Habits:
        """Nothing known."""
        return cls(np.zeros(LONGEST + 1, np.float32), np.zeros(3, np.float32))

    @classmethod
    def of_shares(
        cls,
        beats: NDArray[np.intp],
        openings: NDArray[np.intp],
        share: NDArray[np.float64],
        lines: int,
    ) -> _Habits:
        """Counted from readings, each with its share of a line."""
        by_beats = np.bincount(beats, share, LONGEST + 1) + 0.3
        by_opening = np.bincount(openings, share, 3) + 0.5
        return cls(
            (MEASURE * np.log(by_beats / (lines + 2.4))).astype(np.float32),
            (OPENING * np.log(by_opening / (lines + 1.5))).astype(np.float32),
        )

    def of(self, read: _Read, rows: slice) -> Float:
        """What the habits add to readings, (rows, kinds)."""
        beats = np.minimum(read.counts[rows], LONGEST)
        openings = np.minimum(read.openings[rows], 2)
        added: Float = self.beats[beats] + self.openings[openings]
        return added


_MARKS = bytes.maketrans(b"\0\1", b"-+")


class _Table:
    """The potentials and classes of every syllable met so far, numbered.

    Number 0 is no syllable: an edge, with nothing to add.
    """

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self.known: dict[int, tuple[Variant, list[int], list[int]]] = {}
        self._unary: list[Float] = [grammar.unary([()])[0]]
        self._classes = [int(Class.EDGE)]
        self._made: tuple[Float, NDArray[np.intp]] | None = None

    def of(self, variant: Variant) -> tuple[Variant, list[int], list[int]]:
        """The variant, its syllables' numbers and the boundaries inside it; kept in `known`."""
        start = len(self._classes)
        self._unary += list(self._grammar.unary(variant.features))
        self._classes += [int(each) for each in variant.classes]
        numbers = list(range(start, len(self._classes)))
        self.known[id(variant)] = (variant, numbers, [INSIDE] * (len(numbers) - 1))
        self._made = None
        return self.known[id(variant)]

    @property
    def arrays(self) -> tuple[Float, NDArray[np.intp]]:
        """Potentials (syllables, kinds, T, s) and classes (syllables,) by number."""
        if self._made is None:
            self._made = (np.stack(self._unary), np.array(self._classes, np.intp))
        return self._made


class _Read:
    """What the grammar says of a block of lines."""

    def __init__(
        self, grammar: Grammar, table: _Table, rows: list[tuple[Said, Candidate]], margins: bool
    ) -> None:
        self.rows = rows
        numbers: list[int] = []
        before: list[int] = []
        lengths: list[int] = []
        costs: list[float] = []
        known, cost_of = table.known, grammar.costs
        for said, candidate in rows:
            start = len(numbers)
            elided = candidate.elided
            for place, (variant, pause) in enumerate(
                zip(candidate.variants, said.pauses, strict=True)
            ):
                _, syllables, inside = known.get(id(variant)) or table.of(variant)
                if syllables and not (elided and place in elided):
                    numbers += syllables
                    before.append(PAUSE if pause else BETWEEN)
                    if inside:
                        before += inside
            lengths.append(len(numbers) - start)
            costs.append(sum([cost_of.get(name, -1.0) for name in candidate.costs]))
        unary, classes = table.arrays
        arrays = padded(numbers, before, lengths, costs, unary, classes)
        self.lengths: NDArray[np.intp] = arrays.lengths
        self.scores, self.beats, self.stresses = grammar.best(arrays)
        self.counts = self.beats.sum(axis=2)
        self.openings = np.where(self.counts > 0, self.beats.argmax(axis=2), 2)
        self._margins = (
            [grammar.margins(arrays, np.full(len(rows), kind)) for kind in range(len(KINDS))]
            if margins
            else None
        )

    @staticmethod
    def marks(of: NDArray[np.int8], row: int, kind: int, length: int) -> str:
        """Zeros and ones as - and +."""
        return of[row, kind, :length].tobytes().translate(_MARKS).decode()

    def margin(self, row: int, kind: int) -> float | None:
        """The margin of a scansion, if margins were asked for."""
        return None if self._margins is None else float(self._margins[kind][row])


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


def _logsumexp(values: Float) -> Float:
    top = values.max(axis=1, keepdims=True)
    found: Float = (np.log(np.exp(values - top).sum(axis=1, keepdims=True)) + top)[:, 0]
    return found


@cache
def _shipped() -> Scanner:
    return Scanner()


def scan(poem: Poem | str) -> Scansion:
    """Scan a poem, or a text whose lines are lines of verse."""
    if isinstance(poem, str):
        poem = Poem.from_lines(poem.splitlines())
    return _shipped().scan(poem)


def scan_many(poems: Iterable[Poem]) -> Iterator[Scansion]:
    """Scan poems one after another, in bounded memory."""
    return _shipped().scan_many(poems)
