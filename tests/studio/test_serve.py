"""The command `quatrain studio` as a process: its address, streams, signals, ports."""

import asyncio
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra 'studio'")

from quatrain.studio.serve import MOST_PORTS, bound
from quatrain.studio.settings import StudioSettings

pytestmark = pytest.mark.slow

LINES = ["The lamps are lit along the harbour wall,", "and every boat has folded up its wing;"]
SONNET = {"form": "sonnet", "muses": ["verse"], "lines": [{"text": text} for text in LINES]}


WAIT_S = 120.0
"""Seconds that something may take to happen on a busy machine."""


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_lines_arrive_as_they_are_found(desk: Any) -> None:
    with desk.ask("POST", "/api/write", {"document": SONNET, "only": [3, 4], "seed": 1}) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        events = answer.read().decode().strip().split("\n\n")
    names = [event.partition("\n")[0] for event in events]
    assert names == ["event: line", "event: line", "event: done"]
    data = [json.loads(event.partition("data: ")[2]) for event in events]
    assert [line["number"] for line in data[:2]] == [3, 4]
    assert data[0]["by"] == "verse"
    assert data[2] == {"seed": 1, "lines": 2}


def test_a_client_that_leaves_cancels_the_writing(desk: Any) -> None:
    def cancelled() -> float:
        with desk.ask("GET", "/metrics") as answer:
            text = answer.read().decode()
        found = re.search(r'lane_ends_total{how="cancelled",lane="write"} ([\d.]+)', text)
        assert found, text
        return float(found[1])

    def ready() -> int:
        count: int = desk.json("GET", "/healthz")["ready"]["write"]
        return count

    wait_until(lambda: ready() > 0)
    before, processes = cancelled(), ready()
    with desk.ask("POST", "/api/write", {"document": SONNET}) as answer:
        assert answer.readline().startswith(b"event: line")
        assert ready() == processes - 1
    wait_until(lambda: cancelled() == before + 1)
    wait_until(lambda: ready() == processes)


def test_a_client_that_leaves_the_queue_is_forgotten(desk: Any) -> None:
    """Also before the first line, when there is no answer yet."""
    for _ in range(3):
        with (
            contextlib.suppress(TimeoutError),
            socket.create_connection(("127.0.0.1", desk.port), timeout=0.05) as connection,
        ):
            body = json.dumps({"document": SONNET}).encode()
            head = "POST /api/write HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
            connection.sendall(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            connection.recv(1)
    wait_until(lambda: desk.json("GET", "/healthz")["waiting"]["write"] == 0)
    wait_until(lambda: desk.json("GET", "/healthz")["ready"]["write"] > 0)


def test_checks_are_not_held_up_by_writing(desk: Any) -> None:
    def waiting() -> int:
        count: int = desk.json("GET", "/healthz")["waiting"]["write"]
        return count

    with contextlib.ExitStack() as stack:
        for _ in range(8):  # more than there are processes
            connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=60)
            stack.callback(connection.close)
            body = json.dumps({"document": SONNET})
            connection.request("POST", "/api/write", body, {"Content-Type": "application/json"})
        wait_until(lambda: waiting() > 0)
        answer = desk.json("POST", "/api/check", {"lines": LINES, "form": "sonnet"})
        assert answer["form"] == "shakespearean-sonnet"
        assert waiting() > 0  # the check was answered before writing that was asked for before it


def test_a_name_that_is_not_the_desks_is_refused(desk: Any) -> None:
    with desk.ask("GET", "/", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 421
    with desk.ask("POST", "/api/scan", {}, headers={"Origin": "http://evil.example"}) as answer:
        assert answer.status == 403


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_workers_end_with_a_server_that_is_killed(tmp_path: Path, run_desk: Any) -> None:
    with run_desk(tmp_path, "--port", "0") as desk:
        desk.json("POST", "/api/scan", {"lines": LINES})
        workers = desk.workers
        assert workers
        desk.process.kill()
        desk.process.wait()
        wait_until(lambda: not any(map(is_running, workers)))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_in_the_middle_of_writing(
    tmp_path: Path, run_desk: Any, sign: signal.Signals
) -> None:
    with run_desk(tmp_path, "--port", "0") as desk:
        with desk.ask("POST", "/api/write", {"document": SONNET}) as answer:
            assert answer.readline().startswith(b"event: line")
            desk.process.send_signal(sign)
            rest = answer.read().decode()  # the stream ends
            assert "event: problem" in rest or "event: done" in rest
        _, errors = desk.process.communicate(timeout=WAIT_S)
    assert errors == ""
    assert desk.process.returncode == (0 if sign == signal.SIGINT else 128 + signal.SIGTERM)


def test_a_port_that_was_asked_for_and_is_in_use_is_named(tmp_path: Path, desk: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "quatrain", "studio", "--port", str(desk.port), "--no-open"],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path)},
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"quatrain: Port {desk.port} is in use by another program. Perhaps the desk runs already: "
        "open it in the browser. Or take another with --port.\n"
    )


def test_the_next_port_is_taken_unless_one_was_asked_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings = StudioSettings(port=min(other.getsockname()[1], 65_535 - MOST_PORTS))
        taken = settings.port == other.getsockname()[1]
        found, listener = bound(settings, any_port=True)
        with listener:
            assert listener.getsockname()[1] == found.port
            assert settings.port + taken <= found.port < settings.port + MOST_PORTS


def test_a_log_has_no_texts(tmp_path: Path, run_desk: Any) -> None:
    with run_desk(tmp_path, "--port", "0", "--log", "json") as desk:
        desk.json("POST", "/api/rhyme", {"first": "harbour", "second": "barber"})
        desk.json("GET", "/api/forms/hiaku?secret=1")
        desk.process.send_signal(signal.SIGINT)
        _, errors = desk.process.communicate(timeout=WAIT_S)
    rows = [json.loads(line) for line in errors.splitlines()]
    facts = [(row["method"], row["route"], row["status"]) for row in rows]
    assert facts == [("POST", "/api/rhyme", 200), ("GET", "/api/forms/{name}", 422)]
    assert "harbour" not in errors
    assert "hiaku" not in errors
    assert "secret" not in errors


def test_other_machines_need_a_token(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "quatrain", "studio", "--host", "0.0.0.0", "--no-open"],  # noqa: S104
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "so it needs a token. Add --token" in done.stderr


def test_a_folder_that_cannot_be_made_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "desk"
    command = [sys.executable, "-m", "quatrain", "studio", "--no-open", "--port", "0"]
    ended = subprocess.run(
        [*command, "--folder", str(folder)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode
    assert "can't be made: Not a directory. Name another with --folder." in ended.stderr


def test_an_answer_does_not_wait_for_the_acknowledgement_of_its_head(tmp_path: Path) -> None:
    _, listener = bound(StudioSettings(folder=tmp_path, port=0), any_port=False)

    async def accept() -> int:
        accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def look(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = writer.get_extra_info("socket")
            accepted.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(look, sock=listener):
            with socket.create_connection(listener.getsockname()):
                return await accepted

    assert asyncio.run(accept())
