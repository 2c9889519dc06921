"""The arithmetic of a convolution: weights, shape, work, and the positions it sees.

In: the sizes of a layer. Out: an `Explanation`. The positions of windows come
from `layers.windows`, which the layers themselves use.

Counts are for one example; multiply by the batch. The relations between the sizes are those of
Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd, prod

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.axes import (
    FLOAT32,
    Dimension,
    TransposedWindows,
    as_symbol,
    coverage_notes,
    group_equal,
    input_sizes,
    join_words,
    output_sizes,
    reading_notes,
    sizes_as_symbols,
    sizes_text,
    window_sizes,
)
from quatrain.explain.arithmetic.expression import (
    Expression,
    Symbol,
    ceiling,
    product,
    shape,
)
from quatrain.explain.pictures.strip import strip
from quatrain.explain.pictures.windows import sliding_windows, spread_inputs
from quatrain.layers.shapes import whole
from quatrain.layers.windows import Padding, PerAxis, Windows, paddings, per_axis
from quatrain.records import Explanation, Formula, Grids, Heading, Note, Part


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
    """Explain why a convolution has its shape, its parameters and its work.

    The ten parameters are mostly those of `torch.nn.Conv2d`, by the same names, which is why
    they are not in an options object.

    Args:
        inputs: (length, channels) or (height, width, channels).
        filters: output channels.
        kernel: size of the kernel, one number or one per axis.
        stride: steps from one window to the next, one number or one per axis.
        padding: "valid", "same", a number, or for each axis a number or a pair (before, after).
        dilation: steps from one position of the kernel to the next, one number or one per axis.
        groups: parts of the channels that are convolved separately.
        bias: whether each filter adds a bias.
        transposed: whether input and output swap roles ("deconvolution").
        output_padding: outputs a transposed convolution adds at the end, one number or one per
            axis.

    Returns:
        Formulas named "weights", "biases", "total"; "output height" and "output width", or
        "output height and width" where the axes agree; "output shape", "multiply-adds",
        "additions of biases", "receptive field", "memory of the parameters" and "memory of the
        output" (bytes in float32), "a dense layer of the same shapes". Notes say which positions
        are never seen, and why.

    Raises:
        SettingsError: a number is too small, too large or not whole, the kernel is wider than
            the padded input, or the groups do not divide the channels and the filters.
    """
    layer = "transposed convolution" if transposed else "convolution"
    axes, sizes, channels = input_sizes(layer, inputs)
    filters = whole(f"'filters' of the {layer} layer", filters, 1)
    kernels = window_sizes(layer, "kernel", kernel, axes)
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
        added = tuple(output_padding)
    else:
        added = (output_padding,) * len(axes)
    if len(added) != len(axes) or (any(added) and not transposed):
        raise SettingsError(
            f"'output_padding' of the {layer} layer",
            f"{output_padding!r}",
            f"one whole number, or {len(axes)}" if transposed else "0",
            "Give it for a transposed convolution only, once or for each axis.",
        )
    settings = zip(axes, sizes, kernels, strides, pairs, dilations, added, strict=True)
    dimensions: tuple[Dimension, ...]
    if transposed:
        dimensions = tuple(
            TransposedWindows(n, k, s, pair[0], pair[1], d, extra, axis)
            for axis, n, k, s, pair, d, extra in settings
        )
    else:
        dimensions = tuple(
            Windows(n, k, s, pair[0], pair[1], d, axis=axis)
            for axis, n, k, s, pair, d, _ in settings
        )
    return _Convolution(channels, filters, groups, bias, dimensions).explanation()


@dataclass(frozen=True, slots=True)
class _Convolution:
    """The checked sizes of one layer."""

    channels: int
    filters: int
    groups: int
    bias: bool
    dimensions: tuple[Dimension, ...]

    @property
    def transposed(self) -> bool:
        return isinstance(self.dimensions[0], TransposedWindows)

    @property
    def biases(self) -> int:
        return self.filters if self.bias else 0

    @property
    def positions(self) -> int:
        """Number of positions the weights are used at: outputs, or inputs if transposed."""
        return prod(
            dimension.size if self.transposed else dimension.outputs
            for dimension in self.dimensions
        )

    @property
    def weight_factors(self) -> tuple[Expression, ...]:
        """Factors of the number of weights."""
        filters, channels = Symbol("filters", self.filters), Symbol("channels", self.channels)
        outer, inner = (channels, filters) if self.transposed else (filters, channels)
        kernel = sizes_as_symbols(
            "kernel", self.dimensions, [dimension.kernel for dimension in self.dimensions]
        )
        if self.groups == 1:
            return outer, *kernel, inner
        return outer, *kernel, inner / Symbol("groups", self.groups)

    def sizes(self, side: str) -> tuple[Symbol, ...]:
        """Return the sizes of the "input" or the "output", channels last."""
        if side == "input":
            numbers, maps = (
                [dimension.size for dimension in self.dimensions],
                Symbol("channels", self.channels),
            )
        else:
            numbers, maps = (
                [dimension.outputs for dimension in self.dimensions],
                Symbol("filters", self.filters),
            )
        return *sizes_as_symbols(side, self.dimensions, numbers), maps

    def explanation(self) -> Explanation:
        kernel = " x ".join(str(dimension.kernel) for dimension in self.dimensions)
        title = "Transposed convolution" if self.transposed else "Convolution"
        return Explanation(
            f"{title} of {sizes_text(self.sizes('input'))} with {_filters(self.filters)} of "
            f"{kernel}",
            (
                *reading_notes([dimension.size for dimension in self.dimensions], self.channels),
                *self.parameters(),
                *self.shapes(),
                self.picture(),
                *self.work(),
                *self.reasons(),
            ),
        )

    def picture(self) -> Grids:
        """Draw the kernel on its way over the input."""
        name = "transposed-convolution" if self.transposed else "convolution"
        before, after = (
            f"{side}: {sizes_text(self.sizes(side.lower()))}" for side in ("Input", "Output")
        )
        windows = [axis for axis in self.dimensions if isinstance(axis, Windows)]
        spread = [axis for axis in self.dimensions if isinstance(axis, TransposedWindows)]
        if len(self.dimensions) == 1:
            title = "The inputs spread over the output" if spread else "The kernel along the input"
            return strip(name, f"{title}, in one channel", self.dimensions[0])
        if spread:
            title = "How inputs are spread over the output"
            return spread_inputs(name, title, spread, (before, after))
        title = "The kernel on its way over the input"
        sign = "each window gives one number per filter"
        return sliding_windows(name, title, windows, (before, after), sign)

    def parameters(self) -> Iterator[Part]:
        yield Heading("Parameters")
        weights = product(*self.weight_factors)
        biases = Symbol("filters", self.filters)
        yield weights.formula("weights")
        yield biases.formula("biases") if self.bias else Formula("biases", "", "", 0)
        yield (as_symbol("weights", weights) + Symbol("biases", self.biases)).formula("total")

    def shapes(self) -> Iterator[Part]:
        yield Heading("Shape")
        yield from output_sizes(self.dimensions)
        yield from coverage_notes(self.dimensions)
        yield shape("output shape", *self.sizes("output"))
        yield from self.receptive_field()

    def receptive_field(self) -> Iterator[Part]:
        for axes, dimension in group_equal(self.dimensions):
            name = "receptive field"
            if len(axes) < len(self.dimensions):
                name += f", {join_words(axes)}"
            kernel, dilation = (
                Symbol("kernel", dimension.kernel),
                Symbol("dilation", dimension.dilation),
            )
            if isinstance(dimension, Windows):
                yield (dilation * (kernel - 1) + 1).formula(name)
            else:
                # Inputs that reach one output are stride / gcd positions of the kernel apart.
                common = gcd(dimension.stride, dimension.dilation)
                taken = kernel if common == 1 else kernel * Symbol("common divisor", common)
                yield ceiling(taken / Symbol("stride", dimension.stride)).formula(name)
        if self.transposed:
            yield Note(
                "The receptive field is the largest number of inputs that contribute to one "
                "output. Neighbouring outputs use different positions of the kernel, a stride "
                "apart."
            )

    def work(self) -> Iterator[Part]:
        yield Heading("Work and memory")
        side = "input" if self.transposed else "output"
        factors = self.weight_factors
        yield product(*self.sizes(side)[:-1], *factors).formula("multiply-adds")
        name = "additions of biases"
        outputs = product(*self.sizes("output"))
        yield outputs.formula(name) if self.bias else Formula(name, "", "", 0)
        note = (
            "A multiply-add is one multiplication of an input by a weight, with the product added "
            "to a sum. All counts are for one example."
        )
        if any(dimension.before or dimension.after for dimension in self.dimensions):
            note += (
                " Products that the padding cuts off are counted."
                if self.transposed
                else " Multiplications by the zeros of the padding are counted too."
            )
        yield Note(note)
        parameters = product(*factors).value + self.biases
        yield (FLOAT32 * Symbol("total", parameters)).formula("memory of the parameters", "bytes")
        yield product(FLOAT32, *self.sizes("output")).formula("memory of the output", "bytes")

    def reasons(self) -> Iterator[Part]:
        yield Heading("Why")
        yield self._why_this_shape()
        yield self._why_this_many_parameters()
        yield from self._dense_layer()
        if self.groups > 1:
            depthwise = " (depthwise)" if self.groups == self.channels else ""
            yield Note(
                f"Why groups: a filter sees {self.channels // self.groups} of {self.channels} "
                f"channels{depthwise}, which divides weights and work by {self.groups}. Groups "
                "don't exchange anything."
            )
        yield Note(
            f"Why this gradient: a weight is used at {self.positions:,} positions. Its gradient "
            "is a sum over them: the input it was multiplied by, times the gradient that arrives "
            "there. The gradient of an input is a sum over the windows that saw it."
        )

    def _why_this_shape(self) -> Note:
        if self.transposed:
            return Note(
                "Why this shape: every input is spread over a patch of the kernel's size. Patches "
                "start a stride apart, and overlaps are added. It is the backward pass of a "
                "convolution, from output to input, used as a forward pass."
            )
        outputs = " x ".join(str(dimension.outputs) for dimension in self.dimensions)
        return Note(
            f"Why this shape: each output is a position where the kernel fits, and there are "
            f"{outputs} of them. Each of the {_filters(self.filters)} makes one map."
        )

    def _why_this_many_parameters(self) -> Note:
        weights = int(product(*self.weight_factors).value)
        if self.transposed:
            shared = f"the {weights:,} weights are used"
        else:
            sizes = [dimension.kernel for dimension in self.dimensions]
            under = " x ".join(map(str, [*sizes, self.channels // self.groups]))
            shared = f"a filter has a weight for each number under it, {under} = "
            shared += f"{weights // self.filters:,}, and they are used"
        positions = self.positions
        where = f"at all {positions:,} positions" if positions > 1 else "at the only position"
        return Note(f"Why this many parameters: {shared} {where}.")

    def _dense_layer(self) -> Iterator[Part]:
        """Compare with a dense layer between the same input and output."""
        inputs = as_symbol("input numbers", product(*self.sizes("input")))
        outputs = as_symbol("output numbers", product(*self.sizes("output")))
        dense = inputs * outputs + outputs if self.bias else inputs * outputs
        yield dense.formula("a dense layer of the same shapes", "parameters")
        ratio = int(dense.value) / (int(product(*self.weight_factors).value) + self.biases)
        times = f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"
        yield Note(
            "A dense layer has a separate weight for every pair of an input and an output: "
            f"{times} times as many parameters."
        )


def _filters(count: int) -> str:
    return f"{count} filter{'' if count == 1 else 's'}"
