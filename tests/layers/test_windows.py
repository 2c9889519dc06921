"""Windows along one axis: counted against PyTorch, laid out against a plain loop."""

import re

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.layers.windows import Windows, meetings, paddings

windows_and_inputs = {
    "size": st.integers(1, 30),
    "kernel": st.integers(1, 7),
    "stride": st.integers(1, 8),
    "before": st.integers(0, 6),
    "after": st.integers(0, 6),
    "dilation": st.integers(1, 4),
}


def covered(windows: Windows, output: int) -> list[int]:
    """The positions under a window, counted from the first input, padding included."""
    start = output * windows.stride - windows.before
    return [start + windows.dilation * k for k in range(windows.kernel)]


@given(**windows_and_inputs)
def test_outputs_are_those_of_torch(
    size: int, kernel: int, stride: int, before: int, after: int, dilation: int
) -> None:
    extent = dilation * (kernel - 1) + 1
    assume(before + size + after >= extent)
    windows = Windows(size, kernel, stride, before, after, dilation)
    padded = torch.nn.functional.pad(torch.zeros(1, 1, size), (before, after))
    value = torch.conv1d(padded, torch.zeros(1, 1, kernel), None, stride, 0, dilation)
    assert windows.extent == extent
    assert windows.padded == padded.shape[-1]
    assert windows.outputs == value.shape[-1]


@given(
    size=st.integers(1, 30),
    kernel=st.integers(1, 9),
    stride=st.integers(1, 10),
    padding=st.integers(0, 4),
)
def test_outputs_in_ceil_mode_are_those_of_torch(
    size: int, kernel: int, stride: int, padding: int
) -> None:
    assume(padding <= kernel // 2)  # torch allows no more
    inputs = torch.zeros(1, 1, size)
    if size + 2 * padding < kernel:  # torch lets it hang over the end if the stride is longer
        with pytest.raises(SettingsError, match="the windows: got a kernel of"):
            Windows(size, kernel, stride, padding, padding, ceil_mode=True)
        return
    value = torch.max_pool1d(inputs, kernel, stride, padding, ceil_mode=True)
    windows = Windows(size, kernel, stride, padding, padding, ceil_mode=True)
    assert windows.outputs == value.shape[-1]


@given(**windows_and_inputs, ceil_mode=st.booleans())
def test_meetings_and_unseen_are_those_of_a_plain_loop(
    size: int, kernel: int, stride: int, before: int, after: int, dilation: int, ceil_mode: bool
) -> None:
    assume(before + size + after >= dilation * (kernel - 1) + 1)
    windows = Windows(size, kernel, stride, before, after, dilation, ceil_mode)
    outputs, inputs = np.arange(windows.outputs), np.arange(size)
    expected = [covered(windows, output) for output in outputs]
    for position in range(kernel):
        reached, met = windows.meeting(position)
        pairs = list(zip(outputs[reached].tolist(), inputs[met].tolist(), strict=True))
        assert pairs == [
            (output, row[position])
            for output, row in enumerate(expected)
            if 0 <= row[position] < size
        ]
    seen = {place for row in expected for place in row}
    assert windows.unseen == tuple(place for place in range(size) if place not in seen)


@given(
    size=st.integers(1, 30),
    kernel=st.integers(1, 7),
    stride=st.integers(1, 8),
    before=st.integers(0, 6),
    after=st.integers(0, 6),
    ceil_mode=st.booleans(),
    padding=st.booleans(),
)
def test_counts_are_those_of_a_plain_loop(
    size: int, kernel: int, stride: int, before: int, after: int, ceil_mode: bool, padding: bool
) -> None:
    assume(before < kernel > after)
    assume(before + size + after >= kernel)
    windows = Windows(size, kernel, stride, before, after, ceil_mode=ceil_mode)
    low, high = (-before, size + after) if padding else (0, size)
    expected = [
        sum(low <= place < high for place in covered(windows, output))
        for output in range(windows.outputs)
    ]
    assert windows.counts(padding).tolist() == expected
    assert min(expected) > 0


def test_windows_by_hand() -> None:
    assert Windows(32, 5).outputs == 28
    assert Windows(32, 5).unseen == ()
    odd = Windows(10, 3, stride=4)
    assert (odd.outputs, odd.unseen) == (2, (3, 7, 8, 9))
    assert Windows(10, 3, stride=4, ceil_mode=True).outputs == 3
    gaps = Windows(7, 2, stride=7, dilation=3)
    assert (gaps.extent, gaps.outputs, gaps.unseen) == (4, 1, (1, 2, 4, 5, 6))
    # A third window would begin at position 4, the first of the padding behind, and is dropped.
    assert Windows(4, 2, stride=2, after=1, ceil_mode=True).outputs == 2


def test_meetings_run_in_row_major_order() -> None:
    both = [Windows(4, 2), Windows(5, 3)]
    assert [position for position, _, _ in meetings(both)] == [
        (0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2),
    ]  # fmt: skip


@given(kernel=st.integers(1, 7), dilation=st.integers(1, 4), size=st.integers(1, 20))
def test_same_padding_gives_as_many_outputs_as_inputs(
    kernel: int, dilation: int, size: int
) -> None:
    ((before, after),) = paddings("test", "same", ["length"], [kernel], [1], [dilation])
    assert 0 <= after - before <= 1
    assert Windows(size, kernel, 1, before, after, dilation).outputs == size


CASES: dict[str, tuple[dict[str, object], str]] = {
    "wide kernel": (
        {"size": 5, "kernel": 9, "before": 1, "after": 2},
        "the windows: got a kernel of 9; expected at most 8, the "
        "input of 5 with padding of 1 before and 2 after. Take a smaller kernel, more "
        "padding or a larger input.",
    ),
    "dilated kernel": (
        {"size": 5, "kernel": 3, "dilation": 3, "axis": "width"},
        "the windows along the width: got a kernel of 3, dilated to 7; expected "
        "at most 5, the input of 5 with padding of 0 before and 0 after. Take a smaller kernel, "
        "more padding or a larger input.",
    ),
    "stride": (
        {"size": 5, "kernel": 3, "stride": 0},
        "'stride': got 0; expected a whole number of at least 1. Give another number.",
    ),
    "size": (
        {"size": -2, "kernel": 3, "axis": "height"},
        "'size' along the height: got -2; expected a whole number of at least 1. "
        "Give another number.",
    ),
    "kernel": (
        {"size": 5, "kernel": 0},
        "'kernel': got 0; expected a whole number of at least 1. Give another number.",
    ),
    "padding": (
        {"size": 5, "kernel": 3, "before": -1},
        "'before': got -1; expected a whole number of at least 0. Give another number.",
    ),
    "dilation": (
        {"size": 5, "kernel": 3, "dilation": 1.5},
        "'dilation': got 1.5; expected a whole number of at least 1. Give another number.",
    ),
    "truth": (
        {"size": 5, "kernel": True},
        "'kernel': got True; expected a whole number of at least 1. Give another number.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_impossible_windows_are_refused(name: str) -> None:
    numbers, message = CASES[name]
    with pytest.raises(SettingsError, match=f"^{re.escape(message)}$"):
        Windows(**numbers)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [np.int64(3), np.int32(3)])
def test_numpy_whole_numbers_count_as_whole(number: int) -> None:
    assert Windows(number, number).outputs == 1
