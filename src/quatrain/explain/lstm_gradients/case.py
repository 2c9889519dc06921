"""One LSTM read for a few steps with a loss on top: its gradients in four independent ways.

    z_t = W_x x_t + W_h h_{t-1} + b, cut into the gates i, f, g, o
    c_t = f_t * c_{t-1} + i_t * g_t,  h_t = o_t * tanh c_t,  s_t = w_y h_t
    the loss is the sum over t of L(s_t, y)

In: a `Case`. Out: gradients by name, which `report` compares. By hand means the
recursion of Hochreiter and Schmidhuber 1997 (appendix A) in the full form of
Graves and Schmidhuber 2005, written out. Our layer is `layers.LSTM.trace`. Central
differences use nothing but the loss.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from quatrain.errors import SettingsError
from quatrain.layers import (
    LSTM,
    Linear,
    LSTMState,
    log_softmax,
    sigmoid,
    sigmoid_binary_cross_entropy,
    softmax,
    softmax_cross_entropy,
)
from quatrain.layers.shapes import Array, whole

Loss: TypeAlias = Literal["binary", "softmax", "log-only"]
LOSSES: tuple[Loss, ...] = ("binary", "softmax", "log-only")
"""Names of the losses; see `Case`."""

CLASSES = 3
"""Number of outputs with the softmax loss; the other losses have one output."""

MOST_CELLS, MOST_STEPS = 8, 20
"""Largest sizes: cells or inputs, and steps. Central differences then take seconds."""

Gradients: TypeAlias = Mapping[str, Array]
"""Gradients of the loss by name, each in the shape of its quantity.

