"""What holds a digit or a sign is said in words, and nothing of a line is silent untold."""

import pytest

from quatrain.sound import Ear, pronounce, words
from quatrain.sound.pronunciation.quantities import read_out
from quatrain.sound.pronunciation.tokenizer import unspoken


@pytest.mark.parametrize(
    ("quantity", "first"),
    [
        ("1870s", "eighteen seventies"),
        ("1870's", "eighteen seventies"),
        ("80s", "eighties"),
        ("100s", "hundreds"),
        ("4pm", "four p.m."),
        ("7ft", "seven feet"),
        ("1ft", "one foot"),
        ("3km", "three kilometers"),
        ("h2o", "h. two o."),
        ("b12", "b. twelve"),
        ("covid19", "covid nineteen"),
        ("3x3", "three by three"),
        ("24/7", "twenty four seven"),
        ("1/2", "one half"),
        ("3/4", "three quarters"),
        ("1½", "one and a half"),
        ("¾", "three quarters"),
        ("9-5", "nine to five"),
        ("50-50", "fifty fifty"),
        ("1914-18", "nineteen fourteen to eighteen"),
        ("555-0142", "five five five oh one four two"),
        ("2,000,000", "two million"),
        ("-7", "minus seven"),
        ("3.5", "three point five"),
        (".5", "point five"),
        ("$1", "one dollar"),
        ("$7", "seven dollars"),
        ("£5.50", "five pounds fifty"),
        ("$2 million", "two million dollars"),
        ("€3m", "three million euros"),
        ("20¢", "twenty cents"),
        ("60%", "sixty percent"),
        ("60 %", "sixty percent"),
        ("30°c", "thirty degrees celsius"),
        ("#1", "number one"),
        ("6'2\"", "six foot two"),
        ("10:30", "ten thirty"),
        ("9:05", "nine oh five"),
        ("2:00", "two o'clock"),
        ("2:1", "two to one"),
        ("3:00pm", "three p.m."),
        ("007", "oh oh seven"),
        ("1066", "ten sixty six"),
        ("2024", "twenty twenty four"),
        ("2005", "two thousand five"),
        ("1,817", "one thousand eight hundred seventeen"),
        ("10/12/2020", "ten twelve twenty twenty"),
        ("x²", "x. squared"),
        ("co₂", "c.o. two"),
        ("①", "one"),
        ("Ⅳ", "four"),
        ("௰", "ten"),
        ("༳", "minus zero point five"),
    ],
)
def test_quantities_are_read_as_one_says_them(quantity: str, first: str) -> None:
    assert " ".join(read_out(quantity)[0]) == first
    assert pronounce(quantity)[0].syllables > 0


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("1940s", 4), ("4pm", 3), ("$5", 3), ("60%", 4), ("&", 1), ("½", 2), ("3D", 2), ("°", 2)],
)
def test_quantities_have_the_syllables_of_their_words(word: str, syllables: int) -> None:
    assert pronounce(word)[0].syllables == syllables


def test_other_readings_follow_the_likeliest() -> None:
    assert [" ".join(way) for way in read_out("½")] == ["one half", "a half", "half"]
    assert [" ".join(way) for way in read_out("2d")] == ["two d.", "second"]


@pytest.mark.parametrize(
    ("line", "spoken"),
    [
        ("bread & wine @ noon", "bread|and|wine|at|noon"),
        ("2 + 2 = 4", "2|plus|2|equals|4"),
        ("It cost $5.50, or 60% off.", "it|cost|$5.50|or|60%|off"),
        ("the '80s at -3°", "the|80s|at|-3°"),
        ("R&D and Q&A", "r.|and|d.|and|q.|and|a."),
        ("bread, cheese, &c.", "bread|cheese|et cetera"),
        ("w/ you, w/o me", "with|you|without|me"),
        ("#sea and C#", "hashtag|sea|and|c|sharp"),
        ("write me@home.com", "write|me|at|home|dot|com"),
        ("a 20-year-old oar", "a|20|year|old|oar"),
        ("1-2-3, 9-5", "1|2|3|9-5"),
    ],
)
def test_signs_of_a_line_are_said(line: str, spoken: str) -> None:
    assert "|".join(word.spoken for word in words(line)) == spoken


@pytest.mark.parametrize(
    ("line", "silent"),
    [
        ("the sea → the shore 🌊", "→🌊"),
        ("I <3 you", "<3"),
        ("# Harbour", "#"),
        ("= = =", "==="),
        ("an oar¹ and a moon²", "¹²"),
        ("the parget,$ and the ceiling.%", "$%"),
        ("The oar, the “moon” -- and (all)!", ""),
    ],
)
def test_what_is_not_said_is_told(line: str, silent: str) -> None:
    assert "".join(unspoken(line)) == silent


def test_a_users_entry_for_a_quantity_comes_first() -> None:
    ear = Ear()
    ear.add("42nd", "Z EH1 N ER0")
    assert str(ear.pronounce("42nd")[0]) == "Z EH1 N ER0"
