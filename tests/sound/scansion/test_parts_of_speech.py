"""Parts of speech of single words."""

import pytest

from quatrain.sound.frequency import frequent
from quatrain.sound.scansion.parts_of_speech import (
    _CLOSED,
    Part,
    _listed,
    by_ending,
    closed,
    part_of,
)


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("light", Part.NOUN),
        ("gray", Part.ADJECTIVE),
        ("sang", Part.VERB),
        ("broken", Part.PARTICIPLE),
        ("afar", Part.ADVERB),
        ("thy", Part.DETERMINER),
        ("o'er", Part.PREPOSITION),
        ("thou", Part.PRONOUN),
        ("nor", Part.CONJUNCTION),
        ("hath", Part.AUXILIARY),
        ("seven", Part.NUMERAL),
        ("sea's", Part.NOUN),
        ("glimmer'd", Part.PARTICIPLE),
        ("brindlequortly", Part.ADVERB),  # no list has it: by its ending
        ("brindlequort", Part.NOUN),
    ],
)
def test_a_word_has_its_usual_part(word: str, part: Part) -> None:
    assert part_of(word) is part


def test_the_list_says_only_what_cannot_be_told_otherwise() -> None:
    listed = _listed()
    assert len(listed) > 5_000
    assert set(listed) <= set(frequent()) - set(closed())
    assert all(part not in (Part.NONE, by_ending(word)) for word, part in listed.items())


def test_no_word_holds_a_sentence_together_in_two_ways() -> None:
    words = [word for group in _CLOSED.values() for word in group.split()]
    assert len(words) == len(set(words))
