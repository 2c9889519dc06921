"""How a poem of words begins: whole lines, and perhaps the first words of the next.

In: what the user typed. Out: `Start`; and for a poet that writes each line from its end, the
end of a line that was begun. The words given come last there, so ends are drawn first, many at
once, and one is chosen by how likely the given words are before it (importance resampling,
Rubin 1988).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.poet import State, WordPoet, tokens
from quatrain.records import Poem
from quatrain.write.free.page_rules import Grammar
from quatrain.write.sampling import distribution, draw

_ENDS = 48
"""Ends drawn for a line that was begun; each may be cut anywhere."""

_LONGEST = 10
"""Tokens that an end has at most."""

_HEARD = 64
"""Of a line that was begun, so many tokens next to the end say how well it fits."""


@dataclass(frozen=True)
class Start:
    """A beginning.

    Attributes:
        lines: whole lines of tokens, with their ends.
        begun: the first tokens of the line after them; empty if none was begun.
    """

    lines: list[list[str]]
    begun: list[str]

    @classmethod
    def of(cls, text: str) -> Start:
        """Read what the user typed; without a line break at its end, the last line goes on."""
        rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines = tokens.poem_tokens(Poem.from_lines(rows[:-1])) if rows[:-1] else []
        blank = len(rows) > 1 and not rows[-2].strip()
        if lines and blank and rows[-1].strip():
            lines[-1].append(tokens.STANZA_END)
        return cls(lines, tokens.line_tokens(rows[-1]))


def end_of_line(
    poet: WordPoet,
    begun: list[str],
    logits: NDArray[np.float32],
    state: State,
    sampling: Sampling,
    grammar: Grammar,
    generator: np.random.Generator,
) -> list[int]:
    """The end of a line whose first words are given, for a poet that reads lines from their end.

    Args:
        poet: reads every line from its end.
        begun: the line's first tokens.
        logits: of the next word, (1, vocabulary).
        state: after all that stands before the line, of one poem.
        sampling: how words are drawn.
        grammar: which may stand beside which.
        generator: of the poem.

    Returns:
        The numbers of the tokens after `begun`, in the order they are read: from the line's end.
    """
    vocabulary = poet.vocabulary
    given = [*vocabulary.encode(begun)[::-1].tolist(), vocabulary.LINE]
    state = state.select([0] * _ENDS)
    logits = np.repeat(logits, _ENDS, axis=0)
    ends: list[list[int]] = [[] for _ in range(_ENDS)]
    found: list[tuple[float, list[int]]] = []
    for _ in range(_LONGEST):
        allowed = np.stack([grammar.allowed(end) for end in ends])
        allowed[:, vocabulary.LINE] = False
        drawn = draw(distribution(logits, sampling, allowed), [generator] * _ENDS)
        for end, number in zip(ends, drawn.tolist(), strict=True):
            end.append(number)
        logits, state = poet.step(drawn, state)
        fits = np.array([grammar.allowed(end)[given[0]] for end in ends])
        likely = _log_chance(poet, given, logits, state)
        found += [
            (float(chance), list(end))
            for chance, end, fit in zip(likely, ends, fits, strict=True)
            if fit
        ]
    if not found:
        return []
    chances = np.array([chance for chance, _ in found])
    if sampling.temperature == 0.0:
        return found[int(chances.argmax())][1]
    weights = np.exp((chances - chances.max()) / sampling.temperature)
    chosen = np.searchsorted(np.cumsum(weights), generator.random() * weights.sum())
    return found[min(int(chosen), len(found) - 1)][1]


def _log_chance(
    poet: WordPoet, given: list[int], logits: NDArray[np.float32], state: State
) -> NDArray[np.float64]:
    """The log probability of tokens in a row after each of several states, (states,)."""
    total = np.zeros(len(logits))
    given = given[:_HEARD]
    for place, number in enumerate(given):
        values = logits.astype(np.float64)
        top = values.max(axis=1)
        total += values[:, number] - top - np.log(np.exp(values - top[:, None]).sum(axis=1))
        if place < len(given) - 1:
            logits, state = poet.step(np.full(len(logits), number), state)
    return total
