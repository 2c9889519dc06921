"""Questions on gradients that vanish or explode: factors, spectral radii, clipping."""

from __future__ import annotations

import math

import numpy as np

from quatrain.explain.arithmetic.expression import Symbol
from quatrain.explain.exercises.building import (
    Problems,
    Topic,
    mistakes,
    number_question,
)
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.layers import sigmoid
from quatrain.records import Equation, Matrix, Note, Question

_FATES = ("vanishes", "explodes", "neither")

_NEAR_ONE = 0.05
"""Distance from 1 within which a factor is taken to do neither over the steps of a question."""


def _problems(draw: NumberStream, level: int) -> Problems:
    if level == 1:
        return _one_number(draw)
    if level == 2:
        return _gates(draw)
    return _matrix(draw)


def _one_number(draw: NumberStream) -> Problems:
    """A recurrent network of one number, without a nonlinearity."""
    weight = draw.choice((0.5, 0.6, 0.7, 0.8, 0.9, 1.1, 1.2, 1.3, 1.5))
    steps, limit = draw.whole(8, 25), 1000
    w, t = Symbol("w", weight, "w"), Symbol("T", steps, "T")
    needed = math.ceil(math.log(limit) / abs(math.log(weight)))
    change = f"{limit} times {'smaller' if weight < 1 else 'larger'}"
    return Problems(
        (
            number_question(
                f"By what factor is the gradient at h_0 different from that at h_T, for T = {steps}"
                "?",
                "factor",
                w**t,
                ("the steps are multiplied instead of taken as a power", w * t),
                ("one step is left out", w ** (steps - 1)),
                ("one step is counted twice", w ** (steps + 1)),
                (
                    "the gates' bound of 1/4 is multiplied, though there is no sigmoid",
                    0.25**steps * w**t,
                ),
            ),
            Question(
                0,
                f"After how many steps is the gradient for the first time at least {change}?",
                "whole number",
                needed,
                mistakes(
                    ("the number of steps is rounded down", needed - 1),
                    (
                        "logarithms of base 10 and e are mixed",
                        math.ceil(math.log10(limit) / abs(math.log(weight))),
                    ),
                    (
                        "the change per step is multiplied, not compounded",
                        math.ceil(limit / abs(weight - 1)),
                    ),
                ),
                (
                    Equation(
                        f"log {limit} / |log {weight:g}| = "
                        f"{math.log(limit) / abs(math.log(weight)):.4g}, rounded up: {needed}",
                        rf"\frac{{\log {limit}}}{{|\log {weight:g}|}} = "
                        rf"{math.log(limit) / abs(math.log(weight)):.4g}",
                        "the factor compounds",
                    ),
                ),
            ),
            _fate_question("Over many steps, what does this gradient do", weight),
        ),
        (
            Note(
                f"A recurrent network of one number and no nonlinearity: h_t = w h_(t-1) + x_t, "
                f"with w = {weight:g}. The loss depends on h_T alone."
            ),
        ),
    )


def _gates(draw: NumberStream) -> Problems:
    """A sigmoid network's bound, and an LSTM's forget gate."""
    weight, steps = draw.choice((1.5, 2.0, 2.5, 3.0)), draw.whole(5, 12)
    bias = draw.choice((1.0, 1.5, 2.0, 2.5, 3.0, 4.0))
    back = draw.whole(10, 60)
    forget = float(sigmoid(np.asarray(bias)))
    w, t = Symbol("w", weight, "w"), Symbol("T", steps, "T")
    f, s = Symbol("f", forget, "f"), Symbol("S", back, "S")
    return Problems(
        (
            number_question(
                f"A recurrent network has one number: h_t = sigma(w h_(t-1) + x_t) with w = "
                f"{weight:g}. What is the largest factor that can reach h_0 from h_T, for T = "
                f"{steps}?",
                "largest factor",
                (w / Symbol("4", 4, "4")) ** t,
                ("sigma' is missing", w**t),
                ("w is missing", Symbol("1/4", 0.25, r"\tfrac14") ** t),
                (
                    "sigma is taken for its derivative: 1/2 instead of 1/4",
                    (w / Symbol("2", 2, "2")) ** t,
                ),
                ("one step is left out", (w / Symbol("4", 4, "4")) ** (steps - 1)),
            ),
            _fate_question(
                "What does that factor do over many steps",
                weight / 4,
                ("sigma' is missing", weight),
            ),
            number_question(
                f"An LSTM's forget gate stays at f = sigma(b) with b = {bias:g}. By what factor "
                f"does the cell's own path change a gradient over S = {back} steps?",
                "factor",
                f**s,
                ("the bias is taken for the gate", Symbol("b", bias, "b") ** s),
                ("sigma' is taken instead of sigma", (f * (1 - f)) ** s),
                ("the steps are multiplied instead of taken as a power", f * s),
                ("the part forgotten is taken, 1 - f", (1 - f) ** s),
                steps=(Note(f"f = sigma({bias:g}) = {forget:.6g}"),),
            ),
            number_question(
                "After how many steps has the cell's own path halved a gradient? A fraction of a "
                "step is meant.",
                "steps to a half",
                Symbol("log 2", math.log(2), r"\log 2")
                / Symbol("-log f", -math.log(forget), r"-\log f"),
                ("the change per step is multiplied, not compounded", 0.5 / (1 - forget)),
                ("log 2 is left out: that is a factor of e", -1 / math.log(forget)),
            ),
        )
    )


