"""A convolution's arithmetic: how many weights, which shape, how much work, what is seen.

In: the sizes of a layer. Out: an `Explanation`, next room `page`. Where windows lie is asked of
`layers.windows`, with which the layers themselves compute; `pooling` shows its shapes with the
functions below.

Counts are of one example; multiply by the batch. The relations between the sizes are those of
Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd, prod

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.axes import (
    FLOAT32,
    Axis,
    Spread,
    alike,
    listed,
    number,
    output_sizes,
    sizes_as_symbols,
    sizes_of,
    unseen,
    windows_of,
    written,
)
from quatrain.explain.arithmetic.expression import (
    Expression,
    Symbol,
    ceiling,
    product,
    shape,
)
from quatrain.layers.shapes import whole
from quatrain.layers.windows import Padding, PerAxis, Windows, paddings, per_axis
from quatrain.records import Explanation, Formula, Heading, Note, Part


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
    lines: list[Axis]
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
    lines: tuple[Axis, ...]

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
            f"{title} of {written(self.sizes('input'))} with {_filters(self.filters)} of {kernel}",
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
                name += f", {listed(axes)}"
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


def _filters(count: int) -> str:
    return f"{count} filter{'' if count == 1 else 's'}"
