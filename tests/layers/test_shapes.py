"""What does not fit is refused, and the message says what would."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from quatrain.errors import SettingsError
from quatrain.layers import LSTM, Embedding, Linear, LSTMStack
from quatrain.layers.shapes import whole


def lstm(inputs: int = 3, hidden: int = 2, dtype: str = "float64") -> LSTM:
    return LSTM(
        np.zeros((4 * hidden, inputs), dtype),
        np.zeros((4 * hidden, hidden), dtype),
        np.zeros(4 * hidden, dtype),
    )


CASES: dict[str, tuple[Callable[[], object], str]] = {
    "gates": (
        lambda: LSTM(np.zeros((6, 3)), np.zeros((6, 2)), np.zeros(6)),
        "'weight_hidden' of the LSTM layer: got shape (6, 2); expected shape (8, 2): four gates "
        "of 2 cells. Stack the gates i, f, g, o along the first dimension.",
    ),
    "bias": (
        lambda: LSTM(np.zeros((8, 3)), np.zeros((8, 2)), np.zeros((8, 1))),
        "'bias' of the LSTM layer: got shape (8, 1); expected shape (4 x hidden 8). "
        "Give an array of that shape.",
    ),
    "types": (
        lambda: LSTM(np.zeros((8, 3), np.float32), np.zeros((8, 2)), np.zeros(8)),
        "the LSTM layer: got weight_input in float32, weight_hidden in float64, bias in "
        "float64; expected one floating-point type. Convert the arrays to the same type with "
        "astype.",
    ),
    "whole numbers": (
        lambda: Embedding(np.zeros((3, 2), int)),
        "'weight' of the embedding layer: got int64; expected float32 or float64. "
        "Convert the array with astype.",
    ),
    "sequence": (
        lambda: lstm().value(np.zeros((5, 1, 4))),
        "'inputs' of the LSTM layer: got shape (5, 1, 4); expected shape (time, batch, inputs 3). "
        "Give an array of that shape.",
    ),
    "step": (
        lambda: lstm().step(np.zeros((5, 1, 3)), lstm().start(5)),
        "'inputs' of the LSTM layer: got shape (5, 1, 3); expected shape (batch, inputs 3). "
        "Give an array of that shape.",
    ),
    "state": (
        lambda: lstm().step(np.zeros((5, 3)), lstm().start(4)),
        "'hidden' of the LSTM layer: got shape (4, 2); expected shape (batch 5, hidden 2). "
        "Give an array of that shape.",
    ),
    "input type": (
        lambda: lstm().step(np.zeros((5, 3), np.float32), lstm().start(5)),
        "the LSTM layer: got inputs in float32, hidden in float64, cell in float64, weights in "
        "float64; expected one floating-point type. Convert the arrays to the same type with "
        "astype.",
    ),
    "no layers": (
        lambda: LSTMStack(()),
        "LSTM layers: got none; expected at least one. Give a layer.",
    ),
    "stack": (
        lambda: LSTMStack((lstm(), lstm())),
        "LSTM layer 1: got 3 inputs; expected 2, the cells of layer 0. Make the sizes agree.",
    ),
    "states": (
        lambda: LSTMStack((lstm(),)).value(np.zeros((1, 1, 3)), []),
        "the state of the LSTM layers: got 0 states; expected 1, one per layer. "
        "Begin with start(batch).",
    ),
    "linear": (
        lambda: Linear(np.zeros((2, 3)), np.zeros(2)).value(np.zeros((4, 2))),
        "'inputs' of the linear layer: got shape (4, 2); expected shape (..., 3). "
        "Give vectors of that size along the last dimension.",
    ),
    "linear bias": (
        lambda: Linear(np.zeros((2, 3)), np.zeros(3)),
        "'bias' of the linear layer: got shape (3,); expected shape (outputs 2). "
        "Give an array of that shape.",
    ),
    "negative id": (
        lambda: Embedding(np.zeros((3, 2))).value(np.array([-1, 2])),
        "'ids' of the embedding layer: got numbers from -1 to 2; expected numbers from 0 to 2. "
        "Encode the text with the vocabulary the table was made for.",
    ),
    "fractional id": (
        lambda: Embedding(np.zeros((3, 2))).value(np.array([0.5])),
        "'ids' of the embedding layer: got float64; expected whole numbers. "
        "Encode the text with the poet's vocabulary.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_does_not_fit_is_refused(name: str) -> None:
    make, message = CASES[name]
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        make()


@pytest.mark.parametrize("number", [2, np.int64(2), 9])
def test_whole_numbers_in_range_come_back_as_ints(number: int) -> None:
    assert whole("'size'", number, 2, 9) == number
    assert type(whole("'size'", number, 2, 9)) is int


@pytest.mark.parametrize("number", [1, 10, 2.5, 4.0, True, "3", None])
def test_other_numbers_are_refused(number: object) -> None:
    message = f"'size': got {number!r}; expected a whole number from 2 to 9. Give another number."
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        whole("'size'", number, 2, 9)


def test_the_remedy_for_a_number_can_be_told() -> None:
    message = "'size': got 20000; expected a whole number from 0 to 10,000. Take less."
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        whole("'size'", 20_000, 0, 10_000, "Take less.")
