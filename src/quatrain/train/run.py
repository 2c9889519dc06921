"""`quatrain.train`: from a source of verse to a poet in a folder.

folder/
config.json  model.safetensors  vocab.json
copies.safetensors  README.md                           the poet: the best weights so far
metrics.jsonl  loss.png                                 one row per validation, and its picture
training/data/                                          the prepared corpus
training/last.safetensors                               the checkpoint a run resumes from
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from quatrain.config import Cleaning, Split, Training
from quatrain.config import settings as make_settings
from quatrain.corpus import Prepared, PreparedWords, prepare
from quatrain.corpus.prepared_words import WORDS_ABOUT
from quatrain.errors import ExtraError, TrainingError
from quatrain.poet import NgramIndex, artifact, card, resolve
from quatrain.poet.copy_index import MOST_WORDS
from quatrain.records import Trained, Validation
from quatrain.train import size as sizes
from quatrain.train.report import NullReporter, Reporter

try:
    from accelerate import Accelerator

    from quatrain.train import adapting, curve
    from quatrain.train import checkpoint as disk
    from quatrain.train.device import accelerator as make_accelerator
    from quatrain.train.device import precision, processor, start_trackers
    from quatrain.train.evaluation import overfitting
    from quatrain.train.folder import CURVE, METRICS, RunFolder
    from quatrain.train.learner import share
    from quatrain.train.loop import Outcome, Trainer, make_sequences
    from quatrain.train.networks import Data
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
    copy_index: bool = True,
    resume: bool = False,
    overwrite: bool = False,
    base: str | Path | None = None,
    trackers: Sequence[str] = (),
    reporter: Reporter | None = None,
    **choices: Any,
) -> Trained:
    """Train a poet of characters or of words on a source of verse.

    Args:
        source: anything `quatrain.read` reads.
        out: the folder for the poet; made if it is not there.
        training: the network and the run; what is None is chosen for the corpus.
        cleaning: how the text is cleaned.
        split: how poems are set apart for validation.
        column: of a CSV or Parquet file.
        licence: of the texts, as it should stand on the poet's card.
        copy_index: whether hashes of the texts go with the poet, against copying.
        resume: go on with the interrupted run in `out`, with that run's settings.
        overwrite: replace the poet and the run in `out`.
        base: a poet to start from, by its folder or by the name of a shipped one; the new poet
            has its kind, its network and its direction, and its words besides the text's own.
        trackers: "tensorboard", "mlflow" or "wandb", each if it is installed.
        reporter: told what happens.
        **choices: settings of `Training` by name, over `training`.

    Raises:
        CorpusError: the source cannot be read.
        SettingsError: a setting is unknown or impossible here.
        OutputError: the folder cannot be written or already holds something.
        PoetError: the base cannot be opened, or is of another kind than `kind`.
        TrainingError: there is nothing to resume, or the loss explodes whatever is done.
    """
    folder = RunFolder(Path(out))
    if not resume:
        wanted = make_settings(Training, _base(training, choices), choices)
        wanted = dataclasses.replace(wanted, precision=precision(wanted.precision))
        folder.require_free(overwrite=overwrite)
        saved = None
        trained_base = None if base is None else artifact.load(resolve(base))
        if trained_base is not None:
            wanted = adapting.inherit_architecture(wanted, trained_base)
    else:
        given = {"cleaning": cleaning, "split": split, "column": column, "licence": licence,
                 "training": training, "overwrite": overwrite, "base": base,
                 **choices}  # fmt: skip
        trained_base = None
        saved = disk.read(folder.checkpoint)
        wanted = _resumed(saved, given)
    accelerator = make_accelerator(wanted)
    main = accelerator.is_main_process
    talk: Reporter = (reporter or NullReporter()) if main else NullReporter()
    with folder.held() if main else nullcontext():
        if saved is None:
            about = {
                "cleaning": dataclasses.asdict(cleaning or Cleaning()),
                "column": column,
                "licence": licence,
                "indexed": copy_index,
            }
            if trained_base is not None:
                about["base"] = adapting.describe_base(trained_base)
            if main:
                prepared = prepare(source, folder.new_data, column=column, cleaning=cleaning,
                                   split=split, progress=talk.preparing)  # fmt: skip
                _prepare_words(prepared, folder.new_data, wanted, trained_base, talk)
                _check(_opened(folder.new_data), wanted, accelerator, folder.root)
                folder.clear()
                folder.install_new_data()
        else:
            about = saved.facts["about"]
        accelerator.wait_for_everyone()
        prepared = Prepared.open(folder.data)
        if str(source) != prepared.source:
            raise TrainingError(
                str(out),
                f"a run on {prepared.source!r}",
                f"one on {str(source)!r}",
                "Resume with the source it began with, or train anew in another folder.",
            )
        for note in prepared.notes:
            talk.noted(note)
        start_trackers(accelerator, folder.run, trackers)
        indexed = copy_index and about.get("indexed", True)
        trained = train_prepared(
            _opened(folder.data),
            folder.root,
            wanted,
            accelerator,
            talk,
            about={**_facts(prepared), **about},
            saved=saved,
            base=trained_base,
            copies=_copies(prepared, talk, trained_base) if indexed and main else None,
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


def _opened(folder: Path) -> Data:
    """The prepared corpus, as words if it was prepared so."""
    if (folder / WORDS_ABOUT).exists():
        return PreparedWords.open(folder)
    return Prepared.open(folder)


def _prepare_words(
    prepared: Prepared,
    folder: Path,
    wanted: Training,
    base: artifact.Artifact | None,
    talk: Reporter,
) -> None:
    """Tokenise the corpus beside its characters if a word poet is to be trained; say why."""
    kind: str | None = wanted.kind
    if kind is None:
        kind, why = sizes.kind_for(prepared.characters(prepared.training))
        talk.noted(why)
    if kind == "characters":
        return
    if base is not None:
        words = adapting.words(prepared, base)
        new = words.vocabulary.size - base.vocabulary.size
        talk.noted(f"The base's {base.vocabulary.size:,} words, and {new:,} of the texts' own.")
    else:
        most = sizes.vocabulary_for(prepared.characters(prepared.training) // 4, wanted)
        backwards = wanted.direction != "forward"
        words = PreparedWords.of(prepared, backwards=backwards, most=most)
    unknown = float((words.tokens == words.vocabulary.UNKNOWN).mean())
    talk.noted(f"{unknown:.1%} of the words are outside the vocabulary, and stand as unknown.")
    words.write(folder)


def _copies(
    prepared: Prepared, talk: Reporter, base: artifact.Artifact | None
) -> NgramIndex | None:
    """The index of the poems that are learned from."""
    ends = prepared.offsets
    index = NgramIndex.of(
        prepared.vocabulary.decode(prepared.tokens[ends[poem] : ends[poem + 1]])
        for poem in prepared.training
    )
    if index is not None:
        talk.noted(
            f"An index of these poems goes with the poet ({index.megabytes:.1f} MB): in a form it "
            f"copies no more than {index.longest} words in a row from them."
            + (
                " The base's own index stays with the base."
                if base and base.training_ngrams
                else ""
            )
        )
    elif prepared.characters(prepared.training) > MOST_WORDS:
        talk.noted(
            "These poems are too many for an index against copying; where that matters, write "
            "with --against."
        )
    return index


def _facts(prepared: Prepared) -> dict[str, Any]:
    """What `config.json` says of a corpus."""
    return {
        "name": prepared.name,
        "source": prepared.source,
        "sha256": prepared.sha256,
        "poems": len(prepared.training) + len(prepared.validation),
        "split": dataclasses.asdict(prepared.split),
    }


def _check(data: Data, wanted: Training, accelerator: Accelerator, folder: Path) -> None:
    """Raise now what would keep the run from beginning, before anything is removed."""
    size = _proposed(data, wanted, accelerator)
    sequences = make_sequences(data, size.settings)
    share(sequences.lanes, accelerator)
    disk.require_room(folder, 4 * size.parameters * 12 + 50_000_000)


def _proposed(
    data: Data, wanted: Training, accelerator: Accelerator, *, adapting: bool = False
) -> sizes.Size:
    if isinstance(data, PreparedWords):
        return sizes.propose_words(
            data.predictions(data.training),
            data.vocabulary.size,
            data.vocabulary.letters,
            dataclasses.replace(
                wanted, direction="reversed" if data.backwards else "forward", vocabulary=None
            ),
            adapting=adapting,
            gpu=accelerator.device.type != "cpu",
        )
    return sizes.propose(
        data.characters(data.training),
        data.vocabulary.size,
        wanted,
        gpu=accelerator.device.type != "cpu",
    )


def train_prepared(
    data: Data,
    folder: Path,
    training: Training,
    accelerator: Accelerator,
    reporter: Reporter,
    *,
    about: Mapping[str, object] | None = None,
    saved: disk.Checkpoint | None = None,
    base: artifact.Artifact | None = None,
    stored: str = "float32",
    copies: NgramIndex | None = None,
) -> Trained:
    """Train on poems already prepared.

    Args:
        data: the poems.
        folder: for the poet.
        training: settings; what is None is chosen.
        accelerator: see `device.accelerator`.
        reporter: told what happens.
        about: facts of the corpus for the poet's `config.json`.
        saved: the checkpoint to go on from.
        base: a poet to start from, of the sizes that `training` asks for.
        stored: how the poet's matrices are kept; see `artifact.describe`.
        copies: the index of the texts that goes with the poet.

    Raises:
        OutputError: the folder has no room or cannot be written.
        SettingsError: a setting is impossible with this corpus.
        TrainingError: the loss explodes whatever is done.
    """
    about = dict(about or {})
    size = _proposed(data, training, accelerator, adapting=base is not None)
    reporter.planned(size.settings, size.reasons)

    def publish(tensors: dict[str, Any], validation: Validation) -> None:
        _publish(folder, data, size.settings, tensors, validation, about, stored, copies)

    try:
        folder.mkdir(parents=True, exist_ok=True)
        begin = None if base is None else partial(adapting.copy_weights, base=base)
        trainer = Trainer(data, size.settings, accelerator, folder, reporter, publish, about, begin)
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
    data: Data,
    settings: Training,
    tensors: dict[str, Any],
    validation: Validation,
    about: Mapping[str, object],
    stored: str,
    copies: NgramIndex | None,
) -> None:
    from quatrain._version import __version__

    config = artifact.describe(
        version=__version__,
        tensors=tensors,
        corpus={
            **about,
            "training_characters": data.characters(data.training),
            "validation_characters": data.characters(data.validation),
        },
        training={
            **dataclasses.asdict(settings),
            "steps": validation.step,
            "epochs_done": round(validation.epoch, 3),
            "minutes_done": round(validation.seconds / 60, 1),
        },
        validation={
            "nats_per_character": validation.nats_per_character,
            "bits_per_character": validation.bits_per_character,
            "perplexity": validation.perplexity,
        },
        direction=settings.direction or "forward",
        stored=stored,
        created=datetime.datetime.now(datetime.UTC).date().isoformat(),
    )
    artifact.save(
        folder,
        tensors=tensors,
        config=config,
        vocabulary=data.vocabulary,
        words=_words(data),
        card=card.write(config, copies),
        training_ngrams=copies,
    )


def _words(data: Data) -> Iterable[str]:
    """The word types a reader would call known."""
    if isinstance(data, Prepared):
        return data.words
    return [word for word in data.vocabulary.words if word[0].isalpha()]


def _keep_rows(path: Path, rows: int) -> None:
    """Drop the rows of `metrics.jsonl` written after the checkpoint was."""
    if not path.exists():
        return
    kept = path.read_text(encoding="utf-8").splitlines(keepends=True)[:rows]
    partial = path.with_suffix(".partial")
    partial.write_text("".join(kept), encoding="utf-8")
    partial.replace(path)


def _result(folder: Path, outcome: Outcome, main: bool) -> Trained:
    messages = []
    if outcome.stopped == "patience":
        messages.append("Stopped early: validation had stopped falling.")
    if outcome.stopped == "interrupted":
        messages.append("Interrupted: the poet is usable, and --resume goes on from here.")
    fitting = overfitting(
        outcome.training_nats, outcome.validation.nats_per_character, outcome.last_nats
    )
    messages.append(fitting)
    if main:
        try:
            curve.draw(folder / METRICS, folder / CURVE, fitting)
        except ExtraError as error:
            messages.append(f"No loss curve was drawn: {error.remedy}")
    return Trained(
        folder=str(folder),
        validation=outcome.validation,
        stopped=outcome.stopped,
        steps=outcome.steps,
        epochs=outcome.epochs,
        seconds=outcome.seconds,
        training_nats=outcome.training_nats,
        messages=tuple(messages),
    )
