"""Every layer against PyTorch's, over random shapes, in float32 and float64."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.layers import LSTM, Embedding, Linear, LSTMStack, log_softmax, sigmoid, softmax

TOLERANCE = {"float32": 1e-5, "float64": 1e-12}
types = st.sampled_from(["float32", "float64"])
sizes = st.integers(1, 9)
seeds = st.integers(0, 2**32 - 1)


def close(ours: np.ndarray, theirs: torch.Tensor, dtype: str) -> None:
    assert str(ours.dtype) == dtype
    assert ours.shape == tuple(theirs.shape)
    np.testing.assert_allclose(
        ours, theirs.detach().numpy(), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype]
    )


def stack_and_reference(
    inputs: int, hidden: int, layers: int, dtype: str, seed: int
) -> tuple[LSTMStack, torch.nn.LSTM]:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        reference = torch.nn.LSTM(inputs, hidden, layers, dtype=getattr(torch, dtype))
    weights = {name: value.detach().numpy() for name, value in reference.named_parameters()}
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


@settings(max_examples=40, deadline=None)
@given(
    time=sizes,
    batch=sizes,
    inputs=sizes,
    hidden=sizes,
    layers=st.integers(1, 3),
    dtype=types,
    seed=seeds,
)
def test_lstm_equals_torch_and_carries_its_state(
    time: int, batch: int, inputs: int, hidden: int, layers: int, dtype: str, seed: int
) -> None:
    stack, reference = stack_and_reference(inputs, hidden, layers, dtype, seed)
    generator = np.random.default_rng(seed)
    first, second = generator.normal(0, 3, (2, time, batch, inputs)).astype(dtype)

    value, states = stack.value(first)
    expected, (h, c) = reference(torch.from_numpy(first))
    close(value, expected, dtype)
    value, states = stack.value(second, states)
    expected, (h, c) = reference(torch.from_numpy(second), (h, c))
    close(value, expected, dtype)
    close(np.stack([state.hidden for state in states]), h, dtype)
    close(np.stack([state.cell for state in states]), c, dtype)


@settings(max_examples=25, deadline=None)
@given(
    time=sizes,
    batch=sizes,
    inputs=sizes,
    hidden=sizes,
    layers=st.integers(1, 3),
    dtype=types,
    seed=seeds,
)
def test_stepping_equals_reading_the_whole(
    time: int, batch: int, inputs: int, hidden: int, layers: int, dtype: str, seed: int
) -> None:
    stack, _ = stack_and_reference(inputs, hidden, layers, dtype, seed)
    sequence = np.random.default_rng(seed).normal(size=(time, batch, inputs)).astype(dtype)
    whole, states_after = stack.value(sequence)
    states = stack.start(batch)
    for now in range(time):
        value, states = stack.step(sequence[now], states)
        np.testing.assert_allclose(value, whole[now], atol=TOLERANCE[dtype])
        assert str(value.dtype) == dtype
    for state, expected in zip(states, states_after, strict=True):
        np.testing.assert_allclose(state.cell, expected.cell, atol=TOLERANCE[dtype])


def test_no_time_at_all_leaves_the_state_as_it_was() -> None:
    stack, _ = stack_and_reference(3, 4, 2, "float64", 0)
    value, states = stack.value(np.zeros((0, 2, 3)))
    assert value.shape == (0, 2, 4)
    assert all(not state.hidden.any() for state in states)


@settings(max_examples=30, deadline=None)
@given(
    leading=st.lists(st.integers(0, 4), max_size=3),
    inputs=sizes,
    outputs=sizes,
    dtype=types,
    seed=seeds,
)
def test_linear_equals_torch(
    leading: list[int], inputs: int, outputs: int, dtype: str, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    weight = generator.normal(size=(outputs, inputs)).astype(dtype)
    bias = generator.normal(size=outputs).astype(dtype)
    values = generator.normal(size=(*leading, inputs)).astype(dtype)
    expected = torch.nn.functional.linear(*map(torch.from_numpy, (values, weight, bias)))
    close(Linear(weight, bias).value(values), expected, dtype)


@settings(max_examples=20, deadline=None)
@given(shape=st.lists(st.integers(0, 4), max_size=3), alphabet=sizes, dtype=types, seed=seeds)
def test_embedding_equals_torch(shape: list[int], alphabet: int, dtype: str, seed: int) -> None:
    generator = np.random.default_rng(seed)
    weight = generator.normal(size=(alphabet, 3)).astype(dtype)
    ids = generator.integers(0, alphabet, shape)
    expected = torch.nn.functional.embedding(torch.as_tensor(ids), torch.from_numpy(weight))
    close(Embedding(weight).value(np.asarray(ids)), expected, dtype)


@settings(max_examples=30, deadline=None)
@given(rows=sizes, size=sizes, scale=st.sampled_from([1.0, 100.0, 1e4]), dtype=types, seed=seeds)
def test_softmax_equals_torch_without_overflow(
    rows: int, size: int, scale: float, dtype: str, seed: int
) -> None:
    values = (np.random.default_rng(seed).normal(size=(rows, size)) * scale).astype(dtype)
    close(softmax(values), torch.softmax(torch.from_numpy(values), -1), dtype)
    close(log_softmax(values), torch.log_softmax(torch.from_numpy(values), -1), dtype)
    close(softmax(values, axis=0), torch.softmax(torch.from_numpy(values), 0), dtype)
    close(sigmoid(values), torch.sigmoid(torch.from_numpy(values)), dtype)
    np.testing.assert_allclose(softmax(values).sum(axis=-1), 1.0, rtol=1e-5)


def test_softmax_of_a_hand_computed_case() -> None:
    logits = np.log(np.array([1.0, 2.0, 5.0])) + 1000.0
    np.testing.assert_allclose(softmax(logits), [1 / 8, 2 / 8, 5 / 8], rtol=1e-12)
    np.testing.assert_allclose(log_softmax(logits), np.log([1 / 8, 2 / 8, 5 / 8]), rtol=1e-12)


def test_a_logit_of_minus_infinity_has_no_probability() -> None:
    logits = np.array([0.0, -np.inf, 0.0])
    np.testing.assert_array_equal(softmax(logits), [0.5, 0.0, 0.5])
    assert log_softmax(logits)[1] == -np.inf


def test_one_cell_by_hand() -> None:
    layer = LSTM(np.array([[1.0], [2.0], [3.0], [4.0]]), np.zeros((4, 1)), np.full(4, 0.5))
    value, state = layer.step(np.array([[0.25]]), layer.start(1))
    gate = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
    cell = gate(0.75) * np.tanh(1.25)
    np.testing.assert_allclose(state.cell, [[cell]], rtol=1e-14)
    np.testing.assert_allclose(value, [[gate(1.5) * np.tanh(cell)]], rtol=1e-14)


def test_inputs_are_left_as_they_were() -> None:
    stack, _ = stack_and_reference(2, 3, 2, "float32", 1)
    inputs = np.ones((4, 2, 2), np.float32)
    states = stack.start(2)
    stack.value(inputs, states)
    stack.step(inputs[0], states)
    softmax(inputs)
    assert (inputs == 1).all()
    assert all(not part.any() for state in states for part in state)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_extreme_inputs_saturate_without_a_warning(dtype: str) -> None:
    stack, reference = stack_and_reference(2, 3, 1, dtype, 1)
    inputs = np.full((2, 1, 2), 1e30, dtype)
    value, _ = stack.value(inputs)
    close(value, reference(torch.from_numpy(inputs))[0], dtype)
