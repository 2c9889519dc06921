"""Rhymes as text, by kind, or as JSON.

The functions take `Rhyme`s and `RhymingWord`s and return text or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.text import Text

from quatrain.records import Rhyme, RhymingWord


def as_json(rhyme: Rhyme) -> str:
    """Return one rhyme as one JSON object on one line."""
    return json.dumps(_fields(rhyme), ensure_ascii=False)


def word_as_json(word: RhymingWord) -> str:
    """Return one rhyming word as one JSON object on one line."""
    more = {"standing": word.standing, "usual": word.usual, "reading": word.reading}
    return json.dumps(_fields(word.rhyme) | more, ensure_ascii=False)


def _fields(rhyme: Rhyme) -> dict[str, Any]:
    pair = rhyme.pronunciations
    return {
        "first": rhyme.first,
        "second": rhyme.second,
        "kind": rhyme.kind,
        "why": rhyme.why,
        "pronunciations": [str(pronunciation) for pronunciation in pair] if pair else None,
        "sources": [pronunciation.source for pronunciation in pair] if pair else None,
        "syllables": rhyme.syllables,
        "probability": round(rhyme.probability, 4),
    }


def as_text(phrase: str, words: Sequence[RhymingWord], most: int) -> Text:
    """Return the words that rhyme with a phrase, at most `most` of each kind.

    Each way to say the phrase has its own part, the likeliest first, and there each kind a
    paragraph. Names have a line of their own, and so have words that rhyme only when they are
    said otherwise than is usual.
    """
    text = Text()
    for number, part in enumerate(_by_way(words)):
        rhyme = part[0].rhyme
        if rhyme.pronunciations:
            said = rhyme.pronunciations[0]
            accent = " in American English" if not number else ""
            text.append(f"{said.word}, said {said}{accent}\n", style="cyan")
            if said.guessed:
                text.append(
                    f"{said.word!r} is not in the dictionary; this pronunciation is guessed.\n",
                    style="yellow",
                )
        for kind, group in groupby(part, key=lambda word: word.rhyme.kind):
            _add_kind(text, kind, list(group), most)
    if not words:
        text.append(f"No words found that rhyme with {phrase!r}.")
    text.rstrip()
    return text


def _by_way(words: Sequence[RhymingWord]) -> list[list[RhymingWord]]:
    """Return the words by the way the phrase is said, a phrase as one before its last word."""
    parts: dict[tuple[bool, int], list[RhymingWord]] = {}
    for word in words:
        pair = word.rhyme.pronunciations
        alone = pair is not None and " " not in pair[0].word
        parts.setdefault((alone, word.reading), []).append(word)
    return [parts[way] for way in sorted(parts)]


def _add_kind(text: Text, kind: str, words: list[RhymingWord], most: int) -> None:
    """Add a paragraph of one kind of rhyme to a text."""
    text.append(kind, style="bold")
    text.append(f" ({len(words)})\n", style="dim")
    usual = [word.rhyme.second for word in words if word.usual and word.standing != "name"]
    seldom = [_with_sounds(word) for word in words if not word.usual and word.standing != "name"]
    names = [_capitalized(word) for word in words if word.standing == "name"]
    for label, shown in (("", usual), ("otherwise said: ", seldom), ("names: ", names)):
        if shown:
            more = f" and {len(shown) - most} more" if len(shown) > most else ""
            text.append(f"  {label}{', '.join(shown[:most])}{more}\n")


def _capitalized(word: RhymingWord) -> str:
    return word.rhyme.second[:1].upper() + word.rhyme.second[1:]


def _with_sounds(word: RhymingWord) -> str:
    """Return a word with the pronunciation in which it rhymes."""
    pair = word.rhyme.pronunciations
    return f"{word.rhyme.second} ({pair[1]})" if pair else word.rhyme.second
