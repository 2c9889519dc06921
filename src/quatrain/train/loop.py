"""The training loop: steps, validations, checkpoints, roll-backs."""

from __future__ import annotations

import math
import time
from dataclasses import asdict

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list

from quatrain.config import Training
from quatrain.corpus import PreparedWords
from quatrain.errors import TrainingError
from quatrain.poet.artifact import Artifact
from quatrain.records import Advance, Score, Validation
from quatrain.train import adapting, metrics
from quatrain.train import checkpoint as disk
from quatrain.train.budget import Budget, learning_rate
from quatrain.train.data import Data, make_sequences, monitored_poems
from quatrain.train.evaluation import score
from quatrain.train.folder import CHECKPOINT, METRICS, RUN
from quatrain.train.horizon import horizon, predictions_of
from quatrain.train.interrupt import Interrupt
from quatrain.train.learner import Learner
from quatrain.train.networks import build
from quatrain.train.progress import Outcome, Progress
from quatrain.train.publishing import Publisher
from quatrain.train.report import Reporter

STEPS_PER_CHECK = 10
"""Steps between two checks of the loss, the clock and the keyboard."""
SAVE_SECONDS = 60.0
"""Seconds between two checkpoints: a killed run loses about this much at most."""

_MOST_ROLLBACKS = 4
"""Roll-backs after which a run gives up."""


