"""One line of several poems, drawn under what each must be.

In: poets' states before the line, and a `LineTask` per poem. Out: finished lines, several of each
poem, in an order drawn by their weights. Sequential Monte Carlo (Doucet and Johansen 2009; for
language models under constraints Lew et al. 2023): each of a poem's particles draws from the
poet's own distribution over what the task allows, and its weight takes up the probability that
was allowed. Where weights grow uneven, particles are drawn anew by them (systematic
resampling), so that lines the poet would rather not write die out: masks alone would keep them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.poet import State, WordPoet, WordVocabulary
from quatrain.write.line_task import LineTask, Prefix
from quatrain.write.sampling import distribution

EVEN = 0.5
"""The share of effective particles (Kong et al. 1994) under which they are drawn anew."""

TWICE = 6.0
"""Nats a word loses when it would stand beside itself, unless asked otherwise."""

_LOST = -1e30
_BLOCK = 128


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line, or what stands of it.

    Attributes:
        prefix: where it stands in its task.
        tokens: drawn so far, in the order of writing.
        numbers: the same as numbers.
        weight: the log of the probability that was allowed, summed over its tokens.
        state: the poet's state before the line's end, once it is finished.
    """

    prefix: Prefix
    tokens: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    weight: float = 0.0
    state: State | None = None


