"""Amounts as horizontal bars, each with its number at its end."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from quatrain.page.figures.text import INCHES_PER_LETTER, SMALL, letters, literal, shortened
from quatrain.page.numbers import number
from quatrain.records import Bars

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BAR = 0.24
"""Inches from one bar to the next."""

_INTERVAL = "#1a1a1a"
"""Colour of the interval of a bar."""

_WIDTH = 7.0
_DIGITS, _ROUGH = 4, 3
"""Significant digits of a number, and of one with an interval."""


def draw_bars(picture: Bars, figure: Figure) -> None:
    """Draw bars into an empty figure, and set its size."""
    from matplotlib.ticker import MaxNLocator

    title = textwrap.wrap(picture.title, letters(_WIDTH))
    figure.set_size_inches(_WIDTH, 0.75 + _BAR * len(picture.values) + 0.17 * len(title))
    axes = figure.add_subplot()
    axes.set_title("\n".join(map(literal, title)), loc="left")
    places = range(len(picture.values))
    axes.barh(places, picture.values, height=0.7, color="#2b5c8a")
    ends = [high for _, high in picture.intervals] or list(picture.values)
    for place, (low, high) in enumerate(picture.intervals):
        axes.plot((low, high), (place, place), color=_INTERVAL, marker="|", linewidth=1.2)
    axes.set_yticks(places, [literal(shortened(label)) for label in picture.labels])
    axes.invert_yaxis()
    axes.set_xlabel(literal(picture.value_label))
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(lambda value, _: _tick(value))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    greatest = max((*picture.values, *ends), default=0)
    digits = _ROUGH if picture.intervals else _DIGITS
    texts = [number(value, digits) for value in picture.values]
    longest = max(map(len, texts), default=0) * INCHES_PER_LETTER
    # Room for the longest number behind the longest bar.
    axes.set_xlim(0, (greatest or 1) * (1 + (longest + 0.1) / (_WIDTH - 2.5)))
    for place, value, end, text in zip(places, picture.values, ends, texts, strict=True):
        axes.annotate(
            literal(text),
            (max(value, end), place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )


def _tick(value: float) -> str:
    return number(int(value) if value.is_integer() else value, _DIGITS)
