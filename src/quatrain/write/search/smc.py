"""Particle filter (sequential Monte Carlo): draw one line of several poems under constraints.

In: the poet's state before the line, and a `Hypothesis` per poem, which knows what may come. Out:
several finished lines of each poem, in an order drawn by their weights.

Every particle draws its next symbol from the `Proposal`, the poet's own distribution restricted to
what may come, and its weight takes up the share that was allowed (Doucet and Johansen 2009; for
language models under constraints, Lew et al. 2023). Where the weights grow uneven, particles are
resampled, so that lines the poet finds unlikely die out; masks alone would keep them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.poet import State
from quatrain.write.search.hypothesis import (
    Hypothesis,
    LanguageModel,
    LineScorer,
    Particle,
    line_scores,
)
from quatrain.write.search.proposal import DEAD_LOG_WEIGHT, Proposal

ESS_THRESHOLD = 0.5
"""Effective sample size, as a share of the particles, below which they are resampled.

Kong et al. 1994 define the size; half the particles is the usual choice (Doucet and Johansen 2009).
"""

_BLOCK = 128
"""Symbols summed together first when one is drawn: faster than one cumulative sum over all."""


class ParticleFilter:
    """Sequential Monte Carlo search for lines.

    Args:
        model: the poet that reads and scores the lines.
        sampling: temperature and filters.
        count: particles per poem.
    """

    def __init__(self, model: LanguageModel, sampling: Sampling, count: int) -> None:
        self._model, self._proposal, self._count = model, Proposal(sampling), count

    def lines(
        self,
        hypotheses: Sequence[Hypothesis],
        state: State,
        logits: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
        scorer: LineScorer | None = None,
    ) -> list[list[Particle]]:
        """Draw finished lines for each poem, as `Search.lines` says."""
        poems = range(len(hypotheses))
        particles = [[Particle(hypothesis)] * self._count for hypothesis in hypotheses]
        rows = [[poem] * self._count for poem in poems]  # each particle's row in the state
        while True:
            active = [
                (poem, place)
                for poem in poems
                for place, particle in enumerate(particles[poem])
                if _is_active(particle)
            ]
            if not active:
                scores = line_scores(particles, scorer)
                return [
                    draw_without_replacement(particles[poem], generators[poem], scores[poem])
                    for poem in poems
                ]
            selected = [rows[poem][place] for poem, place in active]
            state, logits = state.select(selected), logits[selected]
            symbols = self._extend(particles, active, state, logits, generators)
            going = [
                row
                for row, (poem, place) in enumerate(active)
                if _is_active(particles[poem][place])
            ]
            if going:
                logits, state = self._model.step(symbols[going], state.select(going))
            for row, former_row in enumerate(going):
                poem, place = active[former_row]
                rows[poem][place] = row
            for poem in poems:
                self._resample(particles, rows, poem, generators[poem])

    def _extend(
        self,
        particles: list[list[Particle]],
        active: list[tuple[int, int]],
        state: State,
        logits: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
    ) -> NDArray[np.intp]:
        """Draw the next symbol of every active particle and replace the particle in place.

        A particle that ends its line keeps the state before the end; one that nothing can continue
        dies.

        Args:
            particles: per poem.
            active: (poem, place) of each active particle, one per row of `state`.
            state: the poet's state before the symbol.
            logits: (active, symbols).
            generators: one per poem.

        Returns:
            The symbols, (active,); 0 for a particle that died.
        """
        probabilities, log_increments = self._proposal.evaluate(
            logits, [particles[poem][place].hypothesis for poem, place in active]
        )
        log_masses = self._proposal.log_masses(logits)
        starts = np.arange(0, probabilities.shape[1], _BLOCK)
        block_sums = np.add.reduceat(probabilities, starts, axis=1, dtype=np.float64)
        symbols = np.zeros(len(active), np.intp)
        for row, (poem, place) in enumerate(active):
            particle = particles[poem][place]
            if not block_sums[row].any():
                particles[poem][place] = Particle(particle.hypothesis, weight=DEAD_LOG_WEIGHT)
                continue
            uniform = generators[poem].random()
            symbols[row] = inverse_cdf_sample(probabilities[row], block_sums[row], uniform)
            hypothesis = particle.hypothesis.advance(int(symbols[row]))
            particles[poem][place] = Particle(
                hypothesis,
                particle.weight + log_increments[row] + float(log_masses[row]),
                state.select([row]) if hypothesis.done else None,
            )
        return symbols

    def _resample(
        self,
        particles: list[list[Particle]],
        rows: list[list[int]],
        poem: int,
        generator: np.random.Generator,
    ) -> None:
        """Resample one poem's particles in place if their effective sample size is low.

        Systematic resampling: evenly spaced points with one random offset, which adds less variance
        than independent draws. All particles then weigh the mean of the weights before.
        """
        before = particles[poem]
        weights = normalise_weights([particle.weight for particle in before])
        effective_size = 1.0 / float((weights**2).sum())
        if len(before) == 1 or effective_size >= ESS_THRESHOLD * len(before):
            return
        points = (np.arange(len(before)) + generator.random()) / len(before)
        chosen = np.minimum(np.searchsorted(np.cumsum(weights), points), len(before) - 1).tolist()
        mean_log_weight = max(particle.weight for particle in before) + math.log(
            float((weights / weights.max()).mean())
        )
        particles[poem] = [
            Particle(before[place].hypothesis, mean_log_weight, before[place].state)
            for place in chosen
        ]
        rows[poem] = [rows[poem][place] for place in chosen]


def _is_active(particle: Particle) -> bool:
    """Return whether a particle's line is neither finished nor dead."""
    return particle.state is None and particle.weight > DEAD_LOG_WEIGHT


