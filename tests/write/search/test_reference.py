"""Both searches against every line of a toy language that remembers all it has read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from quatrain.config import Sampling
from quatrain.poet import State
from quatrain.write.search import BeamSearch, Particle, ParticleFilter, smc
from quatrain.write.search.proposal import DEAD_LOG_WEIGHT

END = 3
"""The symbol that ends a line; the others are 0, 1 and 2."""

MOST = 3
"""Symbols before the end, at most."""

PLAIN = Sampling(temperature=1.0)


@cache
def logits_after(history: int) -> np.ndarray:
    """Return logits that depend on everything read; `history` has a digit per symbol."""
    return np.random.default_rng(history).normal(0, 1.2, 4).astype(np.float32)


def read(history: float, symbol: int) -> int:
    return int(history) * 10 + symbol + 1


class Remembering:
    """A model whose state is the history of each poem as a number."""

    def step(self, ids: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        (histories,) = state.cells
        after = [
            read(history, int(symbol)) for history, symbol in zip(histories[0], ids, strict=True)
        ]
        return np.stack([logits_after(history) for history in after]), begin(*after)


def begin(*histories: int) -> State:
    return State((), (np.array([histories], np.float64),))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Line:
    """A line that may not repeat a symbol, halves the chance of 2 and has a bias against 0."""

    start: int
    word_ids: tuple[int, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(str(word_id) for word_id in self.word_ids)

    @property
    def done(self) -> bool:
        return self.word_ids[-1:] == (END,)

    def add_bias(self, scores: np.ndarray) -> None:
        scores[0] -= 0.5

    def symbol_weights(self) -> np.ndarray:
        weights = np.array([1, 1, 0.5, 1], np.float32)
        weights[list(self.word_ids[-1:])] = 0
        if len(self.word_ids) == MOST:
            weights[:END] = 0
        elif not self.word_ids:
            weights[END] = 0
        return weights

    def advance(self, symbol: int) -> Line:
        return Line(self.start, (*self.word_ids, symbol))


def history(line: Line) -> int:
    """Return the model's state before the line's last symbol."""
    state = line.start
    for number in line.word_ids[:-1]:
        state = read(state, number)
    return state


def steps(line: Line) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yield each symbol of a line with the model's distribution and the line's weights there."""
    state, before = line.start, Line(line.start)
    for number in line.word_ids:
        scores = logits_after(state).astype(np.float64)
        scores[0] -= 0.5
        yield number, np.exp(scores) / np.exp(scores).sum(), before.symbol_weights()
        state, before = read(state, number), before.advance(number)


def log_probability(line: Line) -> float:
    return sum(math.log(model[symbol] * weights[symbol]) for symbol, model, weights in steps(line))


def log_shares(line: Line) -> float:
    return sum(math.log((model * weights).sum()) for _, model, weights in steps(line))


def all_lines(line: Line) -> list[Line]:
    if line.done:
        return [line]
    return [
        end
        for symbol in np.flatnonzero(line.symbol_weights())
        for end in all_lines(line.advance(int(symbol)))
    ]


STARTS = (0, 7, 9)


def search_lines(
    search: ParticleFilter | BeamSearch, starts: tuple[int, ...] = STARTS, seed: int = 0
) -> list[list[Particle]]:
    return search.lines(
        [Line(start) for start in starts],
        begin(*starts),
        np.stack([logits_after(start) for start in starts]),
        [np.random.default_rng([seed, number]) for number in range(len(starts))],
    )


def numbers(particles: list[Particle]) -> list[tuple[int, ...]]:
    return [particle.hypothesis.word_ids for particle in particles]


def test_a_wide_beam_finds_every_line_in_order_of_probability() -> None:
    results = search_lines(BeamSearch(Remembering(), Sampling(temperature=0.0), 100))
    for start, particles in zip(STARTS, results, strict=True):
        lines = sorted(all_lines(Line(start)), key=log_probability, reverse=True)
        assert numbers(particles) == [line.word_ids for line in lines]
        for particle, line in zip(particles, lines, strict=True):
            assert particle.weight == pytest.approx(log_probability(line), abs=1e-5)
            assert particle.state is not None
            assert particle.state.cells[0].tolist() == [[history(line)]]


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_narrow_beam_keeps_the_best_lines_of_each_length(count: int) -> None:
    results = search_lines(BeamSearch(Remembering(), Sampling(temperature=0.0), count))
    for start, particles in zip(STARTS, results, strict=True):
        beam = [Line(start)]
        while not all(line.done for line in beam):
            longer = [line for line in beam if line.done]
            for line in beam:
                if not line.done:
                    longer += map(line.advance, np.flatnonzero(line.symbol_weights()).tolist())
            beam = sorted(longer, key=log_probability, reverse=True)[:count]
        assert numbers(particles) == [line.word_ids for line in beam]


