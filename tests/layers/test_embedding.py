"""The way back through a table: against PyTorch and central differences."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.layers.embedding import Embedding

shapes = st.lists(st.integers(0, 5), max_size=3)
sizes = st.integers(1, 9)
seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=40, deadline=None)
@given(
    shape=shapes,
    alphabet=st.integers(1, 12),
    size=sizes,
    dtype=st.sampled_from(["float32", "float64"]),
    id_type=st.sampled_from(["int8", "uint8", "int32", "int64"]),
    seed=seeds,
)
def test_the_gradient_equals_torch(
    same, shape: list[int], alphabet: int, size: int, dtype: str, id_type: str, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    weight = generator.normal(size=(alphabet, size)).astype(dtype)
    ids = np.asarray(generator.integers(0, alphabet, shape), id_type)
    value, backward = Embedding(weight).forward(ids)
    gradient = np.asarray(generator.normal(size=value.shape), dtype)

    table = torch.from_numpy(weight).requires_grad_()
    expected = torch.nn.functional.embedding(torch.from_numpy(ids.astype("int64")), table)
    expected.backward(torch.from_numpy(gradient))
    same(value, expected)
    same(backward(gradient).weight, table.grad)


@settings(max_examples=15, deadline=None)
@given(shape=shapes, alphabet=st.integers(1, 6), size=st.integers(1, 4), seed=seeds)
def test_the_gradient_equals_central_differences(
    agree, shape: list[int], alphabet: int, size: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    layer = Embedding(generator.normal(size=(alphabet, size)))
    ids = np.asarray(generator.integers(0, alphabet, shape))
    value, backward = layer.forward(ids)
    gradient = np.asarray(generator.normal(size=value.shape))
    agree(
        lambda: float((layer.value(ids) * gradient).sum()),
        [(layer.weight, backward(gradient).weight)],
    )


def test_every_lookup_adds_to_its_row_by_hand() -> None:
    _, backward = Embedding(np.zeros((4, 2))).forward(np.array([[2, 0], [2, 2]]))
    gradient = np.array([[[1.0, 10.0], [2.0, 20.0]], [[3.0, 30.0], [4.0, 40.0]]])
    expected = [[2.0, 20.0], [0.0, 0.0], [8.0, 80.0], [0.0, 0.0]]
    np.testing.assert_array_equal(backward(gradient).weight, expected)


def test_small_whole_numbers_reach_far_rows() -> None:
    ids = np.array([200, 3], np.uint8)
    _, backward = Embedding(np.zeros((201, 300), np.float32)).forward(ids)
    actual = backward(np.ones((2, 300), np.float32)).weight
    np.testing.assert_array_equal(np.flatnonzero(actual.any(axis=1)), [3, 200])


def test_the_way_back_can_be_gone_twice_and_leaves_its_input() -> None:
    _, backward = Embedding(np.zeros((3, 2))).forward(np.array([1, 1]))
    gradient = np.ones((2, 2))
    np.testing.assert_array_equal(backward(gradient).weight, backward(gradient).weight)
    np.testing.assert_array_equal(gradient, np.ones((2, 2)))


def test_a_gradient_of_another_shape_is_refused() -> None:
    _, backward = Embedding(np.zeros((3, 2))).forward(np.array([1, 1]))
    message = (
        "'gradient_of_value' of the embedding layer: got shape (2, 3) in float32; expected shape "
        "(2, 2) in float64, as the value has. Give an array of that shape and type."
    )
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        backward(np.ones((2, 3), np.float32))
