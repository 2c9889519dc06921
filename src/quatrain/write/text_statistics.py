"""Statistics of written poems.

In: poems, and the words of the poet's training text. Out: `TextStatistics`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from quatrain.poet import words_of
from quatrain.records import Poem, TextStatistics


def measure(
    poems: Sequence[Poem],
    known: Collection[str],
    *,
    entropy: float | None,
    surprisal: float,
    unit: str = "character",
) -> TextStatistics:
    """Return the statistics of some poems.

    Args:
        poems: the poems.
        known: words of the training text, in lower case.
        entropy: mean over the draws, in bits, if it was measured.
        surprisal: mean over the draws, in bits.
        unit: "character" or "word".
    """
    words = [word for poem in poems for word in words_of(poem.text)]
    return TextStatistics(
        poems=len(poems),
        lines=sum(len(poem.lines) for poem in poems),
        characters=sum(len(poem.text) for poem in poems),
        words=len(words),
        known_words=sum(word in known for word in words) / len(words) if words and known else None,
        distinct_words=len(set(words)) / len(words) if words else None,
        entropy=entropy,
        surprisal=surprisal,
        unit=unit,
    )
