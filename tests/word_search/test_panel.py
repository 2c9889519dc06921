"""The panel of one word: facts about it, words beside it, and whether they fit a place."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

import quatrain
from quatrain.errors import UserError
from quatrain.form import parse
from quatrain.records import PanelWord, WordPanel
from quatrain.word_search import DraftPlace, WordFilters, word_panel
from quatrain.word_search.slot import Slot, slot_of

DRAFT = (
    "The lamp is low, the evening settles down,",
    "The street is still, and no one passes by;",
    "I hear the rain upon the empty town,",
    "And wonder at the darkness of the sky.",
    "",
    "This line has got too many syllables in it by far",
    "",
    "",
    "And wonder at the",
)
COUPLETS = (
    "The lamp is low, the evening settles down,",
    "And snow has laid its blanket on the town.",
    "I hear the passing of the patient feet",
    "That go along the long and frozen street.",
)
PROBES = """
    a stone worn delight river remember wanderer crown renown melancholy every heaven the desire
    beneath understand overthrown brown flower eye sweet repeat meet complete bitter
"""


def shown(panel: WordPanel, kind: str) -> list[str]:
    return [word.word for group in panel.groups if group.kind == kind for word in group.words]


def all_words(panel: WordPanel) -> list[PanelWord]:
    return [word for group in panel.groups for word in group.words]


@pytest.mark.slow
def test_a_word_is_said_defined_and_counted() -> None:
    panel = word_panel("Worn")
    assert (panel.word, panel.ipa, panel.said) == ("Worn", "wɔːrn", "one syllable")
    assert panel.frequency == "about once in 9,000 words of verse"
    assert panel.senses[0].part_of_speech == "adjective"
    assert panel.place == ""
    assert {"born", "torn"} <= set(shown(panel, "perfect"))
    assert "storm" in shown(panel, "family")
    assert "new" in shown(panel, "opposite")
    assert "threadbare" in shown(panel, "meaning")
    assert "torn" in shown(panel, "verse")
    assert all(word.fits is None and not word.why for word in all_words(panel))
    names = [group.name for group in panel.groups]
    assert names.index("Full rhymes") < names.index("Close in meaning") < names.index("Opposites")


@pytest.mark.slow
def test_a_place_is_told_and_held_to() -> None:
    place = DraftPlace(DRAFT, 3, form="sonnet")
    panel = word_panel("town", place=place)
    assert panel.said == "one syllable, on the beat"
    assert panel.place == "end of line 3, on the fifth beat, rhyme A with *down*"
    assert {word.fits for word in all_words(panel)} == {True}
    assert {"crown", "gown"} <= set(shown(panel, "perfect"))
    everything = {
        word.word: word for word in all_words(word_panel("town", place=place, only_fitting=False))
    }
    assert everything["down"].why == "line 1 ends in it"
    assert everything["down"].used_in == (1,)
    assert everything["street"].fits is False
    assert everything["street"].why == "doesn't rhyme with *down*, line 1"
    inside = word_panel("empty", place=DraftPlace(DRAFT, 3, 7, "sonnet"), only_fitting=False)
    assert inside.place == "line 3, word 7, on the fourth beat"
    reasons = {word.word: word.why for word in all_words(inside)}
    assert reasons["bare"] == "has one syllable; two or three fit here"
    assert reasons["hollow"] == ""


@pytest.mark.slow
def test_an_empty_slot_shows_what_fits_there() -> None:
    lines = (*DRAFT[:3], "And wonder at the darkness of the", *DRAFT[4:])
    end = word_panel(place=DraftPlace(lines, 4, form="sonnet"))
    assert (end.word, end.ipa, end.said, end.frequency, end.senses) == ("", "", "", "", ())
    assert end.place == "end of line 4, rhyme B with *by*"
    assert "sky" in shown(end, "perfect")
    assert "sky" in shown(end, "likely")
    for word in all_words(end):
        text = f"{lines[3]} {word.word}."
        assert quatrain.rhymes("by", word.word)
        broken = quatrain.check([*lines[:3], text], "sonnet").broken
        assert {found.line for found in broken} == {0}  # ten lines are missing
    between = word_panel(place=DraftPlace(("I hear the upon the empty town,",), 1, 4, "sonnet"))
    assert between.place == "line 1, before *upon*"
    assert {"wind", "rain", "sound"} & set(shown(between, "likely"))
    slot = slot_of(DraftPlace(DRAFT, 9, form="sonnet"), "")
    assert slot.judge("darkness") == (True, "")  # the line goes on, so that it need not end here
    assert slot.judge("delight")[0] is False


@pytest.mark.parametrize("word", PROBES.split())
@pytest.mark.parametrize(("line", "number"), [(2, 9), (3, 7), (4, 8), (4, 2), (1, 2)])
def test_fits_is_what_a_check_says(line: int, number: int, word: str) -> None:
    """The line's metre, and its rhyme: the finding of the second line of the couplet."""
    place = slot_of(DraftPlace(COUPLETS, line, number, "heroic-couplets"), word_at(line, number))
    text = place.with_word(word)
    verdict = quatrain.check([*COUPLETS[: line - 1], text, *COUPLETS[line:]], "heroic-couplets")
    later = line + line % 2
    concerned = {(line, "metre"), (later, "rhyme")}
    kept = not any((found.line, found.asked) in concerned for found in verdict.broken)
    fits, why = place.judge(word)
    assert fits is kept, (text, why)
    assert bool(why) is not fits


