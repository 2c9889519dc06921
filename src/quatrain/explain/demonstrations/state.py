"""The values of a demonstration's controls: completed, checked, and read from text.

In: controls, and values by name. Out: a `State` with a value of the right type for each control.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from quatrain.errors import InternalError, SettingsError
from quatrain.records import Choice, Control, Grid, GridField, Slider, StateValue, TextField

_SHOWN = 40
"""Most characters of a wrong value that an error quotes."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?")
"""A number in an address; shorter than what would take long to read."""


@dataclass(frozen=True, slots=True)
class State(Mapping[str, StateValue]):
    """A value for each control, read by the type that the control has."""

    values_by_name: Mapping[str, StateValue]

    def __getitem__(self, name: str) -> StateValue:
        return self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)

    def whole(self, name: str) -> int:
        """Return the value of a slider over whole numbers."""
        value = self[name]
        return value if isinstance(value, int) else _wrong_type(name, "whole number")

    def number(self, name: str) -> float:
        """Return the value of a slider as a float."""
        value = self[name]
        return float(value) if isinstance(value, int | float) else _wrong_type(name, "number")

    def text(self, name: str) -> str:
        """Return a text, or the value of the chosen option."""
        value = self[name]
        return value if isinstance(value, str) else _wrong_type(name, "text")

    def grid(self, name: str) -> Grid:
        """Return the rows of a grid; empty if nothing was drawn."""
        value = self[name]
        return value if isinstance(value, tuple) else _wrong_type(name, "grid")


def complete_state(controls: tuple[Control, ...], given: Mapping[str, object]) -> State:
    """Return a value for each control: the given one, checked, or the one it has at first.

    Args:
        controls: the controls of a topic.
        given: values by name. A grid is a sequence of rows of numbers.

    Raises:
        SettingsError: a name is unknown, a value has the wrong type or is out of range.
    """
    names = [control.name for control in controls]
    for name in given:
        if name not in names:
            near = get_close_matches(str(name), names, 1)
            raise SettingsError(
                "the state",
                f"{_quoted(name)}",
                f"a name of {', '.join(names)}",
                f"Did you mean {near[0]!r}?" if near else "Correct the name, or leave it out.",
                message=f"There is no control {_quoted(name)} here; there are {', '.join(names)}.",
            )
    return State(
        {
            control.name: _checked(control, given[control.name])
            if control.name in given
            else control.value
            for control in controls
        }
    )


def read_state(controls: tuple[Control, ...], texts: Mapping[str, str]) -> dict[str, object]:
    """Return values that were written as text, such as "n=12" in an address.

    A grid is written row after row, with "/" between rows and "," between numbers: "0,9/9,0".
    What can't be read stays a text; `complete_state` says what is wrong with it.
    """
    kinds = {control.name: control for control in controls}
    return {name: _read(kinds.get(name), text) for name, text in texts.items()}


def grid_text(grid: Grid) -> str:
    """Return a grid as `read_state` reads it."""
    return "/".join(",".join(f"{number:g}" for number in row) for row in grid)


def _read(control: Control | None, text: str) -> object:
    try:
        if isinstance(control, Slider):
            return _read_number(text)
        if isinstance(control, GridField):
            rows = text.split("/") if text else []
            return [[_read_number(number) for number in row.split(",")] for row in rows]
    except ValueError:
        pass
    return text


def _read_number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


def _checked(control: Control, value: object) -> StateValue:
    match control:
        case Slider():
            return _checked_number(control, value)
        case Choice():
            return _checked_option(control, value)
        case TextField():
            return _checked_text(control, value)
        case GridField():
            return _checked_grid(control, value)


def _checked_number(slider: Slider, value: object) -> float:
    only_whole = all(isinstance(end, int) for end in (slider.low, slider.high, slider.step))
    kind = "a whole number" if only_whole else "a number"
    wanted = f"{kind} from {slider.low:g} to {slider.high:g}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _refuse(slider, value, wanted, "Give such a number.")
    if not slider.low <= value <= slider.high or (only_whole and value != int(value)):
        return _refuse(slider, value, wanted, "Give a number in this range.")
    return int(value) if only_whole else float(value)


def _checked_option(choice: Choice, value: object) -> str:
    options = [option for option, _ in choice.options]
    if isinstance(value, str) and value in options:
        return value
    near = get_close_matches(str(value), options, 1)
    remedy = f"Did you mean {near[0]!r}?" if near else "Choose one of them."
    return _refuse(choice, value, f"one of {', '.join(options)}", remedy)


def _checked_text(field: TextField, value: object) -> str:
    if not isinstance(value, str):
        return _refuse(field, value, "a text", "Give a text.")
    if len(value) > field.longest:
        raise SettingsError(
            _where(field),
            f"a text of {len(value):,} characters",
            f"at most {field.longest:,}",
            "Shorten it.",
        )
    return value


def _checked_grid(field: GridField, value: object) -> Grid:
    wanted = f"rows of whole numbers from {field.low} to {field.high}"
    if not isinstance(value, list | tuple) or not all(
        isinstance(row, list | tuple) for row in value
    ):
        return _refuse(field, value, wanted, "Give rows of equal length.")
    widths = sorted({len(row) for row in value})
    if not widths:
        return ()
    if len(value) > field.rows or widths[-1] > field.columns:
        size = f"{len(value)} rows of {widths[-1]}"
        return _refuse_grid(field, size, f"at most {field.rows} rows of {field.columns}")
    if len(widths) > 1 or not widths[0]:
        sizes = f"rows of {widths[0]} to {widths[-1]} numbers"
        return _refuse_grid(field, sizes, "rows of equal length")
    for number in (number for row in value for number in row):
        whole = isinstance(number, int) or (isinstance(number, float) and number.is_integer())
        if isinstance(number, bool) or not whole or not field.low <= number <= field.high:
            return _refuse(field, number, wanted, "Give such numbers.")
    return tuple(tuple(int(number) for number in row) for row in value)


def _refuse_grid(field: GridField, found: str, wanted: str) -> NoReturn:
    raise SettingsError(_where(field), found, wanted, "Give a grid of that size.")


def _refuse(control: Control, value: object, wanted: str, remedy: str) -> NoReturn:
    raise SettingsError(_where(control), _quoted(value), wanted, remedy)


def _where(control: Control) -> str:
    return f"{control.label!r} ({control.name})"


def _quoted(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _wrong_type(name: str, kind: str) -> NoReturn:
    raise InternalError(f"the control {name!r} has no {kind}")
