"""The best match of two endings, its cost and its features, from endings built by hand."""

import pytest

from quatrain.records import Pronunciation
from quatrain.sound.rhyme.endings import Ending
from quatrain.sound.rhyme.match import (
    DIFFERENT,
    ONE_MORE,
    RELATED,
    SAME,
    Match,
    are_related,
    best_match,
    coda_distance,
    match_features,
    may_agree,
)
from quatrain.sound.rhyme.parts import RhymePart


def part(phonemes: str, confidence: float = 1.0, source: str = "cmudict") -> RhymePart:
    """Return the rhyme part from the first vowel of some phonemes on."""
    symbols = phonemes.split()
    places = [place for place, symbol in enumerate(symbols) if symbol[-1].isdigit()]
    ends = [*places[1:], len(symbols)]
    return RhymePart(
        onset=tuple(symbols[: places[0]]),
        vowels=tuple(symbols[place][:-1] for place in places),
        codas=tuple(
            tuple(symbols[place + 1 : end]) for place, end in zip(places, ends, strict=True)
        ),
        stressed=symbols[places[0]][-1] != "0",
        pronunciation=Pronunciation("word", tuple(symbols), source, confidence),
    )


def ending(word: str, full: str, last: str = "", mosaic: str = "", spelling: str = "") -> Ending:
    """Return an ending; its parts are separated by `|`."""
    parts = [
        tuple(part(phonemes) for phonemes in text.split("|") if phonemes)
        for text in (full, last, mosaic)
    ]
    return Ending(word, spelling or word, *parts)


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("", "", SAME),
        ("S T", "S T", SAME),
        ("M", "N", RELATED),
        ("T", "CH", RELATED),
        ("N D", "M D", RELATED),
        ("N T", "N D", RELATED),
        ("N T", "M D", DIFFERENT),
        ("T", "S", DIFFERENT),
        ("L", "N", DIFFERENT),
        ("", "D", ONE_MORE),
        ("N", "N D", ONE_MORE),
        ("D", "N D", ONE_MORE),
        ("K S", "K T S", ONE_MORE),
        ("", "N D", DIFFERENT),
        ("N", "N D Z", DIFFERENT),
        ("M", "N D", DIFFERENT),
        ("T S", "N D S", DIFFERENT),
    ],
)
def test_distance_of_consonants(first: str, second: str, distance: int) -> None:
    one, other = tuple(first.split()), tuple(second.split())
    assert coda_distance(one, other) == distance
    assert coda_distance(other, one) == distance
    assert [SAME, RELATED, ONE_MORE, DIFFERENT] == [0, 1, 2, 3], "the weights name the numbers"


def test_families_of_consonants() -> None:
    families = [
        {"P", "B", "T", "D", "K", "G", "CH", "JH"},
        {"F", "V", "TH", "DH", "S", "Z", "SH", "ZH", "HH"},
        {"M", "N", "NG"},
        {"L", "R", "W", "Y"},
    ]
    for family in families:
        for other in families:
            for one in family:
                assert all(are_related(one, two) == (family is other) for two in other)


@pytest.mark.parametrize(
    ("vowel", "coda", "rest", "reach", "cost"),
    [
        ("=", SAME, True, "full", 0.0),
        ("=", RELATED, True, "full", 1.0),
        ("=", ONE_MORE, True, "full", 1.2),
        ("=", DIFFERENT, True, "full", 2.5),
        ("=", SAME, False, "full", 1.5),
        ("AY-IY", SAME, True, "full", 2.0),
        ("AY-IY", RELATED, False, "full", 4.5),
        ("=", SAME, True, "mixed", 0.8),
        ("=", SAME, True, "last", 1.0),
        ("=", SAME, True, "mosaic", 0.1),
        ("AY-IY", DIFFERENT, False, "last", 7.0),
    ],
)
def test_cost_of_a_match(vowel: str, coda: int, rest: bool, reach: str, cost: float) -> None:
    sure = part("AY1 T")
    match = Match(sure, sure, vowel, coda, rest, False, reach)
    assert match.cost == pytest.approx(cost)
    assert match.perfect == ((vowel, coda, rest) == ("=", SAME, True))
    unsure = Match(part("AY1 T", 0.9), part("AY1 T", 0.3), vowel, coda, rest, False, reach)
    assert unsure.cost == pytest.approx(cost + 0.05 * (0.1 + 0.7))


