"""The windows of a kernel along one axis: how many there are, and what each covers.

In: the settings of a convolution or a pooling along one axis. Out: the number of outputs, and
for each position in the kernel the inputs it meets. `convolution` and `pooling` compute
with these slices, so that neither copies its inputs to pad them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import SettingsError
from quatrain.layers.shapes import whole

PerAxis: TypeAlias = int | Sequence[int]
Padding: TypeAlias = Literal["valid", "same"] | int | Sequence[int | tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of `kernel` positions along an axis of `size`, every `stride` steps.

    With p = before + size + after and e = extent = dilation * (kernel - 1) + 1:

        outputs = floor((p - e) / stride) + 1

    In `ceil_mode` the quotient is rounded up, so that the last window may be partial; it must
    still begin inside the input or the padding before it (PyTorch's rule; the windows it
    drops would cover padding only).

    Attributes:
        size: positions of the input.
        kernel: positions of a window.
        stride: steps from one window to the next.
        before: padding in front of the input.
        after: padding behind the input.
        dilation: steps from one position of a window to the next.
        ceil_mode: whether to round up, with a partial last window.
        axis: the axis's name, for messages; "" if there is only one.

    Raises:
        SettingsError: a number is too small or not whole, or a window is wider than the input
            with its padding (PyTorch would allow that in ceil mode).
    """

    size: int
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    ceil_mode: bool = False
    axis: str = ""

    def __post_init__(self) -> None:
        for name, least in (
            ("size", 1),
            ("kernel", 1),
            ("stride", 1),
            ("before", 0),
            ("after", 0),
            ("dilation", 1),
        ):
            whole(f"{name!r}{self._along}", getattr(self, name), least)
        if self.padded < self.extent:
            raise SettingsError(
                f"the windows{self._along}",
                f"a kernel of {self.kernel}"
                + (f", dilated to {self.extent}" if self.dilation > 1 else ""),
                f"at most {self.padded}, the input of {self.size} with padding of "
                f"{self.before} before and {self.after} after",
                "Take a smaller kernel, more padding or a larger input.",
            )

    @property
    def _along(self) -> str:
        return f" along the {self.axis}" if self.axis else ""

    @property
    def extent(self) -> int:
        """Positions from the first to the last that a window covers."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        """Positions of the input with its padding."""
        return self.before + self.size + self.after

    @property
    def outputs(self) -> int:
        """Number of windows."""
        free = self.padded - self.extent
        if not self.ceil_mode:
            return free // self.stride + 1
        steps = -(-free // self.stride)
        return steps if steps * self.stride >= self.before + self.size else steps + 1

    @property
    def unseen(self) -> tuple[int, ...]:
        """Positions of the input that no window covers."""
        seen = np.zeros(self.size, bool)
        for position in range(self.kernel):
            seen[self.meeting(position)[1]] = True
        return tuple(np.flatnonzero(~seen).tolist())

    def meeting(self, position: int) -> tuple[slice, slice]:
        """Return the places at which `position` of the kernel meets the input, not padding.

        Returns:
            The outputs whose window meets the input there, and the inputs they meet: two
            slices of equal length.
        """
        start = position * self.dilation - self.before
        first = max(0, -(start // self.stride))
        end = min(self.outputs, (self.size - 1 - start) // self.stride + 1)
        if end <= first:
            return slice(0, 0), slice(0, 0)
        begin = start + first * self.stride
        return slice(first, end), slice(begin, start + (end - 1) * self.stride + 1, self.stride)

    def counts(self, padding: bool) -> NDArray[np.intp]:
        """Return the number of positions under each window of dilation 1, shape (outputs,).

        Args:
            padding: whether padding counts. Positions beyond the padding never do.
        """
        starts = np.arange(self.outputs) * self.stride - self.before
        lowest, highest = (-self.before, self.size + self.after) if padding else (0, self.size)
        counts: NDArray[np.intp] = np.minimum(starts + self.kernel, highest)
        return counts - np.maximum(starts, lowest)


def meetings(
    windows: Sequence[Windows],
) -> Iterator[tuple[tuple[int, ...], tuple[slice, ...], tuple[slice, ...]]]:
    """Yield `Windows.meeting` along several axes at once.

    Yields:
        For each position of the kernel, in row-major order: the position, the outputs whose
        window meets the input there, and the inputs met, each with an entry per axis.
    """
    for position in product(*(range(along.kernel) for along in windows)):
        pairs = [along.meeting(place) for along, place in zip(windows, position, strict=True)]
        yield position, tuple(outputs for outputs, _ in pairs), tuple(met for _, met in pairs)


def per_axis(layer: str, name: str, setting: PerAxis, axes: Sequence[str]) -> tuple[int, ...]:
    """Return a setting of at least 1 for each of `axes`, from one number for all or one each.

    Raises:
        SettingsError: there are more or fewer numbers than axes, or one is below 1.
    """
    numbers = _one_each(layer, name, setting, axes, "one whole number, or one per axis")
    return tuple(
        whole(f"{name!r} of the {layer} layer along the {axis}", number, 1)
        for axis, number in zip(axes, numbers, strict=True)
    )


def paddings(
    layer: str,
    padding: Padding,
    axes: Sequence[str],
    kernel: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
) -> tuple[tuple[int, int], ...]:
    """Return the padding (before, after) for each of `axes`.

    "valid" pads nothing. "same" gives as many outputs as inputs, as PyTorch does: with an odd
    total the larger part comes after, and only a stride of 1 is allowed, since with another
    the two cannot be equal.

    Raises:
        SettingsError: the padding is none of these, is negative, or is "same" with a stride.
    """
    if isinstance(padding, str):
        if padding == "valid":
            return tuple((0, 0) for _ in axes)
        if padding != "same":
            raise SettingsError(f"'padding' of the {layer} layer", f"{padding!r}", *_PADDING_FORMS)
        if any(step != 1 for step in stride):
            raise SettingsError(
                f"'padding' of the {layer} layer",
                f"'same' with a stride of {' x '.join(map(str, stride))}",
                "a stride of 1: with another there are fewer outputs than inputs",
                "Give the padding as numbers.",
            )
        totals = [apart * (width - 1) for width, apart in zip(kernel, dilation, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    pairs = []
    for axis, pad in zip(
        axes, _one_each(layer, "padding", padding, axes, _PADDING_FORMS[0]), strict=True
    ):
        both = (pad, pad) if not isinstance(pad, Sequence) else tuple(pad)
        if len(both) != 2:
            raise SettingsError(
                f"'padding' of the {layer} layer along the {axis}", f"{pad!r}", *_PADDING_FORMS
            )
        where = f"'padding' of the {layer} layer along the {axis}"
        pairs.append((whole(where, both[0], 0), whole(where, both[1], 0)))
    return tuple(pairs)


_PADDING_FORMS = (
    "'valid', 'same', one whole number, or for each axis a number or a pair (before, after)",
    "Give the padding in one of these forms.",
)


def _one_each(
    layer: str, name: str, setting: Any, axes: Sequence[str], expected: str
) -> tuple[Any, ...]:
    if not isinstance(setting, Sequence):
        return (setting,) * len(axes)
    if len(setting) != len(axes):
        raise SettingsError(
            f"{name!r} of the {layer} layer",
            f"{setting!r}, {len(setting)} for {len(axes)} {'axis' if len(axes) == 1 else 'axes'}",
            expected,
            "Give one number per axis.",
        )
    return tuple(setting)
