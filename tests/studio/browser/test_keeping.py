"""Nothing is lost: reloads, two tabs, a server that is killed, files out and in."""

import json
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.studio.browser.conftest import Desk, Sheet

POEM = [
    "The ferry left without us. On the quay",
    "a boy was selling cherries by the cone;",
    'you said, "We have till four," and laughed at me',
    "for counting hours that were not my own.",
]


def test_a_reload_keeps_the_text(sheet: Sheet) -> None:
    sheet.open(POEM[:1])
    sheet.field(1).click()
    sheet.page.keyboard.press("End")
    sheet.page.keyboard.type(" that day")
    sheet.page.reload()  # before the pause after which the draft is saved
    sheet.ready().saved()
    expect(sheet.field(1)).to_have_value(f"{POEM[0]} that day")
    assert sheet.desk.lines(sheet.identifier) == [f"{POEM[0]} that day"]


@pytest.mark.parametrize("choice", ["Keep both", "Keep mine", "Take theirs"])
def test_two_tabs_show_their_conflict_and_lose_nothing(
    sheet: Sheet, tab: Callable[[Sheet], Sheet], choice: str
) -> None:
    second = tab(sheet.open(POEM))
    draft = sheet.identifier
    sheet.put(1, "The ferry left us standing on the quay").saved()
    second.put(4, "for counting hours I would never own.")
    dialog = second.dialog()
    expect(dialog).to_contain_text("changed in another window")
    for words in ("us standing on", "without us. On", "that were not my", "I would never"):
        expect(dialog).to_contain_text(words)

    dialog.get_by_role("button", name=choice).click()
    expect(second.dialog()).to_have_count(0)
    second.checked().saved()
    theirs = ["The ferry left us standing on the quay", *POEM[1:]]
    mine = [*POEM[:3], "for counting hours I would never own."]
    if choice == "Keep both":
        assert second.identifier != draft
        assert second.desk.lines(draft) == theirs
        assert second.desk.lines(second.identifier) == mine
        return
    kept, other = (mine, theirs) if choice == "Keep mine" else (theirs, mine)
    assert second.desk.lines(draft) == kept
    second.page.locator(".foot [data-do=undo]").click()
    expect(second.field(1)).to_have_value(other[0])
    assert second.texts() == other


def test_a_killed_server_loses_nothing_while_the_page_stays(own_sheet: Sheet) -> None:
    sheet = own_sheet.open(POEM[:1])
    sheet.page.keyboard.press("Control+End")
    sheet.field(1).click()
    sheet.page.keyboard.press("End")
    sheet.page.keyboard.press("Enter")
    sheet.page.keyboard.type(POEM[1][:20])
    sheet.desk.kill()
    sheet.page.keyboard.type(POEM[1][20:])
    sheet.page.keyboard.press("Enter")
    sheet.page.keyboard.type(POEM[2])
    expect(sheet.state).to_contain_text("kept in this browser")
    sheet.desk.start()
    sheet.saved().checked()
    assert sheet.texts() == POEM[:3]
    assert sheet.desk.lines(sheet.identifier) == POEM[:3]


def test_a_killed_server_loses_nothing_if_the_page_is_closed_too(own_sheet: Sheet) -> None:
    sheet = own_sheet.open(POEM[:1])
    draft = sheet.identifier
    sheet.desk.kill()
    sheet.put(1, POEM[0].upper())
    expect(sheet.state).to_contain_text("kept in this browser")
    context = sheet.page.context
    sheet.page.close()
    sheet.desk.start()
    again = Sheet(context.new_page(), sheet.desk).show(draft).saved()
    expect(again.field(1)).to_have_value(POEM[0].upper())
    assert again.desk.lines(draft) == [POEM[0].upper()]


@pytest.mark.parametrize("name", ["Plain text", "Markdown", "TEI", "JSON"])
def test_what_is_exported_is_imported_again(sheet: Sheet, tmp_path: Path, name: str) -> None:
    title = 'Cherries & "Sun" <1>'
    sheet.open(POEM, title=title)
    sheet.tool("Export and print")
    with sheet.page.expect_download() as download:
        sheet.dialog().get_by_role("link", name=name, exact=True).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    sheet.dialog().get_by_role("button", name="Close").click()

    draft = sheet.identifier
    sheet.page.locator("#drafts").click()
    sheet.page.get_by_role("button", name="Import", exact=True).click()
    sheet.dialog().locator("input[type=file]").set_input_files(file)
    expect(sheet.dialog()).to_contain_text("1 draft imported")
    sheet.dialog().get_by_role("button", name="Close").click()
    assert sheet.identifier != draft
    assert sheet.ready().texts() == POEM
    if name != "Plain text":  # a first line of its own could be verse
        expect(sheet.page.locator("#title")).to_have_value(title)


