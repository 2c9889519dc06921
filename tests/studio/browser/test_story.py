"""A writer at the desk: write a quatrain, mend it, have the rest written, change one's mind."""

import re

from playwright.sync_api import expect
from tests.studio.browser.conftest import Sheet

QUATRAIN = [
    "I swept the kitchen twice before you came",
    "and set the two cups where one had always stood;",
    "the kettle held above its patient flame",
    "and I forgot to ask if all was well.",
]
OCTAVE = [
    "I swept the kitchen twice before you came",
    "and set two cups where one had always stood;",
    "the kettle held above its patient flame",
    "the only breath the room had drawn for good.",
    "You put your suitcase down beside the door",
    "and stood as strangers stand in station halls,",
    "while light I had not noticed there before",
    "went slowly up and down the kitchen walls.",
]
WRITING_MS = 90_000
"""Milliseconds that lines may take to be written, on a busy machine."""


def test_a_quatrain_is_typed_judged_and_mended(sheet: Sheet) -> None:
    sheet.open(form="shakespearean-sonnet")
    expect(sheet.page.locator(".line")).to_have_count(14)
    sheet.field(1).click()
    for line in QUATRAIN:
        sheet.page.keyboard.type(line)
        sheet.page.keyboard.press("Enter")
    sheet.checked().saved()

    assert sheet.texts()[:4] == QUATRAIN
    expect(sheet.line(1).locator(".n")).to_have_text("10")
    expect(sheet.line(1).locator(".letter")).to_have_text("A")
    expect(sheet.line(3).locator(".letter")).to_have_text("A")
    expect(sheet.line(2).locator(".brief")).to_have_text("one syllable too many")
    expect(sheet.line(4).locator(".brief")).to_contain_text("rhyme")
    expect(sheet.line(5).locator(".hint")).to_contain_text("iambic 5")
    expect(sheet.state).to_contain_text("4 of 14 lines")

    sheet.field(2).click()
    sheet.line(2).locator(".mend").first.click()
    sheet.checked()
    expect(sheet.line(2)).not_to_have_class(re.compile(r"\bbad\b"))

    sheet.field(4).click()
    sheet.page.keyboard.press("End")
    sheet.page.locator(".bar [data-do=word]").click()
    words = sheet.page.locator("#word .groups").get_by_role("button")
    words.filter(has_text=re.compile(r"^good\b")).first.click()
    sheet.checked().saved()
    assert sheet.texts()[3] == "and I forgot to ask if all was good."
    expect(sheet.line(4)).not_to_have_class(re.compile(r"\bbad\b"))
    assert sheet.desk.lines(sheet.identifier)[:4] == sheet.texts()[:4]


def test_lines_are_locked_written_redone_and_replaced(sheet: Sheet) -> None:
    sheet.open(OCTAVE, form="shakespearean-sonnet")
    for number in (1, 4):
        sheet.line(number).hover()
        sheet.act(number, "lock").click()
        expect(sheet.act(number, "lock")).to_have_attribute("aria-pressed", "true")
    sheet.page.locator(".bar [data-do=write]").click()
    expect(sheet.page.locator(".bar [data-do=write]")).to_have_text("Stop")
    expect(sheet.page.locator(".bar [data-do=write]")).to_have_text("Write", timeout=WRITING_MS)
    sheet.checked().saved()
    written = sheet.texts()
    assert written[:8] == OCTAVE
    assert all(written)
    assert len(written) == 14
    expect(sheet.page.locator(".line.bad")).to_have_count(0)

    sheet.line(10).hover()
    sheet.act(10, "redo").click()
    expect(sheet.field(10)).not_to_have_value(written[9], timeout=WRITING_MS)
    expect(sheet.page.locator(".bar [data-do=write]")).to_have_text("Write", timeout=WRITING_MS)
    redone = sheet.texts()
    assert redone[:9] + redone[10:] == written[:9] + written[10:]

    sheet.line(6).hover()
    sheet.act(6, "others").click()
    other = sheet.line(6).locator(".others li button").first
    other.wait_for(timeout=WRITING_MS)
    text = other.locator(".alt").inner_text()
    other.click()
    expect(sheet.field(6)).to_have_value(text)
    sheet.checked().saved()
    expect(sheet.page.locator(".line.bad")).to_have_count(0)
    assert sheet.desk.lines(sheet.identifier) == sheet.texts()

    sheet.line(4).hover()
    expect(sheet.act(4, "redo")).to_have_count(0)
    sheet.field(4).click()
    sheet.page.keyboard.insert_text("not this")
    assert sheet.texts()[3] == OCTAVE[3]