def word_at(line: int, number: int) -> str:
    return COUPLETS[line - 1].replace(",", "").replace(".", "").split()[number - 1]


def test_a_line_that_no_word_mends_leaves_it_open() -> None:
    slot = Slot(DraftPlace(DRAFT, 6, form="sonnet"), "far")
    assert slot.judge("star") == (None, "the rest of the line breaks the metre")
    rhymed = (*DRAFT[:5], DRAFT[5], "", "And wonder at the river and the sea", *DRAFT[8:])
    slot = Slot(DraftPlace(rhymed, 6, form="sonnet"), "far")
    assert slot.judge("star") == (False, "doesn't rhyme with *sea*, line 8")


def test_reasons_say_where_the_stress_falls() -> None:
    couplet = parse('stanzas = ["AA"]\nmetre = "iambic 5"\n', "own", "own")
    lines = ("The evening was a long and slow delight.",)
    slot = Slot(DraftPlace(lines, 1, form=couplet), "delight")
    assert slot.judge("river")[1] == "ends on a weak syllable; this line ends on a beat"
    assert slot.judge("night")[1] == "has one syllable; two fit here"
    inside = Slot(DraftPlace(COUPLETS, 4, 7, "heroic-couplets"), "frozen")
    assert inside.judge("delight")[1] == "stressed on the second; the beat is on the first"
    free = Slot(DraftPlace(COUPLETS, 4, 7), "frozen")
    assert free.judge("delight") == (None, "")


def test_a_slot_stands_between_the_words_and_before_the_last_mark() -> None:
    def with_word(text: str, number: int | None, word: str = "moon") -> str:
        return Slot(DraftPlace((text,), 1, number), "").with_word(word)

    assert with_word("The lamp is", None) == "The lamp is moon"
    assert with_word("The lamp is ", None) == "The lamp is moon"
    assert with_word("The lamp is,", None) == "The lamp is moon,"
    assert with_word("The lamp", 1, "low") == "low The lamp"
    assert with_word("The lamp", 2, "low") == "The low lamp"
    assert with_word("", None) == "moon"
    assert Slot(DraftPlace(("The lamp",), 1, 1), "The").with_word("one") == "One lamp"


@pytest.mark.slow
def test_filters_hold_in_every_group() -> None:
    panel = word_panel("sea", filters=WordFilters(syllables=2, stress="01", near="winter"))
    assert all(word.stress == "01" for word in all_words(panel))
    assert "december" not in shown(panel, "meaning")
    only = word_panel("sea", filters=WordFilters(kinds=["perfect"], rhyme="night"))
    assert {group.kind for group in only.groups} <= {"perfect", "meaning", "verse", "opposite"}
    assert "light" in shown(only, "perfect")
    letters = word_panel("sea", poet="letters")
    assert "verse" not in {group.kind for group in letters.groups}
    opened = quatrain.load("verse")
    assert word_panel("sea", poet=opened) == word_panel("sea")


@pytest.mark.slow
def test_slurs_names_and_old_spellings_are_not_shown() -> None:
    words = {word.word for word in all_words(word_panel("town"))}
    assert not {"crowne", "towne", "aberdeen"} & words
    assert "whore" not in {word.word for word in all_words(word_panel("prostitute"))}


@pytest.mark.parametrize(
    ("word", "options", "message"),
    [
        ("", {}, "neither a word nor a place"),
        ("town", {"place": DraftPlace(DRAFT, 12)}, "There is no line 12: the draft has 9 lines"),
        ("boat", {"place": DraftPlace(DRAFT, 3)}, "'boat' is not in the line"),
        ("town", {"place": DraftPlace(DRAFT, 3, form="sonet")}, "There is no form 'sonet'"),
        ("town", {"place": DraftPlace(DRAFT, 5)}, "The line has no words"),
        ("town", {"poet": "nobody"}, "There is no poet 'nobody'"),
        (3, {}, "a word, or words"),
    ],
)
def test_errors_say_what_to_do(word: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        word_panel(word, **options)


def test_used_words_name_their_lines() -> None:
    slot = Slot(DraftPlace(COUPLETS, 4, 7, "heroic-couplets"), "frozen")
    assert slot.used_in("the") == (1, 2, 3, 4)
    assert slot.used_in("frozen") == ()
    assert list(islice(slot.used_in("lamp"), 3)) == [1]
