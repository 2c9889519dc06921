"""Formatting of numbers, shapes and text that is not our own.

The functions take values of an explanation and return short strings, the same in every format.
Only the display is rounded; the record keeps every digit.
"""

from __future__ import annotations

from quatrain.records import Cell

DIGITS = 6
"""Significant digits shown of a number that is not whole."""

LINE_BREAK = "↵"
"""The sign shown for a line feed."""


def number(value: float, digits: int = DIGITS) -> str:
    """Return a number with commas between thousands, or with `digits` significant digits."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value + 0.0:,.{digits}g}"  # + 0.0 takes the sign off a zero


def shape(sizes: tuple[int, ...]) -> str:
    """Return a shape in the form 28 x 28 x 8."""
    return " x ".join(map(number, sizes))


def cell(value: Cell, digits: int = DIGITS) -> str:
    """Return an entry of a table as text; None is a dash."""
    if value is None:
        return "-"
    return printable(value) if isinstance(value, str) else number(value, digits)


def printable(text: str, line_break: str = "\n") -> str:
    """Return `text` without control characters, which could move the cursor or change colours.

    Args:
        text: from a file or a user.
        line_break: what to show for a line feed.
    """
    if text.isprintable():
        return text
    return "".join(
        line_break if character == "\n" else character if character.isprintable() else "\ufffd"
        for character in text
    )
