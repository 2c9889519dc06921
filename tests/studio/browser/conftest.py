"""A real desk in a process of its own, and a real browser that looks at it."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra 'studio'")
pytest.importorskip("playwright.sync_api", reason="needs playwright")

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Response,
    expect,
    sync_playwright,
)

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT_MS = 60_000
"""Milliseconds that a state of the page may take to come, on a busy machine."""

OPENING_S = 60.0
"""Seconds that a server may take to answer first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: each takes seconds."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)


class Desk:
    """A server of the desk that can be killed and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        command = f"-m quatrain studio --no-open --port {self.port} --folder".split()
        with (self.folder.parent / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *command, str(self.folder)], stdout=log, stderr=log
            )
        deadline = time.monotonic() + OPENING_S
        while not self._answers():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address, timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """End the server as a power cut would."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Stop the server as Ctrl-C would."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    @property
    def log(self) -> str:
        return (self.folder.parent / "server.log").read_text()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API, beside the page."""
        request = urllib.request.Request(  # noqa: S310
            self.address + path,
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.loads(answer.read())

    def draft(self, lines: Sequence[str] = (), **fields: Any) -> str:
        """Make a draft, and return its identifier."""
        document = {
            "title": "", "form": "", "metre": "", "muses": ["verse"], "theme": "",
            "settings": dict.fromkeys(("temperature", "contrast", "strength", "diction")),
            "lines": [
                {"text": text, "locked": False, "by": "", "gap": False} for text in lines or [""]
            ],
            **fields,
        }  # fmt: skip
        identifier: str = self.ask("POST", "/api/drafts", {"document": document})["id"]
        return identifier

    def lines(self, identifier: str) -> list[str]:
        """Return the lines of a draft as the server has them."""
        draft = self.ask("GET", f"/api/drafts/{identifier}")
        return [line["text"] for line in draft["document"]["lines"]]


class Sheet:
    """The page as a writer uses it."""

    def __init__(self, page: Page, desk: Desk) -> None:
        self.page, self.desk = page, desk
        self.state = page.locator("#state")

    def open(self, lines: Sequence[str] = (), **fields: Any) -> "Sheet":
        """Open a new draft with these lines and fields."""
        return self.show(self.desk.draft(lines, **fields))

    def show(self, identifier: str) -> "Sheet":
        """Open a draft."""
        self.page.goto(f"{self.desk.address}/?draft={identifier}")
        return self.ready()

    def ready(self) -> "Sheet":
        """Wait until the page is there and its poem is checked."""
        self.page.locator("#poem[data-ready]").wait_for()
        return self.checked()

    @property
    def identifier(self) -> str:
        identifier: str = self.page.evaluate("new URLSearchParams(location.search).get('draft')")
        return identifier

    def line(self, number: int) -> Locator:
        return self.page.locator(f"#line-{number}")

    def field(self, number: int) -> Locator:
        return self.line(number).locator(".text")

    def act(self, number: int, name: str) -> Locator:
        """Return a control of a line: lock, redo, others, finish."""
        return self.line(number).locator(f"[data-act={name}]")

    def put(self, number: int, text: str) -> "Sheet":
        """Type a line in place of what it says."""
        self.field(number).click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        return self

    def checked(self) -> "Sheet":
        """Wait until every line is judged as it is now."""
        expect(self.page.locator(".line.stale")).to_have_count(0)
        return self

    def saved(self) -> "Sheet":
        """Wait until the server has every word."""
        expect(self.state.locator(".saving")).to_have_text(re.compile(r"\bsaved$"))
        return self

    def texts(self) -> list[str]:
        texts: list[str] = self.page.locator(".line .text").evaluate_all(
            "fields => fields.map(field => field.value)"
        )
        return texts

    def tool(self, name: str) -> None:
        """Use a tool of the menu "More", or of the bar."""
        named = self.page.locator("#tools").get_by_role("button", name=name)
        if not named.is_visible():
            self.page.locator("#more > summary").click()
        named.click()

    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("needs a browser: install Debian's package chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Serve a desk that the tests share; each works on drafts of its own."""
    desk = Desk(tmp_path_factory.mktemp("shared") / "desk")
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
def own_desk(browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    """Serve a desk that a test may kill or damage."""
    desk = Desk(tmp_path / "desk")
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without history, whose pages may ask only their own server, and must not fail."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("request", lambda request: foreign(request.url))
        page.on("response", answered)
        page.on("console", lambda message: heard(message.type, message.text))

    def foreign(url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            faults.append(f"request to {url}")

    def answered(response: Response) -> None:
        if response.status == 404 or response.status >= 500:
            faults.append(f"{response.status} from {response.url}")

    def heard(kind: str, text: str) -> None:
        # Answers are looked at above; a server that is killed by a test can't be reached.
        if kind in ("error", "warning") and "Failed to load resource" not in text:
            faults.append(f"console: {text}")

    context.on("page", watch)
    yield context
    context.close()
    assert not faults, faults


@pytest.fixture
def sheet(context: BrowserContext, desk: Desk) -> Sheet:
    """An open page, without a draft yet."""
    return Sheet(context.new_page(), desk)


@pytest.fixture
def own_sheet(context: BrowserContext, own_desk: Desk) -> Sheet:
    """An open page on a desk of its own, without a draft yet."""
    return Sheet(context.new_page(), own_desk)


@pytest.fixture
def tab(context: BrowserContext) -> Callable[[Sheet], Sheet]:
    """Open a draft in a second tab."""
    return lambda sheet: Sheet(context.new_page(), sheet.desk).show(sheet.identifier)
