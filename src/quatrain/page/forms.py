"""Shows the forms that come with Quatrain.

The functions take what a form asks for, as plain values, and return a table or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

Row = tuple[str, str, str, tuple[tuple[str, int], ...], tuple[int, ...]]
"""Name, stanzas, description, (foot, feet) per line, syllables per line."""


def as_json(
    name: str,
    shape: str,
    about: str,
    metre: tuple[tuple[str, int], ...],
    syllables: tuple[int, ...],
) -> str:
    """Return a form as one JSON object on one line."""
    return json.dumps(
        {
            "name": name,
            "stanzas": shape,
            "about": about,
            "metre": [f"{foot} {feet}" for foot, feet in metre],
            "syllables": list(syllables),
        }
    )


def as_table(rows: Sequence[Row]) -> Table:
    """Return a table of the forms, a row each."""
    table = Table("form", "stanzas", "what it is", box=None, pad_edge=False)
    for name, shape, about, _, _ in rows:
        table.add_row(*map(Text, (name, shape, about)))
    return table


def measure_in_words(
    metre: Sequence[tuple[str, int]],
    syllables: Sequence[int],
    usual: tuple[str, int] | None,
) -> str:
    """Return the metre or the syllables of a form's lines: `iambic 4, iambic 3`; empty if free.

    Args:
        metre: foot and number of feet, line by line.
        syllables: their number, line by line.
        usual: the metre that a form which asks for any one metre mostly has; else None.
    """
    if metre:
        return ", ".join(dict.fromkeys(f"{foot} {feet}" for foot, feet in metre))
    if syllables:
        return f"{', '.join(map(str, syllables))} syllables"
    return f"one metre, usually {usual[0]} {usual[1]}" if usual else ""
