"""The LSTM's way back against PyTorch's and against central differences.

In float32 every value and gradient is held to 1e-5 of the largest entry of its array, or of 1
where all are smaller: the random gradients of the values that go in are of that size.
"""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.layers import LSTM, LSTMStack, LSTMState
from quatrain.layers.shapes import Array

TOLERANCE = {"float32": 1e-5, "float64": 1e-12}
types = st.sampled_from(["float32", "float64"])
seeds = st.integers(0, 2**32 - 1)


def close(ours: np.ndarray, theirs: torch.Tensor | None, dtype: str, name: str) -> None:
    assert theirs is not None, name
    expected = theirs.detach().numpy()
    assert str(ours.dtype) == dtype, name
    assert ours.shape == expected.shape, name
    scale = max(1.0, np.abs(expected).max(initial=0.0))
    difference = np.abs(ours - expected).max(initial=0.0)
    assert difference <= TOLERANCE[dtype] * scale, f"{name}: {difference} of {scale}"


def make(
    inputs: int, hidden: int, layers: int, dtype: str, generator: np.random.Generator, scale: float
) -> tuple[LSTMStack, torch.nn.LSTM]:
    """A stack, and PyTorch's of the same weights, uniform within scale / sqrt(hidden)."""
    reference = torch.nn.LSTM(inputs, hidden, layers, dtype=getattr(torch, dtype))
    bound = scale / np.sqrt(hidden)
    weights = {}
    with torch.no_grad():
        for name, parameter in reference.named_parameters():
            weights[name] = generator.uniform(-bound, bound, tuple(parameter.shape)).astype(dtype)
            parameter.copy_(torch.from_numpy(weights[name]))
    stack = LSTMStack(
        tuple(
            LSTM(
                weights[f"weight_ih_l{k}"],
                weights[f"weight_hh_l{k}"],
                weights[f"bias_ih_l{k}"] + weights[f"bias_hh_l{k}"],
            )
            for k in range(layers)
        )
    )
    return stack, reference


def states_of(
    layers: int, batch: int, hidden: int, dtype: str, generator: np.random.Generator
) -> tuple[LSTMState, ...]:
    return tuple(
        LSTMState(*generator.normal(0, 1, (2, batch, hidden)).astype(dtype)) for _ in range(layers)
    )


@settings(max_examples=60, deadline=None)
@given(
    time=st.integers(1, 50),
    batch=st.one_of(st.integers(1, 5), st.integers(15, 18)),
    inputs=st.integers(1, 9),
    hidden=st.integers(1, 12),
    layers=st.integers(1, 3),
    scale=st.sampled_from([1.0, 2.0]),
    dtype=types,
    seed=seeds,
)
@example(50, 16, 9, 12, 3, 1.0, "float32", 0)
@example(50, 1, 9, 12, 3, 2.0, "float32", 1)
def test_every_value_and_every_gradient_equals_torch(
    time: int,
    batch: int,
    inputs: int,
    hidden: int,
    layers: int,
    scale: float,
    dtype: str,
    seed: int,
) -> None:
    generator = np.random.default_rng(seed)
    stack, reference = make(inputs, hidden, layers, dtype, generator, scale)
    sequence = generator.normal(0, 1, (time, batch, inputs)).astype(dtype)
    before = states_of(layers, batch, hidden, dtype, generator)
    of_values = generator.normal(0, 1, (time, batch, hidden)).astype(dtype)
    of_states = states_of(layers, batch, hidden, dtype, generator)

    x = torch.from_numpy(sequence).requires_grad_()
    h = torch.from_numpy(np.stack([state.hidden for state in before])).requires_grad_()
    c = torch.from_numpy(np.stack([state.cell for state in before])).requires_grad_()
    y, (h_after, c_after) = reference(x, (h, c))
    loss = (y * torch.from_numpy(of_values)).sum()
    loss = loss + (h_after * torch.from_numpy(np.stack([s.hidden for s in of_states]))).sum()
    loss = loss + (c_after * torch.from_numpy(np.stack([s.cell for s in of_states]))).sum()
    loss.backward()

    values, after, backward = stack.forward(sequence, before)
    close(values, y, dtype, "values")
    close(np.stack([state.hidden for state in after]), h_after, dtype, "hidden after")
    close(np.stack([state.cell for state in after]), c_after, dtype, "cell after")
    gradients = backward(of_values, of_states)
    close(gradients.inputs, x.grad, dtype, "inputs")
    close(np.stack([state.hidden for state in gradients.states]), h.grad, dtype, "hidden before")
    close(np.stack([state.cell for state in gradients.states]), c.grad, dtype, "cell before")
    for k, layer in enumerate(gradients.layers):
        close(layer.weight_input, getattr(reference, f"weight_ih_l{k}").grad, dtype, "W_x")
        close(layer.weight_hidden, getattr(reference, f"weight_hh_l{k}").grad, dtype, "W_h")
        close(layer.bias, getattr(reference, f"bias_ih_l{k}").grad, dtype, "b")


