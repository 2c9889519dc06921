"""Words of the other kind of English lose, and none are drawn that nobody asked for."""

from __future__ import annotations

import pytest

from quatrain.poet import WordPoet, WordVocabulary, bundled
from quatrain.write import ConstrainedGeneration
from quatrain.write.bias.blocklist import BLOCKED_WORDS
from quatrain.write.bias.register import REGISTER_BIAS, Registers
from quatrain.write.free.adjacency import AdjacencyRules
from quatrain.write.word_classes import ENDING_D, WordClasses
from quatrain.write.writer import Writer


def bias_after(word_classes: WordClasses, lines: list[list[str]]) -> dict[str, float]:
    bias = Registers(word_classes).bias(lines)
    numbers = word_classes.vocabulary.numbers
    return {word: float(bias[numbers[word]]) for word in ("walked", "'d", "you", "thou", "sea")}


@pytest.mark.parametrize(
    ("line", "losing"),
    [
        ([], set()),
        (["the", "rain", "fell"], set()),
        (["she", "walk", "'d", "alone"], {"walked"}),
        (["she", "walked", "alone"], {"'d"}),
        (["i", "'d", "go", "alone"], set()),  # no past participle: I would
        (["thy", "lamp", "is", "low"], {"you"}),
        (["your", "lamp", "is", "low"], {"thou"}),
        (["your", "lamp", "and", "thy", "door"], set()),
        (["you", "look", "'d", "away"], {"thou", "walked"}),
    ],
)
def test_words_of_the_other_kind_lose(
    word_classes: WordClasses, line: list[str], losing: set[str]
) -> None:
    for word, nats in bias_after(word_classes, [line]).items():
        assert nats == (REGISTER_BIAS if word in losing else 0.0), word


def test_a_verb_in_ed_is_told_from_other_words(word_classes: WordClasses) -> None:
    bias = Registers(word_classes).bias([["look", "'d"]])
    numbers = word_classes.vocabulary.numbers
    assert all(bias[numbers[word]] for word in ("looked", "turned", "loved"))
    assert not any(bias[numbers[word]] for word in ("bed", "shed", "indeed", "red", "need"))
    assert not bias[word_classes.class_ids == ENDING_D].any()


def test_nothing_is_drawn_that_nobody_asked_for(verse: Writer) -> None:
    numbers = shipped_vocabulary().numbers
    known = [numbers[word] for word in sorted(BLOCKED_WORDS) if word in numbers]
    assert len(known) > 10
    generation = verse.begin(form="haiku")
    assert isinstance(generation, ConstrainedGeneration)
    allowed = generation._constraints._allowed
    assert not allowed[known].any()
    assert allowed[numbers["sea"]]
    free = AdjacencyRules(shipped_vocabulary(), backwards=True).allowed([])
    assert not free[known].any()
    assert free[numbers["sea"]]


def shipped_vocabulary() -> WordVocabulary:
    return WordPoet.load(bundled()["verse"]).vocabulary
