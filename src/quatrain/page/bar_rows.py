"""Bars in a terminal: a row of characters for each amount, with its number."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from quatrain.page.numbers import number, printable
from quatrain.records import Bars

_SHORTEST, _LONGEST = 4, 40
"""Characters of the longest bar, at least and at most."""


_DIGITS, _ROUGH = 4, 3
"""Significant digits of a number, and of one with an interval."""


@dataclass(frozen=True, slots=True)
class BarRows:
    """Bars as a Rich renderable, fitted to the width of the console."""

    picture: Bars

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the title and a line for each bar."""
        picture = self.picture
        yield Text(f"{printable(picture.title, ' ')} ({picture.value_label})", style="italic")
        numbers = bar_texts(picture)
        labels = [printable(label, " ") for label in picture.labels]
        digits = max(map(len, numbers), default=0)
        margin = min(
            max(map(cell_len, labels), default=0),
            max(options.max_width - digits - _SHORTEST - 2, 4),
        )
        longest = max(min(options.max_width - margin - digits - 2, _LONGEST), 1)
        greatest = max(picture.values, default=0) or 1
        sign = "#" if options.ascii_only else "█"
        for label, value, text in zip(labels, picture.values, numbers, strict=True):
            # An amount above 0 has at least one character, and none for 0.
            length = max(round(longest * value / greatest), int(value > 0))
            bar = sign * length + " " * (length > 0)
            yield Text(f"{set_cell_size(label, margin)} {bar}{text}", no_wrap=True)


def bar_texts(picture: Bars) -> list[str]:
    """Return the number of each bar, with its interval if it has one."""
    if not picture.intervals:
        return [number(value, _DIGITS) for value in picture.values]
    rows = zip(picture.values, picture.intervals, strict=True)
    return [
        f"{number(value, _ROUGH)} ({number(low, _ROUGH)} to {number(high, _ROUGH)})"
        for value, (low, high) in rows
    ]
