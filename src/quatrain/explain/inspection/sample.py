"""What a poet's cells are looked for in: poems drawn from a corpus, in two halves.

In: poems. Out: a `Sample`; next `cells`, which searches one half and checks on the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from quatrain.errors import CorpusError
from quatrain.records import Poem

SAMPLE = 100_000
"""Characters of the corpus that are read, in whole poems: seconds at 512 cells."""

PIECE = 2_000
"""A longer poem is read in pieces of whole lines, each as if it were a poem."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts of a corpus, in two halves.

    Attributes:
        halves: texts that cells are looked for in, and texts that what was found is checked on.
        apart: whether no poem is in both, as it is unless there is one poem only.
    """

    halves: tuple[tuple[str, ...], tuple[str, ...]]
    apart: bool

    @property
    def texts(self) -> tuple[str, ...]:
        """Those of both halves."""
        return self.halves[0] + self.halves[1]

    @property
    def characters(self) -> tuple[int, int]:
        """How many each half has, line breaks included."""
        searched, held_out = (sum(map(len, half)) for half in self.halves)
        return searched, held_out


def sample(poems: Sequence[Poem], generator: np.random.Generator) -> Sample:
    """Poems in random order, each to the half that has less yet; `SAMPLE` characters in all.

    Half of them is the most of either half, so two poems make two halves however long the
    first is. Of one poem alone, the pieces go to the halves in turn.

    Raises:
        CorpusError: there are not two poems, or pieces of a long one.
    """
    written = [poem for poem in poems if any(line.text for line in poem)]
    halves: tuple[list[str], list[str]] = ([], [])
    if len(written) == 1:
        for place, piece in enumerate(_pieces(written[0], SAMPLE)):
            halves[place % 2].append(piece)
    else:
        sizes = [0, 0]
        for number in generator.permutation(len(written)).tolist():
            half = sizes.index(min(sizes))
            if sizes[half] >= SAMPLE // 2:
                break
            pieces = list(_pieces(written[number], SAMPLE // 2 - sizes[half]))
            halves[half].extend(pieces)
            sizes[half] += sum(map(len, pieces))
    if not all(halves):
        raise CorpusError(
            "the poems to look for cells in",
            f"{len(halves[0])}",
            f"at least two, or one of over {PIECE:,} characters",
            "Give more verse: what is found on one poem is checked on another.",
        )
    searched, held_out = map(tuple, halves)
    return Sample((searched, held_out), apart=len(written) > 1)


def _pieces(poem: Poem, most: int) -> Iterator[str]:
    """Whole lines, up to `PIECE` characters of them or else one line, until `most` are reached."""
    text = poem.text + "\n"
    begin = 0
    while begin < min(len(text), most):
        end = begin + PIECE
        if end < len(text):
            end = text.rfind("\n", begin, end) + 1 or text.find("\n", end) + 1
        piece = text[begin:end]
        if piece.strip("\n"):
            yield piece
        begin = end
