"""The diagnosis of a poet in words: each problem by a stated criterion and its number.

In: `CellMeasurements` and the norms of the gradient by lag. Out: notes and a table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.explain.gradient_flow.random_networks import TENFOLD
from quatrain.explain.inspection.cells import (
    DEAD_DEVIATION,
    HIGH,
    LOW,
    CellMeasurements,
    FeatureTracking,
)
from quatrain.layers.horizon import horizon, retention
from quatrain.records import Cell, Note, Table

VANISHING_SHARE = 1e-3
"""Share of the gradient one line back, relative to the last character read, below which the
gradient vanishes.

A convention, near the smallest share that half precision distinguishes from 0 next to 1
(2**-11): a rhyme one line back then has no effect.
"""

EXPLODING_FACTOR = 10.0**TENFOLD
"""Growth of the gradient over all characters measured, above which it explodes.

The rule of `gradient_flow`. More than 1 per character is necessary for an explosion (Pascanu,
Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks", section 2.1)
but not enough: 1.002 per character is 1.3 over 127 characters.
"""

SATURATED_SHARE = 0.9
"""Share of a gate's activations beyond `LOW` and `HIGH`, above which the gate is saturated.

A convention: in the sound poets examined the share is between a half and two thirds.
"""

DEAD_SHARE = 0.05
"""Share of dead cells above which the diagnosis mentions them.

A convention: a network a twentieth smaller would do the same work.
"""

TRACKING_R = 0.3
"""Smallest |r| at which a cell beyond chance tracks a feature: a medium effect by the convention
of Cohen 1988 ("Statistical power analysis", section 3.2)."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The reach of a poet's gradient.

    Attributes:
        norms: the mean norm at lag 0, 1, ..., shape (lags,); see `layers.horizon`.
        line_length: characters of a line on average, line break included.
        predictions: number of predictions in the mean.
    """

    norms: NDArray[np.floating[Any]]
    line_length: int
    predictions: int

    @property
    def finite(self) -> bool:
        """True if every norm is a finite number."""
        return bool(np.isfinite(self.norms).all())

    @property
    def horizon(self) -> int | None:
        """Number of last characters that half of the gradient comes from; None if undefined."""
        return horizon(self.norms) if self.finite and self.norms.any() else None

    @property
    def retention(self) -> float:
        """Factor by which the gradient changes per character further back."""
        return retention(self.norms) if self.finite else math.inf

    @property
    def growth(self) -> float:
        """Factor by which it changes from the last character read to the furthest measured."""
        if not self.finite:
            return math.inf
        with np.errstate(over="ignore"):
            return float(np.power(self.retention, len(self.norms) - 1.0))

    @property
    def line_lag(self) -> int:
        """Lag of one line in characters, or the furthest lag measured."""
        return min(self.line_length, len(self.norms) - 1)

    @property
    def distance(self) -> str:
        """`line_lag` in words."""
        lag = self.line_lag
        meaning = "about a line" if lag == self.line_length else "the furthest measured"
        return f"{lag} character{'' if lag == 1 else 's'} back ({meaning})"

    @property
    def line_share(self) -> float:
        """Gradient one line back, as a share of that at lag 0."""
        if not self.finite or not self.norms[0]:
            return math.nan
        with np.errstate(over="ignore"):
            return float(self.norms[self.line_lag] / self.norms[0])


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Diagnosis of a poet.

    Attributes:
        words: "healthy" alone, or the problems: "exploding", "vanishing", "saturated",
            "dead cells".
        messages: notes for the top of the explanation.
        table: every criterion, its value and whether the problem is present.
    """

    words: tuple[str, ...]
    messages: tuple[Note, ...]
    table: Table


def diagnose(measurements: CellMeasurements, memory: Memory) -> Diagnosis:
    """Test a poet for every problem."""
    exploding = memory.growth > EXPLODING_FACTOR
    vanishing = not exploding and not memory.line_share >= VANISHING_SHARE  # NaN vanishes
    saturated = [gate for gate in measurements.saturation if gate.low + gate.high > SATURATED_SHARE]
    dead = len(measurements.dead) > DEAD_SHARE * measurements.cells
    problems = {
        "exploding": exploding,
        "vanishing": vanishing,
        "saturated": bool(saturated),
        "dead cells": dead,
    }
    words = tuple(word for word, present in problems.items() if present) or ("healthy",)
    rows: list[tuple[Cell, ...]] = [
        (
            "exploding gradient",
            f"{len(memory.norms) - 1} characters back, the furthest measured, more than "
            f"{EXPLODING_FACTOR:g} times its size, by the slope of its logarithm",
            memory.growth if math.isfinite(memory.growth) else "not finite",
            _yes(exploding),
        ),
        (
            "vanishing gradient",
            f"{memory.distance}, less than {VANISHING_SHARE:g} of it left",
            memory.line_share if memory.finite and memory.norms[0] else "nothing to compare",
            _yes(vanishing),
        ),
        *(
            (
                f"saturated {gate.gate} gate of lstm.{gate.layer}",
                f"more than {SATURATED_SHARE:g} of it below {LOW:g} or above {HIGH:g}",
                gate.low + gate.high,
                _yes(gate in saturated),
            )
            for gate in measurements.saturation
        ),
        (
            "dead cells",
            f"more than {DEAD_SHARE:g} of the cells whose output has a standard deviation "
            f"below {DEAD_DEVIATION:g}",
            len(measurements.dead) / measurements.cells,
            _yes(dead),
        ),
    ]
    summary = (
        f"Diagnosis: {', '.join(words)}. {_memory_message(memory)} {_gate_message(measurements)}"
    )
    return Diagnosis(
        words,
        (Note(summary), Note(_cell_message(measurements))),
        Table(
            "Criteria of the diagnosis", ("problem", "criterion", "value", "present"), tuple(rows)
        ),
    )


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _memory_message(memory: Memory) -> str:
    if not memory.finite:
        return "Going back, the gradient grows beyond all numbers."
    if memory.horizon is None:
        return "No gradient comes back to any character."
    last = "character" if memory.horizon == 1 else f"{memory.horizon} characters"
    half = f"Half of the gradient comes from the last {last}"
    if not memory.norms[0]:
        return f"{half}, and none from the very last."
    return (
        f"{half}; {memory.distance}, it has {memory.line_share:.2g} of its size at the last "
        "character."
    )


def _gate_message(measurements: CellMeasurements) -> str:
    most = max(measurements.saturation, key=lambda gate: gate.low + gate.high)
    count = len(measurements.dead)
    if not count:
        dead = "There are no dead cells."
    else:
        dead = f"{count} of {measurements.cells} cells {'is' if count == 1 else 'are'} dead."
    return (
        f"The most saturated gate is the {most.gate} gate of lstm.{most.layer}: "
        f"{most.low + most.high:.0%} of its activations are below {LOW:g} or above {HIGH:g}. {dead}"
    )


def is_tracked(tracking: FeatureTracking) -> bool:
    """Return whether the best cell of a feature tracks it: beyond chance, and by `TRACKING_R`."""
    return tracking.best_is_beyond_chance and abs(tracking.cells[0].held_out) >= TRACKING_R


def _cell_message(measurements: CellMeasurements) -> str:
    trackers = [
        f"{tracking.feature}: lstm.{best.layer} cell {best.number} (r = {best.held_out:.2f})"
        for tracking in measurements.tracking
        if is_tracked(tracking)
        for best in tracking.cells[:1]
    ]
    if not trackers:
        return f"No cell tracks one of the features with an r of {TRACKING_R:g} or more."
    return f"Cells that track a feature, on texts they weren't chosen by: {'; '.join(trackers)}."
