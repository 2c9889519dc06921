"""Rhymes as text, by kind, or as JSON.

The functions take `Rhyme`s and return text or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.text import Text

from quatrain.records import Rhyme


def as_json(rhyme: Rhyme) -> str:
    """Return one rhyme as one JSON object on one line."""
    pair = rhyme.pronunciations
    return json.dumps(
        {
            "first": rhyme.first,
            "second": rhyme.second,
            "kind": rhyme.kind,
            "why": rhyme.why,
            "pronunciations": [str(pronunciation) for pronunciation in pair] if pair else None,
            "sources": [pronunciation.source for pronunciation in pair] if pair else None,
            "syllables": rhyme.syllables,
            "probability": round(rhyme.probability, 4),
        },
        ensure_ascii=False,
    )


def as_text(phrase: str, rhymes: Sequence[Rhyme], most: int) -> Text:
    """Return the words that rhyme with a phrase, a paragraph per kind, at most `most` of each."""
    text = Text()
    by_kind: dict[str, list[str]] = {}
    for rhyme in rhymes:
        by_kind.setdefault(rhyme.kind, []).append(rhyme.second)
    for kind, words in by_kind.items():
        text.append(f"{kind}", style="bold")
        text.append(f" ({len(words)})\n", style="dim")
        more = f" and {len(words) - most} more" if len(words) > most else ""
        text.append(f"  {', '.join(words[:most])}{more}\n")
    if not by_kind:
        text.append(f"No words found that rhyme with {phrase!r}.")
    pronunciations = (rhyme.pronunciations[0] for rhyme in rhymes if rhyme.pronunciations)
    guessed = next(
        (pronunciation for pronunciation in pronunciations if pronunciation.guessed), None
    )
    if guessed is not None:
        text.append(
            f"{phrase!r} is not in the dictionary; its guessed pronunciation is {guessed}.\n",
            style="yellow",
        )
    text.rstrip()
    return text
