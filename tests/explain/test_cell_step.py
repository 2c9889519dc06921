"""One step of a cell against torch's autograd and against central differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.explain.arithmetic.expression import Symbol
from quatrain.explain.lstm_gradients.cell_step import CellStep, cell_step
from quatrain.explain.lstm_gradients.formulas import cell_gradient, gate_gradients, slopes

SUMS = st.fixed_dictionaries({gate: st.floats(-8, 8) for gate in "ifgo"})
NUMBERS = st.floats(-3, 3)


def hidden_and_cell(sums: dict[str, float], before: float) -> tuple[float, float]:
    """The cell in the plainest arithmetic: h_t and c_t."""
    i, f, o = (1 / (1 + np.exp(-sums[gate])) for gate in "ifo")
    cell = f * before + i * np.tanh(sums["g"])
    return o * np.tanh(cell), cell


@given(SUMS, NUMBERS, NUMBERS, NUMBERS)
def test_the_way_back_is_that_of_central_differences(
    sums: dict[str, float], before: float, delta_hidden: float, delta_cell: float
) -> None:
    step = cell_step(sums, before, delta_hidden=delta_hidden, delta_cell=delta_cell)

    def arriving(sums: dict[str, float], before: float) -> float:
        hidden, cell = hidden_and_cell(sums, before)
        return delta_hidden * hidden + delta_cell * cell

    width = 1e-5
    assert (step.hidden, step.cell) == pytest.approx(hidden_and_cell(sums, before), abs=1e-12)
    for gate in "ifgo":
        above = arriving({**sums, gate: sums[gate] + width}, before)
        below = arriving({**sums, gate: sums[gate] - width}, before)
        assert step.delta_sums[gate] == pytest.approx((above - below) / (2 * width), abs=1e-8)
    by_before = (arriving(sums, before + width) - arriving(sums, before - width)) / (2 * width)
    assert step.delta_before == pytest.approx(by_before, abs=1e-8)


def test_every_delta_is_that_of_torch() -> None:
    torch = pytest.importorskip("torch")
    cell = torch.nn.LSTMCell(4, 1).double()
    with torch.no_grad():
        for name, weight in cell.named_parameters():
            weight.copy_(torch.eye(4) if name == "weight_ih" else torch.zeros_like(weight))
    numbers = np.random.default_rng(5).normal(size=(40, 7))
    for *z, before, delta_hidden, delta_cell in numbers.tolist():
        sums = torch.tensor([z], dtype=torch.float64, requires_grad=True)
        start = torch.tensor([[before]], dtype=torch.float64, requires_grad=True)
        hidden, now = cell(sums, (torch.zeros(1, 1, dtype=torch.float64), start))
        (delta_hidden * hidden + delta_cell * now).sum().backward()
        step = cell_step(
            dict(zip("ifgo", z, strict=True)),
            before,
            delta_hidden=delta_hidden,
            delta_cell=delta_cell,
        )
        assert [step.delta_sums[gate] for gate in "ifgo"] == pytest.approx(sums.grad[0].tolist())
        assert step.delta_before == pytest.approx(start.grad.item())
        assert (step.hidden, step.cell) == pytest.approx((hidden.item(), now.item()))


@given(SUMS, NUMBERS, NUMBERS, NUMBERS)
def test_the_formulas_give_the_numbers_of_the_layer(
    sums: dict[str, float], before: float, delta_hidden: float, delta_cell: float
) -> None:
    step: CellStep = cell_step(sums, before, delta_hidden=delta_hidden, delta_cell=delta_cell)
    gates = {name: Symbol(name, value) for name, value in step.gates.items()}
    squashed, of_hidden = Symbol("tanh c", step.squashed), Symbol("dh", delta_hidden)
    of_cell = cell_gradient(of_hidden, gates, squashed, Symbol("later", delta_cell))
    assert of_cell.value == pytest.approx(step.delta["c"], abs=1e-12)
    of_gates = gate_gradients(of_hidden, of_cell, gates, Symbol("c", before), squashed)
    for name, expression in of_gates.items():
        assert expression.value == pytest.approx(step.delta[name], abs=1e-12)
        through = expression * slopes(gates)[name]
        assert through.value == pytest.approx(step.delta_sums[name], abs=1e-12)
