"""What can be counted about written poems.

In: poems and the words of the poet's training text. Out: `Figures`, to be read
beside the poems.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from quatrain.poet import words_of
from quatrain.records import Poem


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over some poems written with the same settings.

    Attributes:
        poems, lines, characters, words: how many; line breaks are characters.
        known_words: share of the words that stand in the poet's training text; None if there
            are no words, or none of the text's are kept.
        distinct_words: share of the words that are different from each other; it falls as
            more is written.
        entropy: mean entropy of the distributions the characters were drawn from, in bits;
            0 with temperature 0.
        surprise: mean surprise at the characters drawn, in bits, under the same
            distributions; over many draws it comes to the entropy.
    """

    poems: int
    lines: int
    characters: int
    words: int
    known_words: float | None
    distinct_words: float | None
    entropy: float
    surprise: float


def figures(
    poems: Sequence[Poem], known: Collection[str], *, entropy: float, surprise: float
) -> Figures:
    """Count.

    Args:
        poems: the poems.
        known: words of the training text, in lower case.
        entropy: mean over the draws, in bits.
        surprise: mean over the draws, in bits.
    """
    words = [word for poem in poems for word in words_of(poem.text)]
    return Figures(
        poems=len(poems),
        lines=sum(len(poem.lines) for poem in poems),
        characters=sum(len(poem.text) for poem in poems),
        words=len(words),
        known_words=sum(word in known for word in words) / len(words) if words and known else None,
        distinct_words=len(set(words)) / len(words) if words else None,
        entropy=entropy,
        surprise=surprise,
    )
