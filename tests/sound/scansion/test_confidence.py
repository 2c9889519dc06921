"""Confidence in a poem's metre and in a line's marks.

All texts here were written for these tests.
"""

import numpy as np
import pytest

from quatrain.corpus import read
from quatrain.records import Metre, Poem, Scansion
from quatrain.sound import Scanner, scan, scan_many
from quatrain.sound.scansion.confidence import (
    LINE_EVIDENCE,
    POEM_EVIDENCE,
    ConfidenceModel,
    shipped_confidences,
)

METRED = [
    """The harbour lamps are lit along the quay,
       The nets are hung, the boats are drawn ashore,
       And every window looks upon the sea
       As if the sea had never looked before.
       The women count the masts and count again,
       The children sleep, the kettle starts to sing,
       And someone says the wind has turned to rain,
       And no one says the other, darker thing.""",
    """Over hill and over hollow,
       Through the bracken, past the willow,
       Where the river bends we follow,
       With the moss to be our pillow.
       Never ask us where we slumber,
       In the stars we find our lodging,
       Nights and mornings without number,
       From the towns and tollgates dodging.""",
]

FREE = {
    "free verse": """I have kept the ticket.
       It says one adult, it says nothing about the way you stood on the platform
       holding a paper bag of plums, your whole arm straight,
       as if the plums were a lantern and the afternoon a mine.
       Nobody explains trains to children any more.
       I would. I would start with the steam,
       the enormous patience of iron,
       and how a whistle is a kind of apology
       made in advance, to everyone, for leaving.""",
    "prose": """The committee met on Tuesday to consider
       the report on drainage that had been submitted
       by the surveyor, and adjourned without a decision
       because the chairman had a cold and the secretary
       had mislaid the key to the cupboard in which
       the maps of the district were kept. Members who
       wish to see the minutes may apply in writing to
       the clerk, whose office is open on weekdays.""",
    "contents": """Preface
       Acknowledgements
       A Note on the Text
       Part One: Harbours
       The Ferry
       What the Lock-Keeper Said
       Eleven Ways to Mend a Net
       Part Two: Inland
       Barley
       Letter to a Surveyor
       Index of First Lines""",
    "front matter": """Printed and bound by Harrow and Daughters, Leith
       First published in the autumn of that year
       All rights reserved
       No part of this book may be copied or stored
       without the written permission of the publisher
       A catalogue record is available on request
       Set in eleven point by the author's brother
       Cover drawing: a heron, after a photograph""",
    "words": """onions
       candles
       butter
       lemons""",
    "short words": """milk
       bread
       eggs""",
    "shopping": """two pounds of flour
       a dozen eggs
       candles, the long ones
       butter
       something for the cat
       string
       onions and a lemon if there are lemons""",
}


def poem_of(text: str) -> Poem:
    return Poem.from_lines([line.strip() for line in text.splitlines()])


@pytest.mark.parametrize("text", METRED)
def test_verse_in_a_strict_metre_is_likely_in_eight_lines(text: str) -> None:
    scansion = scan(poem_of(text))
    assert scansion.confidence >= 0.8
    assert "; all lines fit" in scansion.summary


def test_a_sonnet_is_certain() -> None:
    sonnets = [poem for poem in read("anthology").poems if poem.form == "shakespearean-sonnet"]
    assert all("(certain); all lines fit" in scan(sonnet).summary for sonnet in sonnets[:5])


@pytest.mark.parametrize("kind", FREE)
def test_a_text_without_a_metre_is_not_said_to_have_one_for_certain(kind: str) -> None:
    scansion = scan(poem_of(FREE[kind]))
    assert scansion.metre.foot == "free" or scansion.confidence < 0.8, scansion.summary


def test_a_single_line_is_less_sure_than_its_poem() -> None:
    poem = poem_of(METRED[0])
    together = scan(poem).confidence
    alone = [scansion.confidence for scansion in map(scan, (line.text for line in poem.lines))]
    assert max(alone) < together


def test_the_anthology_is_surer_where_it_is_metrical() -> None:
    scansions = list(scan_many(read("anthology").poems))
    metrical = [scansion.confidence for scansion in scansions if scansion.regularity > 0.9]
    other = [scansion.confidence for scansion in scansions if 0 < scansion.regularity < 0.6]
    assert np.mean(metrical) > 0.9 > np.mean(other)


def test_lines_have_a_confidence_where_margins_are_asked_for() -> None:
    poem = poem_of(METRED[0])
    with_margins = scan(poem)
    assert all(0 < (line.confidence or 0) < 1 for line in with_margins.lines)
    (without,) = scan_many([poem])
    assert [line.confidence for line in without.lines] == [None] * 8
    assert without.confidence == with_margins.confidence
    assert not any(line.is_unsure for line in without.lines)


def test_a_line_with_a_greater_margin_is_surer() -> None:
    model = shipped_confidences()
    evidence = np.tile(np.array([1, 0, 0, 2, 0.9, 0, 0], np.float32), (5, 1))
    evidence[:, LINE_EVIDENCE.index("margin")] = margins = np.array([0.0, 0.5, 1, 2, 4])
    evidence[:, LINE_EVIDENCE.index("root of margin")] = np.sqrt(margins)
    confidences = model.of_lines(evidence)
    assert confidences == sorted(confidences)
    assert confidences[0] < 0.6 < confidences[-1]


def test_weights_that_know_nothing_are_undecided() -> None:
    model = ConfidenceModel.untrained()
    scansion = Scanner(confidences=model).scan(poem_of(METRED[0]))
    assert scansion.confidence == 0.5
    assert {line.confidence for line in scansion.lines} == {0.5}
    huge = ConfidenceModel(*(np.full(len(POEM_EVIDENCE), 1e6, np.float32),) * 2, model.line)
    ones = np.ones(len(POEM_EVIDENCE), np.float32)
    assert 0.99 < huge.of_poem(ones, is_free=False) < 1.0


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (0.97, "iambic pentameter (certain)"),
        (0.9, "iambic pentameter (likely, 90% sure)"),
        (0.6, "iambic pentameter (unsure, 60% sure)"),
        (0.2, "iambic pentameter (doubtful, 20% sure)"),
    ],
)
def test_words_follow_the_figure(confidence: float, words: str) -> None:
    scansion = Scansion(Poem.from_lines([]), Metre("iambic", (5,)), confidence, 0.5, ())
    assert scansion.summary == f"{words}; 50% of lines fit"


def test_free_verse_says_how_sure_it_is() -> None:
    scansion = Scansion(Poem.from_lines([]), Metre("free"), 0.9, 0.0, ())
    assert scansion.summary == "free (likely, 90% sure)"
    assert Scansion(Poem.from_lines([]), Metre(""), 0.0, 0.0, ()).summary == "none"
