"""How a gradient travels back: one setting of the gates, or a layer that was measured.

In: gates and a scale, or a layer and its trace. Out: `records.Explanation`, next `page`.

The question is that of Hochreiter 1991 and Bengio, Simard and Frasconi 1994: does the
derivative of a state by an earlier one shrink or grow with the distance? Hochreiter and
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
    Measured,
    check,
    generators,
    measure,
    network,
)
from quatrain.layers import LSTM, LSTMState, LSTMTrace
from quatrain.layers.shapes import Array
from quatrain.records import Cell, Chart, Equation, Explanation, Formula, Heading, Note, Part, Table

TENFOLD = 1.0
"""A gradient is stable over k steps if its norm changes less than tenfold: its decimal
logarithm stays between -1 and 1. The factor per step is then within 10^(-1/k) and 10^(1/k)."""

_LAGS = 26
"""At most so many lags are measured, evenly spaced."""

_PATHS = {
    CELL: ("the last cell", "the cell k steps before"),
    HIDDEN: ("the last hidden vector", "the hidden vector k steps before"),
    TO_LOSS: ("the last hidden vector, which the loss reads", "the cell k steps before"),
    TO_INPUT: ("the last hidden vector", "the input k steps before"),
    FORGET_ALONE: ("the last cell", "the cell, if the gates did not listen to h"),
    PLAIN: ("the last hidden vector", "the same, in an RNN with the candidates' weights"),
}
"""What is derived, and by what."""


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
        steps: how far back, 1 to 10,000.
        hidden: cells, 1 to 512.
        seed: of the weights and inputs, 0 or above.
        forget_gate: where the forget gates rest, above 0 and below 1.
        input_gate: where the input gates rest, alike.
        output_gate: where the output gates rest, alike.
        scale: standard deviation of the recurrent weights times sqrt(hidden): about their
            spectral radius.
        networks: how many random networks, 1 to 100; their geometric mean and spread are shown.

    Raises:
        SettingsError: a gate outside 0 to 1, a negative scale or seed, or a count out of range.
    """
    gates = Gates(forget_gate, input_gate, output_gate)
    check(
        {"forget_gate": [forget_gate], "input_gate": [input_gate], "output_gate": [output_gate]},
        {"scale": [scale]},
        steps=steps,
        hidden=hidden,
        networks=networks,
        seed=seed,
    )
    lags = _lags(steps)
    each = [
        network([gates], scale=scale, hidden=hidden, steps=steps, lags=lags, generator=generator)
        for generator in generators(seed, networks)
    ]
    measured = Measured(
        lags,
        {name: np.concatenate([one.norms[name] for one in each], axis=1) for name in each[0].norms},
        {name: np.concatenate([one.singular[name] for one in each]) for name in each[0].singular},
        {name: np.concatenate([one.gates[name] for one in each], axis=1) for name in each[0].gates},
    )
    title = (
        f"How a gradient travels {steps} steps back: forget gates at {forget_gate:g}, input gates"
        f" at {input_gate:g}, output gates at {output_gate:g}, recurrent scale {scale:g}"
    )
    resting = {"forget": forget_gate, "input": input_gate, "output": output_gate}
    return _explained(title, measured, f"{networks} random networks of {hidden} cells", resting)


def measured_flow(layer: LSTM, trace: LSTMTrace, state: LSTMState | None = None) -> Explanation:
    """Follow a gradient back through what a layer did, from its last time to its first.

    Args:
        layer: a layer of a poet, or any other.
        trace: of `layer.trace`, at least two times; each sequence of the batch counts as one.
        state: the state it began in; zeros by default.

    Raises:
        SettingsError: the trace has one time only, or is of another layer.
    """
    times, batch, size = trace.cell.shape
    if times < 2 or size != layer.hidden:
        raise SettingsError(
            "the trace for the gradient flow",
            f"{times} times of {size} cells",
            f"at least 2 times of {layer.hidden} cells",
            "Trace the layer itself over a longer text.",
        )
    start = layer.start(batch) if state is None else state
    measured = measure(layer, trace, start, _lags(times - 1))
    title = f"How a gradient travels {times - 1} steps back in a layer of {size} cells"
    return _explained(title, measured, f"{batch} sequence{'s' if batch > 1 else ''} read", {})


