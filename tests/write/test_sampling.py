"""Drawing, against exact probabilities and against definitions followed by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from quatrain.config import Sampling
from quatrain.errors import PoetError, SettingsError
from quatrain.write.sampling import distribution, draw

LOGITS = np.log(np.array([[0.4, 0.3, 0.15, 0.1, 0.05]]))
EVERYTHING = np.ones((1, 5), np.bool_)


def chances(sampling: Sampling, logits: np.ndarray = LOGITS) -> np.ndarray:
    return distribution(logits, sampling, np.ones(logits.shape, np.bool_))


def test_temperature_one_is_the_softmax() -> None:
    np.testing.assert_allclose(chances(Sampling(1.0)), [[0.4, 0.3, 0.15, 0.1, 0.05]])


def test_temperature_is_a_power() -> None:
    powers = np.array([[0.4, 0.3, 0.15, 0.1, 0.05]]) ** 2
    np.testing.assert_allclose(chances(Sampling(0.5)), powers / powers.sum())


def test_temperature_zero_is_the_first_of_the_likeliest() -> None:
    np.testing.assert_array_equal(
        chances(Sampling(0.0), np.array([[1.0, 3.0, 3.0]])), [[0.0, 1.0, 0.0]]
    )


@pytest.mark.parametrize("temperature", [1e-3, 1e-30, 5e-324])
def test_a_low_temperature_tends_to_the_likeliest(temperature: float) -> None:
    np.testing.assert_allclose(chances(Sampling(temperature)), [[1, 0, 0, 0, 0]], atol=1e-100)


def test_a_high_temperature_tends_to_chance() -> None:
    np.testing.assert_allclose(chances(Sampling(100.0)), 0.2, rtol=0.02)


def test_top_k_keeps_k() -> None:
    np.testing.assert_allclose(chances(Sampling(1.0, top_k=2)), [[4 / 7, 3 / 7, 0, 0, 0]])
    np.testing.assert_allclose(chances(Sampling(1.0, top_k=99)), np.exp(LOGITS))


def test_top_k_among_equals_keeps_the_first() -> None:
    np.testing.assert_array_equal(
        chances(Sampling(1.0, top_k=2), np.zeros((1, 4))), [[0.5, 0.5, 0, 0]]
    )


@pytest.mark.parametrize(
    ("top_p", "kept"), [(1e-9, 1), (0.39, 1), (0.41, 2), (0.69, 2), (0.71, 3), (0.99, 5), (1.0, 5)]
)
def test_top_p_keeps_the_fewest_that_reach_it(top_p: float, kept: int) -> None:
    found = chances(Sampling(1.0, top_p=top_p))[0]
    wanted = np.exp(LOGITS[0]) * (np.arange(5) < kept)
    np.testing.assert_allclose(found, wanted / wanted.sum())


@pytest.mark.parametrize(("min_p", "kept"), [(0.0, 5), (0.2, 4), (0.3, 3), (0.7, 2), (1.0, 1)])
def test_min_p_is_a_share_of_the_likeliest(min_p: float, kept: int) -> None:
    found = chances(Sampling(1.0, min_p=min_p))[0]
    wanted = np.exp(LOGITS[0]) * (np.arange(5) < kept)
    np.testing.assert_allclose(found, wanted / wanted.sum())


def test_filters_follow_one_another() -> None:
    """Top-k leaves 4/7 and 3/7; of these top-p 0.5 needs only the first."""
    np.testing.assert_array_equal(chances(Sampling(1.0, top_k=2, top_p=0.5)), [[1, 0, 0, 0, 0]])
    np.testing.assert_allclose(chances(Sampling(1.0, top_p=0.5)), [[4 / 7, 3 / 7, 0, 0, 0]])


def test_what_is_not_allowed_has_no_probability() -> None:
    allowed = np.array([[False, True, False, True, False]])
    np.testing.assert_allclose(
        distribution(LOGITS, Sampling(1.0), allowed), [[0, 0.75, 0, 0.25, 0]]
    )
    np.testing.assert_array_equal(distribution(LOGITS, Sampling(0.0), allowed), [[0, 1, 0, 0, 0]])


rows = st.integers(1, 4)
samplings = st.builds(
    Sampling,
    st.floats(0.0, 5.0),
    st.none() | st.integers(1, 9),
    st.none() | st.floats(1e-9, 1.0),
    st.none() | st.floats(0.0, 1.0),
)


@given(rows, st.integers(1, 9), samplings, st.integers(0, 2**32 - 1))
def test_any_settings_leave_a_distribution_over_what_is_allowed(
    poems: int, alphabet: int, sampling: Sampling, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 4, (poems, alphabet)).astype(np.float32)
    allowed = generator.random((poems, alphabet)) < 0.5
    allowed[:, generator.integers(alphabet)] = True
    found = distribution(logits, sampling, allowed)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-12)
    assert (found >= 0).all()
    assert not found[~allowed].any()
    likeliest = np.where(allowed, logits, -np.inf).argmax(axis=1)
    assert (found[np.arange(poems), likeliest] == found.max(axis=1)).all()
    if sampling.top_k:
        assert ((found > 0).sum(axis=1) <= sampling.top_k).all()
    alone = [distribution(logits[k : k + 1], sampling, allowed[k : k + 1])[0] for k in range(poems)]
    np.testing.assert_array_equal(found, alone)
    drawn = draw(found, [np.random.default_rng(k) for k in range(poems)])
    assert (found[np.arange(poems), drawn] > 0).all()


def test_draws_follow_the_probabilities() -> None:
    generator = np.random.default_rng(3)
    probabilities = np.array([[0.4, 0.0, 0.3, 0.15, 0.1, 0.05, 0.0]])
    drawn = np.concatenate(
        [draw(np.repeat(probabilities, 500, axis=0), [generator] * 500) for _ in range(40)]
    )
    counts = np.bincount(drawn, minlength=7)
    assert counts[1] == counts[6] == 0
    possible = probabilities[0] > 0
    assert chisquare(counts[possible], probabilities[0, possible] * len(drawn)).pvalue > 0.001


class Fixed:
    def __init__(self, value: float) -> None:
        self.value = value

    def random(self) -> float:
        return self.value


@pytest.mark.parametrize(("chance", "wanted"), [(0.0, 1), (0.49, 1), (0.5, 3), (1 - 2**-53, 3)])
def test_the_borders_of_the_cumulative_distribution(chance: float, wanted: int) -> None:
    for scale in (1.0, 1 / 3, 0.1):
        probabilities = np.array([[0.0, 0.5, 0.0, 0.5, 0.0]]) * scale
        assert draw(probabilities, [Fixed(chance)])[0] == wanted  # type: ignore[list-item]


def test_nothing_to_draw_from() -> None:
    with pytest.raises(SettingsError) as caught:
        distribution(LOGITS, Sampling(), np.zeros((1, 5), np.bool_))
    assert str(caught.value) == (
        "the next character: got none in the poet's alphabet that may come here; expected at "
        "least one. Ask for no number of lines, or train a poet on a text with letters."
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_logits_out_of_bounds(bad: float) -> None:
    with pytest.raises(PoetError) as caught:
        distribution(np.array([[0.0, bad]]), Sampling(), np.ones((1, 2), np.bool_))
    assert str(caught.value) == (
        "the next character: got logits that are not finite numbers; expected finite ones. "
        "The poet's weights are too large to use: train it again."
    )
