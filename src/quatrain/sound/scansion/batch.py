"""Candidates of many lines as padded arrays, as the grammar takes them.

In: the syllables of candidates, numbered. Out: a `CandidateBatch`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.sound.scansion.candidates import INSIDE, PAUSE

Float = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CandidateBatch:
    """Candidates of lines, one per row, padded to the longest.

    Attributes:
        unary: what the syllables' features add, (rows, syllables, kinds, beat, stressed).
        neighbour_classes: class and part of speech of each syllable
            (`Variant.neighbour_classes`), (rows, syllables + 2), an edge at both ends.
        boundaries: the boundary before each syllable, (rows, syllables + 1).
        lengths: syllables, (rows,).
        licence_costs: what the licences add, (rows,).
    """

    unary: Float
    neighbour_classes: NDArray[np.intp]
    boundaries: NDArray[np.intp]
    lengths: NDArray[np.intp]
    licence_costs: Float

    def select(self, rows: NDArray[np.intp]) -> CandidateBatch:
        """Return some of the rows, in the order of `rows`, padded to the longest of them."""
        lengths = self.lengths[rows]
        longest = int(lengths.max(initial=1))
        return CandidateBatch(
            self.unary[rows, :longest],
            self.neighbour_classes[rows, : longest + 2],
            self.boundaries[rows, : longest + 1],
            lengths,
            self.licence_costs[rows],
        )


def pad_candidates(
    numbers: Sequence[int],
    boundaries: Sequence[int] | NDArray[np.intp],
    lengths: Sequence[int],
    licence_costs: Sequence[float],
    unary: Float,
    neighbour_classes: NDArray[np.intp],
) -> CandidateBatch:
    """Return candidates of different lengths as one batch.

    Args:
        numbers: of every syllable of every candidate, one after another.
        boundaries: the boundary before each of these syllables.
        lengths: syllables of each candidate.
        licence_costs: what each candidate's licences add.
        unary: what the features of each number add, (numbers, kinds, beat, stressed); those of
            number 0, which pads, are zeros.
        neighbour_classes: of each number; that of number 0 is an edge.
    """
    counts = np.array(lengths, np.intp)
    longest = int(counts.max(initial=1))
    inside = np.arange(longest) < counts[:, None]
    places = np.zeros((len(counts), longest + 2), np.intp)
    places[:, 1:-1][inside] = numbers
    padded_boundaries = np.full((len(counts), longest + 1), PAUSE, np.intp)
    padded_boundaries[:, :-1][inside] = boundaries
    padded_boundaries[:, 0] = INSIDE
    return CandidateBatch(
        unary[places[:, 1:-1]],
        neighbour_classes[places],
        padded_boundaries,
        counts,
        np.array(licence_costs, np.float32),
    )
