"""Hostile verse is text: no script runs, whatever a poem, a title or the name of a file says."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.studio.browser.conftest import Sheet

HOSTILE = [
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "\u202ethe night is read from right to left\u202c",
    "\"'><svg/onload=window.hacked=1>",
    "javascript:window.hacked=1 ${window.hacked=1} {{window.hacked=1}}",
    "</textarea></title><script>window.hacked=1</script>",
    "a\u0000null, a \U0001f600 smile, e\u0301 and \u200b nothing",
]
TITLE = '</title><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'


def hacked(page: Page) -> bool:
    return bool(page.evaluate("'hacked' in window"))


def test_hostile_verse_is_shown_as_text(sheet: Sheet, tmp_path: Path) -> None:
    lines = [line.replace("\u0000", " ") for line in HOSTILE]
    sheet.open(lines, title=TITLE, theme=TITLE).saved()
    assert sheet.texts() == lines
    expect(sheet.page.locator("#title")).to_have_value(TITLE)
    sheet.page.locator("#drafts").click()
    drawer = sheet.page.locator("#drawer")
    expect(drawer.locator(".drafts")).to_contain_text("<script>window.hacked=1</script>")
    drawer.get_by_label("Name of a new version").fill(TITLE)
    drawer.get_by_role("button", name="Keep", exact=True).click()
    drawer.locator(".versions").get_by_role("button").click()
    expect(sheet.dialog()).to_contain_text(TITLE)
    sheet.dialog().get_by_role("button", name="Close").click()

    file = tmp_path / "<img src=x onerror=window.hacked=1>.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    sheet.page.get_by_role("button", name="Import", exact=True).click()
    sheet.dialog().locator("input[type=file]").set_input_files(file)
    expect(sheet.dialog()).to_contain_text("<img src=x onerror=window.hacked=1>.txt")
    assert not hacked(sheet.page)
    assert sheet.page.locator("#poem script, #poem img, #drawer img, dialog img").count() == 0


@pytest.mark.parametrize("kind", ["html", "print", "tei", "markdown", "latex", "text", "json"])
def test_no_export_of_hostile_verse_runs_a_script(sheet: Sheet, tmp_path: Path, kind: str) -> None:
    draft = sheet.desk.draft([line.replace("\u0000", " ") for line in HOSTILE], title=TITLE)
    path = f"{sheet.desk.address}/api/drafts/{draft}/export?format={kind}&scansion=true"
    answer = sheet.page.request.get(path)
    assert answer.ok, answer.text()
    file = tmp_path / f"export.{'html' if kind in ('html', 'print') else kind}"
    file.write_bytes(answer.body())
    if kind in ("html", "print"):
        content = file.read_text(encoding="utf-8")
        sheet.page.set_content(content)  # without the server's headers, as a file would be opened
        assert not hacked(sheet.page)
        assert "window.hacked=1" in sheet.page.locator("body").inner_text()


def test_the_page_is_served_with_a_strict_policy(sheet: Sheet) -> None:
    policy = sheet.page.request.get(sheet.desk.address).headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
