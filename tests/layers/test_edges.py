"""Edges that random cases seldom reach: empty batches, single places, borders of blocks."""

import re

import numpy as np
import pytest

from quatrain.errors import SettingsError
from quatrain.layers import LSTM, Embedding, Linear, convolution
from quatrain.layers.activations import ReLU, Sigmoid, Tanh
from quatrain.layers.convolution import Conv1d, Conv2d
from quatrain.layers.highway import Highway
from quatrain.layers.horizon import draw_predictions, horizon, mean_by_lag, retention
from quatrain.layers.losses import sigmoid_binary_cross_entropy, softmax_cross_entropy
from quatrain.layers.pooling import (
    AveragePool1d,
    GlobalAveragePool,
    GlobalMaxPool,
    MaxPool1d,
    MaxPool2d,
)
from quatrain.layers.shapes import whole
from quatrain.layers.softmax import Softmax, log_softmax, softmax
from quatrain.layers.windows import Windows, paddings, per_axis

draw = np.random.default_rng(11).normal


def lstm(inputs: int = 3, hidden: int = 2) -> LSTM:
    return LSTM(
        draw(size=(4 * hidden, inputs)), draw(size=(4 * hidden, hidden)), draw(size=4 * hidden)
    )


def refused(message: str) -> "pytest.RaisesExc[SettingsError]":
    return pytest.raises(SettingsError, match=f"^{re.escape(message)}$")


# --- convolution and pooling


@pytest.mark.parametrize(
    ("size", "samples"), [(0, 1), (1, 1), (1.99, 1), (2, 2), (2.99, 2), (3, 3), (100, 7)]
)
def test_as_many_samples_are_laid_out_as_fit(
    size: float, samples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = Conv2d(draw(size=(4, 3, 2, 3)), groups=2)
    inputs = draw(size=(7, 6, 5, 6))
    of_a_sample = 6 * (2 * 3) * (4 * 4) * inputs.itemsize
    whole_value = layer.value(inputs)
    monkeypatch.setattr(convolution, "_COLUMN_BYTES", int(size * of_a_sample))
    blocks = [
        (block.start, block.stop, columns.shape)
        for block, columns in layer._columns(inputs, layer.windows(5, 6))
    ]
    starts = range(0, 7, samples)
    assert blocks == [
        (start, min(start + samples, 7), (2, 18, 16 * (min(start + samples, 7) - start)))
        for start in starts
    ]
    np.testing.assert_allclose(layer.value(inputs), whole_value, rtol=1e-12)


def test_a_convolution_of_one_place_is_a_linear_map() -> None:
    weight, bias = draw(size=(4, 3, 1)), draw(size=4)
    inputs = draw(size=(2, 3, 1))
    value, backward = Conv1d(weight, bias).forward(inputs)
    linear, linear_backward = Linear(weight[..., 0], bias).forward(inputs[..., 0])
    np.testing.assert_allclose(value[..., 0], linear)
    gradients, expected = backward(value), linear_backward(linear)
    np.testing.assert_allclose(gradients.inputs[..., 0], expected.inputs)
    np.testing.assert_allclose(gradients.weight[..., 0], expected.weight)
    np.testing.assert_allclose(gradients.bias, expected.bias)


def test_places_that_no_window_covers_get_no_gradient() -> None:
    inputs = np.arange(8.0).reshape(1, 1, 8)
    value, backward = Conv1d(np.array([[[1.0, 10.0]]]), stride=3).forward(inputs)
    assert value.tolist() == [[[10.0, 43.0, 76.0]]]
    assert backward(np.ones((1, 1, 3))).inputs.tolist() == [[[1, 10, 0, 1, 10, 0, 1, 10]]]
    value, backward = MaxPool1d(1, stride=3).forward(inputs)
    assert value.tolist() == [[[0.0, 3.0, 6.0]]]
    assert backward(np.array([[[1.0, 2.0, 3.0]]])).tolist() == [[[1, 0, 0, 2, 0, 0, 3, 0]]]
    value, backward = AveragePool1d(2, stride=3).forward(inputs)
    assert value.tolist() == [[[0.5, 3.5, 6.5]]]
    assert backward(np.ones((1, 1, 3))).tolist() == [[[0.5, 0.5, 0, 0.5, 0.5, 0, 0.5, 0.5]]]


def test_dilated_windows_meet_every_other_place() -> None:
    layer = Conv1d(np.array([[[1.0, 10.0, 100.0]]]), padding=((2, 1),), dilation=2)
    value = layer.value(np.arange(1.0, 6.0).reshape(1, 1, 5))
    assert value.tolist() == [[[310.0, 420.0, 531.0, 42.0]]]


@pytest.mark.parametrize(
    ("kernel", "dilation", "pair"),
    [
        (1, 1, (0, 0)),
        (2, 1, (0, 1)),
        (3, 1, (1, 1)),
        (4, 1, (1, 2)),
        (2, 3, (1, 2)),
        (4, 2, (3, 3)),
    ],
)
def test_same_padding_has_the_odd_zero_behind(
    kernel: int, dilation: int, pair: tuple[int, int]
) -> None:
    assert paddings("x", "same", ("length",), (kernel,), (1,), (dilation,)) == (pair,)


def test_settings_for_all_axes_and_for_each() -> None:
    axes = ("height", "width")
    assert per_axis("x", "stride", 3, axes) == (3, 3)
    assert per_axis("x", "stride", [np.int64(3), 1], axes) == (3, 1)
    ones = (1, 1)
    assert paddings("x", "valid", axes, ones, ones, ones) == ((0, 0), (0, 0))
    assert paddings("x", 2, axes, ones, ones, ones) == ((2, 2), (2, 2))
    assert paddings("x", (2, (0, 1)), axes, ones, ones, ones) == ((2, 2), (0, 1))
    with refused(
        "'stride' of the x layer: got [2], 1 for 2 axes; expected one whole number, or one per "
        "axis. Give one number per axis."
    ):
        per_axis("x", "stride", [2], axes)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "before", "after", "outputs"),
    [
        (5, 2, 2, 0, 0, 3),  # a last window of one place
        (4, 2, 2, 0, 0, 2),
        (5, 3, 3, 1, 1, 2),  # a third would begin at the padding behind
        (5, 2, 3, 0, 0, 2),
        (6, 2, 3, 1, 1, 3),
        (4, 1, 3, 0, 0, 2),
        (5, 1, 3, 0, 0, 2),
        (1, 1, 1, 0, 0, 1),
    ],
)
def test_windows_in_ceil_mode_by_hand(
    size: int, kernel: int, stride: int, before: int, after: int, outputs: int
) -> None:
    assert Windows(size, kernel, stride, before, after, ceil_mode=True).outputs == outputs


