"""Verse without rhyme has no letters, a letter asks for a rhyme, a word that returns keeps its own.

All verse here was written for it.
"""

import pytest

from quatrain.records import Poem
from quatrain.sound import rhyme_scheme, rhymes

BLANK = """
    I walked the upper field before the frost
    had left the ruts, and found the gate unlatched,
    a bucket tipped beside it, and the mare
    already halfway down to Miller's bridge,
    her rope behind her like a line of ink.
    My father would have shouted. I went slow,
    and talked of oats, of nothing, as one talks
    to children at the top of a long stair,
    until she turned her head. The water under
    the planks was loud with melting. Then a truck
    came round the bend, its driver half asleep,
    and all of us stood still, as if the morning
    had asked a question none of us had heard:
    the horse, the boy, the farmer in the cab.
    He raised one finger from the wheel and passed.
    I put my hand against her neck. It shook
    as engines do when they have just been stopped.
    We took the long way home, along the hedge,
    where every thorn was carrying its drop,
    and neither of us hurried, though the sun
    was on the slates by then, and in the yard
    I saw my father counting, with his lips,
    the animals, and coming to the end.
    He did not ask me where the two had been.
"""

LINES = [line.strip() for line in BLANK.strip().split("\n")]


def cut(lines: list[str], length: int) -> Poem:
    stanzas = [lines[start : start + length] for start in range(0, len(lines), length)]
    return Poem.from_text("\n\n".join("\n".join(stanza) for stanza in stanzas))


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 6, 8, 12, 24])
def test_blank_verse_has_no_scheme_however_it_is_cut(length: int) -> None:
    assert set(str(rhyme_scheme(cut(LINES, length)))) == {"x"}


@pytest.mark.parametrize("length", [2, 3, 4, 6])
def test_a_stanza_of_blank_verse_alone_has_no_scheme(length: int) -> None:
    starts = range(0, len(LINES), length)
    alone = [str(rhyme_scheme("\n".join(LINES[start : start + length]))) for start in starts]
    assert set("".join(alone)) == {"x"}


def test_a_chance_rhyme_in_blank_verse_is_none() -> None:
    lines = [*LINES[:4], *LINES[4:6], "and found her standing in the early snow.", *LINES[7:]]
    assert rhymes("slow", "snow").kind == "perfect"
    for length in (3, 4, 24):
        assert set(str(rhyme_scheme(cut(lines, length)))) == {"x"}


def test_a_song_in_blank_verse_keeps_its_letters() -> None:
    song = [
        "The kettle sang upon the stove,", "the cat lay on the chair,",
        "my aunt was threading beads and clove", "into a length of hair.",
    ]  # fmt: skip
    assert str(rhyme_scheme(cut([*LINES[:8], *song, *LINES[8:16]], 4))) == (
        "xxxxxxxx" + "ABAB" + "xxxxxxxx"
    )


def test_prose_and_lists_have_no_scheme() -> None:
    prose = (
        "The office opens at nine and closes\nwhen the last visitor has signed the book.\n"
        "Bring two forms of identity and a pen,\nfor ours are chained to the desk and dry.\n\n"
        "Parking is behind the swimming pool.\nThe lift does not serve the second floor.\n"
        "Questions should be put in writing\nto the address on the back of this card."
    )
    assert set(str(rhyme_scheme(prose))) == {"x"}
    assert set(str(rhyme_scheme("two eggs\nhalf a pound of butter\nsome flour\nsalt"))) == {"x"}


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("the lamp was lit\nand there we sit", "AA"),
        ("I closed the book and tore the page,\nthen opened it to let in wind", "xx"),
        ("We left the town\nby the old gate", "xx"),
    ],
)
def test_a_couplet_alone_asks_for_a_rhyme(text: str, scheme: str) -> None:
    assert str(rhyme_scheme(text)) == scheme


def test_the_shape_of_a_stanza_joins_no_two_words_without_a_common_sound() -> None:
    sestet = (
        "The pedlar came at evening with his tray\nof ribbons, needles, combs of yellow bone,\n"
        "and when he left he carried off the day\nand left my mother at the door alone.\n"
        "She wrote his name across a printed page\nand gave it, piece by piece, to the cold wind."
    )
    assert rhymes("page", "wind").kind == "none"
    assert str(rhyme_scheme(sestet)) == "ABABxx"
    assert str(rhyme_scheme(sestet.replace("the cold wind", "her old age"))) == "ABABCC"
    assert str(rhyme_scheme(sestet.replace("the cold wind", "the blue ledge"))) == "ABABCC"


