"""Networks whose gates rest where they are told, and what a gradient does in them.

A network is an LSTM with random recurrent weights, entries normal with standard deviation
scale / sqrt(hidden), so that their spectral radius is about `scale`. Each gate's bias alone
sets where the gate rests; the recurrent weights then move it. The input, white noise of
standard deviation 1 and one channel for each cell, drives the candidates alone. The plain
RNN beside it, h_t = tanh(x_t + W h_{t-1}), has the candidates' own W and reads the same noise.

In: gates, a scale, a seed. Out: `Measured`, next `setting`, or `Grid` of many settings, next
`grid`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

FORGET = (0.5, 0.9, 0.95, 0.99, 0.999)
OTHERS = (0.01, 0.1, 0.5, 0.9)
SCALES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""The grid: forget gates, input and output gates, recurrent scales."""

WARM_UP = 100
"""Steps read before the measured ones, from the zero state: the time constant of a forget gate
at 0.99. One at 0.999 takes ten times as long, so its cells are still filling when they are
measured."""

LARGEST, LONGEST, MOST = 512, 10_000, 100
"""Cells, steps and networks, at most."""

AT_ONCE = 10**7
"""Numbers that each array of one network may hold, every setting of its gates together: the
arrays then fill a few gigabytes."""


class Gates(NamedTuple):
    """Where the gates of every cell rest, each above 0 and below 1."""

    forget: float
    input: float
    output: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Spectral norms and singular values, as decimal logarithms.

    Attributes:
        lags: steps back, rising.
        norms: name -> log10 of the spectral norm, shape (lags, sequences); a sequence is one
            network under one setting of its gates, or one text. `PLAIN` may be missing.
        singular: name -> log10 of the singular values at the last lag, largest first,
            shape (sequences, hidden); not a number where they are lost in rounding.
        gates: name -> its values, shape (time, sequences, hidden).
    """

    lags: tuple[int, ...]
    norms: Mapping[str, Array]
    singular: Mapping[str, Array]
    gates: Mapping[str, Array]


def measure(
    layer: LSTM,
    trace: LSTMTrace,
    state: LSTMState,
    lags: Sequence[int],
    channels: int | None = None,
) -> Measured:
    """Follow the gradient back through what a layer did.

    Args:
        layer: the layer.
        trace: what it did.
        state: the state it began in.
        lags: steps back from the last time, below the number of times.
        channels: how many of the inputs count in dh_T/dx_t; all by default.
    """
    size = layer.hidden
    slopes = Slopes.of(trace, state)
    weight_input = layer.weight_input[:, :channels].astype(np.float64)
    names = (CELL, HIDDEN, TO_LOSS, TO_INPUT, FORGET_ALONE)
    rows: dict[str, list[Array]] = {name: [] for name in names}
    singular: dict[str, Array] = {}
    kept = np.zeros(slopes.keep.shape[1:])
    with np.errstate(divide="ignore"):
        log_keep = np.log10(slopes.keep)
    for found in jacobians(layer, slopes):
        if found.lag in lags:
            blocks = {
                CELL: found.cell[:, :size],
                HIDDEN: found.hidden[:, size:],
                TO_LOSS: found.cell[:, size:],
                TO_INPUT: found.gates[:, size:] @ weight_input,
            }
            for name, matrix in blocks.items():
                values = log_singular_values(matrix, found.logarithm)
                rows[name].append(values[:, 0])
                if name in (CELL, HIDDEN):
                    singular[name] = values
            # The norm of a diagonal matrix is its largest entry.
            rows[FORGET_ALONE].append(kept.max(axis=-1))
        if found.lag == max(lags):
            break
        kept = kept + log_keep[-1 - found.lag]
    gates = {
        "forget": trace.forget_gate,
        "input": trace.input_gate,
        "output": trace.output_gate,
    }
    norms = {name: np.array(row) for name, row in rows.items()}
    return Measured(tuple(lags), norms, singular, gates)


def network(
    settings: Sequence[Gates],
    *,
    scale: float,
    hidden: int,
    steps: int,
    lags: Sequence[int],
    generator: np.random.Generator,
) -> Measured:
    """One random network under each setting of its gates, and the plain RNN.

    `PLAIN` has one column in `norms`, since it has no gates.
    """
    recurrent = generator.normal(0.0, scale / np.sqrt(hidden), (4, hidden, hidden))
    times = WARM_UP + steps + 1
    noise = generator.normal(0.0, 1.0, (times, hidden))
    # The resting values come in as three more inputs, so that one layer serves every setting.
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
    measured = measure(layer, trace, state, lags, channels=hidden)
    plain = _plain(recurrent[2], noise, lags)
    return Measured(
        measured.lags, {**measured.norms, PLAIN: plain}, measured.singular, measured.gates
    )


def _plain(recurrent: Array, noise: Array, lags: Sequence[int]) -> Array:
    """log10 of the norm of dh_T/dh_t in h_t = tanh(x_t + W h_{t-1}), shape (lags, 1)."""
    hidden = np.zeros(len(recurrent))
    slopes = []
    for inputs in noise:
        hidden = np.tanh(inputs + recurrent @ hidden)
        slopes.append(1 - hidden**2)
    product, logarithm = np.eye(len(recurrent)), np.zeros(1)
    found = []
    for lag in range(max(lags) + 1):
        if lag in lags:
            found.append(log_singular_values(product[None], logarithm)[:, 0])
        product = product * slopes[-1 - lag] @ recurrent
        largest = float(np.abs(product).max()) or 1.0
        product, logarithm = product / largest, logarithm + np.log10(largest)
    return np.array(found)


def generators(seed: int, networks: int) -> list[np.random.Generator]:
    """One independent source of randomness for each network."""
    return [
        np.random.Generator(np.random.PCG64(child))
        for child in np.random.SeedSequence(seed).spawn(networks)
    ]


def check(
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
        gates: name -> values, each to be above 0 and below 1.
        scales: name -> values, each to be 0 or above.
        steps: to be from 1 to `LONGEST`.
        hidden: to be from 1 to `LARGEST`.
        networks: to be from 1 to `MOST`.
        seed: to be 0 or above.
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
                    "A sigmoid never reaches either end: come as near as 0.001 or 0.999.",
                )
    for name, values in scales.items():
        for value in values:
            if not 0 <= value < np.inf:
                raise SettingsError(
                    f"setting {name!r} of the gradient flow",
                    f"{value:g}",
                    "a number from 0 up",
                    "It is the recurrent weights' standard deviation times sqrt(hidden).",
                )
    for name, count, most in (
        ("steps", steps, LONGEST),
        ("hidden", hidden, LARGEST),
        ("networks", networks, MOST),
    ):
        remedy = "A gradient travels at least one step, in one cell of one network."
        whole(f"setting {name!r} of the gradient flow", count, 1, most, remedy)
    whole("setting 'seed' of the gradient flow", seed, 0)
    settings = prod(len(values) for values in gates.values())
    numbers = settings * hidden * (WARM_UP + steps + hidden)
    if numbers > AT_ONCE:
        raise SettingsError(
            "the networks of the gradient flow",
            f"{settings:,} settings of the gates for {hidden} cells over {steps:,} steps,"
            f" {numbers:,} numbers at once",
            f"at most {AT_ONCE:,}",
            "Take fewer settings, cells or steps.",
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """The norms after `steps` steps in every setting.

    Attributes:
        steps: how far back.
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
        """Forget, input, output gate and scale at every point, shape (..., 1) to broadcast."""
        values = (self.forget, self.inputs, self.outputs, self.scales)
        forget, inputs, outputs, scales = np.meshgrid(*values, indexing="ij")
        return forget[..., None], inputs[..., None], outputs[..., None], scales[..., None]


def measure_grid(
    *,
    steps: int,
    hidden: int,
    seed: int,
    networks: int,
    forget_gates: Sequence[float] = FORGET,
    input_gates: Sequence[float] = OTHERS,
    output_gates: Sequence[float] = OTHERS,
    scales: Sequence[float] = SCALES,
) -> Grid:
    """The numbers of `grid.flow_grid` alone; see there."""
    axes = {
        "forget_gates": forget_gates,
        "input_gates": input_gates,
        "output_gates": output_gates,
    }
    check(axes, {"scales": scales}, steps=steps, hidden=hidden, networks=networks, seed=seed)
    settings = [Gates(*each) for each in product(forget_gates, input_gates, output_gates)]
    # The same random numbers at every scale: a scale only multiplies them.
    found = [
        [
            network(
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
        name: np.array([[one[name][-1] for one in row] for row in found])
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
            PLAIN: np.array([[one[PLAIN][-1, 0] for one in row] for row in found]),
        },
    )
