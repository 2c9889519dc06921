"""The gradients of a `Case` by PyTorch's automatic differentiation.

In: a `case.Case`. Out: gradients by name, or None if torch is not installed. In this package
only this module and a few of `model_summary` may import torch, inside their functions.
"""

from __future__ import annotations

from importlib.util import find_spec

from quatrain.explain.lstm_gradients.case import ACTIVATIONS, Case, Gradients


def by_autograd(case: Case) -> Gradients | None:
    """Compute every gradient of `case` in float64, or return None if torch is not installed.

    The forward pass is written out with torch's functions. The gradient of an activation is
    that of a zero added to it.
    """
    if find_spec("torch") is None:
        return None
    import torch
    from torch.nn import functional

    def leaf(values: object) -> torch.Tensor:
        return torch.tensor(values, dtype=torch.float64, requires_grad=True)

    size, steps = case.layer.hidden, case.steps
    leaves = {
        **{name: torch.zeros(steps, size, dtype=torch.float64) for name in ACTIVATIONS},
        "delta z": torch.zeros(steps, 4 * size, dtype=torch.float64),
    }
    for zeros in leaves.values():
        zeros.requires_grad_()
    leaves["W_x"] = leaf(case.layer.weight_input)
    leaves["W_h"] = leaf(case.layer.weight_hidden)
    leaves["b"] = leaf(case.layer.bias)
    leaves["w_y"] = leaf(case.output)
    inputs = torch.tensor(case.inputs, dtype=torch.float64)
    hidden = torch.tensor(case.state.hidden[0], dtype=torch.float64)
    cell = torch.tensor(case.state.cell[0], dtype=torch.float64)
    loss = torch.zeros((), dtype=torch.float64)
    for t in range(steps):
        z = leaves["W_x"] @ inputs[t] + leaves["W_h"] @ hidden + leaves["b"] + leaves["delta z"][t]
        to_input, to_forget, to_candidate, to_output = z.chunk(4)
        forget = torch.sigmoid(to_forget) + leaves["delta f"][t]
        update = (torch.sigmoid(to_input) + leaves["delta i"][t]) * (
            torch.tanh(to_candidate) + leaves["delta g"][t]
        )
        cell = forget * cell + update + leaves["delta c"][t]
        output = torch.sigmoid(to_output) + leaves["delta o"][t]
        hidden = output * torch.tanh(cell) + leaves["delta h"][t]
        scores = leaves["w_y"] @ hidden
        if case.loss == "softmax":
            loss = loss + functional.cross_entropy(scores, torch.tensor(int(case.target)))
        elif case.loss == "binary":
            targets = torch.full_like(scores, case.target)
            loss = loss + functional.binary_cross_entropy_with_logits(scores, targets)
        else:
            loss = loss - case.target * functional.logsigmoid(scores).sum()
    slopes = torch.autograd.grad(loss, list(leaves.values()))
    return {name: slope.numpy() for name, slope in zip(leaves, slopes, strict=True)}
