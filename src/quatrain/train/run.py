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
import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import TypeAlias

from quatrain.config import Cleaning, Training
from quatrain.corpus import Prepared, prepare
from quatrain.corpus.style_counter import style_of
from quatrain.errors import ExtraError, PoetError, TrainingError
from quatrain.poet import artifact, bundled_words, resolve
from quatrain.poet.artifact import Artifact
from quatrain.records import Trained
from quatrain.signatures import with_options
from quatrain.train import size as sizes
from quatrain.train.options import TrainOptions
from quatrain.train.report import NullReporter, Reporter

try:
    with warnings.catch_warnings():
        # It loads tqdm, which misses ipywidgets in a notebook; training shows no bar of tqdm's.
        warnings.filterwarnings("ignore", "IProgress not found")
        from accelerate import Accelerator

    from quatrain.train import adapting, curve
    from quatrain.train import checkpoint as disk
    from quatrain.train.corpus_facts import BaseFacts, CorpusFacts, describe_base
    from quatrain.train.data import Data, make_sequences, open_data
    from quatrain.train.device import accelerator as make_accelerator
    from quatrain.train.device import (
        check_trackers,
        is_shortage,
        precision,
        processor,
        start_trackers,
    )
    from quatrain.train.evaluation import overfitting
    from quatrain.train.folder import CURVE, METRICS, RunFolder
    from quatrain.train.interrupt import Interrupt
    from quatrain.train.learner import own_lanes
    from quatrain.train.loop import Trainer
    from quatrain.train.preparation import index_ngrams, prepare_words
    from quatrain.train.progress import Outcome
    from quatrain.train.publishing import Publisher
except ModuleNotFoundError as error:
    raise ExtraError.missing("training", error.name or "torch", "train") from error

StartingPoint: TypeAlias = disk.Checkpoint | Artifact | None
"""The starting point of a run: an interrupted run's checkpoint, a trained poet, or nothing."""


@with_options(TrainOptions)
def train(source: str | Path, out: str | Path, options: TrainOptions) -> Trained:
    """Train a character-level or word-level poet on a source of verse.

    Args:
        source: anything `quatrain.read` reads.
        out: the folder for the poet; made if it is not there.
        options: the network and the run; what is None is chosen for the corpus.

    Raises:
        CorpusError: the source cannot be read.
        SettingsError: a setting is impossible here.
        OutputError: the folder cannot be written or already holds something.
        PoetError: the base cannot be opened, or is of another kind than `kind`.
        TrainingError: there is nothing to resume, or the loss explodes whatever is done.
    """
    folder = RunFolder(Path(out))
    try:
        return _train(source, folder, options)
    except OSError as error:
        raise disk.unwritable(folder.root, error) from error


def _train(source: str | Path, folder: RunFolder, options: TrainOptions) -> Trained:
    check_trackers(options.trackers)  # before anything older is removed
    settings, starting_point = (
        _resumed_run(folder, options) if options.resume else _new_run(folder, options)
    )
    chooses = options.base is None and not options.resume
    accelerator = make_accelerator(settings)
    main = accelerator.is_main_process
    reporter = (options.reporter if main else None) or NullReporter()
    with folder.held() if main else nullcontext():
        plan = None
        if main and not isinstance(starting_point, disk.Checkpoint):
            prepared = _prepare(source, folder, options, starting_point, reporter)
            begun = options.plain_changes()
            begun.pop("overwrite", None)
            if chooses:
                choice = adapting.choose_base(prepared, settings)
                for reason in choice.reasons:
                    reporter.noted(reason)
                settings, starting_point = _starting_from(choice.base, settings)
                begun["base"] = choice.name
                if adapting.alphabet(starting_point):
                    prepared = _prepare(source, folder, options, starting_point, reporter)
            prepare_words(prepared, folder, settings, starting_point, reporter)
            plan = _checked_plan(folder, settings, starting_point, accelerator)
            folder.clear()
            folder.install_new_data()
            folder.write_options(begun)
        accelerator.wait_for_everyone()
        if chooses and not main:
            chosen = _open_base(str(folder.read_options()["base"]))
            settings, starting_point = _starting_from(chosen, settings)
        data = open_data(folder.data)
        prepared = data if isinstance(data, Prepared) else Prepared.open(folder.data)
        _require_same_source(folder, prepared, source)
        for note in prepared.notes:
            reporter.noted(note)
        start_trackers(accelerator, folder.run, options.trackers)
        corpus_facts = _corpus_facts(prepared, data, options, starting_point)
        training_ngrams = None
        if main and options.copy_index and corpus_facts.copy_index:
            base = starting_point if isinstance(starting_point, Artifact) else None
            training_ngrams = index_ngrams(prepared, base, reporter)
        trained = train_prepared(
            data,
            plan or _plan(data, settings, starting_point, accelerator),
            accelerator,
            Publisher(folder.root, corpus_facts, training_ngrams),
            reporter,
            starting_point,
        )
        accelerator.end_training()
        if main and corpus_facts.base and trained.stopped != "interrupted":
            return _with_gain(trained, folder, prepared, corpus_facts.base)
        return trained