def described(match: Match) -> tuple[str, str, str, int, bool, bool, str]:
    """Return the two pronunciations of a match, and how they agree."""
    spoken = (str(match.first.pronunciation), str(match.second.pronunciation))
    return (*spoken, match.vowel, match.coda, match.rest, match.onset, match.reach)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (  # of all pairs of pronunciations, the one that agrees
            ending("wind", "W IH1 N D|W AY1 N D"),
            ending("find", "F AY1 N D"),
            ("W AY1 N D", "F AY1 N D", "=", SAME, True, False, "full"),
        ),
        (  # the vowels are named in order of the alphabet
            ending("prove", "R UW1 V"),
            ending("love", "L AH1 V"),
            ("R UW1 V", "L AH1 V", "AH-UW", SAME, True, False, "full"),
        ),
        (  # of as many vowels
            ending("sea", "S IY1"),
            ending("pleasure", "L EH1 ZH ER0", last="ZH ER0"),
            ("S IY1", "ZH ER0", "ER-IY", ONE_MORE, True, False, "mixed"),
        ),
        (  # what follows has to agree in vowels and in consonants
            ending("tender", "T EH1 N D ER0"),
            ending("lending", "L EH1 N D IH0 NG"),
            ("T EH1 N D ER0", "L EH1 N D IH0 NG", "=", SAME, False, False, "full"),
        ),
        (
            ending("tender", "T EH1 N D ER0"),
            ending("agenda", "JH EH1 N D AH0"),
            ("T EH1 N D ER0", "JH EH1 N D AH0", "=", SAME, False, False, "full"),
        ),
        (
            ending("rapid", "R AE1 P IH0 D"),
            ending("lapis", "L AE1 P IH0 S"),
            ("R AE1 P IH0 D", "L AE1 P IH0 S", "=", SAME, False, False, "full"),
        ),
        (  # mixed, because it is cheaper than a full match of related consonants
            ending("memory", "M EH1 M R IY0|M IY1 T", last="R IY0"),
            ending("tree", "R IY1|R IY1 D"),
            ("R IY0", "R IY1", "=", SAME, True, True, "mixed"),
        ),
        (
            ending("tree", "R IY1"),
            ending("memory", "M EH1 M R IY0", last="R IY0"),
            ("R IY1", "R IY0", "=", SAME, True, True, "mixed"),
        ),
        (
            ending("memory", "M EH1 M R IY0", last="R IY0"),
            ending("eternity", "T ER1 N IH0 T IY0", last="T IY0"),
            ("R IY0", "T IY0", "=", SAME, True, False, "last"),
        ),
        (  # the last syllable of both costs less than other vowels in full
            ending("valley", "V AE1 L IY0", last="L IY0"),
            ending("holy", "HH OW1 L IY0", last="L IY0"),
            ("L IY0", "L IY0", "=", SAME, True, True, "last"),
        ),
        (
            ending("it", "IH1 T", mosaic="SH OW1 IH0 T"),
            ending("poet", "P OW1 IH0 T"),
            ("SH OW1 IH0 T", "P OW1 IH0 T", "=", SAME, True, False, "mosaic"),
        ),
        (
            ending("poet", "P OW1 IH0 T"),
            ending("it", "IH1 T", mosaic="SH OW1 IH0 T"),
            ("P OW1 IH0 T", "SH OW1 IH0 T", "=", SAME, True, False, "mosaic"),
        ),
        (  # two mosaics of different words
            ending("it", "IH1 T", mosaic="SH OW1 IH0 T"),
            ending("at", "AE1 T", mosaic="G OW1 IH0 T"),
            ("SH OW1 IH0 T", "G OW1 IH0 T", "=", SAME, True, False, "mosaic"),
        ),
        (  # the same last word, but the mosaics do not rhyme
            ending("it", "IH1 T", mosaic="SH OW1 IH0 T"),
            ending("it", "IH1 T", mosaic="S IY1 IH0 T"),
            ("IH1 T", "IH1 T", "=", SAME, True, True, "full"),
        ),
        (
            ending("it", "IH1 T", mosaic="SH OW1 IH0 T"),
            ending("it", "IH1 T", mosaic="G OW1 IH0 T"),
            ("SH OW1 IH0 T", "G OW1 IH0 T", "=", SAME, True, False, "mosaic"),
        ),
        (  # a mosaic of several beginnings: the first that is perfect
            ending("it", "IH1 T", mosaic="S IY1 IH0 N IH0 T|IH1 N IH0 T"),
            ending("minute", "M IH1 N AH0 T", last="N AH0 T"),
            ("IH1 N IH0 T", "M IH1 N AH0 T", "=", SAME, True, False, "mosaic"),
        ),
        (  # the weak vowels before a consonant are one
            ending("rabbit", "R AE1 B AH0 T"),
            ending("habit", "HH AE1 B IH0 T"),
            ("R AE1 B AH0 T", "HH AE1 B IH0 T", "=", SAME, True, False, "full"),
        ),
        (  # but not at the end of a word, nor under stress
            ending("sofa", "S OW1 F AH0"),
            ending("loafi", "L OW1 F IH0"),
            ("S OW1 F AH0", "L OW1 F IH0", "=", SAME, False, False, "full"),
        ),
        (
            ending("sit", "S IH1 T"),
            ending("shut", "SH AH1 T"),
            ("S IH1 T", "SH AH1 T", "AH-IH", SAME, True, False, "full"),
        ),
        (  # of pairs that cost the same, the first
            ending("a", "B IY1|D IY1"),
            ending("b", "T IY1|K IY1"),
            ("B IY1", "T IY1", "=", SAME, True, False, "full"),
        ),
    ],
)
def test_best_match(
    first: Ending, second: Ending, expected: tuple[str, str, str, int, bool, bool, str]
) -> None:
    assert described(best_match(first, second)) == expected
    mirrored = (expected[1], expected[0], *expected[2:])
    assert described(best_match(second, first)) == mirrored


