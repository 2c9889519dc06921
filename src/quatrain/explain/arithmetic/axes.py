"""Sizes along the axes: how many windows fit, and which positions no window sees.

In: sizes and windows. Out: formulas and notes for `convolution` and `pooling`.

An axis has a name ("height"); a dimension is an axis with the windows along it.
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

MOST_POSITIONS = 10**5
"""Most positions along an axis: more than layers read, few enough to count one by one."""

FLOAT32 = Symbol("bytes of a float32", 4)
"""Size of a number, for formulas of memory."""

_AXIS_NAMES = {1: ("length",), 2: ("height", "width")}
_POSITION_NAMES = {"length": "position", "height": "row", "width": "column"}
_MOST_LISTED = 8
"""Most positions listed one by one in a note."""

Dimension: TypeAlias = "Windows | TransposedWindows"
"""Windows along one axis."""


@dataclass(frozen=True, slots=True)
class TransposedWindows:
    """A transposed convolution along one axis: every input is spread over `kernel` outputs.

    Attributes:
        size: positions of the input.
        kernel: outputs that one input reaches.
        stride: distance in outputs between the starts of two neighbouring inputs.
        before: outputs cut off at the start.
        after: outputs cut off at the end.
        dilation: distance between two outputs of one input.
        output_padding: outputs added at the end.
        axis: the name of the axis.

    Raises:
        SettingsError: a number is too small, no output is left or more than `MOST_POSITIONS`, or
            the output padding is large enough for another input.
    """

    size: int
    kernel: int
    stride: int
    before: int
    after: int
    dilation: int
    output_padding: int
    axis: str

    def __post_init__(self) -> None:
        whole(f"'output_padding' along the {self.axis}", self.output_padding, 0)
        if self.output_padding and self.output_padding >= max(self.stride, self.dilation):
            raise SettingsError(
                f"'output_padding' along the {self.axis}",
                f"{self.output_padding}",
                f"less than the stride of {self.stride} or the dilation of {self.dilation}",
                "Use less output padding, or a larger input.",
            )
        if self.outputs < 1:
            raise SettingsError(
                f"the output along the {self.axis}",
                f"{self.expression.text('numbers')} = {self.outputs}",
                "at least 1",
                "Use less padding, a larger kernel or a larger input.",
            )
        if self.outputs > MOST_POSITIONS:
            raise SettingsError(
                f"the output along the {self.axis}",
                f"{self.expression.text('numbers')} = {self.outputs:,}",
                f"at most {MOST_POSITIONS:,}",
                "Use a smaller stride, dilation, kernel or input.",
            )

    @property
    def extent(self) -> int:
        """Distance from the first to the last output that an input reaches, both included."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def expression(self) -> Expression:
        """Formula of the number of outputs."""
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
        return (
            outputs + Symbol("output padding", self.output_padding)
            if self.output_padding
            else outputs
        )

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return int(self.expression.value)

    @property
    def unseen(self) -> tuple[int, ...]:
        """Outputs that no input reaches."""
        reached = np.zeros(self.outputs, bool)
        starts = np.arange(self.size) * self.stride - self.before
        for offset in range(self.kernel):
            positions = starts + offset * self.dilation
            reached[positions[(positions >= 0) & (positions < self.outputs)]] = True
        return tuple(np.flatnonzero(~reached).tolist())


def input_sizes(layer: str, inputs: Sequence[int]) -> tuple[tuple[str, ...], tuple[int, ...], int]:
    """Return the names of an input's axes, its sizes along them, and its channels.

    Raises:
        SettingsError: the input doesn't have one or two axes and channels, or a size is below 1.
    """
    if len(inputs) - 1 not in _AXIS_NAMES:
        raise SettingsError(
            f"the input of the {layer} layer",
            f"{_counted(len(inputs), 'size')} ({' x '.join(map(str, inputs))})",
            "(length, channels) or (height, width, channels)",
            "Give the size along each axis, then the channels; a grey picture has 1 channel.",
        )
    axes = _AXIS_NAMES[len(inputs) - 1]
    sizes = tuple(
        _bounded(f"the input's {axis} in the {layer} layer", size)
        for axis, size in zip(axes, inputs[:-1], strict=True)
    )
    return axes, sizes, whole(f"the input's channels in the {layer} layer", inputs[-1], 1)


