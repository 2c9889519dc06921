"""The gradients of an LSTM cell: derived, filled with numbers, checked in four ways.

In: the size of a cell, a seed. Out: `records.Explanation`. The formulas come from `derivation`,
the numbers from `case` and `autograd`. Sources: Hochreiter and Schmidhuber 1997; Gers,
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
    DIFFERENCE_STEP,
    GATES,
    WEIGHTS,
    Case,
    ForwardPass,
    GradientFunction,
    Gradients,
    Loss,
    by_differences,
    by_hand,
    by_layer,
    run_forward,
)
from quatrain.explain.lstm_gradients.exactness import (
    activation_parts,
    later_step_parts,
    loss_term_parts,
)
from quatrain.explain.lstm_gradients.formulas import cell_gradient, gate_gradients, slopes
from quatrain.explain.lstm_gradients.notation import CandidateName, Notation
from quatrain.layers.shapes import Array
from quatrain.records import Cell, Explanation, Heading, Heatmap, Matrix, Note, Part, Table

MOST_LISTED = 120
"""Most numbers shown one by one; for a larger cell each quantity has one row."""

_MOST_MARKED = 8
"""Most steps of a picture whose numbers are written into its cells."""


def gradients(
    *,
    hidden: int = 2,
    inputs: int = 2,
    steps: int = 1,
    seed: int = 0,
    target: float = 1,
    loss: Loss = "binary",
    autograd: GradientFunction | None = by_autograd,
    candidate: CandidateName = "g",
) -> Explanation:
    """Derive the gradients of one LSTM cell, and compute them in four ways.

    Each gradient is computed by hand, by our own layer, by torch's autograd and by central
    differences, in float64. The explanation then shows, with numbers, when the short formulas
    are exact: for the activation of a gate, for the loss at t alone, for a cross-entropy with
    both terms.

    Args:
        hidden: cells, 1 to 8.
        inputs: size of an input vector, 1 to 8.
        steps: number of inputs, 1 to 20, each followed by a loss.
        seed: seed of the weights and inputs, 0 or above.
        target: y at every step: 0 to 1, or a class from 0 to 2 for softmax.
        loss: "binary" (cross-entropy of a sigmoid), "softmax" (of three classes), or
            "log-only": -y log(y_hat) without the second term.
        autograd: computes the column of automatic differentiation; None leaves it empty.
        candidate: how the candidate is written: "g", or "c", which has a tilde.

    Raises:
        SettingsError: a size, the seed or the target is out of range, or the loss or the
            candidate's name is unknown.
    """
    notation = Notation(candidate)
    case = Case.random(
        hidden=hidden, inputs=inputs, steps=steps, seed=seed, target=target, loss=loss
    )
    forward = run_forward(case)
    parts: list[Part] = [
        Note(
            "One LSTM cell, a sigmoid or softmax on top, and a loss at every step. After Hochreiter"
            " and Schmidhuber 1997, Gers, Schmidhuber and Cummins 2000, and Graves and Schmidhuber"
            " 2005."
        ),
        Heading("The cell"),
        *derivation.forward(notation),
        Heading("The loss"),
        *derivation.prediction(loss),
        Heading("Backward pass for the loss at t alone"),
        Note(
            "delta k is the gradient of the loss with respect to k; * multiplies elements pairwise."
        ),
        *derivation.backward(loss, notation),
        Heading("Full backward pass"),
        *derivation.through_time(notation),
        Heading("With numbers"),
        *_given_numbers(case, forward, notation),
        *_numeric_formulas(case, forward, notation),
        _deltas(case, notation),
        Heading("The four ways compared"),
        *_comparison(case, autograd, notation),
        Heading("When the short form is exact"),
        *activation_parts(case, notation),
        *later_step_parts(
            Case.random(
                hidden=hidden,
                inputs=inputs,
                steps=max(steps, 2),
                seed=seed,
                target=target,
                loss=loss,
            ),
            notation,
        ),
        *loss_term_parts(case),
    ]
    length = "one step" if steps == 1 else f"{steps} steps"
    return Explanation(f"The gradients of an LSTM of {hidden} cells, {length}", tuple(parts))


def _given_numbers(case: Case, forward: ForwardPass, notation: Notation) -> Iterator[Part]:
    """Show the weights, the inputs, and the forward pass."""
    size = case.layer.hidden
    rows = f"rows: {notation.gates}, {size} each"
    yield Matrix.of(f"W_x ({rows})", case.layer.weight_input)
    yield Matrix.of(f"W_h ({rows})", case.layer.weight_hidden)
    yield Matrix.of(f"b, as a row ({notation.gates}, {size} each)", case.layer.bias[None])
    yield Matrix.of("w_y", case.output)
    yield Matrix.of("x_t (a row per step)", case.inputs)
    columns = (
        forward.before,
        forward.cell_before,
        *(forward.gates[name] for name in GATES),
        forward.cell,
        np.tanh(forward.cell),
        forward.hidden,
    )
    yield Table(
        "The forward pass",
        ("t", "cell", "h_{t-1}", "c_{t-1}", *map(notation.of, GATES), "c", "tanh c", "h"),
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
            (t + 1, k + 1, float(forward.prediction[t, k]), float(forward.error[t, k]))
            for t in range(case.steps)
            for k in range(len(case.output))
        ),
    )


def _numeric_formulas(case: Case, forward: ForwardPass, notation: Notation) -> Iterator[Part]:
    """Show the short formulas of the first cell at the last step, with numbers."""
    t = case.steps - 1
    yield Note(f"The first cell at t = {t + 1}, the last step, to which no gradient comes back:")

    def symbol(name: str, values: Array, in_latex: str) -> Symbol:
        return Symbol(f"{name}_1", float(values[t, 0]), in_latex)

    terms: list[Expression] = []
    for k, weights in enumerate(case.output):
        mark = f"_{k + 1}" if len(case.output) > 1 else ""
        y_hat = Symbol(f"y_hat{mark}", float(forward.prediction[t, k]), rf"\hat y{mark}")
        index = f"{k + 1}1" if mark else "1"
        weight = Symbol(f"w_y{index}", float(weights[0]), f"w_{{y{index}}}")
        target = float(k == case.target) if mark else case.target
        y = Symbol(f"y{mark}", int(target) if target == int(target) else target, f"y{mark}")
        # -y (1 - y_hat) is written y (y_hat - 1): the same number, without a sign in front.
        error = y * (y_hat - 1) if case.loss == "log-only" else y_hat - y
        terms.append(error * weight)
    delta_h = total(*terms)
    squashed = symbol("tanh c", np.tanh(forward.cell), r"(\tanh c_1)")
    gates = {
        name: symbol(notation.of(name), forward.gates[name], f"{notation.latex_of(name)}_1")
        for name in GATES
    }
    before = Symbol("c_{t-1},1", float(forward.cell_before[t, 0]), r"c_{t-1,1}")
    delta_c = cell_gradient(delta_h, gates, squashed)
    of_gates = gate_gradients(delta_h, delta_c, gates, before, squashed)
    for name, expression in {"h": delta_h, "c": delta_c, **of_gates}.items():
        yield expression.formula(f"delta {notation.of(name)}_1")
    for name, slope in slopes(gates).items():
        delta = Symbol(
            f"delta {notation.of(name)}_1",
            float(of_gates[name].value),
            rf"\delta {notation.latex_of(name)}_1",
        )
        yield (delta * slope).formula(f"delta {notation.of(f'z_{name}')},1")


def _deltas(case: Case, notation: Notation) -> Heatmap:
    """Draw the gradients of the activations: a row for each cell, a column for each step."""
    gradients, _ = by_hand(case)
    rows = [
        (
            f"{notation.of(name)}, cell {cell + 1}" if case.layer.hidden > 1 else notation.of(name),
            gradients[name][:, cell],
        )
        for name in ACTIVATIONS
        for cell in range(case.layer.hidden)
    ]
    marked = case.steps <= _MOST_MARKED
    return Heatmap(
        "gradient-deltas",
        "The gradients of the activations at each step, with what comes back from later steps",
        "step t",
        "",
        "gradient",
        tuple(str(t + 1) for t in range(case.steps)),
        tuple(label for label, _ in rows),
        tuple(tuple(map(float, values)) for _, values in rows),
        diverging=True,
        marks=tuple(tuple(f"{value:.2g}" for value in values) for _, values in rows)
        if marked
        else (),
    )


def _comparison(
    case: Case, autograd: GradientFunction | None, notation: Notation
) -> Iterator[Part]:
    """Compare every gradient as computed in each way."""
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
        ("Gradients of the activations", ACTIVATIONS),
        ("Gradients of the weights", WEIGHTS),
    ):
        rows = [row for name in names for row in _rows(case, name, short, ways, notation)]
        if len(rows) <= MOST_LISTED:
            columns = ("gradient", "at", *short, *ways, "largest difference")
            yield Table(title, columns, tuple(rows))
    yield Table(
        "Largest difference from the gradient by hand",
        ("gradient", "numbers", "largest", *(f"{way}: difference" for way in list(ways)[1:])),
        tuple(_summary(name, ways, notation) for name in (*ACTIVATIONS, "delta z", *WEIGHTS)),
    )
    yield Note(
        f"Central differences use a step of {DIFFERENCE_STEP:g} in float64, so they are accurate to"
        " about 1e-10; the other ways differ only by rounding. Our layer doesn't return the"
        " gradients of the pre-activations (delta z); summed over t they are its bias gradient."
    )


def _rows(
    case: Case,
    name: str,
    short: dict[str, Gradients],
    ways: dict[str, Gradients],
    notation: Notation,
) -> Iterator[tuple[Cell, ...]]:
    for index in np.ndindex(ways["by hand"][name].shape):
        results = [float(way[name][index]) if name in way else None for way in ways.values()]
        numbers = [number for number in results if number is not None]
        label, at = _label(case, name, index)
        shortened = [float(way[name][index]) for way in short.values()]
        yield notation.of(label), at, *shortened, *results, max(numbers) - min(numbers)


def _label(case: Case, name: str, index: tuple[int, ...]) -> tuple[str, str]:
    """Return the label of a number: ("W_xi", "row 1, column 2"), ("delta c", "t 1, cell 2")."""
    if name in ACTIVATIONS:
        return name, f"t {index[0] + 1}, cell {index[1] + 1}"
    row = index[0]
    if name != "w_y":
        gate, row = divmod(index[0], case.layer.hidden)
        name += GATES[gate] if name != "b" else f"_{GATES[gate]}"
    return name, ", ".join(
        f"{axis} {number + 1}"
        for axis, number in zip(("row", "column"), (row, *index[1:]), strict=False)
    )


def _summary(name: str, ways: dict[str, Gradients], notation: Notation) -> tuple[Cell, ...]:
    ours, *others = ways.values()
    differences = [
        float(np.abs(way[name] - ours[name]).max()) if name in way else None for way in others
    ]
    return notation.of(name), int(ours[name].size), float(np.abs(ours[name]).max()), *differences
