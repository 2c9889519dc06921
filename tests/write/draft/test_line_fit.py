"""Whether a text may stand in one place of a draft, against the check of the whole poem."""

from itertools import product

import pytest

import quatrain
from quatrain.form import MAX_DISTANCE, Checker
from quatrain.write.draft.line_fit import LineFit
from quatrain.write.draft.places import find_places

CHECKER = Checker()
QUATRAIN = (
    "The lamp is low, and nobody is home;",
    "We left the window open to the rain.",
    "The boat has gone, and so has all the foam;",
    "I shall not hear the river's talk again.",
)
TEXTS = (
    "We left the kettle singing to the rain.",
    "We left the kettle singing by the sea.",
    "We left the kettle singing in the lane;",
    "We left the kettle singing on the hill, then went.",
    "We left it.",
    "And when shall we be going out again?",
)


def fit_of(lines: tuple[str, ...], number: int, form: str | None = "heroic-couplets") -> LineFit:
    return LineFit(find_places(lines, form, "", (), CHECKER), number, CHECKER)


@pytest.mark.parametrize(("number", "text"), list(product((1, 2, 3, 4), TEXTS)))
def test_it_says_of_a_line_what_a_check_says(number: int, text: str) -> None:
    """In *ABAB* every line has one partner, so the findings of both lines are those of one."""
    form = quatrain.form.parse(
        'stanzas = ["ABAB"]\nmetre = "iambic 5"\nallow = ["inversion"]\n', "own", "own"
    )
    lines = [*QUATRAIN[: number - 1], text, *QUATRAIN[number:]]
    verdict = quatrain.check(lines, form)
    later = number + 2 if number < 3 else number
    metre = {found.line: found.kept for found in verdict.findings if found.asked == "metre"}
    rhyme = {found.line: found.kept for found in verdict.findings if found.asked == "rhyme"}
    fit = LineFit(find_places(lines, form, "", (), CHECKER), number, CHECKER)
    assert fit.keeps_metre(text) is metre[number]
    assert (fit.discord(text) is None) is rhyme[later]


def test_partners_are_the_nearest_lines_that_are_there() -> None:
    lines = ("", "", "", QUATRAIN[1], "", "", "...", QUATRAIN[3])
    assert [partner.number for partner in fit_of(lines, 2, "ottava-rima").partners] == [4]
    assert fit_of(lines, 7, "ottava-rima").partners[0].word == "again"
    assert fit_of(lines, 1, "ottava-rima").partners == ()
    assert fit_of(lines, 9, "ottava-rima").plan is None


def test_a_line_of_x_rhymes_with_none_near_it() -> None:
    fit = fit_of((QUATRAIN[0], "", QUATRAIN[1]), 2, "blank-verse")
    stranger = fit.discord("We saw the boat go slowly through the foam.")
    assert stranger is not None
    assert (stranger.number, stranger.word) == (1, "home")
    assert fit.discord("We saw the boat go slowly to the hill.") is None
    far = (QUATRAIN[0], *[QUATRAIN[1]] * MAX_DISTANCE, "")
    assert fit_of(far, len(far), "blank-verse").discord("We saw the boat in all the foam.") is None


def test_a_beginning_may_go_on() -> None:
    fit = fit_of(QUATRAIN[:1], 2)
    assert fit.may_go_on("We left the window")
    assert not fit.may_go_on(QUATRAIN[1])
    assert not fit.may_go_on("We left the extraordinary, the")
    haiku = fit_of((), 1, "haiku")
    assert haiku.may_go_on("an old pond")
    assert not haiku.may_go_on("an old and silent pond here")
    assert not fit_of(QUATRAIN[:1], 2, None).may_go_on("anything")


@pytest.mark.parametrize("text", ["an old silent pond", "an old pond", "every evening bell"])
def test_syllables_are_counted_as_the_check_counts_them(text: str) -> None:
    lines = [text, "a frog jumps into the pond", "splash, and then silence"]
    finding = quatrain.check(lines, "haiku").findings[1]
    assert (finding.line, finding.kept) == (1, fit_of(tuple(lines), 1, "haiku").keeps_metre(text))
