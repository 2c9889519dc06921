"""The two losses, value and way back: against PyTorch and central differences."""

import re
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.layers.losses import sigmoid_binary_cross_entropy, softmax_cross_entropy

shapes = st.lists(st.integers(1, 5), max_size=3)
dtypes = st.sampled_from(["float32", "float64"])
scales = st.sampled_from([1.0, 30.0, 1e4])
seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=60, deadline=None)
@given(
    shape=shapes,
    classes=st.integers(1, 9),
    scale=scales,
    weight=st.sampled_from([1.0, -2.5]),
    dtype=dtypes,
    seed=seeds,
)
def test_softmax_cross_entropy_equals_torch(
    same, shape: list[int], classes: int, scale: float, weight: float, dtype: str, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    logits = (generator.normal(size=(*shape, classes)) * scale).astype(dtype)
    targets = np.asarray(generator.integers(0, classes, shape))
    loss, backward = softmax_cross_entropy(logits, targets)

    tensor = torch.from_numpy(logits).requires_grad_()
    expected = torch.nn.functional.cross_entropy(
        tensor.reshape(-1, classes), torch.from_numpy(targets).reshape(-1)
    )
    (expected * weight).backward()
    same(np.asarray(loss, dtype), expected)
    same(backward(weight), tensor.grad)


@settings(max_examples=60, deadline=None)
@given(
    shape=shapes,
    scale=scales,
    soft=st.booleans(),
    weight=st.sampled_from([1.0, -2.5]),
    dtype=dtypes,
    seed=seeds,
)
def test_sigmoid_binary_cross_entropy_equals_torch(
    same, shape: list[int], scale: float, soft: bool, weight: float, dtype: str, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    logits = np.asarray(generator.normal(size=shape) * scale, dtype)
    drawn = generator.random(shape)
    targets = np.asarray(drawn if soft else np.round(drawn), dtype)
    loss, backward = sigmoid_binary_cross_entropy(logits, targets)

    tensor = torch.from_numpy(logits).requires_grad_()
    expected = torch.nn.functional.binary_cross_entropy_with_logits(
        tensor, torch.from_numpy(targets)
    )
    (expected * weight).backward()
    same(np.asarray(loss, dtype), expected)
    same(backward(weight), tensor.grad)


@settings(max_examples=20, deadline=None)
@given(shape=shapes, classes=st.integers(1, 5), seed=seeds)
def test_gradients_equal_central_differences(
    agree, shape: list[int], classes: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 2, (*shape, classes))
    targets = np.asarray(generator.integers(0, classes, shape))
    agree(
        lambda: softmax_cross_entropy(logits, targets)[0],
        [(logits, softmax_cross_entropy(logits, targets)[1]())],
    )
    probabilities = generator.random(logits.shape)
    agree(
        lambda: sigmoid_binary_cross_entropy(logits, probabilities)[0],
        [(logits, sigmoid_binary_cross_entropy(logits, probabilities)[1]())],
    )


def test_even_odds_cost_the_logarithm_of_the_number_of_classes() -> None:
    loss, backward = softmax_cross_entropy(np.zeros((2, 4)), np.array([0, 3]))
    assert loss == pytest.approx(np.log(4), rel=1e-15)
    np.testing.assert_allclose(
        backward(), np.array([[-0.75, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, -0.75]]) / 2
    )
    loss, backward = sigmoid_binary_cross_entropy(np.zeros(2), np.array([1.0, 0.0]))
    assert loss == pytest.approx(np.log(2), rel=1e-15)
    np.testing.assert_array_equal(backward(), [-0.25, 0.25])


def test_what_is_certain_and_right_costs_nothing_and_wrong_costs_its_logit() -> None:
    targets = np.array([1.0, 0.0, 1.0, 0.0], np.float32)
    logits = np.array([1e30, -1e30, -200.0, 200.0], np.float32)
    loss, backward = sigmoid_binary_cross_entropy(logits, targets)
    assert loss == 100.0
    np.testing.assert_array_equal(backward(4.0), [0.0, 0.0, -1.0, 1.0])
    loss, backward = softmax_cross_entropy(np.array([1e30, -1e30], np.float32), np.array(0))
    assert loss == 0.0
    np.testing.assert_array_equal(backward(), [0.0, 0.0])


def test_the_way_back_can_be_gone_twice_and_leaves_its_inputs() -> None:
    logits, targets = np.ones((2, 3)), np.ones((2, 3))
    for _, backward in (
        softmax_cross_entropy(logits, np.array([0, 2])),
        sigmoid_binary_cross_entropy(logits, targets),
    ):
        np.testing.assert_array_equal(backward(), backward())
    np.testing.assert_array_equal(logits, np.ones((2, 3)))
    np.testing.assert_array_equal(targets, np.ones((2, 3)))


def softmax_of(shape: tuple[int, ...], targets: np.ndarray) -> Callable[[], object]:
    return lambda: softmax_cross_entropy(np.zeros(shape), targets)


CASES: dict[str, tuple[Callable[[], object], str]] = {
    "shape": (
        softmax_of((2, 3), np.array([0, 1, 2])),
        "'targets' of the softmax cross-entropy: got int64 of shape (3,); expected whole numbers "
        "of shape (2,), one for each vector of logits. Give the number of the right class for "
        "each.",
    ),
    "probabilities": (
        softmax_of((2, 3), np.array([0.0, 1.0])),
        "'targets' of the softmax cross-entropy: got float64 of shape (2,); expected whole "
        "numbers of shape (2,), one for each vector of logits. Give the number of the right class "
        "for each.",
    ),
    "no such class": (
        softmax_of((2, 3), np.array([-1, 3])),
        "'targets' of the softmax cross-entropy: got numbers from -1 to 3; expected numbers from "
        "0 to 2, one of the 3 classes. Give targets of the classes that the logits are for.",
    ),
    "none": (
        softmax_of((0, 3), np.zeros(0, int)),
        "'logits' of the softmax cross-entropy: got shape (0, 3); expected at least one "
        "prediction: the mean of none is not defined. Leave empty batches out.",
    ),
    "whole logits": (
        lambda: sigmoid_binary_cross_entropy(np.zeros(2, np.int64), np.zeros(2)),
        "'logits' of the sigmoid binary cross-entropy: got int64; expected float32 or float64. "
        "Convert the array with astype.",
    ),
    "other type": (
        lambda: sigmoid_binary_cross_entropy(np.zeros(2), np.zeros(3, np.float32)),
        "'targets' of the sigmoid binary cross-entropy: got float32 of shape (3,); expected "
        "float64 of shape (2,), as the logits have. Give one probability for each logit.",
    ),
    "beyond 1": (
        lambda: sigmoid_binary_cross_entropy(np.zeros(2), np.array([-0.5, 2.0])),
        "'targets' of the sigmoid binary cross-entropy: got numbers from -0.5 to 2; expected "
        "probabilities, from 0 to 1. Give 0 for no, 1 for yes, or a probability between.",
    ),
    "not a number": (
        lambda: sigmoid_binary_cross_entropy(np.zeros(2), np.array([0.5, np.nan])),
        "'targets' of the sigmoid binary cross-entropy: got numbers from nan to nan; expected "
        "probabilities, from 0 to 1. Give 0 for no, 1 for yes, or a probability between.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_does_not_fit_is_refused(name: str) -> None:
    make, message = CASES[name]
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        make()
