"""Drafts without a form: scanned, rhymed, and the forms they may be on their way to."""

import pytest

from quatrain.corpus import read
from quatrain.errors import FormError
from quatrain.form import DraftChecker

GARDEN = [
    "The rain has left the garden dark and still,",
    "and on the wall a snail has drawn its line;",
    "the lamp is lit behind the window sill,",
    "and someone sets the table out for nine.",
    "I do not knock. I have not known the road",
    "that climbs the hills to where the lanterns burn;",
    "I only brought the little that I owed,",
    "and hear the whispering of leaves, and turn.",
]


@pytest.fixture(scope="module")
def checker() -> DraftChecker:
    return DraftChecker()


def test_lines_without_a_form_are_scanned(checker: DraftChecker) -> None:
    draft = checker.check([*GARDEN[:4], "", *GARDEN[4:]])
    assert draft.summary == "8 lines; iambic pentameter; rhymes ABAB CDCD"
    assert (draft.form, draft.metre, draft.kept) == ("", "iambic pentameter", True)
    assert [line.state for line in draft.lines] == ["free"] * 4 + ["empty"] + ["free"] * 4
    assert [line.gap for line in draft.lines] == [False] * 5 + [True] + [False] * 3
    first = draft.lines[0]
    assert (first.syllables, first.rhyme, first.mates, len(first.feet)) == (10, "A", (3,), 5)
    assert first.rhyme_span is not None
    assert first.text[slice(*first.rhyme_span)] == "ill"


def test_eight_lines_of_a_sonnet(checker: DraftChecker) -> None:
    likely = checker.check(GARDEN).likely_forms
    assert (likely[0].name, likely[0].title) == ("shakespearean-sonnet", "Shakespearean sonnet")
    assert likely[0].why == "8 of 14 lines; iambic pentameter; rhymes ABABCDCD"


def test_three_lines_of_five_and_seven_syllables(checker: DraftChecker) -> None:
    lines = ["A cold wind tonight", "the garden gate swings open", "and then shuts again"]
    (first, *_) = checker.check(lines).likely_forms
    assert (first.name, first.why) == ("haiku", "3 lines; syllables 5, 7, 5")


def test_a_metre_without_a_form(checker: DraftChecker) -> None:
    draft = checker.check(
        [*GARDEN[:3], "and someone is setting the table for nine"], metre="iambic 5"
    )
    assert draft.summary == "4 lines; all in iambic pentameter but line 4; rhymes ABAB"
    assert [line.state for line in draft.lines] == ["kept"] * 3 + ["broken"]
    assert draft.lines[3].wanted == "iambic 5"
    with pytest.raises(FormError, match="'iambc 5'"):
        checker.check(GARDEN, metre="iambc 5")


def test_prose_is_on_the_way_to_no_form(checker: DraftChecker) -> None:
    lines = ["The committee met on Tuesday", "to consider the plans for the car park", "again."]
    assert checker.check(lines).likely_forms == ()


@pytest.mark.slow
def test_most_poems_are_known_by_their_first_half(checker: DraftChecker) -> None:
    known = asked = 0
    for poem in read("anthology").poems:
        if poem.form in ("free-verse", "clerihew"):
            continue
        lines = [line.text for line in poem.lines]
        names = [form.name for form in checker.check(lines[: (len(lines) + 1) // 2]).likely_forms]
        asked += 1
        known += poem.form in names
        assert len(names) <= 3
    assert known >= 0.9 * asked, (known, asked)


def test_a_stanza_begins_where_the_writer_says_so(checker: DraftChecker) -> None:
    lines = ["The river runs away to sea,", "And evening settles on the town."]
    draft = checker.check([*lines, "The boats are coming home to me,"], gaps=[False, True, False])
    assert [line.gap for line in draft.lines] == [False, True, False]
    assert draft.summary.endswith("rhymes A xA")


def test_a_metre_that_few_lines_have_is_not_the_drafts(checker: DraftChecker) -> None:
    lines = ["The river runs away to sea,", "The evening settles on the empty town and", "A boat"]
    assert checker.check(lines).metre == ""