@pytest.mark.parametrize("name", ["Web page", "LaTeX"])
def test_an_export_has_every_word(sheet: Sheet, name: str) -> None:
    sheet.open(POEM, title="Cherries")
    sheet.tool("Export and print")
    with sheet.page.expect_download() as download:
        sheet.dialog().get_by_role("link", name=name, exact=True).click()
    written = unescape(Path(download.value.path()).read_text(encoding="utf-8"))
    for line in ("Cherries", POEM[0], POEM[1], POEM[3]):
        assert line in written


@pytest.mark.parametrize("scansion", [False, True])
def test_the_printed_sheet_has_the_poem(sheet: Sheet, scansion: bool) -> None:
    sheet.open(POEM, title="Cherries")
    sheet.tool("Export and print")
    sheet.dialog().get_by_label("with scansion").set_checked(scansion)
    with sheet.page.expect_popup() as popup:
        sheet.dialog().get_by_role("button", name="Print").click()
    popup.value.wait_for_load_state()
    expect(popup.value.locator("rt").first).to_be_visible(visible=scansion)
    popup.value.evaluate("document.querySelectorAll('rt').forEach(marks => marks.remove())")
    written = " ".join(popup.value.locator("body").inner_text().split())
    assert POEM[1] in written


def test_versions_are_named_compared_and_restored(sheet: Sheet) -> None:
    sheet.open(POEM, title="Cherries")
    sheet.page.locator("#drafts").click()
    drawer = sheet.page.locator("#drawer")
    drawer.get_by_label("Name of a new version").fill("before the rain")
    drawer.get_by_role("button", name="Keep", exact=True).click()
    version = drawer.locator(".versions").get_by_role("button", name="before the rain")
    version.wait_for()
    sheet.put(2, "a girl was selling cherries by the cone;").saved()
    version.click()
    expect(sheet.dialog()).to_contain_text("1 of 4 lines differ")
    sheet.dialog().get_by_role("button", name="Go back to").click()
    expect(sheet.dialog()).to_have_count(0)
    expect(sheet.field(2)).to_have_value(POEM[1])


def test_drafts_are_found_moved_put_in_the_trash_and_recovered(own_sheet: Sheet) -> None:
    sheet = own_sheet
    sheet.desk.draft(["Another poem, of another day"], title="Other")
    sheet.open(POEM, title="Cherries")
    drawer = sheet.page.locator("#drawer")
    sheet.page.locator("#drafts").click()
    drawer.get_by_label("Search drafts").fill("by the cone")
    expect(drawer.locator(".drafts li")).to_have_count(1)
    drawer.get_by_label("What to do with Cherries").click()
    drawer.get_by_label("Folder", exact=True).fill("Summer")
    drawer.get_by_role("button", name="Move").click()
    expect(drawer.get_by_label("show").locator("option", has_text="Summer")).to_have_count(1)
    drawer.get_by_label("What to do with Cherries").click()
    drawer.get_by_role("button", name="Put in the trash").click()
    expect(drawer.locator(".drafts li")).to_have_count(0)
    drawer.get_by_label("Search drafts").fill("")
    drawer.get_by_label("show").select_option("trash")
    drawer.get_by_label("What to do with Cherries").click()
    drawer.get_by_role("button", name="Recover").click()
    expect(drawer.locator(".drafts li")).to_have_count(0)
    titles = {draft["title"] for draft in sheet.desk.ask("GET", "/api/drafts")["drafts"]}
    assert {"Cherries", "Other"} <= titles


def test_an_old_draft_opens_by_its_address(sheet: Sheet, desk: Desk) -> None:
    first = desk.draft(POEM[:1])
    sheet.open(POEM[1:2])
    sheet.show(first)
    assert sheet.texts() == POEM[:1]
    assert json.loads(sheet.page.evaluate("JSON.stringify(localStorage['quatrain:last'])")) == first
