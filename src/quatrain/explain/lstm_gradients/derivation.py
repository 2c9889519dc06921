"""The gradients of an LSTM cell, derived in symbols.

In: the loss. Out: `records.Equation`, step by step. `report` puts numbers in. The
cell is that of Gers, Schmidhuber and Cummins 2000; the full gradient is that of Graves and
Schmidhuber 2005. Products written * are element by element.
"""

from __future__ import annotations

from quatrain.explain.lstm_gradients.case import Loss
from quatrain.explain.lstm_gradients.notation import Notation
from quatrain.records import Equation

G = Notation()
"""Notation unless another is asked for."""

_ERROR: dict[Loss, tuple[Equation, ...]] = {
    "binary": (
        Equation("y_hat = sigma(w_y h_t)", r"\hat y = \sigma(w_y h_t)", "the prediction"),
        Equation(
            "L = -y log(y_hat) - (1 - y) log(1 - y_hat)",
            r"L = -y \log \hat y - (1 - y) \log (1 - \hat y)",
            "binary cross-entropy in nats, both terms",
        ),
        Equation(
            "dL/dy_hat = -y / y_hat + (1 - y) / (1 - y_hat) = (y_hat - y) / (y_hat (1 - y_hat))",
            r"\frac{\partial L}{\partial \hat y} = -\frac{y}{\hat y} + \frac{1 - y}{1 - \hat y}"
            r" = \frac{\hat y - y}{\hat y (1 - \hat y)}",
            "over a common denominator",
        ),
        Equation(
            "dL/d(w_y h_t) = dL/dy_hat y_hat (1 - y_hat) = y_hat - y",
            r"\frac{\partial L}{\partial (w_y h_t)} ="
            r" \frac{\partial L}{\partial \hat y} \, \hat y (1 - \hat y) = \hat y - y",
            "sigma' = sigma (1 - sigma) cancels the denominator",
        ),
    ),
    "softmax": (
        Equation("y_hat = softmax(w_y h_t)", r"\hat y = \mathrm{softmax}(w_y h_t)", "prediction"),
        Equation(
            "L = -sum_k y_k log(y_hat_k)",
            r"L = -\sum_k y_k \log \hat y_k",
            "cross-entropy in nats; y has a 1 at the class and 0 elsewhere",
        ),
        Equation(
            "dy_hat_k/ds_m = y_hat_k ([k = m] - y_hat_m), where s = w_y h_t",
            r"\frac{\partial \hat y_k}{\partial s_m} = \hat y_k ([k = m] - \hat y_m),"
            r" \quad s = w_y h_t",
            "the quotient rule",
        ),
        Equation(
            "dL/d(w_y h_t) = y_hat - y",
            r"\frac{\partial L}{\partial (w_y h_t)} = \hat y - y",
            "the y_k sum to 1",
        ),
    ),
    "log-only": (
        Equation("y_hat = sigma(w_y h_t)", r"\hat y = \sigma(w_y h_t)", "the prediction"),
        Equation("L = -y log(y_hat)", r"L = -y \log \hat y", "the first term alone, in nats"),
        Equation(
            "dL/d(w_y h_t) = -y / y_hat y_hat (1 - y_hat) = -y (1 - y_hat)",
            r"\frac{\partial L}{\partial (w_y h_t)} ="
            r" -\frac{y}{\hat y} \, \hat y (1 - \hat y) = -y (1 - \hat y)",
            "not y_hat - y unless y = 1; nothing at all for y = 0",
        ),
    ),
}


def forward(notation: Notation = G) -> tuple[Equation, ...]:
    """Return the equations of the cell, from its input to its hidden vector."""
    g, g_latex, k = notation.text, notation.latex, notation.candidate
    gates = (
        ("i", "input gate: how much is written"),
        ("f", "forget gate: how much is kept"),
        ("o", "output gate: how much is shown"),
    )
    return (
        *(
            Equation(
                f"{gate}_t = sigma(W_x{gate} x_t + W_h{gate} h_{{t-1}} + b_{gate})",
                rf"{gate}_t = \sigma(W_{{x{gate}}} x_t + W_{{h{gate}}} h_{{t-1}} + b_{gate})",
                why,
            )
            for gate, why in gates
        ),
        Equation(
            f"{g}_t = tanh(W_x{k} x_t + W_h{k} h_{{t-1}} + b_{k})",
            rf"{g_latex}_t = \tanh(W_{{x{k}}} x_t + W_{{h{k}}} h_{{t-1}} + b_{k})",
            "candidate: what would be written",
        ),
        Equation(
            _cell(notation),
            rf"c_t = f_t \odot c_{{t-1}} + i_t \odot {g_latex}_t",
            "the cell",
        ),
        Equation("h_t = o_t * tanh(c_t)", r"h_t = o_t \odot \tanh c_t", "the hidden vector"),
    )


def _cell(notation: Notation) -> str:
    return f"c_t = f_t * c_{{t-1}} + i_t * {notation.text}_t"


def prediction(loss: Loss) -> tuple[Equation, ...]:
    """Return the equations from the hidden vector to the loss and its gradient at the score."""
    return _ERROR[loss]


def backward(loss: Loss, notation: Notation = G) -> tuple[Equation, ...]:
    """Return the equations from the score to the gates and weights, for the loss at t alone."""
    error, error_latex = {
        "binary": ("(y_hat - y)", r"(\hat y - y)"),
        "softmax": ("(y_hat - y)", r"(\hat y - y)"),
        "log-only": ("-y (1 - y_hat)", r"-y (1 - \hat y)"),
    }[loss]
    # One output: a number times w_y. Several: w_y^T takes the vector of errors.
    delta, delta_latex = f"{error} w_y^T", rf"{error_latex} \, w_y^\top"
    if loss == "softmax":
        delta, delta_latex = f"w_y^T {error}", rf"w_y^\top {error_latex}"
    return (
        *_activation_gradients(delta, delta_latex, notation),
        *_preactivation_gradients(notation),
        *_weight_gradients(error, error_latex, notation),
    )


