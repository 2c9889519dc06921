"""The network of a character-level poet: its tensors by name, and its layers.

In: named tensors. Out: `CharacterNetwork`, the plain layers; `CharacterStepper` is a faster form
of the same network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.layers import Embedding, Linear, LSTMStack, LSTMState
from quatrain.layers.shapes import Array
from quatrain.poet.network.lstm import (
    count_lstm_layers,
    lstm_parameters,
    lstm_shapes,
    lstm_stack,
)


@dataclass(frozen=True, slots=True)
class CharacterSize:
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
    def symbols(self) -> int:
        """The number of symbols that get a logit."""
        return self.alphabet

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Tensor name -> shape."""
        return {
            "embedding.weight": (self.alphabet, self.embedding),
            **lstm_shapes(self.embedding, self.hidden, self.layers),
            "output.weight": (self.alphabet, self.hidden),
            "output.bias": (self.alphabet,),
        }

    @property
    def parameters(self) -> int:
        """The number of trained numbers in all tensors."""
        outside = self.alphabet * (self.embedding + self.hidden + 1)
        return outside + lstm_parameters(self.embedding, self.hidden, self.layers)

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> CharacterSize:
        """Read the sizes off the tensors.

        Raises:
            KeyError, ValueError: the tensors are not those of a character-level poet.
        """
        alphabet, embedding = tensors["embedding.weight"].shape
        hidden = tensors["output.weight"].shape[1]
        return cls(alphabet, embedding, hidden, count_lstm_layers(tensors))


@dataclass(frozen=True, slots=True)
class CharacterNetwork:
    """Embedding, LSTM layers, linear: from characters to the logits of the next one."""

    embedding: Embedding
    lstm: LSTMStack
    output: Linear

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Array]) -> CharacterNetwork:
        """Assemble the layers of tensors whose names and shapes are known to be right."""
        return cls(
            Embedding(tensors["embedding.weight"]),
            lstm_stack(tensors),
            Linear(tensors["output.weight"], tensors["output.bias"]),
        )

    def value(
        self, ids: NDArray[np.integer[Any]], states: tuple[LSTMState, ...] | None = None
    ) -> tuple[Array, tuple[LSTMState, ...]]:
        """Return the logits after each of `ids`, and the states at the end.

        Args:
            ids: numbers of characters, (time, batch).
            states: of every layer before the first; zero by default.

        Returns:
            Logits (time, batch, alphabet), and the states of every layer.
        """
        hidden, states = self.lstm.value(self.embedding.value(ids), states)
        return self.output.value(hidden), states
