"""The check of a draft: places, wishes, spans, faults in words, and agreement with `check`."""

import random
from collections.abc import Callable

import pytest

from quatrain.corpus import read
from quatrain.form import DraftChecker, check, check_draft, forms
from quatrain.form.draft.written import nearest_mates
from quatrain.records import DraftCheck, Poem

ANTHOLOGY = read("anthology").poems

AssertSound = Callable[[DraftCheck], None]

GARDEN = [
    "The rain has left the garden dark and still,",
    "and on the wall a snail has drawn its line;",
    "the lamp is lit behind the window sill,",
    "and someone sets the table out for nine.",
    "I do not knock. I have not known the road",
    "of climbing the hills to where the lanterns burn;",
    "I only brought the little that I owed,",
    "and hear the whispering of leaves, and turn.",
]


@pytest.fixture(scope="module")
def checker() -> DraftChecker:
    return DraftChecker()


def test_a_sonnet_half_written(checker: DraftChecker, assert_sound: AssertSound) -> None:
    draft = checker.check(GARDEN, "sonnet")
    assert_sound(draft)
    assert draft.summary == "8 of 14 lines; all keep the metre but line 6"
    assert (draft.form, draft.form_title) == ("shakespearean-sonnet", "Shakespearean sonnet")
    assert (draft.kept, draft.complete, draft.metre) == (False, False, "iambic pentameter")
    assert [line.number for line in draft.lines if line.gap] == [5, 9, 13]
    assert [line.number for line in draft.lines if line.indent] == [13, 14]
    (fault,) = draft.lines[5].faults
    assert fault.brief == "one syllable too many"
    assert fault.message == (
        "Eleven syllables, and the line has room for ten. *-ing* and *the* are both weak and "
        "stand side by side, so every beat after them comes late."
    )
    assert [GARDEN[5][start:end] for start, end in fault.spans] == ["ing", "the"]
    assert fault.repairs[0].label == "Leave out *the*, and it keeps the metre."
    assert fault.repairs[0].text == "of climbing hills to where the lanterns burn;"
    assert draft.lines[7].notes == ("a light third beat",)
    assert [line.wish for line in draft.lines[8:]] == [
        "iambic 5, begins rhyme E",
        "iambic 5, begins rhyme F",
        "iambic 5, rhymes with line 9",
        "iambic 5, rhymes with line 10",
        "iambic 5, begins rhyme G",
        "iambic 5, rhymes with line 13",
    ]


def test_syllables_feet_and_rhymes_have_their_letters(checker: DraftChecker) -> None:
    line = checker.check(GARDEN, "sonnet").lines[0]
    parts = [line.text[mark.start : mark.end] for mark in line.syllable_marks]
    assert parts == ["The", "rain", "has", "left", "the", "gar", "den", "dark", "and", "still"]
    assert [mark.stress for mark in line.syllable_marks] == ["weak", "beat"] * 5
    assert [line.text[start:end] for start, end in line.feet] == [
        "The rain", "has left", "the gar", "den dark", "and still",
    ]  # fmt: skip
    assert line.rhyme_span is not None
    assert line.text[slice(*line.rhyme_span)] == "ill"
    assert (line.rhyme, line.mates) == ("A", (3,))


def test_holes_in_the_middle(checker: DraftChecker, assert_sound: AssertSound) -> None:
    lines = list(GARDEN)
    lines[0] = lines[6] = ""
    draft = checker.check(lines, "sonnet")
    assert_sound(draft)
    assert draft.lines[0].wish == "iambic 5, rhymes with line 3, *sill*"
    assert draft.lines[6].wish == "iambic 5, rhymes with line 5, *road*"
    assert draft.summary == "6 of 14 lines; all keep the metre but line 6"


@pytest.mark.slow
def test_every_form_with_lines_taken_out(checker: DraftChecker, assert_sound: AssertSound) -> None:
    chance = random.Random(8)
    for poem in ANTHOLOGY:
        lines = [line.text for line in poem.lines]
        for share in (0.2, 0.5, 0.9):
            holes = [line if chance.random() > share else "" for line in lines]
            draft = checker.check(holes, poem.form)
            assert_sound(draft)
            assert draft.kept, (poem.title, draft.summary, [line.faults for line in draft.lines])
            wishes = [line.wish for line in draft.lines if line.state == "empty"]
            assert all(wishes)


