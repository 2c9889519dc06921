"""One line of several poems, the likeliest that may come.

In: poets' states before the line, and a `Hypothesis` per poem, which knows what may come. Out:
finished lines, several of each poem, the likeliest first. Beam search: of all beginnings, each a
symbol longer than before, the likeliest few are kept.

Above temperature 0 every beginning's log probability is moved by a Gumbel variable, drawn under
the condition that the best of what goes on from a beginning is as good as it was (Kool et al.
2019). The lines kept are then a sample without repetition from the poet's own distribution over
lines, in the order of drawing; what may not come takes part as one more symbol, and is left out
when it is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.poet import State
from quatrain.write.search.proposal import Hypothesis, LanguageModel, Particle, Proposal

_TINY = np.float32(1e-30)
"""In single precision an exponential variable may be 0."""


@dataclass(frozen=True, slots=True)
class _Beginning:
    """A line as far as it goes.

    Attributes:
        drawn: it; its weight is the log of its probability.
        key: by what it is compared with others.
        row: where it stands in the poet's state.
    """

    drawn: Particle
    key: float
    row: int


@dataclass(frozen=True, slots=True)
class _Next:
    """A beginning one symbol longer, if it is kept."""

    weight: float
    key: float
    row: int
    symbol: int


class BeamSearch:
    """Finds lines.

    Args:
        poet: whose lines.
        sampling: temperature and filters; at 0 nothing is drawn by lot.
        count: beginnings kept per poem.
    """

    def __init__(self, poet: LanguageModel, sampling: Sampling, count: int) -> None:
        self._poet, self._count, self._by_lot = poet, count, sampling.temperature > 0
        self._chances = Proposal(sampling if self._by_lot else replace(sampling, temperature=1.0))

    def lines(
        self,
        cursors: Sequence[Hypothesis],
        state: State,
        logits: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
    ) -> list[list[Particle]]:
        """A line of each poem, as `Search` says."""
        beams = [[_Beginning(Particle(one), 0.0, row)] for row, one in enumerate(cursors)]
        while True:
            active = [each for beam in beams for each in beam if each.drawn.state is None]
            if not active:
                return [_lines(beam) for beam in beams]
            rows = [each.row for each in active]
            state, logits = state.select(rows), logits[rows]
            chances, shares = self._chances.of(logits, [each.drawn.cursor for each in active])
            ids: list[int] = []
            parents: list[int] = []
            row = 0
            for poem, beam in enumerate(beams):
                every: list[_Beginning | _Next] = []
                for each in beam:
                    if each.drawn.state is not None:
                        every.append(each)
                        continue
                    every += self._after(each, row, chances[row], shares[row], generators[poem])
                    row += 1
                every.sort(key=lambda each: each.key, reverse=True)
                beams[poem] = []
                for best in every[: self._count]:
                    if isinstance(best, _Beginning):
                        beams[poem].append(best)
                        continue
                    cursor = active[best.row].drawn.cursor.take(best.symbol)
                    end = state.select([best.row]) if cursor.done else None
                    if end is None:
                        ids.append(best.symbol)
                        parents.append(best.row)
                    drawn = Particle(cursor, best.weight, end)
                    beams[poem].append(_Beginning(drawn, best.key, len(ids) - 1))
            if ids:
                logits, state = self._poet.step(np.array(ids), state.select(parents))

    def _after(
        self,
        beginning: _Beginning,
        row: int,
        chances: NDArray[np.floating],
        share: float,
        generator: np.random.Generator,
    ) -> list[_Next]:
        """The best that goes on from a beginning.

        Args:
            beginning: from where.
            row: of the poet's state.
            chances: of every symbol, not summing to 1, (symbols,).
            share: the log of the probability that is allowed.
            generator: for what is drawn by lot.
        """
        symbols = np.flatnonzero(chances)
        if not symbols.size:
            return []
        weights = np.log(chances[symbols])
        weights += beginning.drawn.weight + share - np.log(chances.sum(dtype=np.float64))
        keys, best = weights, 0.0
        if self._by_lot:
            keys = weights + _gumbel(generator, len(weights))
            left = beginning.drawn.weight + _log1mexp(share) + float(_gumbel(generator, 1)[0])
            best = max(float(keys.max()), left)
        places = np.arange(len(symbols))
        if len(symbols) > self._count:
            places = np.argpartition(-keys, self._count)[: self._count]
        kept = keys[places].astype(np.float64)
        if self._by_lot:
            kept = _moved(kept, best, beginning.key)
        return [
            _Next(float(weights[place]), float(key), row, int(symbols[place]))
            for place, key in zip(places, kept, strict=True)
        ]


def _gumbel(generator: np.random.Generator, count: int) -> NDArray[np.float32]:
    return -np.log(np.maximum(generator.standard_exponential(count, np.float32), _TINY))


def _moved(keys: NDArray[np.float64], best: float, to: float) -> NDArray[np.float64]:
    """Gumbel variables whose largest was `best`, under the condition that it is `to`.

    Kool et al. 2019, appendix B.3.
    """
    with np.errstate(divide="ignore"):  # what was best itself
        far = to - keys + np.log(-np.expm1(np.minimum(keys - best, 0.0)))
    return to - np.maximum(far, 0.0) - np.log1p(np.exp(-np.abs(far)))


def _log1mexp(value: float) -> float:
    """log(1 - exp(value)) of what is at most 0."""
    return float(np.log(-np.expm1(min(value, -1e-12))))


def _lines(beam: Sequence[_Beginning]) -> list[Particle]:
    """The finished lines, each once."""
    return list({each.drawn.cursor.tokens: each.drawn for each in reversed(beam)}.values())[::-1]
