"""The desk's server under load: people who type, and some who also have lines written.

A real server is started in a folder of its own. Each client has its own connection and a sonnet
with eight lines; two letters of line 9 are typed every 300 ms, and each time the whole poem is
checked. Letters typed while a check is under way go with the next one, as on the page, and its
time counts from the oldest of them. Writers besides have the six empty lines of their sonnet
written, and again a second after it is finished. The clients run on the same machine as the
server and take some of its time.

    python benchmarks/serve.py
    python benchmarks/serve.py --clients 64 --seconds 60
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from machine import machine
from quatrain.corpus import read

PAUSE_S = 0.3
"""Seconds between two checks of someone who types."""

REST_S = 1.0
"""Seconds that a writer looks at what was written before asking again."""

LETTERS = 2
"""Letters typed between two checks: 300 ms at 80 words a minute."""

OPENING_S = 60.0
"""Longest wait for the server's first answer."""

FORM = "shakespearean-sonnet"


class Connection:
    """An HTTP/1.1 connection that is kept open: enough of a client to cost little."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, body: Any = None
    ) -> tuple[int, AsyncIterator[bytes]]:
        """Send a request; return the status and the parts of the answer, to be read to the end."""
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        content = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self._writer.write(head.encode() + content)
        await self._writer.drain()
        assert self._reader is not None
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:])
        }
        return int(lines[0].split()[1]), self._parts(headers)

    async def _parts(self, headers: dict[str, str]) -> AsyncIterator[bytes]:
        assert self._reader is not None
        if headers.get("transfer-encoding") != "chunked":
            yield await self._reader.readexactly(int(headers.get("content-length", "0")))
            return
        while size := int(await self._reader.readline(), 16):
            yield await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)

    async def whole(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Return the status and the whole answer."""
        status, parts = await self.ask(method, path, body)
        return status, b"".join([part async for part in parts])

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


@dataclass
class Measures:
    """What was measured: seconds of checks and of first lines, answers by status, failures."""

    checks: list[float] = field(default_factory=list)
    first_lines: list[float] = field(default_factory=list)
    lines: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)


@cache
def sonnets() -> list[list[str]]:
    """Return the lines of the anthology's sonnets in this form."""
    poems = [poem for poem in read("anthology").poems if poem.form == FORM]
    return [[line.text for line in poem.lines] for poem in poems]


def document(lines: Sequence[str]) -> dict[str, Any]:
    """Return the document of a draft with these lines."""
    return {
        "title": "",
        "form": FORM,
        "metre": "",
        "muses": ["verse"],
        "theme": "",
        "settings": dict.fromkeys(("temperature", "contrast", "strength", "diction")),
        "lines": [{"text": text, "locked": False, "by": "", "gap": False} for text in lines],
    }


