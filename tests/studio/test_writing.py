"""Lines and words of real poets through the API, as events and at once."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra 'studio'")

from starlette.testclient import TestClient

from quatrain.form import check_draft
from quatrain.studio.app import create_app
from quatrain.studio.settings import StudioSettings

pytestmark = pytest.mark.slow

LINES = ["The lamps are lit along the harbour wall,", "and every boat has folded up its wing;"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a client of a desk that all these tests share, so that poets are loaded once."""
    folder = tmp_path_factory.mktemp("desk")
    settings = StudioSettings(folder=folder, word_processes=1, write_processes=1, warm=False)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8360") as client:
        yield client


def document(lines: list[str | dict[str, Any]], **fields: Any) -> dict[str, Any]:
    rows = [{"text": line} if isinstance(line, str) else line for line in lines]
    return {"form": "rubai", "muses": ["verse"], "lines": rows, **fields}


def events(client: TestClient, path: str, body: Any) -> list[tuple[str, dict[str, Any]]]:
    answer = client.post(f"/api/{path}", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    blocks = answer.text.strip().split("\n\n")
    parts = [block.split("\n") for block in blocks]
    return [(head.removeprefix("event: "), json.loads(data[6:])) for head, data in parts]


def test_empty_places_are_written_and_keep_the_form(client: TestClient) -> None:
    body = {"document": document(LINES, theme="evening harbour"), "seed": 3}
    told = events(client, "write", body)
    assert [name for name, _ in told] == ["line", "line", "done"]
    assert [data["number"] for name, data in told if name == "line"] == [3, 4]
    assert told[-1][1] == {"seed": 3, "lines": 2}
    texts = [*LINES, told[0][1]["text"], told[1][1]["text"]]
    checked = check_draft(texts, "rubai")
    assert [line.state for line in checked.lines][2:4] == ["kept", "kept"]
    assert events(client, "write", body) == told


def test_only_the_lines_asked_for_are_written(client: TestClient) -> None:
    told = events(client, "write", {"document": document([*LINES, "", ""]), "only": [4], "seed": 1})
    assert [data.get("number") for _, data in told] == [4, None]


def test_a_locked_line_is_not_written(client: TestClient) -> None:
    locked = {"text": "", "locked": True}
    told = events(client, "write", {"document": document([*LINES, locked, ""]), "seed": 1})
    assert [data.get("number") for _, data in told] == [4, None]
    mine = {"text": "and all the gulls come down at evenfall.", "locked": True}
    for path, more in (
        ("write", {"only": [3]}),
        ("alternatives", {"line": 3}),
        ("alternatives/word", {"line": 3, "word": 1}),
    ):
        answer = client.post(f"/api/{path}", json={"document": document([*LINES, mine]), **more})
        assert answer.status_code == 422
        assert answer.json()["detail"] == "Line 3 is locked. Unlock it first."


def test_a_locked_place_after_the_last_line_hides_none(client: TestClient) -> None:
    """Lines of the form that the document doesn't list are empty places too."""
    mine, empty = {"text": LINES[0], "locked": True}, {"text": "", "locked": True}
    told = events(client, "write", {"document": document([mine], form="cinquain"), "seed": 1})
    assert [data.get("number") for name, data in told if name == "line"] == [2, 3, 4, 5]
    told = events(client, "write", {"document": document([empty], form="cinquain"), "seed": 1})
    assert [data.get("number") for name, data in told if name == "line"] == [2, 3, 4, 5]


def test_a_locked_place_leaves_the_others_as_they_are(client: TestClient) -> None:
    """A stanza that is begun is still completed; a place after the form's last is still none."""
    locked = {"text": "", "locked": True}
    begun = document([LINES[0], locked, LINES[1]], form="heroic-couplets")
    told = events(client, "write", {"document": begun, "seed": 1})
    assert [data.get("number") for name, data in told if name == "line"] == [4]
    over = document(["The river is gray", locked, "and carries the rain", ""], form="haiku")
    told = events(client, "write", {"document": over, "seed": 1})
    assert told[-1] == ("done", {"seed": 1, "lines": 0})


def test_several_muses_take_turns(client: TestClient) -> None:
    body = {"document": document(LINES, muses=["verse", "sonnets"]), "seed": 2}
    told = events(client, "write", body)
    assert [data["by"] for name, data in told if name == "line"] == ["verse", "sonnets"]


def test_without_a_form_the_draft_goes_on(client: TestClient) -> None:
    told = events(client, "write", {"document": document(LINES, form=""), "seed": 2})
    assert [data["number"] for name, data in told if name == "line"][:2] == [3, 4]


def test_a_line_that_breaks_the_form_is_noted(client: TestClient) -> None:
    lines = ["The lamps are lit along the long old harbour wall,", LINES[1]]
    body = {"document": document(lines, form="sonnet"), "only": [3], "seed": 2}
    told = events(client, "write", body)
    assert told[0][0] == "note"
    assert "ine 1" in told[0][1]["message"]


def test_other_lines_keep_the_form_and_say_how_they_differ(client: TestClient) -> None:
    whole = [*LINES, "the seagulls shout above the fishing stall,", ""]
    body = {"document": document(whole), "line": 3, "count": 2, "seed": 5}
    told = events(client, "alternatives", body)
    assert [name for name, _ in told] == ["alternative", "alternative", "done"]
    for _, other in told[:2]:
        checked = check_draft([*LINES, other["text"], ""], "rubai")
        assert checked.lines[2].state == "kept"
        assert other["differs"]
        assert other["by"] == "verse"


def test_a_line_that_was_begun_is_finished(client: TestClient) -> None:
    body = {"document": document(LINES), "line": 4, "begin": "And all the wint", "count": 1}
    told = events(client, "alternatives", {**body, "seed": 1})
    assert told[0][1]["text"].startswith("And all the wint")


def test_other_words_keep_the_form_in_a_draft_with_empty_places(client: TestClient) -> None:
    body = {"document": document([*LINES, "", ""]), "line": 1, "word": 2, "count": 3}
    answer = client.post("/api/alternatives/word", json=body)
    assert answer.status_code == 200
    others = answer.json()["alternatives"]
    assert len(others) == 3
    for other in others:
        assert other["text"] == LINES[0].replace("lamps", other["word"])
        assert check_draft([other["text"], LINES[1]], "rubai").lines[0].state == "kept"


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"muses": []}, "No poet is chosen. Choose a poet."),
        ({"muses": ["verze"]}, "There is no poet 'verze' on this desk."),
        ({"muses": ["../verse"]}, "There is no poet '../verse' on this desk."),
        ({"form": "sonett"}, "There is no form 'sonett'."),
        ({"form": "../own.toml"}, "There is no form '../own.toml'."),
        ({"metre": "iambic lots"}, "iambic lots"),
        ({"settings": {"temperature": 11}}, "document.settings.temperature: got 11;"),
        ({"settings": {"diction": "old"}}, "document.settings.diction: got 'old';"),
        ({"lines": [{"text": "x\ny"}]}, "Line 1: got 'x\\ny';"),
        ({"lines": [{}] * 10_001}, "at most 10000 items"),
    ],
)
def test_a_document_that_is_none_is_refused(
    client: TestClient, change: dict[str, Any], detail: str
) -> None:
    answer = client.post("/api/write", json={"document": {**document(LINES), **change}})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert detail in answer.json()["detail"]


