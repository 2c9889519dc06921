"""Words that do not go together lose beside each other, whichever is drawn first."""

from __future__ import annotations

import re

import numpy as np
import pytest

import quatrain
from quatrain.write.agreement import ARTICLE, VERB, Agreement
from quatrain.write.form_writer import FormWriter
from quatrain.write.lexis import Lexis
from quatrain.write.prosody import Prosody


@pytest.fixture(scope="module")
def verse() -> FormWriter:
    poet = quatrain.load("verse")
    assert isinstance(poet, FormWriter)
    return poet


@pytest.fixture(scope="module")
def lexis(verse: FormWriter) -> Lexis:
    found: Prosody = verse._prosody
    return found.lexis


@pytest.mark.parametrize("backwards", [True, False])
@pytest.mark.parametrize(
    ("left", "right", "lost"),
    [
        ("an", "rose", ARTICLE),
        ("a", "rose", 0.0),
        ("a", "apple", ARTICLE),
        ("an", "apple", 0.0),
        ("an", "hour", 0.0),
        ("a", "hour", ARTICLE),  # said with a vowel
        ("an", "hundred", 0.0),  # both stand in verse
        ("a", "hundred", 0.0),
        ("an", "one", 0.0),
        ("i", "is", VERB),
        ("i", "am", 0.0),
        ("i", "were", 0.0),
        ("he", "are", VERB),
        ("it", "hath", 0.0),
        ("you", "was", VERB),
        ("they", "cometh", VERB),
        ("she", "cometh", 0.0),
        ("thou", "has", VERB),
        ("thou", "hast", 0.0),
        ("they", "beneath", 0.0),
        ("they", "teeth", 0.0),
        ("rose", "is", 0.0),
    ],
)
def test_what_does_not_go_together(
    lexis: Lexis, left: str, right: str, lost: float, backwards: bool
) -> None:
    numbers = lexis.vocabulary.numbers
    agreement = Agreement(lexis, backwards=backwards)
    drawn, then = (right, left) if backwards else (left, right)
    values = np.zeros(lexis.vocabulary.size, np.float32)
    agreement.temper(values, numbers[drawn])
    assert -values[numbers[then]] == lost
    assert agreement.loss(numbers[drawn], numbers[then]) == lost


def test_no_sonnet_has_the_wrong_article(verse: FormWriter) -> None:
    for poem in verse.write_many(8, form="sonnet", seed=101, particles=4):
        assert not re.search(r"(?i)\b(an [bcdfgjklmnpqrstvxz]|a [ai])", poem.text), poem.text


def test_the_letters_of_a_word_lose_where_it_ends() -> None:
    poet = quatrain.load("letters")
    assert isinstance(poet, FormWriter)
    text = "\n".join(
        poem.text for poem in poet.write_many(4, form="haiku", seed=1, start="An ", particles=4)
    )
    assert not re.search(r"(?i)\ban [bcdfgjklmnpqrstvxz]", text), text
