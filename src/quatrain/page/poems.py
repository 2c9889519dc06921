"""Poems on the page: as JSON for programs, side by side for a reader.

The functions take `Poem`s and their statistics, and return text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from quatrain.records import Poem, TextStatistics


def as_json(poem: Poem, beside: Mapping[str, object] | None = None) -> str:
    """Return one poem as one JSON object on one line.

    Args:
        poem: the poem.
        beside: further fields of the object.
    """
    return json.dumps(
        {
            **facts(poem),
            "lines": [{"text": line.text} for line in poem.lines],
            "text": poem.text,
            "seed": poem.seed,
            "settings": dict(poem.settings),
            **(beside or {}),
        },
        ensure_ascii=False,
    )


def facts(poem: Poem) -> dict[str, object]:
    """Return what identifies a poem, for JSON: the same keys for every poem.

    Returns:
        `id`, `title`, `author`, `form`, `source`, `line` (0 if unknown), `paratexts`, and in
        `fields` the other columns of the table it was read from.
    """
    return {
        "id": poem.id,
        "title": poem.title,
        "author": poem.author,
        "form": poem.form,
        "source": poem.source,
        "line": poem.line,
        "paratexts": [{"kind": text.kind, "text": text.text} for text in poem.paratexts],
        "fields": dict(poem.fields),
    }


def head(poem: Poem) -> Text:
    """Return title, dedication, epigraph and the like as they stand above a poem."""
    text = Text()
    if poem.title:
        text.append(f"{poem.title}\n\n", style="bold")
    for paratext in poem.above:
        text.append(f"{paratext.text}\n\n", style="italic")
    return text


def foot(poem: Poem) -> Text:
    """Return date, signature and notes as they stand below a poem."""
    text = Text()
    for paratext in poem.below:
        text.append(f"{paratext.text}\n\n", style="italic")
    return text


def summary(statistics: TextStatistics) -> Text:
    """Return the statistics of some poems, in a line or two."""
    parts = []
    if statistics.known_words is not None:
        parts.append(f"{statistics.known_words:.0%} of its words are in the corpus")
    if statistics.distinct_words is not None:
        parts.append(f"{statistics.distinct_words:.0%} of them distinct")
    name, bits = "entropy", statistics.entropy
    if bits is None:
        name, bits = "surprisal", statistics.surprisal
    parts.append(f"mean {name} {bits:.2f} bits per {statistics.unit}")
    return Text(", ".join(parts))


def side_by_side(columns: Sequence[tuple[str, Sequence[Poem], TextStatistics]]) -> RenderableType:
    """Return poems in columns, each with a heading above and its statistics below."""
    table = Table.grid(padding=(0, 3), expand=False)
    for _ in columns:
        table.add_column(vertical="top", overflow="fold", ratio=1)
    table.add_row(*(Text(heading, style="bold") for heading, _, _ in columns))
    table.add_row(*("" for _ in columns))
    for poems in zip(*(poems for _, poems, _ in columns), strict=True):
        table.add_row(*(Text(poem.text) for poem in poems))
        table.add_row(*("" for _ in columns))
    table.add_row(*(_stacked(statistics) for _, _, statistics in columns))
    return table


def _stacked(statistics: TextStatistics) -> Group:
    return Group(*(Text(part, style="dim") for part in summary(statistics).plain.split(", ")))
