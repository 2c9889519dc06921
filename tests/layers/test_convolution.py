"""Convolution against PyTorch, against central differences, and by hand."""

import re
from collections.abc import Callable
from unittest import mock

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.layers import convolution
from quatrain.layers.convolution import Conv1d, Conv2d, Convolution

types = st.sampled_from(["float32", "float64"])
seeds = st.integers(0, 2**32 - 1)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Convolution, tuple[int, ...]]:
    """A layer in float64 with random settings, and the shape of inputs it can read."""
    axes = draw(st.integers(1, 2))
    few = st.integers(1, 3)

    def numbers(most: int) -> int | tuple[int, ...]:
        each = st.integers(1, most)
        return draw(st.one_of(each, st.tuples(*(each,) * axes)))

    kernel = draw(st.tuples(*(st.integers(1, 4),) * axes))
    dilation = numbers(3)
    padding = draw(
        st.one_of(
            st.sampled_from(["valid", "same"]),
            st.integers(0, 4),
            st.tuples(
                *(st.one_of(st.integers(0, 4), st.tuples(st.integers(0, 4), st.integers(0, 4))),)
                * axes
            ),
        )
    )
    groups = draw(few)
    filters, per_group = groups * draw(few), draw(few)
    generator = np.random.default_rng(draw(seeds))
    layer = (Conv1d, Conv2d)[axes - 1](
        generator.normal(size=(filters, per_group, *kernel)),
        generator.normal(size=filters) if draw(st.booleans()) else None,
        1 if padding == "same" else numbers(3),
        padding,
        dilation,
        groups,
    )
    # The least size along each axis is that at which the kernel just fits.
    sizes = []
    for number, along in enumerate(layer.windows(*(99,) * axes)):
        least = max(1, along.extent - along.before - along.after)
        sizes.append(draw(st.integers(least, least + 6), label=f"size {number}"))
    return layer, (draw(st.integers(0, 4)), layer.channels, *sizes)


def of_type(layer: Convolution, dtype: str) -> Convolution:
    bias = None if layer.bias is None else layer.bias.astype(dtype)
    weight = layer.weight.astype(dtype)
    return type(layer)(weight, bias, layer.stride, layer.padding, layer.dilation, layer.groups)


def by_torch(layer: Convolution, *tensors: torch.Tensor | None) -> torch.Tensor:
    inputs, weight, bias = tensors
    windows = layer.windows(*inputs.shape[2:])
    sides = [side for along in reversed(windows) for side in (along.before, along.after)]
    function = torch.conv1d if len(windows) == 1 else torch.conv2d
    return function(
        torch.nn.functional.pad(inputs, sides),
        weight,
        bias,
        tuple(along.stride for along in windows),
        0,
        tuple(along.dilation for along in windows),
        layer.groups,
    )


def leaf(array: np.ndarray | None) -> torch.Tensor | None:
    return None if array is None else torch.tensor(array, requires_grad=True)


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(case=cases(), dtype=types, seed=seeds, block=st.sampled_from([1, 2000, 2**22]))
def test_value_and_gradients_equal_those_of_torch(
    same, case: tuple[Convolution, tuple[int, ...]], dtype: str, seed: int, block: int
) -> None:
    layer, shape = of_type(case[0], dtype), case[1]
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=shape).astype(dtype)
    kept = inputs.copy()
    tensors = [leaf(array) for array in (inputs, layer.weight, layer.bias)]
    reference = by_torch(layer, *tensors)
    upstream = generator.normal(size=reference.shape).astype(dtype)
    reference.backward(torch.from_numpy(upstream))

    with mock.patch.object(convolution, "_COLUMN_BYTES", block):
        same(layer.value(inputs), reference)
        value, backward = layer.forward(inputs)
        same(value, reference)
        for _ in range(2):
            for gradient, tensor in zip(backward(upstream), tensors, strict=True):
                assert (gradient is None) == (tensor is None)
                if tensor is not None:
                    same(gradient, tensor.grad)
    np.testing.assert_array_equal(inputs, kept)


