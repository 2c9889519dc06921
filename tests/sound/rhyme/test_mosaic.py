"""Mosaic rhymes: where they begin, how light words are said, and pairs that everyone hears."""

import pytest

from quatrain.sound import Ear, rhyme_scheme, rhymes
from quatrain.sound.rhyme.endings import ending_of
from quatrain.sound.rhyme.parts import RhymePart


@pytest.fixture(scope="module")
def ear() -> Ear:
    """An ear that knows some invented words, and light words in one pronunciation each."""
    ear = Ear()
    ear.add("zorf", "Z AO1 R F")
    ear.add("belorfin", "B EH2 L AO1 R F IH0 N")
    ear.add("waverling", "W EY1 V L IH0 NG")
    ear.add("waverling", "W AA1 V L IH0 NG")
    ear.add("waverling", "W IY1 V L IH0 NG")
    ear.add("zat", "Z AE1 T")
    ear.add("zass", "Z AE1 S")
    ear.add("hush", "SH")
    ear.add("it", "IH0 T")
    ear.add("of", "AH1 V")
    ear.add("at", "AE1 T")
    ear.add("or", "AO1 R")
    ear.add("her", "HH ER1")
    ear.add("you", "Y UW1")
    return ear


def mosaic(text: str, ear: Ear) -> tuple[RhymePart, ...]:
    ending = ending_of(text, ear)
    assert ending is not None
    return ending.mosaic


def written(part: RhymePart) -> str:
    """Return a part as onset / vowel coda / vowel coda."""
    sounds = [" ".join((vowel, *coda)) for vowel, coda in zip(part.vowels, part.codas, strict=True)]
    return " / ".join([" ".join(part.onset), *sounds])


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("the zorf it", ["Z / AO R F / IH T"]),
        # of the content word, and of the light word before the last
        ("the zorf of it", ["Z / AO R F / AH V / IH T", " / AH V / IH T"]),
        ("of it", [" / AH V / IH T"]),
        ("zorf of of it", [" / AH V / AH V / IH T", " / AH V / IH T"]),  # three words at most
        ("the belorfin of", ["L / AO R F / IH N / AH V"]),
        # in full and weak, of two pronunciations at most
        ("a waverling at", ["W / EY V L / IH NG / AE T", "W / EY V L / IH NG / AH T",
                            "W / AA V L / IH NG / AE T", "W / AA V L / IH NG / AH T"]),
        ("the zorf or", ["Z / AO R F / AO R", "Z / AO R F / ER"]),
        ("zat her", ["Z / AE T / ER"]),  # the h is lost
        ("zat you", ["Z / AE T Y / UW", "Z / AE CH / UW"]),  # t and y become ch
        ("zass you", ["Z / AE S Y / UW", "Z / AE SH / UW"]),
        ("zorf you", ["Z / AO R F Y / UW"]),
    ],
)  # fmt: skip
def test_where_a_mosaic_begins_and_how_it_is_said(line: str, parts: list[str], ear: Ear) -> None:
    assert [written(part) for part in mosaic(line, ear)] == parts


def test_a_light_word_that_others_lean_on_bears_stress(ear: Ear) -> None:
    (part,) = mosaic("it at", ear)[:1]
    assert (str(part.pronunciation), part.stressed) == ("IH1 T AE0 T", True)
    part = mosaic("zorf of it", ear)[0]
    assert str(part.pronunciation) == "Z AO1 R F AH0 V IH0 T"
    assert (part.pronunciation.word, part.pronunciation.source) == ("zorf of it", "user")


@pytest.mark.parametrize("line", ["it", "it zorf", "of zorf", "hush zorf"])
def test_lines_without_a_mosaic(line: str, ear: Ear) -> None:
    assert mosaic(line, ear) == ()


MOSAICS = """
    poet/sew it, poet/below it, planet/man it, granite/ran it, limit/dim it, bonnet/on it
    sonnet/upon it, minute/in it, minute/nothing in it, linnet/begin it, spirit/near it
    credit/said it, rabbit/grab it, habit/stab it, visit/is it, closet/was it, rocket/knock it
    ticket/pick it, market/mark it, bullet/pull it, riot/try it, quiet/buy it, suet/do it
    covet/of it, carrot/bear it, jealous/tell us, famous/name us, bonus/own us, Venus/between us
    mister/kissed her, sister/missed her, daughter/taught her, letter/met her, winner/in her
    wonder/shunned her, shoulder/told her, spider/beside her, fever/leave her, master/passed her
    lover/of her, over/drove her, fire/nigh her, Adam/had 'em, madam/had him, system/kissed him
    system/missed 'em, bottom/got 'em, item/bite him, rhythm/with him, atom/at him, roses/knows his
    issue/kiss you, virtue/hurt you, hiccup/pick up, syrup/stir up, pity/hit he, story/for he
    person/curse on, season/sees on, given/live in, basin/place in, parrot/stare at, data/hate a
    show it/know it, dream of it/theme of it, love me/above me, made 'em/paid 'em
"""


@pytest.mark.parametrize("pair", [pair.strip() for row in MOSAICS.split("\n") if row.strip()
                                  for pair in row.split(",")])  # fmt: skip
def test_one_word_rhymes_with_two(pair: str) -> None:
    first, second = pair.split("/")
    assert rhymes(first, second).kind == "mosaic"
    assert rhymes(second, first).kind == "mosaic"


@pytest.mark.parametrize(
    ("pair", "kind"),
    [
        ("rabbit/visit", "none"),  # the weak vowel is the same, the stressed vowel is not
        ("planet/dim it", "none"),
        ("mister/missed 'im", "none"),
        ("sofa/limit", "none"),
        ("fight it/show it", "identical"),  # the words before do not rhyme, so *it* is the rhyme
        ("sing to me/come to me", "identical"),
        ("habit/rabbit", "perfect"),
        ("rapid/vapid", "perfect"),
    ],
)
def test_pairs_that_are_no_mosaic(pair: str, kind: str) -> None:
    first, second = pair.split("/")
    if kind == "none":
        assert rhymes(first, second).kind not in ("mosaic", "perfect", "rich")
    else:
        assert rhymes(first, second).kind == kind


def test_a_mosaic_names_the_words_that_rhyme() -> None:
    poem = (
        "I never met a seamstress who could really sew it\n"
        "as nicely as the stocking of our village poet.\n"
        "He darned it on the hill, and when the wind was on it\n"
        "he wore it on his head and called it his best bonnet."
    )
    scheme = rhyme_scheme(poem)
    assert str(scheme) == "AABB"
    pairs = [(link.rhyme.first, link.rhyme.second, link.rhyme.kind) for link in scheme.links]
    assert pairs == [("sew it", "poet", "mosaic"), ("on it", "bonnet", "mosaic")]