def reading_notes(sizes: Sequence[int], channels: int) -> Iterator[Note]:
    """Say how sizes were read that could mean another input: a grey picture, channels first."""
    if len(sizes) == 1:
        (length,) = sizes
        yield Note(
            f"Read as a text of {_counted(length, 'position')} with "
            f"{_counted(channels, 'channel')}. For a grey picture of {length} x {channels}, give "
            f"{length} x {channels} x 1: --input {length}x{channels}x1, in Python "
            f"({length}, {channels}, 1)."
        )
    elif sizes[0] in _FEW_CHANNELS and sizes[1] == channels > sizes[0]:
        height, width = sizes
        yield Note(
            f"Read as a picture of {height} x {width} with {channels} channels, because channels "
            f"come last. For {width} x {channels} with {_counted(height, 'channel')}, give "
            f"{width} x {channels} x {height}."
        )


_FEW_CHANNELS = (1, 3, 4)
"""Channels of most pictures: grey, colours, colours with transparency."""


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def window_sizes(layer: str, name: str, sizes: PerAxis, axes: Sequence[str]) -> tuple[int, ...]:
    """Return the sizes of a window along the axes, checked.

    Args:
        layer: the kind of layer, for messages.
        name: the name of the setting: "kernel" or "window".
        sizes: one number, or one per axis.
        axes: the names of the axes.

    Raises:
        SettingsError: a size is not a whole number from 1 to `MOST_POSITIONS`, or an image size has
            no channels.
    """
    if len(axes) == 1 and isinstance(sizes, Sequence) and len(sizes) == 2:
        raise SettingsError(
            f"{name!r} of the {layer} layer",
            f"{tuple(sizes)}, 2 sizes for 1 axis",
            "one size",
            "",
            message=f"The {name} has 2 sizes, but the input has only one axis: two numbers mean "
            "length x channels. For an image give height x width x channels, such as 32x32x1.",
        )
    return tuple(
        _bounded(f"{name!r} of the {layer} layer along the {axis}", size)
        for axis, size in zip(axes, per_axis(layer, name, sizes, axes), strict=True)
    )


def _bounded(where: str, number: int) -> int:
    size = whole(where, number, 1)
    if size > MOST_POSITIONS:
        raise SettingsError(
            where, f"{size:,}", f"at most {MOST_POSITIONS:,}", "Give a smaller size."
        )
    return size


def as_symbol(name: str, expression: Expression) -> Symbol:
    """Return an expression's result under a name, for use in another formula."""
    return Symbol(name, expression.value)


def sizes_as_symbols(
    name: str, dimensions: Sequence[Dimension], sizes: Sequence[int]
) -> tuple[Symbol, ...]:
    """Return a symbol per axis: "kernel height", "kernel width"; along one axis, "kernel"."""
    if len(dimensions) == 1 and name == "kernel":
        return (Symbol(name, sizes[0]),)
    return tuple(
        Symbol(f"{name} {dimension.axis}", size)
        for dimension, size in zip(dimensions, sizes, strict=True)
    )


def sizes_text(sizes: Sequence[Expression]) -> str:
    """Return sizes as text: 32 x 32 x 3."""
    return " x ".join(size.text("numbers") for size in sizes)


def group_equal(dimensions: Sequence[Dimension]) -> Iterator[tuple[tuple[str, ...], Dimension]]:
    """Yield the axes each formula is shown for: all together if they agree, else one by one."""
    if len({replace(dimension, axis="") for dimension in dimensions}) == 1:
        yield tuple(dimension.axis for dimension in dimensions), dimensions[0]
    else:
        for dimension in dimensions:
            yield (dimension.axis,), dimension


