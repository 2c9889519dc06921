"""Log odds by hand-made weights, and every kind of rhyme with its reason; words are invented."""

import math
from collections.abc import Mapping

import pytest

from quatrain.sound import Ear, Rhymer
from quatrain.sound.rhyme import rhymer as rhymer_module
from quatrain.sound.rhyme.endings import Ending, ending_of
from quatrain.sound.rhyme.match import match_features
from quatrain.sound.rhyme.rhymer import HISTORICAL_PROBABILITY, NO_AGREEMENT, shipped_weights

WORDS = {
    "zight": "Z AY1 T",
    "dezight": "D IH0 Z AY1 T",
    "fite": "F AY1 T",
    "zite": "Z AY1 T",
    "fide": "F AY1 D",
    "fise": "F AY1 S",
    "fists": "F AY1 S T S",
    "fie": "F AY1",
    "moot": "M UW1 T",
    "mooth": "M IY1 T",
    "soove": "S UW1 V",
    "loove": "L AH1 V",
    "loe": "L OW1",
    "roe": "R AA1",
    "lee": "L IY1",
    "tivery": "T IH1 V ER0 IY0",
    "alivery": "AH0 L IH1 V ER0 L IY0",
    "roa": "R AH1",
    "showa": "SH OW1 AH0",
    "tender": "T EH1 N D ER0",
    "bendor": "B EH1 N D OW0 R",
    "noke": "N OW1 K",
    "poit": "P OW1 IH0 T",
    "show": "SH OW1",
    "it": "IH1 T",
    "a": "AH0",
}
"""Invented words, or their invented pronunciations."""


@pytest.fixture(scope="module")
def ear() -> Ear:
    ear = Ear()
    for word, phonemes in WORDS.items():
        ear.add(word, phonemes)
    return ear


def ending(text: str, ear: Ear) -> Ending:
    found = ending_of(text, ear)
    assert found is not None
    return found


def test_log_odds_are_the_sum_of_the_weights_of_the_features(ear: Ear) -> None:
    first, second = ending("zight", ear), ending("fite", ear)
    features = match_features(first, second)
    weights = {"": 100.0, **{name: 2.0**place for place, name in enumerate(features)}}
    total = 100.0 + 2.0 ** len(features) - 1.0
    assert Rhymer(ear, weights).log_odds(first, second) == total
    del weights[features[1]]
    assert Rhymer(ear, weights).log_odds(first, second) == total - 2.0, "unknown names weigh 0"


def test_log_odds_are_the_same_when_asked_again(ear: Ear) -> None:
    rhymer = Rhymer(ear, {"": 1.5, "coda 0": 2.0})
    first, second, third = (ending(word, ear) for word in ("zight", "fite", "fide"))
    assert [rhymer.log_odds(first, second) for _ in range(2)] == [3.5, 3.5]
    assert rhymer.log_odds(first, third) == 1.5
    rhymer = Rhymer(ear, {"": 1.5, "way mosaic perfect": 1.0})
    mosaics = ["zight it", "show it"]
    odds = [rhymer.log_odds(ending(text, ear), ending("poit", ear)) for text in mosaics]
    assert odds == [1.5, 2.5], "a mosaic is not known by its last word"


def test_a_pair_without_anything_in_common_has_fixed_odds(ear: Ear) -> None:
    rhymer = Rhymer(ear, {"": 5.0})
    assert NO_AGREEMENT == -9.0
    assert rhymer.log_odds(ending("fise", ear), ending("noke", ear)) == 5.0, "the same last letter"
    assert rhymer.log_odds(ending("moot", ear), ending("noke", ear)) == 5.0, "related consonants"
    assert rhymer.log_odds(ending("fists", ear), ending("noke", ear)) == NO_AGREEMENT
    assert rhymer.log_odds(ending("noke", ear), ending("fists", ear)) == NO_AGREEMENT
    assert rhymer.rhyme("fists", "noke").probability == pytest.approx(1 / (1 + math.exp(9)))


def test_the_shipped_weights_know_the_features_of_common_pairs(ear: Ear) -> None:
    weights: Mapping[str, float] = shipped_weights()
    for first, second in [
        ("zight", "fite"),
        ("tender", "bendor"),
        ("fite", "fide"),
        ("lee", "loe"),
    ]:
        names = match_features(ending(first, ear), ending(second, ear))
        assert {"", *names} <= set(weights)


LIKELY, EVEN, UNLIKELY = 4.0, 0.0, -4.0


