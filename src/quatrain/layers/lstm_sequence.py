"""An LSTM layer over a whole sequence, and backpropagation through time.

In: the weights and a sequence, checked by `lstm`. Out: `value`, the values alone,
or `Reading`, which holds what the gradients need. For each time t, with *
element-wise and s the logistic sigmoid (Gers, Schmidhuber and Cummins 2000):

    z_t = W_x x_t + W_h h_(t-1) + b          four blocks: z^i, z^f, z^g, z^o
    i_t = s(z^i_t)   f_t = s(z^f_t)   g_t = tanh(z^g_t)   o_t = s(z^o_t)
    c_t = f_t * c_(t-1) + i_t * g_t
    h_t = o_t * tanh(c_t)

Backward. Write dx for the total derivative of the loss with respect to x, through
all that depends on x, now and later. The loss and the gates of time t+1 depend on
the hidden vector h_t, and h_t and c_(t+1) depend on the cell c_t, so

    dh_t = (from the loss) + W_h^T dz_(t+1)
    dc_t = dh_t * o_t * (1 - tanh^2 c_t) + dc_(t+1) * f_(t+1)
    do_t = dh_t * tanh c_t     di_t = dc_t * g_t
    dg_t = dc_t * i_t          df_t = dc_t * c_(t-1)

and with s' = s (1 - s) and tanh' = 1 - tanh^2, for the sums:

    dz^i_t = di_t * i_t (1 - i_t)      dz^f_t = df_t * f_t (1 - f_t)
    dz^g_t = dg_t * (1 - g_t^2)        dz^o_t = do_t * o_t (1 - o_t)

Each time uses the weights and its inputs once:

    dW_x = sum_t dz_t x_t^T   dW_h = sum_t dz_t h_(t-1)^T   db = sum_t dz_t   dx_t = W_x^T dz_t

At the end of the sequence, the gradient of the state after it is added to dh_T
and dc_T; the same two formulas at t = 0 give the gradient of the state before it.
These are Hochreiter and Schmidhuber's cells (1997) with the gradient not truncated,
as in Greff et al. 2017 (LSTM: A Search Space Odyssey, appendix A), here without
peepholes.

For speed (each measured against torch; results are the same to rounding):

- Vectors stand in columns, (features, batch): OpenBLAS multiplies a tall
  matrix by few columns faster than few rows by a wide one, and each gate is
  then one contiguous block.
- s(x) = (1 + tanh(x / 2)) / 2: with the rows of the gates i, f, o halved
  beforehand (exact: a power of two), one tanh serves all four. The rows are
  put in the order i, f, o, g so that the three sigmoids are one block.
- Backward, only dh and dc depend on later times. The other factors are
  computed for a block of times at once, and the products for the weights and
  the inputs for all times.
- Long sequences go in blocks of times, so that what one block computes is
  still in the processor's cache, in memory already allocated, when it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from quatrain.layers.shapes import Array

_BLOCK = 512
"""Vectors in a block of times, times x sequences."""


class LSTMState(NamedTuple):
    """The state that one layer carries from one time to the next, each (batch, hidden)."""

    hidden: Array
    cell: Array


class LSTMGradients(NamedTuple):
    """The gradient of the loss with respect to everything a layer was given, in the same shapes."""

    inputs: Array
    state: LSTMState
    weight_input: Array
    weight_hidden: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class LSTMTrace:
    """The activations of a layer at every time, or the gradients reaching them.

    Attributes:
        input_gate: i, shape (time, batch, hidden), like all of them.
        forget_gate: f.
        candidate: g.
        output_gate: o.
        cell: c, after each time.
        hidden: h, after each time.
    """

    input_gate: Array
    forget_gate: Array
    candidate: Array
    output_gate: Array
    cell: Array
    hidden: Array


@dataclass(frozen=True, slots=True)
class Reading:
    """A sequence that a layer has read, with all that its gradients need.

    Attributes:
        weight_input: W_x, shape (4 * hidden, inputs).
        weight_hidden: W_h, shape (4 * hidden, hidden).
        inputs: x, shape (time, batch, inputs).
        gates: i, f, o, g in that order, shape (time, 4, hidden, batch).
        cells: c, from the state before, shape (time + 1, hidden, batch).
        hiddens: h, from the state before, shape (time + 1, hidden, batch).
    """

    weight_input: Array
    weight_hidden: Array
    inputs: Array
    gates: Array
    cells: Array
    hiddens: Array

    @property
    def values(self) -> Array:
        """The hidden vectors, shape (time, batch, hidden)."""
        return _swapped(self.hiddens[1:])

    @property
    def state_after(self) -> LSTMState:
        """The state after the last time."""
        return LSTMState(_swapped(self.hiddens[-1]), _swapped(self.cells[-1]))

    @property
    def trace(self) -> LSTMTrace:
        """Gates, candidates, cells and hidden vectors of every time."""
        input_gate, forget_gate, output_gate, candidate = map(_swapped, self.gates.swapaxes(0, 1))
        return LSTMTrace(
            input_gate, forget_gate, candidate, output_gate, _swapped(self.cells[1:]), self.values
        )

    def back(
        self, gradient_of_values: Array, gradient_of_state: LSTMState | None
    ) -> tuple[LSTMGradients, Array, Array]:
        """Go back through time, and return the gradients.

        Args:
            gradient_of_values: shape (time, batch, hidden).
            gradient_of_state: of the state after the last time; None is zero.

        Returns:
            The gradients of what the layer was given; dh and dc, each of shape
            (time + 1, hidden, batch), from the state before.
        """
        time, _, hidden, batch = self.gates.shape
        d_hidden = np.zeros_like(self.hiddens)
        d_cell = np.zeros_like(self.cells)
        d_hidden[1:] = gradient_of_values.swapaxes(1, 2)
        if gradient_of_state is not None:
            d_hidden[-1] += gradient_of_state.hidden.T
            d_cell[-1] += gradient_of_state.cell.T
        back = _transposed(self.weight_hidden)
        product = np.empty_like(self.hiddens[0])
        d_sums = np.empty((time, batch, 4 * hidden), back.dtype)
        for block in reversed(_blocks(time, batch)):
            to_sums, to_cell = self._factors(block)
            for now in reversed(range(block.stop - block.start)):
                before = block.start + now
                of_hidden, of_cell = d_hidden[before + 1], d_cell[before + 1]
                of_cell += np.multiply(of_hidden, to_cell[now], out=product)
                of_sums = to_sums[now]  # the factors become the gradients, in place
                of_sums[:3] *= of_cell
                of_sums[3] *= of_hidden
                np.multiply(of_cell, self.gates[before, 1], out=d_cell[before])
                d_hidden[before] += np.matmul(back, of_sums.reshape(4 * hidden, batch), out=product)
            d_sums[block] = to_sums.reshape(len(to_sums), 4 * hidden, batch).swapaxes(1, 2)
        return self._gradients(d_sums, d_hidden[0], d_cell[0]), d_hidden, d_cell

    def back_to_activations(self, d_hidden: Array, d_cell: Array) -> LSTMTrace:
        """Return the gradient reaching every activation, from dh and dc as `back` returns them."""
        input_gate, _, _, candidate = self.gates.swapaxes(0, 1)
        hidden, cell = d_hidden[1:], d_cell[1:]
        return LSTMTrace(
            input_gate=_swapped(cell * candidate),
            forget_gate=_swapped(cell * self.cells[:-1]),
            candidate=_swapped(cell * input_gate),
            output_gate=_swapped(hidden * np.tanh(self.cells[1:])),
            cell=_swapped(cell),
            hidden=_swapped(hidden),
        )

    def _factors(self, block: slice) -> tuple[Array, Array]:
        """Return the factors that do not depend on later times, for a block of times.

        Returns:
            dz / dc for the blocks i, f, g and dz / dh for o, shape (time, 4, hidden, batch);
            dc / dh within one time, shape (time, hidden, batch).
        """
        gates = self.gates[block]
        input_gate, _, output_gate, candidate = gates.swapaxes(0, 1)
        squashed = np.tanh(self.cells[1:][block])
        to_sums = np.empty_like(gates)
        np.subtract(1.0, gates[:, :2], out=to_sums[:, :2])
        to_sums[:, :2] *= gates[:, :2]
        to_sums[:, 0] *= candidate
        to_sums[:, 1] *= self.cells[block]
        to_candidate = np.multiply(candidate, candidate, out=to_sums[:, 2])
        np.subtract(1.0, to_candidate, out=to_candidate)
        to_candidate *= input_gate
        to_output = np.subtract(1.0, output_gate, out=to_sums[:, 3])
        to_output *= output_gate
        to_output *= squashed
        to_cell = np.multiply(squashed, squashed, out=squashed)
        np.subtract(1.0, to_cell, out=to_cell)
        to_cell *= output_gate
        return to_sums, to_cell

    def _gradients(self, d_sums: Array, d_hidden: Array, d_cell: Array) -> LSTMGradients:
        """Return the gradients of what the layer was given, with one product for all times.

        Args:
            d_sums: dz, shape (time, batch, 4 * hidden).
            d_hidden: dh of the state before, shape (hidden, batch).
            d_cell: dc of the state before, shape (hidden, batch).
        """
        time, batch, sums = d_sums.shape
        rows = d_sums.reshape(time * batch, sums)
        before = _swapped(self.hiddens[:-1]).reshape(time * batch, sums // 4)
        inputs = self.inputs.reshape(time * batch, self.inputs.shape[2])
        return LSTMGradients(
            inputs=(rows @ self.weight_input).reshape(self.inputs.shape),
            state=LSTMState(_swapped(d_hidden), _swapped(d_cell)),
            weight_input=rows.T @ inputs,
            weight_hidden=rows.T @ before,
            bias=rows.sum(axis=0),
        )


def value(
    weight_input: Array, weight_hidden: Array, bias: Array, inputs: Array, state: LSTMState
) -> tuple[Array, LSTMState]:
    """Return the values, shape (time, batch, hidden), and the state after the last time."""
    time, batch, _ = inputs.shape
    from_inputs, from_hidden = _one_tanh(weight_input), _one_tanh(weight_hidden)
    offset = _one_tanh(bias)
    hidden, cell = _swapped(state.hidden), _swapped(state.cell)
    values = np.empty((time, batch, len(hidden)), bias.dtype)
    gates = np.empty((len(bias), batch), bias.dtype)
    scratch = np.empty_like(hidden)
    for block in _blocks(time, batch):
        sums = _from_inputs(from_inputs, offset, inputs[block])
        for from_input, vectors in zip(sums, values[block], strict=True):
            np.matmul(from_hidden, hidden, out=gates)
            gates += from_input
            _cells(gates, cell, scratch, cell, hidden)
            vectors[...] = hidden.T
    return values, LSTMState(_swapped(hidden), _swapped(cell))


def read(
    weight_input: Array, weight_hidden: Array, bias: Array, inputs: Array, state: LSTMState
) -> Reading:
    """Read the sequence `inputs`, shape (time, batch, inputs), from `state`."""
    time, batch, _ = inputs.shape
    size = weight_hidden.shape[1]
    from_inputs, from_hidden = _one_tanh(weight_input), _one_tanh(weight_hidden)
    offset = _one_tanh(bias)
    gates = np.empty((time, 4 * size, batch), bias.dtype)
    cells = np.empty((time + 1, size, batch), bias.dtype)
    hiddens = np.empty_like(cells)
    cells[0] = state.cell.T
    hiddens[0] = state.hidden.T
    scratch = np.empty_like(cells[0])
    for block in _blocks(time, batch):
        sums = _from_inputs(from_inputs, offset, inputs[block])
        for now, from_input in enumerate(sums, block.start):
            np.matmul(from_hidden, hiddens[now], out=gates[now])
            gates[now] += from_input
            _cells(gates[now], cells[now], scratch, cells[now + 1], hiddens[now + 1])
    gates = gates.reshape(time, 4, size, batch)
    return Reading(weight_input, weight_hidden, inputs, gates, cells, hiddens)


def _cells(gates: Array, before: Array, scratch: Array, cell: Array, hidden: Array) -> None:
    """Compute one time from the sums of the gates, as `_one_tanh` orders and halves them.

    Args:
        gates: shape (4 * hidden, batch); overwritten with i, f, o, g.
        before: the cells before, shape (hidden, batch); may be `cell` itself.
        scratch: of that shape, overwritten.
        cell: written.
        hidden: written.
    """
    size = len(cell)
    np.tanh(gates, out=gates)
    sigmoids = gates[: 3 * size]
    sigmoids += 1.0
    sigmoids *= 0.5
    np.multiply(gates[size : 2 * size], before, out=cell)
    cell += np.multiply(gates[:size], gates[3 * size :], out=scratch)
    np.tanh(cell, out=scratch)
    np.multiply(gates[2 * size : 3 * size], scratch, out=hidden)


def _blocks(time: int, batch: int) -> list[slice]:
    """Return all times in blocks, in order."""
    length = max(1, _BLOCK // max(1, batch))
    return [slice(start, min(start + length, time)) for start in range(0, time, length)]


def _from_inputs(weight: Array, bias: Array, inputs: Array) -> Array:
    """Return the sums weight @ x_t + bias in columns, shape (time, 4 * hidden, batch).

    The inputs are known beforehand, so one product serves all times. It has the times side by
    side, and the result is a view of it; for a single sequence rows are faster.
    """
    time, batch, size = inputs.shape
    vectors = inputs.reshape(time * batch, size)
    if batch == 1:
        rows = vectors @ weight.T
        rows += bias
        return rows[:, :, None]
    columns = weight @ vectors.T
    columns += bias[:, None]
    return columns.reshape(len(weight), time, batch).swapaxes(0, 1)


def _one_tanh(rows: Array) -> Array:
    """Reorder rows from i, f, g, o to i, f, o, g, with i, f, o halved."""
    hidden = len(rows) // 4
    result = np.empty_like(rows)
    np.multiply(rows[: 2 * hidden], 0.5, out=result[: 2 * hidden])
    np.multiply(rows[3 * hidden :], 0.5, out=result[2 * hidden : 3 * hidden])
    result[3 * hidden :] = rows[2 * hidden : 3 * hidden]
    return result


def _swapped(vectors: Array) -> Array:
    """Return a new array with the last two dimensions, features and batch, swapped."""
    return np.array(vectors.swapaxes(-1, -2), order="C")


def _transposed(matrix: Array) -> Array:
    """Return the transposed matrix, copied in strips of rows that stay in the cache.

    NumPy's own order is up to 5 times slower.
    """
    result = np.empty(matrix.shape[::-1], matrix.dtype)
    for start in range(0, len(matrix), 32):
        strip = slice(start, start + 32)
        result[:, strip] = matrix[strip].T
    return result
