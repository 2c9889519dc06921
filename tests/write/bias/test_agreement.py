"""Words that do not go together lose beside each other, whichever is drawn first."""

from __future__ import annotations

import numpy as np
import pytest

import quatrain
from quatrain.write import ConstrainedGeneration
from quatrain.write.bias.agreement import ARTICLE, VERB, Agreement
from quatrain.write.constrained.character_decoder import CharacterDecoder, Line
from quatrain.write.constrained.decoder import WordHypothesis
from quatrain.write.word_classes import WordClasses
from quatrain.write.writer import Writer


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
    word_classes: WordClasses, left: str, right: str, lost: float, backwards: bool
) -> None:
    numbers = word_classes.vocabulary.numbers
    agreement = Agreement(word_classes, backwards=backwards)
    drawn, then = (right, left) if backwards else (left, right)
    values = np.zeros(word_classes.vocabulary.size, np.float32)
    agreement.temper(values, numbers[drawn])
    assert -values[numbers[then]] == lost
    assert agreement.loss(numbers[drawn], numbers[then]) == lost


def steered(poet: Writer, *words: str) -> np.ndarray:
    """What a line of words gains and loses after some that were drawn."""
    writing = poet.begin(form="sonnet", seed=1)
    assert isinstance(writing, ConstrainedGeneration)
    numbers = tuple(poet._lines.vocabulary.numbers[word] for word in words)
    task = writing._demands.task(writing._drafts[0], 0)
    leaning = writing._leaning(writing._drafts[0])
    values = np.zeros(poet._lines.vocabulary.size, np.float32)
    WordHypothesis(task, leaning, task.begin(), words, numbers).add_bias(values)
    return values


def test_the_wrong_article_loses_while_a_line_is_drawn(
    verse: Writer, word_classes: WordClasses
) -> None:
    numbers = word_classes.vocabulary.numbers
    after_rose, after_apple = steered(verse, "rose"), steered(verse, "apple")
    assert after_rose[numbers["an"]] == after_apple[numbers["an"]] - ARTICLE
    assert after_rose[numbers["a"]] == after_apple[numbers["a"]] + ARTICLE


def test_the_letters_of_a_word_lose_where_it_ends(word_classes: WordClasses) -> None:
    poet = quatrain.load("letters")
    assert isinstance(poet, Writer)
    writing = poet.begin(form="haiku", seed=1)
    assert isinstance(writing, ConstrainedGeneration)
    numbers = poet._lines.vocabulary.numbers
    draft = writing._drafts[0]
    lines = poet._lines
    assert isinstance(lines, CharacterDecoder)
    line = Line(lines, writing._demands.task(draft, 0), writing._leaning(draft))
    right = line.end_weight(numbers["rose"], (numbers["a"],))
    wrong = line.end_weight(numbers["rose"], (numbers["an"],))
    assert wrong == pytest.approx(right * np.exp(-ARTICLE))
