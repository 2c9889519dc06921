"""Numbers and foreign text, as a reader sees them.

In: values of an explanation. Out: short strings, the same in every format. Only
what is shown is shortened; the record keeps every digit.
"""

from __future__ import annotations

from quatrain.records import Cell

DIGITS = 6
"""Significant digits shown of a number that is not whole."""

LINE_BREAK = "↵"


def number(value: float, digits: int = DIGITS) -> str:
    """Return a number with commas between thousands, or with `digits` significant digits."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value + 0.0:,.{digits}g}"  # + 0.0 takes the sign off a zero


def shape(sizes: tuple[int, ...]) -> str:
    """Return a shape as 28 x 28 x 8."""
    return " x ".join(map(number, sizes))


def cell(value: Cell, digits: int = DIGITS) -> str:
    """An entry of a table; what does not exist is a dash."""
    if value is None:
        return "-"
    return printable(value) if isinstance(value, str) else number(value, digits)


def printable(text: str, line_break: str = "\n") -> str:
    """`text` without control characters, which could move a terminal's cursor or colour it.

    Args:
        text: whatever a file or a user brought.
        line_break: what to show for a line feed.
    """
    return "".join(
        line_break if character == "\n" else character if character.isprintable() else "\ufffd"
        for character in text
    )
