"""Lines as the grammar reads them.

In: the ways lines may be said. Out: of every way and every kind of foot the best reading,
its beats, stresses and traits; and other readings, when a poem asks for them (`voice`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.sound.candidates import BETWEEN, INSIDE, PAUSE, Candidate, Said
from quatrain.sound.grammar import Float, Grammar, Rows, padded
from quatrain.sound.manner import Manner, traits
from quatrain.sound.syllables import Class, Variant

_MARKS = bytes.maketrans(b"\0\1", b"-+")


class Table:
    """The potentials and looks of every syllable met so far, numbered.

    Number 0 is no syllable: an edge, with nothing to add.
    """

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self.known: dict[int, tuple[Variant, list[int], list[int]]] = {}
        self._unary: list[Float] = [grammar.unary([()])[0]]
        self._looks = [int(Class.EDGE)]
        self._made: tuple[Float, NDArray[np.intp]] | None = None

    def of(self, variant: Variant) -> tuple[Variant, list[int], list[int]]:
        """The variant, its syllables' numbers and the boundaries inside it; kept in `known`."""
        start = len(self._looks)
        self._unary += list(self._grammar.unary(variant.features))
        self._looks += variant.looks
        numbers = list(range(start, len(self._looks)))
        self.known[id(variant)] = (variant, numbers, [INSIDE] * (len(numbers) - 1))
        self._made = None
        return self.known[id(variant)]

    @property
    def arrays(self) -> tuple[Float, NDArray[np.intp]]:
        """Potentials (syllables, kinds, T, s) and looks (syllables,) by number."""
        if self._made is None:
            self._made = (np.stack(self._unary), np.array(self._looks, np.intp))
        return self._made


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
        unary, looks = table.arrays
        self._arrays = padded(numbers, before, lengths, costs, unary, looks)
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
        beats, stresses = (
            of[row, kind, :length].tobytes().translate(_MARKS).decode()
            for of in (self.readings.beats, self.readings.stresses)
        )
        return beats, stresses
