"""Rhymes, shown: by kind, or as JSON.

In: `Rhyme`s. Out: text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.text import Text

from quatrain.records import Rhyme


def as_json(rhyme: Rhyme) -> str:
    """One rhyme as one JSON object on one line."""
    return json.dumps(
        {
            "first": rhyme.first,
            "second": rhyme.second,
            "kind": rhyme.kind,
            "why": rhyme.why,
            "pronunciations": [str(each) for each in rhyme.pronunciations]
            if rhyme.pronunciations
            else None,
            "sources": [each.source for each in rhyme.pronunciations]
            if rhyme.pronunciations
            else None,
            "syllables": rhyme.syllables,
            "probability": round(rhyme.probability, 4),
        },
        ensure_ascii=False,
    )


def as_text(phrase: str, rhymes: Sequence[Rhyme], most: int) -> Text:
    """The words that rhyme with a phrase, a paragraph per kind, at most `most` of each."""
    shown = Text()
    by_kind: dict[str, list[str]] = {}
    for rhyme in rhymes:
        by_kind.setdefault(rhyme.kind, []).append(rhyme.second)
    for kind, words in by_kind.items():
        shown.append(f"{kind}", style="bold")
        shown.append(f" ({len(words)})\n", style="dim")
        more = f" and {len(words) - most} more" if len(words) > most else ""
        shown.append(f"  {', '.join(words[:most])}{more}\n")
    if not by_kind:
        shown.append(f"Nothing rhymes with {phrase!r} among the words looked at.")
    guessed = next(
        (
            rhyme.pronunciations[0]
            for rhyme in rhymes
            if rhyme.pronunciations and rhyme.pronunciations[0].guessed
        ),
        None,
    )
    if guessed is not None:
        shown.append(f"{phrase!r} is in no list; guessed as {guessed}.\n", style="yellow")
    shown.rstrip()
    return shown
