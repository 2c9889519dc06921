"""The Jacobian of an LSTM's state over many steps, exact and without overflow.

One step takes (c_{t-1}, h_{t-1}) to (c_t, h_t). With the pre-activations z of the gates
i, f, g, o, and every derivative below a diagonal matrix except the weights W_h:

    dc_t/dz   = (g i(1-i), c_{t-1} f(1-f), i (1-g^2), 0)    dz/dh_{t-1} = W_h
    dh_t/dz_o = tanh(c_t) o(1-o)                            dc_t/dc_{t-1} = f
    dh_t/dc_t = o (1 - tanh^2(c_t))

Products over many steps are those of Bengio, Simard and Frasconi 1994 and Pascanu, Mikolov and
Bengio 2013. They are rescaled as they grow or shrink, and the logarithm of the scale is kept.

In: a layer and its trace. Out: Jacobians by lag, for `experiment`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from quatrain.layers import LSTM, LSTMState, LSTMTrace
from quatrain.layers.shapes import Array


@dataclass(frozen=True, slots=True)
class Slopes:
    """The diagonal derivatives of every step, float64.

    Attributes:
        cell_by_cell: f = dc_t/dc_{t-1}, shape (time, batch, hidden).
        hidden_by_cell: o (1 - tanh^2 c) = dh_t/dc_t, shape (time, batch, hidden).
        cell_by_gates: dc_t/dz_i, dc_t/dz_f, dc_t/dz_g side by side, shape (time, batch,
            3 * hidden).
        hidden_by_output_gate: tanh(c) o (1 - o) = dh_t/dz_o, shape (time, batch, hidden).
    """

    cell_by_cell: Array
    hidden_by_cell: Array
    cell_by_gates: Array
    hidden_by_output_gate: Array

    @classmethod
    def of(cls, trace: LSTMTrace, state: LSTMState) -> Slopes:
        """Compute the slopes of a layer's trace that started in `state`."""
        i, f, g, o, cell = (
            np.asarray(part, np.float64)
            for part in (
                trace.input_gate,
                trace.forget_gate,
                trace.candidate,
                trace.output_gate,
                trace.cell,
            )
        )
        before = np.concatenate([np.asarray(state.cell, np.float64)[None], cell[:-1]])
        squashed = np.tanh(cell)
        cell_by_gates = np.concatenate(
            [g * i * (1 - i), before * f * (1 - f), i * (1 - g**2)], axis=-1
        )
        return cls(f, o * (1 - squashed**2), cell_by_gates, squashed * o * (1 - o))


@dataclass(frozen=True, slots=True)
class Jacobian:
    """The derivative of the last state, at T, by the state `lag` steps before, at t = T - lag.

    The true derivative is the array times 10 ** `logarithm`. Rows: the cells of T, then the
    hidden vector of T.

    Attributes:
        lag: T - t.
        cell_alone: derivative by c_t with h_t fixed, shape (batch, 2 * hidden, hidden).
        cell: derivative by c_t including the effect on h_t = o_t tanh(c_t), as automatic
            differentiation computes it.
        hidden: derivative by h_t with c_t fixed, as automatic differentiation computes it.
        gates: derivative by the pre-activations i, f, g, o of time t, shape (batch, 2 * hidden,
            4 * hidden); times W_x it is the derivative by x_t.
        logarithm: log10 of the scale, shape (batch,).
    """

    lag: int
    cell_alone: Array
    cell: Array
    hidden: Array
    gates: Array
    logarithm: Array


def jacobians(layer: LSTM, slopes: Slopes) -> Iterator[Jacobian]:
    """Yield the Jacobian at every lag, from 0 back to the first time step.

    A step back is one product with W_h, as in backpropagation, of 2 * hidden gradients at once.
    """
    batch, size = slopes.cell_by_cell.shape[1:]
    weights = layer.weight_hidden.astype(np.float64)
    both = np.broadcast_to(np.eye(2 * size), (batch, 2 * size, 2 * size))
    alone, hidden = both[:, :, :size], both[:, :, size:]
    logarithm = np.zeros(batch)
    for lag, t in enumerate(reversed(range(len(slopes.cell_by_cell)))):
        cell = alone + hidden * slopes.hidden_by_cell[t][:, None]
        gates = np.concatenate(
            [
                np.tile(cell, 3) * slopes.cell_by_gates[t][:, None],
                hidden * slopes.hidden_by_output_gate[t][:, None],
            ],
            axis=-1,
        )
        yield Jacobian(lag, alone, cell, hidden, gates, logarithm)
        alone, hidden = cell * slopes.cell_by_cell[t][:, None], gates @ weights
        largest = np.maximum(abs(alone).max(axis=(1, 2)), abs(hidden).max(axis=(1, 2)))
        # A matrix of zeros stays as it is.
        largest[largest == 0] = 1.0
        alone = alone / largest[:, None, None]
        hidden = hidden / largest[:, None, None]
        logarithm = logarithm + np.log10(largest)


def log_singular_values(matrix: Array, logarithm: Array) -> Array:
    """Return log10 of the singular values of matrix * 10 ** logarithm, shape (batch, size).

    The largest comes first and is the spectral norm. A zero gives minus infinity. Values below
    1e-13 of the largest are lost in rounding and give NaN.
    """
    values = np.linalg.svd(matrix, compute_uv=False)
    largest = values[:, :1]
    with np.errstate(divide="ignore"):
        logarithms: Array = np.log10(values) + logarithm[:, None]
    logarithms[(values < 1e-13 * largest) & (largest > 0)] = np.nan
    return logarithms