@settings(max_examples=30, deadline=None)
@given(case=cases(), seed=seeds)
def test_gradients_equal_central_differences(
    agree, case: tuple[Convolution, tuple[int, ...]], seed: int
) -> None:
    layer, shape = case
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=(min(shape[0], 2), *shape[1:]))
    value, backward = layer.forward(inputs)
    upstream = generator.normal(size=value.shape)

    def loss() -> float:
        return float((np.tanh(layer.value(inputs)) * upstream).sum())

    gradients = backward(upstream * (1 - np.tanh(value) ** 2))
    pairs = zip((inputs, layer.weight, layer.bias), gradients, strict=True)
    agree(loss, [(array, gradient) for array, gradient in pairs if array is not None])


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_same_padding_is_that_of_torch(same, kernel: int, dilation: int) -> None:
    generator = np.random.default_rng(kernel)
    weight = generator.normal(size=(2, 3, kernel, 5))
    inputs = generator.normal(size=(2, 3, 7, 9))
    expected = torch.conv2d(
        torch.from_numpy(inputs), torch.from_numpy(weight), padding="same", dilation=dilation
    )
    value = Conv2d(weight, padding="same", dilation=dilation).value(inputs)
    assert value.shape[2:] == inputs.shape[2:]
    same(value, expected)


def test_strided_and_transposed_inputs_are_read_as_they_are() -> None:
    generator = np.random.default_rng(0)
    weight, inputs = generator.normal(size=(2, 3, 3)), generator.normal(size=(9, 2, 6))
    view = inputs.transpose(1, 2, 0)[:, ::2]
    value, backward = Conv1d(weight).forward(view)
    plain, plain_backward = Conv1d(weight).forward(np.ascontiguousarray(view))
    np.testing.assert_allclose(value, plain, rtol=1e-14)
    upstream = generator.normal(size=value.shape)
    for ours, expected in zip(backward(upstream), plain_backward(upstream), strict=True):
        if expected is not None:
            np.testing.assert_allclose(ours, expected, rtol=1e-13)


def test_one_kernel_by_hand() -> None:
    layer = Conv1d(np.array([[[1.0, 0.0, -1.0]]]), np.array([10.0]), padding=1)
    inputs = np.array([[[1.0, 2.0, 4.0, 8.0]]])
    value, backward = layer.forward(inputs)
    np.testing.assert_array_equal(value, [[[8.0, 7.0, 4.0, 14.0]]])
    gradients = backward(np.array([[[1.0, 0.0, 0.0, 2.0]]]))
    np.testing.assert_array_equal(gradients.inputs, [[[0.0, -1.0, 2.0, 0.0]]])
    np.testing.assert_array_equal(gradients.weight, [[[8.0, 17.0, 2.0]]])
    np.testing.assert_array_equal(gradients.bias, [3.0])


def test_shapes_of_a_textbook_layer() -> None:
    layer = Conv2d(np.zeros((8, 3, 5, 5), np.float32), np.zeros(8, np.float32))
    assert (layer.filters, layer.channels, layer.kernel) == (8, 3, (5, 5))
    value = layer.value(np.zeros((2, 3, 32, 32), np.float32))
    assert value.shape == (2, 8, 28, 28)
    assert value.dtype == np.float32


def test_columns_are_made_for_a_few_samples_at_a_time() -> None:
    layer = Conv1d(np.zeros((4, 16, 7)))
    blocks = [
        (samples, columns.nbytes)
        for samples, columns in layer._columns(np.zeros((64, 16, 500)), layer.windows(500))
    ]
    assert len(blocks) > 1
    assert [sample for samples, _ in blocks for sample in range(64)[samples]] == list(range(64))
    assert max(size for _, size in blocks) <= convolution._COLUMN_BYTES


E32 = np.zeros((1, 2, 8, 8), np.float32)

