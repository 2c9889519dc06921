"""Convolution in one and two dimensions: one small linear map, applied at every place.

In: feature maps, channels first, as PyTorch lays them out. Out: feature maps. As everywhere in
deep learning, the kernel is not flipped: strictly, this is a cross-correlation
(Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning").

The inputs under every window are written side by side into the columns of a matrix, and one
matrix product does the rest (Chellapilla, Puri and Simard 2006; "im2col"). The columns repeat
each input once per kernel position, so they are built for a few samples at a time, and built
again in the backward pass rather than stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar, NamedTuple, TypeAlias

import numpy as np

from quatrain.errors import SettingsError
from quatrain.layers.shapes import Array, require, require_like, require_same_type, whole
from quatrain.layers.windows import Padding, PerAxis, Windows, meetings, paddings, per_axis

_Index: TypeAlias = tuple[int | slice, ...]

_COLUMN_BYTES = 4 * 2**20
"""The columns built at a time, in bytes: fewer make many small products, more miss the cache."""


class ConvolutionGradients(NamedTuple):
    """The gradient of the loss with respect to what a convolution reads and holds.

    Attributes:
        inputs: shape of the inputs.
        weight: shape of the weight.
        bias: shape (filters,), or None for a layer without bias.
    """

    inputs: Array
    weight: Array
    bias: Array | None


@dataclass(frozen=True, slots=True)
class Convolution:
    """The shared part of `Conv1d` and `Conv2d`: everything but the names of the axes.

    With i running over the outputs, s the stride, d the dilation, p the padding before, and
    inputs outside their range taken as 0:

        value[b, f, i] = bias[f] + sum over c, k of weight[f, c, k] inputs[b, c, i s + k d - p]

    Filters and channels are split into `groups` of equal size; a filter reads the channels of
    its own group. The number of outputs along an axis is that of `Windows`.

    Attributes:
        weight: shape (filters, channels // groups, *kernel).
        bias: shape (filters,), or None.
        stride: steps from one window to the next, for all axes or one per axis.
        padding: zeros around the inputs: "valid" (none), "same" (as many outputs as inputs;
            only with a stride of 1, as in PyTorch), a number for all sides, or for each axis a
            number or a pair (before, after).
        dilation: steps from one kernel position to the next, for all axes or one per axis.
        groups: number of groups; it divides channels and filters.

    Raises:
        SettingsError: the shapes, types or settings do not agree.
    """

    axes: ClassVar[tuple[str, ...]]

    weight: Array
    bias: Array | None = None
    stride: PerAxis = 1
    padding: Padding = "valid"
    dilation: PerAxis = 1
    groups: int = 1

    def __post_init__(self) -> None:
        kernel = tuple((f"kernel {axis}", None) for axis in self.axes)
        require(
            self._name,
            "weight",
            self.weight,
            ("filters", None),
            ("channels / groups", None),
            *kernel,
        )
        if not self.weight.size:
            raise SettingsError(
                f"'weight' of the {self._name} layer",
                f"shape {self.weight.shape}",
                "at least 1 along every dimension",
                "Give at least one filter, one channel and one kernel position.",
            )
        whole(f"'groups' of the {self._name} layer", self.groups, 1)
        if self.filters % self.groups:
            raise SettingsError(
                f"'groups' of the {self._name} layer",
                f"{self.groups} groups for {self.filters} filters",
                "a number that divides the filters",
                "Change one of the two.",
            )
        if self.bias is not None:
            require(self._name, "bias", self.bias, ("filters", self.filters))
            require_same_type(self._name, weight=self.weight, bias=self.bias)
        self._settings()

    @property
    def _name(self) -> str:
        return type(self).__name__

    @property
    def filters(self) -> int:
        """Number of output channels."""
        return int(self.weight.shape[0])

    @property
    def channels(self) -> int:
        """Number of input channels."""
        return int(self.weight.shape[1]) * self.groups

    @property
    def kernel(self) -> tuple[int, ...]:
        """Kernel positions along each axis."""
        return tuple(self.weight.shape[2:])

    def windows(self, *sizes: int) -> tuple[Windows, ...]:
        """Return the windows of the kernel on inputs of `sizes`, one per axis.

        Raises:
            SettingsError: the kernel is wider than the padded input.
        """
        stride, padding, dilation = self._settings()
        return tuple(
            Windows(size, kernel, step, before, after, apart, axis=axis)
            for size, kernel, step, (before, after), apart, axis in zip(
                sizes, self.kernel, stride, padding, dilation, self.axes, strict=True
            )
        )

    def value(self, inputs: Array) -> Array:
        """Return the feature maps of `inputs`.

        Args:
            inputs: shape (batch, channels, *sizes).

        Returns:
            Shape (batch, filters, *outputs).

        Raises:
            SettingsError: the inputs do not fit the layer.
        """
        windows = self._checked(inputs)
        outputs = tuple(along.outputs for along in windows)
        weight = self.weight.reshape(self.groups, self.filters // self.groups, -1)
        value = np.empty((len(inputs), self.filters, *outputs), inputs.dtype)
        for block, columns in self._columns(inputs, windows):
            products = weight @ columns
            if self.bias is not None:
                products += self.bias.reshape(self.groups, -1, 1)
            value[block] = products.reshape(self.filters, -1, *outputs).swapaxes(0, 1)
        return value

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], ConvolutionGradients]]:
        """Return the feature maps and the backward function; see `value`.

        With g the gradient of the value, written as a matrix like the columns C, the weight's
        gradient is g C^T, and W^T g is that of the columns, added up where they overlap. The
        bias's is the sum of g over samples and places.
        """
        value = self.value(inputs)
        windows = self._checked(inputs)

        def backward(gradient_of_value: Array) -> ConvolutionGradients:
            """Return the gradients, given that of the value, shape (batch, filters, *outputs)."""
            require_like(self._name, "gradient_of_value", gradient_of_value, value)
            places = _places(windows)
            outputs = value.shape[2:]
            weight = self.weight.reshape(self.groups, self.filters // self.groups, -1)
            of_weight = np.zeros_like(weight)
            of_inputs = np.zeros_like(inputs)
            for block, columns in self._columns(inputs, windows):
                of_block_value = (
                    gradient_of_value[block].swapaxes(0, 1).reshape(*weight.shape[:2], -1)
                )
                of_weight += of_block_value @ columns.swapaxes(1, 2)
                # With one filter in each group, NumPy's matmul is slower than *.
                combine = np.multiply if weight.shape[1] == 1 else np.matmul
                of_columns = combine(weight.swapaxes(1, 2), of_block_value).reshape(
                    self.channels, *self.kernel, -1, *outputs
                )
                of_block = of_inputs[block].swapaxes(0, 1)
                for in_columns, in_block in places:
                    of_block[in_block] += of_columns[in_columns]
            everywhere = (0, *range(2, value.ndim))
            return ConvolutionGradients(
                of_inputs,
                of_weight.reshape(self.weight.shape),
                None if self.bias is None else gradient_of_value.sum(axis=everywhere),
            )

        return value, backward

    def _settings(
        self,
    ) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...], tuple[int, ...]]:
        """Return stride, padding and dilation along each axis."""
        stride = per_axis(self._name, "stride", self.stride, self.axes)
        dilation = per_axis(self._name, "dilation", self.dilation, self.axes)
        padding = paddings(self._name, self.padding, self.axes, self.kernel, stride, dilation)
        return stride, padding, dilation

    def _checked(self, inputs: Array) -> tuple[Windows, ...]:
        sizes = tuple((axis, None) for axis in self.axes)
        require(self._name, "inputs", inputs, ("batch", None), ("channels", self.channels), *sizes)
        require_same_type(self._name, inputs=inputs, weight=self.weight)
        return self.windows(*inputs.shape[2:])

    def _columns(
        self, inputs: Array, windows: tuple[Windows, ...]
    ) -> Iterator[tuple[slice, Array]]:
        """Yield the inputs under every window, a block of samples at a time.

        Yields:
            The samples, and a matrix for each group: a row for every channel and kernel
            position, a column for every sample and window, shape
            (groups, channels // groups * kernel, samples * outputs). The next block is
            written over this one.
        """
        outputs = tuple(along.outputs for along in windows)
        places = _places(windows)
        rows = self.channels * prod(self.kernel)
        samples = max(1, _COLUMN_BYTES // (rows * prod(outputs) * inputs.itemsize))
        columns = np.empty(0, inputs.dtype)
        for first in range(0, len(inputs), samples):
            block = slice(first, min(first + samples, len(inputs)))
            shape = (self.channels, *self.kernel, block.stop - first, *outputs)
            if columns.shape != shape:
                columns = np.zeros(shape, inputs.dtype)  # what meets padding stays 0
            of_block = inputs[block].swapaxes(0, 1)
            for in_columns, in_block in places:
                columns[in_columns] = of_block[in_block]
            yield block, columns.reshape(self.groups, rows // self.groups, -1)


def _places(windows: tuple[Windows, ...]) -> list[tuple[_Index, _Index]]:
    """Return, for each kernel position, its index in the columns and its index in the inputs.

    The columns are indexed as (channels, *kernel, samples, *outputs), the inputs as (channels,
    samples, *sizes).
    """
    every = slice(None)
    return [
        ((every, *position, every, *reached), (every, every, *met))
        for position, reached, met in meetings(windows)
    ]


@dataclass(frozen=True, slots=True)
class Conv1d(Convolution):
    """Convolution along one axis; see `Convolution` for the settings.

    Inputs (batch, channels, length), weight (filters, channels // groups, kernel), value
    (batch, filters, outputs).
    """

    axes: ClassVar[tuple[str, ...]] = ("length",)


@dataclass(frozen=True, slots=True)
class Conv2d(Convolution):
    """Convolution along two axes; see `Convolution` for the settings.

    Inputs (batch, channels, height, width), weight (filters, channels // groups, kernel height,
    kernel width), value (batch, filters, output height, output width).
    """

    axes: ClassVar[tuple[str, ...]] = ("height", "width")
