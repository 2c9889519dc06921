"""Runs that are killed, interrupted or robbed of their folder, and what is left of them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import quatrain
from quatrain.config import Cleaning, Split
from quatrain.errors import OutputError, SettingsError, TrainingError
from quatrain.records import Advance
from quatrain.train import checkpoint as disk
from quatrain.train.report import NullReporter

TINY = {"kind": "characters", "hidden": 8, "layers": 1, "batch": 8, "length": 16, "threads": 1}
FLAGS = [
    "--kind",
    "characters",
    "--hidden",
    "8",
    "--layers",
    "1",
    "--batch",
    "8",
    "--length",
    "16",
    "--threads",
    "1",
]


class At(NullReporter):
    """Calls something at the first report after a step."""

    def __init__(self, step: int, act: object) -> None:
        self.step, self.act, self.done = step, act, False

    def advanced(self, advance: Advance) -> None:
        if advance.step >= self.step and not self.done:
            self.done = True
            assert callable(self.act)
            self.act()


def started(*arguments: object) -> subprocess.Popen[str]:
    """Start a training run and wait until it trains."""
    run = subprocess.Popen(
        [sys.executable, "-u", "-m", "quatrain", "train", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert run.stdout is not None
    for line in run.stdout:
        if "best so far" in line:
            break
    return run


def test_a_probe_left_by_a_kill_is_no_file_of_the_users(tmp_path: Path, verse_file: Path) -> None:
    out = tmp_path / "poet"
    (out / "training").mkdir(parents=True)
    (out / disk.PROBE).write_bytes(b"room")
    quatrain.train(verse_file, out, epochs=0.1, **TINY)
    assert not (out / disk.PROBE).exists()


@pytest.mark.slow
def test_whatever_a_kill_leaves_of_an_overwriting_can_be_overwritten(
    tmp_path: Path, verse_file: Path
) -> None:
    """The removal of the old poet is cut off after each of its files."""
    from quatrain.train.folder import RunFolder

    whole = tmp_path / "whole"
    quatrain.train(verse_file, whole, epochs=0.1, **TINY)
    (whole / "metrics.partial").write_text("")
    unlink = Path.unlink
    for kept in range(40):
        out = tmp_path / f"cut{kept}"
        shutil.copytree(whole, out)
        left = kept

        def cut(path: Path, missing_ok: bool = False) -> None:
            nonlocal left
            if path.exists():
                if not left:
                    raise KeyboardInterrupt
                left -= 1
            unlink(path, missing_ok=missing_ok)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "unlink", cut)
            try:
                RunFolder(out).clear()
            except KeyboardInterrupt:
                RunFolder(out).require_free(overwrite=True)
                continue
        RunFolder(out).require_free(overwrite=False)
        assert kept > 10
        return
    pytest.fail("there are more files than expected")


def test_a_folder_removed_while_training_is_named(tmp_path: Path, verse_file: Path) -> None:
    out = tmp_path / "poet"
    reporter = At(20, lambda: shutil.rmtree(out))
    with pytest.raises(OutputError, match="its folder was removed or renamed"):
        quatrain.train(verse_file, out, epochs=3.0, reporter=reporter, **TINY)
    assert not out.exists()


@pytest.mark.slow
def test_a_run_resumes_with_the_same_options_and_no_others(
    tmp_path: Path, verse_file: Path
) -> None:
    out = tmp_path / "poet"
    options = {
        **TINY,
        "epochs": 2.0,
        "seed": 3,
        "licence": "CC0",
        "split": Split(validation=0.2),
        "cleaning": Cleaning(fold_quotes=False),
        "patience": 0,
    }
    interrupting = At(30, lambda: os.kill(os.getpid(), signal.SIGINT))
    first = quatrain.train(verse_file, out, reporter=interrupting, **options)
    assert first.stopped == "interrupted"
    assert first.signal == signal.SIGINT
    for name, value in {
        "split": Split(validation=0.3),
        "licence": "MIT",
        "seed": 4,
        "cleaning": Cleaning(fold_dashes=False),
        "hidden": 9,
    }.items():
        with pytest.raises(TrainingError, match=rf"keeps the settings it began with: {name} is "):
            quatrain.train(verse_file, out, resume=True, **options | {name: value})
    resumed = quatrain.train(verse_file, out, resume=True, **options)
    assert resumed.stopped == "budget"
    whole = quatrain.train(verse_file, tmp_path / "whole", **options)
    assert whole.validation == resumed.validation
    models = [(tmp_path / run / "model.safetensors").read_bytes() for run in ("poet", "whole")]
    assert models[0] == models[1]


@pytest.mark.slow
def test_a_resumed_word_level_run_takes_its_own_settings_file(tmp_path: Path) -> None:
    out = tmp_path / "poet"
    options = {
        "kind": "words",
        "vocabulary": 300,
        "hidden": 8,
        "layers": 1,
        "batch": 4,
        "length": 8,
        "epochs": 1.0,
        "threads": 1,
    }
    interrupting = At(10, lambda: os.kill(os.getpid(), signal.SIGTERM))
    first = quatrain.train("anthology", out, reporter=interrupting, **options)
    assert first.signal == signal.SIGTERM
    assert quatrain.train("anthology", out, resume=True, **options).stopped == "budget"


@pytest.mark.slow
def test_a_picture_that_a_kill_prevented_is_drawn_at_resuming(
    tmp_path: Path, verse_file: Path
) -> None:
    pytest.importorskip("matplotlib")
    out = tmp_path / "poet"
    whole = quatrain.train(verse_file, out, epochs=0.5, **TINY)
    (out / "loss.png").unlink()
    resumed = quatrain.train(verse_file, out, resume=True)
    assert (out / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert resumed.validation == whole.validation
    with pytest.raises(TrainingError, match="there is nothing to resume"):
        quatrain.train(verse_file, out, resume=True)
    os.utime(out / "loss.png", ns=(0, 0))
    assert quatrain.train(verse_file, out, resume=True).stopped == "budget"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_saves_and_shows_in_the_exit_status(
    tmp_path: Path, verse_file: Path, name: str
) -> None:
    number = getattr(signal, name)
    out = tmp_path / "poet"
    run = started(verse_file, "--out", out, "--epochs", 80, *FLAGS)
    run.send_signal(number)
    if name != "SIGINT":
        time.sleep(0.05)
        run.send_signal(number)  # a system that shuts down may say so twice
    output, _ = run.communicate(timeout=60)
    assert run.returncode == 128 + number, output
    assert "--resume continues the run" in output
    assert (out / "loss.png").exists()
    assert disk.read(out / "training" / "last.safetensors").facts["progress"]["finished"] == ""


@pytest.mark.slow
def test_a_run_outlives_the_reader_of_its_log(tmp_path: Path, verse_file: Path) -> None:
    out = tmp_path / "poet"
    run = started(verse_file, "--out", out, "--epochs", 3, *FLAGS)
    assert run.stdout is not None
    run.stdout.close()
    assert run.wait(60) == 0
    assert disk.read(out / "training" / "last.safetensors").facts["progress"]["finished"]


@pytest.mark.slow
def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path, verse_file: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        reporter = At(20, lambda: os.kill(os.getpid(), signal.SIGHUP))
        trained = quatrain.train(verse_file, tmp_path / "p", epochs=1.0, reporter=reporter, **TINY)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert trained.stopped == "budget"


@pytest.mark.parametrize("name", ["metrics.jsonl", "training", "loss.png", ".saving"])
def test_a_run_follows_no_link_out_of_its_folder(
    tmp_path: Path, verse_file: Path, name: str
) -> None:
    out, theirs = tmp_path / "poet", tmp_path / "theirs"
    out.mkdir()
    (theirs / "data").mkdir(parents=True)
    (theirs / "last.safetensors").write_text("mine")
    (out / "config.json").write_text('{"format": "quatrain-poet"}')
    (out / name).symlink_to(theirs)
    with pytest.raises(OutputError, match="is a link; a run writes only inside its own folder"):
        quatrain.train(verse_file, out, overwrite=True, epochs=0.1, **TINY)
    assert (theirs / "last.safetensors").read_text() == "mine"


def test_more_threads_than_any_machine_has(tmp_path: Path, verse_file: Path) -> None:
    with pytest.raises(SettingsError, match="'threads': got 100000; expected a number from 1 to"):
        quatrain.train(verse_file, tmp_path / "poet", threads=100_000)
    quatrain.train(verse_file, tmp_path / "poet", epochs=0.05, **TINY | {"threads": 1000})


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(12, "Cannot allocate memory"),
        RuntimeError("could not create a primitive"),
        RuntimeError("std::bad_alloc"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
)
def test_little_memory_is_said_with_what_to_do(
    tmp_path: Path, verse_file: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    from quatrain.train.loop import Trainer

    def fail(_: Trainer) -> None:
        raise error

    monkeypatch.setattr(Trainer, "_step", fail)
    with pytest.raises(TrainingError, match=r"Not enough memory .* Lower hidden, layers, batch"):
        quatrain.train(verse_file, tmp_path / "poet", epochs=0.1, **TINY)


@pytest.mark.slow
def test_an_unknown_tracker_costs_no_old_poet(tmp_path: Path, verse_file: Path) -> None:
    quatrain.train(verse_file, tmp_path / "poet", epochs=0.1, **TINY)
    before = (tmp_path / "poet" / "model.safetensors").read_bytes()
    with pytest.raises(SettingsError, match="tracker: got 'paper'"):
        quatrain.train(
            verse_file, tmp_path / "poet", overwrite=True, trackers=["paper"], epochs=0.1, **TINY
        )
    assert (tmp_path / "poet" / "model.safetensors").read_bytes() == before
    with pytest.raises(SettingsError):
        quatrain.train(verse_file, tmp_path / "new", trackers=["paper"], epochs=0.1, **TINY)
    assert not (tmp_path / "new").exists()
