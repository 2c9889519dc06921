"""Lines as the grammar reads them.

In: the ways lines may be said. Out: of every way and every kind of foot the best reading,
its beats, stresses and traits; and other readings, when a poem asks for them (`voice`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.sound.scansion.candidates import BETWEEN, INSIDE, PAUSE, Candidate, Said
from quatrain.sound.scansion.features import Class, Variant
from quatrain.sound.scansion.grammar import KINDS, Float, Grammar, Rows, padded
from quatrain.sound.scansion.poem_prior import Manner, traits

_MARKS = bytes.maketrans(b"\0\1", b"-+")


class Table:
    """The potentials and looks of every syllable met so far, numbered.

    Number 0 is no syllable: an edge, with nothing to add.

    Attributes:
        known: the numbers of a variant's syllables, by the variant's identity.
        unary: potentials by number, (numbers, kinds, T, s), longer than what is known.
        looks: by number.
        opens: whether a syllable is its word's first, by number.
    """

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._kept: list[Variant] = []  # no other object gets the identity of one that is kept
        self._count = 1
        self.known: dict[int, list[int]] = {}
        self.unary: Float = np.zeros((1024, len(KINDS), 2, 2), np.float32)
        self.looks = np.full(1024, int(Class.EDGE), np.intp)
        self.opens = np.zeros(1024, bool)

    def of(self, variant: Variant) -> list[int]:
        """The numbers of a variant's syllables, kept in `known` unless it has none."""
        if not variant.looks:
            return []
        start, end = self._count, self._count + len(variant.looks)
        while end > len(self.looks):
            self.unary, self.looks, self.opens = (
                np.concatenate((each, np.zeros_like(each)))
                for each in (self.unary, self.looks, self.opens)
            )
        self.unary[start:end] = self._grammar.unary(variant.features)
        self.looks[start:end] = variant.looks
        self.opens[start] = True
        self._count = end
        self._kept.append(variant)
        found = self.known[id(variant)] = list(range(start, end))
        return found


@dataclass(frozen=True, slots=True)
class Readings:
    """The best reading of every row under every kind of foot.

    Attributes:
        plain: scores, without what a manner adds, (rows, kinds).
        beats, stresses: (rows, kinds, syllables), 0 or 1.
        traits: (rows, kinds, traits).
        numbers: of beats, (rows, kinds).
    """

    plain: Float
    beats: NDArray[np.int8]
    stresses: NDArray[np.int8]
    traits: Float
    numbers: NDArray[np.intp]

    @classmethod
    def found(cls, grammar: Grammar, rows: Rows, manners: Float) -> Readings:
        """As the grammar reads rows, given what each trait adds (`Grammar.best`)."""
        scores, beats, stresses = grammar.best(rows, manners)
        counted = traits(beats, stresses, rows.lengths)
        plain = scores - (counted * manners).sum(axis=2)
        return cls(plain, beats, stresses, counted, beats.sum(axis=2, dtype=np.intp))

    def take(self, to: NDArray[np.intp], other: Readings, of: NDArray[np.intp], kind: int) -> None:
        """Put other readings in the places of some, for one kind of foot."""
        self.plain[to, kind] = other.plain[of, kind]
        self.traits[to, kind] = other.traits[of, kind]
        self.numbers[to, kind] = other.numbers[of, kind]
        longest = other.beats.shape[2]
        self.beats[to, kind, :longest] = other.beats[of, kind]
        self.stresses[to, kind, :longest] = other.stresses[of, kind]


class Read:
    """What the grammar says of a block of lines.

    Attributes:
        grammar: what reads them.
        rows: what was read.
        lengths: syllables, (rows,).
        alone: the score of each row as a line by itself, under every kind, (rows, kinds).
        readings: those kept.
    """

    def __init__(self, grammar: Grammar, table: Table, rows: list[tuple[Said, Candidate]]) -> None:
        self.grammar, self.rows = grammar, rows
        numbers: list[int] = []
        lengths: list[int] = []
        costs: list[float] = []
        paused: list[int] = []
        known, cost_of = table.known, grammar.costs
        for said, candidate in rows:
            start = len(numbers)
            spoken = [known.get(id(each)) or table.of(each) for each in candidate.variants]
            if candidate.elided or True in said.pauses:
                for place, syllables in enumerate(spoken):
                    if place not in candidate.elided:
                        if said.pauses[place] and syllables:
                            paused.append(len(numbers))
                        numbers += syllables
            else:
                for syllables in spoken:
                    numbers += syllables
            lengths.append(len(numbers) - start)
            costs.append(sum([cost_of.get(name, -1.0) for name in candidate.costs]))
        before = np.where(table.opens[numbers], BETWEEN, INSIDE)
        before[paused] = PAUSE
        self._arrays = padded(numbers, before, lengths, costs, table.unary, table.looks)
        self.lengths: NDArray[np.intp] = self._arrays.lengths
        manners = np.stack([Manner.unknown(float(each)).traits for each in grammar.falling])
        self.readings = Readings.found(grammar, self._arrays, manners[None])
        self.alone: Float = self.readings.plain + (self.readings.traits * manners).sum(axis=2)

    def again(self, rows: NDArray[np.intp], manners: Float) -> Readings:
        """Other readings of some rows; `manners` as for `Grammar.best`."""
        return Readings.found(self.grammar, self._arrays.some(rows), manners)

    def margins(
        self, rows: NDArray[np.intp], kinds: NDArray[np.intp], manners: Float
    ) -> list[float]:
        """The margin of each of some rows; see `Grammar.margins`."""
        found: list[float] = self.grammar.margins(self._arrays.some(rows), kinds, manners).tolist()
        return found

    def marks(self, row: int, kind: int) -> tuple[str, str]:
        """Beats and stresses of a reading, as - and +."""
        length = int(self.lengths[row])
        beats = self.readings.beats[row, kind, :length].tobytes()
        stresses = self.readings.stresses[row, kind, :length].tobytes()
        return beats.translate(_MARKS).decode(), stresses.translate(_MARKS).decode()
