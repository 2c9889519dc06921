"""Sizes and text that all pictures share: fonts, how much fits into an inch, titles.

The functions take text and inches, and return text that matplotlib shows literally.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

from quatrain.page.numbers import LINE_BREAK, printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SMALL, NORMAL = 7.5, 9.0
"""Font sizes in points."""

INCHES_PER_LETTER = 0.075
"""Approximate width of a small letter, half the height of a line."""

_LONGEST_LABEL = 48


def label_step(count: int, inches: float, label: float) -> int:
    """Return n such that every n-th of `count` labels fits into the given inches."""
    return max(1, math.ceil(count * label / inches))


def set_title(axes: Axes, title: str, inches: float) -> None:
    """Set the title of axes, in lines that fit a picture of this width."""
    axes.set_title(textwrap.fill(literal(title), letters(inches)), loc="left")


def letters(inches: float) -> int:
    """Return the number of letters of normal size that fit into a line."""
    return max(20, int(inches * 12.5))


def shortened(label: str) -> str:
    """Cut an axis label to `_LONGEST_LABEL` letters, with visible line breaks."""
    label = printable(label, LINE_BREAK)
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def literal(text: str) -> Any:
    """Escape a text so that dollar signs don't start a formula."""
    return printable(text).replace("$", r"\$")