def verdict_on(logarithm: float) -> str:
    """Vanishes, stable or explodes, by the decimal logarithm of a norm after k steps."""
    if logarithm < -TENFOLD:
        return "vanishes"
    return "explodes" if logarithm > TENFOLD else "stable"


def in_words(logarithm: float | np.floating[Any], digits: int = 3) -> str:
    """10 ** logarithm, readable and without overflow."""
    exponent = float(logarithm)
    if np.isneginf(exponent):
        return "0"
    return f"{10**exponent:.{digits}g}" if abs(exponent) < 5 else f"10^{exponent:.1f}"


def finite(value: float | np.floating[Any]) -> float | None:
    """A number to show; None for what is no number or infinite, as the logarithm of 0 is."""
    return float(value) if np.isfinite(value) else None


def threshold(steps: int) -> str:
    """The rule of `verdict_on` in a sentence."""
    return (
        f"Stable means that the norm changes less than tenfold over {steps} steps, a factor of"
        f" {10 ** (-TENFOLD / steps):.3f} to {10 ** (TENFOLD / steps):.3f} per step; below, it"
        " vanishes, above, it explodes."
    )


def definitions() -> tuple[Part, ...]:
    """What is multiplied."""
    return (
        Equation(
            "dc_t/dc_{t-1} = diag(f_t) + A_t diag(o_{t-1} (1 - tanh^2(c_{t-1}))),"
            " h_{t-1} following c_{t-1}",
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
            "with c_{t-1} held",
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
    title: str, measured: Measured, subject: str, resting: dict[str, float]
) -> Explanation:
    steps = measured.lags[-1]
    means = {name: norms.mean(axis=1) for name, norms in measured.norms.items()}
    parts: list[Part] = [
        Heading("What is multiplied"),
        *definitions(),
        *_alone(resting.get("forget"), steps),
        Note(f"{threshold(steps)} All norms are spectral: the most that any direction grows."),
        Heading("What was measured"),
        _gates(measured, resting),
        Table(
            "The derivatives",
            ("derivative", "from", "to"),
            tuple((name, *_PATHS[name]) for name in measured.norms),
        ),
        Chart(
            "gradient-flow",
            f"The gradient's norm, k steps back; {subject}",
            "steps back, k",
            "log10 of the spectral norm",
            tuple(float(lag) for lag in measured.lags),
            {name: _finite(mean) for name, mean in means.items()},
        ),
        Table(
            f"After {steps} steps; {subject}; factor: per step, over the later half",
            (
                "derivative",
                "log10 norm",
                "deviation",
                "minimum",
                "maximum",
                "at lag 0",
                "factor",
                "verdict",
            ),
            tuple(_row(measured, name) for name in measured.norms),
        ),
        _singular(measured),
        _spectrum(measured),
        Heading("In words"),
        *(Note(sentence) for sentence in _sentences(measured, means, steps)),
    ]
    return Explanation(title, tuple(parts))


def _alone(forget: float | None, steps: int) -> Iterator[Formula]:
    """What the cell would carry by its forget gate alone, when that was set."""
    if forget is not None:
        yield (Symbol("f", forget) ** Symbol("k", steps)).formula("by the forget gate alone")


def _gates(measured: Measured, resting: dict[str, float]) -> Table:
    return Table(
        "The gates: where they were set, and where they were",
        ("gate", "set", "mean", "standard deviation", "minimum", "maximum"),
        tuple(
            (
                name,
                resting.get(name),
                float(values.mean()),
                float(values.std()),
                float(values.min()),
                float(values.max()),
            )
            for name, values in measured.gates.items()
        ),
    )


def _row(measured: Measured, name: str) -> tuple[Cell, ...]:
    norms = measured.norms[name]
    last = norms[-1]
    mean = float(last.mean())
    spread = float(last.std(ddof=1)) if len(last) > 1 and np.isfinite(last).all() else None
    # The other two do not begin as the identity: their first value is part of their size.
    verdict = verdict_on(mean) if name not in (TO_LOSS, TO_INPUT) else None
    return (
        name,
        finite(mean),
        spread,
        finite(last.min()),
        finite(last.max()),
        finite(norms[0].mean()),
        _factor(measured, name),
        verdict,
    )


def _factor(measured: Measured, name: str) -> float | None:
    """By how much a step multiplies the norm once the first half of the way is behind."""
    means, last = measured.norms[name].mean(axis=1), measured.lags[-1]
    half = next(place for place, lag in enumerate(measured.lags) if 2 * lag >= last)
    if not np.isfinite(means[[half, -1]]).all() or measured.lags[half] == last:
        half = 0
    if not np.isfinite(means[-1]):
        return None
    return float(10 ** ((means[-1] - means[half]) / (last - measured.lags[half])))


def _singular(measured: Measured) -> Chart:
    size = next(iter(measured.singular.values())).shape[1]
    return Chart(
        "singular-values",
        f"Singular values after {measured.lags[-1]} steps: how many directions carry a gradient",
        "rank",
        "log10 of the singular value",
        tuple(float(rank + 1) for rank in range(size)),
        {name: _finite(values.mean(axis=0)) for name, values in measured.singular.items()},
    )


def _spectrum(measured: Measured) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, values in measured.singular.items():
        with np.errstate(invalid="ignore"):
            near = (values > values[:, :1] - 1).sum(axis=1)
        mean = values.mean(axis=0)
        median = mean[len(mean) // 2]
        rows.append(
            (name, *(finite(value) for value in (mean[0], median, mean[-1])), float(near.mean()))
        )
    return Table(
        f"Singular values after {measured.lags[-1]} steps, log10",
        ("derivative", "largest", "median", "smallest", "within a tenth of the largest"),
        tuple(rows),
    )


def _sentences(measured: Measured, means: dict[str, Array], steps: int) -> list[str]:
    cell, alone, hidden, to_loss, to_input = (
        float(means[name][-1]) for name in (CELL, FORGET_ALONE, HIDDEN, TO_LOSS, TO_INPUT)
    )
    others = (
        "; what passes through the other terms changes that by a factor of"
        f" {in_words(cell - alone, 4)}"
        if math.isfinite(alone)
        else ""
    )
    sentences = [
        f"After {steps} steps {CELL} is {in_words(cell)}: it {_verb(cell)}."
        f" The forget gates alone would give {in_words(alone)}{others}.",
        f"{HIDDEN} is {in_words(hidden)}: it {_verb(hidden)}."
        f"{_closed(float(means[HIDDEN][1]), _factor(measured, HIDDEN), steps)}",
        f"A loss that reads h_T moves c_t, {steps} steps before, by {in_words(to_loss)} of its own"
        f" gradient, and c_T itself by {in_words(float(means[TO_LOSS][0]))}: the output gate stands"
        f" between the cell and the loss. The input of that time hears {in_words(to_input)} of it.",
    ]
    if PLAIN in means:
        plain = float(means[PLAIN][-1])
        sentences.append(
            f"In the plain RNN with the same recurrent weights it is {in_words(plain)}:"
            f" it {_verb(plain)}."
        )
    return sentences


def _closed(first: float, factor: float | None, steps: int) -> str:
    """Whether a small norm is a closed gate rather than a decay."""
    text = f" After one step it was {in_words(first)}"
    if factor is None:
        return f"{text}."
    text += f", and in the later half each step multiplies it by {factor:.3f}"
    if first < -TENFOLD and abs(np.log10(factor)) * steps <= TENFOLD:
        return f"{text}: the gates are shut to it from the first step on, and it does not decay."
    return f"{text}."


def _verb(logarithm: float) -> str:
    verdict = verdict_on(logarithm)
    return "is stable" if verdict == "stable" else verdict


def _lags(steps: int) -> tuple[int, ...]:
    spaced = np.linspace(1, steps, min(_LAGS, steps)).round().astype(int)
    return (0, *sorted({int(lag) for lag in spaced}))


def _finite(values: Array) -> tuple[float | None, ...]:
    return tuple(finite(value) for value in values)
