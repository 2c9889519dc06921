"""`quatrain.train`: from a source of verse to a poet in a folder.

folder/
config.json  model.safetensors  vocab.json  README.md   the poet: the best weights so far
metrics.jsonl  loss.png                                 one row per validation, and its picture
training/data/                                          the prepared corpus
training/last.safetensors                               the checkpoint a run resumes from
"""

from __future__ import annotations

import dataclasses
import datetime
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quatrain.config import Cleaning, Split, Training
from quatrain.config import settings as make_settings
from quatrain.corpus import Prepared, prepare
from quatrain.errors import ExtraError, OutputError, TrainingError
from quatrain.poet import artifact, card
from quatrain.records import Trained, Validation
from quatrain.train import size as sizes
from quatrain.train.report import Reporter, Silent

try:
    from accelerate import Accelerator

    from quatrain.train import checkpoint as disk
    from quatrain.train import curve
    from quatrain.train.device import accelerator as make_accelerator
    from quatrain.train.evaluation import overfitting
    from quatrain.train.loop import Outcome, Trainer
except ModuleNotFoundError as error:
    raise ExtraError.missing("training", error.name or "torch", "train") from error


def train(
    source: str | Path,
    out: str | Path,
    *,
    training: Training | None = None,
    cleaning: Cleaning | None = None,
    split: Split | None = None,
    column: str | None = None,
    licence: str = "",
    resume: bool = False,
    overwrite: bool = False,
    trackers: Sequence[str] = (),
    reporter: Reporter | None = None,
    **choices: Any,
) -> Trained:
    """Train a character LSTM on a source of verse.

    Args:
        source: anything `quatrain.read` reads.
        out: the folder for the poet; made if it is not there.
        training: the network and the run; what is None is chosen for the corpus.
        cleaning: how the text is cleaned.
        split: how poems are set apart for validation.
        column: of a CSV or Parquet file.
        licence: of the texts, as it should stand on the poet's card.
        resume: go on with the interrupted run in `out`, with that run's settings.
        overwrite: replace the poet and the run in `out`.
        trackers: "tensorboard", "mlflow" or "wandb", each if it is installed.
        reporter: told what happens.
        **choices: settings of `Training` by name, over `training`.

    Raises:
        CorpusError: the source cannot be read.
        SettingsError: a setting is unknown or impossible here.
        OutputError: the folder cannot be written or already holds something.
        TrainingError: there is nothing to resume, or the loss explodes whatever is done.
    """
    wanted = make_settings(Training, dataclasses.asdict(training or Training()), choices)
    folder = Path(out)
    accelerator = make_accelerator(wanted, folder, trackers)
    talk: Reporter = (reporter or Silent()) if accelerator.is_main_process else Silent()
    if resume:
        saved = disk.read(folder / "training" / "last.safetensors")
        wanted = _resumed(saved, choices, accelerator)
    elif accelerator.is_main_process:
        _claim(folder, overwrite)
    accelerator.wait_for_everyone()

    data_folder = folder / "training" / "data"
    if resume:
        data = Prepared.open(data_folder)
        if str(source) != data.source:
            raise TrainingError(
                str(folder),
                f"a run on {data.source!r}",
                f"one on {str(source)!r}",
                "Resume with the source it began with, or train anew in another folder.",
            )
    else:
        if accelerator.is_main_process:
            prepare(
                source,
                data_folder,
                column=column,
                cleaning=cleaning,
                split=split,
                progress=talk.preparing,
            )
        accelerator.wait_for_everyone()
        data = Prepared.open(data_folder)
    for note in data.notes:
        talk.noted(note)
    about = {
        "cleaning": dataclasses.asdict(cleaning or Cleaning()),
        "column": column,
        "licence": licence,
    }
    trained = train_prepared(
        data, folder, wanted, accelerator, talk, about=about, saved=saved if resume else None
    )
    accelerator.end_training()
    return trained


def train_prepared(
    data: Prepared,
    folder: Path,
    training: Training,
    accelerator: Accelerator,
    reporter: Reporter,
    *,
    about: Mapping[str, object] | None = None,
    saved: disk.Checkpoint | None = None,
) -> Trained:
    """Train on poems already prepared.

    Args:
        data: the poems.
        folder: for the poet.
        training: settings; what is None is chosen.
        accelerator: see `device.accelerator`.
        reporter: told what happens.
        about: facts of the corpus for the poet's `config.json`, beside those in `data`.
        saved: the checkpoint to go on from; its facts of the corpus count then.

    Raises:
        OutputError: the folder has no room or cannot be written.
        SettingsError: a setting is impossible with this corpus.
        TrainingError: the loss explodes whatever is done.
    """
    about = saved.facts["about"] if saved else dict(about or {})
    size = sizes.propose(
        data.characters(data.training),
        data.vocabulary.size,
        training,
        gpu=accelerator.device.type != "cpu",
    )
    disk.require_room(folder, 4 * size.parameters * 12 + 50_000_000)
    reporter.planned(size.settings, size.reasons)

    def publish(tensors: dict[str, Any], validation: Validation) -> None:
        _publish(folder, data, size.settings, tensors, validation, about)

    trainer = Trainer(data, size.settings, accelerator, folder, reporter, publish, about)
    if saved is not None:
        trainer.restore(saved)
        if accelerator.is_main_process:
            _keep_rows(folder / "metrics.jsonl", trainer.progress.rows)
    return _result(folder, trainer.run(), accelerator.is_main_process)


