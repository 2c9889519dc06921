"""Jacobians over many steps, held against differences, torch and closed forms; the claim."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.explain.gradient_flow.conclusions import conclusions, first_explosion, region_table
from quatrain.explain.gradient_flow.experiment import (
    CELL,
    FORGET_ALONE,
    HIDDEN,
    PLAIN,
    TO_INPUT,
    TO_LOSS,
    WARM_UP,
    Gates,
    generators,
    measure_grid,
    measure_random_network,
    measure_trace,
)
from quatrain.explain.gradient_flow.grid import flow_grid
from quatrain.explain.gradient_flow.jacobian import Jacobian, Slopes, jacobians, log_singular_values
from quatrain.explain.gradient_flow.random_networks import (
    flow,
    power_of_ten,
    regime_of,
    trace_flow,
)
from quatrain.layers import LSTM, LSTMState
from quatrain.records import Chart, Explanation, Heatmap, Note, Table

sizes = st.integers(1, 4)


def drawn(
    hidden: int, inputs: int, batch: int, time: int, seed: int, scale: float = 1.0
) -> tuple[LSTM, np.ndarray, LSTMState]:
    draw = np.random.default_rng(seed)
    layer = LSTM(
        draw.normal(0, 1, (4 * hidden, inputs)),
        draw.normal(0, scale, (4 * hidden, hidden)),
        draw.normal(0, 1, 4 * hidden),
    )
    state = LSTMState(draw.normal(0, 0.5, (batch, hidden)), draw.normal(0, 1, (batch, hidden)))
    return layer, draw.normal(0, 1, (time, batch, inputs)), state


def whole(jacobian: Jacobian) -> np.ndarray:
    """The derivative by (c_t, h_t), each with the other held, shape (batch, 2h, 2h)."""
    matrix = np.concatenate([jacobian.cell_alone, jacobian.hidden], axis=-1)
    return matrix * 10 ** jacobian.logarithm[:, None, None]


def note(explanation: Explanation) -> str:
    return "\n".join(part.text for part in explanation.parts if isinstance(part, Note))


def table(explanation: Explanation, title: str) -> Table:
    (found,) = [
        part
        for part in explanation.parts
        if isinstance(part, Table) and part.title.startswith(title)
    ]
    return found


def one_step(layer: LSTM, slopes: Slopes, time: int) -> np.ndarray:
    """Return d(c_t, h_t) / d(c_{t-1}, h_{t-1}), shape (batch, 2 * hidden, 2 * hidden).

    The rows and columns of the cell come first.
    """
    size = layer.hidden
    keep, show = slopes.cell_by_cell[time], slopes.hidden_by_cell[time]
    weights = layer.weight_hidden.astype(np.float64).reshape(4, size, size)
    write = slopes.cell_by_gates[time].reshape(-1, 3, size, 1)
    cell_by_hidden = (write * weights[:3]).sum(axis=1)
    by_output_gate = slopes.hidden_by_output_gate[time][:, :, None] * weights[3]
    diagonal = np.eye(size)
    return np.block(
        [
            [keep[:, :, None] * diagonal, cell_by_hidden],
            [
                (show * keep)[:, :, None] * diagonal,
                show[:, :, None] * cell_by_hidden + by_output_gate,
            ],
        ]
    )


@settings(max_examples=25, deadline=None)
@given(hidden=sizes, inputs=sizes, batch=sizes, seed=st.integers(0, 999))
def test_one_step_agrees_with_central_differences(
    hidden: int, inputs: int, batch: int, seed: int
) -> None:
    layer, sequence, state = drawn(hidden, inputs, batch, 1, seed)
    trace, _ = layer.trace(sequence, state)
    ours = one_step(layer, Slopes.of(trace, state), 0)
    step = 1e-6

    def after(hidden_vector: np.ndarray, cell: np.ndarray) -> np.ndarray:
        found = layer.step(sequence[0], LSTMState(hidden_vector, cell))[1]
        return np.concatenate([found.cell, found.hidden], axis=1)

    for column in range(2 * hidden):
        change = np.zeros((2, batch, hidden))
        change[column // hidden, :, column % hidden] = step
        above = after(state.hidden + change[1], state.cell + change[0])
        below = after(state.hidden - change[1], state.cell - change[0])
        np.testing.assert_allclose(
            ours[:, :, column], (above - below) / (2 * step), rtol=1e-6, atol=1e-8
        )


@settings(max_examples=25, deadline=None)
@given(
    hidden=sizes,
    batch=st.integers(1, 3),
    time=st.integers(1, 30),
    scale=st.sampled_from([0.0, 0.3, 2.0, 6.0]),
    seed=st.integers(0, 999),
)
def test_many_steps_are_the_product_of_the_steps(
    hidden: int, batch: int, time: int, scale: float, seed: int
) -> None:
    layer, sequence, state = drawn(hidden, 2, batch, time, seed, scale)
    trace, _ = layer.trace(sequence, state)
    slopes = Slopes.of(trace, state)
    product = np.broadcast_to(np.eye(2 * hidden), (batch, 2 * hidden, 2 * hidden))
    lags = []
    for found in jacobians(layer, slopes):
        lags.append(found.lag)
        largest = np.abs(product).max()
        np.testing.assert_allclose(whole(found), product, rtol=1e-9, atol=1e-12 * largest)
        product = product @ one_step(layer, slopes, time - 1 - found.lag)
    assert lags == list(range(time))


def test_many_steps_agree_with_autograd() -> None:
    hidden, time = 3, 12
    layer, sequence, state = drawn(hidden, 2, 1, time, seed=5)
    trace, _ = layer.trace(sequence, state)
    weights = [
        torch.tensor(array) for array in (layer.weight_input, layer.weight_hidden, layer.bias)
    ]
    inputs = torch.tensor(sequence[:, 0], requires_grad=True)
    hidden_vector, cell = (torch.tensor(part[0]) for part in state)
    cells, vectors = [], []
    for now in range(time):
        z = weights[0] @ inputs[now] + weights[1] @ hidden_vector + weights[2]
        i, f, g, o = z.chunk(4)
        cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
        cell.requires_grad_()
        hidden_vector = torch.sigmoid(o) * torch.tanh(cell)
        cells.append(cell)
        vectors.append(hidden_vector)
    for found in jacobians(layer, Slopes.of(trace, state)):
        t = time - 1 - found.lag
        scale = 10.0 ** found.logarithm[0]
        for row, output in enumerate([*cells[-1], *vectors[-1]]):
            by_cell, by_hidden, by_input = torch.autograd.grad(
                output,
                [cells[t], vectors[t], inputs],
                retain_graph=True,
                allow_unused=True,
                materialize_grads=True,
            )
            np.testing.assert_allclose(found.cell[0, row] * scale, by_cell, atol=1e-14)
            np.testing.assert_allclose(found.hidden[0, row] * scale, by_hidden, atol=1e-14)
            ours = found.gates[0, row] @ layer.weight_input * scale
            np.testing.assert_allclose(ours, by_input[t], atol=1e-14)


def test_the_layers_own_way_back_is_a_row_of_the_jacobian() -> None:
    layer, sequence, state = drawn(4, 3, 2, 9, seed=1)
    trace, backward = layer.trace(sequence, state)
    reading = np.random.default_rng(2).normal(size=(2, 4))
    gradient = np.zeros(trace.hidden.shape)
    gradient[-1] = reading
    weights, reaching = backward(gradient)
    for found in jacobians(layer, Slopes.of(trace, state)):
        t, scale = 8 - found.lag, 10.0 ** found.logarithm[:, None]
        for ours, theirs in (
            (found.cell[:, 4:], reaching.cell[t]),
            (found.hidden[:, 4:], reaching.hidden[t]),
            (found.gates[:, 4:] @ layer.weight_input, weights.inputs[t]),
        ):
            row = np.einsum("bh,bhk->bk", reading, ours) * scale
            np.testing.assert_allclose(row, theirs, rtol=1e-10, atol=1e-14)


def test_a_thousand_steps_neither_overflow_nor_underflow() -> None:
    closed = measure_random_network(
        [Gates(0.1, 0.5, 0.5), Gates(0.999, 0.5, 0.5)],
        scale=0.0,
        hidden=2,
        steps=1000,
        lags=(1000,),
        generator=generators(0, 1)[0],
    )
    np.testing.assert_allclose(closed.norms[CELL][0], 1000 * np.log10([0.1, 0.999]), rtol=1e-10)
    np.testing.assert_allclose(closed.norms[FORGET_ALONE], closed.norms[CELL], rtol=1e-10)
    assert np.isneginf(closed.norms[HIDDEN]).all()
    assert np.isneginf(closed.norms[PLAIN]).all()
    wild = measure_random_network(
        [Gates(0.9, 0.9, 0.9)],
        scale=30.0,
        hidden=6,
        steps=1000,
        lags=(1000,),
        generator=generators(0, 1)[0],
    )
    assert np.isfinite(wild.norms[CELL]).all()
    assert np.isfinite(wild.norms[PLAIN]).all()


def test_without_recurrent_weights_the_norms_are_the_gates() -> None:
    found = measure_random_network(
        [Gates(0.8, 0.3, 0.25)],
        scale=0.0,
        hidden=5,
        steps=7,
        lags=(0, 1, 7),
        generator=generators(3, 1)[0],
    )
    np.testing.assert_allclose(found.norms[CELL][:, 0], np.array([0, 1, 7]) * np.log10(0.8))
    to_loss = found.norms[TO_LOSS][:, 0]
    # dh_T/dc_t = o (1 - tanh^2 c_T) f^k.
    assert to_loss[0] <= np.log10(0.25)
    np.testing.assert_allclose(to_loss - to_loss[0], np.array([0, 1, 7]) * np.log10(0.8))
    assert found.norms[TO_INPUT][0, 0] <= to_loss[0] + np.log10(0.3)
    for name, value in (("forget", 0.8), ("input", 0.3), ("output", 0.25)):
        np.testing.assert_allclose(found.gates[name], value)


def test_the_plain_network_agrees_with_autograd() -> None:
    hidden, steps, scale = 4, 3, 2.0
    found = measure_random_network(
        [Gates(0.9, 0.5, 0.5)],
        scale=scale,
        hidden=hidden,
        steps=steps,
        lags=(0, 1, 2, 3),
        generator=generators(8, 1)[0],
    ).norms[PLAIN][:, 0]
    draw = generators(8, 1)[0]
    weights = torch.tensor(draw.normal(0.0, scale / np.sqrt(hidden), (4, hidden, hidden))[2])
    noise = torch.tensor(draw.normal(0.0, 1.0, (WARM_UP + steps + 1, hidden)))
    state = torch.zeros(hidden, dtype=torch.float64)
    for inputs in noise[:-steps]:
        state = torch.tanh(inputs + weights @ state)

    def last(start: torch.Tensor) -> torch.Tensor:
        for inputs in noise[-steps:]:
            start = torch.tanh(inputs + weights @ start)
        return start

    jacobian = torch.autograd.functional.jacobian(last, state)
    assert found[0] == 0.0
    assert found[-1] == pytest.approx(float(torch.linalg.matrix_norm(jacobian, 2).log10()))


def test_singular_values_are_those_of_the_product_and_lost_ones_are_not_numbers() -> None:
    matrix = np.diag([2.0, 1e-3, 1e-15])[None]
    found = log_singular_values(matrix, np.array([5.0]))[0]
    np.testing.assert_allclose(found[:2], [5 + np.log10(2), 2.0])
    assert np.isnan(found[2])
    assert np.isneginf(log_singular_values(np.zeros((1, 2, 2)), np.zeros(1))).all()


def test_judged_by_a_tenfold_change() -> None:
    assert [regime_of(value) for value in (-1.01, -0.99, 0.0, 0.99, 1.01, -np.inf)] == [
        "vanishes",
        "stable",
        "stable",
        "stable",
        "explodes",
        "vanishes",
    ]
    assert (power_of_ten(-0.5), power_of_ten(7.26), power_of_ten(-np.inf)) == (
        "0.316",
        "10^7.3",
        "0",
    )


def test_one_setting_is_explained() -> None:
    found = flow(steps=20, hidden=8, networks=3)
    chart, spectrum = found.pictures
    assert isinstance(chart, Chart)
    assert isinstance(spectrum, Chart)
    assert chart.x[0] == 0
    assert chart.x[-1] == 20
    assert set(chart.curves) == {CELL, HIDDEN, TO_LOSS, TO_INPUT, FORGET_ALONE, PLAIN}
    assert chart.curves[CELL][-1] == pytest.approx(20 * np.log10(0.99), abs=0.01)
    assert chart.curves[TO_LOSS][0] == pytest.approx(-2, abs=0.02)
    assert len(spectrum.x) == 8
    rows = {row[0]: row for row in table(found, "After 20 steps").rows}
    assert rows[CELL][-1] == "stable"
    assert rows[CELL][-2] == pytest.approx(0.99, abs=0.002)
    assert rows[PLAIN][-1] == "vanishes"
    assert found["by the forget gate alone"] == pytest.approx(0.99**20)
    assert "a factor of 0.891 to 1.122 per step" in note(found)
    assert "the gates block it from the first step on" in note(found)


def test_the_same_seed_is_the_same_flow() -> None:
    settings = {"steps": 5, "hidden": 4, "networks": 2, "scale": 2.0}
    assert flow(**settings, seed=1) == flow(**settings, seed=1)  # type: ignore[arg-type]
    assert flow(**settings, seed=1) != flow(**settings, seed=2)  # type: ignore[arg-type]


def test_the_smallest_settings_are_explained() -> None:
    found = flow(steps=1, hidden=1, networks=1, scale=0)
    assert found.pictures
    rows = {row[0]: row for row in table(found, "After 1 steps").rows}
    assert rows[HIDDEN][1] is None
    assert rows[HIDDEN][-1] == "vanishes"
    assert rows[CELL][2] is None


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_measured_layer_is_explained(dtype: str) -> None:
    layer, sequence, state = drawn(3, 2, 4, 15, seed=0)
    layer = LSTM(
        layer.weight_input.astype(dtype),
        layer.weight_hidden.astype(dtype),
        layer.bias.astype(dtype),
    )
    state = LSTMState(state.hidden.astype(dtype), state.cell.astype(dtype))
    trace, _ = layer.trace(sequence.astype(dtype), state)
    found = trace_flow(layer, trace, state)
    rows = {row[0]: row for row in table(found, "After 14 steps").rows}
    assert set(rows) == {CELL, HIDDEN, TO_LOSS, TO_INPUT, FORGET_ALONE}
    slopes = Slopes.of(trace, state)
    *_, last = jacobians(layer, slopes)
    cell = last.cell[:, :3] * 10 ** last.logarithm[:, None, None]
    expected = np.log10(np.linalg.norm(cell, 2, axis=(1, 2))).mean()
    assert rows[CELL][1] == pytest.approx(expected)
    kept = np.log10(slopes.cell_by_cell[1:]).sum(axis=0).max(axis=-1).mean()
    assert rows[FORGET_ALONE][1] == pytest.approx(kept)
    assert measure_trace(layer, trace, state, (14,)).norms[CELL].shape == (1, 4)


def test_a_trace_of_another_layer_is_refused() -> None:
    layer, sequence, state = drawn(3, 2, 1, 1, seed=0)
    trace, _ = layer.trace(sequence, state)
    with pytest.raises(SettingsError) as found:
        trace_flow(layer, trace)
    assert str(found.value) == (
        "the trace for the gradient flow: got 1 steps of 3 cells; expected at least 2 steps of 3"
        " cells. Trace the same layer over a longer text."
    )


@pytest.fixture(scope="module")
def grid() -> Explanation:
    return flow_grid(hidden=12, networks=2)


def test_the_maps_say_what_their_values_say(grid: Explanation) -> None:
    maps = [part for part in grid.pictures if isinstance(part, Heatmap)]
    assert [each.name for each in maps] == [
        "flow-closed-gates",
        "flow-open-gates",
        "flow-cell",
        "flow-loss",
        "flow-input",
    ]
    for each in maps:
        assert (len(each.values), len(each.values[0])) == (len(each.y), len(each.x))
        for values, marks in zip(each.values, each.marks, strict=True):
            told = regime_of if each.name not in ("flow-loss", "flow-input") else power_of_ten
            assert [told(value) for value in values if value is not None] == list(marks)
    assert maps[0].x[-1] == "plain RNN"


def test_the_claim_holds_in_its_corner_and_its_limits_are_shown(grid: Explanation) -> None:
    closed, opened, carried, loss, inputs = (
        part for part in grid.pictures if isinstance(part, Heatmap)
    )
    at = {label: place for place, label in enumerate(closed.x)}
    for row in closed.marks:
        assert row[at["0.99"]] == row[at["0.999"]] == "stable"
        assert row[at["0.5"]] == row[at["0.9"]] == "vanishes"
    assert {row[at["plain RNN"]] for row in closed.marks} >= {"vanishes", "explodes"}
    # Open gates and strong recurrent weights: the last row has the largest scale.
    assert opened.marks[-1][at["0.99"]] == "explodes"
    # Output gates at 0.01 are the first row: the cell carries, the loss does not arrive.
    assert carried.marks[0][0] == "stable"
    assert all(value < -1.5 for value in loss.values[0][:2])  # type: ignore[operator]
    assert inputs.values[0][0] < -3  # type: ignore[operator]
    shares = table(grid, CELL)
    assert shares.rows[0][2] == 2 * 2 * 2 * 5 * 2
    assert shares.rows[0][4] > 0.9  # type: ignore[operator]
    for row in shares.rows:
        assert sum(row[3:6]) == pytest.approx(1)  # type: ignore[arg-type]
    assert sum(row[2] for row in shares.rows) == 5 * 4 * 4 * 5 * 2  # type: ignore[misc]


def test_there_are_five_conclusions_with_numbers(grid: Explanation) -> None:
    texts = [part.text for part in grid.parts if isinstance(part, Note)]
    assert len(texts[-5:]) == 5
    assert all(any(letter.isdigit() for letter in text) for text in texts[-5:])
    assert "The plain RNN with the same recurrent weights" in texts[-1]


def test_the_gain_of_the_first_explosion_is_the_smallest() -> None:
    found = measure_grid(
        steps=50, hidden=12, seed=0, networks=2, forget_gates=[0.5, 0.99], scales=[1.0, 16.0, 64.0]
    )
    gains = [
        found.inputs[place[1]] * found.outputs[place[2]] * found.scales[place[3]]
        for place, logarithm in np.ndenumerate(found.norms[CELL])
        if found.forget[place[0]] >= 0.99
        and max(found.inputs[place[1]], found.outputs[place[2]]) <= 0.1
        and logarithm > 1
    ]
    assert len(set(gains)) > 1
    (formula,) = first_explosion(found)
    assert formula.name == "gain of the first explosion"
    assert formula.value == pytest.approx(min(gains))
    assert formula.symbols == "input gate x output gate x scale"
    assert f"scale is {min(gains):.2g} or more." in conclusions(found)[0]
    explained = flow_grid(
        steps=50, hidden=12, networks=2, forget_gates=[0.5, 0.99], scales=[1.0, 16.0, 64.0]
    )
    assert explained["gain of the first explosion"] == formula.value


def test_a_corner_where_all_vanish_is_told_as_that() -> None:
    found = measure_grid(steps=400, hidden=4, seed=0, networks=1, forget_gates=[0.99], scales=[0.5])
    corner, _, arriving, outside, _ = conclusions(found)
    cell, alone = (found.norms[name][0, :2, :2].ravel() for name in (CELL, FORGET_ALONE))
    assert (cell < -1).all()
    assert "0% of 4 runs are stable" in corner
    assert corner.endswith(
        f" 100% vanish, to a median of {power_of_ten(np.median(cell))}; the forget gates alone"
        f" would leave {power_of_ten(np.median(alone))}. None explodes; input gate x output gate x"
        " scale is at most 0.005 there."
    )
    assert not list(first_explosion(found))
    assert "a gradient hardly enters the cell there" in arriving
    assert "50% of 12 runs are stable, 50% vanish" in outside
    assert outside.startswith("Without the condition, at most half of the runs are stable")


def test_open_gates_with_strong_weights_are_not_said_to_do_as_well() -> None:
    found = measure_grid(
        steps=50, hidden=12, seed=0, networks=1, forget_gates=[0.99], scales=[16.0]
    )
    corner, _, _, outside, _ = conclusions(found)
    exploding = found.norms[CELL] > 1
    assert " None vanishes. 25% explode, and in all of these" in corner
    (formula,) = first_explosion(found)
    assert formula.value == pytest.approx(0.1 * 0.1 * 16)
    assert exploding[0, 2:].mean() > 0.5
    assert outside.startswith("Without the condition, at most half of the runs are stable")


def test_a_gradient_that_enters_is_not_said_to_be_kept_out() -> None:
    found = measure_grid(
        steps=1,
        hidden=12,
        seed=0,
        networks=1,
        forget_gates=[0.99],
        input_gates=[0.1, 0.9],
        output_gates=[0.1],
        scales=[16.0],
    )
    _, _, arriving, outside, _ = conclusions(found)
    assert np.median(found.norms[TO_LOSS][0, 0]) > -1
    assert "here a gradient does enter the cell" in arriving
    assert outside.startswith("Most runs are stable without the condition, too")


def test_a_grid_without_the_corner_says_nothing_about_the_claim() -> None:
    found = measure_grid(
        steps=3, hidden=2, seed=0, networks=1, forget_gates=[0.5], scales=[1.0, 0.0]
    )
    assert conclusions(found) == [
        "The grid has no point with forget gates of 0.99 or more and input and output gates of"
        " 0.1 or less: it says nothing about the claim."
    ]
    assert len(region_table(found).rows) == 3


def test_a_grid_of_the_corner_alone_can_be_told() -> None:
    found = flow_grid(
        steps=3,
        hidden=2,
        networks=1,
        forget_gates=[0.99],
        input_gates=[0.1],
        output_gates=[0.1],
        scales=[0.0],
    )
    assert "The grid has no open gates" in note(found)
    assert "100% of 1 runs are stable" in note(found)
    assert "gain of the first explosion" not in found.formulas


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"forget_gate": 1.0},
            "setting 'forget_gate' of the gradient flow: got 1; expected a number above 0 and"
            " below 1. A sigmoid never reaches 0 or 1; use 0.001 or 0.999 instead.",
        ),
        (
            {"output_gate": -0.2},
            "setting 'output_gate' of the gradient flow: got -0.2; expected a number above 0 and"
            " below 1. A sigmoid never reaches 0 or 1; use 0.001 or 0.999 instead.",
        ),
        (
            {"scale": -1.0},
            "setting 'scale' of the gradient flow: got -1; expected a number of at least 0."
            " It is the recurrent weights' standard deviation times sqrt(hidden).",
        ),
        (
            {"steps": 0},
            "setting 'steps' of the gradient flow: got 0; expected a whole number from 1 to"
            " 10,000. A gradient travels at least one step, in one cell of one network.",
        ),
        (
            {"hidden": 2.5},
            "setting 'hidden' of the gradient flow: got 2.5; expected a whole number from 1 to"
            " 512. A gradient travels at least one step, in one cell of one network.",
        ),
        (
            {"networks": 10**9},
            "setting 'networks' of the gradient flow: got 1000000000; expected a whole number from"
            " 1 to 100. A gradient travels at least one step, in one cell of one network.",
        ),
        (
            {"seed": -1},
            "setting 'seed' of the gradient flow: got -1; expected a whole number of at least 0."
            " Give another number.",
        ),
    ],
)
def test_settings_that_cannot_be(given: dict[str, float], message: str) -> None:
    with pytest.raises(SettingsError) as found:
        flow(**given)  # type: ignore[arg-type]
    assert str(found.value) == message


def test_an_empty_axis_is_refused() -> None:
    with pytest.raises(SettingsError, match="'forget_gates' of the gradient flow: got no value"):
        flow_grid(forget_gates=[])
    with pytest.raises(SettingsError, match="setting 'scales' of the gradient flow: got -2"):
        flow_grid(scales=[1.0, -2.0])


def test_a_grid_beyond_memory_is_refused() -> None:
    with pytest.raises(SettingsError) as found:
        flow_grid(hidden=512, steps=10_000)
    assert str(found.value) == (
        "the networks of the gradient flow: got 80 settings of the gates for 512 cells over"
        " 10,000 steps, 434,667,520 numbers at once; expected at most 10,000,000. Use fewer"
        " settings, cells or steps."
    )
    with pytest.raises(SettingsError, match="setting 'seed' of the gradient flow: got -3;"):
        flow_grid(seed=-3)


def test_a_gradient_of_nothing_is_told_without_a_ratio() -> None:
    told = "\n".join(part.text for part in flow(scale=1e12).parts if isinstance(part, Note))
    assert "nan" not in told
    assert "vanishes" in told
