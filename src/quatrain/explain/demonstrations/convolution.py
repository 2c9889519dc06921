"""A convolution: a kernel that slides over an image, with every sum it makes.

The sums come from `layers.Conv2d`, the positions from `layers.windows`. The formulas are those of
`arithmetic.convolution` for a square image, in single letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.axes import join_words
from quatrain.explain.arithmetic.expression import Expression, Symbol, floor, product
from quatrain.explain.demonstrations.images import (
    IMAGES,
    INK,
    KERNELS,
    Pixels,
    as_grid,
    as_python,
    draw_image,
    fit_grid,
    make_kernel,
)
from quatrain.explain.demonstrations.state import State
from quatrain.layers import Conv2d
from quatrain.layers.windows import Windows
from quatrain.records import (
    Choice,
    Control,
    Demonstration,
    GridField,
    Json,
    Note,
    Part,
    Section,
    Slider,
)

TITLE = "Convolution"
LEAD = (
    "A small square of weights, the kernel, slides across an image. At each stop it multiplies "
    "the numbers it covers, adds the products, and writes down one sum."
)

_LARGEST_IMAGE, _LARGEST_KERNEL, _LARGEST_WEIGHT, _LARGEST_PADDING = 14, 5, 99, 3
_MOST_LISTED = 6
"""Rows and columns listed one by one in a sentence."""

CONTROLS: tuple[Control, ...] = (
    Slider("n", "image", "n", 1, _LARGEST_IMAGE, 1, 10),
    Slider("k", "kernel", "k", 1, _LARGEST_KERNEL, 1, 3),
    Slider("s", "stride", "s", 1, 5, 1, 2),
    Slider("p", "padding", "p", 0, _LARGEST_PADDING, 1, 0),
    Slider("d", "dilation", "d", 1, 3, 1, 1),
    Slider("f", "filters", "f", 1, 16, 1, 8),
    Slider("c", "channels", "c", 1, 4, 1, 1),
    Choice("image", "image of", (*IMAGES, ("own", "your own")), "letter"),
    Choice("kernel", "kernel that", (*KERNELS, ("own", "has your own weights")), "edges"),
    GridField("drawing", "your image", _LARGEST_IMAGE, _LARGEST_IMAGE, 0, INK, ()),
    GridField(
        "weights",
        "your kernel",
        _LARGEST_KERNEL,
        _LARGEST_KERNEL,
        -_LARGEST_WEIGHT,
        _LARGEST_WEIGHT,
        (),
    ),
)

GRID = {
    "n": tuple(range(1, _LARGEST_IMAGE + 1)),
    "k": (1, 2, 3, 5),
    "s": (1, 2, 3),
    "p": (0, 1, 2),
    "d": (1, 2),
    "kernel": ("edges", "outlines", "sum"),
}


def demonstrate(state: State) -> Demonstration:
    """Return the image, the kernel, every sum, and what no window sees."""
    shown = _Convolution.of(state)
    return Demonstration(
        topic="convolution",
        title=TITLE,
        lead=LEAD,
        controls=CONTROLS,
        state=dict(state),
        problem=shown.problem,
        data=shown.data,
        sections=tuple(shown.sections()),
        python=shown.python,
        exercise=("convolution", 2 if shown.dilation > 1 or shown.padding else 1),
        summary=shown.summary,
    )


@dataclass(frozen=True)
class _Convolution:
    """One state of the experiment: an image, a kernel, and the sizes that sliders have.

    Attributes:
        image: shape (size, size).
        weights: shape (kernel, kernel).
    """

    image: Pixels
    weights: Pixels
    stride: int
    padding: int
    dilation: int
    filters: int
    channels: int

    @classmethod
    def of(cls, state: State) -> _Convolution:
        size, kernel = state.whole("n"), state.whole("k")
        image, weights = state.text("image"), state.text("kernel")
        return cls(
            fit_grid(state.grid("drawing"), size) if image == "own" else draw_image(image, size),
            fit_grid(state.grid("weights"), kernel)
            if weights == "own"
            else make_kernel(weights, kernel),
            state.whole("s"),
            state.whole("p"),
            state.whole("d"),
            state.whole("f"),
            state.whole("c"),
        )

    @property
    def size(self) -> int:
        return len(self.image)

    @property
    def kernel(self) -> int:
        return len(self.weights)

    @property
    def extent(self) -> int:
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        return self.size + 2 * self.padding

    @cached_property
    def windows(self) -> Windows | None:
        """Windows along one axis; None if the kernel does not fit."""
        return _windows(self.size, self.kernel, self.stride, self.padding, self.dilation)

    @property
    def outputs(self) -> int:
        return self.windows.outputs if self.windows else 0

    @cached_property
    def sums(self) -> Pixels:
        """Sums of one channel, shape (outputs, outputs)."""
        if self.windows is None:
            return np.zeros((0, 0), np.int64)
        layer = Conv2d(
            self.weights[None, None].astype(np.float64),
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
        )
        value = layer.value(self.image[None, None].astype(np.float64))[0, 0]
        sums: Pixels = np.rint(value).astype(np.int64)
        return sums

    @property
    def unseen(self) -> tuple[int, ...]:
        """Rows, and likewise columns, that no window covers, from 0."""
        return self.windows.unseen if self.windows else tuple(range(self.size))

    @property
    def unseen_pixels(self) -> int:
        return self.size**2 - (self.size - len(self.unseen)) ** 2

    @property
    def problem(self) -> str:
        if self.windows is not None:
            return ""
        wide = f"{self.kernel} wide"
        if self.dilation > 1 and self.kernel > 1:
            wide = f"{self.kernel} wide, dilated to {self.extent},"
        image = f"the image {self.size}"
        if self.padding:
            image = f"the padded image {self.padded}"
        largest = (self.padded - 1) // self.dilation + 1
        enough = -(-(self.extent - self.size) // 2)
        return (
            f"The kernel is {wide} and {image}: it does not fit. Use a kernel of at most "
            f"{largest}, or a padding of at least {enough}."
        )

    @property
    def counts(self) -> dict[str, int]:
        weights = self.filters * self.kernel**2 * self.channels
        return {
            "weights": weights,
            "biases": self.filters,
            "parameters": weights + self.filters,
            "multiplications": self.outputs**2 * weights,
        }

    @property
    def data(self) -> dict[str, Json]:
        """Numbers to draw; positions count from 0, those of windows in the padded image."""
        return {
            "image": as_grid(self.image),
            "padded": as_grid(np.pad(self.image, self.padding)),
            "kernel": as_grid(self.weights),
            "sums": as_grid(self.sums),
            "output": as_grid(self.channels * self.sums),
            "starts": [index * self.stride for index in range(self.outputs)],
            "offsets": [index * self.dilation for index in range(self.kernel)],
            "extent": self.extent,
            "unseen": {
                "positions": self.unseen,
                "count": self.unseen_pixels,
                "of": self.size**2,
                "remedy": self.remedy,
            },
            **self.counts,
        }

    @cached_property
    def remedy(self) -> str:
        """The smallest change after which every pixel is seen, or an empty text."""
        if self.windows is None or not self.unseen:
            return ""
        them = "it" if self.unseen_pixels == 1 else "them"
        for change in range(1, max(self.stride, _LARGEST_PADDING + 1)):
            more, less = self.padding + change, self.stride - change
            if more <= _LARGEST_PADDING and self._sees_all(self.stride, more):
                return f"A padding of {more} would reach {them}."
            if less >= 1 and self._sees_all(less, self.padding):
                return f"A stride of {less} would reach {them}."
        return (
            f"No padding up to {_LARGEST_PADDING} and no smaller stride alone would reach {them}."
        )

    def _sees_all(self, stride: int, padding: int) -> bool:
        windows = _windows(self.size, self.kernel, stride, padding, self.dilation)
        return windows is not None and not windows.unseen

    @property
    def summary(self) -> str:
        layer = (
            f"A {self.kernel} by {self.kernel} kernel on a {self.size} by {self.size} image, "
            f"stride {self.stride}, padding {self.padding}"
        )
        layer += f", dilation {self.dilation}" if self.dilation > 1 else ""
        counts = f"{self.counts['parameters']:,} parameters"
        if self.windows is None:
            return f"{layer}: no output, {counts}."
        return (
            f"{layer}: output {self.outputs} by {self.outputs} by {self.filters}, {counts}, "
            f"{self.counts['multiplications']:,} multiplications, {self.unseen_pixels} of "
            f"{self.size**2} pixels never seen."
        )

    @property
    def python(self) -> str:
        settings = f"stride={self.stride}, padding={self.padding}, dilation={self.dilation}"
        shape = (self.size, self.size, self.channels)
        return f"""\
