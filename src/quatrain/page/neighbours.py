"""Words spelled and used alike, shown.

In: a word and its neighbours with their cosines. Out: lines of text, or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence


def as_text(word: str, neighbours: Sequence[tuple[str, float]], *, known: bool) -> str:
    """Return a heading and a line for each neighbour, the nearest first."""
    met = "which this poet knows" if known else "which this poet never saw"
    lines = [f"Nearest to {word!r}, {met}, by the vectors made of their letters:"]
    width = max((len(other) for other, _ in neighbours), default=0)
    lines += [f"  {other:<{width}}  {cosine:.3f}" for other, cosine in neighbours]
    return "\n".join(lines)


def as_json(word: str, neighbours: Sequence[tuple[str, float]], *, known: bool) -> str:
    """Return the same as one JSON object."""
    near = [{"word": other, "cosine": cosine} for other, cosine in neighbours]
    return json.dumps({"word": word, "known": known, "near": near}, ensure_ascii=False)
