"""The Inside pages' operations: experiments, exercises, and what is refused."""

import asyncio
import json
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra 'studio'")

from starlette.testclient import TestClient

import quatrain
from quatrain.explain.demonstrations.topics import MODULES
from quatrain.studio.tasks.inside import load_inside, show
from quatrain.studio.workers import Lane

pytestmark = pytest.mark.slow

JSON = {"Content-Type": "application/json"}


def test_the_list_names_every_topic(client: TestClient) -> None:
    topics = client.get("/api/inside").json()["topics"]
    assert [topic["topic"] for topic in topics] == list(MODULES)
    assert all(topic["title"] and topic["lead"] for topic in topics)


def test_an_experiment_is_what_python_gives(client: TestClient) -> None:
    state = {"n": 12, "k": 5, "kernel": "outlines"}
    answer = client.post("/api/inside/convolution", json={"state": state})
    shown = quatrain.explain.demonstrate("convolution", **state)
    assert answer.status_code == 200
    found = answer.json()
    assert found["state"]["n"] == 12
    assert found["data"] == json.loads(json.dumps(shown.data))
    assert found["summary"] == shown.summary
    assert [section["title"] for section in found["sections"]] == [
        section.title for section in shown.sections
    ]
    assert {control["kind"] for control in found["controls"]} == {"slider", "choice", "grid"}
    latex = client.post("/api/inside/convolution/latex", json={"state": state}).json()["latex"]
    assert r"\begin{align*}" in latex


@pytest.mark.parametrize("topic", MODULES)
def test_every_topic_answers_at_first(client: TestClient, topic: str) -> None:
    answer = client.post(f"/api/inside/{topic}", json={})
    assert answer.status_code == 200, answer.text
    assert answer.json()["topic"] == topic
    assert client.post(f"/api/inside/{topic}/latex", json={}).json()["latex"]
    assert not client.get(f"/api/inside/{topic}").is_success


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"n": "many"}, "a whole number from 1 to 14"),
        ({"n": 1e300}, "a whole number from 1 to 14"),
        ({"window": 3}, "There is no control 'window' here"),
        ({"kernel": "<img src=x onerror=alert(1)>"}, "expected one of edges"),
        ({"drawing": [[1], [1, 2]]}, "rows of equal length"),
        ({"n": None}, "state"),
        ({"n": "x" * 20_001}, "state"),
        ({str(number): 1 for number in range(41)}, "state"),
        ({"drawing": [[0]] * 101}, "state"),
    ],
)
def test_a_wrong_state_is_a_problem(client: TestClient, state: Any, words: str) -> None:
    answer = client.post("/api/inside/convolution", json={"state": state})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]
    assert len(answer.json()["detail"]) < 1000


def test_an_impossible_state_is_an_answer_with_a_problem(client: TestClient) -> None:
    answer = client.post("/api/inside/convolution", json={"state": {"n": 1, "k": 5}})
    assert answer.status_code == 200
    assert "The kernel is 5 wide and the image 1" in answer.json()["problem"]


def test_an_unknown_topic_is_not_there(client: TestClient) -> None:
    answer = client.post("/api/inside/sonnets", json={})
    assert answer.status_code == 404
    assert "There is no such experiment. There are: convolution" in answer.json()["detail"]


def test_a_huge_request_is_refused(client: TestClient) -> None:
    body = json.dumps({"state": {"n": "9" * 5_000_000}})
    assert client.post("/api/inside/convolution", content=body, headers=JSON).status_code == 413
    body = json.dumps({"seed": "Ada", "answers": {"1": "9" * 10_000_000}})
    answer = client.post("/api/exercises/convolution/check", content=body, headers=JSON)
    assert answer.status_code == 413


def test_the_answer_is_told_only_when_it_is_asked_for(client: TestClient) -> None:
    sheet = quatrain.exercise("convolution", seed="Ada", level=2)
    told = client.post("/api/exercises/convolution", json={"seed": "Ada", "level": 2})
    assert told.status_code == 200
    body = told.json()
    assert [question["text"] for question in body["questions"]] == [
        question.text for question in sheet.questions
    ]
    assert not {"answer", "mistakes", "solution", "tolerance"} & set(body["questions"][0])
    for question in sheet.questions:
        solution = client.post(
            "/api/exercises/convolution/solution",
            json={"seed": "Ada", "level": 2, "question": question.number},
        ).json()
        assert solution["answer"]
        assert solution["html"]


def test_answers_are_marked_as_in_python(client: TestClient) -> None:
    sheet = quatrain.exercise("convolution", seed="Ada", level=1)
    right = {str(question.number): str(question.answer) for question in sheet.questions[:1]}
    wrong = {"2": "about twelve", "3": [1, "x", [2]], "4": None}
    answers = {**right, **wrong}
    answers = {key: value for key, value in answers.items() if int(key) <= len(sheet.questions)}
    body = {"seed": "Ada", "level": 1, "answers": answers}
    marks = client.post("/api/exercises/convolution/check", json=body).json()
    expected = sheet.check(answers)
    assert marks["right"] == expected.right >= 1
    assert [mark["verdict"] for mark in marks["marks"]] == [mark.verdict for mark in expected]
    assert marks["marks"][1]["verdict"] == "not understood"


@pytest.mark.parametrize(
    "body",
    [
        {"seed": "", "answers": {}},
        {"seed": "   ", "answers": {}},
        {"seed": "Ada", "level": 4, "answers": {}},
        {"seed": "Ada", "answers": {"99": 1}},
        {"seed": "Ada", "answers": {"1": "x" * 2001}},
        {"seed": "Ada", "answers": [1, 2]},
    ],
)
def test_a_wrong_request_for_marks_is_a_problem(client: TestClient, body: Any) -> None:
    answer = client.post("/api/exercises/convolution/check", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_states_that_nobody_waits_for_are_not_worked_on() -> None:
    async def run() -> None:
        lane = Lane("inside", 1, 64, 20.0, load_inside)
        try:
            await lane.run(show, "convolution", {})
            slides = [
                asyncio.ensure_future(lane.run(show, "convolution", {"n": n, "k": k}))
                for n in range(1, 15)
                for k in (1, 3, 5)
            ]
            await asyncio.sleep(0)
            assert lane.waiting == len(slides) - 1
            for stale in slides[:-1]:
                stale.cancel()
            answer = json.loads(await slides[-1])
            assert answer["state"]["n"] == 14
            await asyncio.gather(*slides, return_exceptions=True)
            assert lane.waiting == 0
            assert lane.lost == 0
        finally:
            await lane.close()

    asyncio.run(run())


def test_a_page_to_save_is_one_file_with_the_state_asked_for(client: TestClient) -> None:
    answer = client.get("/api/inside/convolution/page?n=12&k=5&kernel=outlines")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-disposition"] == 'attachment; filename="convolution.html"'
    assert "<title>Convolution" in answer.text
    assert len(answer.content) < 3 * 2**20


@pytest.mark.parametrize(("query", "status"), [("n=many", 422), ("width=3", 422), ("n=15", 422)])
def test_a_page_with_a_wrong_state_is_a_problem(
    client: TestClient, query: str, status: int
) -> None:
    answer = client.get(f"/api/inside/convolution/page?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_page_is_served_for_every_topic_and_says_what_is_not_there(client: TestClient) -> None:
    for path in ("/inside", "/inside/convolution?n=12", "/inside/sonnets"):
        answer = client.get(path)
        assert answer.status_code == (404 if path.endswith("sonnets") else 200)
        assert answer.headers["content-type"].startswith("text/html")
        assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert client.get("/api/inside/sonnets/page").status_code == 404
