"""Experiments saved as one file, opened without a server."""

import base64
import contextlib
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="needs playwright")

from playwright.sync_api import Browser, Page

import quatrain
from quatrain.explain import demonstrate
from quatrain.explain.demonstrations.grid import StateGrid, state_grid
from quatrain.explain.demonstrations.state import complete_state
from quatrain.explain.demonstrations.topics import MODULES
from quatrain.page.demonstration import as_data
from quatrain.page.demonstration_page import DemonstrationTable, as_page

pytestmark = pytest.mark.slow

STATIC = Path(quatrain.__file__).parent / "studio" / "static"
FEW = {
    "n": (1, 4, 10),
    "k": (3, 5),
    "s": (1, 2),
    "p": (0,),
    "d": (1,),
    "kernel": ("edges", "sum"),
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a page with a few states of the convolution."""
    whole = state_grid("convolution", {"s": 1, "f": 3, "image": "cross"})
    grid = StateGrid(whole.topic, whole.first, FEW)
    table = DemonstrationTable(grid.values, grid.first)
    for shown in grid:
        table.add(shown)
    path = tmp_path_factory.mktemp("saved") / "convolution.html"
    path.write_text(as_page(table, STATIC), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of a browser that reaches no network."""
    with contextlib.closing(browser.new_context(offline=True)) as context:
        yield context.new_page()


@pytest.fixture
def opened(page: Page, saved: Path) -> Page:
    """Return the page, opened as a file."""
    page.goto(saved.as_uri())
    page.wait_for_selector("#picture[data-ready]")
    return page


def sums(page: Page) -> str:
    """Return the formulas and sentences, with single plain spaces."""
    return " ".join(page.locator("#sums").inner_text().split())


def test_the_table_holds_what_python_gives(saved: Path) -> None:
    text = saved.read_text(encoding="utf-8")
    encoded = re.search(r'id="table">([^<]+)<', text)
    assert encoded
    table = json.loads(gzip.decompress(base64.b64decode(encoded[1])))
    assert table["first"] == {"n": 10, "k": 3, "s": 1, "p": 0, "d": 1, "kernel": "edges"}
    assert len(table["answers"]) == 24
    answer = {**table["common"], **table["answers"]["1 0 1 0 0 1"]}
    shown = demonstrate("convolution", n=4, k=3, s=2, f=3, image="cross", kernel="sum")
    expected = json.loads(json.dumps(as_data(shown)))
    firsts = {control["name"]: control.pop("value") for control in answer["controls"]}
    assert firsts["s"] == 1
    assert firsts["f"] == 3
    for control in expected["controls"]:
        del control["value"]
    assert answer == expected


def test_the_file_names_nothing_outside_itself(saved: Path) -> None:
    text = re.sub(r"data:[\w/+;,=-]+", "", saved.read_text(encoding="utf-8"))
    assert not re.findall(r'(?:src|href)="[^"#][^"]*"', text)
    assert not re.findall(r"https?://(?!www\.w3\.org/)", text)
    assert "default-src 'none'" in text
    assert "unsafe-eval" not in text


def test_a_slider_shows_numbers_that_were_computed_before(opened: Page) -> None:
    requests: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    assert opened.title().startswith("Convolution")
    assert "8 × 8 × 3" in sums(opened)
    slider = opened.locator("#controls input[type=range]").first
    slider.focus()
    opened.keyboard.press("ArrowLeft")
    opened.wait_for_function("document.querySelector('#picture').dataset.shown == '?n=4'")
    assert "2 × 2 × 3" in sums(opened)
    opened.keyboard.press("ArrowLeft")
    opened.wait_for_function("document.querySelector('#problem').textContent.length > 0")
    assert "The kernel is 3 wide and the image 1" in opened.locator("#problem").inner_text()
    assert not [url for url in requests if not url.startswith(("data:", "blob:"))]
    assert not errors


def test_the_address_brings_a_state_back(page: Page, saved: Path) -> None:
    page.goto(f"{saved.as_uri()}?n=4&k=3&s=2&kernel=sum")
    page.wait_for_selector("#picture[data-ready]")
    assert "1 × 1 × 3" in sums(page)
    assert page.url.endswith("?n=4&s=2&kernel=sum")


def test_what_needs_a_server_is_not_offered(opened: Page) -> None:
    names: Any = opened.locator("#deeds").inner_text()
    assert "LaTeX" not in names
    assert "As Python" in names
    assert not opened.locator('a[href^="/"]').count()


@pytest.mark.parametrize("topic", MODULES)
def test_every_topic_opens_as_a_file(page: Page, tmp_path: Path, topic: str) -> None:
    if not (STATIC / "inside" / "topics" / f"{topic}.js").is_file():
        pytest.skip("this topic has no drawing")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    whole = state_grid(topic, {})
    several = next((name for name in whole.values if len(whole.values[name]) > 1), "")
    few = {
        name: values[:2] if name == several else (whole.first[name],)
        for name, values in whole.values.items()
    }
    first = complete_state(
        whole.topic.controls, {**whole.first, several: few[several][0]} if several else whole.first
    )
    grid = StateGrid(whole.topic, first, few)
    table = DemonstrationTable(grid.values, grid.first)
    for shown in grid:
        table.add(shown)
    path = tmp_path / "page.html"
    path.write_text(as_page(table, STATIC), encoding="utf-8")
    page.goto(path.as_uri())
    page.wait_for_selector("#picture[data-ready]")
    assert page.locator("#picture").inner_text() or page.locator("#picture svg").count()
    assert not errors
