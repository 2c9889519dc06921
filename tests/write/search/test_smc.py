"""Both searches against an exact toy language, where resampling matters, and the parts of SMC."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest

from quatrain.config import Sampling
from quatrain.poet import State
from quatrain.write.search import BeamSearch, LineScorer, Particle, ParticleFilter, smc

LENGTH = 8
GOOD, BAD, FORBIDDEN = range(3)
"""Symbols. After `BAD` the model nearly always wants `FORBIDDEN`, which no line may have."""

LOGITS = np.log(
    np.array(
        [
            [0.48, 0.50, 0.02],  # after GOOD
            [0.01, 0.01, 0.98],  # after BAD
            [0.40, 0.40, 0.20],  # after FORBIDDEN
        ],
        np.float32,
    )
)
"""Log probability of the next symbol after each, (symbols, symbols)."""


ALLOWED = np.arange(3) != FORBIDDEN


class ToyModel:
    """A Markov chain over three symbols."""

    def step(self, ids: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        return LOGITS[ids], state


@dataclass(frozen=True)
class ToyLine:
    """A line of `LENGTH` symbols without `FORBIDDEN`."""

    word_ids: tuple[int, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(str(word_id) for word_id in self.word_ids)

    @property
    def done(self) -> bool:
        return len(self.word_ids) == LENGTH

    def add_bias(self, scores: np.ndarray) -> None:
        pass

    def symbol_weights(self) -> np.ndarray:
        return ALLOWED

    def advance(self, symbol: int) -> ToyLine:
        return ToyLine((*self.word_ids, symbol))


def exact_distribution() -> dict[int, float]:
    """Return the probability that a line has so many bad symbols, from all 256 lines."""
    mass: Counter[int] = Counter()
    for line in product((GOOD, BAD), repeat=LENGTH):
        steps = zip((GOOD, *line), line, strict=False)
        mass[line.count(BAD)] += float(np.exp(sum(LOGITS[step] for step in steps)))
    return {bad: value / mass.total() for bad, value in mass.items()}


def drawn_distribution(
    search: ParticleFilter | BeamSearch, runs: int = 150, scorer: LineScorer | None = None
) -> dict[int, float]:
    """Return the share of runs whose first line has so many bad symbols."""
    found = search.lines(
        [ToyLine()] * runs,
        State((), ()),
        np.repeat(LOGITS[[GOOD]], runs, axis=0),
        [np.random.default_rng(seed) for seed in range(runs)],
        scorer,
    )
    counts = Counter(particles[0].hypothesis.word_ids.count(BAD) for particles in found)
    return {bad: count / runs for bad, count in counts.items()}


def total_variation(search: ParticleFilter | BeamSearch) -> float:
    exact, drawn = exact_distribution(), drawn_distribution(search)
    return sum(abs(exact[bad] - drawn.get(bad, 0.0)) for bad in exact) / 2


@pytest.mark.slow
@pytest.mark.parametrize("search", [ParticleFilter, BeamSearch])
def test_few_particles_draw_from_the_exact_distribution(
    search: type[ParticleFilter] | type[BeamSearch],
) -> None:
    assert total_variation(search(ToyModel(), Sampling(temperature=1.0), 32)) < 0.1


@pytest.mark.slow
def test_without_resampling_few_particles_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardly any of 32 particles avoids bad symbols by chance: weights cannot make up for it."""
    monkeypatch.setattr(smc, "ESS_THRESHOLD", 0.0)
    assert total_variation(ParticleFilter(ToyModel(), Sampling(temperature=1.0), 32)) > 0.3


@pytest.mark.slow
@pytest.mark.parametrize("search", [ParticleFilter, BeamSearch])
def test_scores_of_finished_lines_shift_the_distribution(
    search: type[ParticleFilter] | type[BeamSearch],
) -> None:
    """Lines that lose half a nat for each bad symbol are drawn as the exact weights say."""

    def scorer(lines: Sequence[Sequence[Particle]]) -> list[list[float]]:
        drawn = [[particle.hypothesis for particle in row] for row in lines]
        assert all(len({line.tokens for line in row}) == len(row) for row in drawn)
        return [[-0.5 * line.word_ids.count(BAD) for line in row] for row in drawn]

    weights = {bad: mass * np.exp(-0.5 * bad) for bad, mass in exact_distribution().items()}
    total = sum(weights.values())
    drawn = drawn_distribution(search(ToyModel(), Sampling(temperature=1.0), 64), scorer=scorer)
    distance = sum(abs(weight / total - drawn.get(bad, 0.0)) for bad, weight in weights.items()) / 2
    unscored = drawn_distribution(search(ToyModel(), Sampling(temperature=1.0), 64))
    far = sum(abs(weight / total - unscored.get(bad, 0.0)) for bad, weight in weights.items()) / 2
    assert distance < 0.12 < far


def test_weights_are_normalised_from_logarithms_however_small() -> None:
    assert smc.normalise_weights([-2000.0, -2000.0, -5000.0]).tolist() == [0.5, 0.5, 0.0]


def test_inverting_the_cumulative_distribution_across_blocks() -> None:
    probabilities = np.zeros(300)
    probabilities[[3, 140, 299]] = [1.0, 2.0, 1.0]
    starts = np.arange(0, 300, 128)
    sums = np.add.reduceat(probabilities, starts)
    drawn = [smc.inverse_cdf_sample(probabilities, sums, u) for u in (0.0, 0.2, 0.3, 0.7, 0.8)]
    assert drawn == [3, 3, 140, 140, 299]
    assert smc.inverse_cdf_sample(probabilities, sums, np.nextafter(1.0, 0.0)) == 299


def test_lines_are_ordered_by_draws_without_replacement() -> None:
    """The first line is drawn by weight, each line stands once, and unfinished ones are left."""
    end = State((), ())
    particles = [
        smc.Particle(ToyLine((0,)), np.log(0.2), end),
        smc.Particle(ToyLine((1,)), np.log(0.5), end),
        smc.Particle(ToyLine((0,)), np.log(0.2), end),
        smc.Particle(ToyLine((2,)), np.log(0.1), None),
    ]
    orders = Counter(
        tuple(
            particle.hypothesis.word_ids
            for particle in smc.draw_without_replacement(particles, np.random.default_rng(seed))
        )
        for seed in range(2000)
    )
    assert set(orders) == {((0,), (1,)), ((1,), (0,))}
    assert orders[(1,), (0,)] / 2000 == pytest.approx(5 / 9, abs=0.04)
