"""Pooling: the maximum or the mean of neighbouring numbers.

In: feature maps, channels first, as `convolution` gives them. Out: smaller ones. The gradient
goes whole to the place of the maximum, or is spread evenly over the window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from typing import ClassVar

import numpy as np

from quatrain.errors import SettingsError
from quatrain.layers.shapes import Array, require, require_like
from quatrain.layers.windows import Padding, PerAxis, Windows, meetings, paddings, per_axis


@dataclass(frozen=True, slots=True)
class Pooling:
    """The shared part of all pooling over windows.

    Each channel is pooled by itself. The number of outputs along an axis is that of `Windows`.

    Attributes:
        window: positions of a window, for all axes or one per axis.
        stride: steps from one window to the next; by default the window, so that windows
            neither overlap nor leave gaps.
        padding: around the inputs, smaller than the window, so that every window meets the
            input: "valid" (none), "same" (only with a stride of 1), a number for all sides, or
            for each axis a number or a pair (before, after).
        ceil_mode: whether to round up, with a partial last window that begins before the end.

    Raises:
        SettingsError: a number is too small or not whole, or the padding as wide as the window.
    """

    axes: ClassVar[tuple[str, ...]]

    window: PerAxis
    stride: PerAxis | None = None
    padding: Padding = "valid"
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        window, _, padding = self._settings()
        for axis, width, pair in zip(self.axes, window, padding, strict=True):
            if max(pair) >= width:
                raise SettingsError(
                    f"'padding' of the {self._name} layer along the {axis}",
                    f"{max(pair)} beside a window of {width}",
                    f"at most {width - 1}, so that every window meets the input",
                    "Take less padding or a larger window.",
                )

    def windows(self, *sizes: int) -> tuple[Windows, ...]:
        """Return the windows on inputs of `sizes`, one per axis.

        Raises:
            SettingsError: the window is wider than the padded input.
        """
        window, stride, padding = self._settings()
        return tuple(
            Windows(size, width, step, before, after, ceil_mode=self.ceil_mode, axis=axis)
            for size, width, step, (before, after), axis in zip(
                sizes, window, stride, padding, self.axes, strict=True
            )
        )

    @property
    def _name(self) -> str:
        return type(self).__name__

    def _settings(
        self,
    ) -> tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[int, int], ...]]:
        """Return window, stride and padding along each axis."""
        window = per_axis(self._name, "window", self.window, self.axes)
        stride = per_axis(
            self._name, "stride", window if self.stride is None else self.stride, self.axes
        )
        dilation = (1,) * len(window)
        padding = paddings(self._name, self.padding, self.axes, window, stride, dilation)
        return window, stride, padding

    def _checked(self, inputs: Array) -> tuple[Windows, ...]:
        sizes = tuple((axis, None) for axis in self.axes)
        require(self._name, "inputs", inputs, ("batch", None), ("channels", None), *sizes)
        return self.windows(*inputs.shape[2:])


@dataclass(frozen=True, slots=True)
class MaxPooling(Pooling):
    """The maximum of each window; see `Pooling` for the settings.

    Padding is minus infinity, and so never the maximum.
    """

    def value(self, inputs: Array) -> Array:
        """Return (batch, channels, *outputs) for inputs of shape (batch, channels, *sizes).

        Raises:
            SettingsError: the inputs do not fit the layer.
        """
        return _along_each_axis(inputs, self._checked(inputs), np.maximum, -np.inf)

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], Array]]:
        """Return the value and the backward function; see `value`.

        The gradient goes to the place of the maximum; if several are equal, to the first in
        row-major order of the window, as in PyTorch. A window with a NaN has no maximum; its
        gradient goes to its first position. Gradients must be finite: an infinite one leaves
        NaN in the rest of its window.
        """
        value = self.value(inputs)
        windows = self._checked(inputs)

        def backward(gradient_of_value: Array) -> Array:
            """Return the gradient of the inputs, given that of the value, of the value's shape."""
            require_like(self._name, "gradient_of_value", gradient_of_value, value)
            of_inputs = np.zeros_like(inputs)
            sought = np.ones(value.shape, bool)
            every = slice(None)
            for _, reached, met in meetings(windows):
                outputs, places = (every, every, *reached), (every, every, *met)
                # Still sought, and not smaller than the maximum: here it is.
                matches = sought[outputs] > (inputs[places] < value[outputs])
                sought[outputs] ^= matches
                # A product, because np.where and masked sums are slower.
                of_inputs[places] += matches * gradient_of_value[outputs]
            return of_inputs

        return value, backward


@dataclass(frozen=True, slots=True)
class AveragePooling(Pooling):
    """The mean of each window; see `Pooling` for the other settings.

    Attributes:
        count_padding: whether padding counts as zeros (the default, as in PyTorch) or the mean is
            over the inputs only. Positions beyond the padding never count.
    """

    count_padding: bool = True

    def value(self, inputs: Array) -> Array:
        """Return (batch, channels, *outputs) for inputs of shape (batch, channels, *sizes).

        Raises:
            SettingsError: the inputs do not fit the layer.
        """
        windows = self._checked(inputs)
        sums = _along_each_axis(inputs, windows, np.add, 0)
        sums /= self._counts(inputs, windows)
        return sums

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], Array]]:
        """Return the value and the backward function; see `value`.

        Each input has an equal share in the mean, and gets an equal share of the gradient.
        """
        value = self.value(inputs)
        windows = self._checked(inputs)

        def backward(gradient_of_value: Array) -> Array:
            """Return the gradient of the inputs, given that of the value, of the value's shape."""
            require_like(self._name, "gradient_of_value", gradient_of_value, value)
            shares: Array = gradient_of_value / self._counts(inputs, windows)
            for axis in reversed(range(len(windows))):
                along = windows[axis]
                spread = np.zeros(
                    (*shares.shape[: axis + 2], along.size, *shares.shape[axis + 3 :]), shares.dtype
                )
                for position in range(along.kernel):
                    reached, met = along.meeting(position)
                    spread[_at(axis, met)] += shares[_at(axis, reached)]
                shares = spread
            return shares

        return value, backward

    def _counts(self, inputs: Array, windows: Sequence[Windows]) -> Array:
        """Return how many numbers the mean of each window is over, shape (*outputs,)."""
        along_each = [along.counts(self.count_padding) for along in windows]
        return reduce(np.multiply.outer, along_each).astype(inputs.dtype)


