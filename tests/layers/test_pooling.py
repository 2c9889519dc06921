"""Pooling against PyTorch, against plain loops, against central differences, and by hand."""

import itertools
import re
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.layers.pooling import (
    AveragePool1d,
    AveragePool2d,
    GlobalAveragePool,
    GlobalMaxPool,
    MaxPool1d,
    MaxPool2d,
    Pooling,
)

types = st.sampled_from(["float32", "float64"])
seeds = st.integers(0, 2**32 - 1)


def numbers_to_pool(seed: int, shape: tuple[int, ...], ties: bool) -> np.ndarray:
    """Numbers in which no two are close, or in which many are equal."""
    generator = np.random.default_rng(seed)
    if ties:
        return generator.integers(-1, 2, shape).astype(float)
    return generator.permutation(int(np.prod(shape))).reshape(shape) / 7 - 5


def check(
    same,
    layer: Pooling | GlobalMaxPool | GlobalAveragePool,
    reference: Callable[[torch.Tensor], torch.Tensor],
    inputs: np.ndarray,
    seed: int,
) -> None:
    """Value and gradient of `layer` against those of `reference`."""
    kept = inputs.copy()
    tensor = torch.tensor(inputs, requires_grad=True)
    expected = reference(tensor)
    upstream = np.random.default_rng(seed).normal(size=expected.shape).astype(inputs.dtype)
    expected.backward(torch.from_numpy(upstream))
    same(layer.value(inputs), expected)
    value, backward = layer.forward(inputs)
    same(value, expected)
    for _ in range(2):
        same(backward(upstream), tensor.grad)
    np.testing.assert_array_equal(inputs, kept)


