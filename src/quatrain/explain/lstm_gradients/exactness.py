"""Limits of the short form of an LSTM's gradients: where it is exact, with numbers.

In: a `case.Case`. Out: parts of the explanation that `report` puts together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from quatrain.explain.lstm_gradients.case import (
    ACTIVATIONS,
    DIFFERENCE_STEP,
    GATES,
    WEIGHTS,
    Case,
    Gradients,
    Loss,
    Paths,
    by_differences,
    by_hand,
    loss_value,
    run_forward,
    score_gradient,
)
from quatrain.explain.lstm_gradients.notation import Notation
from quatrain.layers import sigmoid, softmax
from quatrain.layers.shapes import Array
from quatrain.records import Cell, Equation, Note, Part, Table


def activation_parts(case: Case, notation: Notation) -> Iterator[Part]:
    """Show that the short form is for the activation; the pre-activation adds sigma'."""
    reading, gradients = run_forward(case), by_hand(case)[0]
    differences = by_differences(case, "delta z")["delta z"]
    t, size = case.steps - 1, case.layer.hidden
    rows: list[tuple[Cell, ...]] = []
    for position, gate in enumerate(GATES):
        for j in range(size):
            value = float(reading.gates[gate][t, j])
            slope = 1 - value**2 if gate == "g" else value * (1 - value)
            place = position * size + j
            row = (gradients[f"delta {gate}"][t, j], slope, gradients["delta z"][t, place])
            rows.append((notation.of(gate), j + 1, *map(float, row), float(differences[t, place])))
    yield Note("1. delta k_t is the gradient at the activation k_t, not at the pre-activation z_k.")
    yield Equation(
        "delta z_k = delta k_t * sigma'(z_k), sigma' = k_t (1 - k_t) <= 1/4",
        r"\delta z_k = \delta k_t \odot \sigma'(z_k), \quad \sigma' = k_t (1 - k_t) \le \tfrac14",
        "the gradient of the weights uses delta z",
    )
    yield Table(
        f"Activation and pre-activation at t = {t + 1}",
        ("gate", "cell", "delta k", "sigma' or tanh'", "delta z", "delta z, central differences"),
        tuple(rows),
    )
    delta, value = float(gradients["delta i"][t, 0]), float(reading.gates["i"][t, 0])
    yield Note(
        "For the input gate of cell 1, using delta i as the gradient of the pre-activation would be"
        f" {1 / (value * (1 - value)):.3g} times too large. sigma' is at most 1/4, so for i, f and"
        " o the factor is always at least 4."
        if delta
        else "The gradient of the input gate of cell 1 is 0: nothing to compare."
    )


def later_step_parts(case: Case, notation: Notation) -> Iterator[Part]:
    """Show what the short form leaves out at the first of several steps, at least two."""
    yield Note(
        "2. The short form counts the loss at t alone. The loss at later steps adds the second term"
        " here and, through h_t, W_h^T delta z at t+1 to delta h_t."
    )
    yield Equation(
        "delta c_t = delta h_t * o_t * (1 - tanh^2(c_t)) + delta c_{t+1} * f_{t+1}",
        r"\delta c_t = \delta h_t \odot o_t \odot (1 - \tanh^2 c_t) + \delta c_{t+1} \odot f_{t+1}",
        f"the same cell, read for {case.steps} steps",
    )
    full, paths = by_hand(case)
    short = by_hand(case, through_time=False)[0]
    yield _origin_table(case, full, short, paths, notation)
    yield Table(
        "Error of the short form: norm of (short - full) / norm of full",
        ("t", *map(notation.of, ACTIVATIONS)),
        tuple(
            (t + 1, *(_relative_error(short[name][t], full[name][t]) for name in ACTIVATIONS))
            for t in range(case.steps)
        ),
    )
    yield Table(
        "The same for the weights, which sum over t",
        WEIGHTS,
        (tuple(_relative_error(short[name], full[name]) for name in WEIGHTS),),
    )
    first = _relative_error(short["delta c"][0], full["delta c"][0])
    weights = _relative_error(short["W_h"], full["W_h"])
    yield Note(
        f"At t = {case.steps}, the last step, the short form is exact."
        + (
            " Every gradient is 0 here: the loss doesn't depend on the score."
            if first is None or weights is None
            else f" At t = 1 it misses {first:.1%} of delta c, and the gradient of W_h computed"
            f" from it is off by {weights:.1%}."
        )
        + " The gradient of w_y is exact, because no later step reads the output."
    )


