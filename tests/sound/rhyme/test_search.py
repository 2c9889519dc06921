"""The search for words that rhyme: its filters, its order and how far it looks."""

from collections.abc import Callable
from typing import Any

import pytest

from quatrain.records import Pronunciation, Rhyme
from quatrain.sound import rhymes_with
from quatrain.sound.frequency import usage
from quatrain.sound.rhyme import search
from quatrain.sound.rhyme.search import KINDS

FULL = rhymes_with("delight")
ORDER = "perfect mosaic rich identical historical family slant consonance assonance eye"


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


def test_the_order_is_by_kind_then_by_odds_and_use_then_by_letters() -> None:
    def rank(rhyme: Rhyme) -> tuple[int, float, str]:
        likely = rhyme.probability * pronunciation(rhyme).confidence
        usefulness = likely * (1 + usage(rhyme.second).count) ** 0.5
        return ORDER.split().index(rhyme.kind), -usefulness, rhyme.second

    assert sorted(FULL, key=rank) == FULL
    assert len({rhyme.kind for rhyme in FULL}) >= 4


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
    expected = [rhyme for rhyme in FULL if keeps(rhyme)]
    assert rhymes_with("delight", **options) == expected
    assert len(expected) < len(FULL)


def test_a_word_counts_from_its_own_count_on() -> None:
    rarest = min(FULL, key=lambda rhyme: usage(rhyme.second).count).second
    for word in (rarest, "night"):
        count = usage(word).count
        assert word in {rhyme.second for rhyme in rhymes_with("delight", min_count=count)}
        assert word not in {rhyme.second for rhyme in rhymes_with("delight", min_count=count + 1)}


@pytest.mark.slow
def test_all_words_adds_those_that_verse_does_not_have() -> None:
    everything = rhymes_with("delight", kinds=["perfect"], all_words=True)
    perfect = [rhyme.second for rhyme in FULL if rhyme.kind == "perfect"]
    words = [rhyme.second for rhyme in everything]
    assert [word for word in words if usage(word).count] == perfect
    assert any(not usage(word).count for word in words)


def test_words_that_are_never_stressed_do_not_rhyme() -> None:
    assert "the" not in {rhyme.second for rhyme in rhymes_with("sofa", min_count=1000)}
    assert all(set(pronunciation(rhyme).stress) & {"1", "2"} for rhyme in FULL)


def test_of_words_that_share_only_some_sounds_the_most_used_are_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def words(most_near: int) -> set[str]:
        monkeypatch.setattr(search, "MAX_NEAR_WORDS", most_near)
        return {rhyme.second for rhyme in rhymes_with("delight", min_count=100)}

    same, some, everything = words(0), words(10), words(10**6)
    assert {"night", "write", "height"} <= same
    assert same < some < everything
    assert len(some - same) <= 10
    least = min(usage(word).count for word in some - same)
    assert all(usage(word).count <= least for word in everything - some)


@pytest.mark.slow
def test_a_phrase_finds_what_rhymes_with_all_of_it() -> None:
    results = rhymes_with("seen us", kinds=["mosaic"])
    assert "venus" in {rhyme.second for rhyme in results}
    assert {rhyme.syllables for rhyme in results} == {2}
