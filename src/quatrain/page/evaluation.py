"""The scores of a poet and of simpler models, for the terminal or as JSON.

The functions take a `Comparison` and return a table for the terminal, or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from quatrain.records import Comparison, Score

DEFINITION = (
    "A character-level model predicts every character, every line break and the end of each poem; "
    "a word-level poet every word, mark and line end, and the letters of every word it does not "
    "know. Each poem starts from a fresh state. All scores are per character of the text."
)


def as_text(comparison: Comparison) -> RenderableType:
    """Return the scores in a table, best first, and a sentence on what they count."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("model")
    for heading in ("nats/character", "bits/character", "perplexity/character"):
        table.add_column(heading, justify="right")
    ranked = sorted(comparison.scores.items(), key=lambda item: item[1].nats)
    for name, score in ranked:
        table.add_row(
            Text(name),
            f"{score.nats_per_character:.3f}",
            f"{score.bits_per_character:.3f}",
            f"{score.perplexity_per_character:.2f}",
        )
    first = next(iter(comparison.scores.values()))
    poems = f"{first.poems:,} poem{'s' if first.poems != 1 else ''}"
    counted = f"{first.words or first.characters:,} predictions in {poems} of {comparison.source}"
    if first.unknown:
        unit, known = ("word", "vocabulary") if first.words else ("character", "alphabet")
        outside = f"a {unit}" if first.unknown == 1 else f"{unit}s"
        counted += f", {first.unknown:,} of them {outside} outside the {known}"
    notes = [f"{counted}.", DEFINITION, *_per_word(first), *comparison.notes]
    return Group(table, Text(""), *(Text(note, style="dim") for note in notes))


def _per_word(score: Score) -> Iterator[str]:
    """Yield the scores that a word-level poet has and no other model has."""
    if score.perplexity_per_word is not None:
        yield (
            "The poet's perplexity per word, mark and line end is "
            f"{score.perplexity_per_word:.2f}; with every unknown word as one symbol, "
            f"{score.closed_vocabulary_perplexity:.2f}."
        )


def as_json(comparison: Comparison) -> str:
    """Return the poet's score as one JSON object, the others under `models`."""
    poet, *others = comparison.scores.items()
    return json.dumps(
        {
            "poet": comparison.poet,
            "source": comparison.source,
            **_numbers(poet[1]),
            "models": {name: _numbers(score) for name, score in others},
            "definition": DEFINITION,
            "notes": list(comparison.notes),
        },
        ensure_ascii=False,
    )


def _numbers(score: Score) -> dict[str, float | None]:
    return {
        "nats_per_character": score.nats_per_character,
        "bits_per_character": score.bits_per_character,
        "perplexity_per_character": score.perplexity_per_character,
        "perplexity_per_word": score.perplexity_per_word,
        "closed_vocabulary_perplexity": score.closed_vocabulary_perplexity,
        **asdict(score),
    }
