"""Scansions as text, with marks above the lines and rhymes in the margin, or as JSON.

The functions take a `Scansion` and the poem's `RhymeScheme`, and return text or JSON.
"""

from __future__ import annotations

import json

from rich.text import Text

from quatrain.page.poems import facts, foot, head
from quatrain.records import LineScansion, RhymeScheme, Scansion


def as_json(scansion: Scansion, scheme: RhymeScheme) -> str:
    """Return one poem as one JSON object on one line."""
    return json.dumps(
        {
            **facts(scansion.poem),
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
                    "variations": [str(variation) for variation in line.variations],
                    "rhyme": letter,
                    "guessed": list(line.guessed),
                    "score": round(line.score, 3),
                    **_measured(line),
                }
                for line, letter in zip(scansion.lines, scheme.letters, strict=True)
            ],
        },
        ensure_ascii=False,
    )


def _measured(line: LineScansion) -> dict[str, float]:
    """Return the line's margin and confidence, if they were asked for."""
    measured = {"margin": line.margin, "confidence": line.confidence}
    return {name: round(value, 3) for name, value in measured.items() if value is not None}


def as_text(scansion: Scansion, scheme: RhymeScheme) -> Text:
    """Return a poem with its stresses above the lines and its rhymes in the margin.

    Args:
        scansion: the poem.
        scheme: its rhymes.
    """
    poem = scansion.poem
    text = head(poem)
    width = min(100, max((len(line.text) for line in scansion.lines), default=0))
    rows = zip(scansion.lines, scheme.letters, strict=True)
    for stanza in poem.stanzas:
        for _ in stanza:
            line, letter = next(rows)
            text.append_text(_line(line, letter, width))
        text.append("\n")
    text.append_text(foot(poem))
    metre, *details = scansion.summary.partition(" (")
    text.append(metre, style="bold")
    text.append("".join(details))
    if any(scheme.letters):
        text.append(f"; rhyme scheme {scheme}")
    guessed = list(dict.fromkeys(word for line in scansion.lines for word in line.guessed))
    if guessed:
        more = f" and {len(guessed) - 20} more" if len(guessed) > 20 else ""
        text.append(f"\nGuessed pronunciations: {', '.join(guessed[:20])}{more}", style="yellow")
    return text


def _line(line: LineScansion, letter: str | None, width: int) -> Text:
    text = Text().append(line.marks + "\n", style="cyan")
    text.append(line.text.ljust(width))
    text.append(f"  {letter or ' '}", style="magenta")
    remarks = [*map(str, line.variations), *(["unsure"] if line.is_unsure else [])]
    if remarks:
        text.append(f"  {'; '.join(remarks)}", style="dim")
    text.append("\n")
    return text
