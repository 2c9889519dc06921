"""The gradients of one cell: by hand, by our layer, by torch, by differences, by arithmetic."""

import importlib
import importlib.util
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.explain.lstm_gradients.autograd import by_autograd
from quatrain.explain.lstm_gradients.case import (
    ACTIVATIONS,
    LOSSES,
    Case,
    Loss,
    by_differences,
    by_hand,
    by_layer,
    run_forward,
)
from quatrain.explain.lstm_gradients.report import gradients
from quatrain.page.latex import as_latex
from quatrain.records import Equation, Explanation, Formula, Note, Table


def drawn(loss: Loss = "binary", **given: float) -> Case:
    values = {"hidden": 2, "inputs": 2, "steps": 1, "seed": 0, "target": 1} | given
    return Case.random(loss=loss, **values)  # type: ignore[arg-type]


def table(explanation: Explanation, title: str) -> Table:
    (found,) = [
        part
        for part in explanation.parts
        if isinstance(part, Table) and part.title.startswith(title)
    ]
    return found


cases = st.builds(
    drawn,
    loss=st.sampled_from(LOSSES),
    hidden=st.integers(1, 4),
    inputs=st.integers(1, 3),
    steps=st.integers(1, 5),
    seed=st.integers(0, 1000),
    target=st.integers(0, 1),
)


@settings(max_examples=60, deadline=None)
@given(case=cases)
def test_by_hand_and_by_layer_agree_with_torch(case: Case) -> None:
    theirs = by_autograd(case)
    assert theirs is not None
    ours = by_hand(case)[0]
    assert set(ours) == set(theirs)
    for name, gradient in theirs.items():
        np.testing.assert_allclose(ours[name], gradient, rtol=1e-10, atol=1e-14, err_msg=name)
    for name, gradient in by_layer(case).items():
        np.testing.assert_allclose(
            gradient, theirs[name], rtol=1e-10, atol=1e-14, err_msg=f"the layer's {name}"
        )


@settings(max_examples=12, deadline=None)
@given(case=cases)
def test_by_hand_agrees_with_central_differences(case: Case) -> None:
    ours = by_hand(case)[0]
    for name, slope in by_differences(case).items():
        np.testing.assert_allclose(ours[name], slope, rtol=1e-7, atol=1e-9, err_msg=name)


def test_a_soft_target_is_derived_right_for_both_losses() -> None:
    for loss in ("binary", "log-only"):
        case = drawn(loss, steps=2, target=0.3)  # type: ignore[arg-type]
        theirs = by_autograd(case)
        assert theirs is not None
        for name, gradient in by_hand(case)[0].items():
            np.testing.assert_allclose(gradient, theirs[name], rtol=1e-10, atol=1e-14)


def test_the_formulas_are_the_textbook_arithmetic() -> None:
    case = drawn(hidden=1, inputs=1, target=0)
    x, h, c = float(case.inputs[0, 0]), *(float(part[0, 0]) for part in case.state)
    z = [
        float(case.layer.weight_input[k, 0]) * x
        + float(case.layer.weight_hidden[k, 0]) * h
        + float(case.layer.bias[k])
        for k in range(4)
    ]
    i, f, o = (1 / (1 + math.exp(-z[k])) for k in (0, 1, 3))
    g = math.tanh(z[2])
    cell = f * c + i * g
    weight = float(case.output[0, 0])
    y_hat = 1 / (1 + math.exp(-weight * o * math.tanh(cell)))
    delta_h = (y_hat - 0) * weight
    delta_c = delta_h * o * (1 - math.tanh(cell) ** 2)
    found = gradients(hidden=1, inputs=1, target=0, autograd=None)
    assert found["delta h_1"] == pytest.approx(delta_h, rel=1e-12)
    assert found["delta c_1"] == pytest.approx(delta_c, rel=1e-12)
    assert found["delta o_1"] == pytest.approx(delta_h * math.tanh(cell), rel=1e-12)
    assert found["delta i_1"] == pytest.approx(delta_c * g, rel=1e-12)
    assert found["delta f_1"] == pytest.approx(delta_c * c, rel=1e-12)
    assert found["delta g_1"] == pytest.approx(delta_c * i, rel=1e-12)
    assert found["delta z_f,1"] == pytest.approx(delta_c * c * f * (1 - f), rel=1e-12)
    assert found["delta z_g,1"] == pytest.approx(delta_c * i * (1 - g * g), rel=1e-12)
    formula = found.formulas["delta c_1"]
    assert formula.symbols == "(y_hat - y) x w_y1 x o_1 x (1 - tanh c_1^2)"
    assert formula.numbers.startswith(f"({y_hat:.6g} - 0) x ")


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("steps", [1, 3])
def test_the_formulas_agree_with_the_table_at_the_last_step(loss: Loss, steps: int) -> None:
    found = gradients(loss=loss, steps=steps, autograd=None)
    rows = {row[:2]: row for row in table(found, "Gradients of the activations").rows}
    for name in ACTIVATIONS:
        assert rows[name, f"t {steps}, cell 1"][2] == pytest.approx(found[f"{name}_1"], abs=1e-15)


