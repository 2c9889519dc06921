"""What words mean: senses, relations and forms, against entries of the printed dictionary."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quatrain
from quatrain.meaning import forms, lemmas, look_up, relatives, shipped, similar_spellings
from quatrain.meaning.database import RELATIONS
from quatrain.meaning.relatives import STRENGTHS

DATABASE = shipped()
WORDS = DATABASE.words_from("", 10**6)
INVERSES = {"broader": "narrower", "narrower": "broader", "whole": "part", "part": "whole"}


def test_the_numbers_are_those_of_wordnet_3_0() -> None:
    """wnstats(7WN): 117,659 synsets; 155,287 strings, of which 147,306 differ between parts."""
    assert len(WORDS) == len(set(WORDS)) == 147_306
    assert sorted(WORDS) == WORDS
    assert DATABASE.sense(117_658).words
    with pytest.raises(IndexError):
        DATABASE.sense(117_659)


def test_a_sense_has_its_words_and_relations() -> None:
    winter = look_up("winter")[0]
    assert str(winter).startswith("winter (noun): the coldest season of the year")
    assert winter.synonyms == ("wintertime",)
    assert winter.broader == ("season", "time of year")
    assert "midwinter" in winter.parts
    assert "wintry" in winter.derived


@pytest.mark.parametrize(
    ("word", "part", "antonym"),
    [
        ("hot", "adjective", "cold"),
        ("frosty", "adjective", "hot"),
        ("love", "noun", "hate"),
        ("buy", "verb", "sell"),
        ("slowly", "adverb", "quickly"),
    ],
)
def test_antonyms_are_a_words_own_or_those_of_what_it_is_like(
    word: str, part: str, antonym: str
) -> None:
    senses = [sense for sense in look_up(word) if sense.part_of_speech == part]
    assert any(antonym in sense.antonyms for sense in senses)


def test_the_most_used_sense_comes_first_whatever_its_part_of_speech() -> None:
    assert look_up("sea")[0].part_of_speech == "noun"
    assert look_up("run")[0].part_of_speech == "verb"
    assert look_up("old")[0].part_of_speech == "adjective"


def test_labels_and_topics_are_told() -> None:
    assert any("archaism" in sense.labels for sense in look_up("perchance"))
    assert any("music" in sense.topics for sense in look_up("andante"))


def test_an_unknown_word_has_no_sense_and_near_spellings() -> None:
    assert look_up("qwzrtp") == ()
    assert relatives("qwzrtp") == ()
    assert "winter" in similar_spellings("wintre")
    assert similar_spellings("qwzrtp") == []
    assert look_up("") == look_up("   ") == look_up("\0") == ()


def test_only_a_text_is_looked_up() -> None:
    for function in (look_up, relatives):
        with pytest.raises(quatrain.UserError, match="expected a word"):
            function(3)  # type: ignore[arg-type]


def test_a_form_has_senses_of_its_part_of_speech_alone() -> None:
    assert {sense.part_of_speech for sense in look_up("geese")} == {"noun"}
    assert {sense.part_of_speech for sense in look_up("goose")} == {"noun", "verb"}
    assert {sense.part_of_speech for sense in look_up("walketh")} == {"verb"}
    parts = [sense.part_of_speech for sense in look_up("winters")]
    assert parts == ["noun", "verb"]


def test_case_and_spaces_do_not_matter() -> None:
    assert look_up("Ice  Cream") == look_up("ice_cream") == look_up("ice cream") != ()
    assert look_up("PARIS")[0].word == "Paris"


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("geese", "goose"),
        ("stopped", "stop"),
        ("skies", "sky"),
        ("fairest", "fair"),
        ("happier", "happy"),
        ("cried", "cry"),
        ("walketh", "walk"),
        ("crieth", "cry"),
        ("pass'd", "pass"),
        ("lov’d", "love"),
        ("king's", "king"),
        ("wives", "wife"),
        ("running", "run"),
        ("men", "man"),
        ("hoping", "hope"),
    ],
)
def test_endings_are_taken_off(form: str, lemma: str) -> None:
    assert lemma in lemmas(form, DATABASE)


@pytest.mark.parametrize("word", ["teeth", "honest", "bring", "news", "sing", "bus"])
def test_what_only_looks_like_an_ending_stays(word: str) -> None:
    assert not {"tee", "hon", "br", "s", "bu"} & set(lemmas(word, DATABASE))


@pytest.mark.parametrize(
    ("lemma", "expected"),
    [
        ("sing", {"sings", "singing", "sang", "sung"}),
        ("die", {"dies", "died", "dying"}),
        ("stop", {"stops", "stopped", "stopping"}),
        ("happy", {"happier", "happiest"}),
        ("wish", {"wishes", "wished", "wishing"}),
        ("cry", {"cries", "cried", "crying"}),
        ("hope", {"hopes", "hoped", "hoping"}),
        ("see", {"sees", "saw", "seen", "seeing"}),
    ],
)
def test_forms_are_spelled_right(lemma: str, expected: set[str]) -> None:
    spelled = set(forms(lemma, DATABASE))
    assert expected <= spelled
    assert not {"singed", "stoped", "happyer", "wishs", "cryed", "hopeed"} & spelled


@given(st.sampled_from(WORDS))
def test_every_word_is_among_the_words_of_its_senses(word: str) -> None:
    for number in DATABASE.senses_of(word):
        assert word in [other.lower() for other in DATABASE.sense(number).words]


@given(st.sampled_from([word for word in WORDS if word.isalpha() and len(word) > 1]))
def test_a_regular_form_leads_back_to_its_word(word: str) -> None:
    irregular = {form for forms in DATABASE.irregular_forms.values() for form in forms}
    for form in set(forms(word, DATABASE)) - irregular:
        assert word in lemmas(form, DATABASE), form


@given(st.integers(0, 117_658))
def test_what_is_broader_of_one_is_narrower_of_the_other(number: int) -> None:
    entry = DATABASE.sense(number)
    for relation in entry.relations:
        assert relation.name in RELATIONS.values()
        other = DATABASE.sense(relation.sense)
        assert relation.word <= len(entry.words)
        assert relation.other_word <= len(other.words)
        if relation.name in INVERSES:
            back = other.related(INVERSES[relation.name])
            assert number in [inverse.sense for inverse in back]


@given(st.text(max_size=30))
def test_any_text_may_be_looked_up(text: str) -> None:
    for sense in look_up(text):
        assert sense.definition


def test_relatives_are_ranked_by_relation_and_use() -> None:
    near = {relative.word: relative for relative in relatives("winters")}
    assert near["wintertime"].relation == "synonym"
    assert near["wintertime"].strength == 1.0
    assert near["summer"].relation == "sister"
    assert near["summer"].strength < near["season"].strength < near["midwinter"].strength
    assert "winter" not in near
    assert all(0 < relative.strength <= 1 for relative in near.values())
    assert {relative.relation for relative in near.values()} <= STRENGTHS.keys()


def test_a_part_of_the_alphabet_is_read_in_order() -> None:
    assert DATABASE.words_from("smartp", 1)[0] > "smartp"
    assert DATABASE.words_from("winter", 2) == ["winter", "winter aconite"]
    assert DATABASE.words_from("zzzz", 5) == []


@pytest.mark.slow
def test_opening_needs_no_numpy() -> None:
    code = (
        "import sys; import quatrain.meaning as m; m.look_up('sea'); print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