async def typist(port: int, number: int, until: float, measures: Measures) -> None:
    """Type line 9 of a sonnet, and check the poem after every other letter."""
    poem = sonnets()[number % len(sonnets())]
    lines, typed, letters = [*poem[:8], *[""] * 6], poem[8:], 0
    connection = Connection(port)
    due = time.perf_counter() + random.Random(number).uniform(0, PAUSE_S)
    while due < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        letters += LETTERS
        line = typed[letters // 60 % len(typed)]
        lines[8] = line[: letters % 60 + 1]
        body = {"lines": lines, "gaps": [], "form": FORM, "metre": ""}
        try:
            status, _ = await connection.whole("POST", "/api/check", body)
            measures.statuses[status] += 1
            if status == 200:
                measures.checks.append(time.perf_counter() - due)
        except (OSError, asyncio.IncompleteReadError) as error:
            measures.failures[f"check: {type(error).__name__}"] += 1
            connection.close()
        due += PAUSE_S * max(1, int((time.perf_counter() - due) / PAUSE_S))
    connection.close()


async def writer(port: int, number: int, until: float, measures: Measures) -> None:
    """Have the six last lines of a sonnet written, again and again."""
    poem = sonnets()[number % len(sonnets())]
    body = {"document": document([*poem[:8], *[""] * 6]), "only": None, "seed": None}
    connection = Connection(port)
    while (start := time.perf_counter()) < until:
        try:
            status, parts = await connection.ask("POST", "/api/write", body)
            measures.statuses[status] += 1
            first = True
            async for part in parts:
                count = part.count(b"event: line")
                measures.lines += count
                measures.failures["write: problem"] += part.count(b"event: problem")
                if count and first:
                    measures.first_lines.append(time.perf_counter() - start)
                    first = False
        except (OSError, asyncio.IncompleteReadError) as error:
            measures.failures[f"write: {type(error).__name__}"] += 1
            connection.close()
        await asyncio.sleep(REST_S)
    connection.close()


async def watch_memory(server: psutil.Process, measures: Measures) -> None:
    """Note each second how much memory the server and its workers have, in MB."""
    while True:
        measures.memory.append(sum(megabytes(server).values()))
        await asyncio.sleep(1)


def megabytes(server: psutil.Process) -> dict[int, float]:
    """Return the memory of the server and of each worker; shared pages are divided among them."""
    sizes = {}
    for process in [server, *server.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            sizes[process.pid] = process.memory_full_info().pss / 2**20
    return sizes


async def load(port: int, server: psutil.Process, clients: int, seconds: float) -> Measures:
    """Let clients type for some seconds, at most four of which write too."""
    measures = Measures()
    until = time.perf_counter() + seconds
    watching = asyncio.create_task(watch_memory(server, measures))
    await asyncio.gather(
        *(typist(port, number, until, measures) for number in range(clients)),
        *(writer(port, number, until, measures) for number in range(min(4, clients))),
    )
    watching.cancel()
    return measures


async def opening(port: int, start: float) -> dict[str, float]:
    """Return the seconds from the command to the first page, check and line written."""
    connection, times = Connection(port), {}
    while not times:
        try:
            status, _ = await connection.whole("GET", "/")
            assert status == 200, status
            times["page"] = time.perf_counter() - start
        except OSError:
            if time.perf_counter() - start > OPENING_S:
                raise
            await asyncio.sleep(0.02)
    poem = sonnets()[0]
    checked = {"lines": poem, "gaps": [], "form": FORM, "metre": ""}
    status, answer = await connection.whole("POST", "/api/check", checked)
    assert status == 200, answer
    times["check"] = time.perf_counter() - start
    body = {"document": document([*poem[:8], *[""] * 6]), "only": None, "seed": 1}
    status, parts = await connection.ask("POST", "/api/write", body)
    assert status == 200, status
    async for part in parts:
        if b"event: line" in part and "line" not in times:
            times["line"] = time.perf_counter() - start
    connection.close()
    return times


def milliseconds(times: Sequence[float], share: float) -> str:
    """Return a quantile in milliseconds, or a dash if there is nothing to count."""
    if not times:
        return "-"
    ranked = sorted(times)
    return f"{1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))]:,.0f}"


def row(clients: int, seconds: float, measures: Measures) -> str:
    """Return a row of the table."""
    requests = sum(measures.statuses.values())
    busy = measures.statuses[429]
    errors = sum(measures.failures.values()) + sum(
        count for status, count in measures.statuses.items() if status not in (200, 429)
    )
    quantiles = [
        milliseconds(times, share)
        for times in (measures.checks, measures.first_lines)
        for share in (0.5, 0.95, 0.99)
    ]
    cells = [
        f"{clients} ({min(4, clients)})",
        f"{requests / seconds:,.1f}",
        *quantiles,
        f"{measures.lines / seconds:.1f}",
        str(busy),
        str(errors),
        f"{max(measures.memory):,.0f}",
    ]
    return f"| {' | '.join(cells)} |"


HEAD = (
    "clients (writing)",
    "requests/s",
    "check p50 ms",
    "p95",
    "p99",
    "first line p50 ms",
    "p95",
    "p99",
    "lines/s",
    "429",
    "errors",
    "memory MB",
)


def free_port() -> int:
    """Return a port that no program listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def served() -> Any:
    """Start a server in a folder of its own; give its process, its port and its start."""
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = ["-m", "quatrain", "studio", "--no-open", "--port", str(port), "--folder", folder]
        log = Path(folder) / "server.log"
        with log.open("wb") as output:
            start = time.perf_counter()
            process = subprocess.Popen([sys.executable, *command], stdout=output, stderr=output)
        try:
            yield psutil.Process(process.pid), port, start
        finally:
            process.terminate()
            process.wait(20)
            if text := log.read_text().partition("Ctrl-C).\n")[2]:
                print(f"\nThe server said:\n\n{text[:4000]}", file=sys.stderr)


def openings(times: int) -> dict[str, float]:
    """Return the medians over several starts of a server."""
    all_times = []
    for _ in range(times):
        with served() as (_, port, start):
            all_times.append(asyncio.run(opening(port, start)))
    return {name: statistics.median(times[name] for times in all_times) for name in all_times[0]}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", nargs="*", type=int, default=[1, 16, 64])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--starts", type=int, default=3, help="starts whose median is printed")
    given = parser.parse_args()

    print(machine("fastapi", "uvicorn"), "\n")
    times = openings(given.starts)
    print("| from the command to | seconds |\n| --- | ---: |")
    for name, what in (("page", "the page"), ("check", "a check"), ("line", "a line written")):
        print(f"| {what} | {times[name]:.2f} |")
    print(f"\n| {' | '.join(HEAD)} |\n|{' ---: |' * len(HEAD)}")
    with served() as (server, port, start):
        asyncio.run(opening(port, start))
        for clients in given.clients:
            measures = asyncio.run(load(port, server, clients, given.seconds))
            print(row(clients, given.seconds, measures), flush=True)
            refused = {s: n for s, n in measures.statuses.items() if s != 200}
            failed = {**measures.failures, **refused}
            if any(failed.values()):
                print(f"{clients} clients: {failed}", file=sys.stderr)


if __name__ == "__main__":
    main()
