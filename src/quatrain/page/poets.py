"""The poets there are, shown.

In: `PoetSummary`s. Out: a table for the terminal, or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from quatrain.records import PoetSummary


def as_text(poets: Sequence[PoetSummary]) -> RenderableType:
    """Return a row for each poet, and how to let one write."""
    if not poets:
        return Text("No poets here. Make one: quatrain train poems.txt --out my-poet")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("poet", "of", "trained on"):
        table.add_column(heading, overflow="fold")
    for heading in ("parameters", "bits/character", "MB"):
        table.add_column(heading, justify="right")
    for poet in poets:
        if poet.trouble:
            table.add_row(Text(poet.name), Text(poet.trouble, style="yellow"))
            continue
        bits = "" if poet.bits_per_character is None else f"{poet.bits_per_character:.3f}"
        kind = poet.kind + (", reversed lines" if poet.direction == "reversed" else "")
        table.add_row(
            Text(poet.name),
            kind,
            Text(poet.corpus),
            f"{poet.parameters:,}",
            bits,
            f"{poet.megabytes:.1f}",
        )
    usable = next((poet.name for poet in poets if not poet.trouble), None)
    if usable is None:
        return table
    told = Text(f"Let one write: quatrain write {usable}", style="dim")
    return Group(table, Text(""), told)


def as_json(poets: Sequence[PoetSummary]) -> str:
    """All of it as a JSON list."""
    return json.dumps([asdict(poet) for poet in poets], ensure_ascii=False)