def central(
    loss: Callable[[], float], array: np.ndarray, generator: np.random.Generator
) -> Iterator[tuple[tuple[int, ...], float]]:
    """The slope of `loss` in some entries of `array`, which is changed and put back."""
    step = 1e-5
    for flat in generator.choice(array.size, min(array.size, 12), replace=False):
        index = tuple(int(part) for part in np.unravel_index(flat, array.shape))
        kept = array[index]
        array[index] = kept + step
        above = loss()
        array[index] = kept - step
        below = loss()
        array[index] = kept
        yield index, (above - below) / (2 * step)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    time=st.integers(1, 50),
    batch=st.integers(1, 3),
    inputs=st.integers(1, 4),
    hidden=st.integers(1, 5),
    layers=st.integers(1, 3),
    seed=seeds,
)
def test_every_gradient_equals_central_differences(
    time: int, batch: int, inputs: int, hidden: int, layers: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    stack, _ = make(inputs, hidden, layers, "float64", generator, 2.0)
    sequence = generator.normal(0, 1, (time, batch, inputs))
    before = states_of(layers, batch, hidden, "float64", generator)
    of_values = generator.normal(0, 1, (time, batch, hidden))
    of_states = states_of(layers, batch, hidden, "float64", generator)

    def loss() -> float:
        values, after = stack.value(sequence, before)
        carried = sum(
            (weights.hidden * state.hidden).sum() + (weights.cell * state.cell).sum()
            for weights, state in zip(of_states, after, strict=True)
        )
        return float((values * of_values).sum() + carried)

    gradients = stack.forward(sequence, before)[2](of_values, of_states)
    pairs: list[tuple[Array, Array]] = [(sequence, gradients.inputs)]
    for layer, state, got, got_state in zip(
        stack.layers, before, gradients.layers, gradients.states, strict=True
    ):
        pairs += [
            (state.hidden, got_state.hidden),
            (state.cell, got_state.cell),
            (layer.weight_input, got.weight_input),
            (layer.weight_hidden, got.weight_hidden),
            (layer.bias, got.bias),
        ]
    for array, gradient in pairs:
        scale = max(1.0, np.abs(gradient).max())
        for index, slope in central(loss, array, generator):
            assert abs(gradient[index] - slope) <= 1e-6 * scale


@settings(max_examples=25, deadline=None)
@given(
    time=st.integers(1, 50),
    batch=st.integers(1, 4),
    inputs=st.integers(1, 6),
    hidden=st.integers(1, 8),
    dtype=types,
    seed=seeds,
)
@example(50, 4, 6, 8, "float32", 0)
def test_the_inner_life_and_what_reaches_it_equal_a_cell_unrolled_in_torch(
    time: int, batch: int, inputs: int, hidden: int, dtype: str, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    stack, _ = make(inputs, hidden, 1, dtype, generator, 2.0)
    (layer,) = stack.layers
    sequence = generator.normal(0, 1, (time, batch, inputs)).astype(dtype)
    (before,) = states_of(1, batch, hidden, dtype, generator)
    of_values = generator.normal(0, 1, (time, batch, hidden)).astype(dtype)
    (of_state,) = states_of(1, batch, hidden, dtype, generator)

    weight_input, weight_hidden, bias = (
        torch.from_numpy(array).requires_grad_()
        for array in (layer.weight_input, layer.weight_hidden, layer.bias)
    )
    h, c = (torch.from_numpy(part).requires_grad_() for part in before)
    names = ("input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden")
    lives: dict[str, list[torch.Tensor]] = {name: [] for name in names}
    loss = torch.zeros((), dtype=getattr(torch, dtype))
    for x, weight in zip(torch.from_numpy(sequence), torch.from_numpy(of_values), strict=True):
        sums = (x @ weight_input.T + h @ weight_hidden.T + bias).chunk(4, dim=1)
        i, f, o = (sums[k].sigmoid() for k in (0, 1, 3))
        g = sums[2].tanh()
        c = f * c + i * g
        h = o * c.tanh()
        for name, value in zip(names, (i, f, g, o, c, h), strict=True):
            value.retain_grad()
            lives[name].append(value)
        loss = loss + (h * weight).sum()
    loss = loss + (h * torch.from_numpy(of_state.hidden)).sum()
    loss = loss + (c * torch.from_numpy(of_state.cell)).sum()
    loss.backward()

    trace, backward = layer.trace(sequence, before)
    gradients, reaching = backward(of_values, of_state)
    for name in names:
        close(getattr(trace, name), torch.stack(lives[name]), dtype, name)
        expected = torch.stack([value.grad for value in lives[name] if value.grad is not None])
        close(getattr(reaching, name), expected, dtype, f"gradient of {name}")
    plain = layer.forward(sequence, before)[2](of_values, of_state)
    close(gradients.weight_hidden, weight_hidden.grad, dtype, "W_h")
    np.testing.assert_array_equal(gradients.weight_hidden, plain.weight_hidden)
    np.testing.assert_array_equal(gradients.inputs, plain.inputs)


def test_one_cell_by_hand() -> None:
    """i = f = o = 1/2, g = tanh(1), c = g / 2 + 1, h = tanh(c) / 2; the loss is h."""
    layer = LSTM(np.array([[0.0], [0.0], [1.0], [0.0]]), np.zeros((4, 1)), np.zeros(4))
    before = LSTMState(np.array([[3.0]]), np.array([[2.0]]))
    trace, backward = layer.trace(np.ones((1, 1, 1)), before)
    gradients, reaching = backward(np.ones((1, 1, 1)))
    g = np.tanh(1.0)
    c = 0.5 * g + 1.0
    dc = 0.5 * (1 - np.tanh(c) ** 2)
    dg = 0.5 * dc
    np.testing.assert_allclose(trace.hidden, 0.5 * np.tanh(c))
    np.testing.assert_allclose(reaching.hidden, 1.0)
    np.testing.assert_allclose(reaching.cell, dc)
    np.testing.assert_allclose(reaching.output_gate, np.tanh(c))
    np.testing.assert_allclose(reaching.input_gate, dc * g)
    np.testing.assert_allclose(reaching.forget_gate, dc * 2.0)
    np.testing.assert_allclose(reaching.candidate, dg)
    np.testing.assert_allclose(gradients.state.cell, 0.5 * dc)
    np.testing.assert_allclose(
        gradients.bias, [dc * g / 4, dc * 2 / 4, dg * (1 - g * g), np.tanh(c) / 4]
    )
    np.testing.assert_allclose(gradients.weight_hidden[:, 0], gradients.bias * 3.0)
    np.testing.assert_allclose(gradients.inputs, [[[gradients.bias[2]]]])
    assert not gradients.state.hidden.any()


def test_the_value_alone_is_the_same() -> None:
    stack, _ = make(5, 7, 2, "float32", np.random.default_rng(3), 1.0)
    sequence = np.random.default_rng(4).normal(size=(9, 3, 5)).astype(np.float32)
    value, states = stack.value(sequence)
    forward, states_forward, _ = stack.forward(sequence)
    np.testing.assert_allclose(value, forward, atol=1e-6)
    np.testing.assert_allclose(states, states_forward, atol=1e-6)


def test_no_time_at_all_hands_the_gradient_of_the_state_back() -> None:
    stack, _ = make(3, 4, 2, "float64", np.random.default_rng(0), 1.0)
    of_states = states_of(2, 2, 4, "float64", np.random.default_rng(1))
    values, _, backward = stack.forward(np.zeros((0, 2, 3)))
    gradients = backward(np.zeros_like(values), of_states)
    np.testing.assert_array_equal(gradients.states, of_states)
    assert gradients.inputs.shape == (0, 2, 3)
    assert not any(layer.weight_input.any() for layer in gradients.layers)


def test_the_way_back_can_be_gone_twice_and_changes_nothing() -> None:
    generator = np.random.default_rng(5)
    stack, _ = make(3, 4, 2, "float32", generator, 1.0)
    given = [generator.normal(size=(6, 2, 3)).astype(np.float32)]
    before, of_states = (states_of(2, 2, 4, "float32", generator) for _ in range(2))
    of_values = generator.normal(size=(6, 2, 4)).astype(np.float32)
    given += [of_values, *(part for state in (*before, *of_states) for part in state)]
    copies = [array.copy() for array in given]
    values, states, backward = stack.forward(given[0], before)
    first = backward(of_values, of_states)
    values[...] = 0  # what was handed out is the caller's, the way back keeps its own
    for state in states:
        state.hidden[...] = 0
        state.cell[...] = 0
    second = backward(of_values, of_states)
    np.testing.assert_array_equal(first.inputs, second.inputs)
    for one, two in zip(first.layers, second.layers, strict=True):
        for name in ("weight_input", "weight_hidden", "bias"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    for array, copy in zip(given, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_saturated_gates_pass_no_gradient_and_no_warning(dtype: str) -> None:
    stack, _ = make(2, 3, 1, dtype, np.random.default_rng(1), 1.0)
    sequence = np.full((2, 1, 2), 1e30, dtype)
    values, _, backward = stack.forward(sequence)
    gradients = backward(np.ones_like(values))
    assert np.isfinite(gradients.inputs).all()
    assert not gradients.layers[0].weight_input.any()


def ways_back(dtype: str = "float64") -> tuple[Callable[..., object], Callable[..., object]]:
    """Of one layer, and of a stack of it: 5 times, 2 sequences, 3 inputs, 4 cells."""
    stack, _ = make(3, 4, 1, dtype, np.random.default_rng(0), 1.0)
    sequence = np.zeros((5, 2, 3), dtype)
    return stack.layers[0].forward(sequence)[2], stack.forward(sequence)[2]


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "values": (
        lambda: ways_back()[0](np.zeros((4, 2, 4))),
        "'gradient_of_values' of the LSTM layer: got shape (4, 2, 4); expected shape (time 5, "
        "batch 2, hidden 4). Give an array of that shape.",
    ),
    "values of a trace": (
        lambda: LSTM(np.zeros((8, 3)), np.zeros((8, 2)), np.zeros(8)).trace(np.zeros((5, 1, 3)))[1](
            np.zeros((5, 2))
        ),
        "'gradient_of_values' of the LSTM layer: got shape (5, 2); expected shape (time 5, "
        "batch 1, hidden 2). Give an array of that shape.",
    ),
    "state": (
        lambda: ways_back()[0](np.zeros((5, 2, 4)), LSTMState(np.zeros((2, 4)), np.zeros((1, 4)))),
        "'gradient_of_state.cell' of the LSTM layer: got shape (1, 4); expected shape (batch 2, "
        "hidden 4). Give an array of that shape.",
    ),
    "type": (
        lambda: ways_back("float32")[0](np.zeros((5, 2, 4))),
        "the LSTM layer: got gradient_of_values in float64, weights in float32; expected one "
        "floating-point type. Convert the arrays to the same type with astype.",
    ),
    "states": (
        lambda: ways_back()[1](np.zeros((5, 2, 4)), []),
        "'gradient_of_states' of the LSTM layers: got 0 states; expected 1, one per layer. "
        "Give the gradient of the state of every layer, zeros where it has none.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_gradient_that_does_not_fit_is_refused(name: str) -> None:
    make_it, message = REFUSED[name]
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        make_it()
