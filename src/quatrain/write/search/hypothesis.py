"""Protocols of a line search: the language model, the unfinished line, and the search itself.

Out: the types `LanguageModel`, `Hypothesis`, `Particle`, `LineScorer` and `Search`. A symbol is
what the poet draws: a word or a character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import State


class LanguageModel(Protocol):
    """A poet, word-level or character-level."""

    def start(self, poems: int) -> State:
        """Return the state before the first symbol."""

    def step(
        self, ids: NDArray[np.integer[Any]], state: State
    ) -> tuple[NDArray[np.float32], State]:
        """Read one symbol of each poem; return the next symbol's logits and the new state."""


class Hypothesis(Protocol):
    """An unfinished line that knows which symbols may come next.

    It never changes: `advance` returns a new one.
    """

    @property
    def tokens(self) -> tuple[str, ...]:
        """Words and marks drawn so far, in the order of writing."""

    @property
    def word_ids(self) -> tuple[int, ...]:
        """Ids of the same tokens in the vocabulary of words."""

    @property
    def done(self) -> bool:
        """True once the line is finished."""

    def add_bias(self, scores: NDArray[np.float32]) -> None:
        """Add the line's bias, in nats, to the next symbol's scores in place, (symbols,).

        Scores are logits divided by the temperature.
        """

    def symbol_weights(self) -> NDArray[np.bool_] | NDArray[np.float32]:
        """Return the factor on every symbol's probability, (symbols,); 0 if it may not come."""

    def advance(self, symbol: int) -> Hypothesis:
        """Return the line with one more symbol."""


@dataclass(frozen=True, slots=True)
class Particle:
    """A hypothesis with its weight.

    Attributes:
        hypothesis: the line, finished or not.
        weight: importance weight as a logarithm (`smc`), or log probability of the line (`beam`).
        state: the poet's state before the line's end, once the line is finished; until then None.
    """

    hypothesis: Hypothesis
    weight: float = 0.0
    state: State | None = None


class LineScorer(Protocol):
    """Function that weighs finished lines once more, before one of them is taken."""

    def __call__(self, lines: Sequence[Sequence[Particle]]) -> Sequence[Sequence[float]]:
        """Return the nats to add to the log weight of each finished line.

        Args:
            lines: per poem its finished lines, each once, with the poet's state before its end.
        """


def line_scores(
    particles: Sequence[Sequence[Particle]], scorer: LineScorer | None
) -> list[dict[tuple[str, ...], float]]:
    """Return the nats of each poem's finished lines: tokens of the line -> nats.

    Args:
        particles: per poem; those without a finished line are passed over.
        scorer: what scores the lines, all poems' at once; None scores none.
    """
    if scorer is None:
        return [{} for _ in particles]
    lines = [
        {particle.hypothesis.tokens: particle for particle in of_poem if particle.state is not None}
        for of_poem in particles
    ]
    scores = scorer([list(of_poem.values()) for of_poem in lines])
    return [
        dict(zip(of_poem, nats, strict=True)) for of_poem, nats in zip(lines, scores, strict=True)
    ]


class Search(Protocol):
    """Search for one line of each of several poems: a `ParticleFilter` or a `BeamSearch`."""

    def lines(
        self,
        hypotheses: Sequence[Hypothesis],
        state: State,
        logits: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
        scorer: LineScorer | None = None,
    ) -> list[list[Particle]]:
        """Find finished lines for each poem.

        Args:
            hypotheses: one per poem, where its line starts.
            state: the poet's state there, one row per poem.
            logits: logits of the next symbol, (poems, symbols).
            generators: one random generator per poem.
            scorer: weighs the finished lines once more, or None.

        Returns:
            Per poem its finished lines in the order to try them; empty if every line got stuck.
        """
