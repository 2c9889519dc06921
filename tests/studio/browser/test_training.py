"""A writer trains a muse on texts of their own, and writes with it."""

import re
from pathlib import Path

from playwright.sync_api import expect
from tests.studio.browser.conftest import Sheet

TRAINING_MS = 180_000
"""Milliseconds that a short training may take, on a busy machine."""


def test_a_muse_is_trained_and_writes(own_sheet: Sheet, verse_file: Path) -> None:
    sheet = own_sheet.open(["the miller counts the broken cart"], form="free-verse")
    sheet.tool("Train a muse")
    dialog = sheet.dialog()
    dialog.locator("input[type=file]").set_input_files(verse_file)
    expect(dialog.locator(".report")).to_contain_text("1 file")
    dialog.get_by_label("name").fill("Ferry")
    dialog.get_by_label("start from").select_option("letters")
    dialog.get_by_label("minutes").fill("1")
    dialog.get_by_role("button", name="Train", exact=True).click()
    run = dialog.locator(".runs article")
    expect(run.locator("figcaption")).to_contain_text("Loss", timeout=TRAINING_MS)
    stop = run.get_by_role("button", name="Stop")
    if stop.is_visible():
        stop.click()
        sheet.page.get_by_role("button", name="Stop training").click()
    over = re.compile("stopped at|done; it is among the muses")
    expect(run).to_contain_text(over, timeout=TRAINING_MS)
    dialog.get_by_role("button", name="Close").first.click()

    sheet.page.locator("#muses > summary").click()
    sheet.page.get_by_role("checkbox", name="Ferry").check()
    sheet.page.get_by_role("checkbox", name="Verse").uncheck()
    expect(sheet.page.locator("#muses > summary")).to_have_text("Ferry")
    sheet.page.keyboard.press("Escape")
    sheet.page.locator(".bar [data-do=write]").click()
    expect(sheet.field(2)).not_to_have_value("", timeout=TRAINING_MS)
    expect(sheet.page.locator(".bar [data-do=write]")).to_have_text("Write", timeout=TRAINING_MS)
    sheet.saved()
    document = sheet.desk.ask("GET", f"/api/drafts/{sheet.identifier}")["document"]
    assert document["lines"][1]["by"] not in ("", "verse")
    assert document["lines"][1]["text"]
