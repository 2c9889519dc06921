"""Verse scanned: lines checked by hand, poems that decide, bad input.

All verse here was written for these tests.
"""

import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.corpus import read
from quatrain.records import Poem, Scansion
from quatrain.sound import Ear, Scanner, scan, scan_many
from quatrain.sound.scansion.feet import divide_into_feet

SONNET = next(poem for poem in read("anthology").poems if poem.form == "shakespearean-sonnet")
BALLAD = next(poem for poem in read("anthology").poems if poem.form == "ballad")
LIMERICK = next(poem for poem in read("anthology").poems if poem.form == "limerick")


def test_a_sonnet_is_iambic_pentameter() -> None:
    found = scan(SONNET)
    assert str(found.metre) == "iambic pentameter"
    assert found.confidence > 0.95
    assert found.regularity > 0.9
    assert all(len(line.stress) == len(line.beats) >= 9 for line in found.lines)


def test_a_ballad_has_four_beats_and_three_in_turn() -> None:
    found = scan(BALLAD)
    assert found.metre.foot == "iambic"
    assert found.metre.feet == (4, 3)
    assert str(found.metre) == "iambic tetrameter and trimeter"


def test_a_limerick_has_feet_of_three() -> None:
    assert scan(LIMERICK).metre.foot in ("anapaestic", "amphibrachic")


def test_falling_lines_are_trochaic() -> None:
    found = scan(
        "Silver fishes cross the water,\nnothing in the garden moves.\n"
        "Down the lane the miller's daughter\nleads a horse with muffled hooves."
    )
    assert str(found.metre) == "trochaic tetrameter"
    assert [line.stress[0] for line in found.lines] == ["+", "+", "+", "+"]


@pytest.mark.parametrize(
    ("line", "stress", "variation"),
    [
        ("The harbour lamps are lit along the quay", "-+-+-+-+-+", None),
        ("and watched the water climb the apple trees", "-+-+-+-+-+", None),
        ("Under the bridge the water turns to glass", "+--+-+-+-+", "trochaic inversion (foot 1)"),
        ("The harbour lamps are lit along the river", "-+-+-+-+-+-", "feminine ending (foot 5)"),
    ],
)
def test_lines_scanned_by_hand(line: str, stress: str, variation: str | None) -> None:
    (found,) = scan(line).lines
    assert found.stress == stress
    names = [str(each) for each in found.variations]
    assert names == ([variation] if variation else [])


@pytest.mark.parametrize(
    ("kind", "beats", "foot", "feet", "variations"),
    [
        ("double", "-+-+-+", "iambic", ("-+", "-+", "-+"), []),
        ("double", "+-+-+", "trochaic", ("+-", "+-", "+"), ["catalectic (foot 3)"]),
        ("double", "-+--+-+", "iambic", ("-+", "--+", "-+"), ["anapaestic substitution (foot 2)"]),
        ("triple", "--+--+", "anapaestic", ("--+", "--+"), []),
        ("triple", "-+--+", "anapaestic", ("-+", "--+"), ["headless (foot 1)"]),
        ("triple", "+--+-", "dactylic", ("+--", "+-"), ["catalectic (foot 2)"]),
        ("triple", "-+--+-", "amphibrachic", ("-+-", "-+-"), []),
    ],
)
def test_feet_and_their_names(
    kind: str, beats: str, foot: str, feet: tuple[str, ...], variations: list[str]
) -> None:
    metre, line_feet, line_variations = divide_into_feet(kind, beats, beats)
    assert (metre.foot, metre.feet) == (foot, (beats.count("+"),))
    assert line_feet == feet
    assert [str(variation) for variation in line_variations] == variations


def test_the_poem_decides_where_a_line_has_its_beats() -> None:
    line = "The evening light is falling on the quay"
    lamps = "The harbour lamps are lit along the quay"
    falling = "Silver fishes cross the harbour water"
    assert scan("\n".join([lamps] * 6 + [line])).lines[-1].beats == "-+-+-+-+-+"
    weak = "In the middle of the silver harbour"
    assert scan("\n".join([falling] * 6 + [weak])).lines[-1].beats == "+-+-+-+-+-"


STRICT = """
    The mill is shut, the weir is dry,
    The miller's sons are gone to sea;
    No cart goes up, no cart goes by,
    And every door has lost its key.
    The wheel that was the valley's pride
    Hangs rotting in the autumn air,
    And what the water used to hide
    Lies open to the sky, and bare.
    I know the rent, I know the date
    On which the house is to be sold;
    And every traveller comes too late,
    The slippery stones are green and cold.
""".strip().splitlines()


def test_a_strict_poem_elides_what_a_line_by_itself_would_sound() -> None:
    """*ev'ry trav'ler, slipp'ry*: eight syllables in a poem of eight, more by themselves."""
    for alone, together in zip(STRICT[-2:], scan(Poem.from_lines(STRICT)).lines[-2:], strict=True):
        assert len(scan(alone).lines[0].stress) > 8, alone
        assert together.stress == "-+-+-+-+"


def test_two_beats_do_not_meet_inside_a_phrase() -> None:
    """Not *THERE was an OLD CLERK*, which weighed alike before a clash had its own weight."""
    for line in ("There was an old clerk of Dundee", "There was an old man with a drum"):
        assert scan(line).lines[0].beats == "-+--+--+"


@pytest.mark.parametrize(
    "line",
    [
        "We came to the end of the road at last",
        "I sat on the sill of the barn with Joan",
        "And the snow on the roof was as high as a wall",
        "She whistled a tune that was older than rain",
    ],
)
def test_a_rising_line_ends_on_its_last_stress(line: str) -> None:
    """Only dactylic verse was scanned with stressed words unstressed at the end."""
    assert scan(line).lines[0].stress.endswith("-+")


