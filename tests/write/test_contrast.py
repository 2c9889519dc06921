"""Contrastive decoding, against every line of a toy language and against the poet itself."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import quatrain
from quatrain.config import Sampling
from quatrain.errors import SettingsError
from quatrain.poet import State
from quatrain.write import CharacterWriter, WordWriter, WriteOptions
from quatrain.write.contrast import ContrastModel, log_softmax, with_contrast
from quatrain.write.search import BeamSearch, ParticleFilter

END = 3
"""The symbol that ends a line; the others are 0, 1 and 2, and 4 starts a poem."""

START = 4
MOST = 3
"""Symbols before the end, at most."""

OPENING_FACTOR = 0.5
"""Factor on a line that begins with 1."""

STRENGTH = 0.75
TEMPERATURE = 0.7


@cache
def logits_after(history: int) -> np.ndarray:
    """Return logits that depend on everything read; `history` has a digit per symbol."""
    return np.random.default_rng(history).normal(0, 1.0, 5).astype(np.float32)


def read(history: float, symbol: int) -> int:
    return int(history) * 10 + symbol + 1


class Remembering:
    """A poet whose state is all that it has read, as a number."""

    vocabulary = SimpleNamespace(START=START, encode=lambda _: np.array([END]))

    def start(self, poems: int) -> State:
        return begin(*[0] * poems)

    def step(self, ids: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        (histories,) = state.cells
        after = [read(*pair) for pair in zip(histories[0], ids, strict=True)]
        return np.stack([logits_after(history) for history in after]), begin(*after)


def begin(*histories: int) -> State:
    return State((), (np.array([histories], np.float64),))  # type: ignore[arg-type]


def read_all(*symbols: int) -> int:
    history = 0
    for symbol in symbols:
        history = read(history, symbol)
    return history


@dataclass(frozen=True)
class Line:
    """A line that may not repeat a symbol, with a bias against 0, and a factor on a 1 at first."""

    word_ids: tuple[int, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(map(str, self.word_ids))

    @property
    def done(self) -> bool:
        return self.word_ids[-1:] == (END,)

    def add_bias(self, scores: np.ndarray) -> None:
        scores[0] -= 0.5

    def symbol_weights(self) -> np.ndarray:
        weights = np.array([1, 1, 1, 1, 0], np.float32)
        weights[list(self.word_ids[-1:])] = 0
        weights[:END] *= len(self.word_ids) < MOST
        weights[END] = bool(self.word_ids)
        weights[1] *= 1.0 if self.word_ids else OPENING_FACTOR
        return weights

    def advance(self, symbol: int) -> Line:
        return Line((*self.word_ids, symbol))


def all_lines(line: Line) -> list[Line]:
    if line.done:
        return [line]
    longer = (line.advance(int(symbol)) for symbol in np.flatnonzero(line.symbol_weights()))
    return [end for line in longer for end in all_lines(line)]


def log_weight(
    line: Line, before: tuple[int, ...], temperature: float = TEMPERATURE, bias: bool = True
) -> float:
    """Return the log of what a line should be drawn in proportion to, after some symbols.

    That is (p(line | poem)^(1+a) / p(line | nothing)^a)^(1/T), with the bias as a preference among
    the symbols of each step that does not count for the line as a whole, and the factors of its
    symbols, which do.
    """
    total = 0.0
    for place, symbol in enumerate(line.word_ids):
        so_far = line.word_ids[:place]
        of_poem = log_softmax(logits_after(read_all(*before, *so_far))[None])[0]
        of_line = log_softmax(logits_after(read_all(START, END, *so_far))[None])[0]
        scores = ((1 + STRENGTH) * of_poem - STRENGTH * of_line).astype(float) / temperature
        biased = scores.copy()
        if bias:
            Line(so_far).add_bias(biased)
        total += biased[symbol] + math.log(np.exp(scores).sum() / np.exp(biased).sum())
        total += math.log(Line(so_far).symbol_weights()[symbol])
    return total


BEFORE = (START, 1, 2, END)
"""A first line, after which the next is drawn."""


def drawn_lines(search: Any, runs: int, **sampling: float) -> list[Any]:
    model = ContrastModel(Remembering(), STRENGTH)  # type: ignore[arg-type]
    state = model.start(1)
    for symbol in BEFORE:
        logits, state = model.step(np.array([symbol]), state)
    settings = Sampling(contrast=STRENGTH, **sampling)
    found = search(model, settings, 24).lines(
        [Line()] * runs,
        state.select([0] * runs),
        np.repeat(logits, runs, axis=0),
        [np.random.default_rng(seed) for seed in range(runs)],
    )
    return [[particle.hypothesis.word_ids for particle in particles] for particles in found]


@pytest.mark.slow
def test_particles_draw_from_the_contrasted_distribution_of_whole_lines() -> None:
    runs = 3000
    firsts = Counter(lines[0] for lines in drawn_lines(ParticleFilter, runs, temperature=0.7))
    masses = {line.word_ids: math.exp(log_weight(line, BEFORE)) for line in all_lines(Line())}
    total = sum(masses.values())
    difference = sum(abs(mass / total - firsts[line] / runs) for line, mass in masses.items())
    assert difference / 2 < 0.05


def test_the_contrasted_distribution_is_not_the_poets_own() -> None:
    """The test above could not tell them apart otherwise."""
    masses = {line.word_ids: math.exp(log_weight(line, BEFORE)) for line in all_lines(Line())}
    plain = {line.word_ids: math.exp(log_weight(line, (START, END))) for line in all_lines(Line())}
    difference = sum(
        abs(masses[line] / sum(masses.values()) - plain[line] / sum(plain.values()))
        for line in masses
    )
    assert difference / 2 > 0.2


def test_a_beam_at_temperature_0_ranks_lines_by_their_contrasted_score(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Line, "add_bias", lambda *_: None)
    (found,) = drawn_lines(BeamSearch, 1, temperature=0.0)
    scores = {line.word_ids: log_weight(line, BEFORE, 1.0, False) for line in all_lines(Line())}
    assert found == sorted(scores, key=lambda line: scores[line], reverse=True)[: len(found)]


def test_the_state_of_a_line_starts_again_after_every_line() -> None:
    model = ContrastModel(Remembering(), STRENGTH)  # type: ignore[arg-type]
    state = model.start(2)
    for ids in ([START, START], [0, 1], [END, 2], [1, END], [2, 0]):
        logits, state = model.step(np.array(ids), state)
    assert state.cells[0].tolist() == [
        [read_all(START, 0, END, 1, 2), read_all(START, 1, 2, END, 0)]
    ]
    assert state.cells[1].tolist() == [[read_all(START, END, 1, 2), read_all(START, END, 0)]]
    poem, line = (log_softmax(logits_after(int(cells[0, 0]))[None])[0] for cells in state.cells)
    assert logits[0] == pytest.approx((1 + STRENGTH) * poem - STRENGTH * line, abs=1e-5)


def test_a_first_line_is_not_contrasted() -> None:
    model = ContrastModel(Remembering(), STRENGTH)  # type: ignore[arg-type]
    state = model.start(1)
    for symbol in (START, 0, 1):
        logits, state = model.step(np.array([symbol]), state)
    expected = log_softmax(logits_after(read_all(START, 0, 1))[None])
    assert logits == pytest.approx(expected, abs=1e-5)


def test_equal_rows_are_stepped_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = []
    step = Remembering.step

    def count(self: Remembering, ids: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        rows.append(len(ids))
        return step(self, ids, state)

    model = ContrastModel(Remembering(), STRENGTH)  # type: ignore[arg-type]
    monkeypatch.setattr(Remembering, "step", count)
    state = model.start(3)
    for ids in ([START] * 3, [0, 0, 1], [END] * 3, [2, 2, 2], [1, 0, 1]):
        logits, state = model.step(np.array(ids), state)
    model.step(np.array([END] * 3), state)
    # Until the line ends there is no second reading; then poems differ, and the line is one. Where
    # it ends, the second reading begins again and needs no step.
    assert rows == [1, 2, 2, 3, 5, 3]
    assert np.array_equal(state.cells[1][0], [read_all(START, END, 2, last) for last in (1, 0, 1)])
    alone = model.start(1)
    for symbol in (START, 1, END, 2, 1):
        expected, alone = model.step(np.array([symbol]), alone)
    assert np.array_equal(logits[2], expected[0])


def test_without_contrast_the_poet_is_itself() -> None:
    poet = Remembering()
    assert with_contrast(poet, 0.0) is poet  # type: ignore[arg-type,comparison-overlap]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["verse", "letters"])
@pytest.mark.parametrize(
    "options", [{"form": "haiku"}, {"lines": 3}, {"form": "haiku", "search": "beam"}]
)
def test_shipped_poets_write_with_contrast(name: str, options: dict[str, Any]) -> None:
    poet: CharacterWriter | WordWriter = quatrain.load(name)
    plain = poet.write(seed=3, contrast=0, temperature=0.8, **options)
    contrasted = poet.write(seed=3, contrast=0.75, temperature=0.7, **options)
    assert plain.text != contrasted.text
    assert contrasted.settings["contrast"] == 0.75
    assert "contrast" not in plain.settings
    usual = contrasted if name == "verse" and "form" in options else plain
    assert poet.write(seed=3, **options).text == usual.text


def test_a_poets_own_contrast_yields_to_yours() -> None:
    usual = WriteOptions(form="haiku").with_default_contrast(0.75).drawing
    assert (usual.contrast, usual.temperature) == (0.75, 0.7)
    warm = WriteOptions(form="haiku", temperature=1.1).with_default_contrast(0.75).drawing
    assert (warm.contrast, warm.temperature) == (0.75, 1.1)
    plain = WriteOptions(form="haiku", contrast=0).with_default_contrast(0.75).drawing
    assert (plain.contrast, plain.temperature) == (0, 0.8)
    none = WriteOptions(form="haiku").with_default_contrast(0.0).drawing
    assert (none.contrast, none.temperature) == (None, 0.8)


@pytest.mark.parametrize("value", [-0.1, float("nan"), 11, "much"])
def test_a_strength_that_makes_no_sense(value: object) -> None:
    with pytest.raises(SettingsError, match="contrast"):
        Sampling(contrast=value)  # type: ignore[arg-type]
