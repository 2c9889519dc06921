"""A random sample of a corpus, in two halves: one to search for cells, one to check them.

In: poems. Out: a `Sample` for `cells`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from quatrain.errors import CorpusError
from quatrain.records import Poem

SAMPLE_CHARACTERS = 100_000
"""Most characters of a corpus that are read, in whole poems; seconds at 512 cells."""

PIECE_CHARACTERS = 2_000
"""Most characters of a poem that are read in one go; a longer one is cut at line ends."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts of a corpus, in two halves.

    Attributes:
        halves: texts to search for cells, and texts to check the cells on.
        apart: whether no poem is in both halves; false if there is only one poem.
    """

    halves: tuple[tuple[str, ...], tuple[str, ...]]
    separate_poems: bool

    @property
    def texts(self) -> tuple[str, ...]:
        """Texts of both halves."""
        return self.halves[0] + self.halves[1]

    @property
    def characters(self) -> tuple[int, int]:
        """Number of characters in each half, line breaks included."""
        searched, held_out = (sum(map(len, half)) for half in self.halves)
        return searched, held_out


def sample(poems: Sequence[Poem], generator: np.random.Generator) -> Sample:
    """Draw poems at random into two halves, up to `SAMPLE_CHARACTERS` in total.

    Each poem goes to the half that has fewer characters so far. Each half takes at most half of
    the total, so two poems make two halves however long the first is. If there is only one
    poem, its pieces go to the halves alternately.

    Raises:
        CorpusError: there are fewer than two poems, and fewer than two pieces of one.
    """
    nonempty = [poem for poem in poems if any(line.text for line in poem)]
    halves: tuple[list[str], list[str]] = ([], [])
    if len(nonempty) == 1:
        for place, piece in enumerate(_pieces(nonempty[0], SAMPLE_CHARACTERS)):
            halves[place % 2].append(piece)
    else:
        sizes = [0, 0]
        for number in generator.permutation(len(nonempty)).tolist():
            half = sizes.index(min(sizes))
            if sizes[half] >= SAMPLE_CHARACTERS // 2:
                break
            pieces = list(_pieces(nonempty[number], SAMPLE_CHARACTERS // 2 - sizes[half]))
            halves[half].extend(pieces)
            sizes[half] += sum(map(len, pieces))
    if not all(halves):
        raise CorpusError(
            "the poems to measure cells on",
            f"{len(halves[0])}",
            f"at least two, or one of over {PIECE_CHARACTERS:,} characters",
            "Give more verse: what is measured on one poem is checked on another.",
        )
    searched, held_out = map(tuple, halves)
    return Sample((searched, held_out), separate_poems=len(nonempty) > 1)


def _pieces(poem: Poem, most: int) -> Iterator[str]:
    """Yield pieces of whole lines, up to `PIECE_CHARACTERS` long or one line, `most` in total."""
    text = poem.text + "\n"
    begin = 0
    while begin < min(len(text), most):
        end = begin + PIECE_CHARACTERS
        if end < len(text):
            end = text.rfind("\n", begin, end) + 1 or text.find("\n", end) + 1
        piece = text[begin:end]
        if piece.strip("\n"):
            yield piece
        begin = end
