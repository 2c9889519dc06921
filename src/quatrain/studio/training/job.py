"""A training on disk: its files, and the state that follows from them.

    job.json        what was asked for
    wish.json       what its user wants now: that it runs, pauses or stops
    lock            held by the process that trains, as long as it lives
    attempt.json    the process that began last
    progress.json   how far it is, written every second
    samples.jsonl   lines that the poet wrote along the way
    result.json     how the process ended
    log.txt         what its libraries said
    reserve         some bytes, given back to the disk if it is full when the end is to be written
    poet/           the poet and the run, as `quatrain train` makes them

No server remembers a training: whichever looks reads these files. A process is alive if it holds
the lock, which the system takes from it however it ends. So no recycled process number is mistaken
for it, two servers can't run the same training, and a server needs no signal to reach it: the
process reads `wish.json`.
"""

from __future__ import annotations

import json
import math
import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from quatrain.studio.training.places import is_identifier, read_json, write_json

Wanted = Literal["run", "pause", "stop"]
State = Literal["waiting", "running", "paused", "done", "stopped", "failed"]

OVER = ("done", "stopped")
"""States in which a training has nothing left to do."""

_POINTS = 400
"""Points of a curve that are shown; every run has about twenty validations."""

_SAMPLES = 12
"""Samples that are shown: the latest."""

_MOST_BYTES = 2**22
"""Bytes of a file of our own that are read."""

_RESERVE = 2**16
"""Bytes of the reserve: a few blocks of any file system."""

_PROBES, _PROBE_S = 3, 0.02
"""Tries, and seconds between them, to see who holds a lock: a look at it holds it, too."""

_probing = threading.Lock()

KILLED = (
    "The training ended without a word: its process was killed, ran out of memory, or the machine "
    "was restarted."
)
"""Sentence for a process that left no result."""


@dataclass(frozen=True)
class Order:
    """A training as its user asked for it.

    Attributes:
        name: name of the poet to be.
        user: who asked.
        corpus: identifier of the corpus.
        source: path of its texts from the job's folder, so that the desk's folder can be moved.
        base: the poet to start from, "scratch", or "" for the best of those that ship.
        base_folder: its folder; "" for a poet that ships.
        minutes: training time.
        created: when, in seconds since 1970.
    """

    name: str
    user: str
    corpus: str
    source: str
    base: str
    base_folder: str
    minutes: float
    created: float


