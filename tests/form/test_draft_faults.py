"""What a draft breaks, in words, and the changes that mend it: each is checked to keep the form."""

import pytest

from quatrain.form import DraftChecker, check, parse
from quatrain.form.draft.line.parts import LineAnalyst
from quatrain.form.metre import MetreReader, metre_with
from quatrain.records import Fault, Poem
from quatrain.sound import Ear

PENTAMETER = """of climbing the hills to where the lanterns burn
I do not know if I am going to the sea tonight
The river runs in to the sea
She sings softly in the garden of the night
he walked into the kitchen and he sat down
There is a light behind the hills tonight again
And so I turned the handle of door
We walked under the elms and we talked of nothing
I will not go down to the river tonight
Under the bridge the water is moving slow
Every morning the bells begin to ring
the moon is bright and cold and the stars are clear
All night long the wind was in the orchard trees
she said that they were coming, she was sure
thou art the lamp that burneth over the harbour side
I have not slept, I am awake tonight
the kettle sang, the clock ticked on wall
It is the rain that drums on the roof all night"""
"""Lines of which most are no pentameter, each in another way."""


@pytest.fixture(scope="module")
def checker() -> DraftChecker:
    return DraftChecker()


def fault_of(checker: DraftChecker, line: str, form: str = "blank-verse") -> Fault:
    (fault,) = checker.check([line], form).lines[0].faults
    return fault


@pytest.mark.parametrize(
    ("line", "brief", "message", "concerned"),
    [
        (
            "And so I turned the handle of door",
            "one beat missing",
            "Nine syllables, and the line needs ten. It stops before its last beat.",
            [],
        ),
        (
            "There is a light behind the hills tonight again",
            "two syllables too many",
            "Twelve syllables, and the line has room for ten. *again* comes after the last beat.",
            ["a", "gain"],
        ),
        (
            "I see the mountain above the lake",
            "one beat missing",
            "Nine syllables, and the line needs ten. *-tain* and *a-* are both weak and stand side "
            "by side, so every beat after them comes late. It stops before its last beat.",
            ["tain", "a"],
        ),
        (
            "the window begins to darken and so do I",
            "one syllable too many",
            "Twelve syllables, and the line has room for eleven, the last of them weak. *-dow* and "
            "*be-* are both weak and stand side by side, so every beat after them comes late.",
            ["dow", "be"],
        ),
        ("... ... ...", "no words", "The line has no words to scan.", []),
    ],
)
def test_a_fault_says_why(
    checker: DraftChecker, line: str, brief: str, message: str, concerned: list[str]
) -> None:
    fault = fault_of(checker, line)
    assert (fault.asked, fault.brief, fault.message) == ("metre", brief, message)
    assert [line[start:end] for start, end in fault.spans] == concerned


@pytest.mark.parametrize(
    ("line", "label", "text"),
    [
        (
            "of climbing the hills to where the lanterns burn",
            "Leave out *the*, and it keeps the metre.",
            "of climbing hills to where the lanterns burn",
        ),
        (
            "And so I turned the handle of door",
            "Add *the* before *door*, and it keeps the metre.",
            "And so I turned the handle of the door",
        ),
        (
            "The gate is open and it is nearly night",
            "Write *it's* for *it is*, and it keeps the metre.",
            "The gate is open and it's nearly night",
        ),
    ],
)
def test_a_repair_changes_little(checker: DraftChecker, line: str, label: str, text: str) -> None:
    repairs = {repair.label: repair.text for repair in fault_of(checker, line).repairs}
    assert repairs[label] == text


def test_every_repair_keeps_the_form(checker: DraftChecker) -> None:
    found = 0
    for line in PENTAMETER.splitlines():
        for faulty in checker.check([line], "blank-verse").lines[0].faults:
            for repair in faulty.repairs:
                found += 1
                assert check(Poem.from_lines([repair.text]), "blank-verse").kept, repair
                assert repair.text != line
                assert repair.label.endswith(", and it keeps the metre.")
                assert repair.text.split()[-1] == line.split()[-1], "the rhyme stays"
    assert found >= 8


@pytest.mark.parametrize(
    ("acrostic", "repairs"),
    [
        ("", ["Then lamps upon the window sills"]),
        ("TA", ["And lamps upon the window sills"]),
        ("TO", []),
    ],
)
def test_a_repair_keeps_the_rhyme_and_the_acrostic(
    checker: DraftChecker, acrostic: str, repairs: list[str]
) -> None:
    toml = f'stanzas = ["AA"]\nmetre = "iambic 4"\nallow = ["inversion"]\nacrostic = "{acrostic}"'
    form = parse(toml, "made", "made.toml")
    lines = ["The lamps are burning on the hills", "And then the lamps upon the window sills"]
    faults = checker.check(lines, form).lines[1].faults
    assert [repair.text for repair in faults[0].repairs] == repairs
    for text in repairs:
        assert check(Poem.from_lines([lines[0], text]), form).kept


