"""Parts of speech of single words."""

import pytest

from quatrain.sound.frequency import words_by_frequency
from quatrain.sound.scansion.parts_of_speech import (
    _CLOSED,
    PartOfSpeech,
    _listed,
    closed_class,
    guess_from_ending,
    part_of_speech,
)


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("light", PartOfSpeech.NOUN),
        ("gray", PartOfSpeech.ADJECTIVE),
        ("sang", PartOfSpeech.VERB),
        ("broken", PartOfSpeech.PARTICIPLE),
        ("afar", PartOfSpeech.ADVERB),
        ("thy", PartOfSpeech.DETERMINER),
        ("o'er", PartOfSpeech.PREPOSITION),
        ("thou", PartOfSpeech.PRONOUN),
        ("nor", PartOfSpeech.CONJUNCTION),
        ("hath", PartOfSpeech.AUXILIARY),
        ("seven", PartOfSpeech.NUMERAL),
        ("sea's", PartOfSpeech.NOUN),
        ("glimmer'd", PartOfSpeech.PARTICIPLE),
        ("brindlequortly", PartOfSpeech.ADVERB),  # no list has it: by its ending
        ("brindlequort", PartOfSpeech.NOUN),
    ],
)
def test_a_word_has_its_usual_part(word: str, part: PartOfSpeech) -> None:
    assert part_of_speech(word) is part


def test_the_list_says_only_what_cannot_be_told_otherwise() -> None:
    listed = _listed()
    assert len(listed) > 5_000
    assert set(listed) <= set(words_by_frequency()) - set(closed_class())
    assert all(
        part not in (PartOfSpeech.NONE, guess_from_ending(word)) for word, part in listed.items()
    )


def test_no_word_holds_a_sentence_together_in_two_ways() -> None:
    words = [word for group in _CLOSED.values() for word in group.split()]
    assert len(words) == len(set(words))
