"""Words stressed by their part of speech, in lines by themselves.

All lines were written for these tests.
"""

import pytest

from quatrain.sound import scan
from quatrain.sound.pronunciation.ear import default
from quatrain.sound.scansion.features import OTHER_PART
from quatrain.sound.scansion.heteronyms import Heteronym, heteronyms, part_in_line
from quatrain.sound.scansion.parts_of_speech import PartOfSpeech

NOUN, VERB, ADJECTIVE, NONE = (
    PartOfSpeech.NOUN,
    PartOfSpeech.VERB,
    PartOfSpeech.ADJECTIVE,
    PartOfSpeech.NONE,
)

LINES = """
They set the *RECORD on the table there
I will *reCORD the evening in a book
The *REBELS sang until the morning came
The rebels will *reBEL against the king
The *PRESENT that they gave me was a shell
He will *preSENT the medal at the gate
An *OBJECT on the table caught the light
The neighbours may *obJECT to all the noise
The *DESERT has no water and no shade
They would *deSERT the village in the night
I would not *deSERT a friend in such a storm
The *PRODUCE in the market smelled of earth
The fields *proDUCE a little wheat and rye
Her *CONDUCT was the talk of all the town
He could *conDUCT the music in his sleep
They cannot *conDUCT electric current here
The *PERMIT in my pocket had expired
They won't *perMIT the children in the hall
The *INSULT was forgotten in a week
Don't *inSULT the baker or his bread
The *CONTEST was decided in the rain
The *CONTENT of the letter was a lie
I am *conTENT to sit beside the fire
The metals will *conTRACT when it is cold
A *CONVICT hid his face behind his hands
The jury will *conVICT him in an hour
The ticket was *inVALID, and she wept
The *INVALID was carried to the porch
He will *reFUSE the money and the house
The *TRANSPORT of the prisoners was slow
The *INCREASE of the river frightened us
Let us *inCREASE the measure of the flour
I'll *esCORT the ladies to the door
They *subJECT the tired horses to the whip
The dentist will *exTRACT it in the spring
He'd *reCORD the robin and the wren
""".strip().splitlines()


@pytest.mark.parametrize("line", LINES)
def test_a_word_is_stressed_as_its_neighbours_ask(line: str) -> None:
    """The starred word is stressed where it is in capitals."""
    marked = next(word for word in line.split() if word.startswith("*")).strip("*,")
    scanned = scan(line.replace("*", "").capitalize()).lines[0]
    (stress,) = (
        said.stress for text, _, _, said in scanned.words if text.lower() == marked.lower()
    )
    assert (stress.find("1") == 0) == marked[0].isupper(), scanned.stress
    assert OTHER_PART not in [variation.name for variation in scanned.variations]


@pytest.mark.parametrize(
    ("line", "word", "part"),
    [
        ("the old record is broken", "record", NOUN),
        ("my record is broken", "record", NOUN),
        ("to record the rain", "record", VERB),
        ("she will never record the rain", "record", VERB),
        ("record the rain", "record", VERB),
        ("who record the rain", "record", VERB),
        ("the clerk's record is long", "record", NOUN),
        ("neighbours object to it", "object", VERB),
        ("we are content", "content", ADJECTIVE),
        ("a minute speck of dust", "minute", ADJECTIVE),
        ("a minute later", "minute", NOUN),
        ("produce of the valley", "produce", NOUN),
        ("stone record", "record", NONE),
        ("record", "record", NONE),
    ],
)
def test_neighbours_tell_the_part_of_speech(line: str, word: str, part: PartOfSpeech) -> None:
    spoken = line.split()
    assert part_in_line(spoken, [False] * len(spoken), spoken.index(word)) is part


def test_a_pause_parts_a_word_from_its_neighbour() -> None:
    spoken = ["the", "long", "the", "record", "broke"]
    pauses = [False, False, False, True, False]
    assert part_in_line(spoken, pauses, 3) is NONE


def test_every_heteronym_has_readings_that_differ() -> None:
    ear = default()
    listed = heteronyms()
    assert len(listed) > 500
    assert listed["record"] == Heteronym("10", {VERB: "01"})
    for word, heteronym in listed.items():
        assert heteronym.usual not in heteronym.others.values(), word
        parts = [NOUN, *heteronym.others]
        said = [reading.stress for reading in ear.pronounce(word)]
        for part in parts:
            assert any(heteronym.suits(stress, part) for stress in said), (word, part)
