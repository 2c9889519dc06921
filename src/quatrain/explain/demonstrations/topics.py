"""The topics of demonstrations, and the function that runs one.

quatrain.explain.demonstrate("convolution", "pooling", n=12, k=5)
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from quatrain.errors import SettingsError
from quatrain.explain.demonstrations.state import State, complete_state
from quatrain.records import Control, Demonstration, StateValue

MODULES: tuple[str, ...] = (
    "convolution",
    "pooling",
    "cell",
    "flow",
    "temperature",
    "line",
    "sequences",
)
"""Topics, each the name of a module in this folder, in the order in which they are listed."""


@dataclass(frozen=True, slots=True)
class Topic:
    """An experiment.

    Attributes:
        name: "convolution".
        title, lead: what it is called, and two sentences on what one sees.
        controls: its controls.
        grid: names of controls -> the values that a page without a server offers.
        run: the experiment itself.
    """

    name: str
    title: str
    lead: str
    controls: tuple[Control, ...]
    grid: Mapping[str, Sequence[StateValue]]
    run: Callable[[State], Demonstration]


def demonstrate(topic: str, **state: object) -> Demonstration:
    """Return what an experiment shows in a state of its controls.

    Args:
        topic: "convolution", "pooling", "cell", "flow", "temperature", "line" or "sequences".
        **state: values of controls by name; the others keep the value they have at first.

    Returns:
        The numbers, the formulas and a sentence. `controls` lists the names with their ranges.

    Raises:
        SettingsError: the topic or a name is unknown, a value has the wrong type or is out of
            range. A state that is possible on the page and impossible for the layer, such as a
            kernel wider than the image, is no error: `problem` says it.
    """
    subject = find_topic(topic)
    return subject.run(complete_state(subject.controls, state))


def find_topic(name: str) -> Topic:
    """Return a topic by its name.

    Raises:
        SettingsError: there is none of that name.
    """
    if name not in MODULES:
        near = get_close_matches(str(name), MODULES, 1)
        remedy = f"Did you mean {near[0]!r}?" if near else "Choose one of them."
        raise SettingsError(
            "the topic of the demonstration", f"{str(name)!r:.60}", ", ".join(MODULES), remedy
        )
    return _load(name)


def list_topics() -> tuple[Topic, ...]:
    """Return all topics, in the order in which they are taught."""
    return tuple(map(_load, MODULES))


@cache
def _load(name: str) -> Topic:
    module = importlib.import_module(f"quatrain.explain.demonstrations.{name}")
    return Topic(name, module.TITLE, module.LEAD, module.CONTROLS, module.GRID, module.demonstrate)
