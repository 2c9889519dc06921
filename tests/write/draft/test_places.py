"""The places of a draft: which lines stand, which are written, and what repeats what."""

from typing import Any

import pytest

from quatrain.errors import FormError, SettingsError
from quatrain.form import Checker
from quatrain.write.draft.places import MORE_LINES, DraftPlaces, find_places

CHECKER = Checker()
LAMP = "The lamp is low, the evening settles down,"
TOWN = "I hear the rain upon the empty town,"


def places(
    lines: list[str], form: str | None = None, metre: str = "", only: list[int] | None = None
) -> DraftPlaces:
    return find_places(lines, form, metre, only, CHECKER)


def test_empty_lines_are_places_up_to_the_forms_end() -> None:
    draft = places([LAMP, "", TOWN], "sonnet")
    assert draft.count == 14
    assert draft.texts == {1: LAMP, 3: TOWN}
    assert draft.places == (2, *range(4, 15))
    assert draft.notes == ()
    assert places([LAMP, " \t", TOWN], "sonnet", only=[2]).places == (2,)


def test_a_place_that_is_skipped_stays_empty() -> None:
    draft = find_places([LAMP, "", TOWN], "heroic-couplets", "", None, CHECKER, skip=[2])
    assert (draft.places, draft.count) == ((4,), 4)
    assert find_places([LAMP], None, "", None, CHECKER, skip=[3, 99]).places == (2, 4, 5)
    triolet = find_places([""] * 8, "triolet", "", None, CHECKER, skip=[1])
    assert triolet.sources == {7: 4, 8: 2}


def test_a_line_in_a_place_is_written_again() -> None:
    draft = places([LAMP, TOWN], "heroic-couplets", only=[2])
    assert (draft.texts, draft.former, draft.places) == ({1: LAMP}, {2: TOWN}, (2,))


def test_a_draft_without_a_form_goes_on_after_its_last_line() -> None:
    assert places(["The lamp is low"]).places == tuple(range(2, 2 + MORE_LINES))
    assert places(["The lamp is low", "", "and snow", "", ""]).places == (4, 5)
    assert places(["The lamp is low", "", "and snow"], only=[2]).places == (2,)
    draft = places(["The lamp is low"], metre="Iambic  4")
    assert str(draft.form.metre_of(2)) == "iambic tetrameter"
    assert draft.notes == ("Line 1 doesn't fit iambic tetrameter; it was left as it is.",)


def test_a_form_takes_the_metre_that_it_leaves_open_and_no_other() -> None:
    villanelle = places(["And down the hill the river ran"], "villanelle")
    assert str(villanelle.form.metre_of(0)) == "iambic tetrameter"
    assert str(places([], "villanelle", "trochaic 3").form.metre_of(0)) == "trochaic trimeter"
    assert str(places([], "sonnet", "trochaic 3").form.metre_of(0)) == "iambic pentameter"


def test_the_variant_is_the_one_that_the_lines_keep() -> None:
    """A Petrarchan sestet may rhyme CDE CDE or CDC DCD; lines 9 and 11 show which."""
    lines = [""] * 8 + ["And still the window waits for you to say", "", "The lamp is lit for you"]
    assert places([*lines[:10], "The lamp is lit to keep the dark away"], "petrarchan-sonnet").count
    assert places(lines, "petrarchan-sonnet").count == 14


def test_repeated_lines_know_the_line_that_stands() -> None:
    refrain = "And down the hill the river ran"
    draft = places(["", "", "", refrain, "", "", "", ""], "triolet")
    assert draft.sources == {1: 4, 7: 4, 8: 2}
    assert places([""] * 8, "triolet").sources == {4: 1, 7: 1, 8: 2}
    assert places([""] * 8, "triolet", only=[4, 7]).sources == {7: 4}


def test_the_opening_of_a_rondeau_is_known_from_either_side() -> None:
    opened = places(["We left the lamp alight for you"], "rondeau")
    assert {number for number, source in opened.sources.items() if source == 1} == {9, 15}
    closed = places(["", *[""] * 7, "We left the lamp."], "rondeau")
    assert closed.begins == {1: "We left the lamp"}
    left = places([""] * 15, "rondeau", only=[9])
    assert left.places == ()
    assert "line 1, which is still empty" in left.notes[0]


def test_faults_are_told_and_left() -> None:
    draft = places([LAMP, "much too short", *[TOWN] * 14], "sonnet")
    assert "comes after them" in draft.notes[0]
    assert draft.notes[1].startswith("Line 2 doesn't fit iambic pentameter")
    assert draft.count == 14
    controls = places(["\x1b[31mThe lamp\u202e is low"])
    assert controls.texts == {1: " [31mThe lamp  is low"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["one\ntwo"], "sonnet"), "Line 1 has several lines of text"),
        (([LAMP], "sonnet", "", [15]), "There is no line 15: the form shakespearean-sonnet has 14"),
        (([LAMP], "sonnet", "", [True]), "There is no line True"),
        (([LAMP], None, "iambic"), "'iambic' is not a metre"),
        (([3], "sonnet"), "Pass a list of str"),
    ],
)
def test_what_is_no_draft_is_told(arguments: Any, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        places(*arguments)
    with pytest.raises(FormError, match="There is no form 'sonet'"):
        places([LAMP], "sonet")
