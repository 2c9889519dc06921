"""Empty places of drafts: written by one poet or by several, while the draft's lines stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import pytest

import quatrain
from quatrain.errors import SettingsError
from quatrain.form import Form, parse
from quatrain.write import Filling, WordWriter, WriteOptions, Writer, fill

COUPLETS = parse('stanzas = ["ABAB"]\nmetre = "iambic 2"\n', "own", "own")
WORDS = (
    "the", "a", "of", "and", "moon", "june", "tune", "spoon", "sky", "high", "die", "fly", "light",
    "night", "bright", "shore", "door", "more", "river", "golden", "lady", "away", "delay", ",",
    ".",
)  # fmt: skip
LAMP = "The lamp is low, the evening settles down,"
TOWN = "I hear the rain upon the empty town,"


def filled(lines: Sequence[str], filling: Filling) -> list[str]:
    """The draft with its places filled; every line that was there must stay."""
    whole = list(lines) + [""] * 20
    for number, text, _ in filling:
        assert whole[number - 1] == ""
        whole[number - 1] = text
    assert all(new == old for new, old in zip(whole, lines, strict=False) if old)
    while whole and not whole[-1]:
        whole.pop()
    return whole


@pytest.mark.parametrize("backwards", [True, False])
@pytest.mark.parametrize(
    "lines",
    [
        ["", "", "", ""],
        ["The golden moon", "", "", ""],
        ["", "", "A golden spoon,", ""],
        ["", "The night is high", "", ""],
        ["The golden moon", "", "", "And fly away."],
    ],
)
def test_a_filled_draft_keeps_its_form(
    make_word_writer: Callable[..., WordWriter], backwards: bool, lines: list[str]
) -> None:
    poet = make_word_writer(WORDS, backwards=backwards)
    options = WriteOptions(form=COUPLETS, seed=1)
    filling = poet.fill(lines, options)
    whole = filled(lines, filling)
    if filling.notes:  # so few words leave some rhymes open
        assert all("stays empty" in note for note in filling.notes)
    else:
        assert quatrain.check(whole, COUPLETS).kept


def test_one_place_needs_no_other(make_word_writer: Callable[..., WordWriter]) -> None:
    poet = make_word_writer(WORDS, backwards=True)
    options = WriteOptions(form=COUPLETS, seed=1)
    (line,) = poet.fill(["The golden moon", "", "", ""], options, only=[3])
    assert line.number == 3
    assert quatrain.rhymes("moon", line.text.rstrip(",.").split()[-1])
    (again,) = poet.fill(["The golden moon", "", "a line", ""], options, only=[3])
    assert again.number == 3
    assert poet.fill(["The golden moon", "", "", ""], options, only=[]).notes == []


def test_the_same_seed_writes_the_same(make_word_writer: Callable[..., WordWriter]) -> None:
    poet = make_word_writer(WORDS, backwards=True)
    first = poet.fill([], WriteOptions(form=COUPLETS))
    lines = list(first)
    again = list(poet.fill([], WriteOptions(form=COUPLETS, seed=first.seed)))
    assert again == lines


def test_writing_stops_between_steps(make_word_writer: Callable[..., WordWriter]) -> None:
    poet = make_word_writer(WORDS, backwards=True)
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 1

    filling = poet.fill([], WriteOptions(form=COUPLETS, seed=2), stop=stop)
    assert [line.number for line in filling] == [1]
    assert filling.notes[-1] == "Writing was stopped."
    closed = poet.fill([], WriteOptions(form=COUPLETS, seed=2))
    next(closed)
    closed.close()
    assert list(closed) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lines": 4}, "'lines' has no effect on a draft"),
        ({"start": "The"}, "'start' has no effect"),
        ({"fixed": {1: "The golden moon"}}, "'fixed' has no effect"),
        ({"poems": 2}, "'poems' has no effect"),
        ({"metre": "walking"}, "'walking' is not a metre"),
    ],
)
def test_options_that_a_draft_says_itself_are_refused(
    make_word_writer: Callable[..., WordWriter], options: dict[str, Any], message: str
) -> None:
    poet = make_word_writer(WORDS, backwards=True)
    with pytest.raises(SettingsError, match=message):
        poet.fill([], WriteOptions(form=COUPLETS, **options))
    with pytest.raises(SettingsError, match="Name a poet"):
        fill([], [], WriteOptions(form=COUPLETS))


def test_a_rhyme_that_no_word_has_leaves_its_place_empty(
    make_word_writer: Callable[..., WordWriter],
) -> None:
    poet = make_word_writer(WORDS, backwards=True)
    lines = ["The golden month", "", "", ""]
    filling = poet.fill(lines, WriteOptions(form=COUPLETS, seed=1))
    assert [line.number for line in filling] == [2, 4]
    (note,) = filling.notes
    assert "Line 3 stays empty" in note
    assert "rhymes with 'month'" in note


# The shipped poets


def broken_lines(lines: Sequence[str], form: str | Form) -> set[int]:
    return {found.line for found in quatrain.check(list(lines), form).broken}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_sonnet_with_holes_is_filled_around_its_lines(verse: Writer, seed: int) -> None:
    lines = [""] * 14
    lines[0], lines[2], lines[8], lines[12] = (
        LAMP, f"  {TOWN}", "And still the window waits for you to say", "  And so—we wait—alone",
    )  # fmt: skip
    filling = verse.fill(lines, WriteOptions(form="sonnet", seed=seed))
    whole = filled(lines, filling)
    assert broken_lines(whole, "sonnet") <= broken_lines(
        [line or "x" for line in lines], "sonnet"
    ) & {13}
    assert filling.notes == ["Line 13 doesn't fit iambic pentameter; it was left as it is."]


@pytest.mark.slow
def test_faulty_lines_stand_and_the_others_are_written(verse: Writer) -> None:
    lines = [LAMP, "", "The rain, the rain, it falls and falls upon the orange", "", "", ""]
    filling = verse.fill(lines, WriteOptions(form="sonnet", seed=3))
    whole = filled(lines, filling)
    assert len(whole) == 14
    assert broken_lines(whole, "sonnet") == {3}
    assert any("Line 3 doesn't fit" in note for note in filling.notes)
    clash = verse.fill([LAMP, "", "And all is quiet in the winter wood.", *[""] * 11],
                       WriteOptions(form="sonnet", seed=3))  # fmt: skip
    assert len(list(clash)) == 12


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "lines"),
    [
        ("triolet", ["", "", "", "And down the hill the river ran", "", "", "", ""]),
        ("villanelle", ["", "", "", "", "", "And down the hill the river ran"]),
        ("rondeau", ["", "", "", "", "", "", "", "", "And down the hill"]),
        ("haiku", ["an old silent pond", "", ""]),
        ("petrarchan-sonnet", ["", LAMP, "", "", "", "", TOWN, ""]),
        ("heroic-couplets", [LAMP, "", "", "And wonder at the darkness of the sky."]),
    ],
)
def test_every_kind_of_form_is_filled(verse: Writer, form: str, lines: list[str]) -> None:
    filling = verse.fill(lines, WriteOptions(form=form, seed=5))
    whole = filled(lines, filling)
    assert filling.notes == []
    verdict = quatrain.check(whole, form)
    assert verdict.kept, verdict


@pytest.mark.slow
def test_muses_of_both_kinds_take_turns(verse: Writer) -> None:
    letters = quatrain.load("letters")
    options = WriteOptions(form="heroic-couplets", seed=4, include=["harbour"])
    lines = [LAMP, "", "", "", "", ""]
    filling = fill([verse, letters], lines, options)
    written = list(filling)
    assert [line.number for line in written] == [2, 3, 4, 5, 6]
    assert {line.poet for line in written} == {"verse", "letters"}
    assert sum("harbour" in line.text.lower() for line in written) == 1
    assert quatrain.check([LAMP, *(line.text for line in written)], "heroic-couplets").kept


@pytest.mark.slow
def test_a_draft_without_a_form_goes_on(verse: Writer) -> None:
    for poet in (verse, quatrain.load("letters")):
        lines = ["The lamp is low", "and nobody is home"]
        assert [line.number for line in poet.fill(lines, WriteOptions(seed=1))] == [3, 4, 5, 6]
    options = WriteOptions(metre="iambic 3", seed=1)
    measured = list(verse.fill(["The lamp is low tonight"], options))
    licences = 'allow = ["inversion", "feminine", "pyrrhic"]'
    form = parse(f'again = ["."]\nmetre = "iambic 3"\n{licences}\n', "own", "own")
    assert quatrain.check([line.text for line in measured], form).kept


@pytest.mark.slow
def test_odd_lines_stop_nobody(verse: Writer) -> None:
    odd = ["❦❦❦", "\x1b[2J\u202eאבג", "日本語の詩", "x" * 5000, "...", "_", "1,000,000 €"]
    for poet in (verse, quatrain.load("letters")):
        filling = poet.fill([*odd, *[""] * 7], WriteOptions(form="sonnet", seed=1), only=[13, 14])
        assert [line.number for line in islice(filling, 2)] == [13, 14]
