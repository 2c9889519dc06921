"""A demonstration: an experiment with a few controls, and what it shows in one state of them.

`explain.demonstrations` makes demonstrations, `page` turns them into JSON, HTML and LaTeX, and the
desk's Inside pages draw them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from quatrain.records.deferred import HtmlRepr
from quatrain.records.explanation import Part

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
"""Plain data. A float may be infinite or no number; the JSON has null for it."""

Grid: TypeAlias = tuple[tuple[float, ...], ...]
"""Rows of equal length; empty for nothing drawn."""

StateValue: TypeAlias = int | float | str | Grid
"""The value of a control: a number, the value of an option, a text or a grid."""


@dataclass(frozen=True, slots=True)
class Slider:
    """A number in a range.

    Attributes:
        name: the name in a state: "k".
        label: the name for readers: "kernel".
        symbol: the letter in formulas: "k".
        low, high: the range.
        step: the distance of two positions. Only whole numbers are allowed if low, high and step
            are ints.
        value: where it stands at first.
    """

    name: str
    label: str
    symbol: str
    low: float
    high: float
    step: float
    value: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several options.

    Attributes:
        name, label: the names in a state and for readers.
        options: pairs of a value and its label.
        value: the option chosen at first.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str


@dataclass(frozen=True, slots=True)
class TextField:
    """A text of one's own.

    Attributes:
        name, label: the names in a state and for readers.
        value: the text at first.
        longest: most characters.
    """

    name: str
    label: str
    value: str
    longest: int


@dataclass(frozen=True, slots=True)
class GridField:
    """Whole numbers that one draws on a grid.

    Attributes:
        name, label: the names in a state and for readers.
        rows, columns: the largest size. In a `Demonstration`, the size in its state.
        low, high: the range of the numbers.
        value: the numbers at first; empty for nothing drawn.
    """

    name: str
    label: str
    rows: int
    columns: int
    low: int
    high: int
    value: Grid


Control: TypeAlias = Slider | Choice | TextField | GridField


@dataclass(frozen=True, slots=True)
class Section:
    """Formulas and sentences under a title."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Demonstration(HtmlRepr):
    """Numbers and formulas of an experiment in one state of its controls.

    Attributes:
        topic: the name of the experiment: "convolution".
        title, lead: what it is called, and two sentences on what one sees.
        controls: the controls, in order.
        state: the value of each control.
        problem: a sentence if the state is impossible, else empty; `data` then has what can still
            be drawn.
        data: the numbers to draw, by name.
        sections: formulas with their numbers, and sentences.
        python: lines of Python that give the same numbers.
        exercise: topic and level of the matching exercise.
        summary: one sentence with the values, for a screen reader.
    """

    topic: str
    title: str
    lead: str
    controls: tuple[Control, ...]
    state: Mapping[str, StateValue]
    problem: str
    data: Mapping[str, Json]
    sections: tuple[Section, ...]
    python: str
    exercise: tuple[str, int]
    summary: str

    def __str__(self) -> str:
        shown = [self.title, *filter(None, (self.problem, self.summary))]
        for section in self.sections:
            shown += ["", section.title, *map(str, section.parts)]
        return "\n".join(shown)
