"""Training from end to end: what it leaves, how it ends, and that nothing is lost."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

import quatrain
import quatrain.config
from quatrain.config import settings
from quatrain.corpus import Prepared
from quatrain.errors import OutputError, SettingsError, TrainingError
from quatrain.poet import CharacterPoet, words_of
from quatrain.records import Advance, Validation
from quatrain.train import checkpoint as disk
from quatrain.train import loop
from quatrain.train.device import bfloat16_runs
from quatrain.train.options import TrainOptions
from quatrain.train.report import NullReporter

DRIVER = Path(__file__).with_name("driver.py")
TINY: dict[str, Any] = {
    "hidden": 24, "embedding": 8, "layers": 1, "dropout": 0.2, "batch": 8, "length": 16,
    "recurrent_dropout": 0.1, "learning_rate": 0.01, "epochs": 1.0, "validations": 3, "threads": 1,
}  # fmt: skip


def drive(corpus: Path, out: Path, where: str) -> int:
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(corpus), str(out), where],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def rows(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    return [
        {key: value for key, value in json.loads(line).items() if key != "seconds"}
        for line in lines
    ]


@pytest.fixture(scope="module")
def uninterrupted(verse_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "poet"
    assert drive(verse_file, folder, "nowhere") == 0
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("where", ["step:10", "step:90", "save:3"])
def test_a_killed_run_resumes_to_the_same_weights_bit_for_bit(
    where: str, uninterrupted: Path, verse_file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "poet"
    assert drive(verse_file, folder, where) == -signal.SIGKILL
    quatrain.train(verse_file, folder, resume=True)
    whole = disk.read(uninterrupted / "training" / "last.safetensors")
    again = disk.read(folder / "training" / "last.safetensors")
    assert whole.tensors.keys() == again.tensors.keys()
    for name, tensor in whole.tensors.items():
        assert torch.equal(tensor, again.tensors[name]), name
    assert rows(folder) == rows(uninterrupted)
    poets = [CharacterPoet.load(path).network for path in (folder, uninterrupted)]
    np.testing.assert_array_equal(poets[0].output.weight, poets[1].output.weight)


def test_what_a_run_leaves(uninterrupted: Path) -> None:
    names = {path.name for path in uninterrupted.iterdir()}
    assert names == {
        "config.json", "model.safetensors", "vocab.json", "copies.safetensors", "README.md",
        "metrics.jsonl", "loss.png", "training",
    }  # fmt: skip
    copies = CharacterPoet.load(uninterrupted).training_ngrams
    assert copies is not None
    prepared = Prepared.open(uninterrupted / "training" / "data")
    begin, end = prepared.offsets[prepared.training[0] :][:2]
    assert copies.copies(words_of(prepared.vocabulary.decode(prepared.tokens[begin:end])))
    assert (uninterrupted / "loss.png").read_bytes().startswith(b"\x89PNG")
    metrics = rows(uninterrupted)
    assert len(metrics) == 5
    assert metrics[-1]["progress"] == 1.0
    assert metrics[-1]["nats_per_character"] < 2.0 < metrics[0]["nats_per_character"] + 1.0
    best = min(metrics, key=lambda row: row["nats_per_character"])
    config = json.loads((uninterrupted / "config.json").read_text())
    assert config["validation"]["nats_per_character"] == best["nats_per_character"]
    assert config["training"]["steps"] == best["step"]


def test_validation_in_training_is_the_poets_own_score(
    uninterrupted: Path, verse_file: Path
) -> None:
    from quatrain.corpus import Prepared

    data = Prepared.open(uninterrupted / "training" / "data")
    config = json.loads((uninterrupted / "config.json").read_text())
    poet = CharacterPoet.load(uninterrupted)
    texts = []
    for poem in data.validation:
        tokens = data.tokens[data.offsets[poem] : data.offsets[poem + 1]]
        texts.append(data.vocabulary.decode(tokens))
    poems = [quatrain.Poem.from_lines(text.split("\n")) for text in texts]
    score = poet.evaluate(poems)
    assert score.nats_per_character == pytest.approx(
        config["validation"]["nats_per_character"], abs=1e-5
    )
    assert score.characters == data.characters(data.validation)


@pytest.mark.slow
def test_an_interrupted_run_leaves_a_poet_and_resumes(verse_file: Path, tmp_path: Path) -> None:
    class Interrupting(NullReporter):
        def __init__(self) -> None:
            self.notes: list[str] = []

        def advanced(self, advance: Advance) -> None:
            if advance.step == 70:
                os.kill(os.getpid(), signal.SIGINT)

        def noted(self, message: str) -> None:
            self.notes.append(message)

    whole = quatrain.train(verse_file, tmp_path / "whole", **TINY)
    reporter = Interrupting()
    cut = quatrain.train(verse_file, tmp_path / "cut", reporter=reporter, **TINY)
    assert cut.stopped == "interrupted"
    assert cut.steps in (70, 80)
    assert any("saving the poet" in note for note in reporter.notes)
    assert any("--resume" in message for message in cut.messages)
    assert CharacterPoet.load(tmp_path / "cut").config["training"]["steps"] == cut.steps
    resumed = quatrain.train(verse_file, tmp_path / "cut", resume=True)
    assert resumed.stopped == "budget"
    assert resumed.validation == whole.validation
    assert rows(tmp_path / "cut") == rows(tmp_path / "whole")
    models = [(tmp_path / run / "model.safetensors").read_bytes() for run in ("cut", "whole")]
    assert models[0] == models[1], "a look after the interruption leaves no trace"


@pytest.mark.slow
def test_two_processes_reach_the_result_of_one(verse_file: Path, tmp_path: Path) -> None:
    arguments = [
        "-m", "quatrain", "train", str(verse_file), "--hidden", "24", "--layers", "1",
        "--dropout", "0.2", "--recurrent-dropout", "0.2", "--batch", "8", "--length", "16",
        "--epochs", "0.5", "--threads", "1", "--precision", "float32",
    ]  # fmt: skip
    environment = dict(os.environ, OMP_NUM_THREADS="1", ACCELERATE_USE_CPU="true")
    launch = [
        "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2",
        "--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no",
        "--main_process_port", "0",
    ]  # fmt: skip
    for name, launcher in (("two", launch), ("one", [])):
        done = subprocess.run(
            [sys.executable, *launcher, *arguments, "--out", str(tmp_path / name)],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        saved = disk.read(tmp_path / name / "training" / "last.safetensors")
        assert saved.facts["processes"] == {"one": 1, "two": 2}[name]
    one, two = rows(tmp_path / "one"), rows(tmp_path / "two")
    assert [row["step"] for row in one] == [row["step"] for row in two]
    for first, second in zip(one, two, strict=True):
        assert second["nats_per_character"] == pytest.approx(first["nats_per_character"], abs=1e-4)


class Watching(NullReporter):
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.rows: list[Validation] = []

    def noted(self, message: str) -> None:
        self.notes.append(message)

    def validated(self, validation: Validation) -> None:
        self.rows.append(validation)


def poisoned(trainer: loop.Trainer) -> None:
    with torch.no_grad():
        trainer.learner.network.output.bias.fill_(float("nan"))


@pytest.mark.slow
def test_an_exploding_loss_is_rolled_back_and_told(
    verse_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, done = loop.Trainer._step, []

    def poison_once(trainer: loop.Trainer) -> None:
        step(trainer)
        if trainer.progress.step == 65 and not done:
            done.append(True)
            poisoned(trainer)

    monkeypatch.setattr(loop.Trainer, "_step", poison_once)
    reporter = Watching()
    trained = quatrain.train(verse_file, tmp_path / "poet", reporter=reporter, **TINY)
    [back] = [row.step for row in reporter.rows if row.step < 65]
    assert [note for note in reporter.notes if "exploded" in note] == [
        f"The loss exploded at step 70: back to step {back}, learning rate halved to 0.5 "
        "of its plan."
    ]
    assert trained.stopped == "budget"
    assert np.isfinite(trained.validation.nats)
    saved = disk.read(tmp_path / "poet" / "training" / "last.safetensors")
    assert saved.facts["progress"]["scale"] == 0.5


@pytest.mark.slow
def test_weights_that_are_no_numbers_are_never_saved(
    verse_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = quatrain.train(verse_file, tmp_path / "whole", **TINY)
    due = rows(tmp_path / "whole")[1]["step"]
    step, done = loop.Trainer._step, []

    def poison_where_a_validation_is_due(trainer: loop.Trainer) -> None:
        step(trainer)
        if trainer.progress.step == due and not done:
            done.append(True)
            poisoned(trainer)

    monkeypatch.setattr(loop.Trainer, "_step", poison_where_a_validation_is_due)
    reporter = Watching()
    trained = quatrain.train(verse_file, tmp_path / "poet", reporter=reporter, **TINY)
    assert sum("exploded" in note for note in reporter.notes) == 1
    assert trained.stopped == whole.stopped
    assert all(np.isfinite(row["nats_per_character"]) for row in rows(tmp_path / "poet"))


@pytest.mark.slow
def test_a_loss_that_always_explodes_ends_in_an_error_and_keeps_the_best(
    verse_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = loop.Trainer._step

    def poison(trainer: loop.Trainer) -> None:
        step(trainer)
        if trainer.progress.step > 60:
            poisoned(trainer)

    monkeypatch.setattr(loop.Trainer, "_step", poison)
    with pytest.raises(TrainingError) as told:
        quatrain.train(verse_file, tmp_path / "poet", **TINY)
    assert str(told.value) == (
        "The loss exploded 5 times by step 70, although the learning rate was halved each time. "
        "Lower learning_rate or clip. The best poet so far, if any, is in the folder."
    )
    assert CharacterPoet.load(tmp_path / "poet").config["training"]["steps"] < 65


@pytest.mark.slow
def test_a_budget_in_minutes_is_planned_to_its_end(verse_file: Path, tmp_path: Path) -> None:
    settings = {name: value for name, value in TINY.items() if name != "epochs"}
    trained = quatrain.train(verse_file, tmp_path / "poet", **settings, minutes=0.05, patience=0)
    assert trained.stopped == "budget"
    assert rows(tmp_path / "poet")[-1]["progress"] == 1.0
    saved = disk.read(tmp_path / "poet" / "training" / "last.safetensors")
    budget = saved.facts["progress"]["budget"]
    assert budget["seconds"] == 3.0
    assert 0 < budget["anchor_step"] <= trained.steps, "planned from the measured speed"


@pytest.mark.slow
@pytest.mark.parametrize("sequences", ["streams", "windows"])
def test_both_ways_of_making_sequences_learn(
    sequences: str, verse_file: Path, tmp_path: Path
) -> None:
    reporter = Watching()
    quatrain.train(
        verse_file, tmp_path / "poet", reporter=reporter, **TINY | {"sequences": sequences}
    )
    losses = [row.nats_per_character for row in reporter.rows]
    assert losses[-1] < losses[0]


def test_a_folder_that_holds_a_poet_is_not_overwritten(
    uninterrupted: Path, verse_file: Path
) -> None:
    before = (uninterrupted / "config.json").read_bytes()
    with pytest.raises(OutputError) as told:
        quatrain.train(verse_file, uninterrupted, **TINY)
    assert str(told.value) == (
        f"{uninterrupted} already exists. "
        "Use --resume to continue, --overwrite to replace it, or another --out."
    )
    assert (uninterrupted / "config.json").read_bytes() == before


def test_a_folder_of_other_files_is_refused_even_with_overwrite(
    verse_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="holds files that are not a poet's"):
        quatrain.train(verse_file, tmp_path, overwrite=True, **TINY)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.slow
def test_overwrite_replaces_our_files_and_no_others(verse_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "poet"
    quatrain.train(verse_file, folder, **TINY)
    (folder / "notes.txt").write_text("mine")
    (folder / "training" / "drafts.txt").write_text("mine too")
    quatrain.train(verse_file, folder, overwrite=True, **TINY | {"seed": 1})
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "training" / "drafts.txt").read_text() == "mine too"
    assert CharacterPoet.load(folder).config["training"]["seed"] == 1


def test_a_foreign_config_is_no_poet_of_ours(verse_file: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"name": "a web page"}')
    with pytest.raises(OutputError, match="holds files that are not a poet's"):
        quatrain.train(verse_file, tmp_path, overwrite=True, **TINY)
    assert [path.name for path in tmp_path.iterdir()] == ["config.json"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "changes"),
    [("gone.txt", {}), (None, {"batch": 8, "length": 1_000_000}), (None, {"hidden": 16_000})],
)
def test_a_run_that_cannot_begin_leaves_the_old_poet(
    source: str | None,
    changes: dict[str, Any],
    verse_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "poet"
    quatrain.train(verse_file, folder, **TINY)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: SimpleNamespace(free=10**9))
    with pytest.raises(quatrain.UserError):
        quatrain.train(source or verse_file, folder, overwrite=True, **TINY | changes)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    with pytest.raises(quatrain.UserError):
        quatrain.train(source or verse_file, tmp_path / "new", **TINY | changes)
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_a_folder_is_held_by_one_run(verse_file: Path, tmp_path: Path) -> None:
    from quatrain.train.folder import RunFolder

    folder = tmp_path / "poet"
    with RunFolder(folder).held(), pytest.raises(OutputError, match="Another run is training in"):
        quatrain.train(verse_file, folder, **TINY)
    assert not folder.exists()
    quatrain.train(verse_file, folder, **TINY)


@pytest.mark.slow
def test_resume_refuses_another_source_another_setting_and_a_finished_run(
    uninterrupted: Path, verse_file: Path, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match="is finished; there is nothing to resume"):
        quatrain.train(verse_file, uninterrupted, resume=True)
    assert drive(verse_file, tmp_path / "cut", "step:90") == -signal.SIGKILL
    with pytest.raises(TrainingError) as told:
        quatrain.train(verse_file, tmp_path / "cut", resume=True, hidden=99)
    assert str(told.value) == (
        "A resumed run keeps the settings it began with: hidden is 24, not 99. "
        "Leave hidden out, or start a new run in another folder."
    )
    with pytest.raises(TrainingError, match=r"was begun on '.*', not on '.*other.txt'"):
        quatrain.train(tmp_path / "other.txt", tmp_path / "cut", resume=True)
    with pytest.raises(TrainingError, match="split cannot be given"):
        quatrain.train(
            verse_file, tmp_path / "cut", resume=True, split=quatrain.config.Split(validation=0.3)
        )
    config = disk.read(tmp_path / "cut" / "training" / "last.safetensors").facts["settings"]
    assert config["precision"] in ("float32", "bfloat16"), "what auto meant is kept for resuming"


def test_float16_needs_a_gpu(verse_file: Path, tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(SettingsError, match="'float16' needs a GPU"):
        quatrain.train(verse_file, tmp_path / "poet", **TINY | {"precision": "float16"})


def test_an_unknown_tracker_is_named(verse_file: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="expected one of tensorboard, mlflow, wandb"):
        quatrain.train(verse_file, tmp_path / "poet", trackers=["tensorbord"], **TINY)


def test_a_tracker_that_is_not_installed_is_told(
    verse_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quatrain.train import device

    monkeypatch.setitem(device._TRACKERS, "wandb", lambda: False)
    with pytest.raises(SettingsError, match="pip install wandb"):
        quatrain.train(verse_file, tmp_path / "poet", trackers=["wandb"], **TINY)


@pytest.mark.slow
@pytest.mark.skipif(not bfloat16_runs(), reason="this processor has no LSTM in bfloat16")
def test_runs_of_two_precisions_in_one_process(verse_file: Path, tmp_path: Path) -> None:
    for precision in ("float32", "bfloat16"):
        settings = TINY | {"precision": precision, "epochs": 0.2}
        quatrain.train(verse_file, tmp_path / precision, **settings)
        config = CharacterPoet.load(tmp_path / precision).config
        assert config["training"]["precision"] == precision


def test_a_processor_without_bfloat16_is_told(
    verse_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quatrain.train.device.bfloat16_runs", lambda: False)
    with pytest.raises(SettingsError, match="'bfloat16' needs a processor with AVX-512"):
        quatrain.train(verse_file, tmp_path / "poet", **TINY | {"precision": "bfloat16"})


@pytest.mark.slow
def test_one_budget_undoes_another(verse_file: Path, tmp_path: Path) -> None:
    options = settings(TrainOptions, {"minutes": 5.0, "stride": 2}, TINY | {"sequences": "streams"})
    assert (options.minutes, options.epochs, options.stride) == (None, 1.0, None)
    trained = quatrain.train(verse_file, tmp_path / "poet", options)
    assert trained.epochs == pytest.approx(1.0, abs=0.05)


@pytest.mark.slow
def test_the_host_programs_arithmetic_and_threads_are_left_alone(
    verse_file: Path, tmp_path: Path
) -> None:
    threads = torch.get_num_threads()
    quatrain.train(verse_file, tmp_path / "poet", **TINY | {"threads": threads + 1, "epochs": 0.1})
    assert torch.get_num_threads() == threads
    assert np.float32(1e-40) * np.float32(1.0) > 0, "subnormal numbers are numbers again"


@pytest.mark.slow
def test_no_index_is_kept_of_texts_that_are_not_to_be_known(tmp_path: Path) -> None:
    out = tmp_path / "poet"
    quatrain.train("anthology", out, kind="characters", hidden=8, layers=1, epochs=0.1,
                   copy_index=False)  # fmt: skip
    assert not (out / "copies.safetensors").exists()
    assert CharacterPoet.load(out).training_ngrams is None
    assert CharacterPoet.load(out).config["corpus"]["copy_index"] is False