def _origin_table(
    case: Case, full: Gradients, short: Gradients, paths: Paths, notation: Notation
) -> Table:
    """Tabulate the paths by which each gradient at t = 1 arrives."""
    differences = by_differences(case, *ACTIVATIONS)
    forward = run_forward(case)
    tanh_c = np.tanh(forward.cell)
    # Each of these gradients is delta c times a factor; delta o does not pass through the cell.
    factors = {
        "delta c": np.ones_like(tanh_c),
        "delta i": forward.gates["g"],
        "delta f": forward.cell_before,
        "delta g": forward.gates["i"],
    }
    rows: list[tuple[Cell, ...]] = []
    for name in ("delta c", "delta o", "delta i", "delta f", "delta g"):
        for j in range(case.layer.hidden):
            if name == "delta o":
                at_loss = short["delta h"][0, j] * tanh_c[0, j]
                shares = (at_loss, 0.0, full["delta o"][0, j] - at_loss)
            else:
                factor = factors[name][0, j]
                shares = tuple(
                    path[0, j] * factor for path in (paths.loss, paths.cell, paths.recurrent)
                )
            numbers = (*shares, full[name][0, j], differences[name][0, j])
            rows.append((notation.of(name), j + 1, *map(float, numbers)))
    return Table(
        f"Where each gradient comes from, at t = 1 of {case.steps}",
        (
            "gradient",
            "cell",
            "loss at t (short form)",
            "back through c_{t+1} f_{t+1}",
            "back through h_t",
            "total",
            "central differences",
        ),
        tuple(rows),
    )


def _relative_error(short: Array, full: Array) -> float | None:
    """Return the relative distance, or None if the gradient is 0."""
    size = float(np.linalg.norm(full))
    return float(np.linalg.norm(short - full)) / size if size else None


def loss_term_parts(case: Case) -> Iterator[Part]:
    """Show which losses give y_hat - y at the last step's score, and which doesn't."""
    scores = case.output @ run_forward(case).hidden[-1]
    score = scores[:1]
    y_hat = float(sigmoid(score)[0])
    yield Note("3. (y_hat - y) needs both terms of the cross-entropy, or softmax.")
    yield Equation(
        "d/ds (-y log(sigma(s))) = -y (1 - y_hat), not y_hat - y unless y = 1",
        r"\frac{\partial}{\partial s} (-y \log \sigma(s)) = -y (1 - \hat y)"
        r" \ne \hat y - y \text{ unless } y = 1",
    )
    targets = sorted({0.0, 0.5, 1.0} | ({float(case.target)} if case.loss != "softmax" else set()))
    yield Table(
        f"Gradient at the score s = {float(score[0]):.4g}, y_hat = {y_hat:.4g}",
        (
            "y",
            "y_hat - y",
            "both terms, central differences",
            "-y (1 - y_hat)",
            "-y log(y_hat) alone, central differences",
        ),
        tuple(
            (
                y,
                y_hat - y,
                _slope("binary", score, y),
                float(score_gradient("log-only", sigmoid(score), y)[0]),
                _slope("log-only", score, y),
            )
            for y in targets
        ),
    )
    # Two classes with scores 0 and s are the sigmoid of s.
    several = scores if case.loss == "softmax" else np.array([0.0, float(score[0])])
    target = round(case.target)
    yield Table(
        f"The same for softmax over {len(several)} classes; the target is class {target + 1}",
        ("class", "y", "y_hat", "y_hat - y", "central differences"),
        tuple(
            (
                k + 1,
                int(k == target),
                float(softmax(several)[k]),
                float(score_gradient("softmax", softmax(several), target)[k]),
                _slope("softmax", several, target, k),
            )
            for k in range(len(several))
        ),
    )
    yield Note(
        f"With y = 0, both terms together have a gradient of {y_hat:.4g} and push the score down;"
        " -y log(y_hat) alone has a gradient of exactly 0. A network trained on it learns nothing"
        " from negative examples and can say yes to everything at no cost. With y = 1 the two"
        " agree."
    )


def _slope(loss: Loss, scores: Sequence[float] | Array, target: float, place: int = 0) -> float:
    """Return the central difference of the loss over one score."""
    step = np.zeros(len(scores))
    step[place] = DIFFERENCE_STEP
    above = loss_value(loss, np.asarray(scores) + step, target)
    return (above - loss_value(loss, np.asarray(scores) - step, target)) / (2 * DIFFERENCE_STEP)
