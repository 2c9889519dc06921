"""Who may ask the desk for what: hosts, origins, tokens, sizes, rates and headers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

pytest.importorskip("fastapi", reason="needs the extra 'studio'")

from starlette.requests import Request
from starlette.testclient import TestClient

from quatrain.errors import SettingsError
from quatrain.studio.app import create_app
from quatrain.studio.security import current_user
from quatrain.studio.security.limits import RateGuard
from quatrain.studio.settings import StudioSettings

ADDRESS = "http://127.0.0.1:8360"
JSON = {"content-type": "application/json"}
SECRET = "a-secret-of-the-desk"  # noqa: S105


def client_of(settings: StudioSettings, address: str = ADDRESS) -> TestClient:
    app = create_app(settings)

    @app.get("/api/user")
    async def user(request: Request) -> dict[str, str]:
        return {"user": current_user(request)}

    return TestClient(app, base_url=address, follow_redirects=False)


# Hosts and origins


@pytest.mark.parametrize("host", ["127.0.0.1:8360", "localhost", "LOCALHOST.:9000", "[::1]:8360"])
def test_the_desk_answers_under_its_own_names(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "[::1", "a/127.0.0.1"],
)
def test_rebound_names_are_refused(client: TestClient, host: str) -> None:
    answer = client.get("/healthz", headers={"host": host})
    assert answer.status_code == 421
    assert "--allow-host" in answer.json()["detail"]


def test_more_names_can_be_allowed(settings: StudioSettings) -> None:
    client = client_of(replace(settings, host_names=("desk.example",)))
    assert client.get("/healthz", headers={"host": "desk.example:443"}).status_code == 200


def test_an_open_desk_answers_under_every_number(settings: StudioSettings) -> None:
    client = client_of(replace(settings, host="0.0.0.0", tokens=(SECRET,)))  # noqa: S104
    assert client.get("/healthz", headers={"host": "192.168.1.7:8360"}).status_code == 200
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1:8360.evil.example"},
        {"origin": "http://[::"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_what_other_sites_send_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/api/scan", json={"lines": []}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("This request comes from another site.")


def test_other_sites_read_nothing_either(client: TestClient) -> None:
    assert client.get("/api/poets", headers={"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "multipart/form-data; boundary=x"}, 415),
        ({}, 415),
        ({"content-type": "application/json; charset=utf-8"}, 422),
    ],
)
def test_a_body_has_to_be_json(client: TestClient, headers: dict[str, str], status: int) -> None:
    answer = client.post("/api/scan", content=b'{"wrong": 1}', headers=headers)
    assert answer.status_code == status


# Tokens


@pytest.fixture
def shared(settings: StudioSettings) -> Iterator[TestClient]:
    """Return a client of a desk with two tokens."""
    tokens = ("anna:first-secret-of-anna", SECRET)
    with client_of(replace(settings, tokens=tokens)) as client:
        yield client


def test_without_a_token_only_the_health_is_told(shared: TestClient) -> None:
    assert shared.get("/healthz").status_code == 200
    for path in ("/", "/api/user", "/metrics", "/openapi.json", "/static/desk.js", "/nothing"):
        answer = shared.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "/?token=" in answer.text


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", f"Basic {SECRET}", f"Bearer {SECRET}x", "Bearer \u00ff"]
)
def test_a_wrong_token_is_refused(shared: TestClient, header: str) -> None:
    answer = shared.get("/api/user", headers={"authorization": header.encode("latin-1")})
    assert answer.status_code == 401


def test_a_token_stands_for_a_user(shared: TestClient) -> None:
    anna = {"authorization": "Bearer anna:first-secret-of-anna"}
    other = {"authorization": f"bearer {SECRET}"}
    assert shared.get("/api/user", headers=anna).json() == {"user": "anna"}
    name = shared.get("/api/user", headers=other).json()["user"]
    assert name not in ("", "anna")
    assert SECRET not in name


def test_the_secret_of_a_name_is_enough(shared: TestClient) -> None:
    for sent in ("anna:first-secret-of-anna", "first-secret-of-anna"):
        header = {"Authorization": f"Bearer {sent}"}
        assert shared.get("/api/user", headers=header).json() == {"user": "anna"}
        opened = shared.get("/", params={"token": sent}, follow_redirects=False)
        assert opened.status_code == 303
        shared.cookies.clear()
    assert "doesn't know that token" in shared.get("/", params={"token": "anna"}).text


def test_an_address_with_the_token_sets_a_strict_cookie_once(shared: TestClient) -> None:
    answer = shared.get("/", params={"token": SECRET})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert SECRET not in cookie
    assert shared.get("/api/user").json()["user"]  # the client sends the cookie now
    shared.cookies.clear()
    assert shared.get("/", params={"token": "wrong"}).status_code == 401
    assert shared.get("/api/user", params={"token": SECRET}).status_code == 401


def test_the_cookie_stays_on_encrypted_connections_if_it_came_over_one(
    settings: StudioSettings,
) -> None:
    secured = replace(settings, tokens=(SECRET,))
    for address, is_secure in ((ADDRESS, False), (ADDRESS.replace("http", "https"), True)):
        answer = client_of(secured, address).get("/", params={"token": SECRET})
        assert ("Secure" in answer.headers["set-cookie"]) is is_secure


def test_a_cookie_that_is_not_one_is_refused(shared: TestClient) -> None:
    for cookie in ("quatrain-8360=wrong", "quatrain-8360", "=;;=", f"quatrain-8360={SECRET}"):
        assert shared.get("/api/user", headers={"cookie": cookie}).status_code == 401


def test_a_desk_of_its_own_has_no_token(client: TestClient) -> None:
    assert client_of(StudioSettings()).get("/api/user").json() == {"user": ""}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"host": "0.0.0.0"}, "needs a token"),  # noqa: S104
        ({"host": "desk.example"}, "needs a token"),
        ({"host": "0.0.0.0", "tokens": ("short",)}, "at least 16"),  # noqa: S104
        ({"tokens": ("ada:same-secret", "ben:same-secret")}, "the same secret"),
        ({"tokens": ("",)}, "plain letters and digits"),
        ({"tokens": ("anna:",)}, "plain letters and digits"),
        ({"tokens": ("with space",)}, "plain letters and digits"),
        ({"port": 70_000}, "from 0 to 65535"),
        ({"log": "xml"}, "'text' or 'json'"),
        ({"queue": 0}, "1 or more"),
    ],
)
def test_unsafe_settings_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        replace(StudioSettings(), **options)


# Sizes and rates


def test_a_large_request_is_refused_by_its_announced_length(client: TestClient) -> None:
    answer = client.post("/api/scan", content=b"x" * 5_000_000, headers=JSON)
    assert answer.status_code == 413
    assert answer.json()["detail"] == "The request is larger than 4 MB. Send less at once."


def test_a_large_request_in_chunks_is_refused_as_it_comes(client: TestClient) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b" " * 100_000

    answer = client.post("/api/scan", content=chunks(), headers=JSON)
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 5000])
def test_a_length_that_is_no_number_is_refused(client: TestClient, length: str) -> None:
    answer = client.post("/api/scan", content=b"{}", headers={**JSON, "content-length": length})
    assert answer.status_code == 413


def test_a_problem_quotes_little_of_what_was_sent(client: TestClient) -> None:
    answer = client.post("/api/scan", json={"lines": [], "x" * 100_000: 1})
    assert answer.status_code == 422
    assert len(answer.content) < 2_000


def test_invented_methods_are_counted_as_one(client: TestClient) -> None:
    for method in ("BREW", "STEEP"):
        assert client.request(method, "/healthz").status_code == 405
    figures = client.get("/metrics").text
    assert "BREW" not in figures
    assert 'quatrain_requests_total{method="any"' in figures


def test_too_many_requests_are_told_when_to_come_again(settings: StudioSettings) -> None:
    client = client_of(replace(settings, requests_per_second=0.5, burst=3))
    codes = [client.get("/healthz").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    answer = client.get("/healthz")
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["detail"] == "Too many requests. Try again in 2 s."


def test_each_client_has_a_rate_of_its_own(settings: StudioSettings) -> None:
    now = 0.0
    guard = RateGuard(
        create_app(settings), replace(settings, requests_per_second=2, burst=2), lambda: now
    )
    assert [guard._wait_s("anna") for _ in range(3)] == [0, 0, 1]
    assert guard._wait_s("bela") == 0
    now = 0.5
    assert guard._wait_s("anna") == 0
    assert guard._wait_s("anna") == 1


# Headers and files


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/poets", "/static/nothing.js", "/nothing"])
def test_every_answer_forbids_foreign_content(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-store" if path.startswith("/api") else "no-cache")
    assert "server" not in headers


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"],
)
def test_no_file_outside_the_page_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_there_is_no_page_from_another_origin(client: TestClient) -> None:
    for path in ("/docs", "/redoc"):
        assert client.get(path).status_code == 404


def test_an_unforeseen_error_tells_nothing(
    settings: StudioSettings, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings)

    @app.get("/fail")
    async def fail() -> None:
        raise ValueError("a text that the user wrote")

    with TestClient(app, base_url=ADDRESS) as client:
        answer = client.get("/fail")
    assert answer.status_code == 500
    assert answer.json()["title"] == "A bug in Quatrain"
    assert answer.headers["content-security-policy"]
    assert "user wrote" not in answer.text
    record = next(record for record in caplog.records if record.name == "quatrain.studio")
    assert "user wrote" not in str(vars(record))
    assert vars(record)["facts"]["error"].startswith("ValueError at test_security.py:")
