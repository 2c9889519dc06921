"""The way back through an affine map: against PyTorch and central differences."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.layers.linear import Linear

leadings = st.lists(st.integers(0, 4), max_size=3)
sizes = st.integers(1, 9)
seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=40, deadline=None)
@given(
    leading=leadings,
    inputs=sizes,
    outputs=sizes,
    dtype=st.sampled_from(["float32", "float64"]),
    seed=seeds,
)
def test_every_gradient_equals_torch(
    same, leading: list[int], inputs: int, outputs: int, dtype: str, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    weight = generator.normal(size=(outputs, inputs)).astype(dtype)
    bias = generator.normal(size=outputs).astype(dtype)
    vectors = generator.normal(size=(*leading, inputs)).astype(dtype)
    value, backward = Linear(weight, bias).forward(vectors)
    gradient = generator.normal(size=value.shape).astype(dtype)

    tensors = [torch.from_numpy(each).requires_grad_() for each in (vectors, weight, bias)]
    expected = torch.nn.functional.linear(*tensors)
    expected.backward(torch.from_numpy(gradient))
    same(value, expected)
    for ours, tensor in zip(backward(gradient), tensors, strict=True):
        same(ours, tensor.grad)


@settings(max_examples=15, deadline=None)
@given(leading=leadings, inputs=st.integers(1, 4), outputs=st.integers(1, 4), seed=seeds)
def test_every_gradient_equals_central_differences(
    agree, leading: list[int], inputs: int, outputs: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    layer = Linear(generator.normal(size=(outputs, inputs)), generator.normal(size=outputs))
    vectors = generator.normal(size=(*leading, inputs))
    value, backward = layer.forward(vectors)
    gradient = generator.normal(size=value.shape)
    actual = backward(gradient)
    agree(
        lambda: float((layer.value(vectors) * gradient).sum()),
        [(vectors, actual.inputs), (layer.weight, actual.weight), (layer.bias, actual.bias)],
    )


def test_one_vector_by_hand() -> None:
    layer = Linear(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([0.5, 0.0, -0.5]))
    value, backward = layer.forward(np.array([10.0, 1.0]))
    np.testing.assert_array_equal(value, [12.5, 34.0, 55.5])
    actual = backward(np.array([1.0, 0.0, 2.0]))
    np.testing.assert_array_equal(actual.inputs, [11.0, 14.0])
    np.testing.assert_array_equal(actual.weight, [[10.0, 1.0], [0.0, 0.0], [20.0, 2.0]])
    np.testing.assert_array_equal(actual.bias, [1.0, 0.0, 2.0])


def test_the_way_back_can_be_gone_twice_and_leaves_its_input() -> None:
    _, backward = Linear(np.ones((2, 3)), np.zeros(2)).forward(np.ones((4, 3)))
    gradient = np.ones((4, 2))
    for first, second in zip(backward(gradient), backward(gradient), strict=True):
        np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(gradient, np.ones((4, 2)))


def test_a_gradient_of_another_shape_is_refused() -> None:
    _, backward = Linear(np.ones((2, 3)), np.zeros(2)).forward(np.ones((4, 3)))
    message = (
        "'gradient_of_value' of the linear layer: got shape (4, 3) in float64; expected shape "
        "(4, 2) in float64, as the value has. Give an array of that shape and type."
    )
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        backward(np.ones((4, 3)))
