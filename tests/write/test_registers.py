"""A poem goes on in the English it began in, and says no word that nobody asked for."""

from __future__ import annotations

import numpy as np
import pytest

import quatrain
from quatrain.poet import WordPoet, WordVocabulary, shipped
from quatrain.write.form_writer import FormWriter
from quatrain.write.lexis import FINAL, OF_VERBS, Lexis
from quatrain.write.prosody import Prosody
from quatrain.write.registers import OTHER, Registers
from quatrain.write.unasked import UNASKED
from quatrain.write.word_line import Grammar


@pytest.fixture(scope="module")
def verse() -> FormWriter:
    poet = quatrain.load("verse")
    assert isinstance(poet, FormWriter)
    return poet


@pytest.fixture(scope="module")
def lexis(verse: FormWriter) -> Lexis:
    found: Prosody = verse._prosody
    return found.lexis


def lost(lexis: Lexis, lines: list[list[str]]) -> dict[str, float]:
    found = Registers(lexis).losses(lines)
    numbers = lexis.vocabulary.numbers
    return {word: float(found[numbers[word]]) for word in ("walked", "'d", "you", "thou", "sea")}


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
def test_words_of_the_other_kind_lose(lexis: Lexis, line: list[str], losing: set[str]) -> None:
    for word, loss in lost(lexis, [line]).items():
        assert loss == (OTHER if word in losing else 0.0), word


def test_a_verb_in_ed_is_told_from_other_words(lexis: Lexis) -> None:
    found = Registers(lexis).losses([["look", "'d"]])
    numbers = lexis.vocabulary.numbers
    assert all(found[numbers[word]] for word in ("looked", "turned", "loved"))
    assert not any(found[numbers[word]] for word in ("bed", "shed", "indeed", "red", "need"))
    assert not found[lexis.classes == OF_VERBS].any()


def test_nothing_is_drawn_that_nobody_asked_for(verse: FormWriter) -> None:
    numbers = shipped_vocabulary().numbers
    known = [numbers[word] for word in sorted(UNASKED) if word in numbers]
    assert len(known) > 10
    allowed = verse.begin(form="haiku")._demands._allowed  # type: ignore[union-attr]
    assert not allowed[known].any()
    assert allowed[numbers["sea"]]
    free = Grammar(shipped_vocabulary(), backwards=True).allowed([])
    assert not free[known].any()
    assert free[numbers["sea"]]


def test_what_the_writer_gave_stays(verse: FormWriter) -> None:
    assert "whore" in verse.write(form="haiku", include=["whore"], seed=2).text.lower()


def shipped_vocabulary() -> WordVocabulary:
    return WordPoet.load(shipped()["verse"]).vocabulary


def test_a_poem_whose_lines_end_in_marks_ends_in_a_final_one(verse: FormWriter) -> None:
    for poem in verse.write_many(8, form="limerick", seed=1, particles=4):
        texts = [line.text for line in poem.lines]
        marked = sum(not text[-1].isalnum() for text in texts[:-1])
        if 2 * marked >= len(texts) - 1:
            assert texts[-1][-1] in FINAL


def test_no_poem_begins_with_a_word_that_goes_on(verse: FormWriter) -> None:
    poems = verse.write_many(24, form="haiku", seed=1, particles=2)
    first = [quatrain.poet.words_of(poem.text)[0] for poem in poems]
    assert not {"and", "but", "or", "nor", "than"} & set(first)
    assert quatrain.poet.words_of(verse.write(form="haiku", start="And the").text)[0] == "and"


def test_losses_are_of_every_word(lexis: Lexis) -> None:
    found = Registers(lexis).losses([["thou"]])
    assert found.shape == (lexis.vocabulary.size,)
    assert found.dtype == np.float32
