"""Plain error messages for wrong values of options.

This module takes an error of the library that parses the command line, and gives it a message that
names the value and what the option takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from quatrain.escaping import visible

_NUMBERS = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
}
"""Kinds of validation errors -> what was expected."""

_LIMITS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}
"""Kinds of validation errors -> name of the limit, and how to say it."""


class PlainGroup(TyperGroup):
    """A group of commands that reports wrong options in plain words, which a terminal shows."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the options before the command, and make the message of a wrong one visible."""
        with _plain_usage_errors():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command, and put its usage errors into plain words."""
        with _plain_usage_errors():
            return super().invoke(ctx)


@contextmanager
def _plain_usage_errors() -> Iterator[None]:
    try:
        yield
    except typer.BadParameter as error:
        error.message = visible(plain_message(error))
        raise
    except Exception as error:
        # The library's class for the other wrong options, which it does not export.
        if isinstance(error, typer.BadParameter.__bases__):
            error.__dict__["message"] = visible(error.__dict__["message"])
        raise


def plain_message(error: typer.BadParameter) -> str:
    """Return what is wrong with a value; the library's own message if nothing better is known."""
    details: list[dict[str, Any]] = getattr(error.__cause__, "errors", list)()
    if not details:
        return error.message
    kind, value = details[0]["type"], details[0]["input"]
    if kind in _NUMBERS:
        message = f"{value!r} is not {_NUMBERS[kind]}."
    elif kind in _LIMITS:
        name, words = _LIMITS[kind]
        message = f"{value} is out of range: it must be {words} {details[0]['ctx'][name]:g}."
    elif kind in ("literal_error", "enum"):
        message = f"{value!r} is not one of {details[0]['ctx']['expected']}."
    else:
        return error.message.removeprefix("Value error, ")
    option = getattr(error.param, "opts", [""])[0]
    if getattr(error.param, "multiple", False):
        message += f" {option} takes one value; repeat it for more."
    return message