@pytest.mark.slow
def test_a_complete_poem_is_judged_as_by_the_check(checker: DraftChecker) -> None:
    for number, poem in enumerate(ANTHOLOGY):
        lines = [line.text for line in poem.lines]
        for form in forms()[number % 12 :: 12]:
            verdict, draft = check(Poem.from_lines(lines), form), checker.check(lines, form)
            assert (draft.kept and draft.complete) == verdict.kept, (poem.title, form.name)


def test_nothing_written(checker: DraftChecker, assert_sound: AssertSound) -> None:
    for form in forms():
        draft = checker.check([], form)
        assert_sound(draft)
        assert draft.kept
        assert not draft.complete
        assert draft.lines
    assert checker.check([]).lines == ()
    assert check_draft(["", " "], "haiku").summary == "No line yet; a haiku has 3 lines"


def test_a_line_just_begun_is_in_the_usual_metre(checker: DraftChecker) -> None:
    draft = checker.check(["", "", "and so I"], "rondeau")
    assert draft.faults == ()
    assert draft.metre == "iambic tetrameter"
    assert draft.lines[0].wish == "iambic 4, begins rhyme A"
    whole = checker.check(["The lamps go out along the quay"], "villanelle")
    assert (whole.metre, whole.kept) == ("iambic tetrameter", True)


def test_a_form_of_open_length_has_one_stanza_more(checker: DraftChecker) -> None:
    couplet = [
        "I lit the lamp and left it in the hall,",
        "and down the road the wind began to call.",
    ]
    draft = checker.check(couplet, "heroic-couplets")
    assert (draft.kept, draft.complete, len(draft.lines)) == (True, True, 4)
    assert draft.lines[2].gap
    assert draft.summary == "2 lines; all keep the metre"
    begun = checker.check(couplet[:1], "heroic-couplets")
    assert (begun.complete, len(begun.lines)) == (False, 2)
    assert begun.summary == "1 of 2 lines; it keeps the metre"
    assert begun.lines[1].wish == "iambic 5, rhymes with line 1, *hall*"
    assert len(checker.check([*couplet, "", "", "", ""], "heroic-couplets").lines) == 6


def test_a_line_that_breaks_off_may_still_come_right(checker: DraftChecker) -> None:
    texts = {
        "I lit the lamp and left": True,
        "I lit the lamp and left it in the hall,": False,
        "I lit the lamp and left it in the little hall": False,
        "Intermittent whisper": False,
    }
    for text, breaks_off in texts.items():
        draft = checker.check([text], "heroic-couplets")
        assert draft.lines[0].breaks_off == breaks_off, text
    haiku = checker.check(["the rain came"], "haiku").lines[0]
    assert (haiku.state, haiku.breaks_off) == ("broken", True)
    assert not checker.check(["the rain came down the hills today"], "haiku").lines[0].breaks_off


def test_the_metre_of_a_form_that_leaves_it_open(checker: DraftChecker) -> None:
    draft = checker.check([], "villanelle", "trochaic 4")
    assert draft.lines[0].wish == "trochaic 4, begins rhyme A"
    assert checker.check([], "sonnet", "trochaic 4").lines[0].wanted == "iambic 5"


def test_lines_that_repeat_a_missing_one_are_held_to_each_other(checker: DraftChecker) -> None:
    away, along = "The river ran away from me", "The river ran along to sea"
    draft = checker.check(["", "", "", away, "", "", along, ""], "triolet")
    assert [line.number for line in draft.lines if line.faults] == [7]
    assert "line 4" in draft.lines[6].faults[0].message


def test_single_lines_that_go_on_are_no_stanzas(checker: DraftChecker) -> None:
    for form, gaps in (("blank-verse", []), ("heroic-couplets", [3])):
        draft = checker.check(GARDEN[:3], form)
        assert [line.number for line in draft.lines if line.gap] == gaps


def test_the_nearest_mates_of_a_line_stand_on_both_sides() -> None:
    mates = nearest_mates(["A"] * 50)
    assert mates[25] == (*range(16, 26), *range(27, 37))
    assert mates[0] == tuple(range(2, 22))
    assert mates[49] == tuple(range(30, 50))
