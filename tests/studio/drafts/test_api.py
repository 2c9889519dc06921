"""Drafts over HTTP: the contract, and what each failure answers."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from tests.studio.conftest import ADDRESS

from quatrain.studio.app import create_app
from quatrain.studio.settings import StudioSettings

LINES = ["The lamps are lit along the harbour wall,", "and every boat has folded up its wing;"]


def document(*texts: str, title: str = "") -> dict[str, object]:
    return {"title": title, "lines": [{"text": text} for text in texts]}


def created(client: TestClient, *texts: str, title: str = "", folder: str = "") -> dict:
    body = {"document": document(*texts, title=title), "folder": folder}
    answer = client.post("/api/drafts", json=body)
    assert answer.status_code == 201, answer.text
    draft: dict = answer.json()
    return draft


def texts(draft: dict) -> list[str]:
    return [line["text"] for line in draft["document"]["lines"]]


def test_a_draft_is_kept_changed_and_found_again(client: TestClient) -> None:
    draft = created(client, *LINES, title="Harbour", folder="Sea")
    path = f"/api/drafts/{draft['id']}"
    assert draft["version"] == 1
    assert set(draft) == {
        "id", "version", "document", "folder", "created", "updated", "trashed", "can_undo",
        "can_redo",
    }  # fmt: skip
    saved = client.put(path, json={"version": 1, "document": document("One", title="Two")}).json()
    assert (saved["version"], texts(saved), saved["can_undo"]) == (2, ["One"], True)
    assert client.get(path).json() == saved
    undone = client.post(f"{path}/undo", json={"version": 2}).json()
    assert (texts(undone), undone["document"]["title"]) == (LINES, "Harbour")
    assert texts(client.post(f"{path}/redo", json={"version": 3}).json()) == ["One"]
    listed = client.get("/api/drafts", params={"search": "ONE"}).json()
    assert [(row["title"], row["first_line"], row["lines"]) for row in listed["drafts"]] == [
        ("Two", "One", 1)
    ]
    assert (listed["folders"], listed["next"]) == (["Sea"], None)
    moved = client.patch(path, json={"version": 4, "folder": "Land"}).json()
    assert (moved["folder"], moved["version"]) == ("Land", 5)


def test_a_conflict_comes_with_the_draft_as_it_is(client: TestClient) -> None:
    draft = created(client, *LINES)
    path = f"/api/drafts/{draft['id']}"
    current = client.put(path, json={"version": 1, "document": document("theirs")}).json()
    answer = client.put(path, json={"version": 1, "document": document("mine")})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["current"] == current
    assert problem["title"] == "The draft has changed"
    assert "another window" in problem["detail"]


def test_trash_and_delete(client: TestClient) -> None:
    draft = created(client, *LINES)
    path = f"/api/drafts/{draft['id']}"
    assert client.delete(path).json()["trashed"]
    assert client.get("/api/drafts").json()["drafts"] == []
    assert len(client.get("/api/drafts?trash=true").json()["drafts"]) == 1
    assert client.post(f"{path}/recover").json()["trashed"] is None
    assert client.delete(f"{path}?forever=true").status_code == 204
    answer = client.get(path)
    assert (answer.status_code, answer.json()["title"]) == (404, "There is no such draft")


def test_versions_are_named_compared_and_restored(client: TestClient) -> None:
    draft = created(client, *LINES)
    path = f"/api/drafts/{draft['id']}"
    answer = client.post(f"{path}/versions", json={"name": "As sent"})
    assert answer.status_code == 201
    (version,) = answer.json()
    assert set(version) == {"id", "name", "created"}
    changed = ["The lamps are out along the harbour wall,"]
    client.put(path, json={"version": 1, "document": document(*changed)})
    rows = client.get(f"{path}/compare", params={"from": version["id"], "to": "current"}).json()
    assert [row["change"] for row in rows["rows"]] == ["changed", "removed"]
    assert {"change": "added", "text": "out"} in rows["rows"][0]["words"]
    restored = client.post(f"{path}/versions/{version['id']}/restore", json={"version": 2}).json()
    assert (texts(restored), restored["version"]) == (LINES, 3)
    unnamed = client.get(f"{path}/versions?unnamed=true").json()
    assert [entry["name"] for entry in unnamed].count("") == 2
    assert client.delete(f"{path}/versions/{version['id']}").json() == []


def test_users_are_told_apart_by_their_tokens(settings: StudioSettings) -> None:
    tokens = ("ada:one-secret-of-hers", "ben:one-secret-of-his")
    with TestClient(create_app(replace(settings, tokens=tokens)), base_url=ADDRESS) as client:
        client.headers["Authorization"] = "Bearer ada:one-secret-of-hers"
        draft = created(client, *LINES)
        client.headers["Authorization"] = "Bearer ben:one-secret-of-his"
        assert client.get(f"/api/drafts/{draft['id']}").status_code == 404
        assert client.get("/api/drafts").json()["drafts"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/drafts/none", {"version": 1, "document": {}}),
        ("POST", "/api/drafts/none/undo", {"version": 1}),
        ("PATCH", "/api/drafts/none", {"version": 1, "folder": ""}),
        ("DELETE", "/api/drafts/none", None),
        ("POST", "/api/drafts/none/versions", {"name": "x"}),
        ("GET", "/api/drafts/none/compare?from=current", None),
    ],
)
def test_a_draft_that_is_not_there(client: TestClient, method: str, path: str, body) -> None:
    assert client.request(method, path, json=body).status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/drafts", {"document": {"lines": [{"text": "a\nb"}]}}),
        ("/api/drafts", {"document": {"lines": [{"text": "x"}] * 10_001}}),
        ("/api/drafts", {"document": {"lines": [{"text": "x" * 99_999}] * 11}}),
        ("/api/drafts", {"document": {}, "folder": "f" * 300}),
        ("/api/drafts", {"document": {"colour": "red"}}),
        ("/api/drafts", {}),
    ],
)
def test_what_is_no_draft_is_refused_with_a_reason(client: TestClient, path: str, body) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == 422
    assert answer.json()["remedy"]


def test_a_database_that_is_not_ours_is_told_and_left_alone(settings: StudioSettings) -> None:
    settings.folder.mkdir()
    file = settings.folder / "desk.sqlite"
    file.write_bytes(b"Dear diary, this is no database. " * 100)
    with TestClient(create_app(settings), base_url=ADDRESS) as client:
        answer = client.get("/api/drafts")
        assert answer.status_code == 503
        assert "no SQLite database" in answer.json()["detail"]
        assert client.get("/healthz").status_code == 200
    assert file.read_bytes().startswith(b"Dear diary")