def from_hidden() -> tuple[Equation, ...]:
    """Return the equations from any gradient at h_t, and that of the next step, to the gates."""
    output, why = _activation_gradients("delta h_t", r"\delta h_t", G)[1], _cell(G)
    return (
        output,
        through_time()[1],
        Equation("delta i_t = delta c_t * g_t", r"\delta i_t = \delta c_t \odot g_t", why),
        Equation("delta f_t = delta c_t * c_{t-1}", r"\delta f_t = \delta c_t \odot c_{t-1}", why),
        Equation("delta g_t = delta c_t * i_t", r"\delta g_t = \delta c_t \odot i_t", why),
        *_preactivation_gradients(G),
    )


def _activation_gradients(delta: str, delta_latex: str, notation: Notation) -> tuple[Equation, ...]:
    """Return the equations of the gradients at the hidden vector, the cell and the gates.

    Args:
        delta: the gradient that arrives at the hidden vector.
        delta_latex: the same in LaTeX.
        notation: how the candidate is written.
    """
    g, g_latex, k = notation.text, notation.latex, notation.candidate
    open_latex = r"o_t \odot (1 - \tanh^2 c_t)"
    return (
        Equation(
            f"delta h_t = {delta}", rf"\delta h_t = {delta_latex}", "the score is linear in h_t"
        ),
        Equation(
            f"delta o_t = {delta} * tanh(c_t)",
            rf"\delta o_t = {delta_latex} \odot \tanh c_t",
            "h_t = o_t * tanh(c_t), c_t fixed",
        ),
        Equation(
            f"delta c_t = {delta} * o_t * (1 - tanh^2(c_t))",
            rf"\delta c_t = {delta_latex} \odot {open_latex}",
            "tanh' = 1 - tanh^2",
        ),
        Equation(
            f"delta i_t = {delta} * o_t * (1 - tanh^2(c_t))"
            f" * tanh(W_x{k} x_t + W_h{k} h_{{t-1}} + b_{k}) = delta c_t * {g}_t",
            rf"\delta i_t = {delta_latex} \odot {open_latex}"
            rf" \odot \tanh(W_{{x{k}}} x_t + W_{{h{k}}} h_{{t-1}} + b_{k})"
            rf" = \delta c_t \odot {g_latex}_t",
            _cell(notation),
        ),
        Equation(
            f"delta f_t = {delta} * o_t * (1 - tanh^2(c_t)) * c_{{t-1}} = delta c_t * c_{{t-1}}",
            rf"\delta f_t = {delta_latex} \odot {open_latex} \odot c_{{t-1}}"
            r" = \delta c_t \odot c_{t-1}",
            _cell(notation),
        ),
        Equation(
            f"delta {g}_t = delta c_t * i_t",
            rf"\delta {g_latex}_t = \delta c_t \odot i_t",
            _cell(notation),
        ),
    )


def _preactivation_gradients(notation: Notation) -> tuple[Equation, ...]:
    g, g_latex, k = notation.text, notation.latex, notation.candidate
    return (
        Equation(
            "delta z_k = delta k_t * k_t * (1 - k_t)",
            r"\delta z_k = \delta k_t \odot k_t \odot (1 - k_t)",
            "for each gate k of i, f, o: from the activation to the pre-activation, by sigma'",
        ),
        Equation(
            f"delta z_{k} = delta {g}_t * (1 - {g}_t^2)",
            rf"\delta z_{k} = \delta {g_latex}_t \odot (1 - {g_latex}_t^2)",
            "and for the candidate, by tanh'",
        ),
    )


def _weight_gradients(error: str, error_latex: str, notation: Notation) -> tuple[Equation, ...]:
    return (
        Equation(
            "dL/dW_xk = delta z_k x_t^T",
            r"\frac{\partial L}{\partial W_{xk}} = \delta z_k \, x_t^\top",
            f"for each k of i, f, {notation.candidate}, o,"
            " as z_k = W_xk x_t + W_hk h_{t-1} + b_k",
        ),
        Equation(
            "dL/dW_hk = delta z_k h_{t-1}^T",
            r"\frac{\partial L}{\partial W_{hk}} = \delta z_k \, h_{t-1}^\top",
        ),
        Equation("dL/db_k = delta z_k", r"\frac{\partial L}{\partial b_k} = \delta z_k"),
        Equation(
            f"dL/dw_y = {error} h_t^T",
            rf"\frac{{\partial L}}{{\partial w_y}} = {error_latex} \, h_t^\top",
            "the score is linear in w_y",
        ),
    )


def through_time(notation: Notation = G) -> tuple[Equation, ...]:
    """Return the equations of what later steps add; weight gradients are then summed over t."""
    k = notation.candidate
    return (
        Equation(
            f"delta h_t = (the loss at t) + (the sum over i, f, {k}, o of W_hk^T delta z_k at t+1)",
            r"\delta h_t = \frac{\partial L_t}{\partial h_t}"
            rf" + \sum_{{k \in \{{i,f,{k},o\}}}}"
            r" W_{hk}^\top \, \delta z_{k,t+1}",
            "h_t enters every gate of the next step",
        ),
        Equation(
            "delta c_t = delta h_t * o_t * (1 - tanh^2(c_t)) + delta c_{t+1} * f_{t+1}",
            r"\delta c_t = \delta h_t \odot o_t \odot (1 - \tanh^2 c_t)"
            r" + \delta c_{t+1} \odot f_{t+1}",
            "and c_t enters c_{t+1} through the forget gate",
        ),
    )
