"""The training loop: steps, validations, checkpoints, roll-backs.

Everything the next step depends on is in `Progress`, the network, the
optimizer, the carried state and the dropout generator; all of it goes into the
checkpoint, so that a resumed run takes exactly the steps the uninterrupted one
would have taken.
"""

from __future__ import annotations

import json
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list
from torch.nn import functional

from quatrain.config import Training
from quatrain.corpus import Prepared, Streams, Windows
from quatrain.errors import SettingsError, TrainingError
from quatrain.records import Advance, Score, Validation
from quatrain.train import checkpoint as disk
from quatrain.train.budget import Budget, learning_rate
from quatrain.train.evaluation import score
from quatrain.train.network import CharacterNetwork, State, parameter_groups
from quatrain.train.progress import Progress
from quatrain.train.report import Reporter

if TYPE_CHECKING:
    from types import FrameType

Value = TypeVar("Value")

CHECK = 10
"""Steps between two looks at the loss, the clock and the keyboard."""

SAVE_SECONDS = 60.0
"""A run killed outright loses at most about this much."""

MONITORED = 1_000_000
"""Validation characters scored while training; the final score counts them all."""

_MOST_ROLLBACKS = 4


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        stopped: "budget", "patience" or "interrupted".
        validation: score of the best weights over every validation poem.
        training_nats: recent training loss in nats per character, dropout on.
    """

    stopped: str
    validation: Score
    training_nats: float
    last_nats: float
    steps: int
    epochs: float
    seconds: float
    best_step: int
    tensors: dict[str, Any] = field(repr=False)


class Trainer:
    """Trains one network on prepared poems, on however many processes `accelerator` joins.

    Args:
        data: the prepared corpus.
        settings: every choice made (see `size.propose`).
        accelerator: device, precision, processes and trackers.
        folder: where checkpoints and `metrics.jsonl` go.
        reporter: told what happens, on the first process only.
        publish: called on the first process with the tensors and the score of
            each new best, to write the poet.
    """

    def __init__(
        self,
        data: Prepared,
        settings: Training,
        accelerator: Accelerator,
        folder: Path,
        reporter: Reporter,
        publish: Callable[[dict[str, Any], Validation], None],
    ) -> None:
        self.data, self.settings, self.accelerator = data, settings, accelerator
        self.folder, self.reporter, self.publish = folder, reporter, publish
        self.device = accelerator.device
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.network = CharacterNetwork(
            alphabet=data.vocabulary.size,
            embedding=_chosen(settings.embedding),
            hidden=_chosen(settings.hidden),
            layers=_chosen(settings.layers),
            dropout=settings.dropout or 0.0,
            seed=settings.seed,
            generator=self.generator,
        ).to(self.device)
        self.sequences = self._sequences(_chosen(settings.batch))
        ranks, rank = accelerator.num_processes, accelerator.process_index
        if self.sequences.lanes % ranks:
            raise SettingsError(
                "setting 'batch'",
                f"{self.sequences.lanes} sequences for {ranks} processes",
                "a multiple of the number of processes",
                f"Set the batch to {max(1, self.sequences.lanes // ranks) * ranks}.",
            )
        self.lanes = self.sequences.lanes // ranks
        self.mine = slice(rank * self.lanes, (rank + 1) * self.lanes)
        self.network.dropout.share(self.sequences.lanes, self.mine)
        optimizer = torch.optim.AdamW(
            parameter_groups(self.network, settings.weight_decay),
            lr=_chosen(settings.learning_rate),
            betas=(0.9, 0.99),
            fused=True,
        )
        self.model, self.optimizer = accelerator.prepare(self.network, optimizer)
        self.average = (
            {name: value.detach().clone() for name, value in self.network.state_dict().items()}
            if settings.averaging
            else None
        )
        budget = (
            Budget.of_steps(round((settings.epochs or 0) * self.sequences.steps_per_epoch))
            if settings.minutes is None
            else Budget.of_seconds(settings.minutes * 60)
        )
        self.progress = Progress(budget)
        self.state: State = self.network.start(self.lanes, self.device)
        self.best: dict[str, torch.Tensor] | None = None
        self.monitored = self._monitored()
        self._interrupted = threading.Event()
        self._losses: list[torch.Tensor] = []
        self._norm = 0.0
        self._snapshot: disk.Checkpoint | None = None

    # -- what is trained on ---------------------------------------------------------------

    def _sequences(self, lanes: int) -> Streams | Windows:
        data, settings = self.data, self.settings
        if settings.sequences == "windows":
            return Windows(
                data.tokens,
                data.offsets,
                data.training,
                lanes=lanes,
                length=_chosen(settings.length),
                stride=_chosen(settings.stride),
                seed=settings.seed,
            )
        return Streams(
            data.tokens,
            data.offsets,
            data.training,
            lanes=lanes,
            length=_chosen(settings.length),
            seed=settings.seed,
        )

    def _monitored(self) -> list[int]:
        """Validation poems in a shuffled but fixed order, up to `MONITORED` characters."""
        order = np.random.Generator(np.random.PCG64(0)).permutation(self.data.validation)
        lengths = np.diff(self.data.offsets)[order]
        enough = int(np.searchsorted(np.cumsum(lengths), MONITORED)) + 1
        return [int(poem) for poem in order[:enough]]

    # -- the run --------------------------------------------------------------------------

    def run(self) -> Outcome:
        """Train until the budget, patience or the user ends it."""
        stopped = "budget"
        started = time.monotonic() - self.progress.seconds
        self.progress.budget.resume(self.progress.seconds)
        saved = time.monotonic()
        mark = (time.monotonic(), self.progress.step)
        self._snapshot = self._snapshot or self._checkpoint()
        with self._listening():
            while self.progress.budget.progress(self.progress.step) < 1.0:
                self._step()
                progress = self.progress
                due = progress.budget.progress(progress.step) >= (
                    (progress.validations + 1) / self.settings.validations
                )
                if progress.step % CHECK and not due:
                    continue
                progress.seconds = time.monotonic() - started
                if not self._sound():
                    self._roll_back()
                    mark = (time.monotonic(), self.progress.step)
                    continue
                if progress.step % CHECK == 0:
                    self._agree_on_plan()
                    now = time.monotonic()
                    self._advance((progress.step - mark[1]) / max(now - mark[0], 1e-9))
                    mark = (now, progress.step)
                if due:
                    self._validate()
                    mark = (time.monotonic(), progress.step)
                    progress.seconds = time.monotonic() - started
                interrupted = self._anyone(self._interrupted.is_set())
                if due or interrupted or self._anyone(time.monotonic() - saved > SAVE_SECONDS):
                    self.save()
                    saved = time.monotonic()
                if interrupted:
                    stopped = "interrupted"
                    break
                if self.settings.patience and progress.stale >= self.settings.patience:
                    stopped = "patience"
                    break
        if self.progress.validated_step != self.progress.step:
            # After an interruption this look is not saved: a resumed run must not know of it.
            self._validate()
        self.progress.seconds = time.monotonic() - started
        if stopped != "interrupted":
            self.progress.finished = stopped
            self.save()
        return self._outcome(stopped)

    def _step(self) -> None:
        progress, settings = self.progress, self.settings
        rate = progress.scale * learning_rate(
            progress.budget.progress(progress.step),
            _chosen(settings.learning_rate),
            settings.warmup,
        )
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        if self.sequences.fresh(progress.step):
            self.state = self.network.start(self.lanes, self.device)
        inputs, targets = self.sequences.batch(progress.step, lanes=self.mine)
        wanted = torch.from_numpy(targets).to(self.device, non_blocking=True)
        logits, state = self.model(
            torch.from_numpy(inputs).to(self.device, non_blocking=True), self.state
        )
        # The start symbol is given, never predicted (records.Score): its share of the sum is left
        # out, but the divisor is the whole chunk so that every process weighs its lanes alike.
        total = functional.cross_entropy(
            logits.flatten(0, 1),
            wanted.flatten(),
            ignore_index=self.data.vocabulary.START,
            reduction="sum",
        )
        self.accelerator.backward(total / wanted.numel())
        norm = self.accelerator.clip_grad_norm_(self.model.parameters(), settings.clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.state = [(hidden.detach().float(), cell.detach().float()) for hidden, cell in state]
        if self.average is not None:
            self._blend(self.average)
        progress.step += 1
        self._losses.append(total.detach() / (wanted != self.data.vocabulary.START).sum())
        self._norm = norm

    def _blend(self, average: dict[str, torch.Tensor]) -> None:
        current = self.network.state_dict()
        torch._foreach_lerp_(
            list(average.values()),
            [current[name] for name in average],
            1.0 - self.settings.averaging,
        )

    # -- looking --------------------------------------------------------------------------

    def _sound(self) -> bool:
        """Fold the latest losses into the running mean; False if the run has gone astray.

        Astray is a loss that is not finite, or a mean over the latest steps more than one nat worse
        than knowing nothing (log alphabet): no sound run is ever there after its first steps.
        """
        if not self._losses:
            return True
        losses = self.accelerator.reduce(torch.stack(self._losses), reduction="mean").tolist()
        self._losses.clear()
        mean = sum(losses) / len(losses)
        if not math.isfinite(mean) or mean > math.log(self.data.vocabulary.size) + 1.0:
            return False
        for loss in losses:
            self.progress.recent_nats = 0.98 * self.progress.recent_nats + 0.02 * loss
            self.progress.recent_weight = 0.98 * self.progress.recent_weight + 0.02
        return True

    def _roll_back(self) -> None:
        snapshot = self._snapshot
        rollbacks, scale = self.progress.rollbacks + 1, self.progress.scale / 2
        seconds, step = self.progress.seconds, self.progress.step
        if rollbacks > _MOST_ROLLBACKS or snapshot is None:
            raise TrainingError(
                f"step {step}",
                f"a loss that exploded {rollbacks} times, the learning rate halved each time",
                "a loss that falls",
                "Lower learning_rate or clip. The best poet so far, if any, is kept.",
            )
        self.restore(snapshot)
        self.progress.rollbacks, self.progress.scale = rollbacks, scale
        self.progress.seconds = seconds
        self.progress.budget.resume(seconds)
        self.reporter.noted(
            f"The loss exploded at step {step}: back to step {self.progress.step}, "
            f"learning rate halved to {scale:g} of its plan."
        )

    def _validate(self) -> None:
        progress = self.progress
        with self._averaged():
            found = self._score(self.monitored)
            progress.validations = max(
                progress.validations + 1,
                math.floor(
                    progress.budget.progress(progress.step) * self.settings.validations + 1e-9
                ),
            )
            nats = found.nats_per_character
            progress.last_nats, progress.validated_step = nats, progress.step
            progress.rows += 1
            better = nats < progress.best_nats
            progress.stale = 0 if better else progress.stale + 1
            if better:
                progress.best_nats, progress.best_step = nats, progress.step
                self.best = {
                    name: value.detach().cpu().clone()
                    for name, value in self.network.state_dict().items()
                }
            validation = Validation(
                step=progress.step,
                epoch=progress.step / self.sequences.steps_per_epoch,
                progress=progress.budget.progress(progress.step),
                seconds=progress.seconds,
                training_nats=progress.training_nats,
                nats_per_character=nats,
                bits_per_character=found.bits_per_character,
                learning_rate=self.optimizer.param_groups[0]["lr"],
                gradient_norm=float(self._norm),
                best=better,
            )
            if self.accelerator.is_main_process:
                with (self.folder / "metrics.jsonl").open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(validation)) + "\n")
                if better:
                    self.publish(self.network.tensors(), validation)
                self.reporter.validated(validation)
            self.accelerator.log(
                {key: value for key, value in asdict(validation).items() if key != "best"},
                step=progress.step,
            )

    def _score(self, poems: list[int]) -> Score:
        found = score(
            self.network,
            self.data.tokens,
            self.data.offsets,
            poems,
            self.data.vocabulary,
            device=self.device,
            rank=self.accelerator.process_index,
            ranks=self.accelerator.num_processes,
        )
        parts = torch.tensor(
            [found.nats, found.characters, found.unknown, found.poems],
            dtype=torch.float64,
            device="cpu" if self.device.type == "mps" else self.device,
        )
        nats, characters, unknown, counted = self.accelerator.reduce(parts).tolist()
        return Score(nats, int(characters), int(unknown), int(counted))

    @contextmanager
    def _averaged(self) -> Iterator[None]:
        """The averaged weights in the network's place, if there are any."""
        if self.average is None:
            yield
            return
        own = {name: value.clone() for name, value in self.network.state_dict().items()}
        self.network.load_state_dict(self.average)
        try:
            yield
        finally:
            self.network.load_state_dict(own)

    def _advance(self, steps_per_second: float) -> None:
        progress = self.progress
        budget = progress.budget
        left = (
            (budget.end_step - progress.step) / steps_per_second
            if budget.seconds is None
            else budget.seconds - progress.seconds
        )
        self.reporter.advanced(
            Advance(
                step=progress.step,
                progress=budget.progress(progress.step),
                epoch=progress.step / self.sequences.steps_per_epoch,
                training_nats=progress.training_nats,
                characters_per_second=steps_per_second * self.sequences.characters_per_step,
                seconds_left=max(left, 0.0),
            )
        )

    # -- several processes ----------------------------------------------------------------

    def _agree_on_plan(self) -> None:
        """Plan the budget anew by the first process's clock."""
        budget, progress = self.progress.budget, self.progress
        if budget.seconds is None:
            return
        if progress.seconds - budget.anchor_seconds < 0.01 * budget.seconds and budget.anchor_step:
            plan = [budget.facts()]
        else:
            budget.plan(progress.step, progress.seconds)
            plan = [budget.facts()]
        if self.accelerator.num_processes > 1:
            broadcast_object_list(plan)
        self.progress.budget = Budget.from_facts(plan[0])

    def _anyone(self, flag: bool) -> bool:
        """Whether `flag` is set on any process."""
        if self.accelerator.num_processes == 1:
            return flag
        told = torch.tensor([float(flag)], device=self.device)
        return bool(self.accelerator.reduce(told, reduction="sum").item())

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Turn the first Ctrl-C (or a polite kill) into an orderly end; a second one stops hard."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def interrupt(_number: int, _frame: FrameType | None) -> None:
            if self._interrupted.is_set():
                raise KeyboardInterrupt
            self._interrupted.set()
            self.reporter.noted("Stopping: the poet is being saved. Press Ctrl-C again to drop it.")

        before = {
            number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    # -- the disk -------------------------------------------------------------------------

    def _checkpoint(self) -> disk.Checkpoint:
        """Everything the next step depends on, over all processes."""
        tensors = {f"network.{k}": v for k, v in self.network.state_dict().items()}
        tensors |= {f"optimizer.{k}": v for k, v in disk.optimizer_tensors(self.optimizer).items()}
        if self.average is not None:
            tensors |= {f"average.{k}": v for k, v in self.average.items()}
        if self.best is not None:
            tensors |= {f"best.{k}": v for k, v in self.best.items()}
        for layer, (hidden, cell) in enumerate(self.state):
            for name, value in (("hidden", hidden), ("cell", cell)):
                lanes_first = value.transpose(0, 1).contiguous()
                tensors[f"state.{layer}.{name}"] = self.accelerator.gather(lanes_first)
        tensors["generator"] = self.generator.get_state()  # the same on every process
        return disk.Checkpoint(
            {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()},
            {
                "progress": self.progress.facts(),
                "settings": asdict(self.settings),
                "lanes": self.sequences.lanes,
                "corpus": self.data.sha256,
            },
        )

    def save(self) -> None:
        """Write the checkpoint and keep it as the point to roll back to."""
        self._snapshot = self._checkpoint()
        if self.accelerator.is_main_process:
            disk.write(self.folder / "training" / "last.safetensors", self._snapshot)
        self.accelerator.wait_for_everyone()

    def restore(self, checkpoint: disk.Checkpoint) -> None:
        """Take up the run where `checkpoint` left it."""
        self._snapshot = checkpoint
        self.progress = Progress.from_facts(checkpoint.facts["progress"])
        self.network.load_state_dict(checkpoint.part("network"))
        disk.restore_optimizer(self.optimizer, checkpoint.part("optimizer"))
        if self.average is not None:
            self.average = {
                name: value.to(self.device).clone()
                for name, value in checkpoint.part("average").items()
            }
        self.best = checkpoint.part("best") or None
        states = checkpoint.part("state")
        self.state = [
            (
                states[f"{layer}.hidden"][self.mine].transpose(0, 1).contiguous().to(self.device),
                states[f"{layer}.cell"][self.mine].transpose(0, 1).contiguous().to(self.device),
            )
            for layer in range(len(self.state))
        ]
        self.generator.set_state(checkpoint.tensors["generator"])
        self._losses.clear()

    def _outcome(self, stopped: str) -> Outcome:
        if self.best is not None:
            self.network.load_state_dict(self.best)
        progress = self.progress
        return Outcome(
            stopped=stopped,
            validation=self._score(self.data.validation.tolist()),
            training_nats=progress.training_nats,
            last_nats=progress.last_nats,
            steps=progress.step,
            epochs=progress.step / self.sequences.steps_per_epoch,
            seconds=progress.seconds,
            best_step=progress.best_step,
            tensors=self.network.tensors(),
        )


def _chosen(value: Value | None) -> Value:
    """A setting that `size.propose` has filled in."""
    if value is None:
        raise TypeError("settings must be complete before a Trainer is made: use size.propose")
    return value
