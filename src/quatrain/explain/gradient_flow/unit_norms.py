"""A gradient on its way back through one random network, step by step and unit by unit.

In: an `experiment.RandomNetwork` with one setting of its gates. Out: `UnitNorms` of its LSTM, or
of the plain RNN with the recurrent weights of the candidates.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np

from quatrain.explain.gradient_flow.experiment import RandomNetwork, plain_jacobians
from quatrain.explain.gradient_flow.jacobian import Slopes, jacobians, log_singular_values
from quatrain.layers.shapes import Array


@dataclass(frozen=True, slots=True)
class UnitNorms:
    """Share of a gradient at the last step T that reaches each step before, as log10.

    Attributes:
        norms: spectral norm of dc_T/dc_t (plain RNN: dh_T/dh_t), k = T - t steps back,
            shape (steps + 1,).
        hidden: the same of dh_T/dh_t, shape (steps + 1,).
        units: norm of the derivative by each unit alone, shape (steps + 1, hidden).
        bound: the product of the norms of the single steps, which `norms` never exceeds,
            shape (steps + 1,).
        alone: what one path carries alone: the product of the forget gates, largest cell
            (plain RNN: the largest singular value of W, to the k), shape (steps + 1,).
    """

    norms: Array
    hidden: Array
    units: Array
    bound: Array
    alone: Array


def lstm_norms(network: RandomNetwork) -> UnitNorms:
    """Follow the gradient of the last cells back to the cells of every step."""
    layer, size = network.layer, network.layer.hidden
    slopes = Slopes.of(network.trace, network.state)
    lags = list(jacobians(layer, slopes))
    logarithms = np.concatenate([lag.logarithm for lag in lags])
    cells = np.stack([lag.cell[0, :size] for lag in lags])
    hiddens = np.stack([lag.hidden[0, size:] for lag in lags])
    # From dh_t/dc_t at the beginning of the way: the cell reaches h_t too.
    entry = 0.5 * np.log10(1 + (slopes.hidden_by_cell[::-1, 0] ** 2).max(axis=-1))
    with np.errstate(divide="ignore"):
        forget = np.log10(slopes.cell_by_cell[::-1, 0])
    return UnitNorms(
        _spectral(cells, logarithms),
        _spectral(hiddens, logarithms),
        _by_unit(cells, logarithms),
        entry + _summed(_single_steps(network, slopes)),
        _summed(forget).max(axis=-1),
    )


def plain_norms(network: RandomNetwork) -> UnitNorms:
    """Follow the gradient of the last hidden vector back through the plain RNN."""
    steps = len(network.trace.cell) - 1
    pairs = list(plain_jacobians(network, steps))
    matrices = np.stack([matrix for matrix, _ in pairs])
    logarithms = np.concatenate([logarithm for _, logarithm in pairs])
    norms = _spectral(matrices, logarithms)
    largest = float(log_singular_values(network.recurrent[None], np.zeros(1))[0, 0])
    steps_back = np.arange(steps + 1)
    # At lag 0 the power is 1 whatever the weights are, even 0.
    power = np.where(steps_back == 0, 0.0, np.maximum(steps_back, 1) * largest)
    return UnitNorms(norms, norms, _by_unit(matrices, logarithms), power, power)


def _spectral(matrices: Array, logarithms: Array) -> Array:
    return log_singular_values(matrices, logarithms)[:, 0]


def _by_unit(matrices: Array, logarithms: Array) -> Array:
    """Return log10 of the norm of every column, shape (lags, hidden)."""
    with np.errstate(divide="ignore"):
        logs: Array = np.log10(np.linalg.norm(matrices, axis=1)) + logarithms[:, None]
    return logs


def _summed(logs: Array) -> Array:
    """Return the sums of the first k entries along the first axis, for k from 0 on.

    The last entry of `logs` belongs to the step before the first one followed.
    """
    return np.concatenate([np.zeros_like(logs[:1]), np.cumsum(logs[:-1], axis=0)])


def _single_steps(network: RandomNetwork, slopes: Slopes) -> Array:
    """Return log10 of the norm of d(c_t, h_t)/d(c_{t-1}, h_{t-1}), the last t first, (times,).

    Every step is followed alone, all of them side by side as a batch of two times; the earlier of
    the two has no effect on it.
    """
    pairs = Slopes(
        *(
            np.repeat(part[None, ::-1, 0], 2, axis=0)
            for part in (
                slopes.cell_by_cell,
                slopes.hidden_by_cell,
                slopes.cell_by_gates,
                slopes.hidden_by_output_gate,
            )
        )
    )
    step = next(islice(jacobians(network.layer, pairs), 1, None))
    return log_singular_values(
        np.concatenate([step.cell_alone, step.hidden], axis=-1), step.logarithm
    )[:, 0]
