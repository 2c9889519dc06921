"""Random LSTMs whose gates rest at given values, and the norms of gradients in them.

A network is an LSTM with random recurrent weights, entries normal with standard deviation
scale / sqrt(hidden), so that their spectral radius is about `scale`. The bias of each gate sets
its resting value; the recurrent weights then move it. The input is white noise of standard
deviation 1, one channel per cell, and drives only the candidates. The plain RNN for comparison,
h_t = tanh(x_t + W h_{t-1}), has the W of the candidates and reads the same noise.

In: gates, a scale, a seed. Out: `Measurements` for `random_networks`, or a `Grid` of many
settings for `grid`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from quatrain.errors import SettingsError
from quatrain.explain.gradient_flow.jacobian import Slopes, jacobians, log_singular_values
from quatrain.layers import LSTM, LSTMState, LSTMTrace
from quatrain.layers.shapes import Array, whole

CELL = "dc_T/dc_t"
HIDDEN = "dh_T/dh_t"
TO_LOSS = "dh_T/dc_t"
TO_INPUT = "dh_T/dx_t"
FORGET_ALONE = "product of the forget gates"
PLAIN = "plain RNN, dh_T/dh_t"
"""Names of the derivatives whose norms are measured, as tables and charts show them."""

FORGET_GATES = (0.5, 0.9, 0.95, 0.99, 0.999)
INPUT_OUTPUT_GATES = (0.01, 0.1, 0.5, 0.9)
SCALES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Default grid: forget gates, input and output gates, recurrent scales."""

WARM_UP = 100
"""Steps read before the measured ones, from the zero state: the time constant of a forget gate at
0.99. A gate at 0.999 takes ten times as long, so its cells are still filling up when they are
measured."""

MOST_CELLS, MOST_STEPS, MOST_NETWORKS = 512, 10_000, 100
"""Largest settings: cells, steps and networks."""

MOST_NUMBERS = 10**7
"""Most numbers in an array of one network, all settings of its gates together; the arrays then
fill a few gigabytes."""


class Gates(NamedTuple):
    """Resting values of the gates of every cell, each above 0 and below 1."""

    forget: float
    input: float
    output: float


@dataclass(frozen=True, slots=True)
class Measurements:
    """Spectral norms and singular values, as decimal logarithms.

    Attributes:
        lags: steps back, ascending.
        norms: name -> log10 of the spectral norm, shape (lags, sequences); a sequence is one
            network under one setting of its gates, or one text. `PLAIN` may be missing.
        singular: name -> log10 of the singular values at the last lag, largest first,
            shape (sequences, hidden); NaN where they are lost in rounding.
        gates: name -> activations, shape (time, sequences, hidden).
    """

    lags: tuple[int, ...]
    norms: Mapping[str, Array]
    singular: Mapping[str, Array]
    gates: Mapping[str, Array]


def measure_trace(
    layer: LSTM,
    trace: LSTMTrace,
    state: LSTMState,
    lags: Sequence[int],
    channels: int | None = None,
) -> Measurements:
    """Follow the gradient back through the trace of a layer.

    Args:
        layer: the layer.
        trace: its trace.
        state: the state it started in.
        lags: steps back from the last time, below the number of times.
        channels: number of inputs that count in dh_T/dx_t; all by default.
    """
    size = layer.hidden
    slopes = Slopes.of(trace, state)
    weight_input = layer.weight_input[:, :channels].astype(np.float64)
    names = (CELL, HIDDEN, TO_LOSS, TO_INPUT, FORGET_ALONE)
    rows: dict[str, list[Array]] = {name: [] for name in names}
    singular: dict[str, Array] = {}
    log_product = np.zeros(slopes.cell_by_cell.shape[1:])
    with np.errstate(divide="ignore"):
        log_forget = np.log10(slopes.cell_by_cell)
    for jacobian in jacobians(layer, slopes):
        if jacobian.lag in lags:
            blocks = {
                CELL: jacobian.cell[:, :size],
                HIDDEN: jacobian.hidden[:, size:],
                TO_LOSS: jacobian.cell[:, size:],
                TO_INPUT: jacobian.gates[:, size:] @ weight_input,
            }
            for name, matrix in blocks.items():
                values = log_singular_values(matrix, jacobian.logarithm)
                rows[name].append(values[:, 0])
                if name in (CELL, HIDDEN):
                    singular[name] = values
            # The norm of a diagonal matrix is its largest entry.
            rows[FORGET_ALONE].append(log_product.max(axis=-1))
        if jacobian.lag == max(lags):
            break
        log_product = log_product + log_forget[-1 - jacobian.lag]
    gates = {
        "forget": trace.forget_gate,
        "input": trace.input_gate,
        "output": trace.output_gate,
    }
    norms = {name: np.array(row) for name, row in rows.items()}
    return Measurements(tuple(lags), norms, singular, gates)


