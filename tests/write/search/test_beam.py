"""Gumbel variables moved to the largest that they must have (Kool et al. 2019)."""

import numpy as np
import pytest
from scipy import stats

from quatrain.write.search.beam import condition_on_maximum, log1mexp


def test_the_largest_becomes_what_it_must_and_the_order_stays() -> None:
    keys = np.random.default_rng(1).gumbel(size=50)
    moved = condition_on_maximum(keys, float(keys.max()), -3.0)
    assert moved.max() == pytest.approx(-3.0)
    assert (np.argsort(moved) == np.argsort(keys)).all()


def test_the_others_are_drawn_under_the_condition() -> None:
    """Given the largest of two, the other is a Gumbel variable cut off there."""
    generator, to, where = np.random.default_rng(2), 0.3, -0.7
    others = []
    for _ in range(20_000):
        one, other = generator.gumbel(), generator.gumbel() + where
        if other < one:
            others.append(condition_on_maximum(np.array([other]), one, to)[0])
    cut = stats.gumbel_r.cdf(to, loc=where)
    found = stats.kstest(others, lambda value: stats.gumbel_r.cdf(value, loc=where) / cut)
    assert found.pvalue > 0.01


@pytest.mark.parametrize("value", [0.0, 1e-9])
def test_the_log_of_nothing_left_is_finite(value: float) -> None:
    assert log1mexp(value) == pytest.approx(np.log(1e-12), abs=1e-3)


@pytest.mark.parametrize("value", [-1e-9, -0.1, -1.0, -30.0])
def test_the_log_of_what_is_left(value: float) -> None:
    assert np.exp(log1mexp(value)) + np.exp(value) == pytest.approx(1.0, abs=1e-12)
