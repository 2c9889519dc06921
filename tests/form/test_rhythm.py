"""Rhythm: lines that keep a metre by rule and sound otherwise."""

import pytest

from quatrain.form import Rhythm
from quatrain.sound import Ear, Scanner

PLAIN = (
    "The kettle sings above a narrow flame,",
    "and every window gathers up the rain;",
    "I hear the neighbour call his dog by name,",
    "and all the street is listening again.",
)
TRIPLE = (
    "We were out on the hill when the thunder began,",
    "and we ran with our coats on our heads to the van,",
)


@pytest.fixture(scope="module")
def rhythm() -> Rhythm:
    return Rhythm(Ear())


def test_margins_tell_two_syllables_from_three(rhythm: Rhythm) -> None:
    assert min(rhythm.margins(PLAIN)) > 2.0
    assert max(rhythm.margins(TRIPLE)) < -2.0


def test_a_line_has_the_same_margin_alone_and_among_others(rhythm: Rhythm) -> None:
    together = Rhythm(Ear()).margins([*TRIPLE, *PLAIN, *TRIPLE])
    alone = [rhythm.margins([line])[0] for line in (*TRIPLE, *PLAIN, *TRIPLE)]
    assert together == pytest.approx(alone, abs=1e-4)


def test_lines_without_words_are_neither(rhythm: Rhythm) -> None:
    assert rhythm.margins([]) == []
    assert rhythm.margins(["--", ""]) == [0.0, 0.0]


def test_the_kind_that_scores_best_is_the_scanners_own() -> None:
    scanner = Scanner(Ear())
    double, triple = scanner.kind_scores([PLAIN[0], TRIPLE[0]]).argmax(axis=1)
    assert (double, triple) == (0, 1)
