"""The LSTM layers that both kinds of network hold: the shapes of their tensors, and the layers.

In: sizes, or named tensors. Out: shapes, a count of parameters, or an `LSTMStack`. Gates stand in
the order input, forget, candidate, output, so that every matrix has 4 * hidden rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from quatrain.layers import LSTM, LSTMStack
from quatrain.layers.shapes import Array


def lstm_shapes(inputs: int, hidden: int, layers: int) -> dict[str, tuple[int, ...]]:
    """Return tensor name -> shape of some LSTM layers; the first reads `inputs` features."""
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in range(layers):
        shapes[f"lstm.{layer}.weight_input"] = (4 * hidden, hidden if layer else inputs)
        shapes[f"lstm.{layer}.weight_hidden"] = (4 * hidden, hidden)
        shapes[f"lstm.{layer}.bias"] = (4 * hidden,)
    return shapes


def lstm_parameters(inputs: int, hidden: int, layers: int) -> int:
    """Return how many numbers the tensors of some LSTM layers hold."""
    return sum(4 * hidden * ((hidden if layer else inputs) + hidden + 1) for layer in range(layers))


def count_lstm_layers(tensors: Mapping[str, NDArray[Any]]) -> int:
    """Return how many LSTM layers the tensors are of."""
    return sum(name.endswith(".weight_hidden") for name in tensors)


def lstm_stack(tensors: Mapping[str, Array]) -> LSTMStack:
    """Assemble the LSTM layers of tensors whose names and shapes are known to be right."""
    return LSTMStack(
        tuple(
            LSTM(
                tensors[f"lstm.{layer}.weight_input"],
                tensors[f"lstm.{layer}.weight_hidden"],
                tensors[f"lstm.{layer}.bias"],
            )
            for layer in range(count_lstm_layers(tensors))
        )
    )