def output_sizes(dimensions: Sequence[Dimension], word: str = "kernel") -> Iterator[Formula]:
    """Yield the number of outputs along each axis, once where the axes agree.

    Args:
        dimensions: one per axis.
        word: the word for the window: "kernel" or "window".
    """
    for axes, dimension in group_equal(dimensions):
        expression = (
            dimension.expression
            if isinstance(dimension, TransposedWindows)
            else output_count(dimension, word)
        )
        yield expression.formula(f"output {join_words(axes)}")


def output_count(windows: Windows, word: str = "kernel") -> Expression:
    """Return the formula of the number of windows along an axis.

    Args:
        windows: the windows.
        word: the word for the window: "kernel" or "window".
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
    # In ceil mode a window that would start after the end of the input is dropped.
    return outputs if outputs.value == windows.outputs else outputs - 1


def coverage_notes(dimensions: Sequence[Dimension]) -> Iterator[Note]:
    """Explain which positions are never seen, because of the stride or the dilation."""
    for axes, dimension in group_equal(dimensions):
        if isinstance(dimension, TransposedWindows):
            if dimension.unseen:
                positions = _described(axes, dimension.unseen)
                yield Note(f"No input reaches {positions} of the output: only the bias is there.")
        else:
            yield from _window_coverage(axes, dimension)
    windows = [dimension for dimension in dimensions if isinstance(dimension, Windows)]
    pixels = prod(dimension.size for dimension in windows)
    unseen = pixels - prod(dimension.size - len(dimension.unseen) for dimension in windows)
    if unseen and len(windows) > 1:
        yield Note(f"In total, {unseen:,} of {pixels:,} pixels are never seen.")


def _window_coverage(axes: Sequence[str], windows: Windows) -> Iterator[Note]:
    unseen = windows.unseen
    plural = join_words([f"{_POSITION_NAMES[axis]}s" for axis in axes])
    singular = join_words([_POSITION_NAMES[axis] for axis in axes])
    free = windows.padded - windows.extent
    remainder = free % windows.stride
    if remainder:
        yield Note(
            f"The stride doesn't divide evenly: {free} / {windows.stride} leaves a remainder of "
            f"{remainder}. {_rounding(windows, singular)}"
        )
    if unseen:
        yield Note(f"Never seen, counting from 0: {_described(axes, unseen)}.")
    elif remainder and not windows.ceil_mode:
        yield Note(f"Only padding is cut off; all {plural} are seen.")
    if unseen and unseen[0] < (windows.outputs - 1) * windows.stride - windows.before:
        yield Note(
            f"Windows that span {windows.extent} and start {windows.stride} apart, with a "
            f"dilation of {windows.dilation}, skip {plural} inside the input."
        )


def _rounding(windows: Windows, position: str) -> str:
    """Say how the quotient is rounded, and where the last window ends."""
    end = (windows.outputs - 1) * windows.stride + windows.extent - windows.before
    if not windows.ceil_mode:
        last = f"{position} {end - 1}" if end <= windows.size else "a position in the padding"
        return f"The quotient is rounded down, and the last window ends at {last}."
    overhang = end - windows.size - windows.after
    if overhang <= 0:
        return "It is rounded up, but a window that would start after the end is dropped."
    return f"The quotient is rounded up, and the last window goes over the end by {overhang}."


def _described(axes: Sequence[str], positions: Sequence[int]) -> str:
    """Return positions along the axes in words: "rows 1, 3 and 5"."""
    names = [_POSITION_NAMES[axis] + ("" if len(positions) == 1 else "s") for axis in axes]
    return f"{join_words(names)} {_position_list(positions)}"


def _position_list(positions: Sequence[int]) -> str:
    if len(positions) <= _MOST_LISTED:
        return ", ".join(map(str, positions))
    first = ", ".join(map(str, positions[: _MOST_LISTED - 2]))
    return f"{first}, ..., {positions[-1]} ({len(positions):,} in total)"


def join_words(words: Sequence[str]) -> str:
    """Join words with commas, and "and" before the last."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
