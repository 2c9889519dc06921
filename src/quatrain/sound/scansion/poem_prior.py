"""The manner of a poem: what its lines have in common, beyond their kind of foot.

In: how the lines of a poem were read. Out: how willingly another line of it does the same.
Verse is regular in its own way: one poem never lets three syllables stand between two
beats, another does so in every line; one opens on a beat, another before it. A reading is
worth more that does what its poem does, by as much as the poem does it more often than
verse at large: the logarithm of the one share by the other, the poem's drawn towards the
other while its lines are few (a Dirichlet prior).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]

LONGEST = 40
"""Syllables of the longest line that is scanned against a metre; a longer one is prose."""


class Trait(IntEnum):
    """What a reading of a line has, each so many times."""

    OPENS_ON_BEAT = 0
    OPENS_AFTER_ONE = 1  # syllable off the beat
    OPENS_AFTER_MORE = 2
    ENDS_ON_BEAT = 3
    ENDS_AFTER_ONE = 4
    ENDS_AFTER_MORE = 5
    CLASH = 6  # a beat, and the next one syllable on
    DOUBLE = 7  # two syllables on
    TRIPLE = 8  # three or more
    FALLEN = 9  # the first syllable is on a beat, and stressed
    BEAT = 10


OPENING, ENDING, STEP = slice(0, 3), slice(3, 6), slice(6, 9)
_FAMILIES = ((OPENING, 1.0, 6.0), (ENDING, 0.5, 3.0), (STEP, 1.0, 20.0))
"""Traits that exclude each other; the weight of their habit; how many sightings verse at large
counts for. `scripts/train_scanner.py`'s cross-validation chose the numbers."""


def traits(beats: NDArray[np.int8], stresses: NDArray[np.int8], lengths: NDArray[np.intp]) -> Float:
    """How many times each reading has each trait.

    Args:
        beats: (rows, kinds, syllables), 0 or 1, 0 past a row's end.
        stresses: the same shape.
        lengths: syllables, (rows,).

    Returns:
        Shape (rows, kinds, traits).
    """
    on = beats.astype(bool)
    number = on.sum(axis=2)
    some = number > 0
    first = np.where(some, on.argmax(axis=2), 2)
    last = on.shape[2] - 1 - on[:, :, ::-1].argmax(axis=2)
    after = np.where(some, lengths[:, None] - 1 - last, 2)
    found = np.zeros((*number.shape, len(Trait)), np.float32)
    found[..., OPENING] = np.minimum(first, 2)[..., None] == np.arange(3)
    found[..., Trait.OPENS_AFTER_MORE] *= lengths[:, None] > 1
    found[..., ENDING] = np.minimum(after, 2)[..., None] == np.arange(3)
    found[..., Trait.CLASH] = (on[:, :, :-1] & on[:, :, 1:]).sum(axis=2)
    arrived = ~on[:, :, 1:-1] & on[:, :, 2:]
    found[..., Trait.DOUBLE] = (on[:, :, :-2] & arrived).sum(axis=2)
    found[..., Trait.TRIPLE] = (~on[:, :, :-2] & arrived)[:, :, 1:].sum(axis=2)
    found[..., Trait.FALLEN] = on[:, :, 0] & (stresses[:, :, 0] > 0)
    found[..., Trait.BEAT] = number
    return found


@dataclass(frozen=True, slots=True)
class Manner:
    """Log weights of what a poem's lines do.

    Attributes:
        traits: of every trait, (traits,).
        beats: of each number of beats, (LONGEST + 1,).
    """

    traits: Float
    beats: Float

    @classmethod
    def unknown(cls, falling: float) -> Manner:
        """Of a line by itself.

        Args:
            falling: what a stressed first beat is worth in a poem whose lines all open on one.
        """
        weights = np.zeros(len(Trait), np.float32)
        weights[Trait.FALLEN] = falling / 2
        return cls(weights, np.zeros(LONGEST + 1, np.float32))

    @classmethod
    def of_shares(
        cls,
        counted: Float,
        numbers: NDArray[np.intp],
        share: NDArray[np.float64],
        lines: int,
        usual: Float,
        falling: float,
    ) -> Manner:
        """Counted from readings, each with its share of a line.

        Args:
            counted: traits of the readings, (readings, traits).
            numbers: beats of each.
            share: of each in its line, (readings,).
            lines: how many lines the readings are of.
            usual: shares of openings, endings and steps in verse at large, (9,).
            falling: as for `unknown`.
        """
        seen = share @ counted
        weights = np.zeros(len(Trait), np.float32)
        for family, strength, prior in _FAMILIES:
            expected = usual[family]
            own = (seen[family] + prior * expected) / (seen[family].sum() + prior)
            weights[family] = strength * np.log(own / expected)
        falls = seen[Trait.OPENS_ON_BEAT] / max(1e-9, seen[OPENING].sum())
        weights[Trait.FALLEN] = falling * falls if falls > 0.5 else 0.0
        by_beats = np.bincount(numbers, share, LONGEST + 1) + 0.3
        beats = np.log(by_beats / (lines + 2.4))
        return cls(weights, beats.astype(np.float32))

    def of(self, counted: Float, numbers: NDArray[np.intp]) -> Float:
        """What the manner adds to readings, given their traits and their numbers of beats."""
        added: Float = counted @ self.traits + self.beats[numbers]
        return added

    def suits(self, counted: Float) -> NDArray[np.bool_]:
        """Whether readings do in everything what this poem does most willingly."""
        kept = np.ones(counted.shape[:-1], bool)
        for family, _, _ in _FAMILIES:
            rarer = self.traits[family] < self.traits[family].max()
            kept &= ~(counted[..., family][..., rarer] > 0).any(axis=-1)
        return kept
