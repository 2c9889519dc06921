"""Edges of the LSTM: blocks of times, an empty batch; and arrays that do not fit a layer."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from quatrain.errors import SettingsError
from quatrain.layers import LSTM, Embedding, Linear, LSTMStack, LSTMState
from quatrain.layers import lstm_sequence as sequence
from quatrain.layers.convolution import Conv1d
from quatrain.layers.highway import Highway
from quatrain.layers.losses import sigmoid_binary_cross_entropy, softmax_cross_entropy
from quatrain.layers.shapes import require_like

draw = np.random.default_rng(11).normal


def lstm(inputs: int = 3, hidden: int = 2) -> LSTM:
    return LSTM(
        draw(size=(4 * hidden, inputs)), draw(size=(4 * hidden, hidden)), draw(size=4 * hidden)
    )


def refused(message: str) -> "pytest.RaisesExc[SettingsError]":
    return pytest.raises(SettingsError, match=f"^{re.escape(message)}$")


@pytest.mark.parametrize(
    ("time", "batch", "most", "lengths"),
    [
        (5, 2, 4, [2, 2, 1]),
        (4, 2, 4, [2, 2]),
        (3, 5, 4, [1, 1, 1]),
        (3, 2, 6, [3]),
        (7, 2, 7, [3, 3, 1]),
        (3, 0, 2, [2, 1]),
        (0, 3, 6, []),
    ],
)
def test_times_in_blocks(
    time: int, batch: int, most: int, lengths: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequence, "_BLOCK", most)
    blocks = sequence._blocks(time, batch)
    assert [block.stop - block.start for block in blocks] == lengths
    assert [place for block in blocks for place in range(time)[block]] == list(range(time))


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("most", [1, 4, 9])
def test_blocks_of_times_change_nothing(
    batch: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer, inputs = lstm(), draw(size=(7, batch, 3))
    state = LSTMState(draw(size=(batch, 2)), draw(size=(batch, 2)))
    upstream, of_state = draw(size=(7, batch, 2)), LSTMState(*draw(size=(2, batch, 2)))

    def arrays() -> list[np.ndarray]:
        values, after, backward = layer.forward(inputs, state)
        alone, alone_after = layer.value(inputs, state)
        gradients = backward(upstream, of_state)
        trace, trace_backward = layer.trace(inputs, state)
        _, of_trace = trace_backward(upstream, of_state)
        return [
            values, *after, alone, *alone_after, gradients.inputs, *gradients.state,
            *gradients[2:], *(getattr(each, name) for each in (trace, of_trace)
                              for name in type(each).__slots__),
        ]  # fmt: skip

    expected = arrays()
    monkeypatch.setattr(sequence, "_BLOCK", most)
    for ours, theirs in zip(arrays(), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_an_empty_batch_is_read() -> None:
    stack = LSTMStack((lstm(3, 2), lstm(2, 5)))
    values, states, backward = stack.forward(np.zeros((4, 0, 3)))
    assert values.shape == (4, 0, 5)
    assert backward(values)[0].shape == (4, 0, 3)
    assert [state.cell.shape for state in states] == [(0, 2), (0, 5)]
    assert stack.value(np.zeros((4, 0, 3)))[0].shape == (4, 0, 5)
    assert stack.step(np.zeros((0, 3)), stack.start(0))[0].shape == (0, 5)


def test_matrices_are_transposed_in_strips() -> None:
    for shape in [(1, 1), (31, 3), (32, 3), (33, 3), (70, 90)]:
        matrix = draw(size=shape)
        np.testing.assert_array_equal(sequence._transposed(matrix), matrix.T)


def test_the_rows_of_the_gates_are_ordered_and_halved() -> None:
    rows = np.array([[2.0], [4.0], [6.0], [8.0], [10.0], [12.0], [14.0], [16.0]])
    assert sequence._one_tanh(rows).ravel().tolist() == [1, 2, 3, 4, 7, 8, 10, 12]


STACK = LSTMStack((lstm(3, 2), lstm(2, 2)))

CASES: dict[str, tuple[Callable[[], object], str]] = {
    "third layer": (
        lambda: LSTMStack((lstm(3, 2), lstm(2, 4), lstm(3, 2))),
        "LSTM layer 2: got 3 inputs; expected 4, the cells of layer 1. Make the sizes agree.",
    ),
    "too many states": (
        lambda: STACK.forward(np.zeros((1, 1, 3)), [lstm().start(1)] * 3),
        "the state of the LSTM layers: got 3 states; expected 2, one per layer. "
        "Begin with start(batch).",
    ),
    "too few states": (
        lambda: STACK.step(np.zeros((1, 3)), [lstm().start(1)]),
        "the state of the LSTM layers: got 1 states; expected 2, one per layer. "
        "Begin with start(batch).",
    ),
    "gradients of states": (
        lambda: STACK.forward(np.zeros((1, 1, 3)))[2](np.zeros((1, 1, 2)), [lstm().start(1)]),
        "'gradient_of_states' of the LSTM layers: got 1 states; expected 2, one per layer. "
        "Give the gradient of the state of every layer, zeros where it has none.",
    ),
    "cell": (
        lambda: lstm().value(np.zeros((1, 2, 3)), LSTMState(np.zeros((2, 2)), np.zeros((1, 2)))),
        "'cell' of the LSTM layer: got shape (1, 2); expected shape (batch 2, hidden 2). "
        "Give an array of that shape.",
    ),
    "weights": (
        lambda: LSTM(np.zeros((4, 3)), np.zeros((8, 2)), np.zeros(8)),
        "'weight_input' of the LSTM layer: got shape (4, 3); expected shape (4 x hidden 8, "
        "inputs). Give an array of that shape.",
    ),
    "no dimension": (
        lambda: Linear(np.zeros((2, 3)), np.zeros(2)).value(np.array(1.0)),
        "'inputs' of the linear layer: got shape (); expected shape (..., 3). "
        "Give vectors of that size along the last dimension.",
    ),
    "linear type": (
        lambda: Linear(np.zeros((2, 3)), np.zeros(2)).value(np.zeros(3, np.float32)),
        "the linear layer: got inputs in float32, weight in float64; expected one "
        "floating-point type. Convert the arrays to the same type with astype.",
    ),
    "large id": (
        lambda: Embedding(np.zeros((3, 2))).value(np.array([3])),
        "'ids' of the embedding layer: got numbers from 3 to 3; expected numbers from 0 to 2. "
        "Encode the text with the vocabulary the table was made for.",
    ),
    "like": (
        lambda: require_like("x", "y", np.zeros(2, np.float32), np.zeros(2)),
        "'y' of the x layer: got shape (2,) in float32; expected shape (2,) in float64, as the "
        "value has. Give an array of that shape and type.",
    ),
    "like in shape": (
        lambda: require_like("x", "y", np.zeros(3), np.zeros(2)),
        "'y' of the x layer: got shape (3,) in float64; expected shape (2,) in float64, as the "
        "value has. Give an array of that shape and type.",
    ),
    "five gates": (
        lambda: LSTM(np.zeros((10, 3)), np.zeros((10, 2)), np.zeros(10)),
        "'weight_hidden' of the LSTM layer: got shape (10, 2); expected shape (8, 2): four gates "
        "of 2 cells. Stack the gates i, f, g, o along the first dimension.",
    ),
    "more gradients of states": (
        lambda: STACK.forward(np.zeros((1, 1, 3)))[2](np.zeros((1, 1, 2)), [lstm().start(1)] * 3),
        "'gradient_of_states' of the LSTM layers: got 3 states; expected 2, one per layer. "
        "Give the gradient of the state of every layer, zeros where it has none.",
    ),
    "longer vectors": (
        lambda: Linear(np.zeros((2, 3)), np.zeros(2)).value(np.zeros((2, 4))),
        "'inputs' of the linear layer: got shape (2, 4); expected shape (..., 3). "
        "Give vectors of that size along the last dimension.",
    ),
    "larger gate": (
        lambda: Highway(
            Linear(np.zeros((2, 2)), np.zeros(2)), Linear(np.zeros((3, 3)), np.zeros(3))
        ),
        "'gate' of the highway layer: got a weight of shape (3, 3); expected shape (2, 2), as "
        "many outputs as inputs. Make the sizes agree: old and new numbers are mixed one by one.",
    ),
    "one side": (
        lambda: Conv1d(np.zeros((1, 2, 3)), padding=((1,),)),  # type: ignore[arg-type]
        "'padding' of the Conv1d layer along the length: got (1,); expected 'valid', 'same', one "
        "whole number, or for each axis a number or a pair (before, after). Give the padding in "
        "one of these forms.",
    ),
    "fewer targets": (
        lambda: softmax_cross_entropy(np.zeros((2, 3)), np.array([0])),
        "'targets' of the softmax cross-entropy: got int64 of shape (1,); expected whole numbers "
        "of shape (2,), one for each vector of logits. Give the number of the right class for "
        "each.",
    ),
    "fewer probabilities": (
        lambda: sigmoid_binary_cross_entropy(np.zeros(2), np.zeros(1)),
        "'targets' of the sigmoid binary cross-entropy: got float64 of shape (1,); expected "
        "float64 of shape (2,), as the logits have. Give one probability for each logit.",
    ),
    "below 0": (
        lambda: sigmoid_binary_cross_entropy(np.zeros(2), np.array([-0.5, 0.5])),
        "'targets' of the sigmoid binary cross-entropy: got numbers from -0.5 to 0.5; expected "
        "probabilities, from 0 to 1. Give 0 for no, 1 for yes, or a probability between.",
    ),
    "negative class": (
        lambda: softmax_cross_entropy(np.zeros((1, 3)), np.array([-1])),
        "'targets' of the softmax cross-entropy: got numbers from -1 to -1; expected numbers "
        "from 0 to 2, one of the 3 classes. Give targets of the classes that the logits are for.",
    ),
    "class": (
        lambda: softmax_cross_entropy(np.zeros((1, 3)), np.array([3])),
        "'targets' of the softmax cross-entropy: got numbers from 3 to 3; expected numbers from "
        "0 to 2, one of the 3 classes. Give targets of the classes that the logits are for.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_does_not_fit_is_refused(name: str) -> None:
    make, message = CASES[name]
    with refused(message):
        make()
