"""Learning to guess: batches, steps and checkpoints.

In: aligned words. Out: trained weights, the average of the last thousands of steps. A run is
a function of its settings and seed: stopped after an epoch and resumed, it takes the steps it
would have taken.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from quatrain.errors import TrainingError
from quatrain.train import checkpoint as disk
from quatrain.train.network import parameter_groups
from quatrain.train.pronunciation.network import GuesserNetwork, Sizes

Aligned = tuple[str, tuple[str, ...]]
"""A word and the chunk of each letter, its phonemes joined by spaces."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every choice of a run.

    Attributes:
        sizes: of the network.
        epochs: times that every word is seen.
        letters: per batch, about; a batch holds words of one length.
        learning_rate: the highest; it rises over the first epoch and falls along a cosine.
        weight_decay: of the matrices.
        dropout: share of the features dropped between layers.
        forgetting: share of the chunks before that are hidden while training, so that one
            wrong chunk does not mislead all after it.
        averaging: decay of the average of the weights, per step.
        bfloat16: compute in bfloat16 and keep the weights in float32.
        seed: of the weights, the order of the words and the dropout.
    """

    sizes: Sizes = field(default_factory=Sizes)
    epochs: int = 40
    letters: int = 2048
    learning_rate: float = 3e-3
    weight_decay: float = 0.01
    dropout: float = 0.25
    forgetting: float = 0.1
    averaging: float = 0.999
    bfloat16: bool = True
    seed: int = 1


class Batches:
    """Aligned words as batches of words of one length, in an order that the epoch decides."""

    def __init__(self, words: Sequence[Aligned], alphabet: str, chunks: Sequence[str]) -> None:
        letter_number = {letter: number for number, letter in enumerate(alphabet)}
        chunk_number = {chunk: number for number, chunk in enumerate(chunks)}
        by_length: dict[int, list[Aligned]] = {}
        for word, said in words:
            by_length.setdefault(len(word), []).append((word, said))
        self.groups: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = [
            (
                np.array([[letter_number[letter] for letter in word] for word, _ in group]).T,
                np.array([[chunk_number[chunk] for chunk in said] for _, said in group]).T,
            )
            for _, group in sorted(by_length.items())
        ]

    def count(self, letters: int) -> int:
        """Batches in an epoch, with so many letters in each."""
        return sum(
            -(-group.shape[1] // _width(letters, group.shape[0])) for group, _ in self.groups
        )

    def epoch(
        self, letters: int, order: np.random.Generator
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Letters and chunks, each (time, batch), every word once."""
        batches = []
        for read, said in self.groups:
            width = _width(letters, read.shape[0])
            shuffled = order.permutation(read.shape[1])
            batches += [
                (read, said, shuffled[start : start + width])
                for start in range(0, len(shuffled), width)
            ]
        for number in order.permutation(len(batches)):
            read, said, chosen = batches[number]
            yield read[:, chosen], said[:, chosen]


def _width(letters: int, length: int) -> int:
    return max(1, letters // length)


class GuesserLearner:
    """The network, its optimizer and its average: everything that a step changes."""

    def __init__(self, settings: Settings, batches: Batches, *, letters: int, chunks: int) -> None:
        self.settings, self.batches, self.none_before = settings, batches, chunks
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.network = GuesserNetwork(
            letters=letters,
            chunks=chunks,
            sizes=settings.sizes,
            dropout=settings.dropout,
            seed=settings.seed,
            generator=self.generator,
        )
        self.optimizer = torch.optim.AdamW(
            parameter_groups(self.network, settings.weight_decay), betas=(0.9, 0.99), fused=True
        )
        self.average = {name: tensor.clone() for name, tensor in self.network.state_dict().items()}
        self.epochs = 0
        self.per_epoch = batches.count(settings.letters)

    @property
    def finished(self) -> bool:
        """Whether all epochs are done."""
        return self.epochs >= self.settings.epochs

    def epoch(self, advance: Callable[[float], None]) -> float:
        """See every word once.

        Args:
            advance: told the running loss after each step.

        Returns:
            The mean loss, nats per letter, dropout on.
        """
        self.network.train()
        order = np.random.default_rng((self.settings.seed, self.epochs))
        total = 0.0
        batches = self.batches.epoch(self.settings.letters, order)
        for number, (read, said) in enumerate(batches, start=1):
            step = self.epochs * self.per_epoch + number
            total += self._step(torch.from_numpy(read), torch.from_numpy(said), step)
            advance(total / number)
        self.epochs += 1
        return total / self.per_epoch

    def _step(self, read: Tensor, said: Tensor, step: int) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = self._learning_rate(step)
        before = torch.full_like(said, self.none_before)
        before[1:] = said[:-1]
        hidden = torch.empty(before.shape).bernoulli_(
            self.settings.forgetting, generator=self.generator
        )
        before[hidden.bool()] = self.none_before
        with torch.autocast("cpu", torch.bfloat16, enabled=self.settings.bfloat16):
            logits = self.network(read, before)
        loss = functional.cross_entropy(logits.float().flatten(0, 1), said.flatten())
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        # A short memory at first, so that the average forgets the weights it began with.
        kept = min(self.settings.averaging, step / (step + 10))
        current = self.network.state_dict()
        torch._foreach_lerp_(
            list(self.average.values()), [current[name] for name in self.average], 1.0 - kept
        )
        return float(loss.detach())

    def _learning_rate(self, step: int) -> float:
        """Up a line over the first epoch, down a cosine to a hundredth (Loshchilov 2017)."""
        rising = step / self.per_epoch
        done = step / (self.per_epoch * self.settings.epochs)
        falling = 0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * min(1.0, done)))
        return self.settings.learning_rate * min(1.0, rising) * falling

    def averaged(self) -> GuesserNetwork:
        """A network of the averaged weights, which guesses better than the last step's."""
        network = GuesserNetwork(
            letters=self.network.embedding.num_embeddings,
            chunks=self.none_before,
            sizes=self.settings.sizes,
            dropout=0.0,
            seed=self.settings.seed,
            generator=torch.Generator(),
        )
        network.load_state_dict(self.average)
        return network.eval()

    def save(self, path: Path) -> None:
        """Write a checkpoint; raises `OutputError` where it cannot be written."""
        parts = {
            "network": self.network.state_dict(),
            "average": self.average,
            "optimizer": disk.optimizer_tensors(self.optimizer),
            "generator": {"state": self.generator.get_state()},
        }
        tensors = {
            f"{part}.{name}": tensor
            for part, held in parts.items()
            for name, tensor in held.items()
        }
        facts = {"epochs": self.epochs, "settings": asdict(self.settings)}
        disk.write(path, disk.Checkpoint(tensors, facts))

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint.

        Raises:
            TrainingError: there is none, it is damaged, or it has other settings.
        """
        saved = disk.read(path)
        if saved.facts["settings"] != json.loads(json.dumps(asdict(self.settings))):
            raise TrainingError(
                str(path),
                f"a run with the settings {saved.facts['settings']}",
                f"{asdict(self.settings)}",
                "Resume with the same settings, or choose another folder.",
            )
        self.network.load_state_dict(saved.part("network"))
        self.average = saved.part("average")
        disk.restore_optimizer(self.optimizer, saved.part("optimizer"))
        self.generator.set_state(saved.part("generator")["state"])
        self.epochs = saved.facts["epochs"]
