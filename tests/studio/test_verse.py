"""Scans, rhymes, forms and poets through the API, by real workers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from quatrain.studio.app import create_app
from quatrain.studio.settings import StudioSettings

LINES = [
    "The lamps are lit along the harbour wall,",
    "and every boat has folded up its wing;",
    "",
    "I hear the evening tide begin to call.",
]

pytestmark = pytest.mark.slow


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


def test_a_check_names_faults_and_wishes(client: TestClient) -> None:
    lines = ["🌙 the moon is over all the harbour wall,", *LINES[1:]]
    answer = client.post("/api/check", json={"lines": lines, "form": "sonnet"})
    assert answer.status_code == 200
    check = answer.json()
    assert check["form"] == "shakespearean-sonnet"
    assert len(check["lines"]) == 14
    assert check["lines"][2]["state"] == "empty"
    assert "wall" in check["lines"][2]["wish"]
    first = check["lines"][0]
    start, end = first["rhyme_span"]  # in UTF-16 units: the moon is two of them
    assert first["text"].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == "all"


def test_a_check_without_a_form_names_likely_ones(client: TestClient) -> None:
    answer = client.post("/api/check", json={"lines": LINES}).json()
    assert answer["form"] == ""
    assert answer["likely_forms"]


def test_a_check_refuses_what_is_no_form_or_metre(client: TestClient) -> None:
    for wrong in ({"form": "sonett"}, {"metre": "iambic lots"}, {"form": "../secret.toml"}):
        answer = client.post("/api/check", json={"lines": LINES, **wrong})
        assert answer.status_code == 422
        assert answer.json()["title"] == "The form cannot be kept"


def test_a_scan_has_every_line_and_its_rhyme(client: TestClient) -> None:
    answer = client.post("/api/scan", json={"lines": LINES, "gaps": [False, False, False, True]})
    assert answer.status_code == 200
    scan = answer.json()
    assert scan["metre"] == "iambic pentameter"
    assert [line["rhyme"] for line in scan["lines"]] == ["A", None, "A"]
    assert scan["lines"][0]["stress"] == "-+-+-+-+-+"


def test_rhymes_answer_three_questions(client: TestClient) -> None:
    words = client.post("/api/rhyme", json={"word": "harbour", "kinds": ["perfect"], "limit": 2})
    assert [rhyme["kind"] for rhyme in words.json()["rhymes"]] == ["perfect", "perfect"]
    pair = client.post("/api/rhyme", json={"first": "love", "second": "prove"})
    assert pair.json()["rhyme"]["kind"] == "historical"
    scheme = client.post("/api/rhyme", json={"lines": LINES})
    assert scheme.json()["scheme"] == "AxA"
    assert scheme.json()["links"][0]["first"] == 1
    both = client.post("/api/rhyme", json={"word": "harbour", "lines": LINES})
    assert both.status_code == 422
    assert both.json()["wanted"] == "either a word, or first and second, or lines"
    unknown = client.post("/api/rhyme", json={"word": "harbour", "kinds": ["nice"]})
    assert unknown.json()["detail"].startswith("'nice' is not a kind of rhyme")


def test_a_word_has_a_panel(client: TestClient) -> None:
    draft = {"lines": LINES, "form": "sonnet", "line": 2, "word": 8}
    answer = client.post("/api/words", json={"word": "wing", "draft": draft})
    assert answer.status_code == 200
    panel = answer.json()
    assert panel["ipa"] == "wɪŋ"
    assert panel["senses"][0]["part_of_speech"] == "noun"
    assert panel["place"].startswith("end of line 2")
    assert panel["groups"][0]["kind"] == "perfect"
    assert all(word["fits"] for word in panel["groups"][0]["words"])


def test_an_empty_slot_after_the_last_line_has_a_panel(client: TestClient) -> None:
    draft = {"lines": LINES[:2], "form": "sonnet", "line": 4}
    panel = client.post("/api/words", json={"draft": draft}).json()
    assert panel["place"] == "end of line 4, rhyme B with *wing*"


def test_a_panel_needs_a_word_or_a_place(client: TestClient) -> None:
    for wrong in ({}, {"draft": {"lines": LINES, "line": 9}}, {"word": "sea", "poet": "verze"}):
        answer = client.post("/api/words", json=wrong)
        assert answer.status_code == 422
        assert answer.json()["remedy"]


def test_forms_are_those_that_ship_and_your_own(
    client: TestClient, settings: StudioSettings
) -> None:
    folder = settings.folder / "forms"
    folder.mkdir()
    (folder / "shanty.toml").write_text('title = "shanty"\nstanzas = ["ABAB"]\n')
    (folder / "broken.toml").write_text('title = "broken"\nstanzas = 7\n')
    (folder / "haiku.toml").write_text("not TOML")  # the one that ships is meant
    forms = {form["name"]: form for form in client.get("/api/forms").json()["forms"]}
    assert forms["shakespearean-sonnet"]["lines"] == 14
    assert forms["haiku"]["metre"] == "5, 7, 5 syllables"
    assert forms["haiku"]["usable"]
    assert forms["villanelle"]["usable"]
    assert forms["shanty"]["rhyme"] == "ABAB"
    assert not forms["broken"]["usable"]
    assert "stanzas" in forms["broken"]["why"]
    shanty = client.get("/api/forms/shanty").json()
    assert shanty["stanzas"] == ["ABAB"]
    assert shanty["source"].startswith('title = "shanty"')


def test_a_shared_desk_does_not_say_where_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    (folder / "forms").mkdir(parents=True)
    (folder / "forms" / "broken.toml").write_text('title = "broken"\nstanzas = 7\n')
    (folder / "desk.sqlite").write_text("no database " * 1000)
    token = "a-secret-of-the-desk"  # noqa: S105
    settings = StudioSettings(folder=folder, tokens=(token,), check_processes=1, warm=False)
    known = {"Authorization": f"Bearer {token}"}
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8360", headers=known) as one:
        form, forms, drafts = map(one.get, ("/api/forms/broken", "/api/forms", "/api/drafts"))
    assert "forms/broken.toml, line 2" in form.json()["detail"]
    assert "desk.sqlite is no SQLite database" in drafts.json()["detail"]
    assert drafts.json()["where"] == "desk.sqlite"
    assert "broken" in {entry["name"] for entry in forms.json()["forms"] if not entry["usable"]}
    for answer in (form, forms, drafts):
        assert str(tmp_path) not in answer.text


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("hiaku", 422),
        ("..%2F..%2Fsecret", 404),
        ("secret.toml", 422),
        ("%00", 422),
        ("a" * 300, 422),
    ],
)
def test_no_form_is_a_path(client: TestClient, name: str, status: int) -> None:
    answer = client.get(f"/api/forms/{name}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_poets_are_listed(client: TestClient) -> None:
    answer = client.get("/api/poets").json()
    assert "verse" in [poet["name"] for poet in answer["poets"]]
    assert answer["message"] == ""
