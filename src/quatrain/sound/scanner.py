"""Verse, heard: from a poem to its scansion.

In: poems. Out: their scansions; next room `form`, and `page` to show them. Many poems are
read at once: their lines become rows of arrays, the grammar finds each row's best
scansion under every foot, and then each poem's metre is decided by its lines together,
and decides between the readings of each line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

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


class Scanner:
    """Scans verse with an ear and a grammar."""

    def __init__(self, ear: Ear | None = None, grammar: Grammar | None = None) -> None:
        self._grammar = grammar or shipped()
        self._syllables = Syllables(ear or default())
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
            yield from self._scan(together, margins)

    def _some(self, poems: Iterator[Poem]) -> list[Poem]:
        taken, lines = [], 0
        for poem in poems:
            taken.append(poem)
            lines += len(poem.lines)
            if lines >= TOGETHER:
                break
        return taken

    def _scan(self, poems: Sequence[Poem], margins: bool) -> Iterator[Scansion]:
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
        places: list[list[int]] = [[] for _ in said]
        for place, (number, _) in enumerate(rows):
            places[number].append(place)
        start = 0
        for poem in poems:
            count = len(poem.lines)
            yield self._decided(poem, said[start : start + count],
                                places[start : start + count], read)  # fmt: skip
            start += count

    def _decided(
        self, poem: Poem, said: list[Said], places: list[list[int]], read: _Read | None
    ) -> Scansion:
        """The poem's metre by its lines, and its lines by the poem's metre."""
        scanned = [number for number, each in enumerate(places) if each]
        if read is None or not scanned:
            silent = tuple(
                LineScansion(line.text, "", "", _words(each, None), Metre(""))
                for line, each in zip(poem.lines, said, strict=True)
            )
            return Scansion(poem, Metre(""), 0.0, 0.0, silent)
        # A line's score counts how usual its kind of foot is; a poem counts it once.
        once = self._grammar.kind
        best = np.stack([read.scores[places[number]].max(axis=0) - once for number in scanned])
        evidence = best.sum(axis=0) + once + len(scanned) * TRIPLE
        chance = np.exp(evidence - _logsumexp(evidence[None])[0])
        kind = int(np.argmax(evidence))
        stray = np.full(len(KINDS), STRAY, np.float32)
        stray[kind] = 0.0
        habits = self._habits(read, [places[number] for number in scanned], kind)
        lines: list[LineScansion] = []
        for number, line in enumerate(poem.lines):
            rows = places[number]
            if not rows:
                lines.append(LineScansion(line.text, "", "", _words(said[number], None), Metre("")))
                continue
            own = read.scores[rows] + stray
            total = own + habits.of(read, rows)
            which, its_kind = np.unravel_index(int(np.argmax(total)), total.shape)
            lines.append(
                self._line(line.text, read, rows[int(which)], int(its_kind), float(own.max()))
            )
        metre, regularity = measured([each for each in lines if each.beats])
        return Scansion(poem, metre, float(chance[kind]), regularity, tuple(lines))

    def _habits(self, read: _Read, places: list[list[int]], kind: int) -> _Habits:
        """How this poem's lines usually begin and how many beats they have.

        Found by expectation-maximisation: each line says how likely its readings are given
        the habits, and the habits are counted from what the lines say.
        """
        habits = _Habits.even()
        if len(places) == 1:
            return habits
        rows = np.concatenate([np.asarray(each) for each in places])
        line = np.repeat(np.arange(len(places)), [len(each) for each in places])
        scores = read.scores[rows, kind]
        beats = np.minimum(read.counts[rows, kind], LONGEST)
        openings = np.minimum(read.openings[rows, kind], 2)
        for _ in range(ROUNDS):
            total = scores + habits.beats[beats] + habits.openings[openings]
            top = np.full(len(places), -np.inf, np.float32)
            np.maximum.at(top, line, total)
            share = np.exp(total - top[line])
            share /= np.bincount(line, share)[line]
            habits = _Habits.of_shares(beats, openings, share, len(places))
        return habits

    def _line(self, text: str, read: _Read, row: int, foot: int, score: float) -> LineScansion:
        length = int(read.lengths[row])
        beats = read.marks(read.beats, row, foot, length)
        stress = read.marks(read.stresses, row, foot, length)
        said, chosen = read.rows[row]
        metre, feet, variations = divided(KINDS[foot], beats, stress)
        licences = tuple(dict.fromkeys(chosen.costs))
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

    def of(self, read: _Read, rows: list[int]) -> Float:
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
        self._numbers: dict[int, tuple[Variant, list[int], list[int]]] = {}
        self._unary: list[Float] = [grammar.unary([()])[0]]
        self._classes = [int(Class.EDGE)]
        self._made: tuple[Float, NDArray[np.intp]] | None = None

    def of(self, variant: Variant) -> tuple[Variant, list[int], list[int]]:
        """The variant, the numbers of its syllables, and the boundaries inside it."""
        found = self._numbers.get(id(variant))
        if found is None:
            start = len(self._classes)
            self._unary += list(self._grammar.unary(variant.features))
            self._classes += [int(each) for each in variant.classes]
            numbers = list(range(start, len(self._classes)))
            found = (variant, numbers, [INSIDE] * (len(numbers) - 1))
            self._numbers[id(variant)] = found
            self._made = None
        return found

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
        for said, candidate in rows:
            start = len(numbers)
            for place, variant in enumerate(candidate.variants):
                _, syllables, inside = table.of(variant)
                if syllables and place not in candidate.elided:
                    numbers += syllables
                    before.append(PAUSE if said.pauses[place] else BETWEEN)
                    before += inside
            lengths.append(len(numbers) - start)
            costs.append(sum(grammar.costs.get(name, -1.0) for name in candidate.costs))
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