@st.composite
def cases(draw: st.DrawFn, symmetric: bool) -> tuple[Pooling, tuple[int, ...]]:
    """A layer with random settings, and the shape of inputs it can read.

    `symmetric` settings are those torch allows: padding of at most half the window, on both
    sides alike.
    """
    axes = draw(st.integers(1, 2))
    window = draw(st.tuples(*(st.integers(1, 5),) * axes))
    stride = draw(st.one_of(st.none(), st.integers(1, 6), st.tuples(*(st.integers(1, 6),) * axes)))
    if symmetric:
        padding = tuple(draw(st.integers(0, width // 2)) for width in window)
    else:
        sides = [st.integers(0, width - 1) for width in window]
        padding = tuple((draw(side), draw(side)) for side in sides)
    ceil_mode, count_padding = draw(st.booleans()), draw(st.booleans())
    layer = draw(
        st.sampled_from(
            [
                (MaxPool1d, MaxPool2d)[axes - 1](window, stride, padding, ceil_mode),
                (AveragePool1d, AveragePool2d)[axes - 1](
                    window, stride, padding, ceil_mode, count_padding
                ),
            ]
        )
    )
    sizes = draw(st.tuples(*(st.integers(1, 12),) * axes))
    try:
        layer.windows(*sizes)
    except SettingsError:
        assume(False)
    return layer, (draw(st.integers(0, 3)), draw(st.integers(1, 3)), *sizes)


def by_torch(layer: Pooling) -> Callable[[torch.Tensor], torch.Tensor]:
    window = layer.window
    settings = (window, layer.stride or window, layer.padding)

    def reference(inputs: torch.Tensor) -> torch.Tensor:
        if isinstance(layer, (MaxPool1d, MaxPool2d)):
            function = getattr(torch, f"max_pool{inputs.ndim - 2}d")
            return function(inputs, *settings, 1, layer.ceil_mode)
        function = getattr(torch.nn.functional, f"avg_pool{inputs.ndim - 2}d")
        return function(inputs, *settings, layer.ceil_mode, layer.count_padding)

    return reference


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(case=cases(symmetric=True), dtype=types, seed=seeds, ties=st.booleans())
def test_value_and_gradient_equal_those_of_torch(
    same, case: tuple[Pooling, tuple[int, ...]], dtype: str, seed: int, ties: bool
) -> None:
    layer, shape = case
    assume(shape[0] > 0)  # torch's pooling refuses an empty batch in some of its versions
    check(same, layer, by_torch(layer), numbers_to_pool(seed, shape, ties).astype(dtype), seed)


def by_loop(layer: Pooling) -> Callable[[torch.Tensor], torch.Tensor]:
    """Window by window, each cut out of the inputs by hand."""

    def reference(inputs: torch.Tensor) -> torch.Tensor:
        windows = layer.windows(*inputs.shape[2:])
        outputs = [along.outputs for along in windows]
        pooled = []
        for place in itertools.product(*map(range, outputs)):
            cut, counted = inputs, 1
            for axis, (along, number) in enumerate(zip(windows, place, strict=True), start=2):
                begin = number * along.stride - along.before
                end = min(begin + along.kernel, along.size + along.after)
                counted *= end - begin
                first, last = max(begin, 0), min(end, along.size)
                cut = cut.narrow(axis, first, last - first)
            flat = cut.flatten(start_dim=2)
            if isinstance(layer, (MaxPool1d, MaxPool2d)):
                pooled.append(flat.max(dim=2).values)
            elif layer.count_padding:
                pooled.append(flat.sum(dim=2) / counted)
            else:
                pooled.append(flat.mean(dim=2))
        return torch.stack(pooled, dim=2).reshape(*inputs.shape[:2], *outputs)

    return reference


@settings(max_examples=60, deadline=None)
@given(case=cases(symmetric=False), dtype=types, seed=seeds)
def test_uneven_padding_equals_a_plain_loop(
    same, case: tuple[Pooling, tuple[int, ...]], dtype: str, seed: int
) -> None:
    layer, shape = case
    check(same, layer, by_loop(layer), numbers_to_pool(seed, shape, False).astype(dtype), seed)


@settings(max_examples=40, deadline=None)
@given(case=cases(symmetric=False), seed=seeds)
def test_gradient_equals_central_differences(
    case: tuple[Pooling, tuple[int, ...]], seed: int
) -> None:
    layer, shape = case
    inputs = numbers_to_pool(seed, shape, False)
    value, backward = layer.forward(inputs)
    upstream = np.random.default_rng(seed).normal(size=value.shape)
    gradient = backward(upstream)
    # Pooling is made of straight lines, so that steps need only be less than half the least
    # difference of two inputs: far longer ones than elsewhere, and differences more exact.
    expected, step = np.empty_like(inputs), 1e-3
    for place in np.ndindex(inputs.shape):
        moved = np.zeros_like(inputs)
        moved[place] = step
        change = layer.value(inputs + moved) - layer.value(inputs - moved)
        expected[place] = (change * upstream).sum() / (2 * step)
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    shape=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    dtype=types,
    seed=seeds,
)
def test_global_pooling_equals_that_of_torch(
    same, shape: tuple[int, int], sizes: list[int], dtype: str, seed: int
) -> None:
    inputs = numbers_to_pool(seed, (*shape, *sizes), False).astype(dtype)
    check(same, GlobalMaxPool(), lambda x: x.flatten(start_dim=2).max(dim=2).values, inputs, seed)
    check(same, GlobalAveragePool(), lambda x: x.flatten(start_dim=2).mean(dim=2), inputs, seed)


def test_ties_go_to_the_first_in_row_major_order() -> None:
    inputs = np.array([[[[1.0, 5.0, 5.0], [5.0, 5.0, 0.0], [2.0, 2.0, 2.0]]]])
    _, backward = MaxPool2d(2, stride=1).forward(inputs)
    gradient = backward(np.array([[[[1.0, 10.0], [100.0, 1000.0]]]]))
    np.testing.assert_array_equal(gradient[0, 0], [[0, 11, 0], [100, 1000, 0], [0, 0, 0]])
    _, backward = GlobalMaxPool().forward(inputs)
    gradient = backward(np.array([[3.0]]))
    np.testing.assert_array_equal(gradient[0, 0], [[0, 3, 0], [0, 0, 0], [0, 0, 0]])


def test_padding_is_never_the_greatest() -> None:
    inputs = np.full((1, 1, 3), -np.inf)
    value, backward = MaxPool1d(3, stride=2, padding=1).forward(inputs)
    np.testing.assert_array_equal(value, [[[-np.inf, -np.inf]]])
    np.testing.assert_array_equal(backward(np.array([[[1.0, 2.0]]])), [[[1.0, 2.0, 0.0]]])


def test_a_window_with_a_nan_is_nan_and_keeps_its_gradient() -> None:
    inputs = np.array([[[1.0, np.nan, 3.0, 4.0]]])
    value, backward = MaxPool1d(2).forward(inputs)
    np.testing.assert_array_equal(value, [[[np.nan, 4.0]]])
    np.testing.assert_array_equal(backward(np.array([[[5.0, 6.0]]])), [[[5.0, 0.0, 0.0, 6.0]]])


def test_four_corners() -> None:
    corner = np.zeros((4, 4))
    corner[:3, :3] = 1
    inputs = np.stack([np.rot90(corner, -turn) for turn in range(4)])[:, None]
    quarters = np.array([[1.0, 0.5], [0.5, 0.25]])
    expected = np.stack([np.rot90(quarters, -turn) for turn in range(4)])[:, None]
    np.testing.assert_array_equal(AveragePool2d(2).value(inputs), expected)
    np.testing.assert_array_equal(MaxPool2d(2).value(inputs), np.ones((4, 1, 2, 2)))


@pytest.mark.parametrize("count_padding", [False, True])
def test_what_hangs_over_the_padding_never_counts(count_padding: bool) -> None:
    inputs = np.array([[[6.0, 6.0, 6.0, 6.0, 6.0]]])
    layer = AveragePool1d(3, 3, 1, ceil_mode=True, count_padding=count_padding)
    # Windows over (padding, 6, 6), (6, 6, 6) and nothing more: padding alone is no window.
    np.testing.assert_array_equal(layer.value(inputs), [[[4.0 if count_padding else 6.0, 6.0]]])
    layer = AveragePool1d(4, 3, 1, ceil_mode=True, count_padding=count_padding)
    # The second window covers 6, 6, 6 and one position of padding; nothing is left for a third.
    np.testing.assert_array_equal(
        layer.value(inputs), [[[4.5, 4.5] if count_padding else [6.0, 6.0]]]
    )
    layer = AveragePool1d(3, 2, 0, ceil_mode=True, count_padding=count_padding)
    # One more input, and the last window hangs over the end by one: two count, either way.
    np.testing.assert_array_equal(layer.value(np.full((1, 1, 6), 6.0)), [[[6.0, 6.0, 6.0]]])


CASES: dict[str, tuple[Callable[[], object], str]] = {
    "window": (
        lambda: MaxPool2d((2, 0)),
        "'window' of the MaxPool2d layer along the width: got 0; expected a whole number of at "
        "least 1. Give another number.",
    ),
    "stride": (
        lambda: AveragePool1d(2, stride=0),
        "'stride' of the AveragePool1d layer along the length: got 0; expected a whole number of "
        "at least 1. Give another number.",
    ),
    "negative padding": (
        lambda: AveragePool1d(2, padding=-1),
        "'padding' of the AveragePool1d layer along the length: got -1; expected a whole number "
        "of at least 0. Give another number.",
    ),
    "padding": (
        lambda: MaxPool2d(3, padding=((0, 1), (3, 0))),
        "'padding' of the MaxPool2d layer along the width: got 3 beside a window of 3; expected "
        "at most 2, so that every window meets the input. Take less padding or a larger window.",
    ),
    "same": (
        lambda: MaxPool1d(3, padding="same"),
        "'padding' of the MaxPool1d layer: got 'same' with a stride of 3; expected a stride of 1: "
        "with another there are fewer outputs than inputs. Give the padding as numbers.",
    ),
    "wide window": (
        lambda: MaxPool1d(6).value(np.zeros((1, 1, 5))),
        "the windows along the length: got a kernel of 6; expected "
        "at most 5, the input of 5 with padding of 0 before and 0 after. Take a smaller kernel, "
        "more padding or a larger input.",
    ),
    "wide window in ceil mode": (
        lambda: MaxPool1d(4, 4, 1, ceil_mode=True).value(np.zeros((1, 1, 1))),
        "the windows along the length: got a kernel of 4; expected "
        "at most 3, the input of 1 with padding of 1 before and 1 after. Take a smaller kernel, "
        "more padding or a larger input.",
    ),
    "inputs": (
        lambda: MaxPool2d(2).value(np.zeros((1, 1, 5))),
        "'inputs' of the MaxPool2d layer: got shape (1, 1, 5); expected shape (batch, channels, "
        "height, width). Give an array of that shape.",
    ),
    "whole numbers": (
        lambda: AveragePool1d(2).value(np.zeros((1, 1, 5), int)),  # type: ignore[arg-type]
        "'inputs' of the AveragePool1d layer: got int64; expected float32 or float64. "
        "Convert the array with astype.",
    ),
    "gradient": (
        lambda: MaxPool1d(2).forward(np.zeros((1, 1, 4)))[1](np.zeros((1, 1, 2), np.float32)),
        "'gradient_of_value' of the MaxPool1d layer: got shape (1, 1, 2) in float32; expected "
        "shape (1, 1, 2) in float64, as the value has. Give an array of that shape and type.",
    ),
    "nothing to pool": (
        lambda: GlobalMaxPool().value(np.zeros((2, 3))),
        "'inputs' of the GlobalMaxPool layer: got shape (2, 3); expected shape (batch, channels, "
        "axis 1). Give an array of that shape.",
    ),
    "no places": (
        lambda: GlobalAveragePool().value(np.zeros((2, 3, 0))),
        "'inputs' of the GlobalAveragePool layer: got shape (2, 3, 0); expected at least one "
        "place along each axis after batch and channels. Give inputs that are not empty.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_does_not_fit_is_refused(name: str) -> None:
    make, message = CASES[name]
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        make()