def normalise_weights(log_weights: Sequence[float]) -> NDArray[np.float64]:
    """Return weights that sum to 1 from log weights, (particles,)."""
    values = np.array(log_weights)
    values = np.exp(values - values.max())
    return np.asarray(values / values.sum())


def inverse_cdf_sample(
    probabilities: NDArray[np.floating], block_sums: NDArray[np.float64], uniform: float
) -> int:
    """Draw a symbol by inverting the cumulative distribution: first its block, then within it.

    Args:
        probabilities: unnormalised, (symbols,).
        block_sums: sums over blocks of `_BLOCK` symbols, (blocks,).
        uniform: the random number in [0, 1).
    """
    sums = np.cumsum(block_sums)
    target = min(uniform * float(sums[-1]), float(np.nextafter(sums[-1], 0)))
    block = int(np.searchsorted(sums, target, side="right"))
    target -= float(sums[block]) - float(block_sums[block])
    start = block * _BLOCK
    within = np.cumsum(probabilities[start : start + _BLOCK], dtype=np.float64)
    place = int(np.searchsorted(within, target, side="right"))
    if place == len(within) or probabilities[start + place] == 0.0:
        # Rounding went past the last symbol that may come: take that one.
        place = int(np.flatnonzero(probabilities[start : start + _BLOCK])[-1])
    return start + place


def draw_without_replacement(
    particles: Sequence[Particle],
    generator: np.random.Generator,
    scores: Mapping[tuple[str, ...], float] = MappingProxyType({}),
) -> list[Particle]:
    """Return the finished lines, each once, in an order drawn by their weights.

    Exponential races: sorting by -log(u) / weight draws without replacement in proportion to the
    weights. Particles with the same line add up their weights.

    Args:
        particles: of one poem.
        generator: draws the order.
        scores: tokens of a line -> nats to add to its log weight; a line that it lacks adds none.
    """
    lines: dict[tuple[str, ...], Particle] = {}
    weights: dict[tuple[str, ...], float] = {}
    normalised = normalise_weights(
        [particle.weight + scores.get(particle.hypothesis.tokens, 0.0) for particle in particles]
    )
    for particle, weight in zip(particles, normalised, strict=True):
        if particle.state is not None:
            tokens = particle.hypothesis.tokens
            lines.setdefault(tokens, particle)
            weights[tokens] = weights.get(tokens, 0.0) + float(weight)
    arrivals = {
        tokens: -math.log(1.0 - generator.random()) / max(weight, 1e-300)
        for tokens, weight in weights.items()
    }
    return [lines[tokens] for tokens in sorted(arrivals, key=lambda tokens: arrivals[tokens])]
