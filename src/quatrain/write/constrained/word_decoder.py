"""The decoder of a word-level poet.

In: a word-level poet. Out: its `WordDecoder`, and `WordHypothesis`, a line drawn word by word.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import WordPoet, WordVocabulary, tokens
from quatrain.write.bias import LogitBias, cosines
from quatrain.write.bias.punctuation import MARK_BIAS
from quatrain.write.constrained.decoder import LineDecoder
from quatrain.write.constrained.line_constraint import LineConstraint, Prefix
from quatrain.write.word_classes import Mask

CONTRAST = 0.75
"""Strength of `ContrastModel` in a form: with it the poems of `verse` hang together as people's do.

`benchmarks/coherence.py` compares strengths.
"""

CACHED_WORDS = 2000
"""Frequent words whose vectors are computed in one batch, before writing: faster than singly."""


class WordDecoder(LineDecoder):
    """Lines of a word-level poet."""

    unit, particles, mark_bias, contrast = "word", 8, MARK_BIAS, CONTRAST
    poet: WordPoet

    def __init__(self, poet: WordPoet) -> None:
        vocabulary = poet.vocabulary
        writable = np.ones(vocabulary.size, np.bool_)
        super().__init__(poet, vocabulary, tokens.Typesetter(vocabulary.style), writable)
        self.backwards = poet.backwards
        frequent = range(vocabulary.SPECIALS, min(vocabulary.size, CACHED_WORDS))
        poet.vectors(np.array(frequent, np.intp))

    def encode(self, line: Sequence[str]) -> list[int]:
        """Return the numbers of a line's tokens in the order of writing."""
        order = tokens.reversed_line(line) if self.backwards else line
        return list(map(int, self.vocabulary.encode(order)))

    def make_hypothesis(self, constraint: LineConstraint, bias: LogitBias) -> WordHypothesis:
        """Return the initial hypothesis: the line after its opening tokens."""
        return WordHypothesis(
            constraint,
            bias,
            constraint.after_opening(),
            tuple(token.text for token in constraint.opening),
            tuple(token.number for token in constraint.opening),
        )

    def cosines(self, word_ids: Collection[int]) -> NDArray[np.float32]:
        """Return every word's cosine with some words, by the output vectors, (vocabulary,)."""
        return cosines(self.poet.network.output.weight, word_ids)


@dataclass(frozen=True, slots=True)
class WordHypothesis:
    """A line drawn word by word.

    Attributes:
        constraint: what the line must be.
        bias: nats added to the words' scores.
        prefix: what the constraint needs to know of the tokens so far.
        tokens, word_ids: the tokens so far, and their ids, in the order of writing.
        done: whether the line is finished.
    """

    constraint: LineConstraint
    bias: LogitBias
    prefix: Prefix
    tokens: tuple[str, ...] = ()
    word_ids: tuple[int, ...] = ()
    done: bool = False

    @property
    def line_bias(self) -> float:
        """Bias of the finished line, in nats."""
        return self.bias.of_line(self.word_ids)

    def add_bias(self, scores: NDArray[np.float32]) -> None:
        """Add the line's bias to the scores in place, (vocabulary,)."""
        self.bias.add_to(scores, self.word_ids)

    def symbol_weights(self) -> Mask:
        """Return which words may come next, (vocabulary,)."""
        return self.constraint.allowed(self.prefix)

    def advance(self, symbol: int) -> WordHypothesis:
        """Return the line with one more word, or finished."""
        constraint, prefix = self.constraint, self.prefix
        if symbol == WordVocabulary.LINE:
            return WordHypothesis(
                constraint, self.bias, prefix, self.tokens, self.word_ids, done=True
            )
        tokens = (*self.tokens, constraint.token(prefix, symbol))
        prefix = constraint.advance(prefix, symbol, len(tokens))
        return WordHypothesis(constraint, self.bias, prefix, tokens, (*self.word_ids, symbol))
