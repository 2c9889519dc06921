"""The search for words that rhyme: its filters, its order and how far it looks."""

from collections.abc import Callable
from typing import Any

import pytest

from quatrain.records import Pronunciation, Rhyme
from quatrain.sound import rhymes_with
from quatrain.sound.frequency import usage
from quatrain.sound.rhyme import search
from quatrain.sound.rhyme.search import KINDS, MAX_NEAR_RHYMES, rhyming_words
from quatrain.sound.rhyme.standing import standing_of

EXACT = ("mosaic", "perfect", "rich", "identical", "historical")
FULL = rhymes_with("delight")
ORDER = "mosaic perfect rich identical historical promoted family slant consonance assonance eye"


def pronunciation(rhyme: Rhyme) -> Pronunciation:
    assert rhyme.pronunciations is not None
    return rhyme.pronunciations[1]


def begins_unstressed(rhyme: Rhyme) -> bool:
    stress = pronunciation(rhyme).stress
    return len(stress) > 1 and stress[0] == "0" and stress[1] in "12"


def test_every_result_rhymes_and_is_said_of_the_phrase() -> None:
    assert {rhyme.first for rhyme in FULL} == {"delight"}
    assert "delight" not in {rhyme.second for rhyme in FULL}
    assert len({rhyme.second for rhyme in FULL}) == len(FULL)
    assert {rhyme.kind for rhyme in FULL} <= set(KINDS)
    assert all(usage(rhyme.second).count >= 1 for rhyme in FULL)


def test_the_order_is_by_kind_then_by_likeness() -> None:
    kinds = [ORDER.split().index(rhyme.kind) for rhyme in FULL]
    assert kinds == sorted(kinds)
    assert len(set(kinds)) >= 4
    for kind in ("family", "slant", "consonance"):
        usual = [
            round(word.rhyme.probability, 1)
            for word in rhyming_words("delight", kinds=[kind])
            if word.usual and word.standing == "word"
        ]
        assert usual == sorted(usual, reverse=True)


def test_usual_words_come_before_others_and_names() -> None:
    ranks = [
        (not word.usual, word.standing == "name")
        for word in rhyming_words("tin", kinds=["perfect"])
    ]
    assert ranks == sorted(ranks)
    assert set(ranks) == {(False, False), (False, True), (True, False), (True, True)}


def test_light_words_come_after_words_of_their_own() -> None:
    words = [rhyme.second for rhyme in rhymes_with("sea", kinds=["perfect"])]
    assert words.index("tree") < words.index("he")
    assert words.index("knee") < words.index("she")


@pytest.mark.parametrize(
    ("options", "keeps"),
    [
        ({"syllables": 1}, lambda rhyme: pronunciation(rhyme).syllables == 1),
        ({"syllables": 2}, lambda rhyme: pronunciation(rhyme).syllables == 2),
        ({"syllables": 3}, lambda rhyme: pronunciation(rhyme).syllables == 3),
        ({"stress": "01"}, begins_unstressed),
        ({"stress": "1"}, lambda rhyme: pronunciation(rhyme).stress[0] in "12"),
        ({"min_count": 500}, lambda rhyme: usage(rhyme.second).count >= 500),
        ({"kinds": ["family"]}, lambda rhyme: rhyme.kind == "family"),
        ({"kinds": []}, lambda rhyme: False),
        (
            {"syllables": 2, "stress": "01", "kinds": ("perfect", "family")},
            lambda rhyme: (
                pronunciation(rhyme).syllables == 2
                and begins_unstressed(rhyme)
                and rhyme.kind in ("perfect", "family")
            ),
        ),
    ],
)
def test_filters_leave_out_and_change_no_order(
    options: dict[str, Any], keeps: Callable[[Rhyme], bool]
) -> None:
    exact = [rhyme for rhyme in FULL if rhyme.kind in EXACT]
    expected = [rhyme for rhyme in exact if keeps(rhyme)]
    listed = rhymes_with("delight", **options)
    assert [rhyme for rhyme in listed if rhyme.kind in EXACT] == expected
    assert all(keeps(rhyme) for rhyme in listed)
    assert len(expected) < len(exact)


def test_a_word_counts_from_its_own_count_on() -> None:
    rarest = min(FULL, key=lambda rhyme: usage(rhyme.second).count).second
    for word in (rarest, "night"):
        count = usage(word).count
        assert word in {rhyme.second for rhyme in rhymes_with("delight", min_count=count)}
        assert word not in {rhyme.second for rhyme in rhymes_with("delight", min_count=count + 1)}


