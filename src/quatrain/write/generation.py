"""The base class of poems that are being written.

In: options. Out: pieces of text as they are drawn, then the finished poems. The subclasses are in
`free.characters`, `free.words` and `constrained.generation`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping

from quatrain.records import Poem, TextStatistics
from quatrain.write.options import WriteOptions


class Generation(ABC):
    """Several poems being written side by side.

    `begin` of a poet makes one. Iterate over `pieces()` to see a poem grow, or read `poems` to
    have them all.

    Attributes:
        seed: seed of the first poem; each further poem has the next number.
        settings: what every poem records of the options.
        substituted: character of the start that the alphabet lacks -> what replaces it; empty
            unless a character-level poet writes freely.
        stand_ins: word of the theme that the poet does not know -> known words in its place; none
            if the word plays no part.
    """

    def __init__(self, options: WriteOptions) -> None:
        self.seed = options.seed_or_random()
        self.settings = options.provenance()
        self.substituted: Mapping[str, str] = {}
        self.stand_ins: Mapping[str, tuple[str, ...]] = {}

    @abstractmethod
    def pieces(self, poem: int = 0) -> Iterator[str]:
        """Yield the text of one poem piece by piece; joined, it is the poem's text."""

    @abstractmethod
    def finished(self) -> Iterator[Poem]:
        """Yield the poems in their order."""

    @property
    @abstractmethod
    def statistics(self) -> TextStatistics:
        """Statistics of the finished poems."""

    @property
    def poems(self) -> list[Poem]:
        """All poems, written to their end."""
        return list(self.finished())
