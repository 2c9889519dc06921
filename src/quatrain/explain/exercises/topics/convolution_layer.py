"""A drawn convolution for questions, as a sentence and as an explanation."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.explain.arithmetic.convolution import convolution
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.layers.windows import Windows
from quatrain.records import Explanation


@dataclass(frozen=True, slots=True)
class Layer:
    """The sizes of a convolution of an image; the kernel is square."""

    height: int
    width: int
    channels: int
    filters: int
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    groups: int = 1
    transposed: bool = False
    output_padding: int = 0

    @property
    def sizes(self) -> tuple[int, int]:
        """Height and width of the input."""
        return self.height, self.width

    @property
    def explanation(self) -> Explanation:
        """Shapes and counts with their formulas."""
        return convolution(
            (self.height, self.width, self.channels),
            filters=self.filters,
            kernel=self.kernel,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=self.groups,
            transposed=self.transposed,
            output_padding=self.output_padding,
        )

    @property
    def text(self) -> str:
        """Description of the layer in a sentence."""
        kind = "A transposed convolution" if self.transposed else "A convolution"
        settings = [f"a stride of {self.stride}"]
        settings += [f"a padding of {self.padding} on every side"] if self.padding else []
        settings += [f"a dilation of {self.dilation}"] if self.dilation > 1 else []
        settings += [f"{self.groups} groups"] if self.groups > 1 else []
        if self.output_padding:
            settings += [f"an output padding of {self.output_padding}"]
        return (
            f"{kind} reads an input of {self.height} x {self.width} x {self.channels} (height, "
            f"width, channels). It has {self.filters} filters with kernels of {self.kernel} x "
            f"{self.kernel}, {', '.join(settings)}, and a bias for each filter."
        )

    def rows(self, size: int) -> Windows:
        """Return the windows along an axis of `size`."""
        return Windows(
            size, self.kernel, self.stride, self.padding, self.padding, self.dilation, axis=""
        )


def plain_layer(draw: NumberStream) -> Layer:
    """Draw a layer with a stride."""
    size = draw.whole(20, 64)
    return Layer(
        size,
        size,
        draw.choice((3, 4, 6, 8)),
        draw.choice((10, 12, 16, 24)),
        draw.choice((3, 5)),
        stride=draw.choice((2, 3, 4)),
    )


def dilated_layer(draw: NumberStream) -> Layer:
    """Draw a layer with a stride, padding and dilation."""
    height = draw.whole(24, 60)
    return Layer(
        height,
        height + draw.whole(4, 20),
        draw.choice((3, 4, 6, 8)),
        draw.choice((10, 12, 16, 24)),
        draw.choice((3, 5)),
        stride=draw.choice((2, 3, 5)),
        padding=draw.choice((1, 2, 3)),
        dilation=draw.choice((2, 3)),
    )


def grouped_layer(draw: NumberStream) -> Layer:
    """Draw a layer with groups, a stride and dilation."""
    groups = draw.choice((2, 3, 4))
    height = draw.whole(16, 40)
    return Layer(
        height,
        height + draw.whole(2, 12),
        groups * draw.choice((2, 3, 4)),
        groups * draw.choice((3, 5, 6)),
        3,
        stride=draw.choice((2, 3, 4)),
        padding=draw.choice((0, 1, 2)),
        dilation=draw.choice((2, 3)),
        groups=groups,
    )


def transposed_layer(draw: NumberStream) -> Layer:
    """Draw a transposed layer."""
    height, stride = draw.whole(5, 16), draw.choice((2, 3, 4))
    return Layer(
        height,
        height + draw.whole(1, 6),
        draw.choice((8, 16, 24)),
        draw.choice((3, 4, 6)),
        draw.choice((3, 4, 5)),
        stride=stride,
        padding=draw.choice((1, 2)),
        transposed=True,
        output_padding=draw.whole(0, stride - 1),
    )
