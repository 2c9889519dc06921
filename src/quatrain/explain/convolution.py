"""A convolution's arithmetic: how many weights, which shape, how much work, what is seen.

In: the sizes of a layer. Out: an `Explanation`, next room `page`. Where windows lie is asked of
`layers.windows`, with which the layers themselves compute; `pooling` shows its shapes with the
functions below.

Counts are of one example; multiply by the batch. The relations between the sizes are those of
Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import gcd, prod
from typing import TypeAlias

import numpy as np

from quatrain.errors import SettingsError
from quatrain.explain.expression import (
    Expression,
    Symbol,
    ceiling,
    floor,
    product,
    shape,
)
from quatrain.layers.windows import Padding, PerAxis, Windows, paddings, per_axis, whole
from quatrain.records import Explanation, Formula, Heading, Note, Part

LARGEST = 10**5
"""Positions along an axis: beyond what layers read, and quick to go through one by one."""

FLOAT32 = Symbol("bytes of a float32", 4)

_AXES = {1: ("length",), 2: ("height", "width")}
_PLACES = {"length": "position", "height": "row", "width": "column"}
_LISTED = 8


Line: TypeAlias = "Windows | Spread"


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
        SettingsError: a number is too small, no output is left, or as many are added as would
            make room for another input.
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


def convolution(
    inputs: tuple[int, ...],
    *,
    filters: int,
    kernel: PerAxis,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    bias: bool = True,
    transposed: bool = False,
    output_padding: int | Sequence[int] = 0,
) -> Explanation:
    """Why a convolution has its shape, its parameters and its work.

    Args:
        inputs: (length, channels) or (height, width, channels).
        filters: maps in the output.
        kernel: positions of the kernel, one number or one per axis.
        stride: steps from one window to the next, likewise.
        padding: "valid", "same", a number, or for each axis a number or a pair (before, after).
        dilation: steps from one position of the kernel to the next, likewise.
        groups: parts of the channels that are convolved apart.
        bias: whether each filter adds a number of its own.
        transposed: whether input and output change places ("deconvolution").
        output_padding: outputs a transposed convolution adds behind, one number or one per axis.

    Returns:
        Formulas named "weights", "biases", "total"; "output height" and "output width", or
        "output height and width" where the axes agree; "output shape", "multiply-adds",
        "additions of biases", "receptive field", "memory of the parameters" and "memory of the
        output" (bytes in float32), "a dense layer of the same shapes". Notes say what is never
        seen, and why.

    Raises:
        SettingsError: a number is too small, too large or not whole, the kernel is wider than
            the padded input, or the groups do not divide the channels and the filters.
    """
    layer = "transposed convolution" if transposed else "convolution"
    axes, sizes, channels = sizes_of(layer, inputs)
    filters = whole(f"'filters' of the {layer} layer", filters, 1)
    kernels = windows_of(layer, "kernel", kernel, axes)
    strides = per_axis(layer, "stride", stride, axes)
    dilations = per_axis(layer, "dilation", dilation, axes)
    groups = whole(f"'groups' of the {layer} layer", groups, 1)
    if channels % groups or filters % groups:
        raise SettingsError(
            f"'groups' of the {layer} layer",
            f"{groups} groups for {channels} channels and {filters} filters",
            f"a number that divides both, such as {gcd(channels, filters)}",
            "Change the groups, or the channels and filters.",
        )
    if transposed and padding == "same":
        raise SettingsError(
            f"'padding' of the {layer} layer", "'same'", "numbers", "Give the padding as numbers."
        )
    pairs = paddings(layer, padding, axes, kernels, strides, dilations)
    if isinstance(output_padding, Sequence):
        behind = tuple(output_padding)
    else:
        behind = (output_padding,) * len(axes)
    if len(behind) != len(axes) or (any(behind) and not transposed):
        raise SettingsError(
            f"'output_padding' of the {layer} layer",
            f"{output_padding!r}",
            f"one whole number, or {len(axes)}" if transposed else "0",
            "Give it for a transposed convolution only, once or for each axis.",
        )
    lines: list[Line]
    each = list(zip(axes, sizes, kernels, strides, pairs, dilations, behind, strict=True))
    if transposed:
        lines = [Spread(n, k, s, p[0], p[1], d, added, axis) for axis, n, k, s, p, d, added in each]
    else:
        lines = [Windows(n, k, s, p[0], p[1], d, axis=axis) for axis, n, k, s, p, d, _ in each]
    return _Convolution(channels, filters, groups, bias, tuple(lines)).explanation()


@dataclass(frozen=True, slots=True)
class _Convolution:
    """The numbers of one layer, checked."""

    channels: int
    filters: int
    groups: int
    bias: bool
    lines: tuple[Line, ...]

    @property
    def transposed(self) -> bool:
        return isinstance(self.lines[0], Spread)

    @property
    def biases(self) -> int:
        return self.filters if self.bias else 0

    @property
    def places(self) -> int:
        """Where the weights are used: a window's places, or an input's if transposed."""
        return prod(line.size if self.transposed else line.outputs for line in self.lines)

    @property
    def weights_of(self) -> tuple[Expression, ...]:
        """The factors of the number of weights."""
        filters, channels = Symbol("filters", self.filters), Symbol("channels", self.channels)
        outer, inner = (channels, filters) if self.transposed else (filters, channels)
        kernel = sizes_as_symbols("kernel", self.lines, [line.kernel for line in self.lines])
        if self.groups == 1:
            return outer, *kernel, inner
        return outer, *kernel, inner / Symbol("groups", self.groups)

    def sizes(self, side: str) -> tuple[Symbol, ...]:
        """The sizes of the "input" or the "output", channels last."""
        if side == "input":
            numbers, maps = [line.size for line in self.lines], Symbol("channels", self.channels)
        else:
            numbers, maps = [line.outputs for line in self.lines], Symbol("filters", self.filters)
        return *sizes_as_symbols(side, self.lines, numbers), maps

    def explanation(self) -> Explanation:
        kernel = " x ".join(str(line.kernel) for line in self.lines)
        title = "Transposed convolution" if self.transposed else "Convolution"
        return Explanation(
            f"{title} of {read(self.sizes('input'))} with {_filters(self.filters)} of {kernel}",
            (*self.parameters(), *self.shapes(), *self.work(), *self.reasons()),
        )

    def parameters(self) -> Iterator[Part]:
        yield Heading("Parameters")
        weights = product(*self.weights_of)
        biases = Symbol("filters", self.filters)
        yield weights.formula("weights")
        yield biases.formula("biases") if self.bias else Formula("biases", "", "", 0)
        yield (number("weights", weights) + Symbol("biases", self.biases)).formula("total")

    def shapes(self) -> Iterator[Part]:
        yield Heading("Shape")
        yield from output_sizes(self.lines)
        yield from unseen(self.lines)
        yield shape("output shape", *self.sizes("output"))
        yield from self.receptive_field()

    def receptive_field(self) -> Iterator[Part]:
        for axes, line in alike(self.lines):
            name = "receptive field"
            if len(axes) < len(self.lines):
                name += f", {_listed(axes)}"
            kernel, dilation = Symbol("kernel", line.kernel), Symbol("dilation", line.dilation)
            if isinstance(line, Windows):
                yield (dilation * (kernel - 1) + 1).formula(name)
            else:
                # Inputs that reach one output are stride / gcd positions of the kernel apart.
                common = gcd(line.stride, line.dilation)
                taken = kernel if common == 1 else kernel * Symbol("common divisor", common)
                yield ceiling(taken / Symbol("stride", line.stride)).formula(name)
        if self.transposed:
            yield Note(
                "The receptive field is the largest number of inputs that meet in one output; "
                "the kernel's positions take turns, one stride apart."
            )

    def work(self) -> Iterator[Part]:
        yield Heading("Work and memory")
        factors = self.weights_of
        if self.transposed:
            yield product(*self.sizes("input")[:-1], *factors).formula("multiply-adds")
            padded = " Products that the padding cuts off are counted."
        else:
            yield product(*self.sizes("output")[:-1], *factors).formula("multiply-adds")
            padded = " The zeros of the padding are multiplied, and counted, as well."
        name = "additions of biases"
        outputs = product(*self.sizes("output"))
        yield outputs.formula(name) if self.bias else Formula(name, "", "", 0)
        yield Note(
            "A multiply-add is one multiplication of an input with a weight and the addition of "
            "the product to a sum. All counts are of one example."
            + (padded if any(line.before or line.after for line in self.lines) else "")
        )
        parameters = product(*factors).value + self.biases
        yield (FLOAT32 * Symbol("total", parameters)).formula("memory of the parameters", "bytes")
        yield product(FLOAT32, *self.sizes("output")).formula("memory of the output", "bytes")

    def reasons(self) -> Iterator[Part]:
        yield Heading("Why")
        places, kernel = self.places, [line.kernel for line in self.lines]
        weights = int(product(*self.weights_of).value)
        if self.transposed:
            yield Note(
                "Why this shape: every input paints a patch of the kernel's size, patches begin "
                "a stride apart, and what overlaps is added. It is the way back of a convolution "
                "from the output's size to the input's, used as the way forward."
            )
        else:
            yield Note(
                f"Why this shape: an output stands for a place where the kernel fits, and there "
                f"are {' x '.join(str(line.outputs) for line in self.lines)} of them; each of "
                f"the {_filters(self.filters)} makes one map of them."
            )
        inputs = number("input numbers", product(*self.sizes("input")))
        outputs = number("output numbers", product(*self.sizes("output")))
        dense = inputs * outputs + outputs if self.bias else inputs * outputs
        under = " x ".join(map(str, [*kernel, self.channels // self.groups]))
        if self.transposed:
            shared = f"the {weights:,} weights serve"
        else:
            shared = f"a filter has a weight for each number under it, {under} = "
            shared += f"{weights // self.filters:,}, and they serve"
        where = f"all {places:,} places" if places > 1 else "the only place, so nothing is shared"
        yield Note(f"Why so many parameters: {shared} {where}.")
        yield dense.formula("a dense layer of the same shapes", "parameters")
        ratio = int(dense.value) / (weights + self.biases)
        yield Note(
            "The dense layer has a weight of its own for every pair of an input and an output: "
            f"{ratio:,.0f} times as many parameters."
            if ratio >= 100
            else "The dense layer has a weight of its own for every pair of an input and an "
            f"output: {ratio:.3g} times as many parameters."
        )
        if self.groups > 1:
            depthwise = " (depthwise)" if self.groups == self.channels else ""
            yield Note(
                f"Why groups: a filter sees {self.channels // self.groups} of {self.channels} "
                f"channels{depthwise}, which divides weights and work by {self.groups}; nothing "
                "crosses from one group to another."
            )
        yield Note(
            f"Why this gradient: a weight takes part at {places:,} places, and its gradient is "
            "the sum over them of what it was multiplied with times the gradient that arrives; "
            "an input's gradient is the sum over the windows that saw it."
        )


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


def sizes_as_symbols(name: str, lines: Sequence[Line], sizes: Sequence[int]) -> tuple[Symbol, ...]:
    """One symbol per axis: "kernel height", "kernel width"; only "kernel" along one axis."""
    if len(lines) == 1 and name == "kernel":
        return (Symbol(name, sizes[0]),)
    return tuple(
        Symbol(f"{name} {line.axis}", size) for line, size in zip(lines, sizes, strict=True)
    )


def read(sizes: Sequence[Expression]) -> str:
    """Sizes as they are written: 32 x 32 x 3."""
    return " x ".join(size.text("numbers") for size in sizes)


def alike(lines: Sequence[Line]) -> Iterator[tuple[tuple[str, ...], Line]]:
    """The axes a formula is to be shown for: all at once if they agree, else one by one."""
    if len({replace(line, axis="") for line in lines}) == 1:
        yield tuple(line.axis for line in lines), lines[0]
    else:
        for line in lines:
            yield (line.axis,), line


def output_sizes(lines: Sequence[Line], word: str = "kernel") -> Iterator[Formula]:
    """The number of outputs along each axis, once where the axes agree.

    Args:
        lines: one per axis.
        word: what the window is called: "kernel" or "window".
    """
    for axes, line in alike(lines):
        expression = line.expression if isinstance(line, Spread) else outputs_of(line, word)
        yield expression.formula(f"output {_listed(axes)}")


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


def unseen(lines: Sequence[Line]) -> Iterator[Note]:
    """What a stride that does not divide, and steps wider than the window, leave out."""
    for axes, line in alike(lines):
        missed = line.unseen
        many = _listed([f"{_PLACES[axis]}s" for axis in axes])
        one = _listed([_PLACES[axis] for axis in axes])
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


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _filters(count: int) -> str:
    return f"{count} filter{'' if count == 1 else 's'}"
