"""One line of several poems, drawn under what each must be.

In: poets' states before the line, and a `Hypothesis` per poem, which knows what may come. Out:
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

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.poet import State
from quatrain.write.search.proposal import LOST, Hypothesis, LanguageModel, Particle, Proposal

EVEN = 0.5
"""The share of effective particles (Kong et al. 1994) under which they are drawn anew."""

_BLOCK = 128


class ParticleFilter:
    """Draws lines.

    Args:
        poet: whose lines.
        sampling: temperature and filters.
        count: particles per poem.
    """

    def __init__(self, poet: LanguageModel, sampling: Sampling, count: int) -> None:
        self._poet, self._chances, self._count = poet, Proposal(sampling), count

    def lines(
        self,
        cursors: Sequence[Hypothesis],
        state: State,
        logits: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
    ) -> list[list[Particle]]:
        """A line of each poem, as `Search` says."""
        poems = range(len(cursors))
        particles = [[Particle(cursor)] * self._count for cursor in cursors]
        columns = [[poem] * self._count for poem in poems]  # where each stands in the state
        while True:
            active = [
                (poem, place)
                for poem in poems
                for place, each in enumerate(particles[poem])
                if each.state is None and each.weight > LOST
            ]
            if not active:
                return [self._order(particles[poem], generators[poem]) for poem in poems]
            rows = [columns[poem][place] for poem, place in active]
            state, logits = state.select(rows), logits[rows]
            ids = self._draw(particles, active, state, logits, generators)
            going = [
                place
                for place, (poem, one) in enumerate(active)
                if particles[poem][one].state is None and particles[poem][one].weight > LOST
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
        particles: list[list[Particle]],
        active: list[tuple[int, int]],
        state: State,
        logits: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
    ) -> NDArray[np.intp]:
        """One more symbol of every active particle; those that end keep their state."""
        chances, kept = self._chances.of(
            logits, [particles[poem][place].cursor for poem, place in active]
        )
        starts = np.arange(0, chances.shape[1], _BLOCK)
        blocks = np.add.reduceat(chances, starts, axis=1, dtype=np.float64)
        ids = np.zeros(len(active), np.intp)
        for row, (poem, place) in enumerate(active):
            each = particles[poem][place]
            if not blocks[row].any():
                particles[poem][place] = Particle(each.cursor, weight=LOST)
                continue
            ids[row] = _chosen(chances[row], blocks[row], generators[poem].random())
            cursor = each.cursor.take(int(ids[row]))
            particles[poem][place] = Particle(
                cursor, each.weight + kept[row], state.select([row]) if cursor.done else None
            )
        return ids

    def _resample(
        self,
        particles: list[list[Particle]],
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
        particles[poem] = [
            Particle(mine[place].cursor, level, mine[place].state) for place in chosen
        ]
        columns[poem] = [columns[poem][place] for place in chosen]

    def _order(self, mine: list[Particle], generator: np.random.Generator) -> list[Particle]:
        """The finished lines, each once, drawn by weight without putting back."""
        finished: dict[tuple[str, ...], Particle] = {}
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
