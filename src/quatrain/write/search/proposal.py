"""What may come next in lines that are drawn, and how likely it is.

In: what a poet thinks, and a `Hypothesis` per line, which knows what may come. Out: chances to draw
from. `particles` and `beam` draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.poet import State
from quatrain.write.sampling import distribution, nothing_to_draw

LOST = -1e30
"""The weight of a line that nothing can go on with."""

_FAINT = 1e-12
"""The share of what is allowed under which single precision is not trusted with it."""


class LanguageModel(Protocol):
    """A poet, of words or of characters."""

    def step(
        self, ids: NDArray[np.integer[Any]], state: State
    ) -> tuple[NDArray[np.float32], State]:
        """Read one symbol of each poem: the logits of the next, and the state after."""


class Hypothesis(Protocol):
    """Where a line stands. Its symbols are those that the poet draws: words, or characters."""

    @property
    def tokens(self) -> tuple[str, ...]:
        """Words and marks drawn so far, in the order of writing."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The same as numbers of the vocabulary of words."""

    @property
    def done(self) -> bool:
        """Whether the line is finished."""

    def steer(self, values: NDArray[np.float32]) -> None:
        """Change in place what the poet thinks of every symbol, in nats, (symbols,)."""

    def worth(self) -> NDArray[np.bool_] | NDArray[np.float32]:
        """By what every symbol's probability is multiplied, 0 if it may not come, (symbols,)."""

    def take(self, symbol: int) -> Hypothesis:
        """One symbol further."""


@dataclass(frozen=True, slots=True)
class Particle:
    """A line, or what stands of it.

    Attributes:
        cursor: where it stands.
        weight: the log of the probability that was allowed, summed over its symbols.
        state: the poet's state before the line's end, once it is finished.
    """

    cursor: Hypothesis
    weight: float = 0.0
    state: State | None = None


class Search(Protocol):
    """Finds lines: `ParticleFilter`, or a `BeamSearch`."""

    def lines(
        self,
        cursors: Sequence[Hypothesis],
        state: State,
        logits: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
    ) -> list[list[Particle]]:
        """A line of each poem.

        Args:
            cursors: one per poem, where its line is to go on.
            state: of each poem, there.
            logits: of the next symbol, (poems, symbols).
            generators: one per poem.

        Returns:
            Per poem its finished lines, to be tried in turn; none if all were lost.
        """


class Proposal:
    """Of symbols, under what is allowed.

    Args:
        sampling: temperature and filters.
    """

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        self._plain = (sampling.top_k, sampling.top_p, sampling.min_p) == (None, None, None)
        self._plain &= sampling.temperature > 0

    def of(
        self, logits: NDArray[np.float32], cursors: Sequence[Hypothesis]
    ) -> tuple[NDArray[np.floating], list[float]]:
        """What is drawn from, not summing to 1, and the log of the share that was allowed.

        Args:
            logits: (particles, symbols).
            cursors: of the particles.
        """
        temperature = self._sampling.temperature
        values = logits / max(temperature, 1e-3)
        for row, cursor in zip(values, cursors, strict=True):
            cursor.steer(row)
        worth: NDArray[Any] = np.stack([cursor.worth() for cursor in cursors])
        if self._plain:
            values -= values.max(axis=1, keepdims=True)
            np.exp(values, out=values)
            whole = values.sum(axis=1)
            chances: NDArray[np.floating] = np.multiply(values, worth, out=values)
            share = chances.sum(axis=1) / whole
            if not np.isfinite(share).all():
                raise nothing_to_draw(worth > 0)
            kept = np.log(np.maximum(share, _FAINT, dtype=np.float64))
            for row in np.flatnonzero(share < _FAINT).tolist():
                chances[row], kept[row] = self._faint(logits[row], cursors[row], worth[row])
            return chances, kept.tolist()
        cut = replace(self._sampling, temperature=1.0 if temperature else 0.0)
        allowed = worth > 0
        able = allowed.any(axis=1)
        chances = np.zeros(logits.shape)
        if able.any():
            chances[able] = distribution(values[able], cut, allowed[able]) * worth[able]
        share = (distribution(values, cut, np.ones_like(allowed)) * worth).sum(axis=1)
        return chances, [math.log(max(float(each), 1e-12)) for each in share]

    def _faint(
        self, logits: NDArray[np.float32], cursor: Hypothesis, worth: NDArray[Any]
    ) -> tuple[NDArray[np.float64], float]:
        """The same for one particle whose share rounds away beside what is not allowed.

        So it does at low temperatures and under strong themes: then the likeliest of what is
        allowed is the measure, not of all.

        Args:
            logits: (symbols,).
            cursor: of the particle.
            worth: (symbols,).
        """
        values = logits / max(self._sampling.temperature, 1e-3)
        cursor.steer(values)
        values = values.astype(np.float64)
        allowed = worth > 0
        if not allowed.any():
            return np.zeros(len(values)), LOST
        top, level = values.max(), values[allowed].max()
        chances = np.exp(np.where(allowed, values - level, -np.inf)) * worth
        share = float(np.log(chances.sum()) + level - top)
        return chances, share - float(np.log(np.exp(values - top).sum()))