def test_a_line_that_is_not_there_is_refused(client: TestClient) -> None:
    sonnet = document(LINES, form="sonnet")
    for path, more in (
        ("write", {"only": [15]}),
        ("alternatives", {"line": 15}),
        ("alternatives/word", {"line": 15, "word": 1}),
        ("alternatives/word", {"line": 1, "word": 99}),
        ("alternatives/word", {"line": 3, "word": 1}),
    ):
        answer = client.post(f"/api/{path}", json={"document": sonnet, **more})
        assert answer.status_code == 422, (path, more, answer.text)


def test_no_word_for_a_line_with_another_fault_says_what_mends_it(client: TestClient) -> None:
    lines = ["I hear the evening tide begin again", "upon the wooden mantelpiece in the hall"]
    body = {"document": document(lines, form="blank-verse"), "line": 2, "word": 6}
    answer = client.post("/api/alternatives/word", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(
        "No other word alone makes line 2 keep its form: one syllable too many."
    )


def test_a_beginning_that_no_line_can_have_is_told_plainly(client: TestClient) -> None:
    full = "the cat is sleeping in the doorway of the hall"
    body = {"document": document([full], form="blank-verse"), "line": 1, "begin": full}
    answer = client.post("/api/alternatives", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "Nothing that begins like line 1 keeps the form. "
        "Take away its last words, or ask for alternatives."
    )
