"""A gradient on its way back over many steps, in an LSTM or a plain RNN with the same weights.

In: the state of the controls. Out: a `Demonstration`. The numbers are those of
`gradient_flow.unit_norms`; the regimes and the wording of its rule, those of
`gradient_flow.random_networks`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from quatrain.explain.arithmetic.expression import Symbol
from quatrain.explain.demonstrations.state import State
from quatrain.explain.gradient_flow.experiment import Gates, generators, random_network
from quatrain.explain.gradient_flow.random_networks import (
    definitions,
    finite_or_none,
    power_of_ten,
    regime_of,
    stability_rule,
)
from quatrain.explain.gradient_flow.unit_norms import UnitNorms, lstm_norms, plain_norms
from quatrain.layers import sigmoid
from quatrain.layers.shapes import Array
from quatrain.records import (
    Choice,
    Control,
    Demonstration,
    Equation,
    Formula,
    Json,
    Note,
    Part,
    Section,
    Slider,
    Table,
)

TITLE = "How far a gradient reaches"
LEAD = (
    "A gradient goes back through many steps, and each multiplies it. Products of many factors "
    "vanish or explode. An LSTM's cell keeps its factor near 1, as far as the forget gate is open."
)

UNITS = 8
"""Number of units. A way of 100 steps then takes some 20 ms, most of it for singular values."""

_MOST_STEPS = 100

CONTROLS: tuple[Control, ...] = (
    Choice("network", "network", (("lstm", "LSTM"), ("rnn", "plain RNN")), "lstm"),
    Slider("bias", "forget gate's bias", "b", -2.0, 7.0, 0.25, 3.0),
    Slider("input", "input gate", "i", 0.01, 0.99, 0.01, 0.1),
    Slider("output", "output gate", "o", 0.01, 0.99, 0.01, 0.5),
    Slider("scale", "recurrent scale", "r", 0.0, 4.0, 0.1, 1.0),
    Slider("steps", "steps", "k", 5, _MOST_STEPS, 5, 50),
    Slider("seed", "seed", "", 0, 99, 1, 0),
)

GRID = {
    "network": ("lstm", "rnn"),
    "bias": (-1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0),
    "input": (0.1, 0.9),
    "output": (0.01, 0.5),
    "scale": (0.5, 1.0, 1.5, 2.0, 4.0),
    "seed": (0, 1),
}


@dataclass(frozen=True, slots=True)
class _Flow:
    """Both networks with the same weights, and what the controls say.

    Attributes:
        kind: "lstm" or "rnn": the one that is looked at.
        bias: the forget gate's; its resting value is its sigmoid.
        gates: resting values of the gates.
        scale: of the recurrent weights; about their spectral radius.
        steps, seed: as set.
        radius, largest: spectral radius and largest singular value of the recurrent weights.
        lstm, plain: norms by lag.
    """

    kind: str
    bias: float
    gates: Gates
    scale: float
    steps: int
    seed: int
    radius: float
    largest: float
    lstm: UnitNorms
    plain: UnitNorms

    @classmethod
    def of(cls, state: State) -> _Flow:
        bias, steps, seed = state.number("bias"), state.whole("steps"), state.whole("seed")
        forget = float(sigmoid(np.asarray(bias)))
        gates = Gates(forget, state.number("input"), state.number("output"))
        scale = state.number("scale")
        network = random_network(
            [gates], scale=scale, hidden=UNITS, steps=steps, generator=generators(seed, 1)[0]
        )
        values = np.linalg.eigvals(network.recurrent)
        return cls(
            state.text("network"),
            bias,
            gates,
            scale,
            steps,
            seed,
            float(np.abs(values).max()),
            float(np.linalg.norm(network.recurrent, 2)),
            lstm_norms(network),
            plain_norms(network),
        )

    @property
    def shown(self) -> UnitNorms:
        """Norms of the network that is looked at."""
        return self.lstm if self.kind == "lstm" else self.plain

    @property
    def name(self) -> str:
        """The way that is looked at, in words."""
        return "from cell to cell" if self.kind == "lstm" else "from hidden vector to hidden vector"

    @property
    def last(self) -> float:
        """log10 of the norm after all steps."""
        return float(self.shown.norms[-1])

    @property
    def factor(self) -> float | None:
        """Factor per step over the second half of the way; None where no gradient is left."""
        half = self.steps // 2
        first, last = float(self.shown.norms[half]), self.last
        if not (math.isfinite(first) and math.isfinite(last)):
            return None
        return float(10.0 ** ((last - first) / (self.steps - half)))


def demonstrate(state: State) -> Demonstration:
    """Follow the gradient back through a random LSTM and the plain RNN with its weights."""
    flow = _Flow.of(state)
    return Demonstration(
        topic="flow",
        title=TITLE,
        lead=LEAD,
        controls=CONTROLS,
        state=dict(state),
        problem="",
        data=_data(flow),
        sections=tuple(_sections(flow)),
        python=_python(flow),
        exercise=("gradients", 2 if flow.kind == "lstm" else 3),
        summary=_summary(flow),
    )


def _data(flow: _Flow) -> dict[str, Json]:
    shown = flow.shown
    return {
        "lags": list(range(flow.steps + 1)),
        "norms": _plain(shown.norms),
        "other": _plain((flow.plain if flow.kind == "lstm" else flow.lstm).norms),
        "alone": _plain(shown.alone),
        "bound": _plain(shown.bound),
        "units": [_plain(unit) for unit in shown.units.T],
        "regime": regime_of(flow.last),
        "last": finite_or_none(flow.last),
        "factor": flow.factor,
        "half_life": _half_life(flow.factor),
        "forget": flow.gates.forget,
        "radius": flow.radius,
        "largest": flow.largest,
    }


_DIGITS = 3
"""Decimals of a logarithm in the data: a fifth of a percent of the norm."""


def _plain(logarithms: Array) -> list[Json]:
    return [finite_or_none(round(float(value), _DIGITS)) for value in logarithms]


def _half_life(factor: float | None) -> float | None:
    """Return the steps in which a factor per step halves a gradient; None if it never does."""
    return -math.log(2) / math.log(factor) if factor and factor < 1 else None


def _sections(flow: _Flow) -> Iterator[Section]:
    yield Section("What happens", tuple(_verdict(flow)))
    yield Section("Per step", tuple(_per_step(flow)))
    yield Section("The bound", tuple(_bound(flow)))
    yield Section("Both networks", (_comparison(flow),))
    yield Section("The Jacobians", tuple(_jacobians(flow)))


def _verdict(flow: _Flow) -> Iterator[Part]:
    regime = regime_of(flow.last)
    yield Note(
        f"After {flow.steps} steps back {flow.name} the norm is "
        f"{power_of_ten(flow.last)}: the gradient {'is stable' if regime == 'stable' else regime}."
    )
    yield Note(stability_rule(flow.steps))
    if flow.kind == "lstm":
        difference = flow.last - float(flow.lstm.alone[-1])
        yield Note(
            f"The forget gates alone would leave {power_of_ten(flow.lstm.alone[-1])}. The ways "
            f"through the other gates and h change that by a factor of {power_of_ten(difference)}."
        )


def _per_step(flow: _Flow) -> Iterator[Part]:
    if flow.kind == "lstm":
        yield Formula(
            "forget gate at rest",
            "f = sigma(b)",
            f"sigma({flow.bias:g})",
            flow.gates.forget,
            latex_symbols=r"f = \sigma(b)",
            latex_numbers=rf"\sigma({flow.bias:g})",
        )
        f, k = Symbol("f", flow.gates.forget, "f"), Symbol("k", flow.steps, "k")
        yield (f**k).formula("kept by the gate alone")
        yield _half_life_formula("half-life by the gate alone", f)
    if flow.factor is None:
        yield Note("No gradient is left, so there is no factor per step.")
        return
    measured = Symbol("q", flow.factor, "q")
    yield Formula("measured factor per step", "q", "", flow.factor, "", "q")
    if flow.factor < 1:
        yield _half_life_formula("measured half-life", measured)
    elif flow.factor > 1:
        yield Note(
            f"It doubles every {math.log(2) / math.log(flow.factor):.3g} steps, so there is no "
            "half-life."
        )


def _half_life_formula(name: str, factor: Symbol) -> Formula:
    """Return log 2 / -log f: the steps after which half is left."""
    letter, value = factor.name, float(factor.value)
    return Formula(
        name,
        f"log 2 / -log {letter}",
        f"{math.log(2):.6g} / {-math.log(value):.6g}",
        math.log(2) / -math.log(value),
        "steps",
        rf"\frac{{\log 2}}{{-\log {factor.in_latex}}}",
        rf"\frac{{{math.log(2):.6g}}}{{{-math.log(value):.6g}}}",
    )


def _bound(flow: _Flow) -> Iterator[Part]:
    if flow.kind == "lstm":
        yield Note(
            f"The norms of the single steps multiply to {power_of_ten(flow.lstm.bound[-1])}; the "
            f"norm of their product is {power_of_ten(flow.last)}, and can't be above that. The "
            "bound is loose: each step would have to stretch the same direction."
        )
        return
    s, k = Symbol("s", flow.largest, r"\sigma_{\max}"), Symbol("k", flow.steps, "k")
    yield (s**k).formula("largest possible norm")
    yield Note(
        "It is the largest singular value of the recurrent weights to the power of the steps, as "
        "the slope of tanh is at most 1. "
        + (
            "That value is below 1, so the gradient must vanish."
            if flow.largest < 1
            else "That value is not below 1, so the gradient may explode. It need not: where a "
            "unit is saturated, the slope is far below 1."
        )
        + " After Pascanu, Mikolov and Bengio 2013."
    )
    yield Formula("spectral radius of the weights", "", "", flow.radius)


def _comparison(flow: _Flow) -> Table:
    rows = (
        ("LSTM, cell to cell", flow.lstm.norms),
        ("LSTM, hidden to hidden", flow.lstm.hidden),
        ("LSTM, forget gates alone", flow.lstm.alone),
        ("plain RNN, hidden to hidden", flow.plain.norms),
    )
    half = flow.steps // 2
    return Table(
        "log10 of the norm; both networks have the same recurrent weights",
        ("gradient", f"k = {half}", f"k = {flow.steps}", "regime"),
        tuple(
            (
                name,
                finite_or_none(norms[half]),
                finite_or_none(norms[-1]),
                regime_of(float(norms[-1])),
            )
            for name, norms in rows
        ),
    )


def _jacobians(flow: _Flow) -> Iterator[Part]:
    if flow.kind == "lstm":
        yield from definitions()
        return
    yield Equation(
        "dh_t/dh_{t-1} = diag(1 - h_t^2) W",
        r"\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2) \, W",
        "h_t = tanh(x_t + W h_{t-1})",
    )
    yield Equation(
        "dh_T/dh_t = product of diag(1 - h^2) W over the steps",
        r"\frac{\partial h_T}{\partial h_t} = \prod_{s = T}^{t + 1} \mathrm{diag}(1 - h_s^2) \, W",
        "k = T - t factors",
    )


def _python(flow: _Flow) -> str:
    return f"""\
import quatrain

shown = quatrain.explain.flow(
    steps={flow.steps}, hidden={UNITS}, seed={flow.seed}, networks=1,
    forget_gate={flow.gates.forget!r}, input_gate={flow.gates.input!r},
    output_gate={flow.gates.output!r}, scale={flow.scale!r},
)
print(shown)
"""


def _summary(flow: _Flow) -> str:
    name = "LSTM" if flow.kind == "lstm" else "plain RNN"
    regime = regime_of(flow.last)
    half = _half_life(flow.factor)
    ending = f" It halves every {half:.3g} steps." if half else ""
    gate = f"forget gates at {flow.gates.forget:.3f} and " if flow.kind == "lstm" else ""
    return (
        f"In the {name} with {gate}a recurrent scale of {flow.scale:g} the gradient "
        f"{'is stable' if regime == 'stable' else regime}: after {flow.steps} steps its norm is "
        f"{power_of_ten(flow.last)} times what it was.{ending}"
    )
