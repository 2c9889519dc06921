"""The highway layer, value and way back: against PyTorch and central differences."""

import re
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.layers.activations import ReLU, Tanh
from quatrain.layers.highway import Highway
from quatrain.layers.linear import Linear

leadings = st.lists(st.integers(0, 4), max_size=2)
activations = st.sampled_from([ReLU(), Tanh()])
seeds = st.integers(0, 2**32 - 1)


def drawn(generator: np.random.Generator, size: int, dtype: str = "float64") -> Linear:
    return Linear(
        generator.normal(size=(size, size)).astype(dtype),
        generator.normal(size=size).astype(dtype),
    )


def parameters(layer: Highway) -> tuple[np.ndarray, ...]:
    return (layer.transform.weight, layer.transform.bias, layer.gate.weight, layer.gate.bias)


def in_torch(
    x: torch.Tensor, wh: torch.Tensor, bh: torch.Tensor, wt: torch.Tensor, bt: torch.Tensor, *, g
) -> torch.Tensor:
    t = torch.sigmoid(torch.nn.functional.linear(x, wt, bt))
    return t * g(torch.nn.functional.linear(x, wh, bh)) + (1 - t) * x


@settings(max_examples=40, deadline=None)
@given(
    leading=leadings,
    size=st.integers(1, 9),
    activation=activations,
    dtype=st.sampled_from(["float32", "float64"]),
    seed=seeds,
)
def test_value_and_every_gradient_equal_torch(
    same, leading: list[int], size: int, activation: ReLU | Tanh, dtype: str, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    layer = Highway(drawn(generator, size, dtype), drawn(generator, size, dtype), activation)
    inputs = generator.normal(size=(*leading, size)).astype(dtype)
    value, backward = layer.forward(inputs)
    gradient = generator.normal(size=value.shape).astype(dtype)
    actual = backward(gradient)

    tensors = [torch.from_numpy(each).requires_grad_() for each in (inputs, *parameters(layer))]
    g = torch.relu if activation == ReLU() else torch.tanh
    expected = in_torch(*tensors, g=g)
    expected.backward(torch.from_numpy(gradient))
    same(value, expected)
    same(layer.value(inputs), expected)
    ours = (actual.inputs, *actual.transform[1:], *actual.gate[1:])
    for each, tensor in zip(ours, tensors, strict=True):
        same(each, tensor.grad)


@settings(max_examples=15, deadline=None)
@given(leading=leadings, size=st.integers(1, 4), seed=seeds)
def test_every_gradient_equals_central_differences(
    agree, leading: list[int], size: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    layer = Highway(drawn(generator, size), drawn(generator, size), Tanh())
    inputs = generator.normal(size=(*leading, size))
    value, backward = layer.forward(inputs)
    gradient = generator.normal(size=value.shape)
    actual = backward(gradient)
    ours = (actual.inputs, *actual.transform[1:], *actual.gate[1:])
    agree(
        lambda: float((layer.value(inputs) * gradient).sum()),
        list(zip((inputs, *parameters(layer)), ours, strict=True)),
    )


def test_the_gradient_of_the_inputs_is_the_sum_of_its_three_ways() -> None:
    generator = np.random.default_rng(5)
    layer = Highway(drawn(generator, 3), drawn(generator, 3))
    inputs, gradient = generator.normal(size=(2, 4, 3))
    actual = layer.forward(inputs)[1](gradient)
    carried = gradient * (1 - 1 / (1 + np.exp(-layer.gate.value(inputs))))
    np.testing.assert_allclose(
        actual.inputs, carried + actual.transform.inputs + actual.gate.inputs, rtol=1e-14
    )


def test_a_shut_gate_carries_and_an_open_one_changes() -> None:
    twice = Linear(2 * np.eye(2), np.zeros(2))
    inputs = np.array([[1.0, 3.0]])
    for bias, expected, slope in ((-50.0, inputs, 1.0), (50.0, 2 * inputs, 2.0)):
        layer = Highway(twice, Linear(np.zeros((2, 2)), np.full(2, bias)))
        value, backward = layer.forward(inputs)
        np.testing.assert_allclose(value, expected, rtol=1e-12)
        np.testing.assert_allclose(backward(np.ones((1, 2))).inputs, [[slope, slope]], rtol=1e-12)


def test_the_way_back_can_be_gone_twice_and_leaves_its_inputs() -> None:
    generator = np.random.default_rng(1)
    layer = Highway(drawn(generator, 2), drawn(generator, 2))
    inputs, gradient = np.ones((3, 2)), np.ones((3, 2))
    _, backward = layer.forward(inputs)
    np.testing.assert_array_equal(backward(gradient).inputs, backward(gradient).inputs)
    np.testing.assert_array_equal(inputs, np.ones((3, 2)))
    np.testing.assert_array_equal(gradient, np.ones((3, 2)))


def zeros(outputs: int, inputs: int, dtype: str = "float64") -> Linear:
    return Linear(np.zeros((outputs, inputs), dtype), np.zeros(outputs, dtype))


CASES: dict[str, tuple[Callable[[], object], str]] = {
    "transform": (
        lambda: Highway(zeros(2, 3), zeros(3, 3)),
        "'transform' of the highway layer: got a weight of shape (2, 3); expected shape (3, 3), "
        "as many outputs as inputs. Make the sizes agree: old and new numbers are mixed one by "
        "one.",
    ),
    "gate": (
        lambda: Highway(zeros(3, 3), zeros(2, 2)),
        "'gate' of the highway layer: got a weight of shape (2, 2); expected shape (3, 3), as "
        "many outputs as inputs. Make the sizes agree: old and new numbers are mixed one by one.",
    ),
    "types": (
        lambda: Highway(zeros(3, 3, "float32"), zeros(3, 3)),
        "the highway layer: got transform in float32, gate in float64; expected one "
        "floating-point type. Convert the arrays to the same type with astype.",
    ),
    "gradient": (
        lambda: Highway(zeros(3, 3), zeros(3, 3)).forward(np.zeros((2, 3)))[1](np.zeros(3)),
        "'gradient_of_value' of the highway layer: got shape (3,) in float64; expected shape "
        "(2, 3) in float64, as the value has. Give an array of that shape and type.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_does_not_fit_is_refused(name: str) -> None:
    make, message = CASES[name]
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        make()