class Job:
    """A training's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.identifier = folder, folder.name
        self.poet = folder / "poet"
        self.lock = folder / "lock"

    @classmethod
    def create(cls, folder: Path, order: Order) -> Job:
        """Make the folder of a training that waits for its turn.

        Raises:
            OSError: the folder cannot be written.
        """
        folder.mkdir(parents=True)
        job = cls(folder)
        job.want("run")
        write_json(folder / "job.json", asdict(order))
        return job

    def order(self) -> Order | None:
        """Return what was asked for; None if the folder is not (yet, or any more) a training."""
        facts = read_json(self.folder / "job.json")
        try:
            return None if facts is None else Order(**facts)
        except TypeError:
            return None

    def want(self, wanted: Wanted) -> None:
        """Record what the user wants from now on."""
        write_json(self.folder / "wish.json", {"wanted": wanted, "since": time.time()})

    def wanted(self) -> Wanted:
        """Return what the user wants."""
        wish = (read_json(self.folder / "wish.json") or {}).get("wanted")
        return wish if wish in ("pause", "stop") else "run"

    def since(self) -> float:
        """Return since when the user wants it, in seconds since 1970: the place in the queue."""
        return _number(read_json(self.folder / "wish.json"), "since")

    def begin_attempt(self, process: int) -> None:
        """Record the process that trains from now on; whatever an earlier one left is over."""
        (self.folder / "result.json").unlink(missing_ok=True)
        (self.folder / "progress.json").unlink(missing_ok=True)
        (self.folder / "reserve").write_bytes(os.urandom(_RESERVE))  # nothing a disk can compress
        write_json(self.folder / "attempt.json", {"process": process, "began": time.time()})

    def process(self) -> int:
        """Return the number of the process that trained last, for a log; 0 if there was none."""
        return int(_number(read_json(self.folder / "attempt.json"), "process"))

    def end(self, state: State, message: str, **facts: Any) -> None:
        """Record how the process ended.

        Args:
            state: the state from now on.
            message: sentences for the user.
            facts: the parts of an error.
        """
        result = {"state": state, "message": message, "ended": time.time(), **facts}
        reserve, path = self.folder / "reserve", self.folder / "result.json"
        try:
            write_json(path, result)
        except OSError:
            if not reserve.exists():
                raise
            reserve.unlink()
            write_json(path, result)
        reserve.unlink(missing_ok=True)

    def forget_end(self) -> None:
        """Put the training into the queue again."""
        (self.folder / "result.json").unlink(missing_ok=True)
        (self.folder / "attempt.json").unlink(missing_ok=True)
        self.want("run")

    def is_alive(self) -> bool:
        """Return whether a process holds the training's lock."""
        if not self.lock.exists():
            return False
        with _probing:
            for attempt in range(_PROBES):
                if attempt:
                    time.sleep(_PROBE_S)
                try:
                    with FileLock(self.lock, timeout=0):
                        return False
                except Timeout:
                    continue
                except OSError:  # the folder is gone
                    return False
        return True

    def can_resume(self) -> bool:
        """Return whether there is a checkpoint to go on from."""
        return (self.poet / "training" / "last.safetensors").is_file()

    def state(self) -> State:
        """Return the state that follows from the files."""
        result = read_json(self.folder / "result.json")
        if result is None and self.is_alive():
            return "running"
        # The process may have ended between the two looks.
        result = result or read_json(self.folder / "result.json")
        if result is not None:
            state: State = result["state"]
            return state
        if (self.folder / "attempt.json").exists():
            return "failed"  # the process is gone, and said nothing
        return "paused" if self.wanted() == "pause" else "waiting"

    def facts(self) -> dict[str, Any]:
        """Return the training as the API gives it."""
        order, state = self.order(), self.state()
        result = read_json(self.folder / "result.json") or {}
        progress = read_json(self.folder / "progress.json") or {}
        curve = self.curve()
        share = max(_number(progress, "progress"), curve[-1]["progress"] if curve else 0.0)
        running = state == "running"
        return {
            "id": self.identifier,
            "name": order.name if order else "",
            "corpus": order.corpus if order else "",
            "base": order.base if order else "",
            "minutes": order.minutes if order else 0.0,
            "created": order.created if order else 0.0,
            "state": state,
            "progress": 1.0 if state == "done" else min(share, 1.0),
            "time_left_s": _time_left(progress) if running else None,
            "phase": str(progress.get("phase", "starting")) if running else "",
            "curve": [
                {name: row[name] for name in ("step", "training", "validation")} for row in curve
            ],
            "samples": self.samples(),
            "notes": _texts(result.get("notes")) or _texts(progress.get("notes")),
            "message": self._message(state, result),
            "resumable": state in ("paused", "failed"),
            "poet": result.get("poet") if state in OVER else None,
        }

    def curve(self) -> list[dict[str, float]]:
        """Return the validations: step, progress, and losses in nats per character."""
        points = []
        for row in _rows(self.poet / "metrics.jsonl"):
            values = {
                "step": row.get("step"),
                "progress": row.get("progress"),
                "training": row.get("training_nats"),
                "validation": row.get("nats_per_character"),
            }
            if all(isinstance(value, int | float) for value in values.values()):
                points.append({name: value for name, value in values.items() if value is not None})
        every = math.ceil(len(points) / _POINTS) or 1
        return points[::-1][::every][::-1]

    def samples(self) -> list[dict[str, Any]]:
        """Return the latest lines that the poet wrote along the way, with their step."""
        rows = _rows(self.folder / "samples.jsonl")[-_SAMPLES:]
        return [{"step": row.get("step", 0), "text": str(row.get("text", ""))} for row in rows]

    def _message(self, state: State, result: dict[str, Any]) -> str:
        if result:
            return str(result.get("message", ""))
        wanted = self.wanted()
        if state == "running" and wanted != "run":
            return (
                "Pausing: saving the poet." if wanted == "pause" else "Stopping: saving the poet."
            )
        if state == "failed":
            remedy = (
                "Resume it: it goes on from its last checkpoint, at most about a minute back."
                if self.can_resume()
                else "Resume it: it begins again, because it had saved nothing yet."
            )
            return f"{KILLED} {remedy}"
        if state == "waiting":
            return "It begins when the trainings before it have ended."
        return ""


def jobs_in(folder: Path) -> list[Job]:
    """Return the trainings in a folder; none if there is no such folder yet."""
    try:
        paths = [path for path in folder.iterdir() if is_identifier(path.name)]
    except OSError:
        return []
    return [job for job in map(Job, sorted(paths)) if job.order()]


def stopped_sentence(poet: str | None) -> str:
    """Return what is said of a training that was stopped, with the poet that came of it."""
    if poet is None:
        return "Stopped before there was a poet to keep."
    return f"Stopped. The poet {poet!r} is kept as it is."


def _time_left(progress: dict[str, Any]) -> float | None:
    """Return the seconds left by the last report, less the time since then."""
    if "seconds_left" not in progress:
        return None
    since = max(0.0, time.time() - _number(progress, "at"))
    return round(max(0.0, _number(progress, "seconds_left") - since), 1)


def _number(facts: dict[str, Any] | None, name: str) -> float:
    value = (facts or {}).get(name)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []


def _rows(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file that a process may be writing: its last line may be half."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return []
    rows = []
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows
