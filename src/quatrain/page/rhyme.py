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
            "said": [str(each) for each in rhyme.said] if rhyme.said else None,
            "sources": [each.source for each in rhyme.said] if rhyme.said else None,
            "syllables": rhyme.syllables,
            "chance": round(rhyme.chance, 4),
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
    guessed = next((each.said[0] for each in rhymes if each.said and each.said[0].guessed), None)
    if guessed is not None:
        shown.append(f"{phrase!r} is in no list; guessed as {guessed}.\n", style="yellow")
    shown.rstrip()
    return shown