@pytest.mark.slow
def test_a_narrow_stochastic_beam_draws_the_first_line_exactly() -> None:
    runs = 2500
    results = search_lines(BeamSearch(Remembering(), PLAIN, 3), (7,) * runs)
    mass = {line.word_ids: math.exp(log_probability(line)) for line in all_lines(Line(7))}
    total = sum(mass.values())
    firsts = Counter[tuple[int, ...]]()
    for particles in results:
        drawn = numbers(particles)
        assert len(set(drawn)) == len(drawn) <= 3
        if drawn:
            firsts[drawn[0]] += 1
        for particle in particles:
            assert isinstance(particle.hypothesis, Line)
            expected = log_probability(particle.hypothesis)
            assert particle.weight == pytest.approx(expected, abs=1e-5)
            assert particle.state is not None
            assert particle.state.cells[0].tolist() == [[history(particle.hypothesis)]]
    for line, share in mass.items():
        assert firsts[line] / firsts.total() == pytest.approx(share / total, abs=0.03)


@pytest.mark.slow
def test_a_wide_stochastic_beam_orders_all_lines_at_random() -> None:
    runs = 1500
    results = search_lines(BeamSearch(Remembering(), PLAIN, 100), (9,) * runs)
    lines = [line.word_ids for line in all_lines(Line(9))]
    mass = {line.word_ids: math.exp(log_probability(line)) for line in all_lines(Line(9))}
    total = sum(mass.values())
    orders = [numbers(particles) for particles in results]
    assert all(sorted(order) == sorted(lines) for order in orders)
    best = max(mass, key=lambda line: mass[line])
    second = sum(
        mass[other] / total * mass[best] / (total - mass[other]) for other in lines if other != best
    )
    assert sum(order[0] == best for order in orders) / runs == pytest.approx(
        mass[best] / total, abs=0.04
    )
    assert sum(order[1] == best for order in orders) / runs == pytest.approx(second, abs=0.04)


@pytest.mark.parametrize("threshold", [0.0, 0.5, 2.0])
def test_particles_keep_the_state_of_their_line(
    threshold: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smc, "ESS_THRESHOLD", threshold)
    for seed in range(10):
        results = search_lines(ParticleFilter(Remembering(), PLAIN, 12), seed=seed)
        for start, particles in zip(STARTS, results, strict=True):
            assert len(set(numbers(particles))) == len(particles) > 0
            for particle in particles:
                line = particle.hypothesis
                assert isinstance(line, Line)
                assert (line.start, line.done) == (start, True)
                assert particle.state is not None
                assert particle.state.cells[0].tolist() == [[history(line)]]
                if threshold == 0.0:  # never resampled
                    assert particle.weight == pytest.approx(log_shares(line), abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [0.0, 0.5, 2.0])
def test_the_mean_weight_is_the_probability_of_what_is_allowed(
    threshold: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The particle filter's estimate is unbiased, however often it resamples."""
    monkeypatch.setattr(smc, "ESS_THRESHOLD", threshold)
    seen: list[list[Particle]] = []
    monkeypatch.setattr(
        smc, "draw_without_replacement", lambda particles, *_: seen.append(list(particles)) or []
    )
    search_lines(ParticleFilter(Remembering(), PLAIN, 8), (0,) * 1500)
    estimates = [np.exp([particle.weight for particle in particles]).mean() for particles in seen]
    exact = sum(math.exp(log_probability(line)) for line in all_lines(Line(0)))
    assert np.mean(estimates) == pytest.approx(exact, rel=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 24])
def test_the_first_line_is_drawn_from_the_exact_distribution(count: int) -> None:
    """One particle draws each symbol from what is allowed, without regard to what follows."""
    runs = 1500
    results = search_lines(ParticleFilter(Remembering(), PLAIN, count), (9,) * runs)
    firsts = Counter(numbers(particles)[0] for particles in results)
    lines = all_lines(Line(9))
    masses = [
        math.exp(log_probability(line) - (log_shares(line) if count == 1 else 0)) for line in lines
    ]
    for line, mass in zip(lines, masses, strict=True):
        assert firsts[line.word_ids] / runs == pytest.approx(mass / sum(masses), abs=0.045)


@dataclass(frozen=True)
class Stuck(Line):
    """A line that nothing can continue after a 1."""

    def symbol_weights(self) -> np.ndarray:
        weights = super().symbol_weights()
        return weights * 0 if self.word_ids[-1:] == (1,) else weights

    def advance(self, symbol: int) -> Stuck:
        return Stuck(self.start, (*self.word_ids, symbol))


@pytest.mark.parametrize("search", [ParticleFilter, BeamSearch])
@pytest.mark.parametrize("sampling", [PLAIN, Sampling(temperature=1.0, top_k=4)])
def test_lines_that_get_stuck_are_left_out(
    search: type[ParticleFilter] | type[BeamSearch], sampling: Sampling
) -> None:
    def results(line: Stuck) -> list[Particle]:
        (particles,) = search(Remembering(), sampling, 40).lines(
            [line], begin(0), logits_after(0)[None], [np.random.default_rng(1)]
        )
        return particles

    particles = results(Stuck(0))
    assert particles
    assert all(1 not in numbers for numbers in numbers(particles))
    assert results(Stuck(0, (1,))) == []