def _claim(folder: Path, overwrite: bool) -> None:
    """Make sure `folder` can be written and holds nothing that would be lost."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(str(folder), "a file", "a folder", "Choose another name with --out.")
    disk.require_room(folder, 0)
    ours = ("config.json", "metrics.jsonl", "training")
    if any((folder / name).exists() for name in ours):
        if not overwrite:
            raise OutputError(
                str(folder),
                "a poet or a training run",
                "an empty or new folder",
                "Go on with it with --resume, replace it with --overwrite, "
                "or choose another folder with --out.",
            )
        for name in (*ours, *artifact.FILES, "loss.png"):
            path = folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    elif any(folder.iterdir()):
        raise OutputError(
            str(folder),
            "other files",
            "an empty or new folder",
            "Choose another folder with --out: nothing here was touched.",
        )


def _resumed(saved: disk.Checkpoint, choices: dict[str, Any], accelerator: Accelerator) -> Training:
    """The settings of the interrupted run, none of which may change half-way."""
    begun = Training(**saved.facts["settings"])
    for name, value in choices.items():
        if value is not None and getattr(begun, name, value) != value:
            raise TrainingError(
                f"setting {name!r}",
                f"{value!r}",
                f"{getattr(begun, name)!r}, as the run began",
                "Resume without it, or train anew in another folder.",
            )
    if saved.facts["progress"]["finished"]:
        raise TrainingError(
            "--resume",
            "a run that is finished",
            "one that was interrupted",
            "Train longer with a larger --minutes or --epochs and --overwrite.",
        )
    if saved.facts["lanes"] % accelerator.num_processes:
        raise TrainingError(
            "--resume",
            f"{accelerator.num_processes} processes",
            f"a number that divides the batch of {saved.facts['lanes']}",
            "Launch another number of processes.",
        )
    return begun


def _publish(
    folder: Path,
    data: Prepared,
    settings: Training,
    tensors: dict[str, Any],
    validation: Validation,
    about: Mapping[str, object],
) -> None:
    from quatrain import __version__

    config = artifact.describe(
        version=__version__,
        tensors=tensors,
        corpus={
            "name": data.name,
            "source": data.source,
            "sha256": data.sha256,
            "poems": len(data.training) + len(data.validation),
            "training_characters": data.characters(data.training),
            "validation_characters": data.characters(data.validation),
            "split": dataclasses.asdict(data.split),
            **about,
        },
        training={
            **dataclasses.asdict(settings),
            "steps": validation.step,
            "epochs_done": round(validation.epoch, 3),
        },
        validation={
            "nats_per_character": validation.nats_per_character,
            "bits_per_character": validation.bits_per_character,
        },
        created=datetime.datetime.now(datetime.UTC).date().isoformat(),
    )
    artifact.save(
        folder,
        tensors=tensors,
        config=config,
        vocabulary=data.vocabulary,
        words=data.words,
        card=card.write(config),
    )


def _keep_rows(path: Path, rows: int) -> None:
    """Drop the rows of `metrics.jsonl` written after the checkpoint was."""
    if not path.exists():
        return
    kept = path.read_text(encoding="utf-8").splitlines(keepends=True)[:rows]
    partial = path.with_suffix(".partial")
    partial.write_text("".join(kept), encoding="utf-8")
    partial.replace(path)


def _result(folder: Path, outcome: Outcome, main: bool) -> Trained:
    told = []
    if outcome.stopped == "patience":
        told.append("Stopped early: validation had stopped falling.")
    if outcome.stopped == "interrupted":
        told.append("Interrupted: the poet is usable, and --resume goes on from here.")
    told.append(
        overfitting(outcome.training_nats, outcome.validation.nats_per_character, outcome.last_nats)
    )
    if main:
        try:
            curve.draw(folder / "metrics.jsonl", folder / "loss.png")
        except ExtraError as error:
            told.append(f"No loss curve was drawn: {error.remedy}")
    return Trained(
        folder=str(folder),
        validation=outcome.validation,
        stopped=outcome.stopped,
        steps=outcome.steps,
        epochs=outcome.epochs,
        seconds=outcome.seconds,
        training_nats=outcome.training_nats,
        told=tuple(told),
    )
