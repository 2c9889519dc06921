"""A desk for tests: its folder is new, its workers are few. Or one in a process of its own."""

import contextlib
import http.client
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra 'studio'")

from starlette.testclient import TestClient

from quatrain.studio.app import create_app
from quatrain.studio.settings import StudioSettings

ADDRESS = "http://127.0.0.1:8360"


@pytest.fixture
def settings(tmp_path: Path) -> StudioSettings:
    """Return the settings of a desk in a new folder."""
    return StudioSettings(
        folder=tmp_path / "desk", check_processes=1, write_processes=1, warm=False
    )


@pytest.fixture
def client(settings: StudioSettings) -> Iterator[TestClient]:
    """Return a client of a running desk; its workers start when they are first needed."""
    with TestClient(create_app(settings), base_url=ADDRESS) as client:
        yield client


class Desk:
    """A desk in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    @contextlib.contextmanager
    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        content = None if body is None else json.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, path, content, {**kind, **(headers or {})})
        try:
            yield connection.getresponse()
        finally:
            connection.close()

    def json(self, method: str, path: str, body: Any = None) -> Any:
        with self.ask(method, path, body) as answer:
            return json.loads(answer.read())

    @property
    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]


@contextlib.contextmanager
def running(folder: Path, *options: str) -> Iterator[Desk]:
    """Yield a desk that runs; it is killed if the test leaves it running."""
    command = [sys.executable, "-m", "quatrain", "studio", "--no-open", "--folder", str(folder)]
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            match = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            assert match, f"{line}{process.stderr.read() if process.stderr else ''}"
            yield Desk(process, int(match[1]))
        finally:
            process.kill()


@pytest.fixture(scope="session")
def run_desk() -> Callable[..., contextlib.AbstractContextManager[Desk]]:
    """Return a function that runs a desk in a folder, with options of the command."""
    return running


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a desk in a process of its own, which tests share."""
    with running(tmp_path_factory.mktemp("desk"), "--port", "0") as desk:
        yield desk
