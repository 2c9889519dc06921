"""Streams that are closed, full or left by their reader, signals, and workers without a parent."""

import json
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., "subprocess.Popen[str]"]

VERSE = "The heron counts the river by the mill\nAnd waits upon the grey and patient hill\n"
FULL = Path("/dev/full")

needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no full device here")


@pytest.fixture
def poem(tmp_path: Path) -> Path:
    path = tmp_path / "poem.txt"
    path.write_text(VERSE, encoding="utf-8")
    return path


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "library.jsonl"
    line = '{{"text": "The heron counts {0} rivers by the mill\\nAnd waits {0} days"}}\n'
    path.write_text("".join(line.format(number) for number in range(20_000)), encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["scan", "{library}"],
        ["scan", "{library}", "--json"],
        ["--help"],
        ["scan", "{library}", "--json", "--jobs", "2"],
        ["write", "letters", "--lines", "900"],
    ],
)
def test_a_reader_that_leaves_ends_the_command_quietly(
    command: Command, library: Path, arguments: list[str]
) -> None:
    run = command(*(part.format(library=library) for part in arguments))
    assert run.stdout is not None
    run.stdout.readline()
    run.stdout.close()
    assert run.stderr is not None
    errors = run.stderr.read()
    run.stderr.close()
    assert run.wait(60) == 0
    assert "Traceback" not in errors
    assert "quatrain:" not in errors


@needs_full
@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["scan", "--help"],
        ["--version"],
        ["scan", "{poem}"],
        ["scan", "{poem}", "--json"],
        ["scan", "{poem}", "--tei"],
        ["forms"],
        ["poets"],
        ["check", "{poem}"],
    ],
)
def test_a_full_device_is_an_error_in_one_sentence(
    command: Command, poem: Path, arguments: list[str]
) -> None:
    with FULL.open("w") as full:
        run = command(*(part.format(poem=poem) for part in arguments), stdout=full)
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 1
    assert errors == "quatrain: can't write the output: No space left on device.\n"


@needs_full
@pytest.mark.slow
def test_a_full_device_for_errors_keeps_the_exit_status(command: Command) -> None:
    with FULL.open("w") as full:
        run = command("scan", "nowhere.txt", stderr=full)
        assert run.communicate(timeout=60)[0] == ""
    assert run.returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("closed", "arguments", "message"),
    [
        ("<&-", "scan -", "Standard input is closed."),
        ("<&-", "check - --form haiku", "Standard input is closed."),
        (">&-", "scan poem.txt", "can't write the output: Bad file descriptor."),
        (">&-", "--help", "can't write the output: Bad file descriptor."),
        ("2>&-", "scan nowhere.txt", ""),
        ("<&- >&- 2>&-", "scan poem.txt --json", ""),
    ],
)
def test_a_closed_stream_is_an_error_in_one_sentence(
    poem: Path, closed: str, arguments: str, message: str
) -> None:
    line = f"exec {shlex.quote(sys.executable)} -m quatrain {arguments} {closed}"
    run = subprocess.run(
        ["sh", "-c", line], cwd=poem.parent, capture_output=True, text=True, check=False, timeout=60
    )
    assert run.returncode == 1
    assert run.stdout == ""
    assert message in run.stderr
    assert len(run.stderr.splitlines()) <= 1


def alive(pid: int) -> bool:
    """Return whether a process runs; one that only waits to be asked for its status does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="there is no list of processes here")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"])
def test_workers_end_with_their_parent(command: Command, library: Path, name: str) -> None:
    run = command("scan", library, "--json", "--jobs", "2")
    assert run.stdout is not None
    run.stdout.readline()
    workers = children(run.pid)
    assert len(workers) >= 2
    number = getattr(signal, name)
    run.send_signal(number)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == (-number if name == "SIGKILL" else 128 + number)
    assert "Traceback" not in errors
    end = time.monotonic() + 20
    while any(map(alive, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(alive, workers))


@pytest.mark.slow
def test_a_plain_terminal_costs_no_letter_of_a_poem(command: Command, poem: Path) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    poem.write_text("Café by the mill\nAnd still she waits, and still\n", encoding="utf-8")
    with poem.open() as text:
        run = command("scan", "-", "--json", stdin=text, variables=plain)
        lines = json.loads(run.communicate(timeout=60)[0])["lines"]
    assert lines[0]["text"] in {"Café by the mill", "Caf? by the mill"}


@pytest.mark.slow
def test_endless_input_is_not_read_to_its_end(command: Command) -> None:
    with Path("/dev/zero").open("rb") as endless:
        run = command("scan", "-", stdin=endless)
        assert "more than 16,777,216 bytes" in run.communicate(timeout=60)[1]
    assert run.returncode == 1


@pytest.mark.slow
def test_bytes_that_are_no_text_are_named(command: Command) -> None:
    run = command("scan", "-", stdin=subprocess.PIPE, errors="surrogateescape")
    _, errors = run.communicate("caf\udce9 noir\n", timeout=60)
    assert "got the byte 0xe9 at position 3; expected text in UTF-8" in errors


@pytest.mark.slow
def test_a_name_too_long_for_the_system_is_named(command: Command) -> None:
    run = command("write", "a" * 5000)
    assert run.communicate(timeout=60)[1].endswith("aaa can't be used: File name too long.\n")
    assert run.returncode == 1
