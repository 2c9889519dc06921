"""The endings of words and lines, taken apart; pronunciations are given where they matter."""

import pytest

from quatrain.sound import Ear
from quatrain.sound.rhyme.endings import Ending, ending_of, spelled_ending
from quatrain.sound.rhyme.parts import RhymePart


@pytest.fixture(scope="module")
def ear() -> Ear:
    """An ear that knows some invented words, in one pronunciation or several."""
    ear = Ear()
    ear.add("zorf", "Z AO1 R F")
    ear.add("belorfin", "B EH2 L AO1 R F IH0 N")
    ear.add("twolorf", "T UW1 L AO2 R F")
    ear.add("waverling", "W EY1 V L IH0 NG")
    ear.add("waverling", "W AA1 V L IH0 NG")
    ear.add("waverling", "W IY1 V L IH0 NG")
    ear.add("weakorf", "W AH0 K AO0 R F")
    ear.add("hush", "SH")
    ear.add("it", "IH1 T")
    ear.add("it", "IH0 T")
    ear.add("of", "AH1 V")
    ear.add("at", "AE1 T")
    return ear


def ending(text: str, ear: Ear) -> Ending:
    found = ending_of(text, ear)
    assert found is not None
    return found


def written(part: RhymePart) -> str:
    """Return a part as onset / vowel coda / vowel coda, and a `!` if it is stressed."""
    sounds = [" ".join((vowel, *coda)) for vowel, coda in zip(part.vowels, part.codas, strict=True)]
    return " / ".join([" ".join(part.onset), *sounds]) + ("!" if part.stressed else "")


@pytest.mark.parametrize(
    ("word", "full", "last"),
    [
        ("zorf", ["Z / AO R F!"], []),
        ("belorfin", ["L / AO R F / IH N!"], ["R F / IH N"]),
        ("twolorf", ["L / AO R F!"], ["L / AO R F!"]),  # a secondary stress counts
        ("weakorf", ["K / AO R F"], ["K / AO R F"]),  # without any stress, the last vowel
        ("waverling", ["W / EY V L / IH NG!", "W / AA V L / IH NG!", "W / IY V L / IH NG!"],
         ["V L / IH NG"]),  # the last vowels sound alike: one part
    ],
)  # fmt: skip
def test_parts_of_a_word(word: str, full: list[str], last: list[str], ear: Ear) -> None:
    parts = ending(word, ear)
    assert [written(each) for each in parts.full] == full
    assert [written(each) for each in parts.last] == last
    assert parts.mosaic == ()
    assert parts.word == word


def test_nothing_that_can_be_pronounced_has_no_ending(ear: Ear) -> None:
    assert ending_of("!!!", ear) is None
    assert ending_of("", ear) is None
    assert ending_of("hush", ear) is None, "it has no vowel"


def test_only_the_end_of_a_long_line_is_looked_at(ear: Ear) -> None:
    reach = 120
    spaces = reach - len("zorf") - len("it")
    assert ending("zorf" + " " * spaces + "it", ear).mosaic
    assert not ending("zorf" + " " * (spaces + 1) + "it", ear).mosaic
    assert ending("zorf " * 200, ear).word == "zorf"


@pytest.mark.parametrize(
    ("word", "letters"),
    [
        ("love", "ove"),
        ("stone", "one"),
        ("night", "ight"),
        ("sea", "ea"),
        ("sky", "y"),
        ("pleasure", "ure"),
        ("ends", "ends"),
        ("don't", "ont"),
        ("hmm", "mm"),
        ("e", "e"),
    ],
)
def test_letters_from_the_last_written_vowel_on(word: str, letters: str) -> None:
    assert spelled_ending(word) == letters
