"""The character LSTM as torch trains it.

    ids (time, batch) -> embedding -> LSTM x layers -> linear -> logits (time, batch, alphabet)

The same network is stepped in NumPy by `quatrain.poet`; the two meet only in
the tensors of `CharacterNetwork.tensors()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

State = list[tuple[Tensor, Tensor]]
"""Per layer: hidden and cell, each (1, batch, hidden)."""


class VariationalDropout(nn.Module):
    """Dropout whose mask is drawn once per sequence and shared over time.

    Gal and Ghahramani 2016 ("A theoretically grounded application of dropout in
    recurrent neural networks"), for the inputs of a layer. The mask comes from
    a generator of its own, so that no global state decides it.
    """

    def __init__(self, probability: float, generator: torch.Generator) -> None:
        super().__init__()
        self.probability = probability
        self.generator = generator
        self.lanes: int | None = None
        self.mine = slice(None)

    def share(self, lanes: int, mine: slice) -> None:
        """Draw masks for `lanes` sequences and use those of `mine`.

        Every process draws the masks of the whole batch from the same generator,
        so that two processes train on the same numbers as one.
        """
        self.lanes, self.mine = lanes, mine

    def forward(self, values: Tensor) -> Tensor:
        """Drop whole features of (time, batch, features), the same at every time."""
        if not self.training or self.probability == 0.0:
            return values
        keep = 1.0 - self.probability
        mask = torch.empty(1, self.lanes or values.shape[1], values.shape[2])
        mask.bernoulli_(keep, generator=self.generator).div_(keep)
        return values * mask[:, self.mine].to(values.device, values.dtype)


def drop_weights(weight: Tensor, probability: float, generator: torch.Generator) -> Tensor:
    """A copy of `weight` with a share of its entries zeroed and the rest scaled up.

    DropConnect on recurrent weights (Merity et al. 2018, "Regularizing and
    optimizing LSTM language models", section 2). The probability is rounded to a
    256th: one random byte decides each entry, at a twentieth of the time that
    torch's own Bernoulli takes on a processor.
    """
    threshold = round(256 * probability)
    words = torch.empty(-(-weight.numel() // 8), dtype=torch.int64)
    words.random_(-(2**63), None, generator=generator)
    kept = words.view(torch.uint8)[: weight.numel()] >= threshold
    mask = kept.view(weight.shape).to(weight.device).to(weight.dtype)
    return weight * mask.mul_(256 / (256 - threshold))


class CharacterNetwork(nn.Module):
    """Embedding, LSTM layers, linear.

    Forget-gate biases start at 1 (Gers et al. 2000; Jozefowicz et al. 2015),
    recurrent matrices are orthogonal gate by gate (Saxe et al. 2014), input
    matrices are Glorot-uniform.

    Args:
        alphabet: size of the vocabulary, special symbols included.
        embedding: size of a character's vector.
        hidden: cells per layer.
        layers: number of LSTM layers.
        dropout: share of the inputs of each layer after the embedding that is dropped.
        recurrent_dropout: share of the recurrent weights dropped at each step of training.
        seed: of the initial weights; `generator` draws the dropout masks.
    """

    def __init__(
        self,
        *,
        alphabet: int,
        embedding: int,
        hidden: int,
        layers: int,
        dropout: float,
        recurrent_dropout: float,
        seed: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.hidden = hidden
        self.recurrent_dropout = recurrent_dropout
        self.alphabet = alphabet
        with torch.random.fork_rng(devices=[]):  # the constructors draw from the global generator
            self.embedding = nn.Embedding(alphabet, embedding)
            self.lstm = nn.ModuleList(
                nn.LSTM(embedding if layer == 0 else hidden, hidden) for layer in range(layers)
            )
            self.output = nn.Linear(hidden, alphabet)
        self.dropout = VariationalDropout(dropout, generator)
        self._initialise(torch.Generator().manual_seed(seed))

    def _initialise(self, generator: torch.Generator) -> None:
        nn.init.normal_(self.embedding.weight, generator=generator)
        for weight_input, weight_hidden, *biases in self._cells():
            nn.init.xavier_uniform_(weight_input, generator=generator)
            for gate in weight_hidden.data.chunk(4):
                nn.init.orthogonal_(gate, generator=generator)
            for bias in biases:
                nn.init.zeros_(bias)
            biases[0].data[self.hidden : 2 * self.hidden] = 1.0  # gates i, f, g, o
        nn.init.xavier_uniform_(self.output.weight, generator=generator)
        nn.init.zeros_(self.output.bias)

    def _cells(self) -> list[tuple[Tensor, ...]]:
        """Per layer: input weights, recurrent weights, and torch's two bias vectors."""
        return [tuple(layer.parameters()) for layer in self.lstm]

    def start(self, batch: int, device: torch.device | None = None) -> State:
        """The zero state for `batch` sequences."""
        return [
            (
                torch.zeros(1, batch, self.hidden, device=device),
                torch.zeros(1, batch, self.hidden, device=device),
            )
            for _ in self.lstm
        ]

    def forward(
        self, ids: Tensor, state: State, targets: Tensor | None = None, ignored: int = -100
    ) -> tuple[Tensor, State]:
        """Logits (time, batch, alphabet) for ids (time, batch), and the state after them.

        With `targets` (time, batch) the summed surprise at them instead, (), in nats. Targets
        equal to `ignored` do not count.
        """
        values = self.vectors(ids)
        after: State = []
        for index, layer in enumerate(self.lstm):
            inputs = self.dropout(values) if index else values
            values, layer_state = functional_call(
                layer, self._dropped(layer), (inputs, state[index])
            )
            after.append(layer_state)
        logits = self.logits(self.dropout(values))
        if targets is None:
            return logits, after
        return functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=ignored, reduction="sum"
        ), after

    def vectors(self, ids: Tensor) -> Tensor:
        """The vectors (..., embedding) that the lowest LSTM layer reads."""
        vectors: Tensor = self.embedding(ids)
        return vectors

    def logits(self, values: Tensor) -> Tensor:
        """Scores (..., alphabet) of what the highest LSTM layer answers, (..., hidden)."""
        logits: Tensor = self.output(values)
        return logits

    def surprisal(self, ids: Tensor, targets: Tensor, state: State) -> tuple[Tensor, State]:
        """Surprise in nats at each target, (time, batch), in float32, and the state after.

        Whatever precision accelerate has put in the instance's place.
        """
        logits, after = CharacterNetwork.forward(self, ids, state)
        losses = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
        return losses.view(targets.shape), after

    def _dropped(self, layer: nn.Module) -> dict[str, Tensor]:
        """The recurrent weights to use instead of the layer's own, if any are to be dropped."""
        if not self.training or self.recurrent_dropout == 0.0:
            return {}
        weight = layer.get_parameter("weight_hh_l0")
        dropped = drop_weights(weight, self.recurrent_dropout, self.dropout.generator)
        return {"weight_hh_l0": dropped}

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """The weights under the artifact's names, the two biases of torch's LSTM summed."""
        describe_base = {
            "embedding.weight": self.embedding.weight,
            "output.weight": self.output.weight,
            "output.bias": self.output.bias,
        }
        for index, (weight_input, weight_hidden, *biases) in enumerate(self._cells()):
            describe_base[f"lstm.{index}.weight_input"] = weight_input
            describe_base[f"lstm.{index}.weight_hidden"] = weight_hidden
            describe_base[f"lstm.{index}.bias"] = biases[0] + biases[1]
        return {
            name: tensor.detach().to("cpu", torch.float32).contiguous().numpy().copy()
            for name, tensor in describe_base.items()
        }

    def copy_weights(self, tensors: Mapping[str, Tensor]) -> None:
        """Take weights under the artifact's names, as `tensors` gives them."""
        with torch.no_grad():
            self.embedding.weight.copy_(tensors["embedding.weight"])
            self.output.weight.copy_(tensors["output.weight"])
            self.output.bias.copy_(tensors["output.bias"])
            copy_lstm_weights(self.lstm, tensors)

    def parameter_count(self) -> int:
        """Trained parameters, torch's two bias vectors per LSTM layer counted as such."""
        return sum(parameter.numel() for parameter in self.parameters())


def copy_lstm_weights(layers: Iterable[nn.Module], tensors: Mapping[str, Tensor]) -> None:
    """Copy LSTM layers' weights from the artifact's, the one bias into torch's first."""
    for index, layer in enumerate(layers):
        weight_input, weight_hidden, bias, other = layer.parameters()
        weight_input.copy_(tensors[f"lstm.{index}.weight_input"])
        weight_hidden.copy_(tensors[f"lstm.{index}.weight_hidden"])
        bias.copy_(tensors[f"lstm.{index}.bias"])
        other.zero_()


def parameter_groups(network: nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """Matrices with weight decay, vectors without (Loshchilov and Hutter 2019, section 4)."""
    parameters = [p for p in network.parameters() if p.requires_grad]
    return [
        {"params": [p for p in parameters if p.dim() > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0.0},
    ]