def test_repairs_take_the_quotation_marks_of_the_line(checker: DraftChecker) -> None:
    plain = fault_of(checker, "I know the neighbour's dog and I am going to bed").repairs
    curly = fault_of(checker, "I know the neighbour’s dog and I am going to bed").repairs
    assert [repair.text.replace("’", "'") for repair in curly] == [repair.text for repair in plain]
    assert all("'" not in repair.text for repair in curly)


def test_old_words_only_where_the_draft_has_some(checker: DraftChecker) -> None:
    line = "The moon is over the water and the hill"
    modern = fault_of(checker, line).repairs
    assert not any("o'er" in repair.text for repair in modern)
    old = checker.check([line, "and thou hast heard the bell below the hill"], "blank-verse")
    assert any("o'er" in repair.text for repair in old.lines[0].faults[0].repairs)


def test_a_rhyme_that_is_none(checker: DraftChecker) -> None:
    lines = ["The lamp is lit behind the window sill,", "and all the evening waits upon the road."]
    draft = checker.check(lines, "heroic-couplets")
    (fault,) = draft.lines[1].faults
    assert (fault.asked, fault.brief) == ("rhyme", "doesn't rhyme with line 1")
    assert fault.message.startswith("*road* doesn't rhyme with *sill* in line 1. For example, *")
    assert [lines[1][start:end] for start, end in fault.spans] == ["oad"]
    named = [word.strip("*") for word in fault.message.split() if word.startswith("*")][2:]
    assert named
    for word in (word.strip("*,.") for word in named):
        line = lines[1].replace("road", word)
        assert check(Poem.from_lines([lines[0], line]), "heroic-couplets").kept, word
    assert draft.summary == "2 lines; all keep the metre; line 2 doesn't rhyme"


def test_a_refrain_that_is_none(checker: DraftChecker) -> None:
    lines = ["The lamps are lit along the quay", "", "", "The lamps are out along the quay"]
    draft = checker.check(lines, "triolet")
    (fault,) = draft.lines[3].faults
    assert (fault.asked, fault.brief) == ("refrain", "not the refrain")
    assert [repair.text for repair in fault.repairs] == [lines[0]]
    assert draft.lines[6].wish == "line 1 again: The lamps are lit along the quay"
    assert checker.check(["", "", "", lines[3]], "triolet").lines[0].wish == (
        "line 4 again: The lamps are out along the quay"
    )


def test_a_short_line_lacks_whole_feet(checker: DraftChecker) -> None:
    draft = checker.check(["", "The boats come in"], "ballad")
    (fault,) = draft.lines[1].faults
    assert fault.brief == "one beat missing"
    assert fault.message.startswith("Four syllables, and the line needs six.")


def test_syllables_that_are_too_many(checker: DraftChecker) -> None:
    draft = checker.check(
        ["A cold wind tonight", "the gate swings open and shut again", ""], "haiku"
    )
    (fault,) = draft.lines[1].faults
    assert (fault.asked, fault.brief) == ("syllables", "two syllables too many")
    assert fault.message.startswith("Nine syllables, and the line has room for seven.")
    assert (draft.lines[1].syllables, draft.lines[1].wanted) == (9, "7 syllables")
    assert draft.lines[2].wish == "5 syllables"
    assert draft.summary == "2 of 3 lines; all have their syllables but line 2"


def test_lines_after_the_last(checker: DraftChecker) -> None:
    draft = checker.check(["An old lamp at dusk"] * 4, "haiku")
    assert draft.faults[0].brief == "one line too many"
    assert draft.lines[3].state == "broken"
    assert not draft.kept


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("someone", ["some", "one"]),
        ("climbing", ["climb", "ing"]),
        ("running", ["run", "ning"]),
        ("something", ["some", "thing"]),
        ("everyone", ["eve", "ry", "one"]),
        ("forever", ["fo", "re", "ver"]),
        ("homeward", ["home", "ward"]),
    ],
)
def test_words_are_cut_where_a_reader_expects(text: str, syllables: list[str]) -> None:
    parts = LineAnalyst(MetreReader(Ear())).parts(text, None)
    if len(parts.marks) == len(syllables):
        assert [text[mark.start : mark.end] for mark in parts.marks] == syllables


@pytest.mark.parametrize(
    ("text", "letters"),
    [("a quick", "ick"), ("the year,", "ear"), ("a memory", "y"), ("a harbour", "arbour"),
     ("café.", "é"), ("cafe\u0301.", "e\u0301"), ("at the quay!”", "ay")],
)  # fmt: skip
def test_the_rhyme_begins_with_its_vowel(text: str, letters: str) -> None:
    metre = metre_with("iambic", 2 if text == "a memory" else 1, {"feminine"})
    parts = LineAnalyst(MetreReader(Ear())).parts(text, metre)
    assert parts.rhyme_span is not None
    assert text[slice(*parts.rhyme_span)] == letters


def test_what_holds_of_a_word_twice_is_said_once(checker: DraftChecker) -> None:
    (line,) = checker.check(["the the the the the the the the the the"], metre="iambic 5").lines
    assert line.faults[0].message == "*the* is the third weak syllable in a row."
    assert len(line.faults[0].spans) == 2