def test_every_way_is_in_the_table_and_they_agree() -> None:
    found = gradients(steps=2)
    for title in ("Gradients of the activations", "Gradients of the weights"):
        shown = table(found, title)
        assert shown.columns == (
            "gradient",
            "at",
            "short form",
            "by hand",
            "our layer",
            "autograd",
            "central differences",
            "largest difference",
        )
        for row in shown.rows:
            numbers = row[3:7]
            assert None not in numbers
            assert row[7] == max(numbers) - min(numbers)  # type: ignore[type-var, operator]
            assert row[7] < 1e-9  # type: ignore[operator]
    names = {row[0] for row in table(found, "Gradients of the weights").rows}
    assert {"W_xi", "W_xf", "W_xg", "W_xo", "W_hi", "b_i", "b_o", "w_y"} <= names
    worst = table(found, "Largest difference")
    assert [row[0] for row in worst.rows] == [*ACTIVATIONS, "delta z", "W_x", "W_h", "b", "w_y"]


def test_a_weight_is_named_by_its_gate_and_place() -> None:
    case = drawn(hidden=2, inputs=3)
    rows = table(gradients(hidden=2, inputs=3), "Gradients of the weights").rows
    ours = by_hand(case)[0]["W_x"]
    assert {row[:2]: row[2] for row in rows}["W_xo", "row 2, column 3"] == ours[3 * 2 + 1, 2]
    assert {row[:2]: row[2] for row in rows}["W_xg", "row 1, column 1"] == ours[2 * 2, 0]


def test_a_large_cell_is_summed_up() -> None:
    found = gradients(hidden=6, inputs=4, autograd=None)
    titles = [part.title for part in found.parts if isinstance(part, Table)]
    assert "Gradients of the activations" in titles
    assert "Gradients of the weights" not in titles
    assert any(title.startswith("Largest difference") for title in titles)


def test_the_short_form_is_exact_at_the_last_step_and_only_there() -> None:
    case = drawn(steps=3)
    full, paths = by_hand(case)
    short, short_paths = by_hand(case, through_time=False)
    for name in ACTIVATIONS:
        np.testing.assert_array_equal(short[name][-1], full[name][-1])
        assert (short[name][:-1] != full[name][:-1]).all()
    np.testing.assert_allclose(paths.loss + paths.cell + paths.recurrent, full["delta c"])
    np.testing.assert_array_equal(short_paths.loss, short["delta c"])
    np.testing.assert_array_equal(paths.loss, short["delta c"])
    np.testing.assert_array_equal(short["w_y"], full["w_y"])
    # The way by the cell is delta c_{t+1} * f_{t+1}: cut it by forgetting everything.
    assert (paths.cell[-1] == 0).all()
    assert (paths.cell[:-1] != 0).all()


def test_contributions_add_up_to_what_differences_measure() -> None:
    found = table(gradients(autograd=None), "Where each gradient comes from, at t = 1 of 2")
    assert len(found.rows) == 5 * 2
    for row in found.rows:
        at_loss, by_cell, by_hidden, whole, measured = row[2:]
        assert at_loss + by_cell + by_hidden == pytest.approx(whole, abs=1e-15)  # type: ignore[operator]
        assert measured == pytest.approx(whole, abs=1e-9)
        assert (by_cell == 0) is (row[0] == "delta o")


def test_the_error_needs_both_terms() -> None:
    rows = table(gradients(target=0.25, autograd=None), "Gradient at the score").rows
    assert [row[0] for row in rows] == [0.0, 0.25, 0.5, 1.0]
    for y, short, both, alone, alone_measured in rows:
        assert short == pytest.approx(both, abs=1e-9)
        assert alone == pytest.approx(alone_measured, abs=1e-9)
        assert (abs(short - alone) < 1e-12) is (y == 1.0)  # type: ignore[operator]
    assert rows[0][3] == rows[0][4] == 0.0


@pytest.mark.parametrize(("loss", "classes"), [("binary", 2), ("softmax", 3)])
def test_softmax_has_the_same_error(loss: Loss, classes: int) -> None:
    rows = table(gradients(loss=loss, autograd=None), "The same for softmax").rows
    assert len(rows) == classes
    for _, y, y_hat, error, measured in rows:
        assert error == pytest.approx(y_hat - y, abs=1e-15)  # type: ignore[operator]
        assert error == pytest.approx(measured, abs=1e-9)


def test_log_alone_learns_nothing_from_a_zero() -> None:
    found = gradients(loss="log-only", target=0, autograd=None)
    assert all(row[2] == 0 for row in table(found, "Largest difference").rows)
    assert "The gradient of the input gate of cell 1 is 0: nothing to compare." in [
        part.text for part in found.parts if isinstance(part, Note)
    ]


