"""The training loop: steps, validations, checkpoints, roll-backs."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list
from numpy.typing import NDArray

from quatrain.config import Training
from quatrain.corpus import PreparedWords, Streams, Windows
from quatrain.errors import TrainingError
from quatrain.records import Advance, Score, Validation
from quatrain.train import checkpoint as disk
from quatrain.train.budget import Budget, learning_rate
from quatrain.train.evaluation import score
from quatrain.train.folder import CHECKPOINT, METRICS, RUN
from quatrain.train.horizon import horizon, predictions_of
from quatrain.train.interrupt import Interrupt
from quatrain.train.learner import Learner
from quatrain.train.networks import Data, Network, build
from quatrain.train.progress import Progress
from quatrain.train.report import Reporter

CHECK = 10
"""Steps between two looks at the loss, the clock and the keyboard."""

SAVE_SECONDS = 60.0
"""A run killed outright loses at most about this much."""

MONITORED, MONITORED_WORDS = 1_000_000, 30_000
"""Validation characters, or words, scored while training; the final score counts them all."""

_MOST_ROLLBACKS = 4

Publish = Callable[[dict[str, NDArray[np.float32]], Validation], None]


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        stopped: "budget", "patience" or "interrupted".
        validation: score of the best weights over every validation poem.
        training_nats: recent training loss in nats per character, dropout on.
        last_nats: the last validation, in nats per character.
    """

    stopped: str
    validation: Score
    training_nats: float
    last_nats: float
    steps: int
    epochs: float
    seconds: float


