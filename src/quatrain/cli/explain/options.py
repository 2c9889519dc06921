"""Parsing and checking of the options of `quatrain explain`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import typer

from quatrain.errors import SettingsError

Candidate = Annotated[
    Literal["g", "c"],
    typer.Option(help="Name of the candidate; c has a tilde, written c~ in plain text."),
]


def without_none(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that have a value, so that the others take their defaults."""
    return {name: value for name, value in options.items() if value is not None}


_FLAGS = {"ceil_mode": "--ceil"}
"""Flags whose name differs from that of their parameter."""


def refuse(mode: str, options: Mapping[str, object]) -> None:
    """Refuse options that would have no effect.

    Args:
        mode: the option or case they have no effect with.
        options: name -> value, None if the option wasn't used.

    Raises:
        SettingsError: one was used.
    """
    flags = [_FLAGS.get(name, f"--{name.replace('_', '-')}") for name in without_none(options)]
    if flags:
        together = " and ".join(flags)
        raise SettingsError(
            "quatrain explain",
            f"{', '.join(flags)} with {mode}",
            "options that go together",
            f"Leave out {together}.",
            message=f"{together} {'has' if len(flags) == 1 else 'have'} no effect with {mode}.",
        )


def per_axis(option: str, text: str) -> int | tuple[int, ...]:
    """Parse '5' as 5 and '5x3' as (5, 3)."""
    numbers = sizes(option, text)
    return numbers if len(numbers) > 1 else numbers[0]


def sizes(option: str, text: str) -> tuple[int, ...]:
    """Parse '32x32x3' as (32, 32, 3)."""
    if not re.fullmatch(r"-?\d{1,18}(x-?\d{1,18})*", text, re.ASCII):
        raise SettingsError(
            option, repr(text), "whole numbers with x between them", "For example: 5 or 5x3."
        )
    return tuple(map(int, text.split("x")))


def padding_of(text: str) -> Literal["valid", "same"] | int | tuple[int, ...]:
    """Parse 'valid', 'same' or numbers."""
    if text in ("valid", "same"):
        return "valid" if text == "valid" else "same"
    if not text[:1].isdigit() and not text.startswith("-"):
        raise SettingsError(
            "--padding", repr(text), "valid, same, or whole numbers", "For example: same or 2."
        )
    return per_axis("--padding", text)


def single_number(option: str, sizes: int | tuple[int, ...]) -> int:
    """Return the one number of an option.

    Raises:
        SettingsError: there are several numbers.
    """
    if not isinstance(sizes, int):
        raise SettingsError(
            option, "x".join(map(str, sizes)), "one number", "--invariance pools square windows."
        )
    return sizes
