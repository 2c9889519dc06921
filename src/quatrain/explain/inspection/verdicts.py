"""Verdicts on a poet in words, each by a stated criterion with its number.

In: a `Study` of the cells and the norms of the gradient by lag. Out: notes and a table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.explain.gradient_flow.random_networks import TENFOLD
from quatrain.explain.inspection.cells import HIGH, LOW, STILL, Study, Tracking
from quatrain.layers.horizon import horizon, retention
from quatrain.records import Cell, Note, Table

VANISHED = 1e-3
"""The gradient vanishes if one line back less than this share is left of what it is at the last
character read. A convention, near what half precision can tell from nothing beside 1 (2**-11):
a rhyme one line back is then as good as not there."""

GROWN = 10.0**TENFOLD
"""The gradient explodes if it grows by more than this factor on its way back over all characters
looked at: the rule of `flow`. More than 1 per character is necessary for it (Pascanu, Mikolov
and Bengio 2013, "On the difficulty of training recurrent neural networks", section 2.1) but not
enough: 1.002 over 127 characters is 1.3."""

SATURATED = 0.9
"""A gate is saturated if so large a share of its activations is. A convention: of the poets
looked at, sound ones have between a half and two thirds."""

DEAD = 0.05
"""So large a share of dead cells is a verdict on the poet. A convention: a network a twentieth
smaller would do the same."""

TRACKS = 0.3
"""A cell tracks a feature if it is beyond chance and its |r| at least this: a medium effect by
the convention of Cohen 1988 ("Statistical power analysis", section 3.2)."""


@dataclass(frozen=True, slots=True)
class Memory:
    """How far a poet's gradient reaches.

    Attributes:
        norms: the mean norm at lag 0, 1, ..., shape (lags,); see `layers.horizon`.
        line: characters of a line on average, its break included.
        predictions: how many the mean is over.
    """

    norms: NDArray[np.floating[Any]]
    line: int
    predictions: int

    @property
    def finite(self) -> bool:
        """Whether every norm is a number."""
        return bool(np.isfinite(self.norms).all())

    @property
    def horizon(self) -> int | None:
        """How many of the last characters half of the gradient comes from; None: cannot tell."""
        return horizon(self.norms) if self.finite and self.norms.any() else None

    @property
    def retention(self) -> float:
        """What is left of the gradient one character further back."""
        return retention(self.norms) if self.finite else math.inf

    @property
    def growth(self) -> float:
        """What that comes to from the last character read to the furthest looked at."""
        if not self.finite:
            return math.inf
        with np.errstate(over="ignore"):
            return float(np.power(self.retention, len(self.norms) - 1.0))

    @property
    def back(self) -> int:
        """The lag that stands for one line back: a line, or the furthest looked at."""
        return min(self.line, len(self.norms) - 1)

    @property
    def distance(self) -> str:
        """`back` in words, and what it stands for."""
        what = "about a line" if self.back == self.line else "the furthest looked at"
        return f"{self.back} character{'' if self.back == 1 else 's'} back, {what}"

    @property
    def left(self) -> float:
        """What is left of the gradient one line back, as a share of that at lag 0."""
        if not self.finite or not self.norms[0]:
            return math.nan
        with np.errstate(over="ignore"):
            return float(self.norms[self.back] / self.norms[0])


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What is to be said of a poet.

    Attributes:
        words: "healthy" alone, or what is the matter: "exploding", "vanishing", "saturated",
            "dead cells".
        told: notes for the top of the explanation.
        table: every criterion, what was found and what follows.
    """

    words: tuple[str, ...]
    told: tuple[Note, ...]
    table: Table


def judge(found: Study, memory: Memory) -> Verdicts:
    """Hold a poet against every criterion."""
    exploding = memory.growth > GROWN
    vanishing = not exploding and not memory.left >= VANISHED  # nothing at lag 0 is nan
    rows: list[tuple[Cell, ...]] = [
        (
            "exploding gradient",
            f"{len(memory.norms) - 1} characters back, the furthest looked at, more than "
            f"{GROWN:g} times its size, by the slope of its logarithm",
            memory.growth if math.isfinite(memory.growth) else "not finite",
            _yes(exploding),
        ),
        (
            "vanishing gradient",
            f"{memory.distance}, less than {VANISHED:g} of it left",
            memory.left if memory.finite and memory.norms[0] else "nothing to compare",
            _yes(vanishing),
        ),
    ]
    saturated = [gate for gate in found.saturation if gate.low + gate.high > SATURATED]
    rows += [
        (
            f"saturated {gate.gate} gate of lstm.{gate.layer}",
            f"more than {SATURATED:g} of it below {LOW:g} or above {HIGH:g}",
            gate.low + gate.high,
            _yes(gate in saturated),
        )
        for gate in found.saturation
    ]
    dead = len(found.dead) > DEAD * found.cells
    rows.append(
        (
            "dead cells",
            f"more than {DEAD:g} of the cells whose output has a standard deviation "
            f"below {STILL:g}",
            len(found.dead) / found.cells,
            _yes(dead),
        )
    )
    matters = {
        "exploding": exploding,
        "vanishing": vanishing,
        "saturated": bool(saturated),
        "dead cells": dead,
    }
    words = tuple(word for word, is_so in matters.items() if is_so) or ("healthy",)
    told = [f"Verdict: {', '.join(words)}.", _of_memory(memory)]
    most = max(found.saturation, key=lambda gate: gate.low + gate.high)
    told.append(
        f"Of the gates the {most.gate} gate of lstm.{most.layer} is the most saturated, with "
        f"{most.low + most.high:.0%} of its activations below {LOW:g} or above {HIGH:g}; "
        f"{len(found.dead)} of {found.cells} cells "
        f"{'is' if len(found.dead) == 1 else 'are'} dead."
    )
    return Verdicts(
        words,
        (Note(" ".join(told)), Note(_of_cells(found))),
        Table(
            "What was asked of the poet", ("question", "criterion", "found", "verdict"), tuple(rows)
        ),
    )


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _of_memory(memory: Memory) -> str:
    if not memory.finite:
        return "The gradient grows beyond all numbers on its way back."
    if memory.horizon is None:
        return "No gradient comes back to any character."
    last = "character" if memory.horizon == 1 else f"{memory.horizon} characters"
    told = f"Half of the gradient comes from the last {last}"
    if not memory.norms[0]:
        return f"{told}, and none from the very last."
    return f"{told}; {memory.distance}, it has {memory.left:.2g} of its size at the last one."


def tracks(tracking: Tracking) -> bool:
    """Whether the best cell of a feature tracks it: beyond chance, and by `TRACKS`."""
    return tracking.found and abs(tracking.cells[0].held_out) >= TRACKS


def _of_cells(found: Study) -> str:
    sentences = [
        f"{tracking.feature}: lstm.{best.layer} cell {best.number} (r = {best.held_out:.2f})"
        for tracking in found.tracking
        if tracks(tracking)
        for best in tracking.cells[:1]
    ]
    if not sentences:
        return f"No cell tracks a feature that was looked for with an r of {TRACKS:g} or more."
    return f"Cells that track something, on texts they were not chosen by: {'; '.join(sentences)}."
