"""Shared parts of the networks that torch trains: LSTM layers, dropout, and the artifact's names.

The LSTM layers take vectors (time, batch, features) and return the highest layer's output
(time, batch, hidden). The subclasses in `characters` and `words` say what comes below and above.
`quatrain.poet` steps the same networks in NumPy; the two share only the tensors of `tensors()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor, nn
from torch.func import functional_call

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
    """Return `weight` with a share of its entries zeroed and the rest scaled up.

    DropConnect on recurrent weights (Merity et al. 2018, "Regularizing and
    optimizing LSTM language models", section 2). The probability is rounded to a
    256th: one random byte decides each entry, at a twentieth of the time that
    torch's own Bernoulli takes on a processor.
    """
    threshold = round(256 * probability)
    words = torch.empty(-(-weight.numel() // 8), dtype=torch.int64)
    words.random_(-(2**63), None, generator=generator)
    survives = words.view(torch.uint8)[: weight.numel()] >= threshold
    mask = survives.view(weight.shape).to(weight.device).to(weight.dtype)
    return weight * mask.mul_(256 / (256 - threshold))


class RecurrentNetwork(nn.Module):
    """LSTM layers between an input and an output that a subclass adds.

    Forget-gate biases start at 1 (Gers et al. 2000; Jozefowicz et al. 2015),
    recurrent matrices are orthogonal gate by gate (Saxe et al. 2014), input
    matrices are Glorot-uniform. A subclass makes `lstm` with `lstm_layers`, between its own
    layers, so that the parameters come in the order in which they are used.

    Args:
        hidden: cells per layer.
        dropout: share of each layer's inputs dropped, the same at every time.
        recurrent_dropout: share of the recurrent weights dropped at each step of training.
        generator: draws what is dropped.
    """

    drops_inputs: ClassVar[bool]
    """True if the lowest LSTM layer's inputs are dropped, too."""

    lstm: nn.ModuleList

    def __init__(
        self, hidden: int, dropout: float, recurrent_dropout: float, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.hidden = hidden
        self.recurrent_dropout = recurrent_dropout
        self.dropout = VariationalDropout(dropout, generator)

    def initialise_lstm(self, generator: torch.Generator) -> None:
        """Draw the weights of the LSTM layers."""
        for weight_input, weight_hidden, *biases in self._cells():
            nn.init.xavier_uniform_(weight_input, generator=generator)
            for gate in weight_hidden.data.chunk(4):
                nn.init.orthogonal_(gate, generator=generator)
            for bias in biases:
                nn.init.zeros_(bias)
            biases[0].data[self.hidden : 2 * self.hidden] = 1.0  # gates i, f, g, o

    def _cells(self) -> list[tuple[Tensor, ...]]:
        """Return per layer: input weights, recurrent weights, and torch's two bias vectors."""
        return [tuple(layer.parameters()) for layer in self.lstm]

    def start(self, batch: int, device: torch.device | None = None) -> State:
        """Return the zero state for `batch` sequences."""
        return [
            (
                torch.zeros(1, batch, self.hidden, device=device),
                torch.zeros(1, batch, self.hidden, device=device),
            )
            for _ in self.lstm
        ]

    def run_lstm(self, values: Tensor, state: State) -> tuple[Tensor, State]:
        """Run the layers over (time, batch, features), with dropout in training.

        Returns:
            The highest layer's output after dropout, (time, batch, hidden), and the state after.
        """
        after: State = []
        for index, layer in enumerate(self.lstm):
            # Both draw from one generator. The two networks do so in different orders, which stay
            # as they are so that a seed goes on giving the same poet.
            if self.drops_inputs:
                weights = self._dropped_weights(layer)
                inputs = self.dropout(values)
            else:
                inputs = self.dropout(values) if index else values
                weights = self._dropped_weights(layer)
            values, layer_state = functional_call(layer, weights, (inputs, state[index]))
            after.append(layer_state)
        return self.dropout(values), after

    def _dropped_weights(self, layer: nn.Module) -> dict[str, Tensor]:
        """Return the recurrent weights to use instead of the layer's own, if any are dropped."""
        if not self.training or self.recurrent_dropout == 0.0:
            return {}
        weight = layer.get_parameter("weight_hh_l0")
        dropped = drop_weights(weight, self.recurrent_dropout, self.dropout.generator)
        return {"weight_hh_l0": dropped}

    def vectors(self, ids: Tensor) -> Tensor:
        """Return the vectors (..., features) that the lowest LSTM layer reads."""
        raise NotImplementedError

    def logits(self, values: Tensor) -> Tensor:
        """Return scores (..., vocabulary) for the highest LSTM layer's output, (..., hidden)."""
        raise NotImplementedError

    def surprisal(self, ids: Tensor, targets: Tensor, state: State) -> tuple[Tensor, State]:
        """Return the surprisal at each target in nats, (time, batch), and the state after."""
        raise NotImplementedError

    def outer_weights(self) -> dict[str, Tensor]:
        """Return the weights outside the LSTM layers under the artifact's names."""
        raise NotImplementedError

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """Return all weights under the artifact's names, torch's two LSTM biases summed."""
        weights = self.outer_weights()
        for index, (weight_input, weight_hidden, *biases) in enumerate(self._cells()):
            weights[f"lstm.{index}.weight_input"] = weight_input
            weights[f"lstm.{index}.weight_hidden"] = weight_hidden
            weights[f"lstm.{index}.bias"] = biases[0] + biases[1]
        return {
            name: tensor.detach().to("cpu", torch.float32).contiguous().numpy().copy()
            for name, tensor in weights.items()
        }

    def copy_weights(self, tensors: Mapping[str, Tensor]) -> None:
        """Copy weights given under the artifact's names into the network.

        The LSTM layers' must all be given, their one bias goes into torch's first. Of the
        others, those that are not given keep their values.
        """
        with torch.no_grad():
            for name, weight in self.outer_weights().items():
                if name in tensors:
                    weight.copy_(tensors[name])
            for index, cells in enumerate(self._cells()):
                weight_input, weight_hidden, first_bias, second_bias = cells
                weight_input.copy_(tensors[f"lstm.{index}.weight_input"])
                weight_hidden.copy_(tensors[f"lstm.{index}.weight_hidden"])
                first_bias.copy_(tensors[f"lstm.{index}.bias"])
                second_bias.zero_()

    def parameter_count(self) -> int:
        """Count the trained parameters, torch's two bias vectors per LSTM layer as such."""
        return sum(parameter.numel() for parameter in self.parameters())


def lstm_layers(inputs: int, hidden: int, layers: int) -> nn.ModuleList:
    """Make LSTM layers; the lowest reads vectors of size `inputs`."""
    return nn.ModuleList(
        nn.LSTM(inputs if layer == 0 else hidden, hidden) for layer in range(layers)
    )


def parameter_groups(network: nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """Group the parameters: matrices with weight decay, vectors without.

    Loshchilov and Hutter 2019, section 4.
    """
    parameters = [p for p in network.parameters() if p.requires_grad]
    return [
        {"params": [p for p in parameters if p.dim() > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0.0},
    ]
