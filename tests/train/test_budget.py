"""The budget: progress is a function of the step and the last plan."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.train.budget import Budget, learning_rate


@given(steps=st.integers(1, 10_000))
def test_a_budget_of_steps_runs_from_0_to_1_evenly(steps: int) -> None:
    budget = Budget.of_steps(steps)
    assert budget.progress(0) == 0.0
    assert budget.progress(steps) == 1.0
    assert budget.progress(steps - 1) == pytest.approx((steps - 1) / steps)
    budget.plan(1, 1e9)  # the clock has no say
    assert budget.end_step == steps


@given(
    speeds=st.lists(st.floats(0.01, 10.0), min_size=1, max_size=20),
    seconds=st.floats(10.0, 1000.0),
)
def test_a_budget_of_seconds_never_runs_back_and_ends_on_time(
    speeds: list[float], seconds: float
) -> None:
    budget, step, elapsed, before = Budget.of_seconds(seconds), 0, 0.0, 0.0
    for per_step in speeds:
        for _ in range(10):
            step, elapsed = step + 1, elapsed + per_step
            now = budget.progress(step)
            assert before <= now <= 1.0
            before = now
        budget.plan(step, elapsed)
        over = budget.end_step == step  # no time is left for another step
        assert budget.progress(step) == (1.0 if over else pytest.approx(before))
    left = budget.end_step - step
    if left:
        assert elapsed + left * per_step <= seconds + 1e-6
        assert elapsed + (left + 1) * per_step > seconds - 1e-6 * seconds


def test_a_plan_survives_a_checkpoint() -> None:
    budget = Budget.of_seconds(60.0)
    budget.plan(10, 2.0)
    again = Budget.from_facts(budget.facts())
    assert again == budget
    assert [again.progress(step) for step in range(400)] == [
        budget.progress(step) for step in range(400)
    ]


def test_the_learning_rate_rises_then_falls_as_half_a_cosine() -> None:
    assert learning_rate(0.05, 0.004, 0.1) == pytest.approx(0.002)
    assert learning_rate(0.1, 0.004, 0.1) == pytest.approx(0.004)
    assert learning_rate(0.55, 0.004, 0.1) == pytest.approx(0.002)
    assert learning_rate(1.0, 0.004, 0.1) == pytest.approx(0.0, abs=1e-12)
    assert learning_rate(0.325, 1.0, 0.1) == pytest.approx(0.5 * (1 + math.cos(math.pi / 4)))
    assert learning_rate(0.0, 1.0, 0.0) == 1.0
    assert learning_rate(0.0, 1.0, 1e-5) == 1.0, "never above the peak, however short the rise"