@dataclass(frozen=True, slots=True)
class MaxPool1d(MaxPooling):
    """Max pooling along one axis: inputs (batch, channels, length)."""

    axes: ClassVar[tuple[str, ...]] = ("length",)


@dataclass(frozen=True, slots=True)
class MaxPool2d(MaxPooling):
    """Max pooling along two axes: inputs (batch, channels, height, width)."""

    axes: ClassVar[tuple[str, ...]] = ("height", "width")


@dataclass(frozen=True, slots=True)
class AveragePool1d(AveragePooling):
    """Average pooling along one axis: inputs (batch, channels, length)."""

    axes: ClassVar[tuple[str, ...]] = ("length",)


@dataclass(frozen=True, slots=True)
class AveragePool2d(AveragePooling):
    """Average pooling along two axes: inputs (batch, channels, height, width)."""

    axes: ClassVar[tuple[str, ...]] = ("height", "width")


@dataclass(frozen=True, slots=True)
class GlobalMaxPool:
    """The maximum of each channel over all places; over time, if there is one axis.

    The strongest response of a kernel in a word or a line of any length (Collobert et al. 2011,
    "Natural language processing (almost) from scratch", section 3.2.2).
    """

    def value(self, inputs: Array) -> Array:
        """Return (batch, channels) for inputs of shape (batch, channels, *sizes).

        Raises:
            SettingsError: the inputs have no axis to pool over, or one of size 0.
        """
        value: Array = _flat("GlobalMaxPool", inputs).max(axis=-1)
        return value

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], Array]]:
        """Return the value and the backward function; see `value`.

        The gradient goes to the maximum; if several are equal, to the first in row-major order.
        """
        flat = _flat("GlobalMaxPool", inputs)
        places = flat.argmax(axis=-1, keepdims=True)
        value = np.take_along_axis(flat, places, axis=-1)[..., 0]

        def backward(gradient_of_value: Array) -> Array:
            """Return the gradient of the inputs, given that of the value, (batch, channels)."""
            require_like("GlobalMaxPool", "gradient_of_value", gradient_of_value, value)
            of_inputs = np.zeros_like(flat)
            np.put_along_axis(of_inputs, places, gradient_of_value[..., None], axis=-1)
            return of_inputs.reshape(inputs.shape)

        return value, backward


@dataclass(frozen=True, slots=True)
class GlobalAveragePool:
    """The mean of each channel over all places; over time, if there is one axis.

    Lin, Chen and Yan 2014, "Network in network", section 3.2.
    """

    def value(self, inputs: Array) -> Array:
        """Return (batch, channels) for inputs of shape (batch, channels, *sizes).

        Raises:
            SettingsError: the inputs have no axis to pool over, or one of size 0.
        """
        value: Array = _flat("GlobalAveragePool", inputs).mean(axis=-1)
        return value

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], Array]]:
        """Return the value and the backward function; see `value`.

        Each place gets an equal share of the gradient.
        """
        value = self.value(inputs)
        places = prod(inputs.shape[2:])

        def backward(gradient_of_value: Array) -> Array:
            """Return the gradient of the inputs, given that of the value, (batch, channels)."""
            require_like("GlobalAveragePool", "gradient_of_value", gradient_of_value, value)
            of_inputs = np.empty_like(inputs)
            of_inputs[...] = (gradient_of_value / places).reshape(
                *value.shape, *(1,) * (inputs.ndim - 2)
            )
            return of_inputs

        return value, backward


def _along_each_axis(
    inputs: Array, windows: Sequence[Windows], combine: np.ufunc, nothing: float
) -> Array:
    """Combine the numbers of each window, one axis after the other, starting from `nothing`.

    The maximum over a window is that of its rows' maxima, and so with sums: h + w steps for a
    window of h x w, rather than h w.
    """
    for axis, along in enumerate(windows):
        shape = (*inputs.shape[: axis + 2], along.outputs, *inputs.shape[axis + 3 :])
        combined = np.full(shape, nothing, inputs.dtype)
        for position in range(along.kernel):
            reached, met = along.meeting(position)
            outputs = combined[_at(axis, reached)]
            combine(outputs, inputs[_at(axis, met)], out=outputs)
        inputs = combined
    return inputs


def _at(axis: int, places: slice) -> tuple[slice, ...]:
    """Return the index of `places` along axis number `axis` after batch and channels."""
    return (*(slice(None),) * (axis + 2), places)


def _flat(layer: str, inputs: Array) -> Array:
    """Return `inputs` with all places along one axis, (batch, channels, places)."""
    sizes = [(f"axis {number}", None) for number in range(1, max(2, inputs.ndim - 1))]
    require(layer, "inputs", inputs, ("batch", None), ("channels", None), *sizes)
    if 0 in inputs.shape[2:]:
        raise SettingsError(
            f"'inputs' of the {layer} layer",
            f"shape {inputs.shape}",
            "at least one place along each axis after batch and channels",
            "Give inputs that are not empty.",
        )
    return inputs.reshape(*inputs.shape[:2], prod(inputs.shape[2:]))
