"""The panels around the sheet: by keyboard, in the dark, read aloud, and with much in them."""

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs playwright")

from playwright.sync_api import Page, expect
from tests.studio.browser.conftest import Sheet

LINES = ("The lamps are lit along the harbour wall,", "and every boat has folded up its wing.")

VOICES = """
const voice = (name, localService) => ({ name, localService, voiceURI: name, lang: "en-GB" });
window.spoken = [];
let timers = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
speechSynthesis.getVoices = () => [voice("Near", true), voice("Far", false)];
speechSynthesis.cancel = () => { timers.forEach(clearTimeout); timers = []; };
speechSynthesis.speak = said => {
  window.spoken.push(said.text);
  const words = [...said.text.matchAll(/\\S+/g)];
  words.forEach((word, i) => timers.push(setTimeout(() => said.onboundary(
    { name: "word", charIndex: word.index, charLength: word[0].length }), 200 * i)));
  timers.push(setTimeout(() => said.onend({}), 200 * words.length));
};
"""
"""Voices that say a word every 200 ms without a sound: a test machine has none of its own."""


def _focused(page: Page) -> str:
    name: str = page.evaluate(
        "document.activeElement.ariaLabel || document.activeElement.textContent"
    )
    return name


def test_a_poem_is_read_aloud_and_the_word_is_marked(sheet: Sheet) -> None:
    page = sheet.page
    page.add_init_script(VOICES)
    sheet.open(LINES)
    sheet.field(2).focus()
    page.keyboard.press("Alt+Shift+R")
    expect(page.locator(".reading mark")).to_have_text("every")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    word = page.locator(".reading mark").inner_text()
    assert "".join(page.locator("#line-2 mark").all_inner_texts()) == word
    expect(page.locator(".reading option", has_text="Far")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(".reading")).to_have_count(0)
    assert page.evaluate("spoken") == [LINES[1], LINES[1][LINES[1].index(word) :]]
    assert _focused(page).startswith("Line 2")
    assert page.locator("#poem mark, .aloud").count() == 0


def test_a_browser_without_a_voice_says_so(sheet: Sheet) -> None:
    sheet.page.add_init_script("speechSynthesis.getVoices = () => []")
    sheet.open(LINES).tool("Read aloud")
    expect(sheet.page.locator(".reading")).to_contain_text("has no voice of its own")
    sheet.page.keyboard.press("Escape")
    expect(sheet.page.locator(".reading")).to_have_count(0)


def test_the_theme_is_kept_and_reaches_other_tabs(sheet: Sheet) -> None:
    page = sheet.open(LINES).page
    other = Sheet(page.context.new_page(), sheet.desk).show(sheet.identifier).page
    page.locator("#more > summary").click()
    page.get_by_label("dark", exact=True).check()
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("#poem[data-ready]").wait_for()
    page.locator("#more > summary").click()
    page.get_by_label("as the system").check()
    expect(other.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_the_drawer_over_the_sheet_keeps_the_focus_until_it_is_closed(sheet: Sheet) -> None:
    page = sheet.open(LINES).page
    page.set_viewport_size({"width": 375, "height": 800})
    page.locator("#drafts").press("Enter")
    expect(page.locator(".drafts li").first).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('#drawer *, body')")
    page.locator("#drawer button").first.focus()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator("#drafts")).to_be_focused()
    sheet.put(1, "A gull complains of all.").saved()


def test_a_dialog_returns_the_focus_to_the_text(sheet: Sheet) -> None:
    page = sheet.open(LINES).page
    for key, title in (("E", "Export and print"), ("T", "Train a muse")):
        sheet.field(2).focus()
        page.keyboard.press(f"Alt+Shift+{key}")
        expect(sheet.dialog().get_by_role("heading", name=title)).to_be_focused()
        page.keyboard.press("Escape")
        expect(sheet.dialog()).to_have_count(0)
        assert _focused(page).startswith("Line 2")


def test_a_file_that_is_not_unicode_is_read_and_the_guess_is_told(
    sheet: Sheet, tmp_path: Path
) -> None:
    file = tmp_path / "café.txt"
    file.write_bytes("The café closes early in the snow,\nand no one wants to go.".encode("cp1252"))
    page = sheet.open(LINES).page
    page.locator("#drafts").click()
    page.get_by_role("button", name="Import").click()
    sheet.dialog().locator("input[type=file]").set_input_files(file)
    expect(sheet.dialog()).to_contain_text("read as Windows-1252")
    page.keyboard.press("Escape")
    assert sheet.texts()[0] == "The café closes early in the snow,"


def test_a_long_comparison_shows_what_differs(sheet: Sheet) -> None:
    lines = [f"The {number}. wave comes in along the wall" for number in range(600)]
    page = sheet.open(lines).page
    page.locator("#drafts").click()
    page.get_by_label("Name of a new version").fill("high water")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.locator(".versions button").wait_for()
    sheet.put(2, "The 1. wave goes out along the wall").saved()
    page.locator(".versions button").click()
    expect(sheet.dialog()).to_contain_text("1 of 600 lines differ. Only those are shown.")
    expect(sheet.dialog().locator(".compare .changed ins").first).to_contain_text("goes out")
    assert sheet.dialog().locator(".compare .same").count() == 0
