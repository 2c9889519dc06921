"""The nearest words of a word-level poet, for the terminal or as JSON.

The functions take a word and its neighbours with their cosines, and return lines of text, or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence


def as_text(word: str, neighbours: Sequence[tuple[str, float]], *, known: bool) -> str:
    """Return a heading and a line for each neighbour, the nearest first."""
    familiarity = "which this poet knows" if known else "which this poet does not know"
    lines = [f"Nearest words to {word!r}, {familiarity} (by vectors computed from the letters):"]
    width = max((len(neighbour) for neighbour, _ in neighbours), default=0)
    lines += [f"  {neighbour:<{width}}  {cosine:.3f}" for neighbour, cosine in neighbours]
    return "\n".join(lines)


def as_json(word: str, neighbours: Sequence[tuple[str, float]], *, known: bool) -> str:
    """Return the word and its neighbours as one JSON object."""
    near = [{"word": neighbour, "cosine": cosine} for neighbour, cosine in neighbours]
    return json.dumps({"word": word, "known": known, "near": near}, ensure_ascii=False)
