"""Scores of finished candidates for a line, beside the poet's own.

In: the lines that a search has finished. Out: nats to add to the log weight of each: for the rhythm
of a metre of two syllables, where the poet is contrasted; by a critic, where there is one; and for
the line after it, where you gave that line.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from quatrain.form import DOUBLE_FEET, MetreAutomaton
from quatrain.write.bias import rhythm_bias
from quatrain.write.constrained.line.lookahead import Lookahead
from quatrain.write.constrained.poem_constraints import PoemConstraints
from quatrain.write.constrained.poem_state import PoemState
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.line_critic import LineCritic
from quatrain.write.search import LineScorer, Particle


class LineScores:
    """Scores the candidates for a line of poems that are written side by side.

    Args:
        prosody: of the poet's words.
        constraints: all demands on the poems' lines.
        backwards: whether lines are written from their end.
        rhythm: whether to score their rhythm.
        critic: scores them too, or None.
        lookahead: scores them by your line after them.
    """

    def __init__(
        self,
        prosody: Prosody,
        constraints: PoemConstraints,
        *,
        backwards: bool,
        rhythm: bool,
        critic: LineCritic | None,
        lookahead: Lookahead,
    ) -> None:
        self._prosody, self._constraints = prosody, constraints
        self._backwards, self._rhythm, self._critic = backwards, rhythm, critic
        self._lookahead = lookahead

    def scorer(self, drafts: Sequence[PoemState], line: int) -> LineScorer | None:
        """Return what scores the candidates for a line of some poems, or None if nothing does.

        Args:
            drafts: the poems.
            line: number of the line that is drawn, from 0.
        """
        if self._critic is None and not self._rhythm and not self._lookahead.sees(line):
            return None
        return partial(self._scores, drafts, line)

    def _scores(
        self, drafts: Sequence[PoemState], line: int, lines: Sequence[Sequence[Particle]]
    ) -> list[list[float]]:
        """Return the nats of finished lines, per poem and line."""
        step = -1 if self._backwards else 1
        texts = [
            [self._prosody.typesetter.line(drawn.hypothesis.tokens[::step]) for drawn in candidates]
            for candidates in lines
        ]
        biases = [[0.0] * len(row) for row in texts]
        if self._rhythm:
            biases = self._rhythm_biases(drafts, line, texts)
        terms = [biases]
        if self._lookahead.sees(line):
            terms.append(self._lookahead.gains(drafts, line, lines))
        if self._critic is not None:
            gains = [
                self._critic.log_weights(draft.text, row, draft.text_after(line))
                for draft, row in zip(drafts, texts, strict=True)
            ]
            terms.append(gains)
        return [list(map(sum, zip(*rows, strict=True))) for rows in zip(*terms, strict=True)]

    def _rhythm_biases(
        self, drafts: Sequence[PoemState], line: int, texts: Sequence[Sequence[str]]
    ) -> list[list[float]]:
        """Return the bias of finished lines for their rhythm, in nats, per poem and line."""
        measure = self._constraints.measure(line)
        if not isinstance(measure, MetreAutomaton) or measure.foot not in DOUBLE_FEET:
            return [[0.0] * len(row) for row in texts]
        margins = iter(self._prosody.rhythm.margins([text for row in texts for text in row]))
        earlier = [self._prosody.rhythm.margins([*filter(None, draft.texts)]) for draft in drafts]
        return [
            [rhythm_bias(next(margins), before) for _ in row]
            for row, before in zip(texts, earlier, strict=True)
        ]
