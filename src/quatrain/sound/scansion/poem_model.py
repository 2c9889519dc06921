"""What the lines of a poem have in common, and how they are best read together.

In: every reading of its lines (`reading`). Out: its kind of foot, its manner, and of each
line the reading that suits them best. A line that stands apart from the others is read
again in the poem's manner, which may have been against its first reading's grain.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from quatrain.sound.scansion.decoding import Read, Readings
from quatrain.sound.scansion.grammar import KINDS, Float
from quatrain.sound.scansion.poem_prior import Manner, Trait

ROUNDS = 3
"""Rounds of expectation-maximisation for a poem's manner; it changes little after two."""

AGAIN = 2
"""How often lines are read again; the manner is then what the lines, so read, have in common."""

PUSHES = (1.5, 4.0)
"""What each beat of a line is worth, in nats, till it has as many as its poem's other lines."""

SAME = 0.6
"""The share of a poem's lines from which on their number of beats is the usual one."""

TRIPLE = np.array([0.0, 0.9], np.float32)
"""What each line adds for feet of three, whose lines have fewer ways to be regular; set by
`scripts/train_scanner.py`'s cross-validation."""

STRAY = -5.0
"""What it costs a line, in nats, to leave the kind of foot of its poem."""


class Voice:
    """What the lines of one poem have in common, and how they are best read together.

    Attributes:
        rows: of all its lines, in the arrays of the reading.
        starts: where the rows of each line begin, from the first of the poem.
        kind: its kind of foot.
        chance: how sure that is.
        manner: of its lines.
    """

    def __init__(self, read: Read, bounds: list[int]) -> None:
        self._read, self._readings, grammar = read, read.readings, read.grammar
        spans = [(start, end) for start, end in pairwise(bounds) if end > start]
        self.rows = slice(bounds[0], bounds[-1])
        self.starts = np.array([start - bounds[0] for start, _ in spans])
        self.sizes = np.diff(self.starts, append=bounds[-1] - bounds[0])
        # A line's score counts how usual its kind of foot is; a poem counts it once.
        once = grammar.kind
        best = np.maximum.reduceat(read.alone[self.rows], self.starts, axis=0) - once
        evidence = best.sum(axis=0) + once + len(spans) * TRIPLE
        self.kind = int(np.argmax(evidence))
        self.chance = float(1 / np.exp(evidence - evidence[self.kind]).sum())
        self._unknown = [Manner.unknown(float(each)) for each in grammar.falling]
        self.manner = self._unknown[self.kind]
        self._stray = np.full(len(KINDS), STRAY, np.float32)
        self._stray[self.kind] = 0.0
        if self.together:
            self.learn()

    @property
    def together(self) -> bool:
        """Whether there are lines enough to have something in common."""
        return len(self.starts) > 1

    def learn(self) -> None:
        """Find the manner, by expectation-maximisation.

        Each line says how likely its readings are in the manner so far, and the manner is
        counted from what the lines say.
        """
        counted = self._readings.traits[self.rows, self.kind]
        numbers = self._readings.numbers[self.rows, self.kind]
        for _ in range(ROUNDS):
            total = self._readings.plain[self.rows, self.kind] + self.manner.of(counted, numbers)
            top = np.maximum.reduceat(total, self.starts)
            share = np.exp(total - np.repeat(top, self.sizes)).astype(np.float64)
            share /= np.repeat(np.add.reduceat(share, self.starts), self.sizes)
            self.manner = Manner.of_shares(
                counted, numbers, share, len(self.starts),
                self._read.grammar.usual[self.kind], float(self._read.grammar.falling[self.kind]),
            )  # fmt: skip

    def totals(self) -> Float:
        """Of every reading, in this poem, (rows, kinds)."""
        found = self._readings.plain[self.rows] + self._stray
        for kind in range(len(KINDS)):
            manner = self.manner if kind == self.kind else self._unknown[kind]
            found[:, kind] += manner.of(
                self._readings.traits[self.rows, kind], self._readings.numbers[self.rows, kind]
            )
        return found

    def best(self) -> NDArray[np.intp]:
        """Of each line, the best reading: its row times the number of kinds, plus its kind."""
        totals = self.totals()
        top = np.maximum.reduceat(totals.max(axis=1), self.starts)
        places = np.flatnonzero((totals == np.repeat(top, self.sizes)[:, None]).ravel())
        lines = np.searchsorted(self.starts, places // len(KINDS), side="right") - 1
        _, first = np.unique(lines, return_index=True)
        found: NDArray[np.intp] = places[first] + self.rows.start * len(KINDS)
        return found

    def weights(self) -> Float:
        """The weights of traits that its lines are read with, (kinds, traits)."""
        found = np.stack([each.traits for each in self._unknown])
        found[self.kind] = self.manner.traits
        return found

    def apart(self) -> NDArray[np.intp]:
        """The rows of lines whose best reading does not do in everything as the poem does."""
        row, kind = np.divmod(self.best(), len(KINDS))
        kept = self.manner.suits(self._readings.traits[row, kind]) & (kind == self.kind)
        return self._of_lines(np.flatnonzero(~kept))

    def uneven(self) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The rows of lines with another number of beats than most, and which way they err.

        Returns:
            The rows, and for each 1 if its line has too few beats, -1 if too many.
        """
        row, kind = np.divmod(self.best(), len(KINDS))
        numbers = self._readings.numbers[row, kind]
        usual = int(np.bincount(numbers).argmax())
        settled = (numbers == usual).mean() >= SAME
        lines = np.flatnonzero((numbers != usual) & settled)
        ways = np.sign(usual - numbers[lines]).astype(np.float32)
        return self._of_lines(lines), np.repeat(ways, self.sizes[lines])

    def consider(self, rows: NDArray[np.intp], other: Readings, part: slice) -> None:
        """Keep other readings of some rows, a part of those given, where they suit better."""
        kind, mine = self.kind, self._readings
        old = mine.plain[rows, kind] + self.manner.of(
            mine.traits[rows, kind], mine.numbers[rows, kind]
        )
        new = other.plain[part, kind] + self.manner.of(
            other.traits[part, kind], other.numbers[part, kind]
        )
        better = np.flatnonzero(new > old)
        mine.take(rows[better], other, better + part.start, kind)

    def margins(self) -> list[float]:
        """How much worse the next reading of each line is that stresses a syllable otherwise."""
        row, kind = np.divmod(self.best(), len(KINDS))
        return self._read.margins(row, kind, self.weights()[None])

    def _of_lines(self, lines: NDArray[np.intp]) -> NDArray[np.intp]:
        chosen = np.zeros(len(self.starts), bool)
        chosen[lines] = True
        return np.flatnonzero(np.repeat(chosen, self.sizes)) + self.rows.start


def reread(read: Read, voices: Sequence[Voice]) -> None:
    """Read again, in the manner of its poem, every line that stands apart from the others."""
    if not voices:
        return
    for _ in range(AGAIN):
        chosen = [voice.apart() for voice in voices]
        _again(read, voices, chosen, [voice.weights() for voice in voices])
        for voice, rows in zip(voices, chosen, strict=True):
            if len(rows):
                voice.learn()
    for push in PUSHES:
        uneven = [voice.uneven() for voice in voices]
        _again(
            read,
            voices,
            [rows for rows, _ in uneven],
            [voice.weights() for voice in voices],
            np.concatenate([push * ways for _, ways in uneven]),
        )


def _again(
    read: Read,
    voices: Sequence[Voice],
    chosen: Sequence[NDArray[np.intp]],
    weights: Sequence[Float],
    push: Float | None = None,
) -> None:
    """Read rows of several poems again, all at once; each poem keeps what suits it better.

    Args:
        read: what the grammar says of all rows.
        voices: the poems.
        chosen: rows of each.
        weights: of the traits, for each poem, (kinds, traits).
        push: what each beat is worth besides, for each of the rows.
    """
    sizes = [len(rows) for rows in chosen]
    if not sum(sizes):
        return
    manners = np.repeat(np.stack(weights), sizes, axis=0)
    if push is not None:
        manners[..., Trait.BEAT] = push[:, None]
    other = read.again(np.concatenate(chosen), manners)
    start = 0
    for voice, rows, size in zip(voices, chosen, sizes, strict=True):
        voice.consider(rows, other, slice(start, start + size))
        start += size