def test_every_letter_is_a_rhyme_that_has_a_name() -> None:
    poem = cut(
        [
            "The baker set his loaves to cool,", "the sexton wound the clock,",
            "and Ned came dripping from the river", "to fit the orange lock.",
            "The miller had a crooked gate,", "the parson had a wall,",
            "and no one ever stayed for supper", "or ever came at all.",
        ],
        4,
    )  # fmt: skip
    scheme = rhyme_scheme(poem)
    assert str(scheme) == "xAxAxBxB"
    assert all(link.rhyme.kind != "none" for link in scheme.links)


def test_a_word_that_returns_has_one_letter() -> None:
    """In a stanza of no known shape, however far apart, also in a later stanza."""
    peal = """
        Hear the market and its bells,
        copper bells!
        what a deal of bread and cheese and wool it sells!
        How the farmers push and shout
        as the sheep are driven out
        and a dog that no one owns
        runs between the legs for bones
        till the seller of the shells
        shouts him down below the bells,
        bells, bells,
        till the street is only bells.
    """
    late = """
        Now the market folds its stands
        and the women wash their hands
        and the moon comes up alone
        white as chalk and old as stone.
        Not a wagon, not a shout:
        all the little lamps are out,
        and the dog goes home and tells
        no one what became of bells,
        bells, bells,
        of the silence of the bells.
    """
    letters = [str(rhyme_scheme(text)) for text in (peal, late)]
    both = str(rhyme_scheme(peal.rstrip() + "\n\n" + late.lstrip("\n")))
    ends = [line.split()[-1].strip(",.!;:") for text in (peal, late)
            for line in text.split("\n") if line.strip()]  # fmt: skip
    assert {letter for letter, end in zip(both, ends, strict=True) if end == "bells"} == {"A"}
    assert letters[0] == "AAABBCCAAAA"


def test_couplets_that_share_a_word_stay_two_rhymes() -> None:
    """The form says otherwise: each couplet is a rhyme of its own."""
    poem = (
        "We saw the ferry leave the bay\nand carry half the town away.\n"
        "The rest of us went home to bed\nand lay awake with this instead:\n"
        "a wheel, a rope, a line of foam,\nand someone waving us back home.\n"
        "They said that it would come again.\nIt never said exactly when.\n"
        "I went each week to watch the bay\nand threw my penny far away."
    )
    assert str(rhyme_scheme(poem)) == "AABBCCDDEE"


def test_a_word_that_returns_in_the_next_stanza_goes_on() -> None:
    poem = (
        "The tide came in across the floor.\nWe put the children on the bed\n"
        "and did not open any door\nuntil the youngest raised her head.\n\n"
        "The tide went out across the floor.\nWe found a crab beneath the chair,\n"
        "a boot that no one ever wore,\nand seaweed in my sister's hair."
    )
    assert str(rhyme_scheme(poem)) == "ABABACAC"


def test_unrhymed_lines_of_a_ballad_may_end_in_the_same_word() -> None:
    """Far apart they are no rhyme: x rhymes with none."""
    lines = [
        line
        for light, person in [
            ("moon", "baker"),
            ("gull", "sexton"),
            ("mist", "doctor"),
            ("moon", "carter"),
        ]
        for line in (
            f"Out there I saw the {light}",
            "and we were in the lane",
            f"and no one told the {person}",
            "it would be home again",
        )
    ]
    letters = str(rhyme_scheme(cut(lines, 4)))
    assert letters[0] == letters[12] == "x"


def test_weak_rhymes_in_the_same_place_make_a_scheme() -> None:
    """Once they may be chance; a shape that returns is none."""
    stanzas = [
        ["The ferry left without a sound.", "The gulls went up to see.",
         "A woman on the landing stage", "held out the melody"],
        ["that someone whistled on the deck", "until they left the well.",
         "She held it in her open hands", "and would not close them till"],
        ["the harbour was an empty field", "beneath a line of stone,",
         "and nothing in it moved or spoke", "except the middle sun."],
        ["I keep her glove. I keep the tune", "she carried from the road.",
         "The rest is in the pilot's book", "and in the care of God."],
    ]  # fmt: skip
    weak = [rhymes(stanza[1].split()[-1], stanza[3].split()[-1]) for stanza in stanzas]
    assert max(rhyme.probability for rhyme in weak) < 0.96
    alone = [str(rhyme_scheme("\n".join(stanza))) for stanza in stanzas]
    assert alone.count("xxxx") >= 2
    whole = str(rhyme_scheme("\n\n".join("\n".join(stanza) for stanza in stanzas)))
    assert whole[:8] == "xAxAxBxB"
