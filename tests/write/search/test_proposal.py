"""The distribution that symbols are drawn from, against its definition in double precision."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pytest

from quatrain.config import Sampling
from quatrain.errors import PoetError
from quatrain.write.search.proposal import DEAD_LOG_WEIGHT, MIN_SHARE, Proposal


@dataclass(frozen=True)
class Line:
    """A line with fixed weights and a fixed bias."""

    weights: tuple[float, ...]
    bias: tuple[float, ...] = ()
    word_ids: tuple[int, ...] = ()
    tokens: tuple[str, ...] = field(default=())
    done: bool = False

    def add_bias(self, scores: np.ndarray) -> None:
        if self.bias:
            scores += np.array(self.bias, np.float32)

    def symbol_weights(self) -> np.ndarray:
        return np.array(self.weights, np.float32)

    def advance(self, symbol: int) -> Line:
        raise NotImplementedError


def expected(
    logits: list[float], line: Line, temperature: float, most: int | None
) -> tuple[np.ndarray, float]:
    """Return the distribution of the next symbol, and the share that the line allows.

    Without a filter, and with only the likeliest `most` symbols: of those that the line
    allows for the draw, and of all for the share.
    """
    scores = np.array(logits) / temperature + np.array(line.bias or (0.0,) * len(logits))
    weights = np.array(line.weights)

    def likeliest(scores: np.ndarray) -> np.ndarray:
        values = np.exp(scores - scores.max())
        if most is not None:
            values[np.argsort(-scores, kind="stable")[most:]] = 0.0
        return values / values.sum()

    drawn = likeliest(np.where(weights > 0, scores, -np.inf)) * weights
    return drawn / drawn.sum(), math.log(max((likeliest(scores) * weights).sum(), MIN_SHARE))


LOGITS = [1.0, 0.2, -0.7, 2.0, 0.1]
LINES = [
    Line((1, 1, 1, 1, 1)),
    Line((1, 0, 1, 0, 1)),
    Line((0, 0, 0.25, 0.5, 1), bias=(0.0, 0.0, 1.5, -1.0, 0.0)),
    Line((0, 0, 1, 0, 0)),
]


@pytest.mark.parametrize("most", [None, 1, 2, 3])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_probabilities_and_increments(temperature: float, most: int | None) -> None:
    proposal = Proposal(Sampling(temperature=temperature, top_k=most))
    logits = np.array([LOGITS] * len(LINES), np.float32)
    probabilities, increments = proposal.evaluate(logits, LINES)
    assert logits.tolist() == np.array([LOGITS] * len(LINES), np.float32).tolist()
    for line, row, increment in zip(LINES, probabilities, increments, strict=True):
        distribution, share = expected(LOGITS, line, temperature, most)
        np.testing.assert_allclose(row / row.sum(), distribution, atol=1e-6)
        assert increment == pytest.approx(share, abs=1e-5)


@pytest.mark.parametrize(
    "sampling", [Sampling(temperature=0.7, top_p=0.7), Sampling(temperature=0.7, min_p=0.4)]
)
def test_other_filters_cut_what_is_allowed(sampling: Sampling) -> None:
    """Both filters leave 3 and 0 of all symbols, and 0 alone of those that may come."""
    logits = [1.5, 0.0, -4.0, 2.0, -0.5]
    probabilities, increments = Proposal(sampling).evaluate(
        np.array([logits] * 2, np.float32), [Line((1, 1, 1, 1, 1)), Line((1, 1, 1, 0, 1))]
    )
    assert np.flatnonzero(probabilities[0]).tolist() == [0, 3]
    assert np.flatnonzero(probabilities[1]).tolist() == [0]
    share = 1 / (1 + math.exp(0.5 / 0.7))
    assert increments == pytest.approx([0.0, math.log(share)], abs=1e-5)


def test_at_temperature_0_the_likeliest_allowed_symbol_has_all() -> None:
    probabilities, increments = Proposal(Sampling(temperature=0.0)).evaluate(
        np.array([LOGITS] * 2, np.float32), [Line((1, 1, 1, 1, 1)), Line((1, 0.5, 1, 0, 1))]
    )
    assert probabilities.tolist() == [[0, 0, 0, 1, 0], [1, 0, 0, 0, 0]]
    assert increments == pytest.approx([0.0, math.log(MIN_SHARE)])


def test_at_temperature_0_a_bias_decides_only_between_equals() -> None:
    bias = (0.0, 0.0, 0.0, -50.0, 0.0)
    for second, likeliest in ((1.9, 3), (2.0, 0)):
        probabilities, _ = Proposal(Sampling(temperature=0.0)).evaluate(
            np.array([[second, 0.2, -0.7, 2.0, 0.1]], np.float32), [Line((1,) * 5, bias)]
        )
        assert np.flatnonzero(probabilities).tolist() == [likeliest]


@pytest.mark.parametrize("gap", [20.0, 30.0, 200.0, 5000.0])
def test_symbols_far_below_the_likeliest_are_drawn_in_double_precision(gap: float) -> None:
    line = Line((0, 1, 0.5), bias=(0.0, 0.0, 0.25))
    probabilities, (increment,) = Proposal(Sampling(temperature=1.0)).evaluate(
        np.array([[0.0, -gap, -gap - 1.0]], np.float32), [line]
    )
    ratio = 0.5 * math.exp(-0.75)
    np.testing.assert_allclose(
        probabilities[0] / probabilities[0].sum(), np.array([0, 1, ratio]) / (1 + ratio), rtol=1e-5
    )
    assert increment == pytest.approx(-gap + math.log(1 + ratio), rel=1e-6, abs=1e-5)


def test_several_likely_symbols_count_in_double_precision() -> None:
    _, (increment,) = Proposal(Sampling(temperature=1.0)).evaluate(
        np.array([[3.0, 3.0, -97.0]], np.float32), [Line((0, 0, 1))]
    )
    assert increment == pytest.approx(-100.0 - math.log(2), abs=1e-5)


@pytest.mark.parametrize(
    "sampling", [Sampling(temperature=1.0), Sampling(temperature=1.0, top_k=2)]
)
def test_a_line_that_nothing_can_continue_has_no_probabilities(sampling: Sampling) -> None:
    logits = np.array([LOGITS, LOGITS], np.float32)
    probabilities, increments = Proposal(sampling).evaluate(logits, [Line((0,) * 5), LINES[0]])
    assert not probabilities[0].any()
    assert probabilities[1].any()
    least = math.log(MIN_SHARE) if sampling.top_k else DEAD_LOG_WEIGHT
    assert increments[0] == pytest.approx(least)
    assert increments[1] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    "sampling", [Sampling(temperature=1.0), Sampling(temperature=1.0, top_k=2)]
)
def test_logits_that_are_no_numbers_are_refused(sampling: Sampling) -> None:
    with pytest.raises(PoetError, match="logits that are not finite"):
        Proposal(sampling).evaluate(np.array([[np.nan, 1.0]], np.float32), [Line((1, 1))])
