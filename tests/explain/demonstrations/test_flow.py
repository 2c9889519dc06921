"""The numbers of the flow experiment, held against finite differences and explicit products."""

import contextlib
import io
import math

import numpy as np
import pytest

import quatrain
from quatrain.explain import demonstrate
from quatrain.explain.demonstrations.flow import UNITS
from quatrain.explain.gradient_flow.experiment import (
    Gates,
    RandomNetwork,
    generators,
    random_network,
)
from quatrain.explain.gradient_flow.unit_norms import lstm_norms, plain_norms
from quatrain.records import Chart, Formula, Table


def network(scale: float = 1.5, steps: int = 6, seed: int = 3) -> RandomNetwork:
    return random_network(
        [Gates(0.9, 0.4, 0.6)], scale=scale, hidden=5, steps=steps, generator=generators(seed, 1)[0]
    )


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def last_cells(drawn: RandomNetwork, back: int, nudge: np.ndarray) -> np.ndarray:
    """Run the last `back` steps in plain arithmetic, from c_t with a nudge and h_t = o tanh c_t."""
    trace, layer, steps = drawn.trace, drawn.layer, len(drawn.trace.cell) - 1
    resting = np.log([0.4, 0.9, 0.6]) - np.log1p([-0.4, -0.9, -0.6])
    at = steps - back
    cell = trace.cell[at, 0] + nudge
    hidden = trace.output_gate[at, 0] * np.tanh(cell)
    for noise in drawn.noise[len(drawn.noise) - back :]:
        z = layer.weight_input @ np.concatenate([noise, resting]) + layer.weight_hidden @ hidden
        i, f, g, o = np.split(z, 4)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
        hidden = sigmoid(o) * np.tanh(cell)
    return cell


@pytest.mark.parametrize("back", [1, 3, 6])
def test_norms_by_unit_are_those_of_finite_differences(back: int) -> None:
    drawn, width = network(), 1e-5
    columns = [
        (last_cells(drawn, back, width * unit) - last_cells(drawn, back, -width * unit))
        / (2 * width)
        for unit in np.eye(5)
    ]
    norms = lstm_norms(drawn)
    assert 10 ** norms.units[back] == pytest.approx(np.linalg.norm(columns, axis=1), rel=1e-6)
    assert 10 ** norms.norms[back] == pytest.approx(np.linalg.norm(columns, 2), rel=1e-6)


def test_the_plain_network_is_the_product_of_its_steps() -> None:
    drawn, steps = network(), 6
    hidden, product = np.zeros(5), np.eye(5)
    states = [hidden := np.tanh(noise + drawn.recurrent @ hidden) for noise in drawn.noise]
    norms = plain_norms(drawn)
    for back, state in enumerate(reversed(states[-steps:]), start=1):
        product = product @ np.diag(1 - state**2) @ drawn.recurrent
        assert 10 ** norms.norms[back] == pytest.approx(np.linalg.norm(product, 2))
        assert 10 ** norms.units[back] == pytest.approx(np.linalg.norm(product, axis=0))
        assert 10 ** norms.bound[back] == pytest.approx(np.linalg.norm(drawn.recurrent, 2) ** back)


def test_the_bound_of_the_cell_is_the_product_of_single_steps() -> None:
    drawn, steps = network(), 6
    layer, trace = drawn.layer, drawn.trace
    before = np.concatenate([drawn.state.cell[None], trace.cell])[:, 0]
    product = 1.0
    for at in range(steps, 0, -1):
        i, f, g, o = (
            part[at, 0]
            for part in (trace.input_gate, trace.forget_gate, trace.candidate, trace.output_gate)
        )
        w_i, w_f, w_g, w_o = np.split(layer.weight_hidden, 4)
        squashed = np.tanh(trace.cell[at, 0])
        by_hidden = (
            np.diag(g * i * (1 - i)) @ w_i
            + np.diag(before[at] * f * (1 - f)) @ w_f
            + np.diag(i * (1 - g**2)) @ w_g
        )
        show = np.diag(o * (1 - squashed**2))
        step = np.block(
            [
                [np.diag(f), by_hidden],
                [show @ np.diag(f), show @ by_hidden + np.diag(squashed * o * (1 - o)) @ w_o],
            ]
        )
        product *= np.linalg.norm(step, 2)
        entry = trace.output_gate[at - 1, 0] * (1 - np.tanh(trace.cell[at - 1, 0]) ** 2)
        entrance = np.linalg.norm(np.vstack([np.eye(5), np.diag(entry)]), 2)
        bound = lstm_norms(drawn).bound[steps - at + 1]
        assert 10**bound == pytest.approx(product * entrance)


