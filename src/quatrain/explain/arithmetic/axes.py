"""Sizes along the axes: how many windows fit, which positions none of them sees.

In: sizes and windows. Out: formulas and notes for `convolution` and `pooling`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TypeAlias

import numpy as np

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.expression import (
    Expression,
    Symbol,
    ceiling,
    floor,
)
from quatrain.layers.shapes import whole
from quatrain.layers.windows import PerAxis, Windows, per_axis
from quatrain.records import Formula, Note

LARGEST = 10**5
"""Positions along an axis: beyond what layers read, and quick to go through one by one."""

FLOAT32 = Symbol("bytes of a float32", 4)

_AXES = {1: ("length",), 2: ("height", "width")}
_PLACES = {"length": "position", "height": "row", "width": "column"}
_LISTED = 8


Axis: TypeAlias = "Windows | Spread"
"""An axis and what lies along it."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A transposed convolution along one axis: every input is spread over `kernel` outputs.

    Attributes:
        size: positions of the input.
        kernel: outputs that one input reaches.
        stride: outputs from where one input begins to where the next does.
        before: outputs cut off in front.
        after: outputs cut off behind.
        dilation: steps from one output of an input to its next.
        behind: outputs added behind ("output padding").
        axis: the axis's name.

    Raises:
        SettingsError: a number is too small, no output is left or more than `LARGEST`, or as
            many are added as would make room for another input.
    """

    size: int
    kernel: int
    stride: int
    before: int
    after: int
    dilation: int
    behind: int
    axis: str

    def __post_init__(self) -> None:
        whole(f"'output_padding' along the {self.axis}", self.behind, 0)
        if self.behind and self.behind >= max(self.stride, self.dilation):
            raise SettingsError(
                f"'output_padding' along the {self.axis}",
                f"{self.behind}",
                f"less than the stride of {self.stride} or the dilation of {self.dilation}",
                "Take less, or a larger input.",
            )
        if self.outputs < 1:
            raise SettingsError(
                f"the output along the {self.axis}",
                f"{self.expression.text('numbers')} = {self.outputs}",
                "at least 1",
                "Take less padding, a larger kernel or a larger input.",
            )
        if self.outputs > LARGEST:
            raise SettingsError(
                f"the output along the {self.axis}",
                f"{self.expression.text('numbers')} = {self.outputs:,}",
                f"at most {LARGEST:,}",
                "Take a smaller stride, dilation, kernel or input.",
            )

    @property
    def extent(self) -> int:
        """Outputs from the first to the last that an input reaches."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def expression(self) -> Expression:
        """The number of outputs."""
        outputs = (Symbol("input", self.size) - 1) * Symbol("stride", self.stride)
        if self.before == self.after:
            outputs = outputs - 2 * Symbol("padding", self.before)
        else:
            outputs = outputs - Symbol("padding before", self.before)
            outputs = outputs - Symbol("padding after", self.after)
        kernel = Symbol("kernel", self.kernel)
        if self.dilation == 1:
            outputs = outputs + kernel
        else:
            outputs = outputs + Symbol("dilation", self.dilation) * (kernel - 1) + 1
        return outputs + Symbol("output padding", self.behind) if self.behind else outputs

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return int(self.expression.value)

    @property
    def unseen(self) -> tuple[int, ...]:
        """Outputs that no input reaches."""
        reached = np.zeros(self.outputs, bool)
        starts = np.arange(self.size) * self.stride - self.before
        for position in range(self.kernel):
            places = starts + position * self.dilation
            reached[places[(places >= 0) & (places < self.outputs)]] = True
        return tuple(np.flatnonzero(~reached).tolist())


def sizes_of(layer: str, inputs: Sequence[int]) -> tuple[tuple[str, ...], tuple[int, ...], int]:
    """The names of an input's axes, its sizes along them and its channels.

    Raises:
        SettingsError: there are not one or two axes and channels, or a size is below 1.
    """
    if len(inputs) - 1 not in _AXES:
        raise SettingsError(
            f"the input of the {layer} layer",
            f"{len(inputs)} sizes ({' x '.join(map(str, inputs))})",
            "(length, channels) or (height, width, channels)",
            "Give the sizes along the axes, and the channels last.",
        )
    axes = _AXES[len(inputs) - 1]
    sizes = tuple(
        _bounded(f"the input's {axis} in the {layer} layer", size)
        for axis, size in zip(axes, inputs[:-1], strict=True)
    )
    return axes, sizes, whole(f"the input's channels in the {layer} layer", inputs[-1], 1)


def windows_of(layer: str, name: str, given: PerAxis, axes: Sequence[str]) -> tuple[int, ...]:
    """The sizes of a window called `name` along the axes.

    Raises:
        SettingsError: one is not a whole number from 1 to `LARGEST`.
    """
    return tuple(
        _bounded(f"{name!r} of the {layer} layer along the {axis}", size)
        for axis, size in zip(axes, per_axis(layer, name, given, axes), strict=True)
    )


def _bounded(where: str, given: int) -> int:
    size = whole(where, given, 1)
    if size > LARGEST:
        raise SettingsError(where, f"{size:,}", f"at most {LARGEST:,}", "Give a smaller one.")
    return size


