"""The gradients of an LSTM cell: derived, filled with numbers, checked four ways.

In: the size of a cell, a seed. Out: `records.Explanation`. The formulas are of `derivation`,
the numbers of `case` and `autograd`. Sources: Hochreiter and Schmidhuber 1997; Gers,
Schmidhuber and Cummins 2000 (forget gate); Graves and Schmidhuber 2005 (the full gradient).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from quatrain.explain.arithmetic.expression import Expression, Symbol, total
from quatrain.explain.lstm_gradients import derivation
from quatrain.explain.lstm_gradients.autograd import by_autograd
from quatrain.explain.lstm_gradients.case import (
    ACTIVATIONS,
    GATES,
    STEP,
    WEIGHTS,
    Case,
    Checker,
    Gradients,
    Loss,
    Reading,
    by_differences,
    by_hand,
    by_layer,
    read,
)
from quatrain.explain.lstm_gradients.exactness import activation_or_not, error_terms, later_steps
from quatrain.layers.shapes import Array
from quatrain.records import Cell, Explanation, Heading, Matrix, Note, Part, Table

LISTED = 120
"""Numbers shown one by one; of a larger cell each quantity has one row."""


def gradients(
    *,
    hidden: int = 2,
    inputs: int = 2,
    steps: int = 1,
    seed: int = 0,
    target: float = 1,
    loss: Loss = "binary",
    autograd: Checker | None = by_autograd,
) -> Explanation:
    """Derive the gradients of one LSTM cell, and hold the numbers against each other.

    Each gradient comes from the recursion by hand, our own layer, torch's autograd and central
    differences in float64; then the explanation says, with numbers, when the short formulas
    are exact: for the gate's activation, for the loss at t alone, for a cross-entropy with
    both terms.

    Args:
        hidden: cells, 1 to 8.
        inputs: size of an input vector, 1 to 8.
        steps: inputs read, 1 to 20, each followed by a loss.
        seed: of the weights and inputs, 0 or above.
        target: y at every step: 0 to 1, or a class from 0 to 2 for softmax.
        loss: "binary" (cross-entropy of a sigmoid), "softmax" (of three classes), or
            "log-only": -y log(y_hat) without the second term.
        autograd: gives the column of automatic differentiation; None leaves the column empty.

    Raises:
        SettingsError: a size, the seed or the target is out of range, or the loss is unknown.
    """
    case = Case.drawn(
        hidden=hidden, inputs=inputs, steps=steps, seed=seed, target=target, loss=loss
    )
    reading = read(case)
    parts: list[Part] = [
        Note(
            "One LSTM cell, a sigmoid or softmax on top, a loss at every step. After Hochreiter and"
            " Schmidhuber 1997, Gers, Schmidhuber and Cummins 2000, Graves and Schmidhuber 2005."
        ),
        Heading("The cell"),
        *derivation.forward(),
        Heading("The loss"),
        *derivation.prediction(loss),
        Heading("Backwards, counting the loss at t alone"),
        Note("delta k is the gradient of the loss with respect to k; * is element by element."),
        *derivation.backward(loss),
        Heading("Backwards, all of it"),
        *derivation.through_time(),
        Heading("With numbers"),
        *_given(case, reading),
        *_filled(case, reading),
        Heading("Side by side"),
        *_side_by_side(case, autograd),
        Heading("When the short form is exact, and when not"),
        *activation_or_not(case),
        *later_steps(
            Case.drawn(
                hidden=hidden,
                inputs=inputs,
                steps=max(steps, 2),
                seed=seed,
                target=target,
                loss=loss,
            )
        ),
        *error_terms(case),
    ]
    length = "one step" if steps == 1 else f"{steps} steps"
    return Explanation(f"The gradients of an LSTM of {hidden} cells, {length}", tuple(parts))


def _given(case: Case, reading: Reading) -> Iterator[Part]:
    """The weights, the inputs, and what the cell makes of them."""
    size = case.layer.hidden
    rows = f"rows: i, f, g, o, {size} each"
    yield _matrix(f"W_x ({rows})", case.layer.weight_input)
    yield _matrix(f"W_h ({rows})", case.layer.weight_hidden)
    yield _matrix(f"b, as a row (i, f, g, o, {size} each)", case.layer.bias[None])
    yield _matrix("w_y", case.output)
    yield _matrix("x_t (a row per step)", case.inputs)
    columns = (
        reading.before,
        reading.cell_before,
        *(reading.gates[name] for name in GATES),
        reading.cell,
        np.tanh(reading.cell),
        reading.hidden,
    )
    yield Table(
        "What the cell does",
        ("t", "cell", "h_{t-1}", "c_{t-1}", "i", "f", "g", "o", "c", "tanh c", "h"),
        tuple(
            (t + 1, j + 1, *(float(column[t, j]) for column in columns))
            for t in range(case.steps)
            for j in range(size)
        ),
    )
    yield Table(
        "Prediction and error",
        ("t", "output", "y_hat", "dL/d(w_y h)"),
        tuple(
            (t + 1, k + 1, float(reading.prediction[t, k]), float(reading.error[t, k]))
            for t in range(case.steps)
            for k in range(len(case.output))
        ),
    )


def _filled(case: Case, reading: Reading) -> Iterator[Part]:
    """The short formulas of the first cell at the last step, with the numbers in them."""
    t = case.steps - 1
    yield Note(f"The first cell at t = {t + 1}, the last step, after which nothing comes back:")

    def symbol(name: str, values: Array, in_latex: str) -> Symbol:
        return Symbol(f"{name}_1", float(values[t, 0]), in_latex)

    terms: list[Expression] = []
    for k, weights in enumerate(case.output):
        mark = f"_{k + 1}" if len(case.output) > 1 else ""
        y_hat = Symbol(f"y_hat{mark}", float(reading.prediction[t, k]), rf"\hat y{mark}")
        place = f"{k + 1}1" if mark else "1"
        weight = Symbol(f"w_y{place}", float(weights[0]), f"w_{{y{place}}}")
        wanted = float(k == case.target) if mark else case.target
        y = Symbol(f"y{mark}", int(wanted) if wanted == int(wanted) else wanted, f"y{mark}")
        # -y (1 - y_hat) is written y (y_hat - 1): the same number, without a sign in front.
        error = y * (y_hat - 1) if case.loss == "log-only" else y_hat - y
        terms.append(error * weight)
    delta_h = total(*terms)
    squashed = symbol("tanh c", np.tanh(reading.cell), r"(\tanh c_1)")
    i, f, g, o = (symbol(name, reading.gates[name], f"{name}_1") for name in GATES)
    before = Symbol("c_{t-1},1", float(reading.cell_before[t, 0]), r"c_{t-1,1}")
    delta_c = delta_h * o * (1 - squashed**2)
    deltas = {
        "delta h": delta_h,
        "delta c": delta_c,
        "delta o": delta_h * squashed,
        "delta i": delta_c * g,
        "delta f": delta_c * before,
        "delta g": delta_c * i,
    }
    for name, expression in deltas.items():
        yield expression.formula(f"{name}_1")
    slopes = (("i", i * (1 - i)), ("f", f * (1 - f)), ("g", 1 - g**2), ("o", o * (1 - o)))
    for name, slope in slopes:
        delta = Symbol(f"delta {name}_1", float(deltas[f"delta {name}"].value), rf"\delta {name}_1")
        yield (delta * slope).formula(f"delta z_{name},1")


def _side_by_side(case: Case, autograd: Checker | None) -> Iterator[Part]:
    """Every gradient in every way, and the differences."""
    by_torch = autograd(case) if autograd is not None else None
    column = "autograd" if by_torch or autograd is None else "autograd (torch is not installed)"
    ways: dict[str, Gradients] = {
        "by hand": by_hand(case)[0],
        "our layer": by_layer(case),
        column: by_torch or {},
        "central differences": by_differences(case),
    }
    short = {} if case.steps == 1 else {"short form": by_hand(case, through_time=False)[0]}
    for title, names in (
        ("What reaches the activations", ACTIVATIONS),
        ("What reaches the weights", WEIGHTS),
    ):
        rows = [row for name in names for row in _rows(case, name, short, ways)]
        if len(rows) <= LISTED:
            columns = ("gradient", "at", *short, *ways, "largest difference")
            yield Table(title, columns, tuple(rows))
    yield Table(
        "Largest difference from the gradient by hand",
        ("gradient", "numbers", "largest", *(f"{way}: difference" for way in list(ways)[1:])),
        tuple(_summary(name, ways) for name in (*ACTIVATIONS, "delta z", *WEIGHTS)),
    )
    yield Note(
        f"Central differences use a step of {STEP:g} in float64, so they are good to about 1e-10;"
        " the other ways differ by rounding alone. Our layer keeps the gradients of the"
        " pre-activations (delta z) to itself; summed over t they are its bias gradient."
    )


def _rows(
    case: Case, name: str, short: dict[str, Gradients], ways: dict[str, Gradients]
) -> Iterator[tuple[Cell, ...]]:
    for place in np.ndindex(ways["by hand"][name].shape):
        found = [float(way[name][place]) if name in way else None for way in ways.values()]
        numbers = [number for number in found if number is not None]
        label, at = _place(case, name, place)
        shortened = [float(way[name][place]) for way in short.values()]
        yield label, at, *shortened, *found, max(numbers) - min(numbers)


def _place(case: Case, name: str, place: tuple[int, ...]) -> tuple[str, str]:
    """How a number is called: ("W_xi", "row 1, column 2"), ("delta c", "t 1, cell 2")."""
    if name in ACTIVATIONS:
        return name, f"t {place[0] + 1}, cell {place[1] + 1}"
    row = place[0]
    if name != "w_y":
        gate, row = divmod(place[0], case.layer.hidden)
        name += GATES[gate] if name != "b" else f"_{GATES[gate]}"
    return name, ", ".join(
        f"{axis} {number + 1}"
        for axis, number in zip(("row", "column"), (row, *place[1:]), strict=False)
    )


def _summary(name: str, ways: dict[str, Gradients]) -> tuple[Cell, ...]:
    ours, *others = ways.values()
    differences = [
        float(np.abs(way[name] - ours[name]).max()) if name in way else None for way in others
    ]
    return name, int(ours[name].size), float(np.abs(ours[name]).max()), *differences


def _matrix(title: str, values: Array) -> Matrix:
    return Matrix(title, tuple(tuple(float(value) for value in row) for row in values))
