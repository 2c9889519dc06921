"""The network of a character LSTM: its tensors by name, and its layers.

In: named arrays from the artifact. Out: `Network`, the plain layers; the
stepper makes a faster form of the same network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.layers import LSTM, Embedding, Linear, LSTMStack, LSTMState
from quatrain.layers.shapes import Array


@dataclass(frozen=True, slots=True)
class Size:
    """The sizes that fix the shape of every tensor.

    Attributes:
        alphabet: numbers in the vocabulary, special symbols included.
        embedding: size of a character's vector.
        hidden: cells per layer.
        layers: LSTM layers.
    """

    alphabet: int
    embedding: int
    hidden: int
    layers: int

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Tensor name -> shape."""
        shapes: dict[str, tuple[int, ...]] = {"embedding.weight": (self.alphabet, self.embedding)}
        for layer in range(self.layers):
            inputs = self.hidden if layer else self.embedding
            shapes[f"lstm.{layer}.weight_input"] = (4 * self.hidden, inputs)
            shapes[f"lstm.{layer}.weight_hidden"] = (4 * self.hidden, self.hidden)
            shapes[f"lstm.{layer}.bias"] = (4 * self.hidden,)
        shapes["output.weight"] = (self.alphabet, self.hidden)
        shapes["output.bias"] = (self.alphabet,)
        return shapes

    @classmethod
    def of(cls, tensors: Mapping[str, NDArray[Any]]) -> Size:
        """Read the sizes off the tensors.

        Raises:
            KeyError, ValueError: the tensors are not those of a character LSTM.
        """
        alphabet, embedding = tensors["embedding.weight"].shape
        hidden = tensors["output.weight"].shape[1]
        return cls(alphabet, embedding, hidden, sum(name.endswith(".bias") for name in tensors) - 1)

    @property
    def parameters(self) -> int:
        """How many numbers all tensors hold."""
        total = self.alphabet * (self.embedding + self.hidden + 1)
        for layer in range(self.layers):
            inputs = self.hidden if layer else self.embedding
            total += 4 * self.hidden * (inputs + self.hidden + 1)
        return total


@dataclass(frozen=True, slots=True)
class Network:
    """Embedding, LSTM layers, linear: from characters to logits of the next one."""

    embedding: Embedding
    lstm: LSTMStack
    output: Linear

    @classmethod
    def of(cls, tensors: Mapping[str, Array]) -> Network:
        """Assemble the layers of tensors whose names and shapes are known to be right."""
        layers = sum(name.endswith(".weight_hidden") for name in tensors)
        return cls(
            Embedding(tensors["embedding.weight"]),
            LSTMStack(
                tuple(
                    LSTM(
                        tensors[f"lstm.{layer}.weight_input"],
                        tensors[f"lstm.{layer}.weight_hidden"],
                        tensors[f"lstm.{layer}.bias"],
                    )
                    for layer in range(layers)
                )
            ),
            Linear(tensors["output.weight"], tensors["output.bias"]),
        )

    def value(
        self, ids: NDArray[np.integer[Any]], states: tuple[LSTMState, ...] | None = None
    ) -> tuple[Array, tuple[LSTMState, ...]]:
        """Logits (time, batch, alphabet) after each of `ids` (time, batch), and the states."""
        hidden, states = self.lstm.value(self.embedding.value(ids), states)
        return self.output.value(hidden), states