class Trainer:
    """Trains one network on prepared poems, on however many processes `accelerator` joins.

    Args:
        data: the prepared corpus.
        settings: every choice made (see `size.propose`).
        accelerator: device, precision, processes and trackers.
        folder: where checkpoints and `metrics.jsonl` go.
        reporter: told what happens.
        publish: called on the first process with the tensors and the score of
            each new best, to write the poet.
        about: facts of the corpus, kept in the checkpoint.
        begin: given the network before its first step, to put a trained poet's weights in it.

    Raises:
        SettingsError: the corpus is too short for the sequences, or they cannot be shared
            evenly among the processes.
    """

    def __init__(
        self,
        data: Data,
        settings: Training,
        accelerator: Accelerator,
        folder: Path,
        reporter: Reporter,
        publish: Publish,
        about: Mapping[str, object] | None = None,
        begin: Callable[[Network], None] | None = None,
    ) -> None:
        self.data, self.settings, self.accelerator = data, settings, accelerator
        self.about = dict(about or {})
        self.folder, self.reporter, self.publish = folder, reporter, publish
        self.sequences = make_sequences(data, settings)
        self.learner = Learner(
            settings,
            _begun(build(data, settings), begin),
            lanes=self.sequences.lanes,
            ignored=data.vocabulary.START,  # given, never predicted (records.Score)
            accelerator=accelerator,
        )
        if settings.minutes is None:
            steps = round(settings.chosen("epochs") * self.sequences.steps_per_epoch)
            self.progress = Progress(Budget.of_steps(steps))
        else:
            self.progress = Progress(Budget.of_seconds(settings.minutes * 60))
        self.per_character = data.predictions(data.training) / data.characters(data.training)
        self.monitored = _monitored(data)
        per_epoch = self.sequences.steps_per_epoch * self.sequences.characters_per_step
        self.predictions = predictions_of(data, self.monitored, settings, per_epoch)
        # No sound run is ever more than a nat worse than knowing nothing. (A poet that starts
        # from another's weights may be: it is sure of other texts.)
        self._divergence_threshold = (
            math.log(data.vocabulary.size) + 1.0 if begin is None else math.inf
        )
        self._losses: list[torch.Tensor] = []
        self._snapshot: disk.Checkpoint | None = None

    @property
    def _share(self) -> float:
        """The share of the budget that is used."""
        return self.progress.budget.progress(self.progress.step)

    def run(self) -> Outcome:
        """Train until the budget, patience or the user ends it.

        Raises:
            TrainingError: the loss explodes whatever is done.
            OutputError: a checkpoint cannot be written.
        """
        stopped = "budget"
        begun = time.monotonic() - self.progress.seconds
        if self._snapshot is None:
            self.save()  # from here on the run can be resumed
        saved = time.monotonic()
        mark = (saved, self.progress.step)
        with Interrupt(lambda: self.reporter.noted("Stopping: the poet is being saved.")) as stop:
            while self._share < 1.0:
                self._step()
                due = self._share >= (self.progress.validations + 1) / self.settings.validations
                if self.progress.step % CHECK and not due:
                    continue
                self.progress.seconds = time.monotonic() - begun
                if not self._loss_is_sane():
                    self._roll_back()
                    mark = (time.monotonic(), self.progress.step)
                    continue
                if self.progress.step % CHECK == 0:
                    self._agree_on_plan()
                    now = time.monotonic()
                    self._advance((self.progress.step - mark[1]) / max(now - mark[0], 1e-9))
                    mark = (now, self.progress.step)
                if due:
                    self._validate()
                    self.progress.seconds = time.monotonic() - begun
                    mark = (time.monotonic(), self.progress.step)
                interrupted = self._anyone(stop.asked)
                if due or interrupted or self._anyone(time.monotonic() - saved > SAVE_SECONDS):
                    self.save()
                    saved = time.monotonic()
                if interrupted:
                    stopped = "interrupted"
                    break
                if self.settings.patience and self.progress.stale >= self.settings.patience:
                    stopped = "patience"
                    break
            if self.progress.validated_step != self.progress.step:
                # After an interruption this look is not saved: a resumed run must not know of it.
                self._validate()
            self.progress.seconds = time.monotonic() - begun
            if stopped != "interrupted":
                self.progress.finished = stopped
                self.save()
            return self._outcome(stopped)

    def _step(self) -> None:
        progress = self.progress
        rate = progress.scale * learning_rate(
            self._share, self.settings.chosen("learning_rate"), self.settings.warmup
        )
        if self.sequences.fresh(progress.step):
            self.learner.start_afresh()
        inputs, targets = self.sequences.batch(progress.step, lanes=self.learner.mine)
        self._losses.append(self.learner.step(inputs, targets, rate))
        progress.step += 1

    def _loss_is_sane(self) -> bool:
        """Fold the latest losses into the running mean; False if the run has gone astray.

        Astray is a loss that is not finite, or a mean over the latest steps that is hopeless. So
        is a weight that is not a number, which the next loss would show, but a checkpoint must
        not hold.
        """
        losses = self.accelerator.reduce(torch.stack(self._losses), reduction="mean").tolist()
        self._losses.clear()
        mean = sum(losses) / len(losses)
        if not math.isfinite(mean) or mean > self._divergence_threshold:
            return False
        if not self.learner.finite():
            return False
        for loss in losses:
            self.progress.recent_nats = (
                0.98 * self.progress.recent_nats + 0.02 * loss * self.per_character
            )
            self.progress.recent_weight = 0.98 * self.progress.recent_weight + 0.02
        return True

    def _roll_back(self) -> None:
        """Go back to the last checkpoint with half the learning rate."""
        before, snapshot = self.progress, self._snapshot
        rollbacks = before.rollbacks + 1
        if rollbacks > _MOST_ROLLBACKS or snapshot is None:
            raise TrainingError(
                f"step {before.step}",
                f"a loss that exploded {rollbacks} times, the learning rate halved each time",
                "a loss that falls",
                "Lower learning_rate or clip. The best poet so far, if any, is kept.",
            )
        self.restore(snapshot)
        self.progress.rollbacks, self.progress.scale = rollbacks, before.scale / 2
        self.progress.seconds = before.seconds
        self.reporter.noted(
            f"The loss exploded at step {before.step}: back to step {self.progress.step}, "
            f"learning rate halved to {self.progress.scale:g} of its plan."
        )

    def _validate(self) -> None:
        progress, learner = self.progress, self.learner
        with learner.averaged():
            found = self._score(self.monitored)
            nats = found.nats_per_character
            better = nats < progress.best_nats
            progress.stale = 0 if better else progress.stale + 1
            progress.rows += 1
            progress.last_nats, progress.validated_step = nats, progress.step
            seen = math.floor(self._share * self.settings.validations + 1e-9)
            progress.validations = max(progress.validations + 1, seen)
            validation = Validation(
                step=progress.step,
                epoch=progress.step / self.sequences.steps_per_epoch,
                progress=self._share,
                seconds=progress.seconds,
                training_nats=progress.training_nats,
                nats_per_character=nats,
                bits_per_character=found.bits_per_character,
                learning_rate=learner.optimizer.param_groups[0]["lr"],
                gradient_norm=float(learner.gradient_norm),
                best=better,
                gradient_norms=learner.gradient_norms(),
                horizon=horizon(learner.network, self.predictions, self.accelerator.device),
                perplexity=found.perplexity,
            )
            if better:
                progress.best_nats, progress.best = nats, asdict(validation)
                learner.keep_best()
            if self.accelerator.is_main_process:
                with (self.folder / METRICS).open("a", encoding="utf-8") as file:
                    file.write(json.dumps(_row(validation)) + "\n")
                if better:
                    self.publish(learner.network.tensors(), validation)
                self.reporter.validated(validation)
        self.accelerator.log(_tracked(validation), step=progress.step)

    def _score(self, poems: list[int]) -> Score:
        found = score(
            self.learner.network,
            self.data.tokens,
            self.data.offsets,
            poems,
            device=self.accelerator.device,
            rank=self.accelerator.process_index,
            ranks=self.accelerator.num_processes,
        )
        counts = torch.tensor(
            [found.nats, found.characters, found.unknown, found.poems], dtype=torch.float64
        )
        if self.accelerator.num_processes > 1:
            counts = self.accelerator.reduce(counts.to(self.accelerator.device))
        nats, predictions, unknown, counted = counts.tolist()
        words = int(predictions) if isinstance(self.data, PreparedWords) else 0
        return Score(nats, self.data.characters(poems), int(unknown), int(counted), words)

    def _advance(self, steps_per_second: float) -> None:
        progress, budget = self.progress, self.progress.budget
        if budget.seconds is None:
            left = (budget.end_step - progress.step) / steps_per_second
        else:
            left = budget.seconds - progress.seconds
        self.reporter.advanced(
            Advance(
                step=progress.step,
                progress=self._share,
                epoch=progress.step / self.sequences.steps_per_epoch,
                training_nats=progress.training_nats,
                characters_per_second=(
                    steps_per_second * self.sequences.characters_per_step / self.per_character
                ),
                seconds_left=max(left, 0.0),
            )
        )

    def _agree_on_plan(self) -> None:
        """Plan a budget in seconds anew, on every process by the first one's clock."""
        budget, seconds = self.progress.budget, self.progress.seconds
        if budget.seconds is None:
            return
        if not budget.anchor_step or seconds - budget.anchor_seconds > 0.01 * budget.seconds:
            budget.plan(self.progress.step, seconds)
        if self.accelerator.num_processes > 1:
            plan = [budget.facts()]
            broadcast_object_list(plan)
            self.progress.budget = Budget.from_facts(plan[0])

    def _anyone(self, flag: bool) -> bool:
        """Whether `flag` is set on any process."""
        if self.accelerator.num_processes == 1:
            return flag
        told = torch.tensor([float(flag)], device=self.accelerator.device)
        return bool(self.accelerator.reduce(told, reduction="sum").item())

    def _capture(self) -> disk.Checkpoint:
        return disk.Checkpoint(
            self.learner.capture(),
            {
                "progress": self.progress.facts(),
                "settings": asdict(self.settings),
                "lanes": self.sequences.lanes,
                "about": self.about,
                "processes": self.accelerator.num_processes,
                "scaler": self.learner.scaler_facts(),
            },
        )

    def save(self) -> None:
        """Write the checkpoint and keep it as the point to roll back to."""
        self._snapshot = self._capture()
        if self.accelerator.is_main_process:
            disk.write(self.folder / RUN / CHECKPOINT, self._snapshot)
        self.accelerator.wait_for_everyone()

    def restore(self, saved: disk.Checkpoint) -> None:
        """Take up the run where `saved` left it."""
        self._snapshot = saved
        self.progress = Progress.from_facts(saved.facts["progress"])
        self.learner.restore(saved)
        self._losses.clear()

    def publish_best(self) -> None:
        """Write the best poet the checkpoint knows of.

        A look after an interruption may have published a later one, which the resumed run must
        not know of.
        """
        if self.progress.best is not None:
            with self.learner.best_in_place():
                self.publish(self.learner.network.tensors(), Validation(**self.progress.best))

    def _outcome(self, stopped: str) -> Outcome:
        progress = self.progress
        with self.learner.best_in_place():
            final = self._score(self.data.validation.tolist())
        return Outcome(
            stopped=stopped,
            validation=final,
            training_nats=progress.training_nats,
            last_nats=progress.last_nats,
            steps=progress.step,
            epochs=progress.step / self.sequences.steps_per_epoch,
            seconds=progress.seconds,
        )


