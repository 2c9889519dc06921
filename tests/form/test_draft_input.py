"""A draft of anything: other scripts, emoji, long lines, many lines, forms from files."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from quatrain.errors import FormError
from quatrain.form import DraftChecker, names
from quatrain.page import draft as page
from quatrain.records import DraftCheck

AssertSound = Callable[[DraftCheck], None]

STRANGE = [
    "",
    " ",
    "\u202eThe lamp is lit behind the window sill\u202c",
    "the 🌊 comes in at 7 and the boats go out",
    "👩‍👩‍👧 🏳️‍🌈",
    "１９９０ 42 3.14 $5",
    "'tis the th' o' e'er",
    "e\u0301toile e\u0301toile e\u0301toile cafe\u0301",
    "Ω and π and ﬁne ﬂour",
    "שלום עולם",
    "夜の海",
    "a\u0301\u0302\u0303\u0304b",
    "<script>alert(1)</script>",
    "---",
    "the\tlamp\u00a0is\u2003lit",
    "a" * 5000,
    "lamp " * 3000,
    "\x00\x07 lamp",
    "Mr. and Mrs. Lamp, etc., 24/7 & c/o 1st",
    "\ud7ff\ue000\U0010ffff",
]


@pytest.fixture(scope="module")
def checker() -> DraftChecker:
    return DraftChecker()


@pytest.mark.parametrize("form", [None, "haiku", "sonnet", "villanelle", "ballad", "free-verse"])
def test_strange_lines(form: str | None, checker: DraftChecker, assert_sound: AssertSound) -> None:
    draft = checker.check(STRANGE, form)
    assert_sound(draft)
    assert [line.text for line in draft.lines[: len(STRANGE)]] == [
        line if line.strip() else "" for line in STRANGE
    ]


@pytest.mark.slow
def test_any_mixture_of_lines_in_any_form(checker: DraftChecker, assert_sound: AssertSound) -> None:
    chance = random.Random(3)
    verse = ["The lamps are lit along the quay,", "a cold wind tonight", "and so to bed"]
    for _ in range(60):
        form = chance.choice([None, *names()])
        lines = chance.choices([*STRANGE, *verse, "", ""], k=chance.randrange(45))
        gaps = [chance.random() < 0.3 for _ in lines]
        assert_sound(checker.check(lines, form, chance.choice(["", "iambic 4"]), gaps))


def test_offsets_in_utf16_units(checker: DraftChecker) -> None:
    draft = checker.check(["🌊 the lamp"])
    (line,) = json.loads(page.as_json(draft))["lines"]
    (wide,) = json.loads(page.as_json(draft, utf16=True))["lines"]
    assert [mark["start"] for mark in line["syllable_marks"]] == [2, 6]
    assert [mark["start"] for mark in wide["syllable_marks"]] == [3, 7]


def test_a_line_that_is_too_long_is_read_in_part(
    checker: DraftChecker, assert_sound: AssertSound
) -> None:
    draft = checker.check(["the lamp is lit " * 10_000], "blank-verse")
    assert "only the first 1,000 characters are read" in draft.lines[0].notes
    assert_sound(draft)


def test_a_form_from_a_file(checker: DraftChecker, tmp_path: Path) -> None:
    path = tmp_path / "sea-song.toml"
    path.write_text(
        'title = "Sea song"\nstanzas = ["ABAB", "CC"]\nmetre = ["iambic 4", "iambic 3"]\n'
        "gaps = [3]\nindents = [6]\n",
        encoding="utf-8",
    )
    draft = checker.check(["", "The boats are out at sea"], path)
    assert [line.number for line in draft.lines if line.gap] == [3, 5]
    assert [line.number for line in draft.lines if line.indent] == [2, 4, 6]
    assert draft.lines[3].wish == "iambic 3, rhymes with line 2, *sea*"
    with pytest.raises(FormError):
        checker.check([], tmp_path / "none.toml")


@pytest.mark.slow
def test_ten_thousand_lines(checker: DraftChecker) -> None:
    lines = ["The lamps are lit along the quay,", "and one by one the boats come in."] * 5000
    for form in (None, "free-verse"):
        draft = checker.check(lines, form)
        assert len(draft.lines) >= 10_000
        assert "lines after 1,000 are only counted" in draft.summary
        assert draft.lines[9999].syllables == 8


@pytest.mark.parametrize("metre", ["iambic 5", "iambic pentameter", " Iambic  Pentameter "])
def test_a_metre_may_be_named_as_a_check_names_it(metre: str) -> None:
    checked = DraftChecker().check(["I swept the kitchen twice before you came"], metre=metre)
    assert checked.lines[0].state == "kept"
    assert checked.lines[0].wanted == "iambic 5"
