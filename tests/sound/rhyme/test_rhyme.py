"""Rhymes: their kinds, why, words that rhyme, and schemes. All verse here was written for it."""

import pytest

from quatrain.records import Poem
from quatrain.sound import Ear, Rhymer, rhyme_scheme, rhymes, rhymes_with
from quatrain.sound.rhyme.match import DIFFERENT, ONE_MORE, RELATED, SAME, coda_distance
from quatrain.sound.rhyme.scheme import scheme_letter


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("night", "delight", "perfect"),
        ("pleasure", "measure", "perfect"),
        ("sea", "see", "identical"),
        ("stone", "stone", "identical"),
        ("light", "delight", "rich"),
        ("love", "prove", "historical"),
        ("cough", "bough", "eye"),
        ("dream of it", "theme of it", "mosaic"),
        ("time", "mine", "family"),
        ("lake", "fate", "family"),
        ("stones", "alone", "slant"),
        ("thee", "Arcady", "promoted"),
        ("tree", "memory", "promoted"),
        ("eternity", "memory", "promoted"),
        ("sing", "wandering", "promoted"),
        ("me", "carry", "slant"),  # the stress is next to the last syllable
        ("bell", "ball", "consonance"),
        ("light", "mine", "assonance"),
        ("garden", "sky", "none"),
    ],
)
def test_kinds_of_rhyme(first: str, second: str, kind: str) -> None:
    found = rhymes(first, second)
    assert found.kind == kind, found
    assert bool(found) == (kind != "none")
    assert rhymes(second, first).kind == kind, "a rhyme has no direction"


def test_a_rhyme_has_its_reason_and_pronunciations() -> None:
    found = rhymes("wind", "find")
    assert found.kind == "perfect"
    assert found.pronunciations is not None
    assert str(found.pronunciations[0]) == "W AY1 N D", (
        "the wind that winds, over all pronunciations"
    )
    assert "AY N D" in found.why
    assert rhymes("moon", "June").syllables == 1
    assert rhymes("tender", "slender").syllables == 2
    assert rhymes("love", "prove").probability > 0.9 > 0.1 > rhymes("garden", "sky").probability
    assert "no word" in rhymes("!!!", "sky").why


def test_consonants_after_the_vowel_are_near_or_far() -> None:
    assert coda_distance(("T",), ("T",)) == SAME
    assert coda_distance(("M",), ("N",)) == RELATED
    assert coda_distance(("N",), ("N", "D")) == ONE_MORE
    assert coda_distance(("S", "T"), ("L",)) == DIFFERENT


def test_words_that_rhyme_come_by_kind_and_use() -> None:
    found = rhymes_with("delight")
    kinds = [each.kind for each in found]
    assert list(dict.fromkeys(kinds))[:1] == ["perfect"]
    assert kinds == sorted(kinds, key=list(dict.fromkeys(kinds)).index), "kinds stand together"
    assert {"night", "height", "write"} <= {each.second for each in found if each.kind == "perfect"}
    two = rhymes_with("delight", kinds=["perfect"], syllables=2, stress="01")
    assert {"tonight", "despite"} <= {each.second for each in two}
    assert all(each.pronunciations and each.pronunciations[1].syllables == 2 for each in two)
    assert rhymes_with("!") == []


def test_a_users_pronunciation_decides_a_rhyme() -> None:
    ear = Ear()
    ear.add("gwyll", "G W IH1 L")
    assert Rhymer(ear).rhyme("gwyll", "hill").kind == "perfect"


def scheme(text: str) -> str:
    return str(rhyme_scheme(text))


def test_schemes_of_stanzas() -> None:
    assert (
        scheme(
            "The kettle sang upon the stove,\nthe cat lay on the chair,\n"
            "my aunt was threading beads and clove\ninto a length of hair."
        )
        == "ABAB"
    )
    assert scheme(
        "I put the lamp outside the door\nand heard the shingle shift.\n"
        "The tide went muttering down the shore\nwith all it had to lift.\n\n"
        "By six the milk was on the step,\nthe lamp had burned away,\n"
        "and what the muttering water kept\nit carried from the bay."
    ) in ("ABABCDCD", "ABABxCxC")


@pytest.mark.parametrize(
    ("ends", "scheme"),
    [
        ("sea tea so know me", "AABBA"),
        ("sun spun run moss done loss", "AAABAB"),
        ("rain deer plain near grain clear stone bone", "ABABABCC"),
        ("rain grain mist plain", "AAxA"),
    ],
)
def test_schemes_of_tradition_are_known(ends: str, scheme: str) -> None:
    """The stanzas learned from hold no limerick and no ottava rima."""
    poem = Poem.from_lines([f"And what they told me was the {end}" for end in ends.split()])
    assert str(rhyme_scheme(poem)) == scheme


def test_rhymes_run_on_through_terza_rima() -> None:
    poem = (
        "We left the wagon standing in the lane\nand walked beside the river until dark.\n"
        "The geese went over, and a little rain\n\n"
        "came down and made no sound upon the bark.\nA farmer with a lantern on a pole\n"
        "was calling to a dog he called the Lark.\n\n"
        "He said the road ahead was one long hole."
    )
    assert scheme(poem) == "ABABCBC"


def test_one_odd_line_does_not_break_a_scheme() -> None:
    poem = (
        "The baker set his loaves to cool,\nthe sexton wound the clock,\n"
        "and Ned came dripping from the pool\nto fit the orange lock."
    )
    assert scheme(poem) == "ABAB"
    assert scheme(poem.replace("pool", "river")) == "xAxA"


def test_links_say_why() -> None:
    found = rhyme_scheme("I counted sheep\nbut did not sleep")
    assert found.letters == ("A", "A")
    assert found.links[0].rhyme.kind == "perfect"
    assert (found.links[0].first, found.links[0].second) == (0, 1)


def test_lines_without_words_rhyme_with_nothing() -> None:
    assert rhyme_scheme(Poem.from_lines(["***", "the sea", "...", "and me"])).letters == (
        None,
        "A",
        None,
        "A",
    )
    assert rhyme_scheme("").letters == ()


def test_letters_go_on_after_z() -> None:
    assert [scheme_letter(number) for number in (0, 25, 26, 53)] == ["A", "Z", "A2", "B3"]