CASES: dict[str, tuple[Callable[[], object], str]] = {
    "wide kernel": (
        lambda: Conv2d(np.zeros((1, 2, 3, 11)), padding=(0, 1)).value(np.zeros((1, 2, 8, 8))),
        "the windows along the width: got a kernel of 11; "
        "expected at most 10, the input of 8 with padding of 1 before and 1 after. Take a smaller "
        "kernel, more padding or a larger input.",
    ),
    "no length": (
        lambda: Conv1d(np.zeros((1, 2, 3))).value(np.zeros((1, 2, 0))),
        "'size' along the length: got 0; expected a whole number of at least 1. "
        "Give another number.",
    ),
    "no filters": (
        lambda: Conv1d(np.zeros((0, 2, 3))),
        "'weight' of the Conv1d layer: got shape (0, 2, 3); expected at least 1 along every "
        "dimension. Give at least one filter, one channel and one kernel position.",
    ),
    "weight": (
        lambda: Conv2d(np.zeros((1, 2, 3))),
        "'weight' of the Conv2d layer: got shape (1, 2, 3); expected shape (filters, channels / "
        "groups, kernel height, kernel width). Give an array of that shape.",
    ),
    "bias": (
        lambda: Conv1d(np.zeros((4, 2, 3)), np.zeros(3)),
        "'bias' of the Conv1d layer: got shape (3,); expected shape (filters 4). "
        "Give an array of that shape.",
    ),
    "channels": (
        lambda: Conv1d(np.zeros((4, 2, 3)), groups=2).value(np.zeros((1, 3, 9))),
        "'inputs' of the Conv1d layer: got shape (1, 3, 9); expected shape (batch, channels 4, "
        "length). Give an array of that shape.",
    ),
    "types": (
        lambda: Conv2d(np.zeros((1, 2, 3, 3))).value(E32),
        "the Conv2d layer: got inputs in float32, weight in float64; expected one floating-point "
        "type. Convert the arrays to the same type with astype.",
    ),
    "groups": (
        lambda: Conv1d(np.zeros((5, 2, 3)), groups=2),
        "'groups' of the Conv1d layer: got 2 groups for 5 filters; expected a number that "
        "divides the filters. Change one of the two.",
    ),
    "no groups": (
        lambda: Conv1d(np.zeros((5, 2, 3)), groups=0),
        "'groups' of the Conv1d layer: got 0; expected a whole number of at least 1. "
        "Give another number.",
    ),
    "stride": (
        lambda: Conv2d(np.zeros((1, 2, 3, 3)), stride=(1, 0)),
        "'stride' of the Conv2d layer along the width: got 0; expected a whole number of at "
        "least 1. Give another number.",
    ),
    "dilation": (
        lambda: Conv1d(np.zeros((1, 2, 3)), dilation=-1),
        "'dilation' of the Conv1d layer along the length: got -1; expected a whole number of at "
        "least 1. Give another number.",
    ),
    "three strides": (
        lambda: Conv2d(np.zeros((1, 2, 3, 3)), stride=(1, 2, 3)),
        "'stride' of the Conv2d layer: got (1, 2, 3), 3 for 2 axes; expected one whole number, or "
        "one per axis. Give one number per axis.",
    ),
    "padding": (
        lambda: Conv1d(np.zeros((1, 2, 3)), padding=-1),
        "'padding' of the Conv1d layer along the length: got -1; expected a whole number of at "
        "least 0. Give another number.",
    ),
    "a pair for one axis": (
        lambda: Conv1d(np.zeros((1, 2, 3)), padding=(1, 2)),
        "'padding' of the Conv1d layer: got (1, 2), 2 for 1 axis; expected 'valid', 'same', one "
        "whole number, or for each axis a number or a pair (before, after). Give one number "
        "per axis.",
    ),
    "three sides": (
        lambda: Conv1d(np.zeros((1, 2, 3)), padding=((1, 2, 3),)),  # type: ignore[arg-type]
        "'padding' of the Conv1d layer along the length: got (1, 2, 3); expected 'valid', "
        "'same', one whole number, or for each axis a number or a pair (before, after). Give the "
        "padding in one of these forms.",
    ),
    "a word": (
        lambda: Conv1d(np.zeros((1, 2, 3)), padding="full"),  # type: ignore[arg-type]
        "'padding' of the Conv1d layer: got 'full'; expected 'valid', 'same', one whole number, "
        "or for each axis a number or a pair (before, after). Give the padding in one of these "
        "forms.",
    ),
    "same with a stride": (
        lambda: Conv2d(np.zeros((1, 2, 3, 3)), padding="same", stride=(2, 1)),
        "'padding' of the Conv2d layer: got 'same' with a stride of 2 x 1; expected a stride of "
        "1: with another there are fewer outputs than inputs. Give the padding as numbers.",
    ),
    "gradient": (
        lambda: Conv1d(np.zeros((1, 2, 3))).forward(np.zeros((1, 2, 8)))[1](np.zeros((1, 1, 5))),
        "'gradient_of_value' of the Conv1d layer: got shape (1, 1, 5) in float64; expected shape "
        "(1, 1, 6) in float64, as the value has. Give an array of that shape and type.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_does_not_fit_is_refused(name: str) -> None:
    make, message = CASES[name]
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        make()