class RandomNetwork(NamedTuple):
    """A random LSTM that has read noise, under each of several settings of its gates.

    Attributes:
        layer: the layer; its last three inputs are the resting values of the gates.
        trace: what it computed after `WARM_UP` steps, shape (steps + 1, settings, hidden).
        state: the state before that.
        recurrent: recurrent weights of the candidates, shape (hidden, hidden).
        noise: all it read, shape (`WARM_UP` + steps + 1, hidden).
    """

    layer: LSTM
    trace: LSTMTrace
    state: LSTMState
    recurrent: Array
    noise: Array


def random_network(
    settings: Sequence[Gates],
    *,
    scale: float,
    hidden: int,
    steps: int,
    generator: np.random.Generator,
) -> RandomNetwork:
    """Draw one network, and let it read noise under each setting of its gates."""
    recurrent = generator.normal(0.0, scale / np.sqrt(hidden), (4, hidden, hidden))
    times = WARM_UP + steps + 1
    noise = generator.normal(0.0, 1.0, (times, hidden))
    # The resting values are three extra inputs, so that one layer serves every setting.
    weight_input = np.zeros((4, hidden, hidden + 3))
    weight_input[2, :, :hidden] = np.eye(hidden)
    for channel, gate in enumerate((0, 1, 3)):
        weight_input[gate, :, hidden + channel] = 1.0
    layer = LSTM(
        weight_input.reshape(4 * hidden, hidden + 3),
        recurrent.reshape(4 * hidden, hidden),
        np.zeros(4 * hidden),
    )
    resting = np.array([(gates.input, gates.forget, gates.output) for gates in settings])
    inputs = np.empty((times, len(settings), hidden + 3))
    inputs[:, :, :hidden] = noise[:, None]
    inputs[:, :, hidden:] = np.log(resting) - np.log1p(-resting)
    _, state = layer.value(inputs[:WARM_UP])
    trace, _ = layer.trace(inputs[WARM_UP:], state)
    return RandomNetwork(layer, trace, state, recurrent[2], noise)


def measure_random_network(
    settings: Sequence[Gates],
    *,
    scale: float,
    hidden: int,
    steps: int,
    lags: Sequence[int],
    generator: np.random.Generator,
) -> Measurements:
    """Measure one random network under each setting of its gates, and the plain RNN.

    `PLAIN` has one column in `norms`, since it has no gates.
    """
    network = random_network(settings, scale=scale, hidden=hidden, steps=steps, generator=generator)
    measured = measure_trace(network.layer, network.trace, network.state, lags, channels=hidden)
    plain = [
        log_singular_values(product[None], logarithm)[:, 0]
        for lag, (product, logarithm) in enumerate(plain_jacobians(network, max(lags)))
        if lag in lags
    ]
    return Measurements(
        measured.lags, {**measured.norms, PLAIN: np.array(plain)}, measured.singular, measured.gates
    )


def plain_jacobians(network: RandomNetwork, steps: int) -> Iterator[tuple[Array, Array]]:
    """Yield dh_T/dh_t of h_t = tanh(x_t + W h_{t-1}) at each lag, from 0 to `steps`.

    W is that of the candidates.

    Yields:
        The derivative, (hidden, hidden), and log10 of its scale, (1,): the true derivative is the
        array times 10 ** that.
    """
    hidden = np.zeros(len(network.recurrent))
    slopes = []
    for inputs in network.noise:
        hidden = np.tanh(inputs + network.recurrent @ hidden)
        slopes.append(1 - hidden**2)
    product, logarithm = np.eye(len(hidden)), np.zeros(1)
    for lag in range(steps + 1):
        yield product, logarithm
        product = product * slopes[-1 - lag] @ network.recurrent
        largest = float(np.abs(product).max()) or 1.0
        product, logarithm = product / largest, logarithm + np.log10(largest)


def generators(seed: int, networks: int) -> list[np.random.Generator]:
    """Return one independent source of randomness for each network."""
    return [
        np.random.Generator(np.random.PCG64(child))
        for child in np.random.SeedSequence(seed).spawn(networks)
    ]