def test_a_listed_pronunciation_goes_before_one_made_by_a_rule() -> None:
    by_rule, listed = part("L AY1 T", confidence=0.3), part("F AY1 T")
    first = Ending("one", "one", (by_rule, listed), (), ())
    match = best_match(first, ending("night", "N AY1 T"))
    assert match.first is listed


def test_a_mixed_match_is_looked_for_after_a_fair_full_one() -> None:
    first = ending("wintry", "W IH1 N T R IY0|R IY1 N", last="R IY0")
    match = best_match(first, ending("free", "F R IY1|F R IY1 M"))
    assert described(match) == ("R IY0", "F R IY1", "=", SAME, True, False, "mixed")


GUESSED = Ending("brune", "une", (part("B R UW1 N", source="guessed"),), (), ())


@pytest.mark.parametrize(
    ("first", "second", "features"),
    [
        (
            ending("night", "N AY1 T", spelling="ight"),
            ending("light", "L AY1 T", spelling="ight"),
            "letters 4; spelled alike; vowel =; coda 0; way full perfect; same vowel coda 0; "
            "stress 2 True",
        ),
        (
            ending("sea", "S IY1", spelling="ea"),
            ending("see", "S IY1", spelling="ee"),
            "letters 0; vowel =; coda 0; way full perfect; same vowel coda 0; stress 2 True; "
            "onset too True",
        ),
        (
            ending("love", "L AH1 V", spelling="ove"),
            ending("prove", "R UW1 V", spelling="ove"),
            "letters 3; spelled alike; vowel AH-UW; coda 0; way full not; vowel AH-UW same coda; "
            "spelled alike, other vowel; stress 2 False",
        ),
        (
            ending("time", "T AY1 M", spelling="ime"),
            ending("mine", "M AY1 N", spelling="ine"),
            "letters 1; vowel =; coda 1; way full not; same vowel coda 1; stress 2 False",
        ),
        (
            ending("stones", "T OW1 N Z", spelling="ones"),
            ending("town", "T AW1 N", spelling="own"),
            "letters 0; vowel AW-OW; coda 2; way full not; stress 2 False; onset too False",
        ),
        (
            ending("tender", "T EH1 N D ER0", spelling="er"),
            ending("slender", "L EH1 N D ER0", spelling="er"),
            "letters 4; spelled alike; vowel =; coda 0; way full perfect; same vowel coda 0; "
            "stress 2 True; syllables 2 True",
        ),
        (
            ending("tender", "T EH1 N D ER0", spelling="er"),
            ending("bending", "B EH1 N D IH0 NG", spelling="ing"),
            "letters 0; vowel =; coda 0; way full not; same vowel coda 0; rest differs; "
            "stress 2 False; syllables 2 False",
        ),
        (
            ending("one", "P EH1 N AH0 T IY0 B L IY0", spelling="y"),
            ending("two", "L EH1 N AH0 T IY0 B L IY0", spelling="y"),
            "letters 0; spelled alike; vowel =; coda 0; way full perfect; same vowel coda 0; "
            "stress 2 True; syllables 3 True",
        ),
        (
            ending("one", "P EH1 N AH0 T IY0", spelling="y"),
            ending("two", "L EH1 N AH0 T IY0", spelling="ye"),
            "letters 0; vowel =; coda 0; way full perfect; same vowel coda 0; "
            "stress 2 True; syllables 3 True",
        ),
        (
            ending("memory", "M EH1 M R IY0", last="R IY0", spelling="y"),
            ending("sea", "S IY1", spelling="ea"),
            "letters 0; vowel =; coda 0; way mixed perfect; same vowel coda 0; stress 1 True",
        ),
        (
            ending("memory", "M EH1 M R IY0", last="R IY0", spelling="y"),
            ending("ivory", "V AO1 R IY0", last="T IY0", spelling="y"),
            "letters 3; spelled alike; vowel =; coda 0; way last perfect; same vowel coda 0; "
            "stress 0 True",
        ),
        (
            ending("it", "IH1 T", mosaic="SH OW1 IH0 T"),
            ending("it", "IH1 T", mosaic="F AY1 T IH0 T"),
            "same word; leaning on others",
        ),
        (
            ending("lilies", "L IH1 L IY0 Z", spelling="ies"),
            ending("phyllis", "F IH1 L IY0 S", spelling="is"),
            "letters 1; vowel =; coda 0; way full not; same vowel coda 0; rest related; "
            "stress 2 False; syllables 2 False",
        ),
        (
            GUESSED,
            ending("moon", "M UW1 N", spelling="oon"),
            "letters 0; vowel =; coda 0; way full perfect; same vowel coda 0; stress 2 True; "
            "guessed True",
        ),
        (
            ending("loom", "L UW1 M", spelling="oom"),
            GUESSED,
            "letters 0; vowel =; coda 1; way full not; same vowel coda 1; stress 2 False; "
            "guessed False",
        ),
        (ending("stone", "S T OW1 N"), ending("stone", "S T OW1 N"), "same word"),
        (
            ending("it", "IH1 T", mosaic="SH OW1 IH0 T"),
            ending("it", "IH1 T", spelling="it"),
            "same word",
        ),
        (
            ending("it", "IH1 T", mosaic="SH OW1 IH0 T"),
            ending("it", "IH1 T", mosaic="G OW1 IH0 T"),
            "letters 2; spelled alike; vowel =; coda 0; way mosaic perfect; same vowel coda 0; "
            "stress 2 True; syllables 2 True",
        ),
    ],
)
def test_features_of_a_pair(first: Ending, second: Ending, features: str) -> None:
    assert match_features(first, second) == tuple(features.split("; "))
    assert match_features(second, first) == tuple(features.split("; "))


