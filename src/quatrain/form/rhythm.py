"""Rhythm: whether a line sounds like its metre, beyond what the metre's rules allow.

In: lines. Out: nats. The automaton of a metre says which lines keep it. Some of those fall into
another rhythm when they are read: *He listened and sighed, and he loved her too* keeps iambic
pentameter if *and* bears a beat, and every reader gives it four beats in triple time. The scanner
hears that.
"""

from __future__ import annotations

from collections.abc import Sequence

from quatrain.sound import Ear
from quatrain.sound.scansion.grammar import KINDS
from quatrain.sound.scansion.scanner import Scanner

DOUBLE_FEET = frozenset({"iambic", "trochaic"})
"""Feet of two syllables."""

_CACHE_LIMIT = 2000
"""Lines whose margins are cached; one more clears the cache, to bound memory."""


class Rhythm:
    """Hears which rhythm lines have; the scanner is loaded at the first line.

    Args:
        ear: what says words.
    """

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._scanner: Scanner | None = None
        self._margins: dict[str, float] = {}

    def margins(self, lines: Sequence[str]) -> list[float]:
        """Return how much better each line scans in feet of two syllables than of three, in nats.

        Half of the lines of people's iambic pentameter are above 6, and nine in ten above 1.

        Args:
            lines: the lines, each scanned by itself.
        """
        new = [line for line in dict.fromkeys(lines) if line not in self._margins]
        if new:
            if self._scanner is None:
                self._scanner = Scanner(self._ear)
            if len(self._margins) > _CACHE_LIMIT:
                self._margins.clear()
                new = list(dict.fromkeys(lines))
            scores = self._scanner.kind_scores(new)
            margins = scores[:, KINDS.index("double")] - scores[:, KINDS.index("triple")]
            self._margins.update(zip(new, margins.tolist(), strict=True))
        return [self._margins[line] for line in lines]
