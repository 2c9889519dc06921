"""The LSTM cell at one step: sums of the gates as sliders, every value and every gradient.

In: the state of the sliders. Out: a `Demonstration`. The numbers are those of
`lstm_gradients.cell_step`, the formulas those of `lstm_gradients.formulas` and `derivation`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from quatrain.explain.arithmetic.expression import Expression, Symbol
from quatrain.explain.demonstrations.state import State
from quatrain.explain.inspection.cells import HIGH, LOW
from quatrain.explain.lstm_gradients.case import GATES
from quatrain.explain.lstm_gradients.cell_step import CellStep, cell_step
from quatrain.explain.lstm_gradients.derivation import from_hidden
from quatrain.explain.lstm_gradients.formulas import (
    cell_gradient,
    gate_gradients,
    gate_symbols,
    slopes,
)
from quatrain.explain.lstm_gradients.routes import (
    GATE_NAMES,
    STOPPED,
    Route,
    explain_routes,
    routes_of,
)
from quatrain.records import (
    Choice,
    Control,
    Demonstration,
    Formula,
    Json,
    Note,
    Part,
    Section,
    Slider,
    Table,
)

TITLE = "The LSTM cell"
LEAD = (
    "A cell keeps a number. The forget gate says how much of it stays, the input gate how much of "
    "the candidate is written, the output gate how much is shown. Gradients go the same ways back."
)

_FIRST = {"i": 1.0, "f": 2.0, "g": 1.0, "o": 1.0}
_FIRST_GATES = {"i": 0.73, "f": 0.88, "g": 0.76, "o": 0.73}
"""The gates that belong to `_FIRST`, to two decimals."""

_RANGES = {"i": (0.01, 0.99), "f": (0.01, 0.99), "g": (-0.99, 0.99), "o": (0.01, 0.99)}
"""Ends of the activations: a sigmoid never reaches 0 or 1, nor tanh -1 or 1."""

CONTROLS: tuple[Control, ...] = (
    Choice(
        "by",
        "what you set",
        (("sums", "the sums before the gates"), ("gates", "the gates")),
        "sums",
    ),
    *(Slider(f"z_{gate}", GATE_NAMES[gate], "z", -8.0, 8.0, 0.25, _FIRST[gate]) for gate in GATES),
    *(
        Slider(gate, GATE_NAMES[gate], gate, *_RANGES[gate], 0.01, _FIRST_GATES[gate])
        for gate in GATES
    ),
    Slider("c_before", "cell before", "cₜ₋₁", -3.0, 3.0, 0.1, 1.0),
    Slider("dh", "gradient at h", "δh", -2.0, 2.0, 0.1, 1.0),
    Slider("dc", "gradient of the next step", "δcₜ₊₁", -2.0, 2.0, 0.1, 0.5),
)

PRESETS: tuple[tuple[str, Mapping[str, float]], ...] = (
    ("Keep", {"z_i": -4.0, "z_f": 4.0, "z_g": 0.0, "z_o": 0.0}),
    ("Write anew", {"z_i": 4.0, "z_f": -4.0, "z_g": 2.0, "z_o": 2.0}),
    ("Add", {"z_i": 2.0, "z_f": 4.0, "z_g": 2.0, "z_o": 2.0}),
    ("Forget", {"z_i": -4.0, "z_f": -4.0, "z_g": 0.0, "z_o": 0.0}),
    ("Hide", {"z_i": 0.0, "z_f": 4.0, "z_g": 0.0, "z_o": -4.0}),
    ("All half open", {"z_i": 0.0, "z_f": 0.0, "z_g": 0.0, "z_o": 0.0}),
)
"""Settings of the four sums with a name; all of them lie on the grid of the static page."""

GRID: Mapping[str, tuple[float, ...]] = {
    **{f"z_{gate}": (-4.0, 0.0, 1.0, 2.0, 4.0) for gate in GATES},
    "c_before": (-1.0, 1.0),
    "dh": (1.0,),
    "dc": (0.0, 0.5),
}
"""Values of the sliders on the page without a server, in all combinations."""


def demonstrate(state: State) -> Demonstration:
    """Compute one step of the cell and the way back."""
    sums = _sums(state)
    before, dh, dc = (state.number(name) for name in ("c_before", "dh", "dc"))
    step = cell_step(sums, before, delta_hidden=dh, delta_cell=dc)
    short = cell_step(sums, before, delta_hidden=dh, delta_cell=0.0)
    routes = routes_of(step)
    return Demonstration(
        topic="cell",
        title=TITLE,
        lead=LEAD,
        controls=CONTROLS,
        state=dict(state),
        problem="",
        data={
            **_data(step, routes, dc),
            "delta_from_hidden": short.delta["c"],
            "delta_squashed": dh * step.gates["o"],
        },
        sections=tuple(_sections(step, short, routes, dc)),
        python=_python(step, dh, dc),
        exercise=("lstm", 1),
        summary=_summary(step),
    )


def _sums(state: State) -> dict[str, float]:
    """Return the pre-activations: those that are set, or those of the gates that are set."""
    if state.text("by") == "sums":
        return {gate: state.number(f"z_{gate}") for gate in GATES}
    gates = {gate: state.number(gate) for gate in GATES}
    return {
        gate: math.atanh(value) if gate == "g" else math.log(value) - math.log1p(-value)
        for gate, value in gates.items()
    }


def _condition(gate: str, value: float) -> str:
    """Say in a word or two where an activation rests."""
    if gate == "g":
        return "saturated" if abs(value) > HIGH else "in between"
    return "closed" if value < LOW else "open" if value > HIGH else "partly open"


def _data(step: CellStep, routes: tuple[Route, ...], later: float) -> dict[str, Json]:
    slope = slopes(gate_symbols(step))
    return {
        "gates": [
            {
                "gate": gate,
                "name": GATE_NAMES[gate],
                "sum": step.sums[gate],
                "value": step.gates[gate],
                "slope": float(slope[gate].value),
                "delta": step.delta[gate],
                "delta_sum": step.delta_sums[gate],
                "condition": _condition(gate, step.gates[gate]),
            }
            for gate in GATES
        ],
        "cell_before": step.cell_before,
        "cell": step.cell,
        "squashed": step.squashed,
        "squash_slope": 1 - step.squashed**2,
        "later": later,
        "hidden": step.hidden,
        "delta_hidden": step.delta["h"],
        "delta_cell": step.delta["c"],
        "delta_before": step.delta_before,
        "routes": [
            {
                "to": route.to,
                "share": route.share,
                "weakest": route.weakest,
                "factors": route.factors,
            }
            for route in routes
        ],
        "hardly_reached": _hardly_reached(step, later),
        "presets": [{"label": label, "state": dict(state)} for label, state in PRESETS],
    }


def _hardly_reached(step: CellStep, later: float) -> list[Json]:
    """Return the ends of the ways back at which less than `STOPPED` of all gradients arrives."""
    arriving = abs(step.delta["h"]) + abs(later)
    ends = {f"z_{gate}": delta for gate, delta in step.delta_sums.items()}
    ends["c_{t-1}"] = step.delta_before
    return [end for end, delta in ends.items() if abs(delta) < STOPPED * arriving]


def _sections(
    step: CellStep, short: CellStep, routes: tuple[Route, ...], later: float
) -> Iterator[Section]:
    yield Section("Forward", tuple(_forward(step)))
    yield Section("Back to the cell and its gates", tuple(_backward(step, later)))
    yield Section("Through the gates", tuple(_through_gates(step)))
    yield Section("Where the gradient is lost", tuple(explain_routes(routes)))
    yield Section("Short form and full form", tuple(_short_form(step, short, later)))
    yield Section("Why", from_hidden())


def _forward(step: CellStep) -> Iterator[Formula]:
    for gate in GATES:
        squash = "tanh" if gate == "g" else "sigma"
        total = f"{step.sums[gate]:g}"
        yield Formula(
            GATE_NAMES[gate],
            f"{gate} = {squash}(z_{gate})",
            f"{squash}({total})",
            step.gates[gate],
            latex_symbols=rf"{gate} = \{squash}(z_{gate})",
            latex_numbers=rf"\{squash}({total})",
        )
    of = gate_symbols(step)
    before = Symbol("c_{t-1}", step.cell_before, "c_{t-1}")
    squashed = Symbol("tanh c", step.squashed, r"\tanh c")
    yield _named("cell", "c", "c", of["f"] * before + of["i"] * of["g"])
    yield Formula(
        "tanh of the cell",
        "tanh c",
        f"tanh({step.cell:g})",
        step.squashed,
        latex_symbols=r"\tanh c",
        latex_numbers=rf"\tanh({step.cell:g})",
    )
    yield _named("hidden value", "h", "h", of["o"] * squashed)


def _named(name: str, left: str, left_in_latex: str, right: Expression) -> Formula:
    """Return a formula whose symbols begin with the letter of the quantity."""
    formula = right.formula(name)
    return replace(
        formula,
        value=float(formula.value) if isinstance(formula.value, int) else formula.value,
        symbols=f"{left} = {formula.symbols}",
        latex_symbols=f"{left_in_latex} = {formula.latex_symbols}",
    )


def _backward(step: CellStep, later: float) -> Iterator[Formula]:
    of = gate_symbols(step)
    squashed = Symbol("tanh c", step.squashed, r"(\tanh c)")
    of_hidden = Symbol("delta h", step.delta["h"], r"\delta h")
    of_cell = Symbol("delta c", step.delta["c"], r"\delta c")
    before = Symbol("c_{t-1}", step.cell_before, "c_{t-1}")
    next_step = Symbol("delta c_{t+1} f_{t+1}", later, r"\delta c_{t+1} f_{t+1}")
    cell = cell_gradient(of_hidden, of, squashed, next_step)
    gates = gate_gradients(of_hidden, of_cell, of, before, squashed)
    yield _named("cell", "delta c", r"\delta c", cell)
    for gate, expression in gates.items():
        yield _named(GATE_NAMES[gate], f"delta {gate}", rf"\delta {gate}", expression)
    yield _named("cell before", "delta c_{t-1}", r"\delta c_{t-1}", of_cell * of["f"])


def _through_gates(step: CellStep) -> Iterator[Part]:
    for gate, slope in slopes(gate_symbols(step)).items():
        delta = Symbol(f"delta {gate}", step.delta[gate], rf"\delta {gate}")
        yield _named(GATE_NAMES[gate], f"delta z_{gate}", rf"\delta z_{gate}", delta * slope)
    yield Note(
        "The slope of a sigmoid is at most 1/4, at z = 0; that of tanh at most 1. Both go to 0 as "
        "the gate opens or closes: a gate that is set firmly no longer learns."
    )


def _short_form(step: CellStep, short: CellStep, later: float) -> Iterator[Part]:
    yield Table(
        "With and without the gradient of the next step",
        ("gradient of the", "full form", "short form", "short - full"),
        tuple(
            (name, step.delta[of], short.delta[of], short.delta[of] - step.delta[of])
            for of, name in {"c": "cell", **GATE_NAMES}.items()
        ),
    )
    if not later:
        yield Note("Nothing comes back from the next step, so the short form is exact here.")
        return
    wrong = abs(later) / abs(step.delta["c"]) if step.delta["c"] else None
    size = "has nothing to be compared with" if wrong is None else f"is off by {wrong:.0%}"
    yield Note(
        f"The short form leaves out what comes from the next step, {later:g}. The gradient of the "
        f"cell {size}, and so are those that go through the cell. Only that of the output gate is "
        "exact: it leaves before the cell."
    )


def _python(step: CellStep, dh: float, dc: float) -> str:
    sums = ", ".join(repr(step.sums[gate]) for gate in GATES)
    return f"""\
