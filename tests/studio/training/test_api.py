"""Uploads and trainings over HTTP: the server as it runs, and killed in the middle."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from quatrain.studio.app import create_app
from quatrain.studio.settings import StudioSettings

pytestmark = pytest.mark.slow  # every desk starts a process that reads the texts

VERSE = b"The miller counts his loaves of bread,\nthe river turns the wheel.\n"
WAIT_S = 120.0


def upload(client: TestClient, *files: tuple[str, bytes], name: str = "") -> Any:
    parts = [("files", file) for file in files]
    return client.post("/api/corpora", files=parts, data={"name": name} if name else {})


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> StudioSettings:
    """Return the settings of a desk that all these tests share, so that its workers start once."""
    folder = tmp_path_factory.mktemp("desk")
    return StudioSettings(folder=folder, check_processes=1, write_processes=1, warm=False)


@pytest.fixture(scope="module")
def client(settings: StudioSettings) -> Iterator[TestClient]:
    """Return a client of that desk."""
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8360") as client:
        yield client


@pytest.fixture(scope="module")
def corpus(client: TestClient) -> str:
    """Return the identifier of texts on that desk."""
    identifier: str = upload(client, ("mill.txt", VERSE)).json()["id"]
    return identifier


def test_an_upload_is_answered_with_its_report(client: TestClient) -> None:
    answer = upload(client, ("../../mill.txt", VERSE), ("empty.txt", b""), name="Mill")
    assert answer.status_code == 201, answer.text
    corpus = answer.json()
    assert (corpus["name"], corpus["report"]["lines"]) == ("Mill", 2)
    assert "empty.txt" in corpus["report"]["not_read"][0]
    assert corpus in client.get("/api/corpora").json()["corpora"]
    assert client.get(f"/api/corpora/{corpus['id']}").json() == corpus
    assert client.delete(f"/api/corpora/{corpus['id']}").status_code == 204
    assert client.delete(f"/api/corpora/{corpus['id']}").status_code == 404


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "no file"),
        ([("a.txt", b"")], "a.txt is empty"),
        ([("a.exe", b"MZ")], ".exe is not supported"),
        ([("a.txt", bytes(range(256)) * 9)], "a.txt is not a text file"),
    ],
)
def test_an_upload_without_verse_says_why(
    client: TestClient, settings: StudioSettings, files: list[tuple[str, bytes]], sentence: str
) -> None:
    before = set(settings.folder.glob("users/*/corpora/*"))
    answer = upload(client, *files)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert sentence in answer.json()["detail"] or not files
    assert set(settings.folder.glob("users/*/corpora/*")) == before  # nothing is left of it


def test_too_many_and_too_large_files_are_refused(tmp_path: Path) -> None:
    settings = StudioSettings(folder=tmp_path, write_processes=1, warm=False, upload_bytes=200_000)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8360") as client:
        assert upload(client, ("a.txt", VERSE * 10_000)).status_code == 413
        many = [(f"{number}.txt", b"a line\n") for number in range(501)]
        answer = upload(client, *many)
        assert (answer.status_code, "500 files" in answer.json()["detail"]) == (413, True)
    assert not list(tmp_path.glob("users/*/corpora/*"))


def test_users_of_a_shared_desk_see_their_own(tmp_path: Path) -> None:
    settings = StudioSettings(
        folder=tmp_path, write_processes=1, warm=False, tokens=("anna:secret-1", "bert:secret-2")
    )
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8360") as client:
        client.headers["authorization"] = "Bearer anna:secret-1"
        corpus = upload(client, ("mill.txt", VERSE)).json()["id"]
        training = client.post("/api/trainings", json={"corpus": corpus, "name": "Mill"}).json()
        client.post(f"/api/trainings/{training['id']}/pause")
        client.headers["authorization"] = "Bearer bert:secret-2"
        assert client.get("/api/corpora").json() == {"corpora": []}
        assert client.get("/api/trainings").json() == {"trainings": []}
        for path in (f"corpora/{corpus}", f"trainings/{training['id']}"):
            assert client.get(f"/api/{path}").status_code == 404
            assert client.delete(f"/api/{path}").status_code == 404
        assert client.get(f"/api/trainings/{training['id']}/events").status_code == 404
        client.headers["authorization"] = "Bearer anna:secret-1"
        wait_for(lambda: client.get(f"/api/trainings/{training['id']}").json()["state"], "paused")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"corpus": "0" * 16}, 404),
        ({"corpus": "../../etc"}, 404),
        ({"base": "nobody"}, 422),
        ({"name": "..."}, 422),
        ({"name": "verse"}, 409),
        ({"minutes": 0}, 422),
        ({"minutes": 1e6}, 422),
        ({"minutes": "20"}, 422),
        ({"surprise": 1}, 422),
    ],
)
def test_a_training_that_cannot_be_is_refused(
    client: TestClient, corpus: str, wrong: dict[str, Any], status: int
) -> None:
    body = {"corpus": corpus, "name": "Mill", "base": "scratch", "minutes": 1.0, **wrong}
    answer = client.post("/api/trainings", json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
    assert client.get("/api/trainings").json() == {"trainings": []}


def wait_for(value: Callable[[], Any], wanted: Any) -> None:
    deadline = time.monotonic() + WAIT_S
    while (now := value()) != wanted:
        assert time.monotonic() < deadline, now
        time.sleep(0.1)


class Desk:
    """A desk of its own process, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.start()

    def start(self) -> None:
        code = (
            "import sys, uvicorn; from pathlib import Path;"
            "from quatrain.studio.app import create_app;"
            "from quatrain.studio.settings import StudioSettings;"
            "settings = StudioSettings(folder=Path(sys.argv[1]), port=int(sys.argv[2]),"
            " warm=False, write_processes=1);"
            "uvicorn.run(create_app(settings), port=settings.port, log_level='warning')"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(self.folder), str(self.port)]
        )
        wait_for(self._answers, True)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        try:
            return bool(self.ask("GET", "/healthz")["status"])
        except OSError:
            return False

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=WAIT_S) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")

    def upload(self, name: str, content: bytes) -> Any:
        part = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/corpora",
            method="POST",
            data=part.encode() + content + b"\r\n--x--\r\n",
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
        with urllib.request.urlopen(request, timeout=WAIT_S) as answer:  # noqa: S310
            return json.loads(answer.read())

    def write(self, document: dict[str, Any]) -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/write",
            data=json.dumps({"document": document, "seed": 1}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=WAIT_S) as answer:  # noqa: S310
            return str(answer.read().decode())

    def follow(self, path: str) -> Iterator[tuple[str, Any]]:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port}{path}", timeout=WAIT_S
        ) as answer:
            event = ""
            for line in answer:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    yield event, json.loads(value)


