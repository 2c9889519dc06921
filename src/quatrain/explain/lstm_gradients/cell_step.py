"""One step of an LSTM with a single cell, from given sums of its gates, and its way back.

In: the pre-activations, the cell before, and the gradients that arrive. Out: every quantity of
`layers.LSTM`, forwards and backwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from quatrain.explain.lstm_gradients.case import GATES
from quatrain.layers import LSTM, LSTMState


@dataclass(frozen=True, slots=True)
class CellStep:
    """Values of one cell at one step, and the gradient of the loss at each of them.

    Attributes:
        sums: the pre-activations z by gate: i, f, g, o.
        gates: the activations by gate.
        cell_before, cell, squashed, hidden: c_{t-1}, c_t, tanh c_t, h_t.
        delta: the gradient at h_t, c_t and each activation: "h", "c", "i", "f", "g", "o".
        delta_sums: the gradient at each pre-activation, by gate.
        delta_before: the gradient at c_{t-1}, through the forget gate.
    """

    sums: Mapping[str, float]
    gates: Mapping[str, float]
    cell_before: float
    cell: float
    squashed: float
    hidden: float
    delta: Mapping[str, float]
    delta_sums: Mapping[str, float]
    delta_before: float


def cell_step(
    sums: Mapping[str, float], cell_before: float, *, delta_hidden: float, delta_cell: float
) -> CellStep:
    """Run one step of `layers.LSTM` forwards and back, in float64.

    The layer has one cell and reads the four sums themselves: its input weights are the identity,
    its recurrent weights and its bias are 0.

    Args:
        sums: the pre-activations by gate: i, f, g, o.
        cell_before: c_{t-1}.
        delta_hidden: the gradient that arrives at h_t, from the loss and from the next step.
        delta_cell: the gradient that arrives at c_t from the next step: delta c_{t+1} f_{t+1}.
    """
    layer = LSTM(np.eye(4), np.zeros((4, 1)), np.zeros(4))
    before = LSTMState(np.zeros((1, 1)), np.full((1, 1), float(cell_before)))
    inputs = np.array([[[float(sums[gate]) for gate in GATES]]])
    trace, backward = layer.trace(inputs, before)
    gradients, reaching = backward(
        np.full((1, 1, 1), float(delta_hidden)),
        LSTMState(np.zeros((1, 1)), np.full((1, 1), float(delta_cell))),
    )
    activations = (trace.input_gate, trace.forget_gate, trace.candidate, trace.output_gate)
    deltas = (
        reaching.hidden,
        reaching.cell,
        reaching.input_gate,
        reaching.forget_gate,
        reaching.candidate,
        reaching.output_gate,
    )
    return CellStep(
        dict(zip(GATES, inputs[0, 0].tolist(), strict=True)),
        {gate: values.item() for gate, values in zip(GATES, activations, strict=True)},
        float(cell_before),
        trace.cell.item(),
        float(np.tanh(trace.cell.item())),
        trace.hidden.item(),
        {name: values.item() for name, values in zip("hcifgo", deltas, strict=True)},
        dict(zip(GATES, gradients.bias.tolist(), strict=True)),
        gradients.state.cell.item(),
    )
