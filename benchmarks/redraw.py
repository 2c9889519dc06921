"""How soon after a slider moves an Inside page shows the new numbers, in a real browser.

A real server is started in a folder of its own, and Chromium opens each topic. Every slider goes
to every value of a tour, first one value after the other, then dragged: a new value every 16 ms,
whether the last is drawn or not. The time runs from the input to the frame that shows the
numbers of this value or of a later one. Values are new each time, so none is answered from the
page's memory. The page's own weight is printed too: bytes as they come over the wire.

    python benchmarks/redraw.py
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import urllib.request

from playwright.sync_api import Browser, Page, Response, sync_playwright

from machine import machine
from serve import milliseconds, opening, served

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
MOST_VALUES = 12
"""Values that a slider goes to, at most, in each of the two ways."""

MOVE = """async ({ name, places, gap }) => {
  const picture = document.getElementById("picture");
  const slider = document.querySelector(`input[type=range][name="${name}"]`);
  const waiting = [], times = [];
  let wake = () => {};
  const shown = () => new URLSearchParams(picture.dataset.shown).get(name) ?? slider.defaultValue;
  const watcher = new MutationObserver(() => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const now = performance.now();
      const known = waiting.findIndex(({ value }) => value === Number(shown()));
      for (const { start } of waiting.splice(0, known + 1)) times.push(now - start);
      if (!waiting.length) wake();
    };
    channel.port2.postMessage(0);
  }));
  watcher.observe(picture, { attributes: true, attributeFilter: ["data-shown"] });
  for (const value of places) {
    waiting.push({ start: performance.now(), value });
    const drawn = new Promise(done => { wake = done; setTimeout(done, 5000); });
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await (gap ? new Promise(done => setTimeout(done, gap)) : drawn);
  }
  const pause = () => new Promise(done => setTimeout(done, 5));
  const limit = performance.now() + 5000;
  while (waiting.length && performance.now() < limit) await pause();
  watcher.disconnect();
  return { times, lost: waiting.length };
}"""
"""Move a slider to values, and return milliseconds to the frame that shows each. A slider's first
value is the attribute `value` that it was made with."""


def topics(port: int) -> list[str]:
    """Return the names of the pages."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/inside") as answer:
        return [row["topic"] for row in json.loads(answer.read())["topics"]]


def tour(slider: dict[str, str]) -> list[float]:
    """Return values of a slider other than its first, from its low end to its high one."""
    low, high, step = (float(slider[name]) for name in ("min", "max", "step"))
    places = [low + step * place for place in range(round((high - low) / step) + 1)]
    others = [place for place in places if abs(place - float(slider["first"])) > step / 2]
    stride = max(1, len(others) // MOST_VALUES)
    return [round(place, 6) for place in others[::stride]]


def moved(page: Page, port: int, topic: str) -> tuple[list[float], list[float], int]:
    """Move every slider of a topic, in steps and dragged.

    Returns:
        Seconds of the steps, seconds while dragged, and the number of values never shown.
    """
    steps: list[float] = []
    dragged: list[float] = []
    lost = 0
    page.goto(f"http://127.0.0.1:{port}/inside/{topic}")
    page.locator("#picture[data-ready]").wait_for()
    sliders = page.locator("input[type=range][name]").evaluate_all(
        "all => all.map(({ name, min, max, step, defaultValue: first }) =>"
        " ({ name, min, max, step, first }))"
    )
    for slider in sliders:
        for gap, times in ((0, steps), (16, dragged)):
            page.goto(f"http://127.0.0.1:{port}/inside/{topic}")
            page.locator("#picture[data-ready]").wait_for()
            places = tour(slider)
            given = page.evaluate(MOVE, {"name": slider["name"], "places": places, "gap": gap})
            times += [time / 1000 for time in given["times"]]
            lost += given["lost"]
    return steps, dragged, lost


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--topics", nargs="*", help="pages to measure; all by default")
    given = parser.parse_args()
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        parser.error("there is no browser: install Debian's package chromium")
    print(machine("fastapi", "playwright"), "\n")
    with served() as (_, port, start):
        asyncio.run(opening(port, start))  # before Playwright, which has a loop of its own
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
            print("| page | steps | median ms | p95 | most | dragged, median | p95 | lost | kB |")
            print("| --- |" + " ---: |" * 8)
            for topic in given.topics or topics(port):
                print(f"| {' | '.join(measured(browser, port, topic))} |")
            browser.close()


def measured(browser: Browser, port: int, topic: str) -> list[str]:
    """Return the cells of a topic's row."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    files: list[Response] = []
    page.on("response", lambda file: files.append(file))
    steps, dragged, lost = moved(page, port, topic)
    quantiles = [milliseconds(steps, share) for share in (0.5, 0.95, 1.0)]
    quantiles += [milliseconds(dragged, share) for share in (0.5, 0.95)]
    kilobytes = f"{weight(files):.0f}"
    page.close()
    return [topic, str(len(steps)), *quantiles, str(lost), kilobytes]


def weight(files: list[Response]) -> float:
    """Return the kilobytes of a page, each file once."""
    sizes: dict[str, int] = {}
    for file in files:
        if "/api/" not in file.url and file.status == 200:
            size = file.request.sizes()["responseBodySize"]  # 0 from the browser's memory
            sizes[file.url] = max(size, sizes.get(file.url, 0))
    return sum(sizes.values()) / 1000


if __name__ == "__main__":
    main()