@pytest.mark.parametrize(
    ("first", "second", "log_odds", "kind", "why"),
    [
        ("fite", "fite", UNLIKELY, "identical", "the same word"),
        ("show it", "show it", UNLIKELY, "identical", "the same word"),
        ("zight it", "dezight it", UNLIKELY, "identical", "the same word"),
        ("zight it", "fite it", UNLIKELY, "mosaic",
         "the same from AY T IH T on, over more than one word"),
        ("zite", "zight", UNLIKELY, "identical", "pronounced alike: Z AY1 T"),
        ("zight", "dezight", UNLIKELY, "rich",
         "the same from AY T on, and the consonants before it too"),
        ("zight", "fite", UNLIKELY, "perfect", "the same from the stressed AY on: AY T"),
        ("show it", "poit", UNLIKELY, "mosaic",
         "the same from OW IH T on, over more than one word"),
        ("lee", "tivery", LIKELY, "promoted",
         "the same last syllable, IY, which metre may give a beat"),
        ("lee", "alivery", LIKELY, "slant",  # the consonant before is the same
         "the same last syllable, IY, but it is not stressed in both"),
        ("roa", "showa", UNLIKELY, "slant",  # the stress is next to it
         "the same last syllable, AH, but it is not stressed in both"),
        ("fite", "fide", UNLIKELY, "family",
         "the same vowel AY, and related consonants T and D"),
        ("fie", "fite", UNLIKELY, "slant",
         "the same vowel AY, and one consonant more in one"),
        ("fise", "fite", LIKELY, "assonance", "the same vowel AY, but S and T"),
        ("fie", "fists", LIKELY, "assonance", "the same vowel AY, but no consonant and S T S"),
        ("soove", "loove", LIKELY, "historical",
         "spelled alike, vowels UW and AH, rhymed by poets of the past"),
        ("soove", "loove", EVEN, "eye", "spelled alike, but vowels UW and AH"),
        ("moot", "mooth", LIKELY, "historical",
         "vowels UW and IY before the same sounds, rhymed by poets of the past"),
        ("moot", "mooth", EVEN, "consonance",
         "the same consonants after different vowels UW and IY"),
        ("loe", "roe", LIKELY, "eye", "spelled alike, but vowels OW and AA"),
        ("loe", "lee", LIKELY, "slant", "close enough that poets rhyme such words"),
        ("loe", "lee", UNLIKELY, "none",
         "vowels OW and IY, and what follows differs too"),
        ("tender", "bendor", EVEN, "slant", "close enough that poets rhyme such words"),
        ("tender", "bendor", UNLIKELY, "none", "the same vowel EH, but what follows differs"),
        ("moot", "fide", EVEN, "slant", "close enough that poets rhyme such words"),
        ("moot", "fide", -1.0, "slant", "close enough that poets rhyme such words"),
        ("moot", "fide", -1.2, "none", "vowels UW and AY, and what follows differs too"),
        ("!", "fite", LIKELY, "none", "'!' has no word"),
        ("fite", "?", LIKELY, "none", "'?' has no word"),
    ],
)  # fmt: skip
def test_kinds_and_reasons(
    first: str, second: str, log_odds: float, kind: str, why: str, ear: Ear
) -> None:
    rhyme = Rhymer(ear, {"": log_odds}).rhyme(first, second)
    assert (rhyme.kind, rhyme.why) == (kind, why)
    assert (rhyme.first, rhyme.second) == (first, second)
    assert Rhymer(ear, {"": log_odds}).rhyme(second, first).kind == kind
    if "no word" in why:
        assert (rhyme.pronunciations, rhyme.syllables, rhyme.probability) == (None, 0, 0.0)
    else:
        assert rhyme.probability == pytest.approx(1 / (1 + math.exp(-log_odds)))


def test_a_historical_rhyme_begins_at_its_probability(
    ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert HISTORICAL_PROBABILITY == 0.9
    rhymer = Rhymer(ear, {"": 2.0})
    probability = rhymer.rhyme("moot", "mooth").probability
    monkeypatch.setattr(rhymer_module, "HISTORICAL_PROBABILITY", probability)
    assert rhymer.rhyme("moot", "mooth").kind == "historical"
    monkeypatch.setattr(rhymer_module, "HISTORICAL_PROBABILITY", math.nextafter(probability, 1.0))
    assert rhymer.rhyme("moot", "mooth").kind == "consonance"


def test_syllables_and_pronunciations_of_a_rhyme(ear: Ear) -> None:
    rhyme = Rhymer(ear, {"": 0.0}).rhyme("tender", "bendor")
    assert rhyme.syllables == 2
    assert rhyme.pronunciations is not None
    assert [str(each) for each in rhyme.pronunciations] == [WORDS["tender"], WORDS["bendor"]]


@pytest.mark.parametrize(
    ("first", "second", "pair", "kind"),
    [
        # a mosaic of the last two words
        ("and then I said that I would show it", "there once was a poit", ("show it", "poit"),
         "mosaic"),
        ("the poit", "a word or two to show it", ("poit", "show it"), "mosaic"),
        # the last words rhyme by themselves
        ("one more fite", "and one more zight", ("fite", "zight"), "perfect"),
        ("you fite it", "I show it", ("it", "it"), "identical"),
        ("he was dezight", "you see it zight", ("dezight", "zight"), "rich"),
        # neither: what the last words are
        ("I see that you would fite it", "and there you moot", ("it", "moot"), "consonance"),
        ("Fide!", "a Fite?", ("fide", "fite"), "family"),
    ],
)  # fmt: skip
def test_lines_rhyme_by_their_last_word_or_a_mosaic(
    first: str, second: str, pair: tuple[str, str], kind: str, ear: Ear
) -> None:
    rhyme = Rhymer(ear, {"": 0.0}).rhyme_lines(first, second)
    assert ((rhyme.first, rhyme.second), rhyme.kind) == (pair, kind)


def test_a_line_without_words_rhymes_with_nothing(ear: Ear) -> None:
    rhymer = Rhymer(ear, {"": 0.0})
    for pair in [("...", "a fite"), ("a fite", "...")]:
        rhyme = rhymer.rhyme_lines(*pair)
        assert (rhyme.first, rhyme.second, rhyme.kind) == (*pair, "none")
        assert rhyme.why == "'...' has no word"
