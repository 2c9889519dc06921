"""The check of a draft on the page: JSON with offsets of two kinds, and faults for the terminal."""

import json

from quatrain.page import draft as page
from quatrain.records import DraftCheck, DraftLine, Fault, LikelyForm, Repair, SyllableMark

FAULT = Fault(
    "metre",
    "one syllable too many",
    "*the* has no place.",
    ((2, 5),),
    (Repair("Leave out *the*, and it keeps the metre.", "🌊 lamp"),),
)
LINE = DraftLine(
    1,
    "🌊 the lamp",
    "broken",
    syllables=2,
    wanted="iambic 1",
    rhyme="A",
    mates=(2,),
    rhyme_span=(7, 10),
    syllable_marks=(SyllableMark(2, 5, "extra"), SyllableMark(6, 10, "beat")),
    feet=((2, 10),),
    faults=(FAULT,),
)
EMPTY = DraftLine(2, "", "empty", rhyme="A", mates=(1,), wish="rhymes with line 1, *lamp*")
CHECK = DraftCheck(
    "made", "Made", "iambic monometer", "1 of 2 lines", False, False, (),
    (LikelyForm("haiku", "haiku", "3 lines"),), (LINE, EMPTY),
)  # fmt: skip


def test_json_has_every_field() -> None:
    record = json.loads(page.as_json(CHECK))
    assert list(record) == [
        "form", "form_title", "metre", "summary", "kept", "complete", "faults", "likely_forms",
        "lines",
    ]  # fmt: skip
    first, second = record["lines"]
    assert first["rhyme_span"] == [7, 10]
    assert first["syllable_marks"][0] == {"start": 2, "end": 5, "stress": "extra"}
    assert first["faults"][0]["repairs"] == [
        {"label": "Leave out *the*, and it keeps the metre.", "text": "🌊 lamp"}
    ]
    assert (second["rhyme_span"], second["wish"]) == (None, "rhymes with line 1, *lamp*")
    assert record["likely_forms"] == [{"name": "haiku", "title": "haiku", "why": "3 lines"}]


def test_offsets_in_utf16_units() -> None:
    first = json.loads(page.as_json(CHECK, utf16=True))["lines"][0]
    assert first["rhyme_span"] == [8, 11]
    assert first["feet"] == [[3, 11]]
    assert first["faults"][0]["spans"] == [[3, 6]]
    assert [mark["start"] for mark in first["syllable_marks"]] == [3, 7]


def test_faults_for_the_terminal() -> None:
    assert page.faults_as_text(CHECK).plain == (
        "Line 1, one syllable too many: the has no place.\n"
        "    🌊 lamp\n"
        "      Leave out the, and it keeps the metre."
    )
