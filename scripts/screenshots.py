"""Make the pictures of the desk in `docs/assets/`, from a real server and a real browser.

Needs Chromium (Debian's package `chromium`), Playwright and Pillow; `make test` installs the last
two. The lines that a poet writes differ from run to run: look at the pictures before you keep them.

    python scripts/screenshots.py
    python scripts/screenshots.py --only desk-dark --into /tmp
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

ASSETS = Path(__file__).parents[1] / "docs" / "assets"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
COLOURS = 256
"""Colours of a picture: the page has few, and each letter's edge some shades of them."""

TITLE = "Two Cups"
POEM = (
    "I swept the kitchen twice before you came",
    "and set two cups where one had always stood.",
    "The kettle ticked above its small blue flame.",
    "I had not said the plum was cut for wood.",
    "You put your suitcase down beside the door",
    "and looked around it, as one looks round a train,",
    "for something you had left there years before,",
    "and rubbed a little circle in the pane.",
)
MENDED = "and looked around, as one looks round a train,"
WAIT_MS = 120_000
"""Milliseconds that lines may take to be written."""


@dataclass(frozen=True)
class Picture:
    """A picture: its size in pixels, its colours, and what is open in it, or the address."""

    name: str
    width: int
    height: int
    scheme: str
    state: str


PICTURES = (
    Picture("desk-light", 1440, 900, "light", "fault"),
    Picture("desk-dark", 1440, 900, "dark", "alternatives"),
    Picture("desk-word", 1440, 900, "light", "word"),
    Picture("desk-768", 768, 1024, "light", "fault"),
    Picture("desk-375", 375, 812, "dark", "fault"),
    Picture("inside-convolution", 1440, 1240, "light", "/inside/convolution?s=2"),
    Picture("inside-cell", 1440, 1240, "light", "/inside/cell"),
)


@contextmanager
def desk() -> Iterator[str]:
    """Start a server in a folder of its own; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = f"-m quatrain studio --no-open --port {port} --folder {folder}".split()
        server = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(address, timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def ask(address: str, method: str, path: str, body: Any) -> Any:
    """Ask the desk's API."""
    request = urllib.request.Request(  # noqa: S310
        address + path,
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return json.loads(answer.read())


def draft(address: str, lines: tuple[str, ...], title: str) -> str:
    """Make a draft of a sonnet; return its identifier."""
    document = {
        "title": title, "form": "shakespearean-sonnet", "metre": "", "muses": ["verse"],
        "theme": "", "settings": dict.fromkeys(("temperature", "contrast", "strength", "diction")),
        "lines": [{"text": text, "locked": False, "by": "", "gap": False} for text in lines],
    }  # fmt: skip
    identifier: str = ask(address, "POST", "/api/drafts", {"document": document})["id"]
    return identifier


def show(page: Page, address: str, picture: Picture) -> None:
    """Bring the page into the state of a picture."""
    if picture.state.startswith("/inside/"):
        page.goto(address + picture.state)
        page.locator("#picture[data-ready]").wait_for()
        return
    broken = picture.state == "fault"
    lines = POEM if broken else (*POEM[:5], MENDED, *POEM[6:])
    page.goto(f"{address}/?draft={draft(address, lines, TITLE)}")
    page.locator("#poem[data-ready]").wait_for()
    expect(page.locator(".line")).to_have_count(14)
    expect(page.locator(".line.stale")).to_have_count(0)
    line = page.locator("#line-6")
    line.locator(".text").click()
    if picture.state == "alternatives":
        page.locator("[data-do=stress]:visible").first.click()
        line.hover()
        line.locator("[data-act=others]").click()
        expect(line.locator(".others li")).to_have_count(3)
        expect(line.locator(".others[aria-busy]")).to_have_count(0)
    if picture.state == "word":
        line.locator(".text").evaluate("field => field.setSelectionRange(44, 44)")
        page.locator("[data-do=word]:visible").first.click()
        page.locator("#word .groups button").first.wait_for()
        expect(page.locator("#word[aria-busy]")).to_have_count(0)
    expect(page.locator("#state .saving")).to_contain_text("saved")


def take(page: Page, into: Path, picture: Picture) -> None:
    """Take a picture, and keep it with few colours."""
    page.evaluate("document.fonts.ready")
    raw = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
    few = raw.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    path = into / f"{picture.name}.png"
    few.save(path, optimize=True)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", default=[picture.name for picture in PICTURES])
    parser.add_argument("--into", type=Path, default=ASSETS)
    given = parser.parse_args()
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        parser.error("there is no browser: install Debian's package chromium")
    expect.set_options(timeout=WAIT_MS)
    with desk() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=list(FLAGS))
        for picture in PICTURES:
            if picture.name not in given.only:
                continue
            context = browser.new_context(
                viewport={"width": picture.width, "height": picture.height},
                color_scheme="dark" if picture.scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.set_default_timeout(WAIT_MS)
            show(page, address, picture)
            take(page, given.into, picture)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
