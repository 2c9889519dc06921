"""When the short form of an LSTM's gradients is exact, and when not, with numbers.

In: a `case.Case`. Out: parts of the explanation that `checked` makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from quatrain.explain.lstm_gradients.case import (
    ACTIVATIONS,
    GATES,
    STEP,
    WEIGHTS,
    Case,
    Loss,
    by_differences,
    by_hand,
    error_of,
    loss_of,
    read,
)
from quatrain.layers import sigmoid, softmax
from quatrain.layers.shapes import Array
from quatrain.records import Cell, Equation, Note, Part, Table


def activation_or_not(case: Case) -> Iterator[Part]:
    """The short form is for the activation; the pre-activation adds sigma'."""
    reading, found = read(case), by_hand(case)[0]
    measured = by_differences(case, "delta z")["delta z"]
    t, size = case.steps - 1, case.layer.hidden
    rows: list[tuple[Cell, ...]] = []
    for position, gate in enumerate(GATES):
        for j in range(size):
            value = float(reading.gates[gate][t, j])
            slope = 1 - value**2 if gate == "g" else value * (1 - value)
            place = position * size + j
            row = (found[f"delta {gate}"][t, j], slope, found["delta z"][t, place])
            rows.append((gate, j + 1, *map(float, row), float(measured[t, place])))
    yield Equation(
        "1. delta k_t is the gradient at the activation k_t, not at the pre-activation z_k",
        r"\delta z_k = \delta k_t \odot \sigma'(z_k), \quad \sigma' = k_t (1 - k_t) \le \tfrac14",
        "the weights hear delta z",
    )
    yield Table(
        f"Activation and pre-activation at t = {t + 1}",
        ("gate", "cell", "delta k", "sigma' or tanh'", "delta z", "delta z, central differences"),
        tuple(rows),
    )
    delta, value = float(found["delta i"][t, 0]), float(reading.gates["i"][t, 0])
    yield Note(
        "For the input gate of cell 1, delta i taken for the gradient of the pre-activation would"
        f" be {1 / (value * (1 - value)):.3g} times too large; sigma' is never above 1/4, so for"
        " i, f and o it is always at least 4 times."
        if delta
        else "The gradient of the input gate of cell 1 is 0: nothing to compare."
    )


def later_steps(case: Case) -> Iterator[Part]:
    """What the short form leaves out at the first of several steps, at least two."""
    full, paths = by_hand(case)
    short = by_hand(case, through_time=False)[0]
    measured = by_differences(case, *ACTIVATIONS)
    reading = read(case)
    tanh_c = np.tanh(reading.cell)
    # What of delta c each activation's gradient is made of; delta o does not pass by the cell.
    factors = {
        "delta c": np.ones_like(tanh_c),
        "delta i": reading.gates["g"],
        "delta f": reading.cell_before,
        "delta g": reading.gates["i"],
    }
    rows: list[tuple[Cell, ...]] = []
    for name in ("delta c", "delta o", "delta i", "delta f", "delta g"):
        for j in range(case.layer.hidden):
            if name == "delta o":
                at_loss = short["delta h"][0, j] * tanh_c[0, j]
                ways = (at_loss, 0.0, full["delta o"][0, j] - at_loss)
            else:
                factor = factors[name][0, j]
                ways = tuple(
                    path[0, j] * factor for path in (paths.loss, paths.cell, paths.recurrent)
                )
            rows.append(
                (
                    name,
                    j + 1,
                    *map(float, ways),
                    float(full[name][0, j]),
                    float(measured[name][0, j]),
                )
            )
    yield Equation(
        "2. The short form counts the loss at t alone; the loss at later steps adds"
        " delta c_{t+1} * f_{t+1} and, through h_t, W_h^T delta z at t+1",
        r"\delta c_t = \delta h_t \odot o_t \odot (1 - \tanh^2 c_t) + \delta c_{t+1} \odot f_{t+1}",
        f"the same cell, read for {case.steps} steps",
    )
    yield Table(
        f"Where it comes from, at t = 1 of {case.steps}",
        (
            "gradient",
            "cell",
            "loss at t (short form)",
            "back through c_{t+1} f_{t+1}",
            "back through h_t",
            "all of it",
            "central differences",
        ),
        tuple(rows),
    )
    yield Table(
        "How far the short form is off: norm of (short - full) / norm of full",
        ("t", *ACTIVATIONS),
        tuple(
            (t + 1, *(_off(short[name][t], full[name][t]) for name in ACTIVATIONS))
            for t in range(case.steps)
        ),
    )
    yield Table(
        "The same for the weights, which sum over t",
        WEIGHTS,
        (tuple(_off(short[name], full[name]) for name in WEIGHTS),),
    )
    first, weights = _off(short["delta c"][0], full["delta c"][0]), _off(short["W_h"], full["W_h"])
    yield Note(
        f"At t = {case.steps}, the last step, the short form is exact."
        + (
            " Every gradient is 0 here: the loss pushes nothing."
            if first is None or weights is None
            else f" At t = 1 it is off by {first:.1%} of delta c, and the gradient of W_h made of"
            f" it by {weights:.1%}."
        )
        + " The gradient of w_y is exact: no later step hears the output."
    )


def _off(short: Array, full: Array) -> float | None:
    """Relative distance; None where there is no gradient."""
    size = float(np.linalg.norm(full))
    return float(np.linalg.norm(short - full)) / size if size else None


def error_terms(case: Case) -> Iterator[Part]:
    """What the loss must be for y_hat - y, at the last step's score."""
    scores = case.output @ read(case).hidden[-1]
    score = scores[:1]
    y_hat = float(sigmoid(score)[0])
    yield Equation(
        "3. (y_hat - y) needs both terms of the cross-entropy, or softmax;"
        " -y log(y_hat) alone gives -y (1 - y_hat)",
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
                float(error_of("log-only", sigmoid(score), y)[0]),
                _slope("log-only", score, y),
            )
            for y in targets
        ),
    )
    # Two classes with scores 0 and s are the sigmoid of s.
    several = scores if case.loss == "softmax" else np.array([0.0, float(score[0])])
    wanted = round(case.target)
    yield Table(
        f"The same for softmax over {len(several)} classes, class {wanted + 1} being right",
        ("class", "y", "y_hat", "y_hat - y", "central differences"),
        tuple(
            (
                k + 1,
                int(k == wanted),
                float(softmax(several)[k]),
                float(error_of("softmax", softmax(several), wanted)[k]),
                _slope("softmax", several, wanted, k),
            )
            for k in range(len(several))
        ),
    )
    yield Note(
        f"With y = 0 both terms push the score down with {y_hat:.4g}; -y log(y_hat) alone gives"
        " exactly 0: a network trained on it learns nothing from what is false, and saying yes"
        " to everything costs it nothing. With y = 1 the two agree."
    )


def _slope(loss: Loss, scores: Sequence[float] | Array, target: float, place: int = 0) -> float:
    """Central difference of the loss over one score."""
    step = np.zeros(len(scores))
    step[place] = STEP
    above = loss_of(loss, np.asarray(scores) + step, target)
    return (above - loss_of(loss, np.asarray(scores) - step, target)) / (2 * STEP)
