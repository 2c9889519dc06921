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
from quatrain.explain.arithmetic.expression import Symbol, ceiling, floor, wrap
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

_LARGEST_IMAGE, _LARGEST_WINDOW, _LARGEST_PADDING, _FARTHEST = 12, 6, 3, 4

CONTROLS: tuple[Control, ...] = (
    Slider("n", "image", "n", 1, _LARGEST_IMAGE, 1, 8),
    Slider("k", "window", "k", 1, _LARGEST_WINDOW, 1, 2),
    Slider("s", "stride", "s", 1, _LARGEST_WINDOW, 1, 2),
    Slider("p", "padding", "p", 0, _LARGEST_PADDING, 1, 0),
    Slider("right", "moved right by", "", -_FARTHEST, _FARTHEST, 1, 0),
    Slider("down", "moved down by", "", -_FARTHEST, _FARTHEST, 1, 0),
    Choice("rest", "at the end", (("floor", "whole windows"), ("ceil", "a part, too")), "floor"),
    Choice("image", "image of", (*IMAGES, ("own", "your own")), "letter"),
    GridField("drawing", "your image", _LARGEST_IMAGE, _LARGEST_IMAGE, 0, INK, ()),
)

GRID = {
    "n": (4, 7, 8),
    "k": (1, 2, 3),
    "s": (1, 2, 3),
    "p": (0, 1),
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
        window, stride, padding: of both poolings.
        ceil_mode: whether what is left at the end gets a partial window.
        right, down: pixels that the image is moved by; what leaves it is lost, zeros come in.
    """

    image: Pixels
    window: int
    stride: int
    padding: int
    ceil_mode: bool
    right: int
    down: int

    @classmethod
    def of(cls, state: State) -> _Pooled:
        size, kind = state.whole("n"), state.text("image")
        own = kind == "own"
        return cls(
            fit_grid(state.grid("drawing"), size) if own else draw_image(kind, size),
            window=state.whole("k"),
            stride=state.whole("s"),
            padding=state.whole("p"),
            ceil_mode=state.text("rest") == "ceil",
            right=state.whole("right"),
            down=state.whole("down"),
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
        """Windows along one axis; None if they do not fit."""
        if self.padding >= self.window:
            return None
        sizes = (self.size, self.window, self.stride, self.padding, self.padding)
        try:
            return Windows(*sizes, ceil_mode=self.ceil_mode)
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
        settings = (self.window, self.stride, self.padding, self.ceil_mode)
        layers: dict[str, MaxPool2d | AveragePool2d] = {
            "maximum": MaxPool2d(*settings),
            "average": AveragePool2d(*settings),
        }
        inked = np.argwhere(self.moved)
        wiped = np.repeat(_batch(self.moved), len(inked), axis=0)  # a pixel of ink less in each
        wiped[np.arange(len(inked)), 0, *inked.T] = 0
        outcomes = {}
        for name, layer in layers.items():
            before = layer.value(_batch(self.image))
            value, backward = layer.forward(_batch(self.moved))
            gradient = backward(np.ones_like(value))
            unnoticed = np.isclose(layer.value(wiped), value).all(axis=(1, 2, 3))
            outcomes[name] = _Outcome(
                before[0, 0], value[0, 0], gradient[0, 0], int(unnoticed.sum())
            )
        return outcomes

    @property
    def problem(self) -> str:
        if self.windows is not None:
            return ""
        if self.padding >= self.window:
            return (
                f"The padding is {self.padding} and the window {self.window} wide: a window could "
                f"cover padding alone. Use a padding of at most {self.window - 1}."
            )
        padded = self.size + 2 * self.padding
        image = f"the padded image {padded}" if self.padding else f"the image {self.size}"
        return (
            f"The window is {self.window} wide and {image}: it does not fit. Use a window of at "
            f"most {padded}, or a larger image."
        )

    @property
    def reach(self) -> int:
        """Positions along an axis from the first of the padding to the last of any window."""
        end = (self.outputs - 1) * self.stride + self.window if self.windows else 0
        return max(self.size + 2 * self.padding, end)

    @property
    def data(self) -> dict[str, Json]:
        """Numbers to draw; positions count from 0, those of windows from the padding's start."""
        unseen = self.windows.unseen if self.windows else tuple(range(self.size))
        return {
            "image": as_grid(self.image),
            "moved": as_grid(self.moved),
            "reach": self.reach,
            "starts": [index * self.stride for index in range(self.outputs)],
            "unseen": unseen,
            **{name: outcome.data for name, outcome in self.poolings.items()},
        }

    @property
    def movement(self) -> str:
        """Direction and distance of the move, in words; empty if the image wasn't moved."""
        ways = ((self.right, "right", "left"), (self.down, "down", "up"))
        return " and ".join(
            f"{abs(steps)} {ahead if steps > 0 else back}" for steps, ahead, back in ways if steps
        )

    @property
    def summary(self) -> str:
        layer = (
            f"Pooling with a window of {self.window} by {self.window} and a stride of "
            f"{self.stride} on a {self.size} by {self.size} image"
        )
        layer += f", padding {self.padding}" if self.padding else ""
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
        settings = f"{self.window}, {self.stride}, {self.padding}"
        settings += ", ceil_mode=True" if self.ceil_mode else ""
        return f"""\
import numpy as np
import quatrain

image = np.array([
{rows}
], dtype=float)
inputs = image[None, None]  # (batch, channels, height, width)

for layer in (
    quatrain.layers.MaxPool2d({settings}),
    quatrain.layers.AveragePool2d({settings}),
):
    output, backward = layer.forward(inputs)
    print(output[0, 0])
    print(backward(np.ones_like(output))[0, 0])
"""

    def sections(self) -> Iterator[Section]:
        yield Section("Shape of the output", tuple(self._shape()))
        yield Section("What remains", (Note(self._remains()),))
        yield Section("What is forgotten", (Note(self._forgotten()),))
        yield Section("Gradients", tuple(self._gradients()))
        yield Section("Parameters", (Note("None: there is nothing to learn in a pooling."),))

    def _shape(self) -> Iterator[Part]:
        if self.windows is None:
            yield Note(self.problem)
            return
        n = Symbol("n", self.size, "n")
        k, s = Symbol("k", self.window, "k"), Symbol("s", self.stride, "s")
        free = n - k + 2 * Symbol("p", self.padding, "p") if self.padding else n - k
        out = (ceiling if self.ceil_mode else floor)(free / s) + 1
        if out.value != self.outputs:
            yield Note("The last window would begin after the image, so it is dropped.")
            out = out - 1
        yield out.formula("out")
        lines = len(self.windows.unseen)
        if lines:
            lost = self.size**2 - (self.size - lines) ** 2
            yield Note(f"{lost} of {self.size**2} pixels lie under no window.")
        if self.padding:
            yield Note(
                "Padding is never the maximum. To the mean it is 0, and counts among the numbers "
                "of the window."
            )
        if self.reach > self.size + 2 * self.padding:
            yield Note(
                "The last window goes over the end. What lies outside is no maximum, and doesn't "
                "count in the mean."
            )

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

    def _forgotten(self) -> str:
        if self.windows is None:
            return "Everything: there is no window."
        inked = int(np.count_nonzero(self.moved))
        if not inked:
            return "Nothing is drawn, so nothing can be wiped out."
        of = {name: outcome.unnoticed for name, outcome in self.poolings.items()}
        pixels = "The only pixel of ink" if inked == 1 else f"Each of the {inked} pixels of ink"
        return (
            f"{pixels} was wiped out alone: {of['maximum']} times no maximum changed, and "
            f"{of['average']} times no mean. A maximum forgets all but the largest of its window; "
            "a mean forgets only where in the window its ink is."
        )

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
        counts = self.windows.counts(padding=True)
        if counts.min() == counts.max():
            k = Symbol("k", self.window, "k")
            yield (wrap(1) / (k * k)).formula("share of a pixel")
        else:
            yield Note(f"A mean is over {counts.min() ** 2} to {counts.max() ** 2} numbers.")
        lost = " Shares of the padding are lost." if self.padding else ""
        yield Note(
            f"The average sends an equal share to every pixel of its window: {reached['average']} "
            f"of {pixels} pixels get one, each a part.{lost}"
        )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A pooling of the image, of the image moved, and the gradient of the latter.

    Attributes:
        before, value: outputs for the image as it was drawn and as it was moved, of the same shape.
        gradient: gradient of the moved image, where each output has a gradient of 1.
        unnoticed: pixels of ink in the moved image that can be wiped out alone, so that no output
            changes.
    """

    before: _Reals
    value: _Reals
    gradient: _Reals
    unnoticed: int

    @property
    def same(self) -> NDArray[np.bool_]:
        """Return a mask of the outputs that are as before; means are compared within rounding."""
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
            "unnoticed": self.unnoticed,
        }


def _batch(image: Pixels) -> _Reals:
    """Return an image as a batch of one with one channel, shape (1, 1, size, size)."""
    return image[None, None].astype(np.float64)