TROCHEES = """
    Over hill and over hollow,
    Through the bracken, past the willow,
    Where the river bends we follow,
    With the moss to be our pillow.
    Never ask us where we slumber,
    In the stars we find our lodging,
    Nights and mornings without number,
    From the towns and tollgates dodging.
""".strip().splitlines()


def test_a_falling_poem_stresses_how_its_lines_begin() -> None:
    found = scan(Poem.from_lines(TROCHEES)).lines
    assert all(line.beats.startswith("+") for line in found)
    assert found[1].stress.startswith("+-+")
    assert found[3].stress.startswith("+-+")


HEXAMETERS = """
    Over the roofs of the harbour the gulls in the morning were calling,
    Down on the stones of the quay lay the nets and the baskets of willow,
    Women with knives in their hands and the silver of scales on their aprons
    Sang of the men that were gone in the grey of the dawn to the sandbanks;
    Ropes and anchors lay there with the dust of the summer upon them,
    Under the wall of the church there were fields of flax and of barley.
""".strip().splitlines()


def test_a_line_has_as_many_beats_as_the_others_of_its_poem() -> None:
    found = scan(Poem.from_lines(HEXAMETERS))
    assert [line.beats.count("+") for line in found.lines] == [6] * 6
    assert str(found.metre) == "dactylic hexameter"


def plain(found: Scansion) -> list[tuple[str, str]]:
    return [(line.stress, line.beats) for line in found.lines]


def test_many_poems_are_scanned_as_one_by_one() -> None:
    poems = [*read("anthology").poems[:12], Poem.from_lines([]), Poem.from_lines(["***", "a moon"])]
    together = list(scan_many(poems))
    assert [each.poem for each in together] == poems
    assert [plain(each) for each in together] == [plain(scan(poem)) for poem in poems]
    assert all(line.margin is None for each in together for line in each.lines)
    assert all((line.margin or 0) >= 0 for line in scan(poems[0]).lines)


def test_every_syllable_has_its_vowel_in_the_line() -> None:
    for line in scan(SONNET).lines:
        places = line.vowel_positions
        assert len(places) == len(line.stress)
        assert places == sorted(set(places))
        assert all(line.text[place].lower() in "aeiouy" for place in places)


def test_guessed_words_are_named() -> None:
    (line,) = scan("The brindlequort is out along the quay").lines
    assert line.guessed == ("brindlequort",)


def test_a_users_entry_changes_the_scansion() -> None:
    ear = Ear()
    ear.add("quay", "K EY1 AH0")
    (line,) = Scanner(ear).scan(Poem.from_lines(["The lamps are lit along the quay"])).lines
    assert len(line.stress) == 9


PROSE = (
    "The committee met on Tuesday to consider the report on drainage that had been submitted by "
    "the surveyor, and adjourned without a decision because the chairman had a cold and the "
    "secretary had mislaid the key to the cupboard in which the maps of the district were kept."
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "!!! ...",
        "😀😀",
        "寂寞\n雨",
        "Москва\nслезам",
        "12345 67890",
        "zzxqv bbrrt ggfth",
        PROSE,
        "a" * 100_000,
        "the moon " * 11_000,
        "\x00\x07 the \u202e moon",
    ],
    ids=range(12),
)
def test_what_is_no_verse_is_answered(text: str) -> None:
    found = scan(text)
    assert len(found.lines) == len(found.poem.lines)
    assert all(len(line.stress) == len(line.beats) for line in found.lines)
    assert all(len(line.vowel_positions) == len(line.stress) for line in found.lines)
    assert all(line.text in str(line) for line in found.lines)
    assert found.summary in str(found)


def test_a_line_too_long_to_be_verse_is_counted() -> None:
    quay = "The harbour lamps are lit along the quay"
    found = scan("\n".join([quay, PROSE, "* * *", quay]))
    assert [line.is_scanned for line in found.lines] == [True, False, False, True]
    assert found.lines_left_out == 1, "a line without a word is not too long"
    assert found.lines[1].marks == ""
    assert found.summary.endswith("; 1 line is too long to be verse, and not scanned")
    assert scan("\n".join([PROSE] * 2)).summary == (
        "none; 2 lines are too long to be verse, and not scanned"
    )


def test_a_line_of_no_beat_has_no_metre() -> None:
    found = scan("the\n\na")
    assert [(line.beats, str(line.metre), line.variations) for line in found.lines] == [
        ("-", "none", ()),
        ("-", "none", ()),
    ]
    assert str(found.metre) == "none"


def test_prose_has_no_metre() -> None:
    long = Poem.from_lines([PROSE] * 3)
    assert scan(long).metre.foot in ("", "free")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_answered(lines: list[str]) -> None:
    poem = Poem.from_lines(lines)
    found = scan(poem)
    assert [line.text for line in found.lines] == [line.text for line in poem.lines]
    assert set("".join(line.stress + line.beats for line in found.lines)) <= set("-+")


@pytest.mark.parametrize("wanted", [True, False])
def test_the_search_for_cycles_is_left_as_it_was(wanted: bool) -> None:
    poems = [Poem.from_lines(["The lamp is low, the kettle sings,"])] * 600
    was = gc.isenabled()
    try:
        (gc.enable if wanted else gc.disable)()
        for number, _ in enumerate(Scanner().scan_many(poems)):
            assert gc.isenabled() == wanted
            if number == 300:
                break
        assert gc.isenabled() == wanted
        with pytest.raises(AttributeError):
            list(Scanner().scan_many([None]))  # type: ignore[list-item]
        assert gc.isenabled() == wanted
    finally:
        (gc.enable if was else gc.disable)()
