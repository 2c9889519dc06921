"""Nearness to a theme: stand-ins, association and its parts."""

import numpy as np
import pytest

import quatrain
from quatrain.corpus import WordVocabulary
from quatrain.poet import WordPoet
from quatrain.write.bias import theme_bias
from quatrain.write.near import associations, cosines, nearness_to, theme_words
from quatrain.write.near.association import LEAST_PROBABILITY

WORDS = ["sea", "ocean", "winter", "signal", "ring", "the", "of", "call", "seas", "slut"]
VOCABULARY = WordVocabulary.from_counts(dict.fromkeys(WORDS, 9))


def test_known_words_stand_for_themselves_and_light_ones_for_nothing() -> None:
    theme = theme_words(["the", "winter", "of", "sea", "winter"], VOCABULARY)
    assert theme.words == theme.bases == ("winter", "sea")
    assert [VOCABULARY.token(number) for number in theme.ids] == ["winter", "sea"]
    assert theme.stand_ins == {}
    assert theme.unknown == ()


@pytest.mark.parametrize("word", ["smartphone", "smartphones", "telephone"])
def test_an_unknown_word_has_known_ones_in_its_place(word: str) -> None:
    theme = theme_words([word, "sea"], VOCABULARY)
    assert set(theme.stand_ins) == {word}
    assert set(theme.stand_ins[word]) <= {"signal", "ring", "call"}
    assert len(theme.stand_ins[word]) >= 2
    assert [VOCABULARY.token(number) for number in theme.ids] == [*theme.stand_ins[word], "sea"]


def test_a_word_without_neighbours_is_named() -> None:
    theme = theme_words(["qwzrtp", "sea"], VOCABULARY)
    assert theme.unknown == ("qwzrtp",)
    assert theme_words(["qwzrtp"], VOCABULARY).ids == ()


def test_a_slur_never_stands_in() -> None:
    theme = theme_words(["strumpet"], VOCABULARY)
    assert VOCABULARY.numbers["slut"] not in theme.ids


@pytest.mark.parametrize("backwards", [True, False])
def test_associations_are_log_ratios_of_the_poets_own_probabilities(
    make_word_writer: object, *, backwards: bool
) -> None:
    """Counted anew at one place, by steps of single tokens."""
    assert callable(make_word_writer)
    poet: WordPoet = make_word_writer(["sea", "winter", "day", ",", "the"], backwards=backwards)
    numbers, vocabulary = poet.vocabulary.numbers, poet.vocabulary
    theme = [numbers["winter"], numbers["sea"]]

    def probabilities(before: list[int], end: tuple[str, str], after: str) -> np.ndarray:
        line = theme[::-1] if backwards else theme
        order = (end[1], end[0]) if backwards else (end[0],)
        state = poet.start(1)
        tokens = [numbers.get(token, vocabulary.UNKNOWN) for token in (*order, after)]
        tokens = tokens if after else tokens[:-1]
        for number in [vocabulary.START, *(line if before else []), vocabulary.LINE, *tokens]:
            logits, state = poet.step(np.array([number]), state)
        exponents = np.exp(logits[0].astype(np.float64))
        return np.asarray(exponents / exponents.sum() + LEAST_PROBABILITY)

    ends = [("day", ","), ("air", "."), ("man", ","), ("hand", ";"), ("me", ","), ("so", "."),
            ("eyes", ","), ("done", ".")]  # fmt: skip
    expected = np.mean(
        [
            np.log(probabilities(theme, end, after) / probabilities([], end, after))
            for end in ends
            for after in ("", "the", "and", "of")
        ],
        axis=0,
    )
    np.testing.assert_allclose(associations(poet, theme), expected, atol=1e-5)
    assert not associations(poet, []).any()


def test_cosines_of_no_word_are_nothing() -> None:
    vectors = np.random.default_rng(1).normal(size=(7, 3)).astype(np.float32)
    assert not cosines(vectors, []).any()
    assert cosines(vectors, [3])[3] == pytest.approx(1.0, abs=1e-5)


def test_nearness_is_between_0_and_1_and_light_words_have_none(make_word_writer: object) -> None:
    assert callable(make_word_writer)
    poet: WordPoet = make_word_writer(WORDS, backwards=True)
    near = nearness_to(theme_words(["sea"], poet.vocabulary), poet)
    numbers = poet.vocabulary.numbers
    assert ((near.values >= 0) & (near.values <= 1)).all()
    assert near.values[numbers["the"]] == near.values[poet.vocabulary.LINE] == 0
    assert near.relations[numbers["sea"]] == ("itself", 1.0)
    assert near.relations[numbers["ocean"]][0] == "synonym"
    assert near.relations[numbers["seas"]][0] == "form"
    assert near.values[numbers["ocean"]] > near.values[numbers["slut"]]


def test_the_bias_grows_with_nearness_up_to_a_limit_and_with_strength() -> None:
    nearness = np.array([0, 0.1, 0.3, 0.5, 0.7, 0.9], np.float32)
    is_word = np.array([True, True, True, True, True, False])
    bias = theme_bias(nearness, is_word, 1.0)
    assert bias[0] == bias[1] == bias[5] == 0
    assert 0 < bias[2] < bias[3] <= bias[4]
    assert np.ptp(theme_bias(np.array([0.8, 1.0], np.float32), is_word[:2], 1.0)) == 0
    np.testing.assert_allclose(theme_bias(nearness, is_word, 2.0), 2 * bias)


@pytest.mark.slow
def test_the_shipped_poet_knows_what_goes_with_a_theme() -> None:
    poet = WordPoet.load(quatrain.poet.resolve("verse"))
    near = nearness_to(theme_words(["winter", "sea"], poet.vocabulary), poet)
    first = {poet.vocabulary.token(number) for number in np.argsort(-near.values)[:60].tolist()}
    assert {"sea", "winter", "ocean", "ice", "waves", "frost", "snow", "storm", "wind"} <= first
    assert not {"man", "city", "hell"} & first
