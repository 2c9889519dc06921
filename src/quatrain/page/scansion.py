"""Scanned verse, shown: marks above the line, letters in the margin; JSON for programs.

In: a `Scansion` and the poem's `RhymeScheme`. Out: text.
"""

from __future__ import annotations

import json

from rich.text import Text

from quatrain.records import LineScansion, RhymeScheme, Scansion

MARKS = {"+": "/", "-": "x"}
"""A stressed and an unstressed syllable, as books on metre print them."""


def as_json(scansion: Scansion, scheme: RhymeScheme) -> str:
    """One poem as one JSON object on one line."""
    poem = scansion.poem
    facts = {"title": poem.title, "author": poem.author, "form": poem.form}
    return json.dumps(
        {
            **{name: value for name, value in facts.items() if value},
            "metre": str(scansion.metre),
            "confidence": round(scansion.confidence, 4),
            "regularity": round(scansion.regularity, 4),
            "scheme": str(scheme),
            "lines": [
                {
                    "text": line.text,
                    "stress": line.stress,
                    "beats": line.beats,
                    "metre": str(line.metre),
                    "feet": list(line.feet),
                    "variations": [str(each) for each in line.variations],
                    "rhyme": letter,
                    "guessed": list(line.guessed),
                    "score": round(line.score, 3),
                    **({} if line.margin is None else {"margin": round(line.margin, 3)}),
                }
                for line, letter in zip(scansion.lines, scheme.letters, strict=True)
            ],
        },
        ensure_ascii=False,
    )


def as_text(scansion: Scansion, scheme: RhymeScheme, vowels: list[list[int]]) -> Text:
    """One poem with its stresses above the lines and its rhymes in the margin.

    Args:
        scansion: the poem.
        scheme: its rhymes.
        vowels: per line, where the vowel of each syllable stands.
    """
    shown = Text()
    poem = scansion.poem
    if poem.title:
        shown.append(f"{poem.title}\n\n", style="bold")
    width = min(100, max((len(line.text) for line in scansion.lines), default=0))
    number = 0
    for stanza in poem.stanzas:
        for _ in stanza:
            line, letter = scansion.lines[number], scheme.letters[number]
            shown.append_text(_line(line, letter, vowels[number], width))
            number += 1
        shown.append("\n")
    shown.append(f"{scansion.metre}", style="bold")
    if scansion.metre.feet:
        shown.append(
            f" (its foot {scansion.confidence:.0%} sure; {scansion.regularity:.0%} of lines in it)"
        )
    if any(scheme.letters):
        shown.append(f", rhymed {scheme}")
    guessed = list(dict.fromkeys(word for line in scansion.lines for word in line.guessed))
    if guessed:
        shown.append(f"\nGuessed: {', '.join(guessed[:20])}", style="yellow")
        if len(guessed) > 20:
            shown.append(f" and {len(guessed) - 20} more", style="yellow")
    return shown


def _line(line: LineScansion, letter: str | None, vowels: list[int], width: int) -> Text:
    marks = [" "] * max(len(line.text), 1)
    for place, mark in zip(vowels, line.stress, strict=True):
        marks[min(place, len(marks) - 1)] = MARKS[mark]
    shown = Text("".join(marks).rstrip() + "\n", style="cyan")
    shown.append(line.text.ljust(width), style="default")
    shown.append(f"  {letter or ' '}", style="magenta")
    told = "; ".join(str(each) for each in line.variations)
    if told:
        shown.append(f"  {told}", style="dim")
    shown.append("\n")
    return shown
