"""The network of a word-level poet: its tensors by name, and its layers.

In: named tensors. Out: `WordNetwork`, the plain layers: letters, convolutions
of several widths, max-pooling over time, highway, LSTM, projection, one score per word (Kim et
al. 2016, section 3; the projection is that of Sak et al. 2014). `WordStepper` is a faster form of
the same network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.layers import (
    Conv1d,
    Embedding,
    GlobalMaxPool,
    Highway,
    Linear,
    LSTMStack,
    LSTMState,
)
from quatrain.layers.shapes import Array
from quatrain.poet.network.lstm import (
    count_lstm_layers,
    lstm_parameters,
    lstm_shapes,
    lstm_stack,
)


@dataclass(frozen=True, slots=True)
class WordSize:
    """The sizes that fix the shape of every tensor.

    Attributes:
        vocabulary: numbers of words, special symbols included.
        letters: numbers that spellings are made of.
        embedding: size of a letter's vector.
        filters: filters of the narrowest convolution; one of width w has w times as many.
        widths: the widest convolution.
        highway: highway layers.
        hidden: cells per layer.
        layers: LSTM layers.
        projection: size of the vectors from which the logits are computed.
    """

    vocabulary: int
    letters: int
    embedding: int
    filters: int
    widths: int
    highway: int
    hidden: int
    layers: int
    projection: int

    @property
    def symbols(self) -> int:
        """The number of symbols that get a logit."""
        return self.vocabulary

    @property
    def features(self) -> int:
        """The size of a word's vector."""
        return self.filters * self.widths * (self.widths + 1) // 2

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Tensor name -> shape."""
        features, hidden = self.features, self.hidden
        shapes: dict[str, tuple[int, ...]] = {"letters.weight": (self.letters, self.embedding)}
        for width in range(1, self.widths + 1):
            filters = self.filters * width
            shapes[f"kernel.{width}.weight"] = (filters, self.embedding, width)
            shapes[f"kernel.{width}.bias"] = (filters,)
        for layer in range(self.highway):
            for part in ("", "gate_"):
                shapes[f"highway.{layer}.{part}weight"] = (features, features)
                shapes[f"highway.{layer}.{part}bias"] = (features,)
        shapes |= lstm_shapes(features, hidden, self.layers)
        shapes["projection.weight"] = (self.projection, hidden)
        shapes["projection.bias"] = (self.projection,)
        shapes["output.weight"] = (self.vocabulary, self.projection)
        shapes["output.bias"] = (self.vocabulary,)
        return shapes

    @property
    def parameters(self) -> int:
        """The number of trained numbers in all tensors."""
        features, hidden = self.features, self.hidden
        total = self.letters * self.embedding
        squares = self.widths * (self.widths + 1) * (2 * self.widths + 1) // 6
        total += self.filters * self.embedding * squares + features
        total += 2 * self.highway * features * (features + 1)
        total += lstm_parameters(features, hidden, self.layers)
        return total + self.projection * (hidden + 1) + self.vocabulary * (self.projection + 1)

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> WordSize:
        """Read the sizes off the tensors.

        Raises:
            KeyError, ValueError: the tensors are not those of a word-level poet.
        """
        letters, embedding = tensors["letters.weight"].shape
        vocabulary, projection = tensors["output.weight"].shape
        return cls(
            vocabulary=vocabulary,
            letters=letters,
            embedding=embedding,
            filters=tensors["kernel.1.bias"].shape[0],
            widths=sum(name.startswith("kernel.") for name in tensors) // 2,
            highway=sum(name.endswith(".gate_bias") for name in tensors),
            hidden=tensors["projection.weight"].shape[1],
            layers=count_lstm_layers(tensors),
            projection=projection,
        )


@dataclass(frozen=True, slots=True)
class WordNetwork:
    """From the letters of words to the logits of the next word."""

    letters: Embedding
    kernels: tuple[Conv1d, ...]
    highway: tuple[Highway, ...]
    lstm: LSTMStack
    projection: Linear
    output: Linear

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Array]) -> WordNetwork:
        """Assemble the layers of tensors whose names and shapes are known to be right."""
        size = WordSize.from_tensors(tensors)

        def linear(weight: str, bias: str) -> Linear:
            return Linear(tensors[weight], tensors[bias])

        return cls(
            letters=Embedding(tensors["letters.weight"]),
            kernels=tuple(
                Conv1d(tensors[f"kernel.{width}.weight"], tensors[f"kernel.{width}.bias"])
                for width in range(1, size.widths + 1)
            ),
            highway=tuple(
                Highway(
                    linear(f"highway.{layer}.weight", f"highway.{layer}.bias"),
                    linear(f"highway.{layer}.gate_weight", f"highway.{layer}.gate_bias"),
                )
                for layer in range(size.highway)
            ),
            lstm=lstm_stack(tensors),
            projection=linear("projection.weight", "projection.bias"),
            output=linear("output.weight", "output.bias"),
        )

    def vectors(self, spellings: NDArray[np.integer[Any]]) -> Array:
        """Return the vectors of words, (words, features), from their letters, (words, letters).

        Words of one length go through the convolutions together, so that no window reaches
        past a word's end. A word shorter than a window has one, filled up with padding.
        """
        lengths = (spellings != 0).sum(axis=1)
        filters = sum(kernel.filters for kernel in self.kernels)
        pooled = np.empty((len(spellings), filters), self.letters.weight.dtype)
        for length in np.unique(lengths).tolist():
            alike = np.flatnonzero(lengths == length)
            widest = max(length, len(self.kernels))
            padded = np.zeros((len(alike), widest), np.intp)
            padded[:, :length] = spellings[alike, :length]
            letters = self.letters.value(padded).transpose(0, 2, 1)  # (words, embedding, letters)
            answers = [
                GlobalMaxPool().value(
                    kernel.value(np.ascontiguousarray(letters[:, :, : max(length, width)]))
                )
                for width, kernel in enumerate(self.kernels, start=1)
            ]
            pooled[alike] = np.concatenate(answers, axis=1)
        values: Array = np.tanh(pooled)
        for layer in self.highway:
            values = layer.value(values)
        return values

    def read(
        self, vectors: Array, states: tuple[LSTMState, ...] | None = None
    ) -> tuple[Array, tuple[LSTMState, ...]]:
        """Return the projected LSTM outputs, (time, batch, projection), and the states after.

        `output` turns them into the logits of the next word.

        Args:
            vectors: of the words read, (time, batch, features).
            states: of every layer before them; zero by default.
        """
        values, after = self.lstm.value(vectors, states)
        return self.projection.value(values), after