class Particles:
    """Draws lines.

    Args:
        poet: whose lines.
        sampling: temperature and filters.
        count: particles per poem.
        again: nats that each word loses when the line has it already, (vocabulary,).
        twice: nats that a word loses when it would stand beside itself.
    """

    def __init__(
        self,
        poet: WordPoet,
        sampling: Sampling,
        count: int,
        *,
        again: NDArray[np.floating],
        twice: float = TWICE,
    ) -> None:
        self._poet, self._sampling, self._count = poet, sampling, count
        self._again, self._twice = again, twice
        self._plain = (sampling.top_k, sampling.top_p, sampling.min_p) == (None, None, None)
        self._plain &= sampling.temperature > 0
        self._blocks = np.arange(0, poet.vocabulary.size, _BLOCK)

    def lines(
        self,
        tasks: Sequence[LineTask],
        state: State,
        logits: NDArray[np.float32],
        biases: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
    ) -> list[list[Drawn]]:
        """A line of each poem.

        Args:
            tasks: one per poem.
            state: before the line, of each poem.
            logits: of the first token, (poems, vocabulary).
            biases: in nats, added to the logits divided by the temperature, (poems, vocabulary).
            generators: one per poem.

        Returns:
            Per poem its finished lines, to be tried in turn; none if every particle was lost.
        """
        poems = range(len(tasks))
        particles = [[Drawn(task.begin())] * self._count for task in tasks]
        state, logits = self._opened(tasks, particles, state, logits)
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
            ids = self._draw(tasks, particles, active, state, logits, biases, generators)
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

    def _opened(
        self,
        tasks: Sequence[LineTask],
        particles: list[list[Drawn]],
        state: State,
        logits: NDArray[np.float32],
    ) -> tuple[State, NDArray[np.float32]]:
        """Read the tokens that come first, which may differ in number from poem to poem."""
        for turn in range(max(len(task.opening) for task in tasks)):
            poems = [poem for poem, task in enumerate(tasks) if turn < len(task.opening)]
            ids = np.array([tasks[poem].opening[turn].number for poem in poems])
            heard, after = self._poet.step(ids, state.select(poems))
            for poem in poems:
                task, drawn = tasks[poem], particles[poem][0]
                each = task.opening[turn]
                drawn = Drawn(
                    task.opened(drawn.prefix, each, turn + 1),
                    (*drawn.tokens, each.token),
                    (*drawn.numbers, each.number),
                )
                particles[poem] = [drawn] * self._count
            order = [
                len(tasks) + poems.index(poem) if poem in poems else poem
                for poem in range(len(tasks))
            ]
            state = State.joined([state, after]).select(order)
            logits = np.concatenate([logits, heard])[order]
        return state, logits

    def _draw(
        self,
        tasks: Sequence[LineTask],
        particles: list[list[Drawn]],
        active: list[tuple[int, int]],
        state: State,
        logits: NDArray[np.float32],
        biases: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
    ) -> NDArray[np.intp]:
        """One more token of every active particle; those that end keep their state."""
        allowed = np.stack(
            [tasks[poem].allowed(particles[poem][place].prefix) for poem, place in active]
        )
        owners = [poem for poem, _ in active]
        again = [list(particles[poem][place].numbers) for poem, place in active]
        chances, kept = self._chances(logits, biases, owners, again, allowed)
        vocabulary = self._poet.vocabulary
        blocks = np.add.reduceat(chances, self._blocks, axis=1, dtype=np.float64)
        ids = np.zeros(len(active), np.intp)
        for row, (poem, place) in enumerate(active):
            each = particles[poem][place]
            if not blocks[row].any():
                particles[poem][place] = Drawn(each.prefix, weight=_LOST)
                continue
            number = self._chosen(chances[row], blocks[row], generators[poem].random())
            ids[row] = number
            task = tasks[poem]
            token = task.token(each.prefix, number)
            over = number == WordVocabulary.LINE
            particles[poem][place] = Drawn(
                task.after(each.prefix, number, len(each.tokens) + 1),
                each.tokens if over else (*each.tokens, token or vocabulary.token(number)),
                each.numbers if over else (*each.numbers, number),
                each.weight + kept[row],
                state.select([row]) if over else None,
            )  # fmt: skip
        return ids

    def _chosen(
        self, chances: NDArray[np.floating], blocks: NDArray[np.float64], chance: float
    ) -> int:
        """Draw a number by inverting the cumulative distribution, first of blocks, then in one."""
        sums = np.cumsum(blocks)
        left = min(chance * float(sums[-1]), float(np.nextafter(sums[-1], 0)))
        block = int(np.searchsorted(sums, left, side="right"))
        left -= float(sums[block]) - float(blocks[block])
        start = int(self._blocks[block])
        within = np.cumsum(chances[start : start + _BLOCK], dtype=np.float64)
        place = int(np.searchsorted(within, left, side="right"))
        if place == len(within) or chances[start + place] == 0.0:  # rounding passed the last one
            place = int(np.flatnonzero(chances[start : start + _BLOCK])[-1])
        return start + place

    def _chances(
        self,
        logits: NDArray[np.float32],
        biases: NDArray[np.float32],
        owners: list[int],
        again: list[list[int]],
        allowed: NDArray[np.bool_],
    ) -> tuple[NDArray[np.floating], list[float]]:
        """What is drawn from, not summing to 1, and the log of the share that was allowed.

        Args:
            logits: (particles, vocabulary).
            biases: in nats, (poems, vocabulary).
            owners: each particle's poem.
            again: the numbers each particle has drawn already.
            allowed: (particles, vocabulary).
        """
        temperature = self._sampling.temperature
        values = logits / max(temperature, 1e-3)
        for row, (poem, drawn) in enumerate(zip(owners, again, strict=True)):
            values[row] += biases[poem]
            values[row, drawn] -= self._again[drawn]
            values[row, drawn[-1:]] -= self._twice
        if self._plain:
            values -= values.max(axis=1, keepdims=True)
            np.exp(values, out=values)
            whole = values.sum(axis=1)
            chances: NDArray[np.floating] = np.multiply(values, allowed, out=values)
            share = chances.sum(axis=1) / whole
        else:
            cut = replace(self._sampling, temperature=1.0 if temperature else 0.0)
            able = allowed.any(axis=1)
            chances = np.zeros(logits.shape)
            if able.any():
                chances[able] = distribution(values[able], cut, allowed[able])
            share = (distribution(values, cut, np.ones_like(allowed)) * allowed).sum(axis=1)
        return chances, [math.log(max(float(each), 1e-12)) for each in share]

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
        particles[poem] = [
            Drawn(each.prefix, each.tokens, each.numbers, level, each.state)
            for each in (mine[place] for place in chosen)
        ]
        columns[poem] = [columns[poem][place] for place in chosen]

    def _order(self, mine: list[Drawn], generator: np.random.Generator) -> list[Drawn]:
        """The finished lines, each once, drawn by weight without putting back."""
        finished: dict[tuple[str, ...], Drawn] = {}
        weights: dict[tuple[str, ...], float] = {}
        for each, weight in zip(mine, _normal([one.weight for one in mine]), strict=True):
            if each.state is not None:
                finished.setdefault(each.tokens, each)
                weights[each.tokens] = weights.get(each.tokens, 0.0) + float(weight)
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