def number(name: str, expression: Expression) -> Symbol:
    """An expression's result under a name of its own, for use in the next formula."""
    return Symbol(name, expression.value)


def sizes_as_symbols(name: str, lines: Sequence[Axis], sizes: Sequence[int]) -> tuple[Symbol, ...]:
    """One symbol per axis: "kernel height", "kernel width"; only "kernel" along one axis."""
    if len(lines) == 1 and name == "kernel":
        return (Symbol(name, sizes[0]),)
    return tuple(
        Symbol(f"{name} {line.axis}", size) for line, size in zip(lines, sizes, strict=True)
    )


def written(sizes: Sequence[Expression]) -> str:
    """Sizes as they are written: 32 x 32 x 3."""
    return " x ".join(size.text("numbers") for size in sizes)


def alike(lines: Sequence[Axis]) -> Iterator[tuple[tuple[str, ...], Axis]]:
    """The axes a formula is to be shown for: all at once if they agree, else one by one."""
    if len({replace(line, axis="") for line in lines}) == 1:
        yield tuple(line.axis for line in lines), lines[0]
    else:
        for line in lines:
            yield (line.axis,), line


def output_sizes(lines: Sequence[Axis], word: str = "kernel") -> Iterator[Formula]:
    """The number of outputs along each axis, once where the axes agree.

    Args:
        lines: one per axis.
        word: what the window is called: "kernel" or "window".
    """
    for axes, line in alike(lines):
        expression = line.expression if isinstance(line, Spread) else outputs_of(line, word)
        yield expression.formula(f"output {listed(axes)}")


def outputs_of(windows: Windows, word: str = "kernel") -> Expression:
    """The number of windows along an axis, as it is computed.

    Args:
        windows: where they lie.
        word: what the window is called: "kernel" or "window".
    """
    extent: Expression = Symbol(word, windows.kernel)
    if windows.dilation != 1:
        extent = Symbol("dilation", windows.dilation) * (extent - 1) + 1
    free = Symbol("input", windows.size) - extent
    if windows.before == windows.after:
        free = free + 2 * Symbol("padding", windows.before)
    else:
        free = free + Symbol("padding before", windows.before)
        free = free + Symbol("padding after", windows.after)
    quotient = free / Symbol("stride", windows.stride)
    if not isinstance(quotient.value, int):
        quotient = ceiling(quotient) if windows.ceil_mode else floor(quotient)
    outputs = quotient + 1
    # In ceil mode a window that would begin behind the input is dropped.
    return outputs if outputs.value == windows.outputs else outputs - 1


def unseen(lines: Sequence[Axis]) -> Iterator[Note]:
    """What a stride that does not divide, and steps wider than the window, leave out."""
    for axes, line in alike(lines):
        missed = line.unseen
        many = listed([f"{_PLACES[axis]}s" for axis in axes])
        one = listed([_PLACES[axis] for axis in axes])
        which = f"{one if len(missed) == 1 else many} {_some(missed)}"
        if isinstance(line, Spread):
            if missed:
                yield Note(f"No input reaches {which} of the output, where the bias stands alone.")
            continue
        free = line.padded - line.extent
        rest = free % line.stride
        if rest:
            yield Note(
                f"The stride does not divide: {free} / {line.stride} leaves a rest of {rest}. "
                f"{_rounded(line, one)}"
            )
        if missed:
            yield Note(f"Never seen, counting from 0: {which}.")
        elif rest and not line.ceil_mode:
            yield Note(f"What is cut off is padding; all {many} are seen.")
        if missed and missed[0] < (line.outputs - 1) * line.stride - line.before:
            yield Note(
                f"Windows that span {line.extent} and begin {line.stride} apart, with a dilation "
                f"of {line.dilation}, step over {many} inside."
            )
    windows = [line for line in lines if isinstance(line, Windows)]
    everything = prod(line.size for line in windows)
    lost = everything - prod(line.size - len(line.unseen) for line in windows)
    if lost and len(windows) > 1:
        yield Note(f"In all, {lost:,} of {everything:,} pixels are never seen.")


def _rounded(windows: Windows, place: str) -> str:
    """What becomes of a rest, as a sentence."""
    end = (windows.outputs - 1) * windows.stride + windows.extent - windows.before
    if not windows.ceil_mode:
        last = f"{place} {end - 1}" if end <= windows.size else "a place in the padding"
        return f"The quotient is rounded down, and the last window ends at {last}."
    over = end - windows.size - windows.after
    if over <= 0:
        return "It is rounded up, but the window that would begin behind the input is dropped."
    return f"The quotient is rounded up, and the last window hangs over the end by {over}."


def _some(places: Sequence[int]) -> str:
    if len(places) <= _LISTED:
        return ", ".join(map(str, places))
    first = ", ".join(map(str, places[: _LISTED - 2]))
    return f"{first}, ..., {places[-1]} ({len(places):,} in all)"


def listed(words: Sequence[str]) -> str:
    """Words with "and" before the last."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