def test_the_pre_activation_adds_the_slope() -> None:
    for gate, _, at_activation, slope, before, measured in table(
        gradients(autograd=None), "Activation and pre-activation"
    ).rows:
        assert before == pytest.approx(at_activation * slope, rel=1e-12)  # type: ignore[operator]
        assert before == pytest.approx(measured, abs=1e-9)
        assert gate == "g" or slope <= 0.25  # type: ignore[operator]


def test_the_slope_left_out_is_told() -> None:
    found = gradients(autograd=None)
    reading = run_forward(drawn())
    gate = float(reading.gates["i"][0, 0])
    (told,) = (
        part.text
        for part in found.parts
        if isinstance(part, Note) and part.text.startswith("For the input gate")
    )
    assert told.startswith(
        "For the input gate of cell 1, using delta i as the gradient of the pre-activation would be"
        f" {1 / (gate * (1 - gate)):.3g} times too large."
    )


def test_a_longer_case_begins_as_the_shorter() -> None:
    short, long = drawn(steps=1), drawn(steps=4)
    np.testing.assert_array_equal(short.inputs, long.inputs[:1])
    np.testing.assert_array_equal(short.layer.weight_hidden, long.layer.weight_hidden)
    assert (drawn(seed=1).layer.weight_input != short.layer.weight_input).any()


def test_without_torch_the_column_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("quatrain.explain.lstm_gradients.autograd")
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    found = table(gradients(), "Gradients of the weights")
    column = found.columns.index("autograd (torch is not installed)")
    assert {row[column] for row in found.rows} == {None}
    assert importlib.util.find_spec("torch") is not None


def test_the_mathematics_is_balanced() -> None:
    for loss in LOSSES:
        for part in gradients(loss=loss, autograd=None).parts:
            if isinstance(part, Equation):
                texts = [part.latex]
            elif isinstance(part, Formula):
                texts = [part.latex_symbols, part.latex_numbers]
            else:
                continue
            for text in texts:
                assert text.count("{") == text.count("}"), text
                assert text.count(r"\left") == text.count(r"\right"), text
                assert "$" not in text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"hidden": 0},
            "setting 'hidden' of the gradients: got 0; expected a whole number from 1 to 8."
            " Keep the cell small: every weight is shown and varied in turn.",
        ),
        (
            {"hidden": 2.5},
            "setting 'hidden' of the gradients: got 2.5; expected a whole number from 1 to 8."
            " Keep the cell small: every weight is shown and varied in turn.",
        ),
        (
            {"inputs": 9},
            "setting 'inputs' of the gradients: got 9; expected a whole number from 1 to 8."
            " Keep the cell small: every weight is shown and varied in turn.",
        ),
        (
            {"steps": 21},
            "setting 'steps' of the gradients: got 21; expected a whole number from 1 to 20."
            " Keep the cell small: every weight is shown and varied in turn.",
        ),
        (
            {"seed": -1},
            "setting 'seed' of the gradients: got -1; expected a whole number of at least 0."
            " Give another number.",
        ),
        (
            {"target": 1.5},
            "setting 'target' of the gradients: got 1.5; expected a number from 0 to 1."
            " Choose 1 for yes, 0 for no, or a probability between them.",
        ),
        (
            {"target": 3, "loss": "softmax"},
            "setting 'target' of the gradients: got 3 with the softmax loss; expected a class:"
            " a whole number from 0 to 2. Choose a class, or another loss.",
        ),
        (
            {"loss": "hinge"},
            "setting 'loss' of the gradients: got 'hinge'; expected 'binary' or 'softmax' or"
            " 'log-only'. Choose one of them.",
        ),
    ],
)
def test_settings_that_cannot_be(given: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError) as found:
        gradients(**given)  # type: ignore[arg-type]
    assert str(found.value) == message


@pytest.mark.parametrize("loss", LOSSES)
def test_the_candidate_has_one_name_everywhere(loss: Loss) -> None:
    """With c-tilde, no g is left, and apart from the names nothing changes."""
    with_g = gradients(hidden=1, inputs=1, steps=2, loss=loss, autograd=None)
    with_c = gradients(hidden=1, inputs=1, steps=2, loss=loss, autograd=None, candidate="c")
    assert not re.search(r"(?<![a-z])g(?![a-z])|_[xh]?g", str(with_c))
    assert not re.search(r"(?<![a-z])g(?![a-z])|_\{?[xh]?g", as_latex(with_c).partition("\n")[2])
    named = [with_g, with_c]
    assert len({len(explanation.parts) for explanation in named}) == 1
    values = [[formula.value for formula in each.formulas.values()] for each in named]
    assert values[0] == values[1]
    assert r"\tilde c_t &= \tanh(W_{xc} x_t" in as_latex(with_c)
    with pytest.raises(SettingsError, match="'g' or 'c'"):
        gradients(candidate="h")  # type: ignore[arg-type]
