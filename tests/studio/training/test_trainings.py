"""Trainings as processes of their own: begun, paused, killed, found again, finished."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from filelock import FileLock

from quatrain.errors import ExtraError, PoetError, SettingsError
from quatrain.studio.training import TrainingLimits, Trainings, list_muses, muse_folder
from quatrain.studio.training.job import Job, Order
from quatrain.studio.training.places import write_json
from quatrain.studio.training.poets import delete_muse
from quatrain.studio.training.processes import Processes
from quatrain.studio.training.refusals import ConflictError, MissingError
from quatrain.write import load

Until = Callable[..., dict[str, Any]]
Server = Callable[[], Trainings]
Desk = tuple[Path, str]

WAIT_S = 120.0
"""Seconds that something may take to happen on a busy machine."""

MINUTES = 0.1
"""Minutes of a training: long enough to be paused in the middle."""


def job_of(trainings: Trainings, identifier: str) -> Job:
    return Job(trainings.folder / "users" / "local" / "trainings" / identifier)


def in_the_middle(facts: dict[str, Any]) -> bool:
    assert facts["state"] != "failed", facts["message"]
    return facts["state"] == "running" and len(facts["curve"]) >= 2


@pytest.mark.slow
def test_a_training_is_paused_resumed_by_another_server_and_writes(
    desk: Desk, server: Server, until: Until
) -> None:
    folder, corpus = desk
    first = server()
    identifier = first.create("", corpus, "Millstream", base="scratch", minutes=MINUTES)["id"]
    assert first.get("", identifier)["state"] == "waiting"
    assert first.dispatch() == [identifier]
    facts = until(first, identifier, in_the_middle)
    assert facts["time_left_s"] is not None
    assert 0.0 < facts["progress"] < 1.0
    with pytest.raises(ConflictError, match="needs these texts"):
        first.delete_corpus("", corpus)

    second = server()  # a server that starts later finds it by its files
    assert second.dispatch() == []
    assert second.get("", identifier)["state"] == "running"
    assert second.pause("", identifier)["message"] == "Pausing: saving the poet."
    facts = until(second, identifier, lambda facts: facts["state"] != "running")
    assert (facts["state"], facts["resumable"]) == ("paused", True)
    assert second.dispatch() == []

    second.resume("", identifier)
    assert second.dispatch() == [identifier]
    facts = until(second, identifier, lambda facts: facts["state"] in ("done", "failed"))
    assert (facts["state"], facts["progress"], facts["poet"]) == ("done", 1.0, "Millstream")
    assert facts["samples"]
    assert [point["step"] for point in facts["curve"]] == sorted(
        {point["step"] for point in facts["curve"]}
    )
    muse = next(muse for muse in list_muses(folder, "") if muse["name"] == "Millstream")
    assert (muse["source"], muse["usable"]) == ("trained", True)
    assert len(load(muse_folder(folder, "", "Millstream")).write(lines=2, seed=1).lines) == 2
    assert not job_of(second, identifier).can_resume()  # the checkpoint takes no room any more
    with pytest.raises(ConflictError, match="is done"):
        second.pause("", identifier)
    with pytest.raises(ConflictError, match="already"):
        second.create("", corpus, "millstream")
    second.delete("", identifier)
    second.delete_poet("", "Millstream")
    assert "Millstream" not in {muse["name"] for muse in list_muses(folder, "")}


@pytest.mark.slow
def test_a_killed_training_has_failed_says_so_and_goes_on(
    desk: Desk, server: Server, until: Until
) -> None:
    folder, corpus = desk
    trainings = server()
    identifier = trainings.create("", corpus, "Weir", base="scratch", minutes=MINUTES)["id"]
    trainings.dispatch()
    until(trainings, identifier, in_the_middle)
    os.kill(job_of(trainings, identifier).process(), signal.SIGKILL)
    facts = until(trainings, identifier, lambda facts: facts["state"] != "running")
    assert (facts["state"], facts["resumable"]) == ("failed", True)
    assert "killed" in facts["message"]
    assert "last checkpoint" in facts["message"]
    assert trainings.dispatch() == []  # nobody asked for it again

    trainings.resume("", identifier)
    trainings.dispatch()
    trainings.stop("", identifier)  # at once, while torch is being loaded
    facts = until(trainings, identifier, lambda facts: facts["state"] == "stopped")
    assert facts["poet"] == "Weir"
    assert load(muse_folder(folder, "", "Weir")).write(lines=1, seed=1).text


@pytest.mark.slow
def test_the_trainers_own_sentence_says_why_it_failed(
    desk: Desk, server: Server, until: Until
) -> None:
    folder, corpus = desk
    trainings = server()
    identifier = trainings.create("", corpus, "Ferry", base="scratch")["id"]
    for path in trainings.corpora.texts("", corpus).iterdir():
        path.write_text("")
    trainings.dispatch()
    facts = until(trainings, identifier, lambda facts: facts["state"] not in ("waiting", "running"))
    assert facts["state"] == "failed"
    assert "is empty" in facts["message"]
    assert str(folder) not in facts["message"]
    trainings.stop("", identifier)
    facts = trainings.get("", identifier)
    assert (facts["state"], facts["poet"]) == ("stopped", None)


def test_a_server_that_ends_leaves_alone_what_it_has_just_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job.create(tmp_path / "job", Order("one", "", "", "", "", "", 1.0, 0.0))
    started: list[subprocess.Popen[bytes]] = []

    class SlowProcess(subprocess.Popen[bytes]):
        """A process that takes its time until it holds the lock."""

        def __init__(self, _: Any, **options: Any) -> None:
            super().__init__([sys.executable, "-c", "input()"], **options | {"stdin": PIPE})
            started.append(self)
            has_started.set()

    has_started = threading.Event()
    monkeypatch.setattr("quatrain.studio.training.processes.subprocess.Popen", SlowProcess)
    processes = Processes()
    launching = threading.Thread(target=processes.launch, args=(job,))
    launching.start()
    try:
        assert has_started.wait(WAIT_S)
        processes.let_go()
        launching.join(WAIT_S)
        assert not launching.is_alive()
        assert not (job.folder / "result.json").exists()  # it has not failed
        assert processes.launch(job) is False
    finally:
        for process in started:
            process.returncode = None
            process.communicate()


@pytest.mark.slow
def test_one_at_a_time_and_no_training_twice(desk: Desk, server: Server, until: Until) -> None:
    _, corpus = desk
    servers = [server(), server()]
    first = servers[0].create("", corpus, "one", base="scratch", minutes=5)["id"]
    second = servers[1].create("", corpus, "two", base="scratch", minutes=5)["id"]
    assert [server.dispatch() for server in servers] == [[first], []]
    assert servers[0].get("", second)["state"] == "waiting"
    job = job_of(servers[0], first)
    process = job.process()
    servers[1]._processes.launch(job)  # a second process for it gives up at the lock
    assert job.process() == process
    servers[1].stop("", second)
    assert servers[1].get("", second)["state"] == "stopped"
    servers[1].pause("", first)
    until(servers[0], first, lambda facts: facts["state"] == "paused")


def test_a_process_number_that_was_used_again_is_not_taken_for_a_training(desk: Desk) -> None:
    folder, corpus = desk
    trainings = Trainings(folder)
    identifier = trainings.create("", corpus, "one")["id"]
    job = job_of(trainings, identifier)
    job.begin_attempt(os.getpid())  # this process lives, but it does not hold the lock
    assert trainings.get("", identifier)["state"] == "failed"
    with FileLock(job.lock):
        assert trainings.get("", identifier)["state"] == "running"


def test_a_training_that_waits_can_be_paused_resumed_and_stopped(desk: Desk) -> None:
    folder, corpus = desk
    trainings = Trainings(folder)
    identifier = trainings.create("", corpus, "one")["id"]
    assert trainings.pause("", identifier)["state"] == "paused"
    assert trainings.resume("", identifier)["state"] == "waiting"
    with pytest.raises(ConflictError, match="waits"):
        trainings.resume("", identifier)
    assert trainings.stop("", identifier)["state"] == "stopped"
    trainings.delete("", identifier)
    assert trainings.all_of("") == []


def test_what_is_impossible_is_refused_with_a_reason(desk: Desk) -> None:
    folder, corpus = desk
    trainings = Trainings(folder, TrainingLimits(unfinished=2))
    with pytest.raises(MissingError):
        trainings.create("", "0" * 16, "one")
    with pytest.raises(MissingError):
        trainings.create("anna", corpus, "one")
    with pytest.raises(PoetError, match="no poet"):
        trainings.create("", corpus, "one", base="../../somewhere")
    with pytest.raises(SettingsError):
        trainings.create("", corpus, "...")
    for minutes in (0.0, -1.0, 1e9, float("nan"), float("inf")):
        with pytest.raises(SettingsError):
            trainings.create("", corpus, "one", minutes=minutes)
    for name in ("verse", "Sonnets", "scratch"):
        with pytest.raises(ConflictError, match="already"):
            trainings.create("", corpus, name)
    identifier = trainings.create("", corpus, "one")["id"]
    with pytest.raises(ConflictError, match="already"):
        trainings.create("", corpus, "ONE")
    trainings.create("", corpus, "two")
    with pytest.raises(ConflictError, match="too many"):
        trainings.create("", corpus, "three")
    for name in ("", "..", "../" + identifier, identifier.upper()):
        with pytest.raises(MissingError):
            trainings.get("", name)
    with pytest.raises(MissingError):
        trainings.get("anna", identifier)


def test_requests_at_once_take_no_more_room_than_there_is(desk: Desk) -> None:
    folder, corpus = desk
    trainings = Trainings(folder, TrainingLimits(unfinished=3))

    def begin(number: int) -> bool:
        try:
            trainings.create("", corpus, f"poet {number % 4}")
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(begin, range(32))) == 3
    assert len({training["name"] for training in trainings.all_of("")}) == 3


@pytest.mark.skipif(os.name != "posix", reason="needs permissions as POSIX has them")
def test_nobody_else_on_the_machine_reads_the_folder(tmp_path: Path) -> None:
    Trainings(tmp_path / "desk").dispatch()
    assert (tmp_path / "desk").stat().st_mode & 0o077 == 0


def test_without_torch_the_extra_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, corpus = desk
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "torch" else name)
    with pytest.raises(ExtraError, match=r"pip install 'quatrain\[train\]'"):
        Trainings(folder).create("", corpus, "one")


def test_a_full_disk_does_not_hide_how_a_training_ended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, corpus = desk
    trainings = Trainings(folder)
    identifier = trainings.create("", corpus, "one")["id"]
    job = job_of(trainings, identifier)
    job.begin_attempt(os.getpid())
    assert (job.folder / "reserve").stat().st_size >= 4096

    def write_if_there_is_room(path: Path, facts: dict[str, Any]) -> None:
        if (job.folder / "reserve").exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        write_json(path, facts)

    monkeypatch.setattr("quatrain.studio.training.job.write_json", write_if_there_is_room)
    job.end("failed", "The disk is full.")
    facts = trainings.get("", identifier)
    assert (facts["state"], facts["message"]) == ("failed", "The disk is full.")


def test_damaged_files_of_a_training_are_no_failure_of_the_server(desk: Desk) -> None:
    folder, corpus = desk
    trainings = Trainings(folder)
    identifier = trainings.create("", corpus, "one")["id"]
    job = job_of(trainings, identifier)
    job.poet.mkdir()
    row = {"step": 1, "progress": 0.1, "training_nats": 3.0, "nats_per_character": 2.5}
    half = json.dumps(row)[:20]
    (job.poet / "metrics.jsonl").write_text(f"{json.dumps(row)}\nnull\n[]\n{half}")
    (job.folder / "samples.jsonl").write_bytes(b'\xff\n{"text": "a line"}\n{"te')
    (job.folder / "progress.json").write_text('{"progress": "no number", "notes": null}')
    (job.folder / "wish.json").write_text("not JSON")
    facts = trainings.get("", identifier)
    assert facts["curve"] == [{"step": 1, "training": 3.0, "validation": 2.5}]
    assert facts["samples"] == [{"step": 0, "text": "a line"}]
    (job.folder / "job.json").write_text("{}")
    assert trainings.all_of("") == []
    assert trainings.dispatch() == []


def test_folders_dropped_in_are_muses_and_a_damaged_one_says_why(tmp_path: Path) -> None:
    shipped = muse_folder(tmp_path, "", "letters")
    shutil.copytree(shipped, tmp_path / "poets" / "dropped")
    shutil.copytree(shipped, tmp_path / "poets" / "newer")
    config = json.loads((shipped / "config.json").read_text())
    config["format_version"] = 99
    (tmp_path / "poets" / "newer" / "config.json").write_text(json.dumps(config))
    shutil.copytree(shipped, tmp_path / "poets" / "damaged")
    with (tmp_path / "poets" / "damaged" / "model.safetensors").open("r+b") as file:
        file.truncate(1000)
    (tmp_path / "poets" / "notes").mkdir()
    (tmp_path / "poets" / "readme.txt").write_text("not a folder")
    muses = {muse["name"]: muse for muse in list_muses(tmp_path, "anna")}
    assert set(muses) == {"verse", "sonnets", "letters", "dropped", "newer", "damaged", "notes"}
    assert (muses["dropped"]["source"], muses["dropped"]["usable"]) == ("folder", True)
    assert muses["verse"]["source"] == "shipped"
    assert muses["verse"]["words"] == 20_005
    for name in ("newer", "damaged", "notes"):
        assert not muses[name]["usable"]
        assert muses[name]["why"]
        assert str(tmp_path) not in str(muses[name]["why"])
    for name in ("dropped", "verse", "none"):
        with pytest.raises(MissingError, match="trained on this desk"):
            delete_muse(tmp_path, "", name)
