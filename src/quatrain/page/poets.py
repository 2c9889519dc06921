"""A list of poets, for the terminal or as JSON.

The functions take `PoetSummary`s and return a table for the terminal, or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from quatrain.escaping import shell_word, visible
from quatrain.records import PoetSummary


def as_text(poets: Sequence[PoetSummary]) -> RenderableType:
    """Return a table with a row for each poet, and a hint how to try one."""
    if not poets:
        return Text("There are no poets here. Train one: quatrain train poems.txt --out my-poet")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("poet", "level", "trained on"):
        table.add_column(heading, overflow="fold")
    for heading in ("parameters", "bits/character", "MB"):
        table.add_column(heading, justify="right")
    for poet in poets:
        if poet.trouble:
            table.add_row(_text(poet.name), _text(poet.trouble, style="yellow"))
            continue
        bits = "" if poet.bits_per_character is None else f"{poet.bits_per_character:.3f}"
        level = poet.kind.removesuffix("s")
        if poet.direction == "reversed":
            level += ", lines from their end"
        table.add_row(
            _text(poet.name),
            level,
            _text(poet.corpus),
            f"{poet.parameters:,}",
            bits,
            f"{poet.megabytes:.1f}",
        )
    usable = next((poet.name for poet in poets if not poet.trouble), None)
    if usable is None:
        return table
    hints = [f"Try one: quatrain write {shell_word(visible(usable))}"]
    if sum(poet.bits_per_character is not None for poet in poets) > 1:
        hints.insert(0, "Bits/character are not comparable between poets of different corpora.")
    return Group(table, Text(""), *(Text(hint, style="dim") for hint in hints))


def _text(text: str, style: str = "") -> Text:
    """Return a text of others for a cell, made visible before the columns are measured."""
    return Text(visible(text), style=style)


def as_json(poets: Sequence[PoetSummary]) -> str:
    """Return the poets as a JSON list."""
    return json.dumps([asdict(poet) for poet in poets], ensure_ascii=False)