def _new_run(folder: RunFolder, options: TrainOptions) -> tuple[Training, Artifact | None]:
    """Return the settings of a new run, and the poet it starts from, if any."""
    settings = dataclasses.replace(options.training(), precision=precision(options.precision))
    folder.require_free(overwrite=options.overwrite)
    return _starting_from(None if options.base is None else _open_base(options.base), settings)


def _prepare(
    source: str | Path,
    folder: RunFolder,
    options: TrainOptions,
    base: Artifact | None,
    reporter: Reporter,
) -> Prepared:
    """Prepare the corpus beside the present one, with the alphabet of a character-level base."""
    return prepare(
        source,
        folder.new_data,
        column=options.column,
        cleaning=options.cleaning,
        split=options.split,
        progress=reporter.preparing,
        alphabet=adapting.alphabet(base),
    )


def _open_base(base: str | Path) -> Artifact | None:
    """Open the poet to start from; "scratch" is none."""
    return None if base == adapting.SCRATCH else artifact.load(resolve(base))


def _starting_from(base: Artifact | None, settings: Training) -> tuple[Training, Artifact | None]:
    """Return settings with the base's network, and the base."""
    return (settings if base is None else adapting.inherit_architecture(settings, base)), base


def _with_gain(
    trained: Trained, folder: RunFolder, prepared: Prepared, facts: BaseFacts
) -> Trained:
    """Measure what adapting gained, record it with the poet, and add it to the run's result."""
    try:
        base = _open_base(str(folder.read_options().get("base", facts.poet)))
    except PoetError:
        base = None
    if base is None or base.config["files"] != facts.files:
        message = f"The poet {facts.poet!r} that this one started from has changed or is gone, so "
        message += "the gain over it is not known."
        return dataclasses.replace(trained, messages=(*trained.messages, message))
    gain = adapting.measure_gain(base, folder.root, prepared)
    adapting.record_gain(folder.root, gain)
    messages = (*trained.messages, adapting.gain_sentence(gain))
    return dataclasses.replace(trained, messages=messages, adaptation=gain)


def _resumed_run(folder: RunFolder, options: TrainOptions) -> tuple[Training, disk.Checkpoint]:
    """Return the settings of an interrupted run, none of which may change, and its checkpoint.

    A run that was killed after its last checkpoint and before its picture was drawn is finished,
    but resumed all the same: nothing is left to do but to measure the poet and to draw.
    """
    saved = disk.read(folder.checkpoint)
    settings = Training(**saved.facts["settings"])
    begun = folder.read_options()
    for name, value in options.plain_changes().items():
        earlier = begun.get(name, getattr(settings, name, None))
        if value not in (earlier, getattr(settings, name, None)):
            plain = isinstance(value, str | int | float)
            known = f"{name} is {earlier!r}, not {value!r}"
            raise TrainingError(
                f"setting {name!r}",
                repr(value) if plain else "settings of its own",
                "none, as the run began" if earlier is None else f"{earlier!r}, as the run began",
                f"Leave {name} out, or start a new run in another folder.",
                message="A resumed run keeps the settings it began with: "
                f"{f'{name} cannot be given' if earlier is None else known}.",
            )
    finished = saved.facts["progress"]["finished"]
    if finished and (folder.curve_is_current() or not curve.can_draw()):
        raise TrainingError(
            "--resume",
            "a run that is finished",
            "one that was interrupted",
            "To train longer, give a larger --minutes or --epochs, and --overwrite.",
            message=f"The run in {folder.root} is finished; there is nothing to resume.",
        )
    return settings, saved