import numpy as np
import quatrain

image = np.array({as_python(self.image)})
kernel = np.array({as_python(self.weights)})

# Shapes: (batch, channels, height, width) and (filters, channels, height, width).
inputs = np.array([[image] * {self.channels}], dtype=float)
weight = np.array([[kernel] * {self.channels}], dtype=float)
layer = quatrain.layers.Conv2d(weight, {settings})
output, backward = layer.forward(inputs)
print(output[0, 0])

explanation = quatrain.explain.convolution(
    {shape}, filters={self.filters}, kernel={self.kernel}, {settings}
)
print(explanation["total"], "parameters")
"""

    def sections(self) -> Iterator[Section]:
        yield Section("Shape of the output", tuple(self._shape()))
        yield Section("Pixels never seen", (Note(self._never_seen()),))
        yield Section("Parameters", tuple(self._parameters()))
        yield Section("Multiplications", tuple(self._multiplications()))

    def _shape(self) -> Iterator[Part]:
        if self.windows is None:
            yield Note(self.problem)
            return
        n, k, s, p, d = (
            Symbol(letter, number, letter)
            for letter, number in (
                ("n", self.size),
                ("k", self.kernel),
                ("s", self.stride),
                ("p", self.padding),
                ("d", self.dilation),
            )
        )
        extent: Expression = k if self.dilation == 1 else d * (k - 1) + 1
        yield (floor((n + 2 * p - extent) / s) + 1).formula("out")
        o, f = self.outputs, self.filters
        maps = "One map" if f == 1 else f"{f} maps, one for each filter"
        yield Note(f"{maps}: {o} x {o} x {f}.")

    def _never_seen(self) -> str:
        if self.windows is None:
            return "The window does not fit, so none is seen."
        pixels = self.size**2
        room = self.padded - self.extent
        left = room % self.stride
        if not self.unseen:
            text = f"None: each of the {pixels} pixels lies under the window at some stop."
            if pixels == 1:
                text = "None: the only pixel lies under the window."
            return text + (" What the floor drops is only padding." if left else "")
        tail = self.unseen[0] == self.size - len(self.unseen)
        if tail and left:
            lines = len(self.unseen)
            where = (
                "The last row and column" if lines == 1 else f"The last {lines} rows and columns"
            )
            reason = (
                f"From one edge to the other the window can move {room} and moves by "
                f"{self.stride}; {left} {'is' if left == 1 else 'are'} left over, and the floor "
                f"drops {'it' if left == 1 else 'them'}."
            )
        else:
            where = f"Rows and columns {_listed(self.unseen)}, counting from 0"
            if len(self.unseen) == 1:
                where = f"Row and column {self.unseen[0]}, counting from 0"
            reason = f"Windows of {self.kernel} that start {self.stride} apart step over them."
            if self.dilation > 1:
                reason = (
                    f"Windows that start {self.stride} apart, and read {self.kernel} pixels that "
                    f"are {self.dilation} apart, step over them."
                )
        return f"{where}: {self.unseen_pixels} of {pixels}. {reason} {self.remedy}"

    def _parameters(self) -> Iterator[Part]:
        f, k, c = self._factors
        yield (product(f, k, k, c) + f).formula("parameters")
        counts = self.counts
        weights = "1 weight" if counts["weights"] == 1 else f"{counts['weights']:,} weights"
        biases = "1 bias" if counts["biases"] == 1 else f"{counts['biases']} biases"
        yield Note(f"{weights} and {biases}. The size of the image plays no part.")
        if self.channels > 1:
            yield Note(
                f"Each filter reads all {self.channels} channels and adds them up. Here every "
                "channel holds the same grey image and the same kernel, so each sum is "
                f"{self.channels} times that of one channel."
            )

    def _multiplications(self) -> Iterator[Part]:
        if self.windows is None:
            yield Note("None: there is no stop.")
            return
        f, k, c = self._factors
        out = Symbol("out", self.outputs)
        yield product(out, out, f, k, k, c).formula("multiplications")
        note = "For one image."
        if self.padding:
            note += " Those by the zeros of the padding count too."
        yield Note(note)

    @property
    def _factors(self) -> tuple[Symbol, Symbol, Symbol]:
        return (
            Symbol("f", self.filters, "f"),
            Symbol("k", self.kernel, "k"),
            Symbol("c", self.channels, "c"),
        )


def _windows(size: int, kernel: int, stride: int, padding: int, dilation: int) -> Windows | None:
    try:
        return Windows(size, kernel, stride, padding, padding, dilation)
    except SettingsError:  # the kernel is wider than the padded image
        return None


def _listed(positions: tuple[int, ...]) -> str:
    if len(positions) <= _MOST_LISTED:
        return join_words(list(map(str, positions)))
    return f"{', '.join(map(str, positions[: _MOST_LISTED - 1]))}, ... and {positions[-1]}"
