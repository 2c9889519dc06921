"""Everybody can use the page: axe-core finds nothing, the keyboard does all, a phone shows it."""

import re
from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("axe_playwright_python", reason="needs axe-playwright-python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.studio.browser.conftest import WAIT_MS, Desk, Sheet

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast"]}
"""What dark can change; the rest is the same as in light."""
LINES = [
    "I swept the kitchen twice before you came",
    "and set the two cups where one had always stood.",
    "The kettle ticked above its small blue flame.",
    "I had not said the plum was cut for wood.",
]
WRITING_MS = 90_000
"""Milliseconds that lines may take to be written, on a busy machine."""


def violations(page: Page) -> list[str]:
    """Return what axe-core finds, in light and in dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        rules = RULES if scheme == "light" else COLOURS
        answer = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
        found += [
            f"{scheme}: {rule['id']}: {node['target']}: {node['failureSummary']}"
            for rule in answer.response["violations"]
            for node in rule["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    return found


def poem(sheet: Sheet) -> None:
    """A sonnet whose second line is at fault, and looked at."""
    sheet.open(LINES, title="Two Cups", form="shakespearean-sonnet", theme="home")
    expect(sheet.page.locator(".line")).to_have_count(14)
    sheet.field(2).click()


def stress_and_lock(sheet: Sheet) -> None:
    poem(sheet)
    sheet.act(2, "lock").click()
    sheet.page.locator("[data-do=stress]:visible").click()


def alternatives(sheet: Sheet) -> None:
    poem(sheet)
    sheet.act(2, "others").click()
    sheet.line(2).locator(".others li").first.wait_for(timeout=WRITING_MS)


def word(sheet: Sheet) -> None:
    poem(sheet)
    sheet.page.locator("[data-do=word]:visible").click()
    sheet.page.locator("#word .groups button").first.wait_for()
    sheet.page.locator("#word .filters summary").click()


def drawer(sheet: Sheet) -> None:
    poem(sheet)
    sheet.page.locator("#drafts").click()
    panel = sheet.page.locator("#drawer")
    panel.get_by_label("Name of a new version").fill("first")
    panel.get_by_role("button", name="Keep", exact=True).click()
    panel.locator(".versions button").first.wait_for()
    panel.get_by_label("What to do with").first.click()


def comparison(sheet: Sheet) -> None:
    drawer(sheet)
    sheet.put(1, "I swept the kitchen once before you came")
    sheet.page.locator("#drawer .versions button").first.click()
    expect(sheet.dialog()).to_contain_text("lines differ")


def conflict(sheet: Sheet) -> None:
    poem(sheet)
    other = Sheet(sheet.page.context.new_page(), sheet.desk).show(sheet.identifier)
    other.put(1, "I swept the kitchen once before you came").saved()
    other.page.close()
    sheet.put(3, "The kettle ticked above its little flame.")
    expect(sheet.dialog()).to_contain_text("another window")


def tool(name: str) -> Callable[[Sheet], None]:
    def opened(sheet: Sheet) -> None:
        poem(sheet)
        sheet.tool(name)
        sheet.dialog().get_by_role("heading").first.wait_for()

    return opened


def importing(sheet: Sheet) -> None:
    sheet.open(LINES)
    sheet.page.locator("#drafts").click()
    sheet.page.get_by_role("button", name="Import", exact=True).click()


def keyboard(sheet: Sheet) -> None:
    sheet.open()
    sheet.page.get_by_role("button", name="Keyboard").click()


def muses(sheet: Sheet) -> None:
    poem(sheet)
    sheet.page.locator("#muses > summary").click()
    sheet.page.locator("#muses input[type=checkbox]").first.wait_for()


def menu(sheet: Sheet) -> None:
    poem(sheet)
    sheet.page.locator("#more > summary").click()


def blank(sheet: Sheet) -> None:
    sheet.open()


STATES: dict[str, Callable[[Sheet], None]] = {
    "blank": blank,
    "fault": poem,
    "stress and a locked line": stress_and_lock,
    "alternatives": alternatives,
    "a word": word,
    "drawer": drawer,
    "comparison": comparison,
    "conflict": conflict,
    "export": tool("Export and print"),
    "train": tool("Train a muse"),
    "import": importing,
    "keyboard": keyboard,
    "muses": muses,
    "more": menu,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_any_state(sheet: Sheet, state: str) -> None:
    STATES[state](sheet)
    sheet.page.mouse.move(0, 0)
    assert not violations(sheet.page)


@pytest.fixture
def phone(browser: Browser, desk: Desk) -> Iterator[Sheet]:
    """A page as wide as a phone."""
    context: BrowserContext = browser.new_context(
        viewport={"width": 375, "height": 812},
        reduced_motion="reduce",
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(WAIT_MS)
    yield Sheet(context.new_page(), desk)
    context.close()


@pytest.mark.parametrize("state", ["blank", "fault", "alternatives", "a word", "drawer"])
def test_a_phone_shows_all_and_scrolls_in_one_direction(phone: Sheet, state: str) -> None:
    STATES[state](phone)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 375
    assert not violations(phone.page)


@pytest.mark.parametrize("kind", ["html", "print"])
def test_axe_finds_nothing_in_an_export(sheet: Sheet, kind: str) -> None:
    draft = sheet.desk.draft(LINES, title="Two Cups", form="shakespearean-sonnet")
    path = f"/api/drafts/{draft}/export?format={kind}&scansion=true"
    answer = sheet.page.request.get(sheet.desk.address + path)
    sheet.page.set_content(answer.text())
    assert not violations(sheet.page)


def test_the_keyboard_does_everything(sheet: Sheet) -> None:
    keys = sheet.page.keyboard
    sheet.open(LINES[:1], form="shakespearean-sonnet")
    expect(sheet.page.locator(".line")).to_have_count(14)
    keys.press("Tab")
    expect(sheet.field(1)).to_be_focused()  # the poem has the keys from the start
    keys.press("End")
    keys.press("Enter")
    keys.type("and set two cups where one had always stood.")
    sheet.checked()
    keys.press("Escape")
    keys.press("l")
    expect(sheet.line(2)).to_have_class(re.compile(r"\blocked\b"))

    keys.press("ArrowUp")
    keys.press("w")
    words = sheet.page.locator("#word .groups button")
    expect(words.first).to_be_focused()
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(sheet.field(1)).not_to_have_value(LINES[0])
    keys.press("Escape")
    expect(sheet.field(1)).to_be_focused()
    keys.press("Control+z")
    expect(sheet.field(1)).to_have_value(LINES[0])

    sheet.field(3).focus()
    keys.press("Alt+r")
    expect(sheet.field(3)).not_to_have_value("", timeout=WRITING_MS)
    keys.press("Alt+a")
    sheet.line(3).locator(".others li").first.wait_for(timeout=WRITING_MS)
    before = sheet.field(3).input_value()
    keys.press("Alt+1")
    expect(sheet.field(3)).not_to_have_value(before)
    keys.press("Escape")
    expect(sheet.line(3).locator(".others")).to_have_count(0)
    sheet.checked().saved()
