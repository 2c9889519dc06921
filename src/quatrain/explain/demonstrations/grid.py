"""All states of a page that has no server: every combination of a few values of each control."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from quatrain.explain.demonstrations.state import State, complete_state
from quatrain.explain.demonstrations.topics import Topic, find_topic
from quatrain.records import Demonstration, StateValue


@dataclass(frozen=True, slots=True)
class StateGrid:
    """Combinations of values. Iterate for the demonstrations; `len` is their number.

    Attributes:
        topic: what is demonstrated.
        first: the state that is shown at first; controls that have no values keep theirs.
        values: names of controls -> their values.
    """

    topic: Topic
    first: State
    values: Mapping[str, tuple[StateValue, ...]]

    def __len__(self) -> int:
        return math.prod(map(len, self.values.values()))

    def __iter__(self) -> Iterator[Demonstration]:
        for combination in product(*self.values.values()):
            chosen = dict(zip(self.values, combination, strict=True))
            yield self.topic.run(complete_state(self.topic.controls, {**self.first, **chosen}))


def state_grid(topic: str, state: Mapping[str, object]) -> StateGrid:
    """Return the states of a page on a topic.

    Args:
        topic: the name of the topic.
        state: values that the page shows at first. One that isn't among the topic's `GRID` is
            added to it.

    Raises:
        SettingsError: the topic or a name is unknown, a value has the wrong type or is out of
            range.
    """
    subject = find_topic(topic)
    first = complete_state(subject.controls, state)
    values = {name: _with_value(tuple(of), first[name]) for name, of in subject.grid.items()}
    return StateGrid(subject, first, values)


def _with_value(values: tuple[StateValue, ...], value: StateValue) -> tuple[StateValue, ...]:
    """Return values with one more in its place, if it isn't there."""
    if value in values:
        return values
    numbers = [number for number in (*values, value) if isinstance(number, int | float)]
    return tuple(sorted(numbers)) if len(numbers) > len(values) else (*values, value)
