"""One line of several poems, drawn under what each must be.

In: poets' states before the line, and a `Cursor` per poem, which knows what may come. Out:
finished lines, several of each poem, in an order drawn by their weights. Sequential Monte Carlo
(Doucet and Johansen 2009; for language models under constraints Lew et al. 2023): each of a
poem's particles draws from the poet's own distribution over what may come, and its weight takes
up the probability that was allowed. Where weights grow uneven, particles are drawn anew by them
(systematic resampling), so that lines the poet would rather not write die out: masks alone would
keep them.
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

EVEN = 0.5
"""The share of effective particles (Kong et al. 1994) under which they are drawn anew."""

_LOST = -1e30
_BLOCK = 128
_FAINT = 1e-12
"""The share of what is allowed under which single precision is not trusted with it."""


class Steps(Protocol):
    """A poet, of words or of characters."""

    def step(
        self, ids: NDArray[np.integer[Any]], state: State
    ) -> tuple[NDArray[np.float32], State]:
        """Read one symbol of each poem: the logits of the next, and the state after."""


class Cursor(Protocol):
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

    def take(self, symbol: int) -> Cursor:
        """One symbol further."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line, or what stands of it.

    Attributes:
        cursor: where it stands.
        weight: the log of the probability that was allowed, summed over its symbols.
        state: the poet's state before the line's end, once it is finished.
    """

    cursor: Cursor
    weight: float = 0.0
    state: State | None = None


class Particles:
    """Draws lines.

    Args:
        poet: whose lines.
        sampling: temperature and filters.
        count: particles per poem.
    """

    def __init__(self, poet: Steps, sampling: Sampling, count: int) -> None:
        self._poet, self._sampling, self._count = poet, sampling, count
        self._plain = (sampling.top_k, sampling.top_p, sampling.min_p) == (None, None, None)
        self._plain &= sampling.temperature > 0

    def lines(
        self,
        cursors: Sequence[Cursor],
        state: State,
        logits: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
    ) -> list[list[Drawn]]:
        """A line of each poem.

        Args:
            cursors: one per poem, where its line is to go on.
            state: of each poem, there.
            logits: of the next symbol, (poems, symbols).
            generators: one per poem.

        Returns:
            Per poem its finished lines, to be tried in turn; none if every particle was lost.
        """
        poems = range(len(cursors))
        particles = [[Drawn(cursor)] * self._count for cursor in cursors]
        columns = [[poem] * self._count for poem in poems]  # where each stands in the state
        while True:
            active = [
                (poem, place)
                for poem in poems
                for place, each in enumerate(particles[poem])
                if each.state is None and each.weight > _LOST
            ]
            if not active:
                return [self._order(particles[poem], generators[poem]) for poem in poems]
            rows = [columns[poem][place] for poem, place in active]
            state, logits = state.select(rows), logits[rows]
            ids = self._draw(particles, active, state, logits, generators)
            going = [
                place
                for place, (poem, one) in enumerate(active)
                if particles[poem][one].state is None and particles[poem][one].weight > _LOST
            ]
            if going:
                logits, state = self._poet.step(ids[going], state.select(going))
            for column, place in enumerate(going):
                poem, one = active[place]
                columns[poem][one] = column
            for poem in poems:
                self._resample(particles, columns, poem, generators[poem])

    def _draw(
        self,
        particles: list[list[Drawn]],
        active: list[tuple[int, int]],
        state: State,
        logits: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
    ) -> NDArray[np.intp]:
        """One more symbol of every active particle; those that end keep their state."""
        chances, kept = self._chances(
            logits, [particles[poem][place].cursor for poem, place in active]
        )
        starts = np.arange(0, chances.shape[1], _BLOCK)
        blocks = np.add.reduceat(chances, starts, axis=1, dtype=np.float64)
        ids = np.zeros(len(active), np.intp)
        for row, (poem, place) in enumerate(active):
            each = particles[poem][place]
            if not blocks[row].any():
                particles[poem][place] = Drawn(each.cursor, weight=_LOST)
                continue
            ids[row] = _chosen(chances[row], blocks[row], generators[poem].random())
            cursor = each.cursor.take(int(ids[row]))
            particles[poem][place] = Drawn(
                cursor, each.weight + kept[row], state.select([row]) if cursor.done else None
            )
        return ids

    def _chances(
        self, logits: NDArray[np.float32], cursors: Sequence[Cursor]
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
        self, logits: NDArray[np.float32], cursor: Cursor, worth: NDArray[Any]
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
            return np.zeros(len(values)), _LOST
        top, level = values.max(), values[allowed].max()
        chances = np.exp(np.where(allowed, values - level, -np.inf)) * worth
        share = float(np.log(chances.sum()) + level - top)
        return chances, share - float(np.log(np.exp(values - top).sum()))

    def _resample(
        self,
        particles: list[list[Drawn]],
        columns: list[list[int]],
        poem: int,
        generator: np.random.Generator,
    ) -> None:
        mine = particles[poem]
        weights = _normal([each.weight for each in mine])
        if len(mine) == 1 or 1.0 / float((weights**2).sum()) >= EVEN * len(mine):
            return
        points = (np.arange(len(mine)) + generator.random()) / len(mine)
        chosen = np.minimum(np.searchsorted(np.cumsum(weights), points), len(mine) - 1).tolist()
        level = max(each.weight for each in mine) + math.log(
            float((weights / weights.max()).mean())
        )
        particles[poem] = [Drawn(mine[place].cursor, level, mine[place].state) for place in chosen]
        columns[poem] = [columns[poem][place] for place in chosen]

    def _order(self, mine: list[Drawn], generator: np.random.Generator) -> list[Drawn]:
        """The finished lines, each once, drawn by weight without putting back."""
        finished: dict[tuple[str, ...], Drawn] = {}
        weights: dict[tuple[str, ...], float] = {}
        for each, weight in zip(mine, _normal([one.weight for one in mine]), strict=True):
            if each.state is not None:
                tokens = each.cursor.tokens
                finished.setdefault(tokens, each)
                weights[tokens] = weights.get(tokens, 0.0) + float(weight)
        # Exponential races: the order of -log(u) / weight draws without putting back.
        keys = {
            tokens: -math.log(1.0 - generator.random()) / max(weight, 1e-300)
            for tokens, weight in weights.items()
        }
        return [finished[tokens] for tokens in sorted(keys, key=lambda each: keys[each])]


def _normal(weights: Sequence[float]) -> NDArray[np.float64]:
    values = np.array(weights)
    values = np.exp(values - values.max())
    return np.asarray(values / values.sum())


def _chosen(chances: NDArray[np.floating], blocks: NDArray[np.float64], chance: float) -> int:
    """Draw a number by inverting the cumulative distribution, first of blocks, then in one."""
    sums = np.cumsum(blocks)
    left = min(chance * float(sums[-1]), float(np.nextafter(sums[-1], 0)))
    block = int(np.searchsorted(sums, left, side="right"))
    left -= float(sums[block]) - float(blocks[block])
    start = block * _BLOCK
    within = np.cumsum(chances[start : start + _BLOCK], dtype=np.float64)
    place = int(np.searchsorted(within, left, side="right"))
    if place == len(within) or chances[start + place] == 0.0:  # rounding passed the last one
        place = int(np.flatnonzero(chances[start : start + _BLOCK])[-1])
    return start + place