def check_settings(
    gates: dict[str, Sequence[float]],
    scales: dict[str, Sequence[float]],
    *,
    steps: int,
    hidden: int,
    networks: int,
    seed: int,
) -> None:
    """Raise `SettingsError` unless all these settings can be measured.

    Args:
        gates: name -> values; each must be above 0 and below 1.
        scales: name -> values; each must be 0 or above.
        steps: must be from 1 to `MOST_STEPS`.
        hidden: must be from 1 to `MOST_CELLS`.
        networks: must be from 1 to `MOST_NETWORKS`.
        seed: must be 0 or above.
    """
    for name, values in (gates | scales).items():
        if not values:
            raise SettingsError(
                f"setting {name!r} of the gradient flow",
                "no value",
                "at least one",
                "Give the values to try.",
            )
    for name, values in gates.items():
        for value in values:
            if not 0 < value < 1:
                raise SettingsError(
                    f"setting {name!r} of the gradient flow",
                    f"{value:g}",
                    "a number above 0 and below 1",
                    "A sigmoid never reaches 0 or 1; use 0.001 or 0.999 instead.",
                )
    for name, values in scales.items():
        for value in values:
            if not 0 <= value < np.inf:
                raise SettingsError(
                    f"setting {name!r} of the gradient flow",
                    f"{value:g}",
                    "a number of at least 0",
                    "It is the recurrent weights' standard deviation times sqrt(hidden).",
                )
    for name, count, most in (
        ("steps", steps, MOST_STEPS),
        ("hidden", hidden, MOST_CELLS),
        ("networks", networks, MOST_NETWORKS),
    ):
        remedy = "A gradient travels at least one step, in one cell of one network."
        whole(f"setting {name!r} of the gradient flow", count, 1, most, remedy)
    whole("setting 'seed' of the gradient flow", seed, 0)
    settings = prod(len(values) for values in gates.values())
    numbers = settings * hidden * (WARM_UP + steps + hidden)
    if numbers > MOST_NUMBERS:
        raise SettingsError(
            "the networks of the gradient flow",
            f"{settings:,} settings of the gates for {hidden} cells over {steps:,} steps,"
            f" {numbers:,} numbers at once",
            f"at most {MOST_NUMBERS:,}",
            "Use fewer settings, cells or steps.",
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """The norms after `steps` steps in every setting.

    Attributes:
        steps: number of steps back.
        forget, inputs, outputs, scales: the values on the axes.
        norms: name -> log10 of the norm, shape (forget, inputs, outputs, scales, networks);
            `PLAIN` is (scales, networks).
    """

    steps: int
    forget: tuple[float, ...]
    inputs: tuple[float, ...]
    outputs: tuple[float, ...]
    scales: tuple[float, ...]
    norms: Mapping[str, Array]

    @property
    def axes(self) -> tuple[Array, Array, Array, Array]:
        """Forget, input, output gate and scale at every point, shape (..., 1) for broadcasting."""
        values = (self.forget, self.inputs, self.outputs, self.scales)
        forget, inputs, outputs, scales = np.meshgrid(*values, indexing="ij")
        return forget[..., None], inputs[..., None], outputs[..., None], scales[..., None]


def measure_grid(
    *,
    steps: int,
    hidden: int,
    seed: int,
    networks: int,
    forget_gates: Sequence[float] = FORGET_GATES,
    input_gates: Sequence[float] = INPUT_OUTPUT_GATES,
    output_gates: Sequence[float] = INPUT_OUTPUT_GATES,
    scales: Sequence[float] = SCALES,
) -> Grid:
    """Measure every setting of a grid; the arguments are those of `grid.flow_grid`."""
    axes = {
        "forget_gates": forget_gates,
        "input_gates": input_gates,
        "output_gates": output_gates,
    }
    check_settings(
        axes, {"scales": scales}, steps=steps, hidden=hidden, networks=networks, seed=seed
    )
    settings = [Gates(*gates) for gates in product(forget_gates, input_gates, output_gates)]
    # The same random numbers at every scale: a scale only multiplies them.
    norms_by_scale = [
        [
            measure_random_network(
                settings,
                scale=scale,
                hidden=hidden,
                steps=steps,
                lags=(steps,),
                generator=generator,
            ).norms
            for generator in generators(seed, networks)
        ]
        for scale in scales
    ]
    shape = (len(forget_gates), len(input_gates), len(output_gates))
    norms = {
        name: np.array(
            [[norms_of_network[name][-1] for norms_of_network in row] for row in norms_by_scale]
        )
        for name in (CELL, HIDDEN, TO_LOSS, TO_INPUT, FORGET_ALONE)
    }
    return Grid(
        steps,
        tuple(forget_gates),
        tuple(input_gates),
        tuple(output_gates),
        tuple(scales),
        {
            **{
                name: np.moveaxis(values, 2, 0).reshape(*shape, len(scales), networks)
                for name, values in norms.items()
            },
            PLAIN: np.array(
                [
                    [norms_of_network[PLAIN][-1, 0] for norms_of_network in row]
                    for row in norms_by_scale
                ]
            ),
        },
    )
