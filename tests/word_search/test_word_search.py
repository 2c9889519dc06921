"""Words by meaning, sound and metre: each filter alone, and all together."""

from typing import Any

import pytest

import quatrain
from quatrain import find_words
from quatrain.records import WordMatch
from quatrain.sound import rhymes
from quatrain.word_search import USUAL_KINDS, Place, SearchOptions, WordSearch

DRAFT = (
    "The lamp is low, the evening settles down,",
    "And snow has laid its blanket on the town.",
    "I hear the passing of the patient feet",
    "That go along the long and frozen street.",
)


def texts(matches: list[WordMatch]) -> list[str]:
    return [match.word for match in matches]


@pytest.mark.slow
def test_rhymes_have_the_kind_and_the_metre_asked_for() -> None:
    matches = find_words(rhyme="delight", stress="01", syllables=2, limit=12)
    assert len(matches) == 12
    for match in matches:
        assert match.stress == "01"
        assert match.rhyme
        assert match.rhyme.kind in USUAL_KINDS
        assert match.nearness is None
        assert match.relation == ""
    kinds = {match.rhyme.kind for match in find_words(rhyme="love", kinds=["slant"]) if match.rhyme}
    assert kinds == {"slant"}


@pytest.mark.slow
def test_metre_alone_lists_the_most_frequent_words() -> None:
    words = texts(find_words(stress="0100", limit=5))
    assert "eternity" in words
    assert texts(find_words(syllables=5, limit=3))
    assert "bed" not in texts(find_words(stress="01", limit=400))  # one dictionary alone has it


def test_a_stress_is_the_beginning_of_a_pattern_as_for_rhymes() -> None:
    assert all(match.stress.startswith("01") for match in find_words(stress="01", limit=50))
    assert all(match.stress == "01" for match in find_words(stress="01", syllables=2, limit=50))


@pytest.mark.slow
def test_meaning_comes_from_the_dictionary_and_from_verse() -> None:
    matches = {match.word: match for match in find_words(near="winter", limit=60)}
    assert matches["summer"].relation == "sister"
    assert matches["wintry"].relation == "derived"
    assert matches["frost"].relation == "association"
    assert matches["wintertime"].relation == "synonym"  # which the poet does not know
    assert matches["summer"].definition.startswith("the warmest season")
    assert "winter" not in matches
    nearness = [match.nearness for match in matches.values() if match.nearness is not None]
    assert nearness == sorted(nearness, reverse=True)


@pytest.mark.slow
def test_all_filters_hold_together() -> None:
    for match in find_words(near="winter", rhyme="sea", stress="1", syllables=1):
        assert match.rhyme == rhymes("sea", match.word)
        assert match.stress == "1"
        assert match.nearness
    assert "relief" in texts(find_words(near="winter", rhyme="sea", stress="01"))


@pytest.mark.slow
@pytest.mark.parametrize("word", ["frozen", 7])
def test_a_word_fits_its_place_in_a_draft(word: str | int) -> None:
    place = Place(DRAFT, 4, word, "heroic-couplets")
    matches = find_words(near="winter", fits=place, limit=6)
    assert len(matches) == 6
    for match in matches:
        line = DRAFT[3].replace("frozen", match.word)
        assert quatrain.check([*DRAFT[:3], line], "heroic-couplets").kept
    assert "wintertime" not in texts(find_words(near="winter", fits=place, limit=40))
    rhyming = find_words(near="city", fits=Place(DRAFT, 4, "street", "heroic-couplets"), limit=3)
    assert all(rhymes("feet", match.word) for match in rhyming)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fits": Place(DRAFT, 9, 1, "heroic-couplets")}, "There is no line 9"),
        ({"fits": Place(DRAFT, 1, "boat", "heroic-couplets")}, "'boat' is not in the line"),
        ({"fits": Place(DRAFT, 1, 2)}, "doesn't say which form"),
        ({"fits": Place(DRAFT, 1, 2, "sonnet")}, "can't have 4 lines"),
        ({"fits": Place(DRAFT, 1, 2, "heroic-couplets"), "poet": "letters"}, "doesn't know words"),
        (
            {"fits": Place(DRAFT, 1, 2, "heroic-couplets"), "near": "sea", "stress": "0101"},
            r"words are near 'sea', [\d,]+ of the poet's words fit line 1, word 2, none of these",
        ),
    ],
)
def test_a_place_that_is_none_is_told(options: dict[str, Any], message: str) -> None:
    with pytest.raises(quatrain.UserError, match=message):
        find_words(**options)


@pytest.mark.slow
def test_an_unknown_word_is_replaced_and_told() -> None:
    search = WordSearch(SearchOptions(near="smartphone", limit=20))
    assert search.stand_ins.keys() == {"smartphone"}
    assert "telephone" in texts(search.matches())
    only_dictionary = WordSearch(SearchOptions(near="sea qwzrtp"))
    assert only_dictionary.stand_ins == {"qwzrtp": ()}


@pytest.mark.slow
def test_slurs_and_light_words_are_not_offered() -> None:
    words = texts(find_words(near="night prostitute", limit=300))
    assert not {"whore", "slut", "upon", "before", "again"} & set(words)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "nothing to look for"),
        ({"near": "  "}, "nothing to look for"),
        ({"stress": "012"}, "'012' is not a stress pattern"),
        ({"syllables": 0}, "1 or more"),
        ({"syllables": True}, "1 or more"),
        ({"stress": "0101", "syllables": 2}, "4 or more"),
        ({"rhyme": "sea", "kinds": ["perfect", "nice"]}, "'nice' is not a kind of rhyme"),
        ({"rhyme": "sea", "limit": 0}, "1 or more"),
        ({"rhyme": "sea", "stress": "010101"}, r"\d+ words rhyme with 'sea', none of these has"),
        ({"rhyme": "..."}, "0 words rhyme with"),
        ({"near": "sea", "poet": "no-such-poet"}, "There is no poet 'no-such-poet'"),
        ({"near": "sea", "poet": "letters"}, "doesn't know words"),
        ({"near": 3}, "expected a word"),
    ],
)
def test_errors_say_what_to_do(options: dict[str, Any], message: str) -> None:
    with pytest.raises(quatrain.UserError, match=message):
        find_words(**options)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"syllables": 40}, "none of the words has 40 syllables"),
        ({"near": "wintre"}, "knows 'wintre'. Did you mean .*'winter'"),
        ({"near": "the"}, "no word that carries meaning"),
        ({"near": "..."}, "no word that carries meaning"),
        (
            {"near": "winter", "rhyme": "sea", "syllables": 5},
            r"words are near 'winter', \d+ words rhyme with 'sea', \d+ do both, none of these",
        ),
        ({"near": "winter", "rhyme": "orange", "kinds": ["perfect"]}, "0 do both"),
    ],
)
def test_errors_of_meaning_say_which_filter_leaves_nothing(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(quatrain.UserError, match=message):
        find_words(**options)
