"""The metre automaton against patterns worked out by hand."""

import random

import pytest

from quatrain.form.metre.automaton import MetreAutomaton
from quatrain.form.metre.reader import MetreReader
from quatrain.form.metre.strength import Pattern, Strength, strengths
from quatrain.records import Pronunciation
from quatrain.sound import Ear

EAR = Ear()
READER = MetreReader(EAR)
IAMBIC = MetreAutomaton("iambic", 5, frozenset({"inversion", "feminine", "pyrrhic"}))


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("The harbour lamps are lit along the quay", True),
        ("Under the bridge the water turns to glass", True),  # inversion at the start
        ("He waits; under the bridge the water turns", True),  # inversion after a pause
        ("He waits under the bridge till water turns", False),  # inversion without one
        ("The harbour lamps are lit along the river", True),  # feminine ending
        ("The harbour lamps are lit along the rivers of it", False),
        ("The machine hums and nobody is there", False),  # machine stressed in a weak place
        ("The lamps are lit", False),
        ("and heaven bends above the garden wall", True),  # heaven of two syllables
        ("and heaven bends its lamps above the garden wall", False),
        ("and th' eternal water has begun to fall", False),
    ],
)
def test_iambic_pentameter(line: str, kept: bool) -> None:
    reading = READER.read(line, IAMBIC)
    assert bool(not reading.breaches) == kept, reading


def test_the_reading_says_its_stresses_and_licences() -> None:
    reading = READER.read("Under the bridge the water turns to glass", IAMBIC)
    assert reading.stress == "+--+-+-+-+"
    assert reading.licences == ("trochaic inversion",)
    feminine = READER.read("The harbour lamps are lit along the river", IAMBIC)
    assert feminine.stress == "-+-+-+-+-+-"
    assert feminine.licences == ("feminine ending",)


@pytest.mark.parametrize(
    ("foot", "feet", "allowed", "line"),
    [
        ("trochaic", 4, {"catalectic"}, "Silver fishes cross the pool"),
        ("trochaic", 4, set(), "Silver fishes cross the water"),
        ("anapaestic", 3, set(), "In the middle of August it snowed"),
        ("anapaestic", 3, {"headless"}, "A tuba was left on a train"),
        ("dactylic", 2, set(), "Carefully carpeted"),
        ("amphibrachic", 3, set(), "The garden was covered with snowing"),
    ],
)
def test_other_feet(foot: str, feet: int, allowed: set[str], line: str) -> None:
    assert not READER.read(line, MetreAutomaton(foot, feet, frozenset(allowed))).breaches


def said(phonemes: str) -> Pronunciation:
    return Pronunciation("word", tuple(phonemes.split()), "user")


def test_what_syllables_bring_to_a_metre() -> None:
    beauty, memory = said("B Y UW1 T IY0"), said("M EH1 M ER0 IY0")
    assert strengths("beauty", beauty) == (Strength.PRIMARY, Strength.LEANING)
    assert strengths("memory", memory) == (Strength.PRIMARY, Strength.LEANING, Strength.FREE)
    assert strengths("the", said("DH AH0")) == (Strength.ARTICLE,)
    assert strengths("oar", said("AO1 R")) == (Strength.SINGLE,)
    outside = said("AW1 T S AY1 D")
    assert strengths("outside", outside) == (Strength.SECONDARY, Strength.SECONDARY)


def test_every_path_that_is_accepted_has_the_syllables_of_its_template() -> None:
    plain = MetreAutomaton("iambic", 5)
    state = next(iter(plain.start))
    for place in range(10):
        assert not plain.accepts(state)
        strength = Strength.LEANING if place % 2 == 0 else Strength.PRIMARY
        ((state, mark, cost, name),) = plain.after(state, strength, begins=True, pause=False)
        assert (mark, cost, name) == ("-+"[place % 2], 0, "")
    assert plain.accepts(state)
    assert plain.after(state, Strength.SINGLE, begins=True, pause=False) == []


