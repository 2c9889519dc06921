"""The LSTM cell: its parameters, its deltas in symbols and numbers, the short form.

The numbers come from `lstm_gradients.case.by_hand`, of a layer with one cell and one input.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from quatrain.explain.arithmetic import lstm as arithmetic
from quatrain.explain.arithmetic.expression import Expression, Symbol, total
from quatrain.explain.exercises.building import (
    Problems,
    Topic,
    mistakes,
    number_question,
    third_digit,
)
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.explain.exercises.topics.lstm_cell import (
    cell_steps,
    derivation,
    draw_case,
    draw_case_with_later_loss,
    formula_question,
    forward_table,
    later_steps,
    symbols_of,
    weight_table,
)
from quatrain.explain.lstm_gradients.case import (
    GATES,
    Case,
    Gradients,
    by_hand,
)
from quatrain.explain.lstm_gradients.derivation import through_time
from quatrain.records import Note, Question

_EXACT_AT = ("t = 1", "t = 2", "both", "neither")

_CELL = Note(
    "An LSTM with one cell and one input: z_k = w_k x + u_k h_prev + b_k for the gates i, f, o and "
    "the candidate g; i, f, o = sigma(z_i), sigma(z_f), sigma(z_o); g = tanh(z_g); "
    "c = f c_prev + i g; h = o tanh(c). The prediction is y_hat = sigma(w_y h), and the loss at "
    "each step is L = -y log(y_hat) - (1 - y) log(1 - y_hat). delta k is the gradient of the loss "
    "with respect to k."
)


def _problems(draw: NumberStream, level: int) -> Problems:
    case = draw_case_with_later_loss(draw) if level == 3 else draw_case(draw, 1)
    if level == 1:
        return Problems(_activations(case), (_CELL, forward_table(case)))
    if level == 2:
        return Problems(
            (_parameters(draw), *_preactivations(case)),
            (_CELL, forward_table(case), weight_table(case)),
        )
    return Problems(_through_time(draw, case), (_CELL, forward_table(case), weight_table(case)))


def _activations(case: Case) -> tuple[Question, ...]:
    """Ask for delta h, for two deltas in symbols, and for the others as numbers."""
    of = symbols_of(case, by_hand(case)[0])
    error = of["y_hat"] - of["y"]
    return (
        number_question(
            "What is delta h? Here the loss at this step is the only one.",
            "delta h",
            error * of["w_y"],
            ("the sign is turned: y - y_hat", (of["y"] - of["y_hat"]) * of["w_y"]),
            ("w_y is left out", error),
            (
                "sigma' is multiplied though the loss has cancelled it",
                error * of["w_y"] * of["y_hat"] * (1 - of["y_hat"]),
            ),
        ),
        formula_question(
            "Write delta o, with dh for delta h.",
            "dh * tanh(c)",
            derivation("delta o"),
            ("c is taken instead of tanh(c)", "dh * c"),
            ("o is taken instead of tanh(c)", "dh * o"),
            ("sigma' is included: that is the gradient of z_o", "dh * tanh(c) * o * (1 - o)"),
            ("the derivative of tanh is multiplied, as for the cell", "dh * o * (1 - tanh(c)^2)"),
        ),
        formula_question(
            "Write delta c, with dh for delta h.",
            "dh * o * (1 - tanh(c)^2)",
            derivation("delta c"),
            ("tanh' is missing", "dh * o"),
            ("the output gate is missing", "dh * (1 - tanh(c)^2)"),
            ("tanh(c) is taken instead of its derivative", "dh * o * tanh(c)"),
            (
                "the derivative of tanh is taken as 1 - tanh, without the square",
                "dh * o * (1 - tanh(c))",
            ),
            ("sigma' of the output gate is taken instead of tanh'", "dh * o * (1 - o)"),
        ),
        *_activation_numbers(of),
    )


def _activation_numbers(of: Mapping[str, Symbol]) -> tuple[Question, ...]:
    """Ask for the deltas of a single step as numbers."""
    dh, dc, i, f, g, o = (of[name] for name in ("dh", "dc", "i", "f", "g", "o"))
    slope = 1 - of["tanh(c)"] ** 2
    return (
        number_question(
            "What is delta c?",
            "delta c",
            dh * o * slope,
            ("tanh' is missing", dh * o),
            ("the output gate is missing", dh * slope),
            ("tanh(c) is taken instead of its derivative", dh * o * of["tanh(c)"]),
            ("c^2 is taken instead of tanh(c)^2", dh * o * (1 - of["c"] ** 2)),
        ),
        number_question(
            "What is delta o?",
            "delta o",
            dh * of["tanh(c)"],
            ("c is taken instead of tanh(c)", dh * of["c"]),
            ("tanh' is multiplied, as for the cell", dh * o * slope),
            ("sigma' is included: that is the gradient of z_o", dh * of["tanh(c)"] * o * (1 - o)),
        ),
        number_question(
            "What is delta i?",
            "delta i",
            dc * g,
            ("it is multiplied by i itself, not by g", dc * i),
            ("delta h is taken instead of delta c", dh * g),
            ("sigma' is included: that is the gradient of z_i", dc * g * i * (1 - i)),
            ("tanh' is missing in delta c", dh * o * g),
        ),
        number_question(
            "What is delta f?",
            "delta f",
            dc * of["c_prev"],
            ("the new cell is taken instead of the one before", dc * of["c"]),
            ("it is multiplied by f itself, not by c_prev", dc * f),
            ("delta h is taken instead of delta c", dh * of["c_prev"]),
            ("h_prev is taken instead of c_prev", dc * of["h_prev"]),
            ("sigma' is included: that is the gradient of z_f", dc * of["c_prev"] * f * (1 - f)),
        ),
    )


def _parameters(draw: NumberStream) -> Question:
    inputs, hidden = draw.whole(8, 60), draw.whole(10, 90)
    explanation = arithmetic.lstm(inputs, hidden)

    def count(explained: str) -> int:
        value = explanation[explained]
        return int(value) if not isinstance(value, tuple) else 0

    gate, right = count("one gate"), count("total")
    return Question(
        0,
        f"How many parameters does an LSTM layer of {inputs} inputs and {hidden} cells have, with "
        "one bias vector for each gate?",
        "whole number",
        right,
        mistakes(
            (
                "the other bias convention is used, PyTorch's two bias vectors",
                count("total with 2 bias vectors"),
            ),
            ("the biases are left out", right - 4 * hidden),
            ("one gate is counted instead of three gates and the candidate", gate),
            ("three gates are counted without the candidate", 3 * gate),
            ("the recurrent weights are left out", 4 * hidden * (inputs + 1)),
            ("the input weights are left out", 4 * hidden * (hidden + 1)),
            (
                "one bias is counted for each gate, not for each cell",
                4 * hidden * (inputs + hidden) + 4,
            ),
        ),
        tuple(explanation.formulas[name] for name in ("one gate", "four gates", "total")),
    )


def _preactivations(case: Case) -> tuple[Question, ...]:
    of = symbols_of(case, by_hand(case)[0])
    dc, i, f, g = (of[name] for name in ("dc", "i", "f", "g"))
    to_i = dc * g * i * (1 - i)
    return (
        formula_question(
            "Write delta z_i, the gradient before the sigmoid of the input gate, with dc for "
            "delta c.",
            "dc * g * i * (1 - i)",
            derivation("delta z_k"),
            ("sigma' is missing", "dc * g"),
            ("tanh' is taken instead of sigma'", "dc * g * (1 - i^2)"),
            ("sigma' is taken as 1 - i alone", "dc * g * (1 - i)"),
            ("the candidate g is missing", "dc * i * (1 - i)"),
            ("delta h is taken instead of delta c", "dh * g * i * (1 - i)"),
        ),
        formula_question(
            "Write delta z_g, the gradient before the tanh of the candidate, with dc for delta c.",
            "dc * i * (1 - g^2)",
            derivation("delta z_g"),
            ("tanh' is missing", "dc * i"),
            ("sigma' is taken instead of tanh'", "dc * i * g * (1 - g)"),
            ("tanh is applied to g again", "dc * i * (1 - tanh(g)^2)"),
            ("the square is missing in tanh'", "dc * i * (1 - g)"),
        ),
        number_question(
            "What is delta z_f? Find delta c first.",
            "delta z_f",
            dc * of["c_prev"] * f * (1 - f),
            ("sigma' is missing: that is delta f", dc * of["c_prev"]),
            ("the new cell is taken instead of the one before", dc * of["c"] * f * (1 - f)),
            ("delta h is taken instead of delta c", of["dh"] * of["c_prev"] * f * (1 - f)),
            ("tanh' is taken instead of sigma'", dc * of["c_prev"] * (1 - f**2)),
            ("tanh' is missing in delta c", of["dh"] * of["o"] * of["c_prev"] * f * (1 - f)),
            steps=cell_steps(of),
        ),
        number_question(
            "What is the gradient of the weight w_i, from the input to the input gate?",
            "gradient of w_i",
            to_i * of["x"],
            ("sigma' is missing", dc * g * of["x"]),
            ("the input x is missing: that is delta z_i", to_i),
            ("h_prev is taken instead of x: that is the gradient of u_i", to_i * of["h_prev"]),
            ("tanh' is taken instead of sigma'", dc * g * (1 - i**2) * of["x"]),
            ("tanh' is missing in delta c", of["dh"] * of["o"] * g * i * (1 - i) * of["x"]),
            steps=cell_steps(of),
        ),
    )


def _through_time(draw: NumberStream, case: Case) -> tuple[Question, ...]:
    full, paths = by_hand(case)
    short = by_hand(case, through_time=False)[0]
    first, second = symbols_of(case, short), symbols_of(case, full, 1)
    error = (first["y_hat"] - first["y"]) * first["w_y"]
    opened = first["o"] * (1 - first["tanh(c)"] ** 2)
    by_short_form = error * opened
    back = [
        Symbol(f"u_{gate}", float(case.layer.weight_hidden[k, 0]), f"u_{gate}")
        * Symbol(
            f"delta z_{gate} at t = 2", float(full["delta z"][1, k]), rf"\delta z_{{{gate},2}}"
        )
        for k, gate in enumerate(GATES)
    ]
    recurrent = total(*back) * opened
    next_cell = Symbol("dc at t = 2", float(full["delta c"][1, 0]), r"\delta c_2")
    by_cell = next_cell * Symbol("f at t = 2", second["f"].number, "f_2")
    right = by_short_form + by_cell + recurrent
    missed = abs(float(short["delta c"][0, 0] / full["delta c"][0, 0]) - 1)
    whole = number_question(
        "What is delta c at t = 1, with all that reaches it from the loss at t = 2?",
        "delta c at t = 1",
        right,
        ("the short form is used: nothing comes back from t = 2", by_short_form),
        ("the path through h is left out, W_h^T delta z", by_short_form + by_cell),
        ("the path through the cell is left out, delta c f", by_short_form + recurrent),
        (
            "the forget gate of t = 1 is taken instead of that of t = 2",
            by_short_form + next_cell * first["f"] + recurrent,
        ),
        (
            "sigma' and tanh' are missing in what comes back through h",
            float(paths.loss[0, 0] + paths.cell[0, 0]) + _without_slopes(case, full) * opened,
        ),
        steps=(*through_time(), *later_steps(second)),
    )
    share = _missed_share(missed, float(short["delta c"][0, 0]), float(full["delta c"][0, 0]))
    return (
        number_question(
            "What is delta c at t = 1 by the short form, from the loss at t = 1 alone?",
            "delta c at t = 1, short form",
            by_short_form,
            ("tanh' is missing", error * first["o"]),
            ("the full form is used", right),
            (
                "the numbers of t = 2 are used",
                (second["y_hat"] - second["y"])
                * second["w_y"]
                * second["o"]
                * (1 - second["tanh(c)"] ** 2),
            ),
        ),
        whole,
        share,
        _exact_at(full, short),
        _one_term(draw, first["y_hat"]),
    )


def _without_slopes(case: Case, full: Gradients) -> Expression:
    """Return what comes back through h if the activations' deltas are taken for those of z."""
    terms = [
        float(case.layer.weight_hidden[k, 0]) * float(full[f"delta {gate}"][1, 0])
        for k, gate in enumerate(GATES)
    ]
    return Symbol("", sum(terms))


