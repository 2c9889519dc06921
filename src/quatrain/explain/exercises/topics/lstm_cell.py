"""A drawn LSTM cell for questions: its tables, its quantities as symbols, its steps.

The numbers come from `lstm_gradients.case.by_hand`, of a layer with one cell and one input.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from quatrain.errors import InternalError
from quatrain.explain.arithmetic.expression import Symbol
from quatrain.explain.exercises.building import mistakes
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.explain.lstm_gradients.case import (
    GATES,
    Case,
    ForwardPass,
    Gradients,
    by_hand,
    run_forward,
)
from quatrain.explain.lstm_gradients.derivation import backward
from quatrain.layers import LSTM, LSTMState
from quatrain.layers.shapes import Array
from quatrain.records import Equation, Note, Part, Question, Table

_FORMULA = (
    'Write it as text: "*" for products, "^" for powers, "tanh(c)", "sigma(z_i)"; "c_prev" is the '
    "cell before, dh and dc are delta h and delta c."
)
_VARIABLES = ("dh", "dc", "i", "f", "g", "o", "c", "c_prev", "z_i", "z_f", "z_g", "z_o")

_LEAST_SHARE = 0.2
"""Least share by which the short form is off. A share much smaller is a difference of two numbers
that agree in the digits that a student keeps."""

_ATTEMPTS = 500
"""Most draws of a cell; about one in two has a share large enough."""


def draw_case_with_later_loss(draw: NumberStream) -> Case:
    """Draw a cell of two steps whose short form is off by a share that three digits can show."""
    for _ in range(_ATTEMPTS):
        case = draw_case(draw, 2)
        full, short = by_hand(case)[0], by_hand(case, through_time=False)[0]
        share = abs(short["delta c"][0, 0] / full["delta c"][0, 0] - 1)
        if _LEAST_SHARE <= share <= 1 / _LEAST_SHARE:
            return case
    raise InternalError(f"no cell with a later loss in {_ATTEMPTS} draws")


def draw_case(draw: NumberStream, steps: int) -> Case:
    """Draw a cell with weights of two decimals; none is close to 0."""

    def number() -> float:
        return draw.choice((-1, 1)) * draw.decimal(0.3, 1.5)

    def column(count: int) -> Array:
        return np.array([[number()] for _ in range(count)])

    layer = LSTM(column(4), column(4), column(4)[:, 0])
    state = LSTMState(np.array([[number()]]), np.array([[number()]]))
    return Case(layer, np.array([[number()]]), column(steps), state, draw.whole(0, 1), "binary")


def forward_table(case: Case) -> Table:
    """Return the forward pass, a row a step."""
    reading = run_forward(case)
    rows = tuple(
        (
            t + 1,
            float(case.inputs[t, 0]),
            *(float(values[t, 0]) for values in (reading.before, reading.cell_before)),
            *(float(reading.gates[gate][t, 0]) for gate in GATES),
            *(float(values[t, 0]) for values in (reading.cell, reading.hidden)),
            float(reading.prediction[t, 0]),
        )
        for t in range(case.steps)
    )
    return Table(
        f"The forward pass; y = {case.target:g} and w_y = {case.output[0, 0]:g}",
        ("t", "x", "h_prev", "c_prev", *GATES, "c", "h", "y_hat"),
        rows,
    )


def weight_table(case: Case) -> Table:
    """Return the weights, a row a gate."""
    layer = case.layer
    rows = tuple(
        (
            gate,
            float(layer.weight_input[k, 0]),
            float(layer.weight_hidden[k, 0]),
            float(layer.bias[k]),
        )
        for k, gate in enumerate(GATES)
    )
    return Table("The weights", ("k", "w_k", "u_k", "b_k"), rows)


def symbols_of(case: Case, gradients: Gradients, t: int = 0) -> dict[str, Symbol]:
    """Return the quantities of a step as symbols with their numbers."""
    reading: ForwardPass = run_forward(case)
    names = {
        "dh": (r"\delta h", gradients["delta h"]),
        "dc": (r"\delta c", gradients["delta c"]),
        **{gate: (gate, reading.gates[gate]) for gate in GATES},
        "c": ("c", reading.cell),
        "c_prev": (r"c_{\text{prev}}", reading.cell_before),
        "h_prev": (r"h_{\text{prev}}", reading.before),
        "x": ("x", case.inputs),
        "y_hat": (r"\hat y", reading.prediction),
        "tanh(c)": (r"\tanh(c)", np.tanh(reading.cell)),
    }
    symbols = {name: Symbol(name, float(of[t, 0]), latex) for name, (latex, of) in names.items()}
    symbols["w_y"] = Symbol("w_y", float(case.output[0, 0]), "w_y")
    symbols["y"] = Symbol("y", case.target, "y")
    return symbols


def cell_steps(of: Mapping[str, Symbol]) -> tuple[Part, ...]:
    """Return how delta h and delta c of a single step come about, with their numbers."""
    return (
        ((of["y_hat"] - of["y"]) * of["w_y"]).formula("delta h"),
        (of["dh"] * of["o"] * (1 - of["tanh(c)"] ** 2)).formula("delta c"),
    )


def later_steps(of: Mapping[str, Symbol]) -> tuple[Part, ...]:
    """Return the deltas of the last step, which reach the one before."""
    slopes = {gate: of[gate] * (1 - of[gate]) for gate in "ifo"} | {"g": 1 - of["g"] ** 2}
    reached = {
        "i": of["dc"] * of["g"],
        "f": of["dc"] * of["c_prev"],
        "g": of["dc"] * of["i"],
        "o": of["dh"] * of["tanh(c)"],
    }
    return (
        Note("At t = 2, the last step:"),
        *cell_steps(of),
        *((reached[gate] * slopes[gate]).formula(f"delta z_{gate}") for gate in GATES),
        Note("They reach t = 1:"),
    )


def formula_question(
    text: str, answer: str, equations: Iterable[Part], *wrong: tuple[str, str]
) -> Question:
    """Return a question for an expression in symbols."""
    return Question(
        0,
        f"{text} {_FORMULA}",
        "formula",
        answer,
        mistakes(*wrong),
        tuple(equations),
        variables=_VARIABLES,
    )


def derivation(*starts: str) -> list[Equation]:
    """Return the equations of the derivation whose text begins so."""
    return [equation for equation in backward("binary") if equation.text.startswith(starts)]