def _matrix(draw: NumberStream) -> Problems:
    """A recurrent network of two numbers, and a gradient that is clipped."""
    largest = draw.choice((0.7, 0.8, 0.9, 1.1, 1.2, 1.3))
    other = draw.choice((0.2, 0.3, 0.4, 0.5))
    corner, steps = draw.choice((1.0, 2.0, 3.0)), draw.whole(6, 20)
    weights = np.array([[largest, corner], [0.0, other]])
    radius = float(max(abs(np.linalg.eigvals(weights))))
    norm = float(np.linalg.norm(weights, 2))
    rho, t = Symbol("radius", radius, r"\rho"), Symbol("T", steps, "T")
    return Problems(
        (
            number_question(
                "What is the spectral radius of W: the largest absolute value of an eigenvalue?",
                "spectral radius",
                rho,
                ("the smallest eigenvalue is taken", other),
                ("the eigenvalues are added: that is the trace", largest + other),
                ("they are multiplied: that is the determinant", largest * other),
                ("the largest singular value is taken, the norm", norm),
                ("the largest entry is taken", float(weights.max())),
                steps=(Note("W is triangular: its eigenvalues are the numbers of its diagonal."),),
            ),
            _fate_question(
                "Over many steps, what does the gradient do",
                radius,
                ("the norm is taken for the spectral radius", norm),
            ),
            number_question(
                f"How does the largest eigenvalue change a gradient along its eigenvector over "
                f"T = {steps} steps? Give the factor.",
                "factor",
                rho**t,
                ("the steps are multiplied instead of taken as a power", rho * t),
                ("the norm of W is taken for the spectral radius", norm**steps),
                ("the smallest eigenvalue is taken", other**steps),
                ("one step is left out", rho ** (steps - 1)),
            ),
            _clipping_question(draw),
        ),
        (
            Note("A recurrent network of two numbers without a nonlinearity: h_t = W h_(t-1)."),
            Matrix.of("W", weights.tolist()),
        ),
    )


def _clipping_question(draw: NumberStream) -> Question:
    """Ask for the first number of a gradient that is clipped by its norm."""
    gradient = [draw.decimal(3, 9, 1), draw.choice((-1, 1)) * draw.decimal(3, 9, 1)]
    limit = draw.choice((1.0, 2.0, 4.0))  # always below the norm, which is at least 3 sqrt 2
    length = math.hypot(*gradient)
    scale = Symbol("limit", limit, r"\theta") / Symbol("norm", length, r"\Vert g \Vert")
    first = Symbol("g_1", gradient[0], "g_1")
    return number_question(
        f"The gradient g = ({gradient[0]:g}, {gradient[1]:g}) is clipped to a norm of {limit:g}. "
        "What is its first number after that?",
        "first number",
        first * scale,
        ("each number is clipped by itself", min(gradient[0], limit)),
        (
            "the sum of absolute values is taken for the norm",
            gradient[0] * limit / sum(map(abs, gradient)),
        ),
        ("the square of the norm is taken", gradient[0] * limit / length**2),
        ("the limit is forgotten: the gradient gets norm 1", gradient[0] / length)
        if limit != 1
        else ("the gradient is not clipped", gradient[0]),
        steps=(Note(f"The norm of g is {length:.6g}."),),
    )


def _fate(factor: float) -> str:
    if abs(factor - 1) <= _NEAR_ONE:
        return "neither"
    return "vanishes" if factor < 1 else "explodes"


def _fate_question(text: str, factor: float, *wrong: tuple[str, float]) -> Question:
    """Ask what many steps of a factor do; `wrong` has other factors and how one comes to them."""
    right = _fate(factor)
    cases = (
        *((mistake, _fate(other)) for mistake, other in wrong),
        ("below 1 and above 1 are exchanged", _fate(1 / factor)),
        ("a factor other than 1 is taken for one that keeps the gradient", _fate(1.0)),
    )
    return Question(
        0,
        f"{text}: {_FATES[0]}, {_FATES[1]} or neither?",
        "choice",
        right,
        mistakes(*(case if case[1] != right else None for case in cases)),
        (Note(f"The factor of a step is {factor:.4g}: the gradient {right}."),),
        options=_FATES,
    )


GRADIENTS = Topic(
    "gradients",
    "When gradients vanish or explode",
    (
        "a factor over many steps, and when it vanishes or explodes",
        "the bound of a sigmoid, the path of an LSTM's cell",
        "the spectral radius of a matrix, and clipping",
    ),
    _problems,
)