def _begun(network: Network, begin: Callable[[Network], None] | None) -> Network:
    if begin is not None:
        begin(network)
    return network


def _row(validation: Validation) -> dict[str, Any]:
    """A validation as `metrics.jsonl` has it: None for infinity and NaN, which JSON lacks."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(validation).items()
    }


def _tracked(validation: Validation) -> dict[str, float]:
    """The numbers of a validation under one name each, as trackers take them."""
    row = _row(validation)
    del row["best"]
    norms = row.pop("gradient_norms")
    row |= {f"gradient_norm/{layer}": norm for layer, norm in norms.items()}
    return {name: value for name, value in row.items() if value is not None}


def make_sequences(data: Data, settings: Training) -> Streams | Windows:
    """The training sequences `settings` ask for.

    Raises:
        SettingsError: the corpus is too short for them.
    """
    lanes, length = settings.chosen("batch"), settings.chosen("length")
    where = (data.tokens, data.offsets, data.training)
    if settings.sequences == "windows":
        stride = settings.chosen("stride")
        return Windows(*where, lanes=lanes, length=length, stride=stride, seed=settings.seed)
    return Streams(*where, lanes=lanes, length=length, seed=settings.seed)


def _monitored(data: Data) -> list[int]:
    """Validation poems in a shuffled but fixed order, as many as are monitored."""
    order = np.random.Generator(np.random.PCG64(0)).permutation(data.validation)
    lengths = np.diff(data.offsets)[order]
    most = MONITORED_WORDS if isinstance(data, PreparedWords) else MONITORED
    enough = int(np.searchsorted(np.cumsum(lengths), most)) + 1
    return [int(poem) for poem in order[:enough]]
