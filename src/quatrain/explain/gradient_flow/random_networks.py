"""A gradient on its way back: through random networks, or through a traced layer.

In: gates and a scale, or a layer and its trace. Out: `records.Explanation`.

The question is that of Hochreiter 1991 and Bengio, Simard and Frasconi 1994: does the
derivative of a state by an earlier one shrink or grow with distance? Hochreiter and
Schmidhuber 1997 answered with a cell that keeps its value; Pascanu, Mikolov and Bengio 2013
gave the condition on the recurrent weights of a plain RNN.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.expression import Symbol
from quatrain.explain.gradient_flow.experiment import (
    CELL,
    FORGET_ALONE,
    HIDDEN,
    PLAIN,
    TO_INPUT,
    TO_LOSS,
    Gates,
    Measurements,
    check_settings,
    generators,
    measure_random_network,
    measure_trace,
)
from quatrain.layers import LSTM, LSTMState, LSTMTrace
from quatrain.layers.shapes import Array
from quatrain.records import Cell, Chart, Equation, Explanation, Formula, Heading, Note, Part, Table

TENFOLD = 1.0
"""Largest |log10| of a norm after k steps at which the gradient is stable: the norm changes less
than tenfold, a factor per step from 10^(-1/k) to 10^(1/k)."""

_MOST_LAGS = 26
"""Most lags measured, evenly spaced."""

_PATHS = {
    CELL: ("the last cell", "the cell k steps before"),
    HIDDEN: ("the last hidden vector", "the hidden vector k steps before"),
    TO_LOSS: ("the last hidden vector, which the loss reads", "the cell k steps before"),
    TO_INPUT: ("the last hidden vector", "the input k steps before"),
    FORGET_ALONE: ("the last cell", "the cell, if the gates ignored h"),
    PLAIN: ("the last hidden vector", "the same, in an RNN with the weights of the candidates"),
}
"""Name of a derivative -> the quantity differentiated, and the one it is differentiated by."""


def flow(
    *,
    steps: int = 50,
    hidden: int = 32,
    seed: int = 0,
    forget_gate: float = 0.99,
    input_gate: float = 0.01,
    output_gate: float = 0.01,
    scale: float = 1.0,
    networks: int = 5,
) -> Explanation:
    """Follow a gradient back through random LSTMs whose gates rest at given values.

    Args:
        steps: number of steps back, 1 to 10,000.
        hidden: cells, 1 to 512.
        seed: seed of the weights and inputs, 0 or above.
        forget_gate: resting value of the forget gates, above 0 and below 1.
        input_gate: resting value of the input gates, above 0 and below 1.
        output_gate: resting value of the output gates, above 0 and below 1.
        scale: standard deviation of the recurrent weights times sqrt(hidden): about their
            spectral radius.
        networks: number of random networks, 1 to 100; their geometric mean and spread are shown.

    Raises:
        SettingsError: a gate outside 0 to 1, a negative scale or seed, or a count out of range.
    """
    gates = Gates(forget_gate, input_gate, output_gate)
    check_settings(
        {"forget_gate": [forget_gate], "input_gate": [input_gate], "output_gate": [output_gate]},
        {"scale": [scale]},
        steps=steps,
        hidden=hidden,
        networks=networks,
        seed=seed,
    )
    lags = _lags(steps)
    runs = [
        measure_random_network(
            [gates], scale=scale, hidden=hidden, steps=steps, lags=lags, generator=generator
        )
        for generator in generators(seed, networks)
    ]
    first = runs[0]
    measurements = Measurements(
        lags,
        {name: np.concatenate([run.norms[name] for run in runs], axis=1) for name in first.norms},
        {name: np.concatenate([run.singular[name] for run in runs]) for name in first.singular},
        {name: np.concatenate([run.gates[name] for run in runs], axis=1) for name in first.gates},
    )
    title = (
        f"How a gradient travels {steps} steps back: forget gates at {forget_gate:g}, input gates"
        f" at {input_gate:g}, output gates at {output_gate:g}, recurrent scale {scale:g}"
    )
    resting = {"forget": forget_gate, "input": input_gate, "output": output_gate}
    return _explained(title, measurements, f"{networks} random networks of {hidden} cells", resting)


def trace_flow(layer: LSTM, trace: LSTMTrace, state: LSTMState | None = None) -> Explanation:
    """Follow a gradient back through the trace of a layer, from its last step to its first.

    Args:
        layer: a layer of a poet, or any other LSTM layer.
        trace: the result of `layer.trace`, at least two time steps.
        state: the state it started in; zeros by default.

    Raises:
        SettingsError: the trace has only one time step, or belongs to another layer.
    """
    times, batch, size = trace.cell.shape
    if times < 2 or size != layer.hidden:
        raise SettingsError(
            "the trace for the gradient flow",
            f"{times} steps of {size} cells",
            f"at least 2 steps of {layer.hidden} cells",
            "Trace the same layer over a longer text.",
        )
    start = layer.start(batch) if state is None else state
    measurements = measure_trace(layer, trace, start, _lags(times - 1))
    title = f"How a gradient travels {times - 1} steps back in a layer of {size} cells"
    return _explained(title, measurements, f"{batch} sequence{'s' if batch > 1 else ''} read", {})


def regime_of(logarithm: float) -> str:
    """Return "vanishes", "stable" or "explodes" for log10 of a norm after k steps."""
    if logarithm < -TENFOLD:
        return "vanishes"
    return "explodes" if logarithm > TENFOLD else "stable"


def power_of_ten(logarithm: float | np.floating[Any], digits: int = 3) -> str:
    """Return 10 ** logarithm as text, without overflow."""
    exponent = float(logarithm)
    if np.isneginf(exponent):
        return "0"
    return f"{10**exponent:.{digits}g}" if abs(exponent) < 5 else f"10^{exponent:.1f}"


def finite_or_none(value: float | np.floating[Any]) -> float | None:
    """Return the number, or None for NaN and infinities, such as the logarithm of 0."""
    return float(value) if np.isfinite(value) else None


def stability_rule(steps: int) -> str:
    """State the rule of `regime_of` in a sentence."""
    return (
        f"Stable means that the norm changes less than tenfold over {steps} steps, a factor of"
        f" {10 ** (-TENFOLD / steps):.3f} to {10 ** (TENFOLD / steps):.3f} per step. Below that the"
        " gradient vanishes; above, it explodes."
    )


def definitions() -> tuple[Part, ...]:
    """Return the equations of the Jacobians that are multiplied."""
    return (
        Equation(
            "dc_t/dc_{t-1} = diag(f_t) + A_t diag(o_{t-1} (1 - tanh^2(c_{t-1}))),"
            " with h_{t-1} depending on c_{t-1}",
            r"\frac{\partial c_t}{\partial c_{t-1}} = \mathrm{diag}(f_t) + A_t \,"
            r" \mathrm{diag}(o_{t-1} \odot (1 - \tanh^2 c_{t-1}))",
            "the gates of step t read h_{t-1}",
        ),
        Equation(
            "A_t = dc_t/dh_{t-1} = diag(g i (1-i)) W_hi + diag(c_{t-1} f (1-f)) W_hf"
            " + diag(i (1-g^2)) W_hg",
            r"A_t = \frac{\partial c_t}{\partial h_{t-1}} = \mathrm{diag}(g\,i(1-i)) W_{hi}"
            r" + \mathrm{diag}(c_{t-1} f(1-f)) W_{hf} + \mathrm{diag}(i(1-g^2)) W_{hg}",
            "through the input gate, the forget gate and the candidate",
        ),
        Equation(
            "dh_t/dh_{t-1} = diag(o (1 - tanh^2(c_t))) A_t + diag(tanh(c_t) o (1-o)) W_ho",
            r"\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(o(1-\tanh^2 c_t)) A_t"
            r" + \mathrm{diag}(\tanh(c_t)\, o(1-o)) W_{ho}",
            "with c_{t-1} fixed",
        ),
        Equation(
            "d(c_T, h_T)/d(c_t, h_t) = J_T J_{T-1} ... J_{t+1}",
            r"\frac{\partial (c_T, h_T)}{\partial (c_t, h_t)} = J_T J_{T-1} \cdots J_{t+1}",
            "J_t is one step's derivative of (c_t, h_t) by (c_{t-1}, h_{t-1}); k = T - t",
        ),
        Note(
            "After Hochreiter 1991, Bengio, Simard and Frasconi 1994, Hochreiter and Schmidhuber"
            " 1997, and Pascanu, Mikolov and Bengio 2013."
        ),
    )


def _explained(
    title: str, measurements: Measurements, subject: str, resting: dict[str, float]
) -> Explanation:
    steps = measurements.lags[-1]
    means = {name: norms.mean(axis=1) for name, norms in measurements.norms.items()}
    parts: list[Part] = [
        Heading("The Jacobians"),
        *definitions(),
        *_alone(resting.get("forget"), steps),
        Note(
            f"{stability_rule(steps)} All norms are spectral: the largest growth in any direction."
        ),
        Heading("Measurements"),
        _gates(measurements, resting),
        Table(
            "The derivatives",
            ("derivative", "from", "to"),
            tuple((name, *_PATHS[name]) for name in measurements.norms),
        ),
        Chart(
            "gradient-flow",
            f"The gradient's norm, k steps back; {subject}",
            "steps back, k",
            "log10 of the spectral norm",
            tuple(float(lag) for lag in measurements.lags),
            {name: _finite(mean) for name, mean in means.items()},
        ),
        Table(
            f"After {steps} steps; {subject}; factor per step over the second half",
            (
                "derivative",
                "log10 norm",
                "deviation",
                "minimum",
                "maximum",
                "at lag 0",
                "factor",
                "regime",
            ),
            tuple(_row(measurements, name) for name in measurements.norms),
        ),
        _singular(measurements),
        _spectrum(measurements),
        Heading("Summary"),
        *(Note(sentence) for sentence in _sentences(measurements, means, steps)),
    ]
    return Explanation(title, tuple(parts))


def _alone(forget: float | None, steps: int) -> Iterator[Formula]:
    """Yield what the forget gate alone would carry, if its value was set."""
    if forget is not None:
        yield (Symbol("f", forget) ** Symbol("k", steps)).formula("by the forget gate alone")


def _gates(measurements: Measurements, resting: dict[str, float]) -> Table:
    return Table(
        "The gates: their settings, and their actual values",
        ("gate", "setting", "mean", "standard deviation", "minimum", "maximum"),
        tuple(
            (
                name,
                resting.get(name),
                float(values.mean()),
                float(values.std()),
                float(values.min()),
                float(values.max()),
            )
            for name, values in measurements.gates.items()
        ),
    )


def _row(measurements: Measurements, name: str) -> tuple[Cell, ...]:
    norms = measurements.norms[name]
    last = norms[-1]
    mean = float(last.mean())
    spread = float(last.std(ddof=1)) if len(last) > 1 and np.isfinite(last).all() else None
    # The other two don't start as the identity, so their size gives no regime.
    regime = regime_of(mean) if name not in (TO_LOSS, TO_INPUT) else None
    return (
        name,
        finite_or_none(mean),
        spread,
        finite_or_none(last.min()),
        finite_or_none(last.max()),
        finite_or_none(norms[0].mean()),
        _factor(measurements, name),
        regime,
    )


def _factor(measurements: Measurements, name: str) -> float | None:
    """Return the factor per step over the second half of the way."""
    means, last = measurements.norms[name].mean(axis=1), measurements.lags[-1]
    half = next(place for place, lag in enumerate(measurements.lags) if 2 * lag >= last)
    if not np.isfinite(means[[half, -1]]).all() or measurements.lags[half] == last:
        half = 0
    if not np.isfinite(means[-1]):
        return None
    return float(10 ** ((means[-1] - means[half]) / (last - measurements.lags[half])))


def _singular(measurements: Measurements) -> Chart:
    size = next(iter(measurements.singular.values())).shape[1]
    return Chart(
        "singular-values",
        f"Singular values after {measurements.lags[-1]} steps: directions that carry a gradient",
        "rank",
        "log10 of the singular value",
        tuple(float(rank + 1) for rank in range(size)),
        {name: _finite(values.mean(axis=0)) for name, values in measurements.singular.items()},
    )


def _spectrum(measurements: Measurements) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, values in measurements.singular.items():
        with np.errstate(invalid="ignore"):
            near = (values > values[:, :1] - 1).sum(axis=1)
        mean = values.mean(axis=0)
        median = mean[len(mean) // 2]
        rows.append(
            (
                name,
                *(finite_or_none(value) for value in (mean[0], median, mean[-1])),
                float(near.mean()),
            )
        )
    return Table(
        f"Singular values after {measurements.lags[-1]} steps, log10",
        ("derivative", "largest", "median", "smallest", "within a tenth of the largest"),
        tuple(rows),
    )


def _sentences(measurements: Measurements, means: dict[str, Array], steps: int) -> list[str]:
    cell, alone, hidden, to_loss, to_input = (
        float(means[name][-1]) for name in (CELL, FORGET_ALONE, HIDDEN, TO_LOSS, TO_INPUT)
    )
    others = (
        f"; the other terms change that by a factor of {power_of_ten(cell - alone, 4)}"
        if math.isfinite(alone)
        else ""
    )
    sentences = [
        f"After {steps} steps {CELL} is {power_of_ten(cell)}: it {_verb(cell)}."
        f" The forget gates alone would give {power_of_ten(alone)}{others}.",
        f"{HIDDEN} is {power_of_ten(hidden)}: it {_verb(hidden)}."
        f"{_closed(float(means[HIDDEN][1]), _factor(measurements, HIDDEN), steps)}",
        f"Of a loss's gradient at h_T, {power_of_ten(to_loss)} reaches c_t, {steps} steps before,"
        f" and {power_of_ten(float(means[TO_LOSS][0]))} reaches c_T itself: the output gate stands"
        f" between the cell and the loss. {power_of_ten(to_input)} reaches the input of that time.",
    ]
    if PLAIN in means:
        plain = float(means[PLAIN][-1])
        sentences.append(
            f"In the plain RNN with the same recurrent weights the norm is {power_of_ten(plain)}:"
            f" it {_verb(plain)}."
        )
    return sentences


def _closed(first: float, factor: float | None, steps: int) -> str:
    """Say whether a small norm comes from a closed gate rather than from decay."""
    text = f" After one step it was {power_of_ten(first)}"
    if factor is None:
        return f"{text}."
    text += f", and in the second half each step multiplies it by {factor:.3f}"
    if first < -TENFOLD and abs(np.log10(factor)) * steps <= TENFOLD:
        return f"{text}: the gates block it from the first step on, but it doesn't decay."
    return f"{text}."


def _verb(logarithm: float) -> str:
    regime = regime_of(logarithm)
    return "is stable" if regime == "stable" else regime


def _lags(steps: int) -> tuple[int, ...]:
    spaced = np.linspace(1, steps, min(_MOST_LAGS, steps)).round().astype(int)
    return (0, *sorted({int(lag) for lag in spaced}))


def _finite(values: Array) -> tuple[float | None, ...]:
    return tuple(finite_or_none(value) for value in values)