@pytest.mark.slow
def test_all_words_adds_those_that_verse_does_not_have() -> None:
    everything = rhymes_with("delight", kinds=["perfect"], all_words=True)
    perfect = [rhyme for rhyme in FULL if rhyme.kind == "perfect"]
    words = {rhyme.second for rhyme in everything}
    assert [rhyme for rhyme in everything if rhyme in perfect] == perfect
    assert any(not usage(word).count for word in words)
    others = {word for word in words if standing_of(word) == "other"}
    assert others
    assert others.isdisjoint(rhyme.second for rhyme in FULL)


def test_words_that_are_never_stressed_do_not_rhyme() -> None:
    assert "the" not in {rhyme.second for rhyme in rhymes_with("sofa", min_count=1000)}
    assert all(set(pronunciation(rhyme).stress) & {"1", "2"} for rhyme in FULL)


def test_of_words_that_share_only_some_sounds_the_most_used_are_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def words(most_near: int) -> set[str]:
        monkeypatch.setattr(search, "MAX_NEAR_WORDS", most_near)
        monkeypatch.setattr(search, "MAX_NEAR_RHYMES", 10**6)
        return {rhyme.second for rhyme in rhymes_with("delight", min_count=100)}

    same, some, everything = words(0), words(10), words(10**6)
    assert {"night", "write", "height"} <= same
    assert same < some < everything
    assert len(some - same) <= 10
    least = min(usage(word).count for word in some - same)
    assert all(usage(word).count <= least for word in everything - some)


def test_near_rhymes_are_cut_and_share_the_stressed_vowel_or_what_follows() -> None:
    silver = rhymes_with("silver", min_count=3)
    words = {rhyme.second for rhyme in silver}
    assert {"pilfer", "river", "quiver"} <= words
    assert words.isdisjoint({"were", "our", "never", "over", "power"})
    counts = [sum(rhyme.kind == kind for rhyme in silver) for kind in ("slant", "assonance")]
    assert max(counts) == MAX_NEAR_RHYMES


def test_an_ending_takes_a_beat_only_after_a_syllable_without_stress() -> None:
    words = {rhyme.second for rhyme in rhymes_with("sea", kinds=["promoted", "slant"])}
    assert "ecstasy" in words
    assert words.isdisjoint({"beauty", "happy", "only", "ear"})


def test_letters_and_fragments_are_no_rhymes() -> None:
    junk = {"ne", "de", "te", "b", "p", "d", "uv", "ac", "thi", "c", "si"}
    shown = {rhyme.second for rhyme in rhymes_with("sea")}
    assert shown.isdisjoint(junk - {"si"})


@pytest.mark.slow
def test_all_has_the_letters_and_fragments_too() -> None:
    everything = {rhyme.second for rhyme in rhymes_with("sea", kinds=["perfect"], all_words=True)}
    assert {"de", "b", "d"} <= everything


@pytest.mark.parametrize(
    ("word", "standing"),
    [
        ("tree", "word"),
        ("thinned", "word"),
        ("'tis", "word"),
        ("shoon", "word"),
        ("i'd", "word"),
        ("flynn", "name"),
        ("berlin", "name"),
        ("galilee", "name"),
        ("d", "other"),
        ("uv", "other"),
        ("aaberg", "other"),
    ],
)
def test_a_word_is_what_is_defined_or_used(word: str, standing: str) -> None:
    assert standing_of(word) == standing


def test_each_way_to_say_a_word_has_its_own_rhymes() -> None:
    readings: dict[int, set[str]] = {}
    for word in rhyming_words("wind", kinds=["perfect"]):
        readings.setdefault(word.reading, set()).add(word.rhyme.second)
    assert {"sinned", "pinned"} <= readings[0]
    assert {"find", "mind"} <= readings[1]


def test_a_phrase_begins_with_what_rhymes_from_its_stress_on() -> None:
    seconds = [rhyme.second for rhyme in rhymes_with("dream of it", min_count=50)]
    assert seconds.index("theme of it") < seconds.index("wit")
    assert "see of it" not in seconds


@pytest.mark.slow
def test_a_run_of_letters_that_is_no_word_is_answered_as_fast_as_a_word() -> None:
    assert rhymes_with("ab" * 500, min_count=100)


@pytest.mark.slow
def test_a_phrase_finds_what_rhymes_with_all_of_it() -> None:
    results = rhymes_with("seen us", kinds=["mosaic"])
    assert "venus" in {rhyme.second for rhyme in results}
    assert {rhyme.syllables for rhyme in results} == {2}