class Generator:
    """Draws the given numbers instead of random ones."""

    def __init__(self, *values: float) -> None:
        self._values = list(values)

    def random(self) -> float:
        return self._values.pop(0)


@pytest.mark.parametrize(
    ("weights", "offset", "chosen"),
    [
        ([0.5, 0.5, 0.0, 0.0], 0.5, [0, 1, 2, 3]),  # an effective size of half is enough
        ([0.52, 0.48, 0.0, 0.0], 0.5, [0, 0, 1, 1]),
        ([0.52, 0.48, 0.0, 0.0], 0.0, [0, 0, 0, 1]),
        ([0.0, 0.1, 0.0, 0.9], 0.2, [1, 3, 3, 3]),
        ([0.0, 0.1, 0.0, 0.9], 0.6, [3, 3, 3, 3]),
        ([1.0], 0.5, [0]),
    ],
)
def test_resampling(weights: list[float], offset: float, chosen: list[int]) -> None:
    """Evenly spaced points choose the particles; the mean of the weights stays."""
    logs = [math.log(weight) + 5.0 if weight else DEAD_LOG_WEIGHT for weight in weights]
    before = [Particle(Line(number), log) for number, log in enumerate(logs)]
    particles, rows = [[], list(before)], [[], [10 + number for number in range(len(before))]]
    search = ParticleFilter(Remembering(), PLAIN, len(before))
    search._resample(particles, rows, 1, Generator(offset))  # type: ignore[arg-type]
    assert [particle.hypothesis.start for particle in particles[1]] == chosen  # type: ignore[attr-defined]
    assert rows == [[], [10 + number for number in chosen]]
    assert particles[0] == []
    if len(set(chosen)) < len(chosen):
        mean = 5.0 + math.log(sum(weights) / len(weights))
        assert [particle.weight for particle in particles[1]] == pytest.approx([mean] * len(chosen))
    else:
        assert particles[1] == before


def test_a_point_beyond_the_last_weight_chooses_the_last_particle() -> None:
    """Weights may sum to a little less than 1, and the last point may be rounded to 1."""
    draw = np.random.default_rng(0)
    while True:
        logs = [*np.log(draw.random(5)), 3.0, *np.log(draw.random(2))]
        if np.cumsum(smc.normalise_weights(logs))[-1] < 1:
            break
    particles = [[Particle(Line(number), log) for number, log in enumerate(logs)]]
    ParticleFilter(Remembering(), PLAIN, 8)._resample(
        particles,
        [list(range(8))],
        0,
        Generator(math.nextafter(1.0, 0.0)),  # type: ignore[arg-type]
    )
    assert particles[0][-1].hypothesis == Line(7)


def test_a_symbol_is_the_first_whose_cumulative_probability_is_above() -> None:
    draw = np.random.default_rng(3)
    for size in (1, 127, 128, 129, 400):
        probabilities = draw.random(size) * (draw.random(size) < 0.3)
        probabilities[draw.integers(size)] = 0.5
        sums = np.add.reduceat(probabilities, np.arange(0, size, 128))
        cumulative = np.cumsum(probabilities)
        for uniform in (0.0, *draw.random(40), 1 - 1e-16):
            drawn = smc.inverse_cdf_sample(probabilities, sums, uniform)
            expected = int(np.searchsorted(cumulative, uniform * cumulative[-1], side="right"))
            assert drawn == min(expected, int(np.flatnonzero(probabilities)[-1]))


def test_the_order_of_lines_by_exponential_races() -> None:
    """Weights of the same line are added; each line arrives at -log(1 - u) over its weight."""
    end = begin(0)
    particles = [
        Particle(Line(0, (0, END)), math.log(0.3), end),
        Particle(Line(0, (1, END)), math.log(0.2), end),
        Particle(Line(0, (0, END)), math.log(0.1), end),
        Particle(Line(0, (2, END)), math.log(0.4), end),
        Particle(Line(0, (2,)), math.log(5.0)),
    ]
    for uniforms in [(0.5, 0.5, 0.5), (0.9, 0.1, 0.5), (0.5, 0.2, 0.9), (0.5, 0.31, 0.5)]:
        arrivals = [
            -math.log(1 - u) / weight for u, weight in zip(uniforms, (0.4, 0.2, 0.4), strict=True)
        ]
        drawn = smc.draw_without_replacement(particles, Generator(*uniforms))  # type: ignore[arg-type]
        expected = sorted(range(3), key=lambda number: arrivals[number])
        assert [particle.hypothesis.word_ids[0] for particle in drawn] == expected
    weightless = Particle(Line(0, (1, END)), -5000.0, end)
    drawn = smc.draw_without_replacement([weightless, particles[0]], Generator(0.01, 0.99))  # type: ignore[arg-type]
    assert drawn == [particles[0], weightless]
    assert smc.draw_without_replacement(particles[4:], Generator()) == []  # type: ignore[arg-type]