def test_padding_of_a_pooling_at_its_border() -> None:
    assert MaxPool2d(3, padding=((2, 0), (0, 2))).windows(1, 1)[0].before == 2
    message = (
        "'padding' of the MaxPool1d layer along the length: got 1 beside a window of 1; expected "
        "at most 0, so that every window meets the input. Take less padding or a larger window."
    )
    with refused(message):
        MaxPool1d(1, padding=((0, 1),))


@pytest.mark.parametrize("layer", [GlobalMaxPool(), GlobalAveragePool()])
@pytest.mark.parametrize(
    ("shape", "found"),
    [
        (
            (4,),
            "shape (4,); expected shape (batch, channels, axis 1). Give an array of that shape.",
        ),
        ((), "shape (); expected shape (batch, channels, axis 1). Give an array of that shape."),
        (
            (1, 2, 3, 0),
            "shape (1, 2, 3, 0); expected at least one place along each axis after batch and "
            "channels. Give inputs that are not empty.",
        ),
    ],
)
def test_global_pooling_needs_a_place(
    layer: GlobalMaxPool | GlobalAveragePool, shape: tuple[int, ...], found: str
) -> None:
    with refused(f"'inputs' of the {type(layer).__name__} layer: got {found}"):
        layer.value(np.zeros(shape))


def test_one_channel_and_one_place_pool_to_themselves() -> None:
    inputs = np.array([[[[3.0]]]])
    for pool in (GlobalMaxPool(), GlobalAveragePool()):
        value, backward = pool.forward(inputs)
        assert value.tolist() == [[3.0]]
        assert backward(np.array([[2.0]])).tolist() == [[[[2.0]]]]


