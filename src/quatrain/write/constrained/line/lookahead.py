"""Lookahead: how well a finished line leads to the line after it, where you gave that line.

In: the candidates for a line, and your own line that follows. Out: nats to add to the weight of
each candidate: the log probability of your line after it, under the distribution that lines are
drawn from. With it the search draws from the lines that may stand before yours, and not only from
those that may stand after the poem so far (Lin, Chen and Liu 2013, *Lookahead Strategies for
Sequential Monte Carlo*).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.poet import State
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.poem_constraints import PoemConstraints
from quatrain.write.constrained.poem_state import PoemState
from quatrain.write.contrast import log_softmax
from quatrain.write.search import LanguageModel, Particle


class Lookahead:
    """Weighs candidates for a line by your line after it.

    Args:
        decoder: the poet that writes.
        model: the poet, or what stands in for it while writing.
        sampling: temperature and contrast of the draw.
        constraints: all demands on the poems' lines.
    """

    def __init__(
        self,
        decoder: LineDecoder,
        model: LanguageModel,
        sampling: Sampling,
        constraints: PoemConstraints,
    ) -> None:
        self._decoder, self._model, self._constraints = decoder, model, constraints
        self._temperature = sampling.temperature or 1.0
        self._normalised = not sampling.contrast

    def sees(self, line: int) -> bool:
        """Return whether the line after one, counted from 0, is yours."""
        plans = self._constraints.plans
        return line + 1 < len(plans) and plans[line + 1].text is not None

    def gains(
        self, drafts: Sequence[PoemState], line: int, lines: Sequence[Sequence[Particle]]
    ) -> list[list[float]]:
        """Return the nats of finished lines, per poem and line.

        Args:
            drafts: the poems.
            line: number of the line that is drawn, from 0; `sees` is true for it.
            lines: the candidates of every poem, finished.
        """
        following = self._decoder.encode(self._constraints.fixed[line + 1].line)
        return [
            self._log_probabilities(candidates, draft.plans[line].end_tokens, following)
            for draft, candidates in zip(drafts, lines, strict=True)
        ]

    def _log_probabilities(
        self, candidates: Sequence[Particle], ends: Sequence[str], following: Sequence[int]
    ) -> list[float]:
        """Return the log probability of symbols after each candidate and its line ends, nats."""
        states = [particle.state for particle in candidates if particle.state is not None]
        if not states:
            return []
        state, rows = State.joined(states), len(states)
        for number in self._decoder.encode(ends):
            logits, state = self._model.step(np.full(rows, number), state)
        total = np.zeros(rows)
        for number in following:
            total += self._scores(logits)[:, number]
            logits, state = self._model.step(np.full(rows, number), state)
        return [float(nats) for nats in total]

    def _scores(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return log probabilities, (rows, symbols); of contrasted logits up to a constant.

        Contrasted logits of one line differ by a constant only, since what they are contrasted with
        starts again at every line.
        """
        scores = logits / np.float32(self._temperature)
        return log_softmax(scores) if self._normalised else scores
