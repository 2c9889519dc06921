"""A desk's folder with a corpus on it, and a patient eye on a training."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quatrain.studio.tasks.corpora import read_texts
from quatrain.studio.training import Trainings

WAIT_S = 120.0
"""Seconds that a state may take to come; on a busy machine a training takes its time."""


@pytest.fixture
def desk(tmp_path: Path, verse_file: Path) -> tuple[Path, str]:
    """The folder of a desk, and the identifier of its corpus."""
    folder = tmp_path / "desk"
    corpora = Trainings(folder).corpora
    received = corpora.receive("")
    file = received.begin("verse.txt")
    file.write(verse_file.read_bytes())
    file.close()
    report = read_texts(str(received.texts), 10**8)
    return folder, str(corpora.keep("", received, "", report)["id"])


@pytest.fixture
def server(desk: tuple[Path, str]) -> Iterator[Callable[[], Trainings]]:
    """Make a server of the desk's trainings; those that still run end with the test."""
    made: list[Trainings] = []

    def make() -> Trainings:
        made.append(Trainings(desk[0]))
        return made[-1]

    yield make
    for trainings in made:
        for process in trainings._processes.running.values():
            process.kill()
            process.wait()


@pytest.fixture
def until() -> Callable[..., dict[str, Any]]:
    """Wait until a training is as wanted, and return it; fail if it ends otherwise."""

    def wait(
        trainings: Trainings, identifier: str, wanted: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            facts = trainings.get("", identifier)
            if wanted(facts):
                return facts
            time.sleep(0.05)
        log = trainings.folder / f"users/local/trainings/{identifier}/log.txt"
        pytest.fail(f"{facts['state']}: {facts['message']} {log.read_text()[-2000:]}")

    return wait