def test_no_samples_give_no_values_and_zero_gradients() -> None:
    conv = Conv1d(draw(size=(4, 3, 2)), draw(size=4))
    value, backward = conv.forward(np.zeros((0, 3, 5)))
    assert value.shape == (0, 4, 4)
    gradients = backward(value)
    assert gradients.inputs.shape == (0, 3, 5)
    assert not gradients.weight.any()
    assert gradients.bias is not None
    assert gradients.bias.tolist() == [0.0] * 4
    for pool in (MaxPool1d(2), AveragePool1d(2)):
        value, back = pool.forward(np.zeros((0, 3, 5)))
        assert value.shape == (0, 3, 2)
        assert back(value).shape == (0, 3, 5)
    linear = Linear(draw(size=(4, 3)), draw(size=4))
    value, linear_backward = linear.forward(np.zeros((0, 3)))
    assert value.shape == (0, 4)
    assert linear_backward(value).bias.tolist() == [0.0] * 4
    value, embedding_backward = Embedding(draw(size=(5, 3))).forward(np.zeros((2, 0), np.int64))
    assert value.shape == (2, 0, 3)
    assert not embedding_backward(value).weight.any()
    square = Linear(draw(size=(3, 3)), draw(size=3))
    value, highway_backward = Highway(square, square).forward(np.zeros((0, 3)))
    assert highway_backward(value).inputs.shape == (0, 3)


# --- numbers, losses and activations


def test_whole_numbers_at_their_border() -> None:
    assert [whole("x", number, 0, 3) for number in (0, 3)] == [0, 3]
    for number in (-1, 4):
        with refused(f"x: got {number}; expected a whole number from 0 to 3. Give another number."):
            whole("x", number, 0, 3)


def test_targets_at_their_border() -> None:
    loss, backward = softmax_cross_entropy(np.log([[1.0, 3.0]]), np.array([1]))
    assert loss == pytest.approx(-np.log(0.75))
    np.testing.assert_allclose(backward(), [[0.25, -0.25]])
    assert softmax_cross_entropy(np.zeros((1, 1)), np.array([0]))[0] == 0.0
    loss, backward = sigmoid_binary_cross_entropy(np.log([3.0, 3.0]), np.array([1.0, 0.0]))
    assert loss == pytest.approx(-(np.log(0.75) + np.log(0.25)) / 2)
    np.testing.assert_allclose(backward(2.0), [-0.25, 0.75])


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_along_an_axis(axis: int) -> None:
    logits = draw(size=(2, 3)) * 800
    np.testing.assert_allclose(softmax(logits, axis).sum(axis=axis), 1.0)
    np.testing.assert_allclose(softmax(logits / 800, axis), np.exp(log_softmax(logits / 800, axis)))
    value, backward = Softmax(axis).forward(logits / 800)
    np.testing.assert_allclose(value, softmax(logits / 800, axis))
    np.testing.assert_allclose(backward(np.ones((2, 3))), 0.0, atol=1e-15)


def test_slopes_of_the_activations_at_0() -> None:
    for activation, value, slope in ((Tanh(), 0.0, 1.0), (Sigmoid(), 0.5, 0.25), (ReLU(), 0, 0)):
        actual, backward = activation.forward(np.zeros(1))
        assert actual.tolist() == [value]
        assert backward(np.ones(1)).tolist() == [slope]


# --- the memory horizon


def test_windows_are_as_long_as_the_longest_poem_lets_them() -> None:
    poems = [np.array([5, 6]), np.array([7, 8, 9])]
    drawn = draw_predictions(poems, 0, windows=40, longest=10)
    assert drawn.ids.shape == (2, 40)
    assert set(drawn.targets.tolist()) == {6, 8, 9}
    for length, target, ids in zip(drawn.lengths, drawn.targets, drawn.ids.T, strict=True):
        read = {6: [5], 8: [7], 9: [7, 8]}[int(target)]
        assert length == len(read)
        assert ids.tolist() == read + [0] * (2 - len(read)), "filled up with 0"
    assert draw_predictions(poems, 0, windows=9, longest=1).ids.shape == (1, 9)


def test_a_lag_that_half_of_the_windows_reach_counts() -> None:
    norms = np.arange(12.0).reshape(3, 4)
    actual = mean_by_lag(norms, np.array([1, 1, 3, 3]))
    np.testing.assert_allclose(actual, [(0 + 1 + 10 + 11) / 4, (6 + 7) / 2, (2 + 3) / 2])
    assert len(mean_by_lag(norms, np.array([1, 1, 1, 3]))) == 1
    assert len(mean_by_lag(norms[:, :1], np.array([2]))) == 2


def test_exactly_half_of_the_gradient_is_enough() -> None:
    assert horizon(np.array([1.0, 1.0, 2.0])) == 2
    assert horizon(np.array([2.0, 1.0, 1.0])) == 1
    assert horizon(np.array([0.0, 1.0])) == 2


def test_retention_of_two_norms_is_their_ratio() -> None:
    assert retention(np.array([4.0, 1.0])) == pytest.approx(0.25)
    assert retention(np.array([4.0, 1.0, 0.0, 7.0])) == pytest.approx(0.25), "none after a zero"
