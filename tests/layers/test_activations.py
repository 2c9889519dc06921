"""Activations and softmax, value and way back: against PyTorch and central differences."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.layers.activations import ReLU, Sigmoid, Tanh
from quatrain.layers.softmax import Softmax

LAYERS = {
    "tanh": (Tanh(), torch.tanh),
    "sigmoid": (Sigmoid(), torch.sigmoid),
    "relu": (ReLU(), torch.relu),
    "softmax": (Softmax(), lambda x: torch.softmax(x, -1)),
    "softmax over the first axis": (Softmax(axis=0), lambda x: torch.softmax(x, 0)),
}
names = st.sampled_from(sorted(LAYERS))
shapes = st.lists(st.integers(1, 6), min_size=1, max_size=3)
seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=80, deadline=None)
@given(
    name=names,
    shape=shapes,
    scale=st.sampled_from([1.0, 30.0, 1e4]),
    dtype=st.sampled_from(["float32", "float64"]),
    seed=seeds,
)
def test_value_and_gradient_equal_torch(
    same, name: str, shape: list[int], scale: float, dtype: str, seed: int
) -> None:
    layer, reference = LAYERS[name]
    generator = np.random.default_rng(seed)
    inputs = (generator.normal(size=shape) * scale).astype(dtype)
    gradient = generator.normal(size=shape).astype(dtype)
    value, backward = layer.forward(inputs)

    tensor = torch.from_numpy(inputs).requires_grad_()
    expected = reference(tensor)
    expected.backward(torch.from_numpy(gradient))
    same(value, expected)
    same(layer.value(inputs), expected)
    same(backward(gradient), tensor.grad)


@settings(max_examples=40, deadline=None)
@given(name=names, shape=shapes, seed=seeds)
def test_the_gradient_equals_central_differences(
    agree, name: str, shape: list[int], seed: int
) -> None:
    layer, _ = LAYERS[name]
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=shape)
    inputs[np.abs(inputs) < 1e-3] = 0.5  # at the corner of ReLU there is no slope to measure
    gradient = generator.normal(size=shape)
    _, backward = layer.forward(inputs)
    agree(lambda: float((layer.value(inputs) * gradient).sum()), [(inputs, backward(gradient))])


def test_nothing_passes_the_corner_of_relu() -> None:
    _, backward = ReLU().forward(np.array([-1.0, 0.0, -0.0, 1e-300]))
    np.testing.assert_array_equal(backward(np.full(4, 7.0)), [0.0, 0.0, 0.0, 7.0])


@pytest.mark.parametrize("name", LAYERS)
def test_the_way_back_can_be_gone_twice_and_leaves_its_input(name: str) -> None:
    layer, _ = LAYERS[name]
    inputs, gradient = np.array([-1.0, 0.25, 3.0]), np.array([1.0, -2.0, 4.0])
    _, backward = layer.forward(inputs)
    np.testing.assert_array_equal(backward(gradient), backward(gradient))
    np.testing.assert_array_equal(inputs, [-1.0, 0.25, 3.0])
    np.testing.assert_array_equal(gradient, [1.0, -2.0, 4.0])


@pytest.mark.parametrize(
    ("name", "called"),
    [("tanh", "tanh"), ("sigmoid", "sigmoid"), ("relu", "ReLU"), ("softmax", "softmax")],
)
def test_a_gradient_of_another_shape_is_refused(name: str, called: str) -> None:
    _, backward = LAYERS[name][0].forward(np.ones((2, 3), np.float32))
    message = (
        f"'gradient_of_value' of the {called} layer: got shape (3,) in float32; expected shape "
        "(2, 3) in float32, as the value has. Give an array of that shape and type."
    )
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        backward(np.ones(3, np.float32))