@pytest.mark.parametrize(
    ("first", "second", "agrees"),
    [
        ("B IY1", "T IY1", True),  # the last vowel
        ("B IY1 T", "T IY1 L", True),
        ("B IY1 T", "T OW1 T", True),  # the last consonant
        ("B IY1 T", "T OW1 D", True),  # a related one
        ("B IY1 L T", "T OW1 D", True),
        ("B IY1", "T OW1", True),  # no consonant in either
        ("B IY1 T", "T OW1 L", False),
        ("B IY1 T", "T OW1", False),
        ("B IY1", "T OW1 T", False),
        ("L IY1 T AH0 L", "T IY1 T AH0 M", True),
        ("L IY1 T AH0 L", "T IY1 T AH0 F", True),
        ("L IY1 T AH0 L", "T IY1 T OW0", False),  # only the first vowels are the same
        ("W ER1", "F EH1 R", True),  # the vowel of *were* has an r of its own
        ("W ER1", "F EH1 T", False),
        ("B IY1 T|B IY1", "T OW1", True),  # in another pronunciation
    ],
)
def test_endings_that_may_agree(first: str, second: str, agrees: bool) -> None:
    assert may_agree(ending("one", first), ending("two", second)) == agrees
    assert may_agree(ending("one", second), ending("two", first)) == agrees


def test_the_last_vowels_may_agree_too() -> None:
    assert may_agree(ending("one", "B IY1 T", last="L OW0"), ending("two", "T AW1"))
    assert may_agree(ending("two", "T AW1"), ending("one", "B IY1 T", last="L OW0"))
