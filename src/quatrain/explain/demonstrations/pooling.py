"""Pooling: an image, the same image moved, and what the maximum and the mean of windows keep of it.

Both poolings and their gradients come from `layers.MaxPool2d` and `layers.AveragePool2d`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.expression import Symbol, floor, wrap
from quatrain.explain.demonstrations.images import (
    IMAGES,
    INK,
    Pixels,
    as_grid,
    draw_image,
    fit_grid,
)
from quatrain.explain.demonstrations.state import State
from quatrain.layers import AveragePool2d, MaxPool2d
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

TITLE = "Pooling"
LEAD = (
    "Of each window of the image one number remains: the largest, or the mean. Move the image, and "
    "see which numbers stay and where the gradient goes."
)

_LARGEST_IMAGE, _LARGEST_WINDOW, _FARTHEST = 12, 6, 4

CONTROLS: tuple[Control, ...] = (
    Slider("n", "image", "n", 1, _LARGEST_IMAGE, 1, 8),
    Slider("k", "window", "k", 1, _LARGEST_WINDOW, 1, 2),
    Slider("s", "stride", "s", 1, _LARGEST_WINDOW, 1, 2),
    Slider("right", "moved right by", "", -_FARTHEST, _FARTHEST, 1, 0),
    Slider("down", "moved down by", "", -_FARTHEST, _FARTHEST, 1, 0),
    Choice("image", "image of", (*IMAGES, ("own", "your own")), "letter"),
    GridField("drawing", "your image", _LARGEST_IMAGE, _LARGEST_IMAGE, 0, INK, ()),
)

GRID = {
    "n": (4, 6, 8, 10),
    "k": (1, 2, 3, 4),
    "s": (1, 2, 3),
    "right": (-2, -1, 0, 1, 2),
    "down": (-1, 0, 1),
    "image": ("letter", "edge", "point"),
}

_Reals: TypeAlias = NDArray[np.float64]


def demonstrate(state: State) -> Demonstration:
    """Return both poolings of an image, of the image moved, and their gradients."""
    shown = _Pooled.of(state)
    return Demonstration(
        topic="pooling",
        title=TITLE,
        lead=LEAD,
        controls=CONTROLS,
        state=dict(state),
        problem=shown.problem,
        data=shown.data,
        sections=tuple(shown.sections()),
        python=shown.python,
        exercise=("pooling", 1),
        summary=shown.summary,
    )


@dataclass(frozen=True)
class _Pooled:
    """One state of the experiment.

    Attributes:
        image: as it was drawn, shape (size, size).
        window, stride: of both poolings.
        right, down: pixels that the image is moved by; what leaves it is lost, zeros come in.
    """

    image: Pixels
    window: int
    stride: int
    right: int
    down: int

    @classmethod
    def of(cls, state: State) -> _Pooled:
        size, kind = state.whole("n"), state.text("image")
        own = kind == "own"
        return cls(
            fit_grid(state.grid("drawing"), size) if own else draw_image(kind, size),
            *(state.whole(name) for name in ("k", "s", "right", "down")),
        )

    @property
    def size(self) -> int:
        return len(self.image)

    @cached_property
    def moved(self) -> Pixels:
        """The image after it was moved, shape (size, size)."""
        reach = abs(self.right) + abs(self.down)
        wide = np.pad(self.image, reach)
        top, left = reach - self.down, reach - self.right
        return wide[top : top + self.size, left : left + self.size]

    @cached_property
    def windows(self) -> Windows | None:
        """Windows along one axis; None if the window does not fit."""
        try:
            return Windows(self.size, self.window, self.stride)
        except SettingsError:
            return None

    @property
    def outputs(self) -> int:
        return self.windows.outputs if self.windows else 0

    @cached_property
    def poolings(self) -> dict[str, _Outcome]:
        """Both poolings by name; empty if the window does not fit."""
        if self.windows is None:
            return {}
        layers: dict[str, MaxPool2d | AveragePool2d] = {
            "maximum": MaxPool2d(self.window, self.stride),
            "average": AveragePool2d(self.window, self.stride),
        }
        outcomes = {}
        for name, layer in layers.items():
            before = layer.value(_batch(self.image))
            value, backward = layer.forward(_batch(self.moved))
            gradient = backward(np.ones_like(value))
            outcomes[name] = _Outcome(before[0, 0], value[0, 0], gradient[0, 0])
        return outcomes

    @property
    def problem(self) -> str:
        if self.windows is not None:
            return ""
        return (
            f"The window is {self.window} wide and the image {self.size}: it does not fit. Use a "
            f"window of at most {self.size}, or a larger image."
        )

    @property
    def data(self) -> dict[str, Json]:
        """Numbers to draw; positions count from 0."""
        unseen = self.windows.unseen if self.windows else tuple(range(self.size))
        return {
            "image": as_grid(self.image),
            "moved": as_grid(self.moved),
            "starts": [index * self.stride for index in range(self.outputs)],
            "unseen": unseen,
            **{name: outcome.data for name, outcome in self.poolings.items()},
        }

    @property
    def movement(self) -> str:
        """Where the image was moved to, in words; empty if it wasn't."""
        ways = (
            (self.right, "right", "left"),
            (self.down, "down", "up"),
        )
        return " and ".join(
            f"{abs(steps)} {ahead if steps > 0 else back}" for steps, ahead, back in ways if steps
        )

    @property
    def summary(self) -> str:
        layer = (
            f"Pooling with a window of {self.window} by {self.window} and a stride of "
            f"{self.stride} on a {self.size} by {self.size} image"
        )
        if self.windows is None:
            return f"{layer}: no output."
        text = f"{layer}: output {self.outputs} by {self.outputs}"
        if not self.movement:
            return f"{text}."
        of = self.outputs**2
        kept = {name: outcome.kept for name, outcome in self.poolings.items()}
        return (
            f"{text}; moved {self.movement}, {kept['maximum']} of {of} maxima and "
            f"{kept['average']} of {of} means stay as they were."
        )

    @property
    def python(self) -> str:
        rows = "\n".join(f"    {row}," for row in self.moved.tolist())
        return f"""\
import numpy as np
import quatrain

image = np.array([
{rows}
], dtype=float)
inputs = image[None, None]  # (batch, channels, height, width)

for layer in (
    quatrain.layers.MaxPool2d({self.window}, {self.stride}),
    quatrain.layers.AveragePool2d({self.window}, {self.stride}),
):
    output, backward = layer.forward(inputs)
    print(output[0, 0])
    print(backward(np.ones_like(output))[0, 0])
"""

    def sections(self) -> Iterator[Section]:
        yield Section("Shape of the output", tuple(self._shape()))
        yield Section("What remains", (Note(self._remains()),))
        yield Section("Gradients", tuple(self._gradients()))
        yield Section("Parameters", (Note("None: there is nothing to learn in a pooling."),))

    def _shape(self) -> Iterator[Part]:
        if self.windows is None:
            yield Note(self.problem)
            return
        n = Symbol("n", self.size, "n")
        k, s = Symbol("k", self.window, "k"), Symbol("s", self.stride, "s")
        yield (floor((n - k) / s) + 1).formula("out")
        lines = len(self.windows.unseen)
        if lines:
            lost = self.size**2 - (self.size - lines) ** 2
            yield Note(f"{lost} of {self.size**2} pixels lie under no window.")

    def _remains(self) -> str:
        if self.windows is None:
            return "Nothing: there is no window."
        pixels, numbers = self.size**2, self.outputs**2
        text = f"Of {pixels} pixels {numbers} numbers remain. "
        if not self.movement:
            return text + "Move the image, and see which of them change."
        counts = " and ".join(
            f"{outcome.kept} of {numbers} {noun}"
            for noun, outcome in zip(("maxima", "means"), self.poolings.values(), strict=True)
        )
        text += f"The image was moved {self.movement}: {counts} stay as they were. "
        if self.right % self.stride == 0 and self.down % self.stride == 0:
            text += "It was moved by whole strides, so both outputs move along as they are."
        elif self.poolings["maximum"].kept > self.poolings["average"].kept:
            text += (
                "A maximum stays as long as its pixel stays in the window; a mean feels every "
                "pixel that comes or goes."
            )
        return text

    def _gradients(self) -> Iterator[Part]:
        if self.windows is None:
            yield Note("None: there is no output.")
            return
        pixels = self.size**2
        reached = {name: outcome.reached for name, outcome in self.poolings.items()}
        yield Note("Each output sends a gradient of 1 back.")
        yield Note(
            f"The maximum sends it to one pixel of its window, the first of the largest: "
            f"{reached['maximum']} of {pixels} pixels get a gradient."
        )
        k = Symbol("k", self.window, "k")
        yield (wrap(1) / (k * k)).formula("share of a pixel")
        yield Note(
            f"The average sends this share to every pixel of its window: {reached['average']} of "
            f"{pixels} pixels get one, each a part."
        )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A pooling of the image, of the image moved, and the gradient of the latter.

    Attributes:
        before, value: outputs for the image as it was drawn and as it was moved, of the same shape.
        gradient: gradient of the moved image, where each output has a gradient of 1.
    """

    before: _Reals
    value: _Reals
    gradient: _Reals

    @property
    def same(self) -> NDArray[np.bool_]:
        """Which outputs are as before; means of whole numbers are compared within rounding."""
        return np.isclose(self.before, self.value)

    @property
    def kept(self) -> int:
        return int(self.same.sum())

    @property
    def reached(self) -> int:
        """Pixels that have a gradient."""
        return int(np.count_nonzero(self.gradient))

    @property
    def data(self) -> dict[str, Json]:
        return {
            "before": as_grid(self.before),
            "value": as_grid(self.value),
            "same": as_grid(self.same),
            "gradient": as_grid(self.gradient),
            "kept": self.kept,
            "reached": self.reached,
        }


def _batch(image: Pixels) -> _Reals:
    """Return an image as a batch of one with one channel, shape (1, 1, size, size)."""
    return image[None, None].astype(np.float64)