@pytest.fixture
def running_desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "desk")
    yield desk
    desk.kill()
    for path in desk.folder.glob("users/*/trainings/*/attempt.json"):
        if not (path.parent / "result.json").exists():
            os.kill(json.loads(path.read_text())["process"], signal.SIGKILL)


def test_a_training_outlives_the_server_and_its_poet_writes(
    running_desk: Desk, verse_file: Path
) -> None:
    corpus = running_desk.upload("verse.txt", verse_file.read_bytes())["id"]
    order = {"corpus": corpus, "name": "Mill", "base": "scratch", "minutes": 2}
    training = running_desk.ask("POST", "/api/trainings", order)
    path = f"/api/trainings/{training['id']}"
    for event, facts in running_desk.follow(f"{path}/events"):
        assert event == "training"
        assert facts["state"] in ("waiting", "running"), facts["message"]
        if facts["curve"]:
            break
    running_desk.kill()
    running_desk.start()
    assert running_desk.ask("GET", path)["state"] == "running"
    running_desk.ask("POST", f"{path}/pause")
    *_, (_, facts) = running_desk.follow(f"{path}/events")
    assert (facts["state"], facts["resumable"]) == ("paused", True)
    running_desk.ask("POST", f"{path}/resume")
    running_desk.ask("POST", f"{path}/stop")
    *_, (_, facts) = running_desk.follow(f"{path}/events")
    assert (facts["state"], facts["poet"]) == ("stopped", "Mill")
    document = {"muses": ["Mill"], "lines": [{"text": "The river turns the wheel."}, {}]}
    assert "event: done" in running_desk.write(document)
    with pytest.raises(urllib.error.HTTPError, match="409"):
        running_desk.ask("POST", f"{path}/resume")