"delta h", "delta c", "delta i", "delta f", "delta g", "delta o": with respect to the hidden
vector, the cell and each gate's activation, (steps, hidden). "delta z": with respect to the
gates' pre-activations, (steps, 4 * hidden), in the order i, f, g, o. "W_x", "W_h", "b": the
layer's weights. "w_y": the output's, (outputs, hidden).
"""

GradientFunction: TypeAlias = "Callable[[Case], Gradients | None]"
"""Function that computes the gradients of a case; None if its library is not installed."""

ACTIVATIONS = ("delta h", "delta c", "delta o", "delta i", "delta f", "delta g")
GATES = ("i", "f", "g", "o")
WEIGHTS = ("W_x", "W_h", "b", "w_y")
"""Names of the gradients, as in `Gradients`, and of the gates in their order in memory."""

DIFFERENCE_STEP = 1e-5
"""Step of the central differences: the cube root of float64's precision. There the error of the
formula, of order step^2, equals that of rounding, of order 1e-16 / step."""


@dataclass(frozen=True, slots=True)
class Case:
    """An LSTM with an output layer, its inputs and its target, all float64.

    Attributes:
        layer: the LSTM.
        output: w_y, shape (outputs, hidden); one output unless the loss is softmax.
        inputs: x_1 to x_T, shape (steps, inputs).
        state: h_0 and c_0, each (1, hidden).
        target: y at every step; a class for softmax.
        loss: "binary": -y log s(z) - (1 - y) log(1 - s(z)) with the sigmoid s;
            "log-only": its first term; "softmax": -log of the class's probability.
    """

    layer: LSTM
    output: Array
    inputs: Array
    state: LSTMState
    target: float
    loss: Loss

    @classmethod
    def random(
        cls, *, hidden: int, inputs: int, steps: int, seed: int, target: float, loss: Loss
    ) -> Case:
        """Draw a case at random: numbers of two decimals, uniform from -1 to 1, easy to copy.

        With the same seed, a longer case starts with the steps of a shorter one.

        Raises:
            SettingsError: a size is outside 1 to `MOST_CELLS` (steps: 1 to `MOST_STEPS`) or not
                whole, the seed is negative, the loss is unknown, or the target doesn't fit it.
        """
        for name, size, most in (
            ("hidden", hidden, MOST_CELLS),
            ("inputs", inputs, MOST_CELLS),
            ("steps", steps, MOST_STEPS),
        ):
            remedy = "Keep the cell small: every weight is shown and varied in turn."
            whole(f"setting {name!r} of the gradients", size, 1, most, remedy)
        whole("setting 'seed' of the gradients", seed, 0)
        _check_target(loss, target)
        draw = np.random.default_rng(seed)

        def numbers(*shape: int) -> Array:
            return np.round(draw.uniform(-1.0, 1.0, shape), 2)

        layer = LSTM(numbers(4 * hidden, inputs), numbers(4 * hidden, hidden), numbers(4 * hidden))
        output = numbers(CLASSES if loss == "softmax" else 1, hidden)
        state = LSTMState(numbers(1, hidden), numbers(1, hidden))
        return cls(layer, output, numbers(steps, inputs), state, target, loss)

    @property
    def steps(self) -> int:
        """Number of inputs read."""
        return int(self.inputs.shape[0])


@dataclass(frozen=True, slots=True)
class ForwardPass:
    """Every quantity of the forward pass; shape (steps, hidden) unless stated.

    Attributes:
        before: h_{t-1}.
        cell_before: c_{t-1}.
        gates: the activations i, f, g, o by name.
        cell, hidden: c_t, h_t.
        prediction: y_hat, (steps, outputs).
        error: dL/ds, (steps, outputs).
    """

    before: Array
    cell_before: Array
    gates: Mapping[str, Array]
    cell: Array
    hidden: Array
    prediction: Array
    error: Array


def run_forward(case: Case) -> ForwardPass:
    """Run the cell forward and keep every quantity."""
    layer, size = case.layer, case.layer.hidden
    hidden, cell = case.state.hidden[0], case.state.cell[0]
    rows = []
    for inputs in case.inputs:
        z = layer.weight_input @ inputs + layer.weight_hidden @ hidden + layer.bias
        i, f, o = (sigmoid(z[k * size : (k + 1) * size]) for k in (0, 1, 3))
        g = np.tanh(z[2 * size : 3 * size])
        before, cell_before = hidden, cell
        cell = f * cell_before + i * g
        hidden = o * np.tanh(cell)
        rows.append((before, cell_before, i, f, g, o, cell, hidden))
    before, cell_before, i, f, g, o, cells, values = (
        np.array(column) for column in zip(*rows, strict=True)
    )
    scores = values @ case.output.T
    prediction = softmax(scores) if case.loss == "softmax" else sigmoid(scores)
    gates = {"i": i, "f": f, "g": g, "o": o}
    error = score_gradient(case.loss, prediction, case.target)
    return ForwardPass(before, cell_before, gates, cells, values, prediction, error)


def score_gradient(loss: Loss, prediction: Array, target: float) -> Array:
    """Return dL/ds for the score s that gave the prediction, shape (..., outputs).

    y_hat - y for both terms of the cross-entropy and for softmax (y then has a 1 at the
    class); -y (1 - y_hat) for -y log y_hat alone.
    """
    if loss == "binary":
        return prediction - target
    if loss == "log-only":
        return target * prediction - target
    one_hot: Array = np.eye(prediction.shape[-1])[int(target)]
    return prediction - one_hot


@dataclass(frozen=True, slots=True)
class Paths:
    """The three paths of a gradient to c_t, each (steps, hidden); they add up to delta c.

    Attributes:
        loss: the gradient from the loss at t.
        cell: the gradient through c_{t+1}, by the forget gate.
        recurrent: the gradient through h_t, by the recurrent weights.
    """

    loss: Array
    cell: Array
    recurrent: Array


def by_hand(case: Case, *, through_time: bool = True) -> tuple[Gradients, Paths]:
    """Compute every gradient by backpropagation through time, written out.

    Args:
        case: the case.
        through_time: whether gradients from later steps count. Without them this is the short
            form: at each step only the loss of that step counts, which is exact only for the
            last step.
    """
    reading = run_forward(case)
    shape = reading.cell.shape
    gradients = {name: np.zeros(shape) for name in ACTIVATIONS}
    paths = Paths(np.zeros(shape), np.zeros(shape), np.zeros(shape))
    delta_z = np.zeros((shape[0], 4 * shape[1]))
    from_next_cell, from_next_hidden = np.zeros(shape[1]), np.zeros(shape[1])
    from_loss = reading.error @ case.output
    for t in reversed(range(case.steps)):
        i, f, g, o = (reading.gates[name][t] for name in "ifgo")
        squashed = np.tanh(reading.cell[t])
        cell_slope = o * (1.0 - squashed**2)
        delta_h = from_loss[t] + from_next_hidden
        paths.loss[t] = from_loss[t] * cell_slope
        paths.cell[t] = from_next_cell
        paths.recurrent[t] = from_next_hidden * cell_slope
        delta_c = paths.loss[t] + paths.cell[t] + paths.recurrent[t]
        deltas = {
            "delta h": delta_h,
            "delta c": delta_c,
            "delta o": delta_h * squashed,
            "delta i": delta_c * g,
            "delta f": delta_c * reading.cell_before[t],
            "delta g": delta_c * i,
        }
        for name, delta in deltas.items():
            gradients[name][t] = delta
        slopes = (("i", i * (1 - i)), ("f", f * (1 - f)), ("g", 1 - g**2), ("o", o * (1 - o)))
        delta_z[t] = np.concatenate([deltas[f"delta {name}"] * slope for name, slope in slopes])
        if through_time:
            from_next_cell = delta_c * f
            from_next_hidden = case.layer.weight_hidden.T @ delta_z[t]
    gradients["delta z"] = delta_z
    gradients["W_x"] = delta_z.T @ case.inputs
    gradients["W_h"] = delta_z.T @ reading.before
    gradients["b"] = delta_z.sum(axis=0)
    gradients["w_y"] = reading.error.T @ reading.hidden
    # Adding zero turns -0 into 0.
    return {name: value + 0.0 for name, value in gradients.items()}, paths


def by_layer(case: Case) -> Gradients:
    """Compute the gradients with our layers: `layers.LSTM.trace`, `layers.Linear`, the losses.

    The layer doesn't return the gradients of the pre-activations; there is no "delta z".
    """
    layer = case.layer
    trace, lstm_back = layer.trace(case.inputs[:, None, :], case.state)
    output = Linear(case.output, np.zeros(case.output.shape[0]))
    scores, output_back = output.forward(trace.hidden)
    if case.loss == "softmax":
        classes = np.full(scores.shape[:-1], int(case.target))
        delta_scores = softmax_cross_entropy(scores, classes)[1](float(case.steps))
    elif case.loss == "binary":
        targets = np.full(scores.shape, float(case.target))
        delta_scores = sigmoid_binary_cross_entropy(scores, targets)[1](float(case.steps))
    else:
        delta_scores = score_gradient(case.loss, sigmoid(scores), case.target)
    linear = output_back(delta_scores)
    weights, reaching = lstm_back(linear.inputs)
    return {
        "delta h": reaching.hidden[:, 0],
        "delta c": reaching.cell[:, 0],
        "delta o": reaching.output_gate[:, 0],
        "delta i": reaching.input_gate[:, 0],
        "delta f": reaching.forget_gate[:, 0],
        "delta g": reaching.candidate[:, 0],
        "W_x": weights.weight_input,
        "W_h": weights.weight_hidden,
        "b": weights.bias,
        "w_y": linear.weight,
    }


def by_differences(case: Case, *names: str) -> Gradients:
    """Compute central differences of the loss, (L(v + step) - L(v - step)) / (2 step).

    An activation is varied by adding to it, so that everything after it changes too.

    Args:
        case: the case.
        *names: names of the gradients to compute; all by default.
    """
    size, steps = case.layer.hidden, case.steps
    values = {
        **{name: np.zeros((steps, size)) for name in ACTIVATIONS},
        "delta z": np.zeros((steps, 4 * size)),
        "W_x": case.layer.weight_input.copy(),
        "W_h": case.layer.weight_hidden.copy(),
        "b": case.layer.bias.copy(),
        "w_y": case.output.copy(),
    }
    slopes = {name: np.zeros(values[name].shape) for name in names or values}
    for name in slopes:
        value = values[name]
        for index in np.ndindex(value.shape):
            here = float(value[index])
            value[index] = here + DIFFERENCE_STEP
            above = _perturbed_loss(case, values)
            value[index] = here - DIFFERENCE_STEP
            below = _perturbed_loss(case, values)
            value[index] = here
            slopes[name][index] = (above - below) / (2 * DIFFERENCE_STEP)
    return slopes


def _perturbed_loss(case: Case, values: Mapping[str, Array]) -> float:
    """Return the loss in nats, with the weights of `values` and its other entries added."""
    size = case.layer.hidden
    hidden, cell = case.state.hidden[0], case.state.cell[0]
    loss = 0.0
    for t, inputs in enumerate(case.inputs):
        z = values["W_x"] @ inputs + values["W_h"] @ hidden + values["b"] + values["delta z"][t]
        i = sigmoid(z[:size]) + values["delta i"][t]
        f = sigmoid(z[size : 2 * size]) + values["delta f"][t]
        g = np.tanh(z[2 * size : 3 * size]) + values["delta g"][t]
        o = sigmoid(z[3 * size :]) + values["delta o"][t]
        cell = f * cell + i * g + values["delta c"][t]
        hidden = o * np.tanh(cell) + values["delta h"][t]
        loss += loss_value(case.loss, values["w_y"] @ hidden, case.target)
    return loss


def loss_value(loss: Loss, scores: Array, target: float) -> float:
    """Return the loss of one step's scores, shape (outputs,), in nats."""
    if loss == "softmax":
        return -float(log_softmax(scores)[int(target)])
    # -log sigmoid(s) = log(1 + exp(-s)), which logaddexp computes without overflow.
    yes, no = np.logaddexp(0.0, -scores[0]), np.logaddexp(0.0, scores[0])
    return float(target * yes + ((1 - target) * no if loss == "binary" else 0.0))


def _check_target(loss: Loss, target: float) -> None:
    if loss not in LOSSES:
        raise SettingsError(
            "setting 'loss' of the gradients",
            repr(loss),
            " or ".join(repr(name) for name in LOSSES),
            "Choose one of them.",
        )
    if loss == "softmax" and target not in range(CLASSES):
        raise SettingsError(
            "setting 'target' of the gradients",
            f"{target:g} with the softmax loss",
            f"a class: a whole number from 0 to {CLASSES - 1}",
            "Choose a class, or another loss.",
        )
    if loss != "softmax" and not 0 <= target <= 1:
        raise SettingsError(
            "setting 'target' of the gradients",
            f"{target:g}",
            "a number from 0 to 1",
            "Choose 1 for yes, 0 for no, or a probability between them.",
        )
