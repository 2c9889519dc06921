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
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from quatrain.config import Cleaning, Split, Training
from quatrain.config import settings as make_settings
from quatrain.corpus import Prepared, prepare
from quatrain.errors import ExtraError, TrainingError
from quatrain.poet import artifact, card
from quatrain.records import Trained, Validation
from quatrain.train import size as sizes
from quatrain.train.report import Reporter, Silent

try:
    from accelerate import Accelerator

    from quatrain.train import checkpoint as disk
    from quatrain.train import curve
    from quatrain.train.device import accelerator as make_accelerator
    from quatrain.train.device import precision, processor, start_trackers
    from quatrain.train.evaluation import overfitting
    from quatrain.train.folder import CURVE, METRICS, RunFolder
    from quatrain.train.learner import share
    from quatrain.train.loop import Outcome, Trainer, make_sequences
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
    folder = RunFolder(Path(out))
    if not resume:
        wanted = make_settings(Training, _base(training, choices), choices)
        wanted = dataclasses.replace(wanted, precision=precision(wanted.precision))
        folder.require_free(overwrite=overwrite)
        saved = None
    else:
        given = {"cleaning": cleaning, "split": split, "column": column, "licence": licence,
                 "training": training, "overwrite": overwrite, **choices}  # fmt: skip
        saved = disk.read(folder.checkpoint)
        wanted = _resumed(saved, given)
    accelerator = make_accelerator(wanted)
    main = accelerator.is_main_process
    talk: Reporter = (reporter or Silent()) if main else Silent()
    with folder.held() if main else nullcontext():
        if saved is None:
            about = {
                "cleaning": dataclasses.asdict(cleaning or Cleaning()),
                "column": column,
                "licence": licence,
            }
            if main:
                progress = talk.preparing
                prepare(source, folder.new_data, column=column, cleaning=cleaning, split=split,
                        progress=progress)  # fmt: skip
                _check(Prepared.open(folder.new_data), wanted, accelerator, folder.root)
                folder.clear()
                folder.install_new_data()
        else:
            about = saved.facts["about"]
        accelerator.wait_for_everyone()
        data = Prepared.open(folder.data)
        if str(source) != data.source:
            raise TrainingError(
                str(out),
                f"a run on {data.source!r}",
                f"one on {str(source)!r}",
                "Resume with the source it began with, or train anew in another folder.",
            )
        for note in data.notes:
            talk.noted(note)
        start_trackers(accelerator, folder.run, trackers)
        trained = train_prepared(
            data, folder.root, wanted, accelerator, talk, about=about, saved=saved
        )
        accelerator.end_training()
        return trained


def _base(training: Training | None, choices: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that `choices` go over: a choice undoes what contradicts it."""
    base = dataclasses.asdict(training or Training())
    if choices.get("epochs") is not None or choices.get("minutes") is not None:
        base["epochs"] = base["minutes"] = None
    if choices.get("sequences") == "streams":
        base["stride"] = None
    return base


def _check(data: Prepared, wanted: Training, accelerator: Accelerator, folder: Path) -> None:
    """Raise now what would keep the run from beginning, before anything is removed."""
    size = _proposed(data, wanted, accelerator)
    sequences = make_sequences(data, size.settings)
    share(sequences.lanes, accelerator)
    disk.require_room(folder, 4 * size.parameters * 12 + 50_000_000)


def _proposed(data: Prepared, wanted: Training, accelerator: Accelerator) -> sizes.Size:
    return sizes.propose(
        data.characters(data.training),
        data.vocabulary.size,
        wanted,
        gpu=accelerator.device.type != "cpu",
    )


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
        saved: the checkpoint to go on from.

    Raises:
        OutputError: the folder has no room or cannot be written.
        SettingsError: a setting is impossible with this corpus.
        TrainingError: the loss explodes whatever is done.
    """
    about = dict(about or {})
    size = _proposed(data, training, accelerator)
    reporter.planned(size.settings, size.reasons)

    def publish(tensors: dict[str, Any], validation: Validation) -> None:
        _publish(folder, data, size.settings, tensors, validation, about)

    try:
        folder.mkdir(parents=True, exist_ok=True)
        trainer = Trainer(data, size.settings, accelerator, folder, reporter, publish, about)
        if saved is not None:
            trainer.restore(saved)
            if accelerator.is_main_process:
                _keep_rows(folder / METRICS, trainer.progress.rows)
                trainer.publish_best()
        with processor(size.settings):
            outcome = trainer.run()
        return _result(folder, outcome, accelerator.is_main_process)
    except OSError as error:
        raise disk.unwritable(folder, error) from error
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "memory" not in str(error):
            raise
        raise TrainingError(
            f"a network of {size.parameters:,} parameters",
            "not enough memory",
            "room for its weights, their gradients and what is carried over a chunk",
            "Lower hidden, layers, batch or length.",
        ) from error


def _resumed(saved: disk.Checkpoint, given: Mapping[str, Any]) -> Training:
    """The settings of the interrupted run, none of which may change half-way."""
    begun = Training(**saved.facts["settings"])
    for name, value in given.items():
        if value is None or value is False or value == "":
            continue
        as_begun = getattr(begun, name, None)
        if value != as_begun or not hasattr(begun, name):
            raise TrainingError(
                f"setting {name!r}",
                repr(value) if isinstance(value, str | int | float) else "settings of its own",
                "none, as the run began" if as_begun is None else f"{as_begun!r}, as the run began",
                "A run resumes with its own settings: leave it out, or train anew elsewhere.",
            )
    if saved.facts["progress"]["finished"]:
        raise TrainingError(
            "--resume",
            "a run that is finished",
            "one that was interrupted",
            "Train longer with a larger --minutes or --epochs and --overwrite.",
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
    fitting = overfitting(
        outcome.training_nats, outcome.validation.nats_per_character, outcome.last_nats
    )
    told.append(fitting)
    if main:
        try:
            curve.draw(folder / METRICS, folder / CURVE, fitting)
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
