"""The memory horizon: its definition, the windows, and the gradient by lag."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.layers import LSTM, Embedding, Linear, LSTMStack, log_softmax
from quatrain.layers.horizon import (
    Predictions,
    draw_predictions,
    gradient_by_lag,
    horizon,
    mean_by_lag,
    retention,
)


@pytest.mark.parametrize(
    ("norms", "characters"),
    [
        ([1.0], 1),
        ([1, 1, 1, 1], 2),
        ([1, 1, 1, 1, 1], 3),
        ([8, 4, 2, 1], 1),
        ([1, 2, 4, 8], 4),
        ([0, 0, 3, 0], 3),
        ([1e300, 1e300, 1e300], 2),
        ([1e-300, 1e-300, 1e-300], 2),
    ],
)
def test_half_of_the_sum_by_hand(norms: list[float], characters: int) -> None:
    assert horizon(np.array(norms)) == characters


def test_half_of_the_gradient_comes_from_the_last_fourteen_characters() -> None:
    halving = 0.5 ** (np.arange(2000) / 14)  # a half-life of 14 characters
    assert horizon(halving) == 14
    assert retention(halving[:200]) == pytest.approx(0.5 ** (1 / 14))


@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=60).filter(any),
    st.sampled_from([0.25, 1.0, 64.0]),
)
def test_the_smallest_number_that_holds_half_whatever_the_scale(
    norms: list[int], scale: float
) -> None:
    actual = horizon(np.array(norms) * scale)
    assert 2 * sum(norms[:actual]) >= sum(norms)
    assert 2 * sum(norms[: actual - 1]) < sum(norms)


@pytest.mark.parametrize(
    ("norms", "told"),
    [
        ([], "shape (0,), 0 not finite, 0 negative, 0 positive"),
        ([0.0, 0.0], "shape (2,), 0 not finite, 0 negative, 0 positive"),
        ([1.0, np.inf, np.nan], "shape (3,), 2 not finite, 0 negative, 2 positive"),
        ([1.0, -1.0], "shape (2,), 0 not finite, 1 negative, 1 positive"),
        ([[1.0, 1.0]], "shape (1, 2), 0 not finite, 0 negative, 2 positive"),
    ],
)
def test_norms_that_are_none_are_refused(norms: list[float], told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        horizon(np.array(norms))
    assert str(refused.value) == (
        f"the gradient norms by lag: got {told}; expected one row of finite norms, at least "
        "one of them positive. A network that reads its input has such norms: look at its weights."
    )


@pytest.mark.parametrize("factor", [0.3, 0.9, 1.0, 1.2])
def test_retention_of_a_geometric_decay_is_its_factor(factor: float) -> None:
    assert retention(3 * factor ** np.arange(50)) == pytest.approx(factor)


def test_retention_stops_where_the_numbers_do() -> None:
    assert retention(np.array([4.0, 2.0, 1.0, 0.0, 0.0])) == pytest.approx(0.5)
    assert retention(np.array([4.0, 0.0, 0.0])) == 0.0
    assert retention(np.array([0.0, 0.0])) == 0.0
    assert retention(np.array([2.0])) == 1.0


def test_mean_by_lag_by_hand() -> None:
    norms = np.array([[1, 10, 7], [2, 20, 9], [3, 99, 9]], np.float32)  # (time, windows)
    # Lag 0: 3, 20, 7; lag 1: 2, 10; lag 2 is reached by one window of three, and left out.
    actual = mean_by_lag(norms, np.array([3, 2, 1]))
    np.testing.assert_array_equal(actual, [10.0, 6.0])
    assert actual.dtype == np.float64


@given(st.lists(st.integers(2, 60), min_size=1, max_size=6), st.integers(1, 40), st.integers(0, 9))
def test_every_window_is_what_stands_before_its_prediction(
    sizes: list[int], longest: int, seed: int
) -> None:
    ends = np.cumsum(sizes)
    poems = [np.arange(end - size, end) for size, end in zip(sizes, ends, strict=True)]
    drawn = draw_predictions(poems, seed, windows=7, longest=longest)
    assert drawn.lengths.shape == drawn.targets.shape == (7,)
    for window in range(7):
        length, target = int(drawn.lengths[window]), int(drawn.targets[window])
        assert list(drawn.ids[:length, window]) == list(range(target - length, target))
        number = int(np.searchsorted(ends, target, side="right"))
        first, size = int(ends[number]) - sizes[number], sizes[number]
        assert length == min(longest, target - first), "as far back as there is, in one poem"
        assert length == longest or target - first >= size // 2, "late in a short poem"


def test_every_prediction_is_as_likely_as_any_other() -> None:
    poems = [np.arange(10), np.arange(10, 50)]
    drawn = draw_predictions(poems, 0, windows=40_000, longest=20)
    # Of ten, those from the fifth on; of forty, those with twenty before them.
    actual, counts = np.unique(drawn.targets, return_counts=True)
    assert list(actual) == [5, 6, 7, 8, 9, *range(30, 50)]
    np.testing.assert_allclose(counts / 40_000, 1 / 25, rtol=0.1)


def test_the_same_seed_draws_the_same() -> None:
    poems = [np.arange(300)]
    once, again, other = (draw_predictions(poems, seed) for seed in (4, 4, 5))
    for first, second in zip(once, again, strict=True):
        np.testing.assert_array_equal(first, second)
    assert not np.array_equal(once.targets, other.targets)


@pytest.mark.parametrize("poems", [[], [np.arange(1)]])
def test_poems_without_a_prediction_are_refused(poems: list[np.ndarray]) -> None:
    with pytest.raises(SettingsError) as refused:
        draw_predictions(poems, 0)
    assert str(refused.value) == (
        "the poems for the memory horizon: got none; expected at least one. Give a text with verse."
    )


def test_the_gradient_by_lag_is_the_slope_of_the_loss() -> None:
    draw = np.random.default_rng(0).normal
    embedding = Embedding(draw(size=(6, 3)))
    stack = LSTMStack(
        (
            LSTM(draw(size=(16, 3)), draw(size=(16, 4)), draw(size=16)),
            LSTM(draw(size=(16, 4)), draw(size=(16, 4)), draw(size=16)),
        )
    )
    output = Linear(draw(size=(6, 4)), draw(size=6))
    ids = np.array([[1, 4], [5, 0], [2, 3], [0, 0]])
    predictions = Predictions(ids, np.array([4, 3]), np.array([3, 5]))
    norms = np.zeros((4, 2))
    for window, length in enumerate((4, 3)):
        vectors = embedding.value(ids[:length, window : window + 1])

        def loss(vectors: np.ndarray, target: int = int(predictions.targets[window])) -> float:
            values, _ = stack.value(vectors)
            return -float(log_softmax(output.value(values[-1, 0]))[target])

        for time in range(length):
            slopes = []
            for feature in range(3):
                step = np.zeros_like(vectors)
                step[time, 0, feature] = 1e-5
                slopes.append((loss(vectors + step) - loss(vectors - step)) / 2e-5)
            norms[time, window] = np.linalg.norm(slopes)
    actual = gradient_by_lag(embedding, stack, output, predictions)
    np.testing.assert_allclose(actual, mean_by_lag(norms, predictions.lengths), rtol=1e-6)
