"""The decoder of a word-level poet.

In: a word-level poet. Out: its `WordDecoder`, and `WordHypothesis`, a line drawn word by word.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import WordPoet, WordVocabulary, tokens
from quatrain.write.bias import LogitBias, closing_marks
from quatrain.write.bias.punctuation import MARK_BIAS
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.line.constraint import LineConstraint, Prefix
from quatrain.write.constrained.stand_ins import may_stand_in
from quatrain.write.contrast import log_softmax
from quatrain.write.near import Nearness, ThemeWords, nearness_to
from quatrain.write.word_classes import Mask

CONTRAST = 0.75
"""Strength of `ContrastModel` in a form: with it the poems of `verse` hang together as people's do.

`benchmarks/coherence.py` compares strengths.
"""

CONTEXTS = 64
"""Most frequent tokens after which the surprisal of a word is averaged."""

CACHED_WORDS = 2000
"""Frequent words whose vectors are computed in one batch, before writing: faster than singly."""


class WordDecoder(LineDecoder):
    """Lines of a word-level poet.

    Args:
        poet: the poet, which has all the words.
        user_words: those of its words that a user gives.
    """

    unit, particles, mark_bias, contrast = "word", 8, MARK_BIAS, CONTRAST
    poet: WordPoet

    def __init__(self, poet: WordPoet, user_words: Collection[str] = ()) -> None:
        vocabulary = poet.vocabulary
        writable = np.ones(vocabulary.size, np.bool_)
        typesetter = tokens.Typesetter(vocabulary.style)
        super().__init__(poet, vocabulary, typesetter, writable, user_words)
        self.backwards = poet.backwards
        self.ends_in_final_mark = bool(closing_marks(poet).any())
        frequent = range(vocabulary.SPECIALS, min(vocabulary.size, CACHED_WORDS))
        poet.vectors(np.array(frequent, np.intp))

    def with_words(self, words: Collection[str]) -> WordDecoder:
        """Return a decoder of the poet with more words, read by their letters."""
        return WordDecoder(self.poet.with_words(words, may_stand_in), words)

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

    def nearness(self, theme: ThemeWords) -> Nearness:
        """Return how near every word is to a theme."""
        return nearness_to(theme, self.poet)

    def mean_surprisal(self, word_id: int) -> float:
        """Return the mean surprisal of a word as the second of a line, after frequent tokens.

        In nats, at temperature 1.
        """
        first = self.vocabulary.SPECIALS
        contexts = np.arange(first, min(self.vocabulary.size, first + CONTEXTS))
        _, state = self.start(self.poet)
        _, state = self.poet.step(np.array([self.vocabulary.LINE]), state)
        logits, _ = self.poet.step(contexts, state.select([0] * len(contexts)))
        return -float(log_softmax(logits)[:, word_id].mean())


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

    def add_bias(self, scores: NDArray[np.float32]) -> None:
        """Add the line's bias to the scores in place, (vocabulary,)."""
        self.bias.add_to(scores, self.word_ids)

    def symbol_weights(self) -> Mask | NDArray[np.float32]:
        """Return the factor on every word's probability, (vocabulary,); 0 if it may not come.

        The factor is 1, but for a word that the line must include (`LineConstraint.gains`), and
        where a line written from its end may begin: a word that it may begin with has its factor as
        an opening. If the line goes on after it, the next word has the inverse, so that only the
        real opening counts.
        """
        constraint, prefix = self.constraint, self.prefix
        allowed = constraint.allowed(prefix)
        gains, opened = constraint.gains(prefix), 0.0
        nats = self.bias.openings
        if nats and self.bias.backwards:
            drawn = self.word_ids[len(constraint.opening) :]
            opened = nats.get(drawn[-1], 0.0) if drawn and constraint.may_end(prefix) else 0.0
            for word in nats:
                if allowed[word] and constraint.may_end(prefix, word):
                    gains[word] = gains.get(word, 0.0) + nats[word]
        if not (opened or gains):
            return allowed
        weights = allowed.astype(np.float32)
        for word, gain in gains.items():
            weights[word] *= math.exp(gain)
        if opened:
            may_end = weights[WordVocabulary.LINE]
            weights *= math.exp(-opened)
            weights[WordVocabulary.LINE] = may_end
        return weights

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
