"""Sharing a poet, with a local server that answers as the hub's HTTP API does."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import sys
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quatrain.errors import ExtraError, OutputError, PoetError, SettingsError
from quatrain.poet import CharacterPoet, artifact, hub

TOKEN = "hf_test"  # noqa: S105 - of the stand-in server
Save = Callable[[Path, dict[str, np.ndarray]], None]


class Hub:
    """Repositories in memory: name -> file -> content."""

    def __init__(self) -> None:
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.requests: list[str] = []
        self.tokens: set[str | None] = set()
        self.elsewhere = ""
        self.sizes: Any = None
        hub_ = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def _any(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                hub_.tokens.add(self.headers.get("authorization"))
                path = urllib.parse.unquote(urllib.parse.urlparse(self.path).path)
                hub_.requests.append(f"{self.command} {path}")
                status, headers, body = hub_.answer(self.command, path, self.rfile.read(length))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_POST = do_HEAD = _any  # noqa: N815

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def size_of(self, data: bytes) -> Any:
        return len(data) if self.sizes is None else self.sizes

    def answer(self, command: str, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        def told(value: Any) -> tuple[int, dict[str, str], bytes]:
            return 200, {"content-type": "application/json"}, json.dumps(value).encode()

        if path == "/api/validate-yaml":
            return told({"errors": [], "warnings": []})
        if path == "/api/repos/create":
            asked = json.loads(body)
            name = f"{asked['organization']}/{asked['name']}"
            self.repositories.setdefault(name, {})
            return told({"url": f"{self.endpoint}/{name}", "id": name, "name": name})
        for name, files in self.repositories.items():
            api = f"/api/models/{name}"
            if path == f"{api}/preupload/main":
                asked = json.loads(body)["files"]
                plain = {"uploadMode": "regular", "shouldIgnore": False}
                return told({"files": [{"path": each["path"], **plain} for each in asked]})
            if path == f"{api}/commit/main":
                for row in map(json.loads, body.splitlines()):
                    if row["key"] == "file":
                        value = row["value"]
                        files[value["path"]] = base64.b64decode(value["content"])
                url = f"{self.endpoint}/{name}/commit/{'0' * 40}"
                return told({"success": True, "commitOid": "0" * 40, "commitUrl": url})
            if path in {api, f"{api}/revision/main", f"{api}/revision/v1"}:
                siblings = [
                    {"rfilename": file, "size": self.size_of(data)} for file, data in files.items()
                ]
                return told({"id": name, "modelId": name, "sha": "0" * 40, "siblings": siblings})
            prefix = f"/{name}/resolve/{'0' * 40}/"
            if self.elsewhere and path.startswith(prefix):
                return 302, {"location": self.elsewhere + path}, b""
            if path.startswith(prefix) and path.removeprefix(prefix) in files:
                data = files[path.removeprefix(prefix)]
                etag = hashlib.sha256(data).hexdigest()
                return 200, {"ETag": f'"{etag}"', "X-Repo-Commit": "0" * 40}, data
        return 404, {"X-Error-Code": "RepoNotFound"}, b""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    monkeypatch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    standing = Hub()
    yield standing
    standing.server.shutdown()
    standing.server.server_close()


@pytest.fixture
def folder(tmp_path: Path, tensors: dict[str, np.ndarray], save: Save) -> Path:
    save(tmp_path / "mine", tensors)
    (tmp_path / "mine" / "metrics.jsonl").write_text("{}\n")
    (tmp_path / "mine" / "training").mkdir()
    (tmp_path / "mine" / "training" / "secret.txt").write_text("a corpus")
    return tmp_path / "mine"


def test_a_poet_goes_and_comes_back(server: Hub, folder: Path, tmp_path: Path) -> None:
    address = hub.push(folder, "anna/sonnets", endpoint=server.endpoint, token=TOKEN)
    assert address == f"{server.endpoint}/anna/sonnets/commit/{'0' * 40}"
    assert sorted(server.repositories["anna/sonnets"]) == sorted(artifact.FILES)
    assert server.tokens == {"Bearer hf_test"}
    where = hub.pull("anna/sonnets", tmp_path / "new" / "poet", endpoint=server.endpoint)
    assert sorted(path.name for path in where.iterdir()) == sorted(artifact.FILES)
    one, other = CharacterPoet.load(folder), CharacterPoet.load(where)
    assert one.vocabulary == other.vocabulary
    assert (one.network.output.weight == other.network.output.weight).all()
    assert sorted(path.name for path in where.parent.iterdir()) == ["poet"]


def test_what_is_no_poet_is_not_sent(server: Hub, tmp_path: Path) -> None:
    with pytest.raises(PoetError, match="There is no poet"):
        hub.push(tmp_path / "nobody", "anna/sonnets", endpoint=server.endpoint, token=TOKEN)
    assert server.requests == []


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_damaged_poet_does_not_arrive(
    server: Hub, folder: Path, tmp_path: Path, name: str
) -> None:
    hub.push(folder, "anna/sonnets", endpoint=server.endpoint, token=TOKEN)
    server.repositories["anna/sonnets"][name] = b"{}"
    with pytest.raises(PoetError):
        hub.pull("anna/sonnets", tmp_path / "poet", endpoint=server.endpoint)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]


def test_other_files_of_a_repository_stay_there(server: Hub, folder: Path, tmp_path: Path) -> None:
    hub.push(folder, "anna/sonnets", endpoint=server.endpoint, token=TOKEN)
    server.repositories["anna/sonnets"]["../../escape.txt"] = b"x"
    server.repositories["anna/sonnets"]["run.py"] = b"x"
    where = hub.pull("anna/sonnets", tmp_path / "poet", endpoint=server.endpoint)
    assert sorted(path.name for path in where.iterdir()) == sorted(artifact.FILES)
    assert not any("run.py" in asked for asked in server.requests)


def test_too_large_a_poet_is_not_fetched(
    server: Hub, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.push(folder, "anna/sonnets", endpoint=server.endpoint, token=TOKEN)
    monkeypatch.setattr(hub, "LARGEST", 100)
    with pytest.raises(PoetError, match="expected the files of a poet"):
        hub.pull("anna/sonnets", tmp_path / "poet", endpoint=server.endpoint)
    assert not any("resolve" in asked for asked in server.requests)


def test_what_can_go_wrong_is_told(
    server: Hub, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PoetError, match="The repository anna/nothing can't be reached"):
        hub.pull("anna/nothing", tmp_path / "poet", endpoint=server.endpoint)
    with pytest.raises(PoetError, match="is not the name of a repository"):
        hub.push(folder, "a b//c", endpoint=server.endpoint, token=TOKEN)
    with pytest.raises(OutputError, match="already exists"):
        hub.pull("anna/sonnets", folder, endpoint=server.endpoint)
    server.repositories["anna/empty"] = {"notes.txt": b""}
    with pytest.raises(PoetError, match=r"got no config\.json"):
        hub.pull("anna/empty", tmp_path / "poet", endpoint=server.endpoint)
    monkeypatch.setitem(sys.modules, "huggingface_hub.errors", None)
    with pytest.raises(ExtraError, match=r"pip install '\.\[hub\]'"):
        hub.pull("anna/sonnets", tmp_path / "poet", endpoint=server.endpoint)


def test_the_token_of_the_user_stays_away_from_other_servers(
    server: Hub, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_of_the_user")
    hub.push(folder, "anna/sonnets", endpoint=server.endpoint)
    hub.pull("anna/sonnets", tmp_path / "poet", endpoint=server.endpoint)
    assert server.tokens == {None}
    assert len(server.requests) > 8


def test_not_even_the_configured_server_gets_the_token_in_the_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://hub.example.org")
    assert hub._server(None, None).token is False
    monkeypatch.setattr(constants, "ENDPOINT", "https://hub.example.org")
    assert hub._server(None, None).token is None


@pytest.mark.parametrize(
    ("endpoint", "implicit"),
    [
        ("https://huggingface.co", True),
        ("https://huggingface.co/", True),
        (None, True),
        ("http://huggingface.co", False),
        ("https://huggingface.co.example.org", False),
        ("https://huggingface.co@example.org", False),
        ("https://hub.example.org", False),
    ],
)
def test_which_server_gets_the_token_of_the_user(endpoint: str | None, implicit: bool) -> None:
    assert hub._server(endpoint, None).token is (None if implicit else False)


def test_a_token_is_not_sent_in_the_open(folder: Path) -> None:
    with pytest.raises(SettingsError, match="could be read by anybody on the way"):
        hub.push(folder, "anna/sonnets", endpoint="http://hub.example.org", token=TOKEN)
    for address in ("hub.example.org", "file:///etc", "http://"):
        with pytest.raises(SettingsError, match="is not the address of a server"):
            hub.pull("anna/sonnets", folder.parent / "new", endpoint=address)


def test_a_token_does_not_follow_a_file_to_another_server(
    server: Hub, folder: Path, tmp_path: Path
) -> None:
    hub.push(folder, "anna/sonnets", endpoint=server.endpoint, token=TOKEN)
    other = Hub()
    other.repositories = server.repositories
    server.elsewhere = other.endpoint
    hub.pull("anna/sonnets", tmp_path / "poet", endpoint=server.endpoint, token=TOKEN)
    assert len(other.requests) == len(artifact.FILES)
    assert other.tokens == {None}
    other.server.shutdown()
    other.server.server_close()


@pytest.mark.parametrize("name", ["README.md", "model.safetensors", "copies.safetensors"])
def test_a_link_in_the_folder_is_not_sent(
    server: Hub, folder: Path, tmp_path: Path, name: str
) -> None:
    secret = tmp_path / "secret"
    if (folder / name).exists():
        (folder / name).rename(secret)
    else:
        secret.write_text("a key")
    (folder / name).symlink_to(secret)
    with pytest.raises(PoetError, match=rf"{name} is a link, so it is not sent"):
        hub.push(folder, "anna/sonnets", endpoint=server.endpoint, token=TOKEN)
    assert server.requests == []


def test_what_arrives_is_counted_and_not_what_was_declared(
    server: Hub, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.push(folder, "anna/sonnets", endpoint=server.endpoint, token=TOKEN)
    server.sizes = 1
    monkeypatch.setattr(hub, "LARGEST", 1000)
    with pytest.raises(PoetError, match="got more than 1,000 bytes"):
        hub.pull("anna/sonnets", tmp_path / "poet", endpoint=server.endpoint)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]


@pytest.mark.parametrize("size", ["x", [], {}, 1e400, -5, None])
def test_a_size_that_is_none(server: Hub, folder: Path, tmp_path: Path, size: object) -> None:
    hub.push(folder, "anna/sonnets", endpoint=server.endpoint, token=TOKEN)
    server.sizes = size
    try:
        hub.pull("anna/sonnets", tmp_path / "poet", endpoint=server.endpoint)
    except PoetError as error:
        assert "can't be reached" in str(error)  # noqa: PT017 - either end is right


def test_a_dangling_link_is_something_there_already(server: Hub, tmp_path: Path) -> None:
    (tmp_path / "new").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="already exists"):
        hub.pull("anna/sonnets", tmp_path / "new", endpoint=server.endpoint)


def test_what_a_server_says_gives_no_orders_to_a_terminal(
    server: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = "\x1b]8;;http://example.org\x07\u202e\x9b2J"
    reply = (400, {"content-type": "application/json"}, json.dumps({"error": orders}).encode())
    monkeypatch.setattr(server, "answer", lambda *_: reply)
    with pytest.raises(PoetError, match="can't be reached") as caught:
        hub.push(folder, "anna/sonnets", endpoint=server.endpoint, token=TOKEN)
    assert str(caught.value).isprintable()
