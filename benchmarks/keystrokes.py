"""How soon after a key the desk's page shows its check of a sonnet, in a real browser.

A real server is started in a folder of its own, and Chromium opens its page. Six lines are typed
under eight that are there, a letter every 150 ms. The time runs from the key to the frame after
every line has its verdict. Keys that come before the check of the key before are counted with the
next. The page's own weight is printed too: bytes as they come over the wire.

    python benchmarks/keystrokes.py
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import urllib.request

from playwright.sync_api import Page, Response, expect, sync_playwright

from machine import machine
from serve import document, milliseconds, opening, served, sonnets

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")

WATCH = """() => {
  const poem = document.getElementById("poem");
  let key = 0;
  window.times = [];
  poem.addEventListener("input", event => { key = event.timeStamp; }, true);
  new MutationObserver(() => {
    if (!key || poem.querySelector(".stale")) return;
    const start = key;
    key = 0;
    requestAnimationFrame(() => setTimeout(() => window.times.push(performance.now() - start)));
  }).observe(poem, { subtree: true, attributes: true, attributeFilter: ["class"] });
}"""


def draft(port: int, lines: list[str]) -> str:
    """Make a draft, and return its identifier."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/drafts",
        json.dumps({"document": document(lines)}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        identifier: str = json.loads(answer.read())["id"]
        return identifier


def typed(page: Page, port: int, pause_ms: float) -> list[float]:
    """Type the rest of a sonnet; return the milliseconds from each key to its verdict."""
    poem = sonnets()[0]
    page.goto(f"http://127.0.0.1:{port}/?draft={draft(port, poem[:8])}")
    page.locator("#poem[data-ready]").wait_for()
    expect(page.locator(".line")).to_have_count(14, timeout=60_000)
    expect(page.locator(".line.stale")).to_have_count(0)
    page.evaluate(WATCH)
    for number, line in enumerate(poem[8:], 9):
        page.locator(f"#line-{number} .text").click()
        page.keyboard.type(line, delay=pause_ms)
    expect(page.locator(".line.stale")).to_have_count(0)
    times: list[float] = page.evaluate("window.times")
    return times


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pause", type=float, default=150.0, help="milliseconds between two keys")
    given = parser.parse_args()
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        parser.error("there is no browser: install Debian's package chromium")
    print(machine("fastapi", "playwright"), "\n")
    with served() as (_, port, start):
        asyncio.run(opening(port, start))  # before Playwright, which has a loop of its own
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            files: list[Response] = []
            page.on("response", lambda answer: files.append(answer))
            times = [time / 1000 for time in typed(page, port, given.pause)]
            shares = (0.5, 0.95, 0.99, 1.0)
            cells = [str(len(times)), *(milliseconds(times, share) for share in shares)]
            print("| checks shown | median ms | p95 | p99 | most |\n|" + " ---: |" * 5)
            print(f"| {' | '.join(cells)} |")
            bytes_sent = [
                file.request.sizes()["responseBodySize"]
                for file in files
                if "/api/" not in file.url
            ]
            print(f"\nThe page: {len(bytes_sent)} files, {sum(bytes_sent) / 1000:.0f} kB.")
            browser.close()


if __name__ == "__main__":
    main()
