"""A network, its optimizer and the state it carries: everything a step changes.

`Learner.capture` and `Learner.restore` hold all of it, which is why a resumed
run takes exactly the steps the uninterrupted one would have taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import numpy as np
import torch
from accelerate import Accelerator
from numpy.typing import NDArray
from torch import Tensor

from quatrain.config import Training
from quatrain.errors import SettingsError
from quatrain.train import checkpoint as disk
from quatrain.train.networks import RecurrentNetwork, State, parameter_groups


def own_lanes(lanes: int, accelerator: Accelerator) -> slice:
    """Return which of `lanes` sequences this process trains on.

    Raises:
        SettingsError: they cannot be shared evenly among the processes.
    """
    ranks, rank = accelerator.num_processes, accelerator.process_index
    if lanes % ranks:
        raise SettingsError(
            "setting 'batch'",
            f"{lanes} sequences for {ranks} processes",
            "a multiple of the number of processes",
            f"Set the batch to {max(1, lanes // ranks) * ranks}.",
            message=f"A batch of {lanes} sequences can't be shared evenly among {ranks} processes.",
        )
    own = lanes // ranks
    return slice(rank * own, (rank + 1) * own)


class Learner:
    """One process's share of the training of one network.

    Args:
        settings: every choice made (see `size.propose`).
        network: what is trained.
        lanes: sequences trained on side by side, over all processes.
        ignored: a symbol whose prediction is not part of the loss.
        accelerator: device, precision and processes.

    Raises:
        SettingsError: the sequences cannot be shared evenly among the processes.
    """

    def __init__(
        self,
        settings: Training,
        network: RecurrentNetwork,
        *,
        lanes: int,
        ignored: int,
        accelerator: Accelerator,
    ) -> None:
        self.mine = own_lanes(lanes, accelerator)
        self.settings, self.ignored, self.accelerator = settings, ignored, accelerator
        self.lanes = self.mine.stop - self.mine.start
        self.generator = network.dropout.generator
        self.network = network.to(accelerator.device)
        self.network.dropout.share(lanes, self.mine)
        optimizer = torch.optim.AdamW(
            parameter_groups(self.network, settings.weight_decay), betas=(0.9, 0.99), fused=True
        )
        self.model, self.optimizer = accelerator.prepare(self.network, optimizer)
        self.average = self._copy() if settings.averaging else None
        self.best: dict[str, Tensor] | None = None
        self.gradient_norm = torch.zeros(())
        self.start_afresh()

    def start_afresh(self) -> None:
        """Zero the carried state."""
        self.state: State = self.network.start(self.lanes, self.accelerator.device)

    def step(
        self, inputs: NDArray[np.int64], targets: NDArray[np.int64], learning_rate: float
    ) -> Tensor:
        """Take one step of truncated back-propagation; the state is carried on.

        Args:
            inputs: this process's share of the characters read, (time, lanes).
            targets: the characters after them, (time, lanes).
            learning_rate: of this step.

        Returns:
            The mean loss over the predictions that count, nats per character, () on the device.
        """
        device = self.accelerator.device
        self.optimizer.zero_grad(set_to_none=True)  # here: till now `gradient_norms` can be asked
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        expected = torch.from_numpy(targets).to(device, non_blocking=True)
        total, state = self.model(
            torch.from_numpy(inputs).to(device, non_blocking=True),
            self.state,
            expected,
            self.ignored,
        )
        # Divided by the whole chunk, what is ignored included, so that every process weighs its
        # lanes alike and two processes reach the gradient of one.
        self.accelerator.backward(total / expected.numel())
        self.gradient_norm = self.accelerator.clip_grad_norm_(
            self.model.parameters(), self.settings.clip
        )
        self.optimizer.step()
        self.state = [(hidden.detach().float(), cell.detach().float()) for hidden, cell in state]
        if self.average is not None:
            current = self.network.state_dict()
            torch._foreach_lerp_(
                list(self.average.values()),
                [current[name] for name in self.average],
                1.0 - self.settings.averaging,
            )
        mean: Tensor = total.detach() / (expected != self.ignored).sum()
        return mean

    def gradient_norms(self) -> dict[str, float]:
        """Return the norm of the last step's gradient by layer, from the lowest, before clipping.

        Returns:
            Layer -> norm, named as the artifact's tensors are; empty before the first step, and
            where the norm over all of them is not finite, as clipping has then undone them.
        """
        total = float(self.gradient_norm)
        if not math.isfinite(total):
            return {}
        # What clipping multiplied the gradients by (torch.nn.utils.clip_grad_norm_).
        clipped = min(1.0, self.settings.clip / (total + 1e-6))
        squares: dict[str, float] = {}
        for name, parameter in self.network.named_parameters():
            if parameter.grad is not None:
                layer = name.rpartition(".")[0]
                norm = float(torch.linalg.vector_norm(parameter.grad)) / clipped
                squares[layer] = squares.get(layer, 0.0) + norm * norm
        return {layer: math.sqrt(square) for layer, square in squares.items()}

    @contextmanager
    def _in_place(self, weights: dict[str, Tensor] | None) -> Iterator[None]:
        """Put `weights` into the network for a while; None leaves its own."""
        if weights is None:
            yield
            return
        own = self._copy()
        self.network.load_state_dict(weights)
        try:
            yield
        finally:
            self.network.load_state_dict(own)

    def averaged(self) -> AbstractContextManager[None]:
        """Put the averaged weights into the network for a while, if weights are averaged."""
        return self._in_place(self.average)

    def best_in_place(self) -> AbstractContextManager[None]:
        """Put the best weights into the network for a while, if there are any yet."""
        return self._in_place(self.best)

    def keep_best(self) -> None:
        """Remember the network's weights as they are now."""
        self.best = {name: value.cpu() for name, value in self._copy().items()}

    def _copy(self) -> dict[str, Tensor]:
        return {name: value.detach().clone() for name, value in self.network.state_dict().items()}

    def scaler_facts(self) -> dict[str, float]:
        """Return the state of the loss scaler, which only float16 has."""
        scaler = self.accelerator.scaler
        return dict(scaler.state_dict()) if scaler is not None else {}

    def finite(self) -> bool:
        """Return whether every weight is finite."""
        return all(bool(torch.isfinite(value).all()) for value in self.network.parameters())

    def capture(self) -> dict[str, Tensor]:
        """Return everything the next step depends on, over all processes, on the CPU."""
        tensors = {f"network.{name}": value for name, value in self.network.state_dict().items()}
        tensors |= {
            f"optimizer.{name}": value
            for name, value in disk.optimizer_tensors(self.optimizer).items()
        }
        for prefix, weights in (("average", self.average), ("best", self.best)):
            tensors |= {f"{prefix}.{name}": value for name, value in (weights or {}).items()}
        for layer, (hidden, cell) in enumerate(self.state):
            for name, value in (("hidden", hidden), ("cell", cell)):
                lanes_first = value.transpose(0, 1).contiguous()
                tensors[f"state.{layer}.{name}"] = self.accelerator.gather(lanes_first)
        tensors["generator"] = self.generator.get_state()  # the same on every process
        return {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}

    def restore(self, saved: disk.Checkpoint) -> None:
        """Put back what `capture` returned."""
        device = self.accelerator.device
        self.network.load_state_dict(saved.part("network"))
        disk.restore_optimizer(self.optimizer, saved.part("optimizer"))
        if self.average is not None:
            self.average = {
                name: value.to(device).clone() for name, value in saved.part("average").items()
            }
        self.best = saved.part("best") or None
        states = saved.part("state")
        self.state = [
            (
                states[f"{layer}.hidden"][self.mine].transpose(0, 1).contiguous().to(device),
                states[f"{layer}.cell"][self.mine].transpose(0, 1).contiguous().to(device),
            )
            for layer in range(len(self.state))
        ]
        self.generator.set_state(saved.tensors["generator"])
        if self.accelerator.scaler is not None:
            self.accelerator.scaler.load_state_dict(saved.facts["scaler"])