def accepts(metre: MetreAutomaton, line: list[tuple[Pattern, bool]]) -> bool:
    """Return whether words, each with whether a pause stands before it, make a line."""
    states = set(metre.start)
    for pattern, pause in line:
        states = {
            step.to for state in states for step in metre.after_word(state, pattern, pause=pause)
        }
    return any(map(metre.accepts, states))


@pytest.mark.slow
def test_the_tables_say_what_the_automaton_says() -> None:
    metres = [
        IAMBIC,
        MetreAutomaton("anapaestic", 3, frozenset({"headless", "feminine", "iamb"})),
        MetreAutomaton("trochaic", 4, frozenset({"catalectic", "anapaest"})),
    ]
    patterns = [
        strengths(word, EAR.pronounce(word)[0])
        for word in ("the", "stone", "garden", "delight", "memory", "of", "untidy")
    ]
    draw = random.Random(7)
    kept = 0
    for metre in metres:
        tables = metre.tables()
        for _ in range(2000):
            line = [(draw.choice(patterns), draw.random() < 0.3) for _ in range(6)]
            reached = tables.start
            for pattern, pause in line:
                reached = reached @ tables.word(pattern, pause=pause)
            accepted = accepts(metre, line)
            kept += accepted
            assert bool((reached & tables.accepting).any()) == accepted
    assert kept > 20


def test_the_tables_know_how_far_a_line_has_to_go() -> None:
    tables = IAMBIC.tables()
    assert tables.lasts[list(IAMBIC.start)].tolist() == [10]
    assert (tables.lasts[tables.accepting] == 0).all()


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("The harbour lamps are lit along with all of it", False),
        ("I give my grandmother the bread to taste of it", False),
        ("He gave the morning's bread and some with jam in", True),  # a light word may close it
        ("He gave the morning's bread and some with jam stones", False),  # stones may not
        ("And many a morning I have seen the sea", True),  # many elided
        ("I came on unknown water in the hills", True),  # unknown gives way before a stress
    ],
)
def test_light_words_elision_and_the_rhythm_rule(line: str, kept: bool) -> None:
    assert bool(not READER.read(line, IAMBIC).breaches) == kept


PENTAMETER = MetreAutomaton("iambic", 5, frozenset({"inversion", "feminine", "pyrrhic"}))


@pytest.mark.parametrize(
    "line",
    [
        "I stand at the foot of the men all gone",
        "The dog at the gate of the house was old",
        "We sat on the wall in the sun and sang",
        "He looks at the clock on the wall and waits",
        "I walk in the light of the moon at noon",
        "A man with a hat and a cane walked by",
        "She rode on a horse to the end of day",
        "He sang to the moon and he danced with stars",
        "The dog at the gate she had left was old",
        "The girl with the rose in her hair stood still",
        "We came to the town where he used to live",
    ],
)
def test_four_beats_are_no_pentameter_whatever_is_licensed(line: str) -> None:
    reading = READER.read(line, PENTAMETER)
    assert reading.breaches, reading.stress


@pytest.mark.parametrize(
    "line",
    [
        "The water of the river in the town",
        "And in the dark wet garden of the house",  # a pyrrhic before two stresses
        "I never knew them strong in the belief",  # a third light syllable, in a longer word
        "And every other thing that she put in",  # the line's end
        "I see the boat, and if I lose you, go",  # a pronoun after a verb
        "The little lamp that nobody put out",
        "Under the bridge the water turns to glass",
        "He is not here, and we are not at home",  # not, here: said with a stress or without
    ],
)
def test_the_beats_of_pentameter_are_heard(line: str) -> None:
    reading = READER.read(line, PENTAMETER)
    assert not reading.breaches, reading.breaches


def test_what_makes_a_beat_too_light_is_said() -> None:
    (breach, *_) = READER.read("We came to the town where he used to live", PENTAMETER).breaches
    assert "is stressed where the metre has a stressed" not in breach
    (breach, *_) = READER.read("We stand at my foot of the men all gone", PENTAMETER).breaches
    assert "is lighter than the syllable before it, but stands where the metre has a beat" in breach
