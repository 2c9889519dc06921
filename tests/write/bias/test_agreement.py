"""Words that do not go together lose beside each other, whichever is drawn first."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from quatrain.form import parse
from quatrain.poet import CharacterPoet, WordPoet, bundled
from quatrain.write import WordWriter
from quatrain.write.bias import LogitBias
from quatrain.write.bias.agreement import ARTICLE_BIAS, VERB_BIAS, Agreement
from quatrain.write.constrained.decoders.character_decoder import CharacterDecoder
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.decoders.word_decoder import WordDecoder
from quatrain.write.constrained.line.constraint import LineConstraint, LineRequirements
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.search import Hypothesis
from quatrain.write.word_classes import WordClasses


@pytest.mark.slow
@pytest.mark.parametrize("backwards", [True, False])
@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("an", "rose", ARTICLE_BIAS),
        ("a", "rose", 0.0),
        ("a", "apple", ARTICLE_BIAS),
        ("an", "apple", 0.0),
        ("an", "hour", 0.0),
        ("a", "hour", ARTICLE_BIAS),  # said with a vowel
        ("an", "hundred", 0.0),  # both stand in verse
        ("a", "hundred", 0.0),
        ("an", "one", 0.0),
        ("i", "is", VERB_BIAS),
        ("i", "am", 0.0),
        ("i", "were", 0.0),
        ("he", "are", VERB_BIAS),
        ("it", "hath", 0.0),
        ("you", "was", VERB_BIAS),
        ("they", "cometh", VERB_BIAS),
        ("she", "cometh", 0.0),
        ("thou", "has", VERB_BIAS),
        ("thou", "hast", 0.0),
        ("they", "beneath", 0.0),
        ("they", "teeth", 0.0),
        ("rose", "is", 0.0),
    ],
)
def test_what_does_not_go_together(
    word_classes: WordClasses, left: str, right: str, expected: float, backwards: bool
) -> None:
    numbers = word_classes.vocabulary.numbers
    agreement = Agreement(word_classes, backwards=backwards)
    drawn, then = (right, left) if backwards else (left, right)
    terms = agreement.terms(numbers[drawn])
    assert sum(nats for word_ids, nats in terms if numbers[then] in word_ids) == expected


def hypothesis_of(decoder: LineDecoder, *, with_agreement: bool) -> Hypothesis:
    """Return an empty line without metre, biased by agreement alone or by nothing."""
    prosody = Prosody(decoder)
    word_classes = prosody.word_classes
    constraint = LineConstraint(
        prosody.automaton(None), word_classes, LineRequirements(word_classes.class_ids != 0)
    )
    none = np.zeros(decoder.vocabulary.size, np.float32)
    agreement = prosody.agreement if with_agreement else None
    return decoder.make_hypothesis(constraint, LogitBias(none, none > 0, 0.0, agreement))


@pytest.mark.slow
def test_the_wrong_article_loses_while_a_line_is_drawn() -> None:
    decoder = WordDecoder(WordPoet.load(bundled()["verse"]))
    numbers = decoder.vocabulary.numbers
    line = hypothesis_of(decoder, with_agreement=True)
    bias = np.zeros((2, decoder.vocabulary.size), np.float32)
    for row, word in zip(bias, ("rose", "apple"), strict=True):
        line.advance(numbers[word]).add_bias(row)
    assert decoder.backwards
    assert bias[:, numbers["an"]].tolist() == [ARTICLE_BIAS, 0.0]
    assert bias[:, numbers["a"]].tolist() == [0.0, ARTICLE_BIAS]


@pytest.mark.slow
def test_the_letters_of_a_word_lose_where_it_ends() -> None:
    decoder = CharacterDecoder(CharacterPoet.load(bundled()["letters"]))
    (space,) = decoder.poet.vocabulary.encode(" ")
    weights = {}
    for with_agreement in (True, False):
        for text in ("A rose", "An rose"):
            line = hypothesis_of(decoder, with_agreement=with_agreement)
            for character in decoder.poet.vocabulary.encode(text).tolist():
                line.symbol_weights()
                line = line.advance(character)
            weights[text, with_agreement] = line.symbol_weights()[space]
    assert weights["An rose", False] == weights["A rose", False] == weights["A rose", True] == 1.0
    assert weights["An rose", True] == pytest.approx(np.exp(ARTICLE_BIAS))


@pytest.mark.parametrize("backwards", [True, False])
def test_poems_in_a_form_have_the_right_articles(
    backwards: bool, make_word_writer: Callable[..., WordWriter]
) -> None:
    """Whatever the weights: a poet of random ones has the wrong article every other time."""
    consonants, vowels = ["rose", "lamp", "stone", "boat"], ["apple", "hour", "island", "oak"]
    poet = make_word_writer(["a", "an", *consonants, *vowels], backwards=backwards)
    form = parse('stanzas = ["XXXX"]\nsyllables = [5]\n', "five", "here")
    text = "\n".join(poet.write(form=form, seed=seed).text for seed in range(1, 5)).lower()
    assert len(re.findall(r"\ban?\b", text)) >= 3
    assert not re.search(rf"\ba ({'|'.join(vowels)})\b|\ban ({'|'.join(consonants)})\b", text)