class Trainer:
    """Trains one network on prepared poems, on however many processes `accelerator` joins.

    What happens at a validation, and when it is the best so far, is in `_validate` and
    `_accept_best`.

    Args:
        data: the prepared corpus.
        settings: every choice made (see `size.propose_for`).
        accelerator: device, precision, processes and trackers.
        publisher: writes the poet on the first process; its folder holds the checkpoints, too.
        reporter: receives the run's progress.
        base: a trained poet whose weights the network starts from.

    Raises:
        SettingsError: the corpus is too short for the sequences, or they cannot be shared
            evenly among the processes.
    """

    def __init__(
        self,
        data: Data,
        settings: Training,
        accelerator: Accelerator,
        publisher: Publisher,
        reporter: Reporter,
        *,
        base: Artifact | None = None,
    ) -> None:
        self.data, self.settings, self.accelerator = data, settings, accelerator
        self.publisher, self.reporter, self.folder = publisher, reporter, publisher.folder
        self.sequences = make_sequences(data, settings)
        network = build(data, settings)
        if base is not None:
            adapting.copy_weights(network, base, data.vocabulary)
        self.learner = Learner(
            settings,
            network,
            lanes=self.sequences.lanes,
            ignored=data.vocabulary.START,  # given, never predicted (records.Score)
            accelerator=accelerator,
        )
        if settings.minutes is None:
            steps = round(settings.chosen("epochs") * self.sequences.steps_per_epoch)
            self.progress = Progress(Budget.of_steps(steps))
        else:
            self.progress = Progress(Budget.of_seconds(settings.minutes * 60))
        characters = data.characters(data.training)
        self.per_character = data.predictions(data.training) / characters
        # No step can change it, but the loss is shown beside scores that have it.
        self.spelling = data.spelling_nats(data.training) / characters
        self.monitored = monitored_poems(data)
        per_epoch = self.sequences.steps_per_epoch * self.sequences.characters_per_step
        self.predictions = predictions_of(data, self.monitored, settings, per_epoch)
        # A healthy run is never more than a nat worse than a uniform guess. (A poet that starts
        # from another's weights may be: it is sure of other texts. A resumed one has no base here.)
        adapted = base is not None or publisher.corpus_facts.base is not None
        self._divergence_threshold = math.inf if adapted else math.log(data.vocabulary.size) + 1.0
        self._losses: list[torch.Tensor] = []
        self._snapshot: disk.Checkpoint | None = None

    @property
    def _elapsed(self) -> float:
        """Share of the budget that has elapsed, from 0 to 1."""
        return self.progress.budget.progress(self.progress.step)

    def run(self, interrupt: Interrupt) -> Outcome:
        """Train until the budget, patience or the user ends it.

        Args:
            interrupt: says when the user does.

        Raises:
            TrainingError: the loss explodes whatever is done.
            OutputError: a checkpoint cannot be written.
        """
        stopped = self.progress.finished or "budget"
        begun = time.monotonic() - self.progress.seconds
        if self._snapshot is None:
            self.save()  # from here on the run can be resumed
        saved = time.monotonic()
        mark = (saved, self.progress.step)
        while self._elapsed < 1.0 and not self.progress.finished:
            self._step()
            due = self._elapsed >= (self.progress.validations + 1) / self.settings.validations
            if self.progress.step % STEPS_PER_CHECK and not due:
                continue
            self.progress.seconds = time.monotonic() - begun
            if not self._loss_is_sane():
                self._roll_back()
                mark = (time.monotonic(), self.progress.step)
                continue
            if self.progress.step % STEPS_PER_CHECK == 0:
                self._agree_on_plan()
                now = time.monotonic()
                self._advance((self.progress.step - mark[1]) / max(now - mark[0], 1e-9))
                mark = (now, self.progress.step)
            if due:
                self._validate()
                self.progress.seconds = time.monotonic() - begun
                mark = (time.monotonic(), self.progress.step)
            if interrupted := self._anyone(interrupt.signal is not None):
                self.reporter.noted("Stopping: saving the poet.")
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
            # After an interruption this one is not saved: a resumed run must not know of it.
            self._validate()
        self.progress.seconds = time.monotonic() - begun
        if stopped != "interrupted":
            self.progress.finished = stopped
            self.save()
        return self._outcome(stopped, interrupt.signal)

    def _step(self) -> None:
        progress = self.progress
        rate = progress.scale * learning_rate(
            self._elapsed, self.settings.chosen("learning_rate"), self.settings.warmup
        )
        if self.sequences.fresh(progress.step):
            self.learner.start_afresh()
        inputs, targets = self.sequences.batch(progress.step, lanes=self.learner.mine)
        self._losses.append(self.learner.step(inputs, targets, rate))
        progress.step += 1

    def _loss_is_sane(self) -> bool:
        """Fold the latest losses into the running mean; False if the run has diverged.

        It has where a loss is not finite, where the mean over the latest steps is above the
        divergence threshold, or where a weight is not finite: the next loss would show that, but
        no checkpoint may hold it.
        """
        losses = self.accelerator.reduce(torch.stack(self._losses), reduction="mean").tolist()
        self._losses.clear()
        mean = sum(losses) / len(losses)
        if not math.isfinite(mean) or mean > self._divergence_threshold:
            return False
        if not self.learner.finite():
            return False
        for loss in losses:
            nats = loss * self.per_character + self.spelling
            self.progress.recent_nats = 0.98 * self.progress.recent_nats + 0.02 * nats
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
                "Lower learning_rate or clip. The best poet so far, if any, is in the folder.",
                message=f"The loss exploded {rollbacks} times by step {before.step}, although the "
                "learning rate was halved each time.",
            )
        self.restore(snapshot)
        self.progress.rollbacks, self.progress.scale = rollbacks, before.scale / 2
        self.progress.seconds = before.seconds
        self.reporter.noted(
            f"The loss exploded at step {before.step}: back to step {self.progress.step}, "
            f"learning rate halved to {self.progress.scale:g} of its plan."
        )

    def _validate(self) -> None:
        """Score the validation poems: a metrics row, maybe a new best, a word to the reporter."""
        progress, learner = self.progress, self.learner
        with learner.averaged():
            score = self._score(self.monitored)
            best = score.nats_per_character < progress.best_nats
            validation = self._validated(score, best=best)
            if self.accelerator.is_main_process:
                metrics.append(self.folder / METRICS, validation)
            if best:
                self._accept_best(validation)
            if self.accelerator.is_main_process:
                self.reporter.validated(validation)
        self.accelerator.log(metrics.tracker_values(validation), step=progress.step)

    def _validated(self, score: Score, *, best: bool) -> Validation:
        """Count a validation in the run's progress and describe it."""
        progress, learner = self.progress, self.learner
        progress.stale = 0 if best else progress.stale + 1
        progress.rows += 1
        progress.last_nats, progress.validated_step = score.nats_per_character, progress.step
        due = math.floor(self._elapsed * self.settings.validations + 1e-9)
        progress.validations = max(progress.validations + 1, due)
        return Validation(
            step=progress.step,
            epoch=progress.step / self.sequences.steps_per_epoch,
            progress=self._elapsed,
            seconds=progress.seconds,
            training_nats=progress.training_nats,
            nats_per_character=score.nats_per_character,
            bits_per_character=score.bits_per_character,
            learning_rate=learner.optimizer.param_groups[0]["lr"],
            gradient_norm=float(learner.gradient_norm),
            best=best,
            gradient_norms=learner.gradient_norms(),
            horizon=horizon(learner.network, self.predictions, self.accelerator.device),
            perplexity_per_word=score.perplexity_per_word,
        )

    def _accept_best(self, validation: Validation) -> None:
        """Keep the present weights as the best so far.

        They are remembered for the end of the run and the next checkpoint, and the first process
        writes them as the poet. The reporter hears of it afterwards, so a sample it asks for is
        by this poet.
        """
        self.progress.best_nats = validation.nats_per_character
        self.progress.best = asdict(validation)
        self.learner.keep_best()
        if self.accelerator.is_main_process:
            self._publish(validation)

    def _publish(self, validation: Validation) -> None:
        """Write the network's weights as they are now as the poet in the folder."""
        self.publisher.publish(self.data, self.settings, self.learner.network.tensors(), validation)

    def _score(self, poems: list[int]) -> Score:
        """Score poems on all processes together."""
        part = score(
            self.learner.network,
            self.data.tokens,
            self.data.offsets,
            poems,
            device=self.accelerator.device,
            rank=self.accelerator.process_index,
            ranks=self.accelerator.num_processes,
        )
        counts = torch.tensor(
            [part.nats, part.characters, part.unknown, part.poems], dtype=torch.float64
        )
        if self.accelerator.num_processes > 1:
            counts = self.accelerator.reduce(counts.to(self.accelerator.device))
        nats, predictions, unknown, counted = counts.tolist()
        spelling = self.data.spelling_nats(poems)
        return Score(
            nats=nats + spelling,
            characters=self.data.characters(poems),
            unknown=int(unknown),
            poems=int(counted),
            words=int(predictions) if isinstance(self.data, PreparedWords) else 0,
            spelling_nats=spelling,
        )

    def _advance(self, steps_per_second: float) -> None:
        """Tell the reporter how far the run is."""
        progress, budget = self.progress, self.progress.budget
        if budget.seconds is None:
            left = (budget.end_step - progress.step) / steps_per_second
        else:
            left = budget.seconds - progress.seconds
        self.reporter.advanced(
            Advance(
                step=progress.step,
                progress=self._elapsed,
                epoch=progress.step / self.sequences.steps_per_epoch,
                training_nats=progress.training_nats,
                characters_per_second=(
                    steps_per_second * self.sequences.characters_per_step / self.per_character
                ),
                seconds_left=max(left, 0.0),
            )
        )

    def _agree_on_plan(self) -> None:
        """Plan a budget in seconds again, on every process by the first one's clock."""
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
        """Return whether `flag` is set on any process."""
        if self.accelerator.num_processes == 1:
            return flag
        flags = torch.tensor([float(flag)], device=self.accelerator.device)
        return bool(self.accelerator.reduce(flags, reduction="sum").item())

    def _capture(self) -> disk.Checkpoint:
        """Collect everything the next step depends on."""
        return disk.Checkpoint(
            self.learner.capture(),
            {
                "progress": self.progress.facts(),
                "settings": asdict(self.settings),
                "lanes": self.sequences.lanes,
                "corpus": self.publisher.corpus_facts.facts(),
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
        """Continue from where `saved` was captured."""
        self._snapshot = saved
        self.progress = Progress.from_facts(saved.facts["progress"])
        self.learner.restore(saved)
        self._losses.clear()

    def resume(self, saved: disk.Checkpoint) -> None:
        """Continue an interrupted run; in the folder, undo what it wrote after its checkpoint.

        A validation after the interruption may have written rows and a poet that the resumed run
        must not know of.
        """
        self.restore(saved)
        if not self.accelerator.is_main_process:
            return
        metrics.truncate(self.folder / METRICS, self.progress.rows)
        if self.progress.best is not None:
            with self.learner.best_in_place():
                self._publish(Validation(**self.progress.best))

    def _outcome(self, stopped: str, signal: int | None) -> Outcome:
        """Score the best weights on every validation poem."""
        progress = self.progress
        with self.learner.best_in_place():
            validation = self._score(self.data.validation.tolist())
        return Outcome(
            stopped=stopped,
            validation=validation,
            training_nats=progress.training_nats,
            last_nats=progress.last_nats,
            steps=progress.step,
            epochs=progress.step / self.sequences.steps_per_epoch,
            seconds=progress.seconds,
            signal=signal if stopped == "interrupted" else None,
        )