@pytest.mark.parametrize("scale", [0.0, 0.5, 4.0])
@pytest.mark.parametrize("seed", range(4))
def test_no_norm_is_above_its_bound(scale: float, seed: int) -> None:
    drawn = network(scale, 40, seed)
    for norms in (lstm_norms(drawn), plain_norms(drawn)):
        assert (norms.norms <= norms.bound + 1e-9).all()
        assert (norms.units.max(axis=1) <= norms.norms + 1e-9).all()


@pytest.mark.parametrize("kind", ["lstm", "rnn"])
def test_the_numbers_are_those_of_the_public_function(kind: str) -> None:
    shown = demonstrate("flow", network=kind, steps=20, bias=1.0, scale=2.0, seed=7)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(shown.python, {"quatrain": quatrain})  # noqa: S102 - our own lines
    flow = quatrain.explain.flow(
        steps=20, hidden=UNITS, seed=7, networks=1, forget_gate=1 / (1 + math.exp(-1)),
        input_gate=0.1, output_gate=0.5, scale=2.0,
    )  # fmt: skip
    name = {"lstm": "dc_T/dc_t", "rnn": "plain RNN, dh_T/dh_t"}[kind]
    chart = next(part for part in flow.parts if isinstance(part, Chart))
    norms = np.array(shown.data["norms"])[[int(lag) for lag in chart.x]]
    assert norms == pytest.approx(chart.curves[name], abs=6e-4)
    assert str(flow) in printed.getvalue()


def test_the_regimes_are_said() -> None:
    vanishing, stable, exploding = (
        demonstrate("flow", **state)
        for state in ({"bias": 0.0}, {"bias": 5.0}, {"network": "rnn", "scale": 4.0, "seed": 2})
    )
    assert vanishing.data["regime"] == "vanishes"
    assert "the gradient vanishes" in vanishing.summary
    assert stable.data["regime"] == "stable"
    assert "the gradient is stable" in stable.summary
    assert exploding.data["regime"] == "explodes"
    assert exploding.data["half_life"] is None
    assert "so there is no half-life" in str(exploding)


def test_the_half_life_halves() -> None:
    shown = demonstrate("flow", bias=2.0)
    factor, half_life = shown.data["factor"], shown.data["half_life"]
    assert isinstance(factor, float)
    assert isinstance(half_life, float)
    assert factor**half_life == pytest.approx(0.5)
    formulas = {
        part.name: part
        for section in shown.sections
        for part in section.parts
        if isinstance(part, Formula)
    }
    forget = float(formulas["forget gate at rest"].value)  # type: ignore[arg-type]
    assert forget == pytest.approx(1 / (1 + math.exp(-2)))
    alone = float(formulas["half-life by the gate alone"].value)  # type: ignore[arg-type]
    assert forget**alone == pytest.approx(0.5)


def test_weights_of_zero_leave_no_gradient_in_a_plain_network() -> None:
    shown = demonstrate("flow", network="rnn", scale=0.0)
    assert shown.data["norms"] == [0.0, *[None] * 50]
    assert "No gradient is left" in str(shown)
    (table,) = [
        part for section in shown.sections for part in section.parts if isinstance(part, Table)
    ]
    assert table.rows[-1] == ("plain RNN, hidden to hidden", None, None, "vanishes")
