"""Free verse while it is written: one symbol of every unfinished poem at a time.

In: a poet, the drafts of its poems, and options. Out: finished poems, and statistics of the draws.
Subclasses define the symbols, and which of them may come next.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import Poet, State
from quatrain.records import Poem, TextStatistics
from quatrain.write.contrast import with_contrast
from quatrain.write.generation import Generation
from quatrain.write.options import WriteOptions
from quatrain.write.sampling import Probabilities, distribution, draw
from quatrain.write.text_statistics import measure


class Draft(Protocol):
    """A poem being written.

    Attributes:
        ended: what ended the poem; None while it is being written.
    """

    ended: str | None


Drafted = TypeVar("Drafted", bound=Draft)


class FreeGeneration(Generation, Generic[Drafted]):
    """Several free poems being written side by side, one symbol of each at a time.

    A subclass calls `_begin` with the drafts, and with the poet's state after the start.

    Args:
        poet: the poet.
        options: the options.
    """

    unit: ClassVar[str]
    """Name of what is drawn: "character" or "word"."""

    _drafts: list[Drafted]
    _logits: NDArray[np.float32]
    """Logits of the next symbol, (unfinished poems, symbols)."""
    _state: State
    """State of the unfinished poems."""

    def __init__(self, poet: Poet, options: WriteOptions) -> None:
        super().__init__(options)
        self._poet, self._sampling = poet, options.drawing
        self._model = with_contrast(poet, self._sampling.contrast)
        self._generators = [
            np.random.default_rng(self.seed + poem) for poem in range(options.poems)
        ]
        self._active = list(range(options.poems))
        self._entropy = self._surprisal = 0.0  # bits, summed over the draws
        self._draws = 0

    def _begin(self, drafts: list[Drafted], logits: NDArray[np.float32], state: State) -> None:
        """Continue every poem from the same start; logits and state are those of one poem."""
        self._drafts = drafts
        self._state = state.select([0] * len(drafts))
        self._logits = np.repeat(logits, len(drafts), axis=0)

    @abstractmethod
    def _text(self, draft: Drafted) -> str:
        """Return the text of a poem so far."""

    @abstractmethod
    def _allowed(self, drafts: Sequence[Drafted]) -> NDArray[np.bool_]:
        """Return which symbols may come next in each of some poems, (poems, symbols)."""

    @abstractmethod
    def _add(self, draft: Drafted, symbol: int) -> None:
        """Add the symbol that was drawn for a poem."""

    def _biased(
        self,
        logits: NDArray[np.float32],
        drafts: Sequence[Drafted],  # noqa: ARG002  of use to subclasses
    ) -> NDArray[np.float32]:
        """Return the logits to draw from, (poems, symbols); the poet's own unless overridden."""
        return logits

    def finished(self) -> Iterator[Poem]:
        """Yield the poems in their order, each as soon as it and those before it are written."""
        substituted = {"substituted": dict(self.substituted)} if self.substituted else {}
        for number, draft in enumerate(self._drafts):
            while not draft.ended:
                self._advance()
            yield Poem.from_lines(
                self._text(draft).split("\n"),
                source=self._poet.name,
                seed=self.seed + number,
                settings={**self.settings, "ended": draft.ended, **substituted},
            )

    @property
    def statistics(self) -> TextStatistics:
        """Statistics of the finished poems."""
        poems = self.poems
        return measure(
            poems,
            self._poet.words,
            entropy=self._entropy / max(self._draws, 1),
            surprisal=self._surprisal / max(self._draws, 1),
            unit=self.unit,
        )

    @property
    def next_symbols(self) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Logits of the next symbol of every unfinished poem, and which symbols may come.

        Both of shape (unfinished poems, symbols). `sampling.distribution` makes of them what is
        drawn from.
        """
        drafts = [self._drafts[poem] for poem in self._active]
        return self._biased(self._logits, drafts), self._allowed(drafts)

    def _advance(self) -> None:
        """Draw the next symbol of every unfinished poem."""
        drafts = [self._drafts[poem] for poem in self._active]
        logits, allowed = self.next_symbols
        probabilities = distribution(logits, self._sampling, allowed)
        symbols = draw(probabilities, [self._generators[poem] for poem in self._active])
        self._measure(probabilities, symbols)
        for draft, symbol in zip(drafts, symbols.tolist(), strict=True):
            self._add(draft, symbol)
        unfinished = [row for row, draft in enumerate(drafts) if not draft.ended]
        if len(unfinished) < len(drafts):
            self._active = [self._active[row] for row in unfinished]
            self._state = self._state.select(unfinished)
            symbols = symbols[unfinished]
        if self._active:
            self._logits, self._state = self._model.step(symbols, self._state)

    def _measure(self, probabilities: Probabilities, symbols: NDArray[np.intp]) -> None:
        """Add the entropy of the distributions, and the surprisal of what was drawn from them."""
        bits = -np.log2(np.maximum(probabilities, np.finfo(np.float64).tiny))  # 0 log 0 = 0
        self._entropy += float(np.vdot(probabilities, bits))
        self._surprisal += float(bits[np.arange(len(symbols)), symbols].sum())
        self._draws += len(symbols)