def test_a_line_that_was_begun_is_finished(sheet: Sheet) -> None:
    sheet.open([*OCTAVE[:7], "went slowly up"], form="shakespearean-sonnet")
    sheet.line(8).hover()
    sheet.act(8, "finish").click()
    end = sheet.line(8).locator(".others li button").first
    end.wait_for(timeout=WRITING_MS)
    end.click()
    sheet.checked()
    assert sheet.texts()[7].startswith("went slowly up ")
    expect(sheet.page.locator(".line.bad")).to_have_count(0)


def test_writing_is_stopped_and_keeps_what_is_there(sheet: Sheet) -> None:
    sheet.open(OCTAVE[:4], form="shakespearean-sonnet")
    sheet.page.keyboard.press("Control+Enter")
    expect(sheet.field(5)).not_to_have_value("", timeout=WRITING_MS)
    sheet.page.keyboard.press("Control+Enter")
    expect(sheet.page.locator(".bar [data-do=write]")).to_have_text("Write")
    sheet.checked().saved()
    texts = sheet.texts()
    assert texts[:4] == OCTAVE[:4]
    assert texts[4]
    assert not texts[13]
    assert sheet.desk.lines(sheet.identifier)[4] == texts[4]


def test_undo_and_redo_outlive_a_reload(sheet: Sheet) -> None:
    sheet.open(OCTAVE[:2]).put(2, "and put one cup where two had always stood.").saved()
    sheet.line(1).hover()
    sheet.act(1, "lock").click()
    sheet.saved()
    sheet.page.reload()
    sheet.ready()
    sheet.page.keyboard.press("Control+z")
    sheet.page.keyboard.press("Control+z")  # before the first is answered
    expect(sheet.field(2)).to_have_value(OCTAVE[1])
    sheet.page.locator(".foot [data-do=again]").click()
    expect(sheet.field(2)).to_have_value("and put one cup where two had always stood.")


def test_lines_typed_before_the_first_check_stay_apart(sheet: Sheet) -> None:
    sheet.page.route("**/api/check", lambda route: None)  # the server is still starting
    sheet.page.goto(f"{sheet.desk.address}/?draft={sheet.desk.draft(form='shakespearean-sonnet')}")
    sheet.page.locator("#poem[data-ready]").wait_for()
    sheet.field(1).click()
    for line in OCTAVE[:3]:
        sheet.page.keyboard.insert_text(line)
        sheet.page.keyboard.press("Enter")
    assert sheet.texts()[:3] == OCTAVE[:3]


def test_a_note_stays_while_the_pointer_rests_on_another_line(sheet: Sheet) -> None:
    sheet.open(QUATRAIN, form="shakespearean-sonnet")
    sheet.field(1).click()
    sheet.page.keyboard.press("ArrowDown")
    expect(sheet.line(2).locator(".note")).to_be_visible()
    sheet.line(3).hover()
    expect(sheet.line(2).locator(".note")).to_be_hidden()


def test_the_likeliest_form_is_offered_and_taken(sheet: Sheet) -> None:
    sheet.open(OCTAVE)
    offer = sheet.page.locator("#below .offer").get_by_role("button", name=re.compile("sonnet"))
    offer.first.click()
    sheet.checked()
    expect(sheet.page.locator("#form")).to_have_value("shakespearean-sonnet")
    expect(sheet.page.locator(".line")).to_have_count(14)
    expect(sheet.line(9).locator(".hint")).to_contain_text("iambic 5")


def test_the_caret_stays_where_one_types(sheet: Sheet) -> None:
    sheet.open(OCTAVE, form="shakespearean-sonnet")
    field = sheet.field(2)
    field.click()
    field.evaluate("field => field.setSelectionRange(4, 7)")
    for letter in "put":
        sheet.page.keyboard.type(letter)
        sheet.checked()
    assert field.evaluate("field => field.selectionStart") == 7
    expect(field).to_have_value("and put two cups where one had always stood;")