import numpy as np
import quatrain

layers = quatrain.layers
# One cell that reads the sums of its gates themselves, in the order i, f, g, o.
cell = layers.LSTM(np.eye(4), np.zeros((4, 1)), np.zeros(4))
before = layers.LSTMState(np.zeros((1, 1)), np.array([[{step.cell_before!r}]]))
sums = np.array([[[{sums}]]])
trace, backward = cell.trace(sums, before)
print("c", trace.cell.item(), "h", trace.hidden.item())

from_next_step = layers.LSTMState(np.zeros((1, 1)), np.array([[{dc!r}]]))
gradients, delta = backward(np.array([[[{dh!r}]]]), from_next_step)
print("delta c", delta.cell.item(), "delta o", delta.output_gate.item())
print("delta i", delta.input_gate.item(), "delta f", delta.forget_gate.item())
print("delta g", delta.candidate.item(), "delta c before", gradients.state.cell.item())
print("delta z of i, f, g, o", gradients.bias)
"""


def _summary(step: CellStep) -> str:
    gates = ", ".join(f"{GATE_NAMES[gate]} {step.gates[gate]:.2f}" for gate in GATES)
    deltas = ", ".join(f"{GATE_NAMES[gate]} {step.delta[gate]:.2f}" for gate in GATES)
    return (
        f"{gates.capitalize()}; the cell goes from {step.cell_before:.2f} to {step.cell:.2f}, and "
        f"h is {step.hidden:.2f}. Gradients: cell {step.delta['c']:.2f}, {deltas}, cell before "
        f"{step.delta_before:.2f}."
    )