def _plan(
    data: Data, settings: Training, starting_point: StartingPoint, accelerator: Accelerator
) -> sizes.Plan:
    return sizes.propose_for(
        data,
        settings,
        adapting=isinstance(starting_point, Artifact),
        gpu=accelerator.device.type != "cpu",
    )


def _checked_plan(
    folder: RunFolder, settings: Training, starting_point: StartingPoint, accelerator: Accelerator
) -> sizes.Plan:
    """Plan the run on the newly prepared corpus, before anything older is removed.

    Raises:
        SettingsError: the corpus is too short, or the batch cannot be shared among the processes.
        OutputError: the folder has no room for the run.
    """
    data = open_data(folder.new_data)
    plan = _plan(data, settings, starting_point, accelerator)
    own_lanes(make_sequences(data, plan.settings).lanes, accelerator)
    disk.require_room(folder.root, 4 * plan.parameters * 12 + 50_000_000)
    return plan


def _require_same_source(folder: RunFolder, prepared: Prepared, source: str | Path) -> None:
    """Raise `TrainingError` unless the prepared corpus is that of `source`."""
    if str(source) != prepared.source:
        raise TrainingError(
            str(folder.root),
            f"a run on {prepared.source!r}",
            f"one on {str(source)!r}",
            "Resume with the source it began with, or train in another folder.",
            message=f"The run in {folder.root} was begun on {prepared.source!r}, "
            f"not on {str(source)!r}.",
        )


def _corpus_facts(
    prepared: Prepared, data: Data, options: TrainOptions, starting_point: StartingPoint
) -> CorpusFacts:
    """Return what the poet records of its corpus; a resumed run has it in its checkpoint."""
    if isinstance(starting_point, disk.Checkpoint):
        return CorpusFacts.from_facts(starting_point.facts["corpus"])
    return CorpusFacts(
        cleaning=options.cleaning or Cleaning(),
        column=options.column,
        licence=options.licence,
        copy_index=options.copy_index,
        base=None if starting_point is None else describe_base(starting_point),
        style=style_of(prepared, bundled_words().style) if isinstance(data, Prepared) else None,
    ).described_by(prepared)


def train_prepared(
    data: Data,
    plan: sizes.Plan,
    accelerator: Accelerator,
    publisher: Publisher,
    reporter: Reporter,
    starting_point: StartingPoint = None,
) -> Trained:
    """Train on poems already prepared.

    Args:
        data: the poems.
        plan: the settings, nothing left to choose (see `size.propose_for`).
        accelerator: see `device.accelerator`.
        publisher: writes the poet to its folder.
        reporter: receives the run's progress.
        starting_point: the checkpoint to resume from, or a poet to start from, of the sizes
            that the plan asks for.

    Raises:
        OutputError: the folder has no room or cannot be written.
        SettingsError: a setting is impossible with this corpus.
        TrainingError: the loss explodes whatever is done.
    """
    reporter.planned(plan.settings, plan.reasons)
    folder = publisher.folder
    base = starting_point if isinstance(starting_point, Artifact) else None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trainer = Trainer(data, plan.settings, accelerator, publisher, reporter, base=base)
        if isinstance(starting_point, disk.Checkpoint):
            trainer.resume(starting_point)
        with Interrupt() as interrupt:  # over the picture too, which takes a second to draw
            with processor(plan.settings):
                outcome = trainer.run(interrupt)
            return _result(folder, outcome, accelerator.is_main_process)
    except (MemoryError, RuntimeError, OSError) as error:
        if not is_shortage(error):
            if isinstance(error, OSError):
                raise disk.unwritable(folder / METRICS, error) from error
            raise
        raise TrainingError(
            f"a network of {plan.parameters:,} parameters",
            "not enough memory",
            "room for its weights, their gradients and what is carried over a chunk",
            "Lower hidden, layers, batch or length.",
            message=f"Not enough memory for a network of {plan.parameters:,} parameters.",
        ) from error


def _result(folder: Path, outcome: Outcome, main: bool) -> Trained:
    """Draw the loss curve, and say how the run ended."""
    messages = []
    if outcome.stopped == "patience":
        messages.append("Stopped: no more improvement.")
    if outcome.stopped == "interrupted":
        messages.append("Interrupted: the poet can already write, and --resume continues the run.")
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
        signal=outcome.signal,
    )