def _missed_share(missed: float, short: float, full: float) -> Question:
    formula = Symbol("short", short) / Symbol("full", full) - 1
    return Question(
        0,
        "By what share of the full delta c at t = 1 is the short form off: |short - full| / |full|"
        "?",
        "number",
        missed,
        mistakes(
            ("the difference is divided by the short form", abs(full / short - 1)),
            ("the difference is not divided", abs(short - full)),
            ("the remaining share is given instead of the missing one", abs(short / full)),
        ),
        (formula.formula("(short - full) / full, before the sign is dropped"),),
        tolerance=2 * third_digit(missed),
        rounding="Three significant digits are enough; two units of the third are accepted.",
    )


def _exact_at(full: Gradients, short: Gradients) -> Question:
    exact = [bool(np.isclose(full["delta c"][t, 0], short["delta c"][t, 0])) for t in (0, 1)]

    def option(first: bool, second: bool) -> str:
        if first == second:
            return "both" if first else "neither"
        return "t = 1" if first else "t = 2"

    right = option(*exact)
    return Question(
        0,
        "For which step is the short form of delta c exact: t = 1, t = 2, both or neither?",
        "choice",
        right,
        mistakes(
            ("the steps are exchanged", option(exact[1], exact[0])),
            ("it is asked where the short form is wrong", option(not exact[0], not exact[1])),
        ),
        (Note("No later loss reaches the last step, so nothing is left out there."),),
        options=_EXACT_AT,
    )


def _one_term(draw: NumberStream, y_hat: Symbol) -> Question:
    target = draw.choice((0.2, 0.3, 0.4, 0.6, 0.7))
    y = Symbol("y", target, "y")
    right = -1 * y * (1 - y_hat)
    return number_question(
        f"Suppose that the loss were -y log(y_hat) alone, with y = {target:g}. What would be its "
        "gradient with respect to the score w_y h at t = 1?",
        "gradient of the score",
        right,
        ("both terms of the cross-entropy are counted: y_hat - y", y_hat - y),
        ("the sign is turned", y * (1 - y_hat)),
        ("the sigmoid is left out: that is the gradient of y_hat", -1 * y / y_hat),
        ("y is left out", -1 * (1 - y_hat)),
    )


LSTM_CELL = Topic(
    "lstm",
    "The LSTM cell and its gradients",
    (
        "the deltas of the hidden vector, the cell and the gates, in symbols and numbers",
        "parameters, gradients before the activations and of a weight",
        "two steps: the short form, what it leaves out, and where it is exact",
    ),
    _problems,
)
