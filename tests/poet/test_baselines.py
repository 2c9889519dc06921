"""The baselines: hand-computed cases, distributions that sum to 1, one way of scoring."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.corpus import Vocabulary
from quatrain.errors import CorpusError, SettingsError
from quatrain.poet import KneserNey, fitting_order, uniform, unigram
from quatrain.poet.baselines import _discounts
from quatrain.records import Poem

AB = Vocabulary(("\n", "a", "b"))  # numbers: start 0, end 1, unknown 2, break 3, a 4, b 5


def verse(*lines: str) -> Poem:
    return Poem.from_lines(lines)


def test_uniform_knows_only_the_size_of_the_alphabet() -> None:
    score = uniform(AB).evaluate([verse("ab"), verse("x")])
    assert (score.characters, score.unknown, score.poems) == (7, 1, 2)
    assert math.isclose(score.nats, 7 * math.log(5))
    np.testing.assert_array_equal(uniform(AB).probabilities("ab"), [0, 0.2, 0.2, 0.2, 0.2, 0.2])


def test_unigram_by_hand() -> None:
    model = unigram([verse("aab")], AB)  # a twice, b, break, end once; each once more
    np.testing.assert_allclose(model.probabilities(), np.array([0, 2, 1, 2, 3, 2]) / 10)
    score = model.evaluate([verse("a")])
    assert math.isclose(score.nats, -math.log(0.3 * 0.2 * 0.2))


def test_kneser_ney_of_order_two_by_hand() -> None:
    """One poem "aab": pairs Sa, aa, ab, b|, |E once each, with S start, | break, E end.

    No count is 2 or more, so the discounts are the fallback's, 1/2 for a count of 1.
    Different characters before: a has 2 (S and a), b, | and E one each: 5 in all.
    P1(a) = (2 - 1) / 5 + B / 5 and P1(b) = (1 - 1/2) / 5 + B / 5, with the discounts taken
    B = (1 + 3 * 1/2) / 5 = 1/2, the uniform 1 / 5 being over five symbols.
    """
    model = KneserNey.fit([verse("aab")], AB, order=2)
    backoff = 0.5
    p_a, p_one = 1 / 5 + backoff / 5, 0.5 / 5 + backoff / 5
    p_none = backoff / 5
    shortest = np.array([0, p_one, p_none, p_one, p_a, p_one])
    assert math.isclose(shortest.sum(), 1.0)
    # After the start only a was seen: (1 - 1/2) / 1, and 1/2 goes to P1.
    expected = 0.5 * shortest
    expected[4] += 0.5
    np.testing.assert_allclose(model.probabilities(""), expected, rtol=1e-14)
    # After a, a and b were seen: (1 - 1/2) / 2 each, and 1/2 goes to P1.
    expected = 0.5 * shortest
    expected[[4, 5]] += 0.25
    np.testing.assert_allclose(model.probabilities("a"), expected, rtol=1e-14)
    # The unknown was never seen as a context: P1 itself.
    np.testing.assert_allclose(model.probabilities("x"), shortest, rtol=1e-14)


def test_an_opening_counts_how_often_it_was_seen() -> None:
    """With order 3 the pair "start a" is a shorter n-gram, and nothing can stand before it."""
    model = KneserNey.fit([verse("a")] * 4 + [verse("b")], AB, order=3)
    opening = model._levels[1]
    start_a, start_b = (0 << 3) | 4, (0 << 3) | 5
    at = [int(np.flatnonzero(opening.keys == key)[0]) for key in (start_a, start_b)]
    # The other pairs: a break after a, after b (one character before each), the end after a
    # break (two before). No count is 3, so the discounts are the fallback's.
    np.testing.assert_allclose(opening.shares[at], [(4 - 1.5) / 5, (1 - 0.5) / 5])


def test_discounts_by_hand() -> None:
    """n1 = 4, n2 = 3, n3 = 2, n4 = 1: Y = 4/10, D = 1 - 0.6, 2 - 0.8, 3 - 0.8."""
    counts = np.array([1] * 4 + [2] * 3 + [3] * 2 + [4] + [9])
    np.testing.assert_allclose(_discounts(counts), [0, 0.4, 1.2, 2.2])
    np.testing.assert_allclose(_discounts(np.array([7, 8])), [0, 0.5, 1.0, 1.5])


texts = st.lists(st.text("ab c\nx", min_size=1, max_size=30), min_size=1, max_size=8).map(
    lambda texts: [Poem.from_lines([*text.split("\n"), "a"]) for text in texts]
)


@settings(max_examples=60, deadline=None)
@given(texts, st.text("abcdx\n ", max_size=8), st.integers(1, 6))
def test_probabilities_sum_to_one_after_any_context(
    poems: list[Poem], context: str, order: int
) -> None:
    vocabulary = Vocabulary(tuple("\n abc"))
    try:
        model = KneserNey.fit(poems, vocabulary, order)
    except CorpusError:
        return  # too short for the order
    probabilities = model.probabilities(context)
    assert probabilities[0] == 0.0
    assert (probabilities[1:] > 0.0).all()
    assert math.isclose(probabilities.sum(), 1.0, rel_tol=1e-12)


@settings(max_examples=30, deadline=None)
@given(texts, texts, st.integers(1, 5))
def test_scoring_at_once_equals_character_by_character(
    poems: list[Poem], others: list[Poem], order: int
) -> None:
    vocabulary = Vocabulary(tuple("\n abc"))
    try:
        model = KneserNey.fit(poems, vocabulary, order)
    except CorpusError:
        return
    nats = 0.0
    for poem in others:
        text = poem.text + "\n"
        for position, number in enumerate([*vocabulary.encode(text).tolist(), vocabulary.END]):
            nats -= math.log(model.probabilities(text[:position])[number])
    assert math.isclose(model.evaluate(others).nats, nats, rel_tol=1e-10)


def test_longer_contexts_predict_better_and_training_text_best(poems: list[Poem]) -> None:
    alphabet = Vocabulary(tuple(sorted(set("".join(poem.text for poem in poems)))))
    nats = [
        uniform(alphabet).evaluate(poems).nats,
        unigram(poems, alphabet).evaluate(poems).nats,
        *(KneserNey.fit(poems, alphabet, order).evaluate(poems).nats for order in (2, 3, 5)),
    ]
    assert nats == sorted(nats, reverse=True)


def test_an_order_that_does_not_fit(poems: list[Poem], vocabulary: Vocabulary) -> None:
    for order in (0, 11):
        with pytest.raises(SettingsError) as caught:
            KneserNey.fit(poems, vocabulary, order)
        assert str(caught.value) == (
            f"order of the n-grams: got {order}; expected 1 to 10 with an alphabet of "
            f"{vocabulary.size}. Choose another order."
        )


@settings(max_examples=40, deadline=None)
@given(texts, st.sampled_from([3, 60, 5000, 65_000]), st.integers(1, 12))
def test_the_fitting_order_fits_and_the_next_does_not(
    poems: list[Poem], alphabet: int, expected: int
) -> None:
    vocabulary = Vocabulary(("\n", *map(chr, range(0x100, 0xFF + alphabet))))
    order = fitting_order(poems, vocabulary, expected)
    assert order <= expected
    assert KneserNey.fit(poems, vocabulary, order).order == order
    if order < expected:
        with pytest.raises((CorpusError, SettingsError)):
            KneserNey.fit(poems, vocabulary, order + 1)


def test_poems_too_short_for_the_order() -> None:
    with pytest.raises(CorpusError) as caught:
        KneserNey.fit([verse("a")], AB, 5)
    assert str(caught.value) == (
        "the poems to count: got none as long as 5 symbols; expected longer poems. "
        "Give more text, or a smaller order."
    )
    with pytest.raises(CorpusError, match="There are no poems to score"):
        KneserNey.fit([], AB)
