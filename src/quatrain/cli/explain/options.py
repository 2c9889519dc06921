"""How the options of `quatrain explain` are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, cast

from quatrain.errors import SettingsError


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given; the others are None."""
    return {name: value for name, value in options.items() if value is not None}


def leave_out(what: str, options: Mapping[str, object]) -> None:
    """Refuse options that would not be heard.

    Raises:
        SettingsError: one was given.
    """
    unheard = [_FLAGS.get(name, f"--{name.replace('_', '-')}") for name in given(options)]
    if unheard:
        raise SettingsError(
            "quatrain explain",
            f"{', '.join(unheard)} with {what}",
            "options that go together",
            f"Leave {' and '.join(unheard)} out.",
        )


_FLAGS = {"ceil_mode": "--ceil"}


def per_axis(option: str, text: str) -> int | tuple[int, ...]:
    """'5' as 5, '5x3' as (5, 3)."""
    found = sizes(option, text)
    return found if len(found) > 1 else found[0]


def sizes(option: str, text: str) -> tuple[int, ...]:
    """'32x32x3' as (32, 32, 3)."""
    if not re.fullmatch(r"-?\d{1,18}(x-?\d{1,18})*", text, re.ASCII):
        raise SettingsError(
            option, repr(text), "whole numbers with x between them", "Write for example 5 or 5x3."
        )
    return tuple(map(int, text.split("x")))


def padding_of(text: str) -> Literal["valid", "same"] | int | tuple[int, ...]:
    """'valid', 'same', or numbers."""
    if text in ("valid", "same"):
        return cast(Literal["valid", "same"], text)
    if not text[:1].isdigit() and not text.startswith("-"):
        raise SettingsError(
            "--padding", repr(text), "valid, same, or whole numbers", "Write for example same or 2."
        )
    return per_axis("--padding", text)


def one(option: str, found: int | tuple[int, ...]) -> int:
    """The one number of an option.

    Raises:
        SettingsError: there are several.
    """
    if not isinstance(found, int):
        raise SettingsError(
            option, "x".join(map(str, found)), "one number", "--invariance pools square windows."
        )
    return found
