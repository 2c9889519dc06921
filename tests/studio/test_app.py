from starlette.testclient import TestClient


def test_health_names_the_lanes(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert set(answer.json()["ready"]) == {"check", "words", "write", "inside"}


def test_an_unknown_address_is_a_problem(client: TestClient) -> None:
    answer = client.get("/api/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "There is nothing at /api/nothing. Check the address."
