"""The interface of a line decoder: a poet as constrained writing sees it.

Out: `LineDecoder`, the base class of those in `word_decoder` and `character_decoder`. Both write
words of a `WordVocabulary`, and differ in the symbols that they read and draw.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import Poet, State, WordVocabulary, tokens
from quatrain.write.bias import LogitBias
from quatrain.write.constrained.line.constraint import LineConstraint
from quatrain.write.near import Nearness, ThemeWords
from quatrain.write.search import Hypothesis, LanguageModel
from quatrain.write.word_classes import Mask


class LineDecoder(ABC):
    """A poet that reads and draws lines of words for a form.

    Attributes:
        poet: whose symbols are words or characters.
        vocabulary: words that the decoder writes with.
        typesetter: sets tokens as text.
        writable: words and marks that it can write, (vocabulary,).
        backwards: whether lines are written from their end.
        unit: name of its symbols, `word` or `character`.
        mark_bias: nats added to marks at temperature 0, as in `bias.punctuation`.
        particles: lines drawn side by side for each line kept, unless you ask for another number.
        contrast: contrast that it writes with unless you set one.
        ends_in_final_mark: whether its poems end in a full stop or the like, however its lines end.
        alphabet: characters that it can read, or None for any.
        user_words: words that a user gives, which stand only where they are asked for.
    """

    unit: str
    particles: int
    mark_bias = 0.0
    contrast = 0.0
    ends_in_final_mark = False
    backwards = False
    alphabet: frozenset[str] | None = None

    def __init__(
        self,
        poet: Poet,
        vocabulary: WordVocabulary,
        typesetter: tokens.Typesetter,
        writable: Mask,
        user_words: Collection[str] = (),
    ) -> None:
        self.poet, self.vocabulary, self.user_words = poet, vocabulary, frozenset(user_words)
        self.typesetter, self.writable = typesetter, writable

    @property
    def word_count(self) -> int:
        """Number of words and marks that can be written."""
        return int(self.writable[self.vocabulary.SPECIALS :].sum())

    def start(self, model: LanguageModel) -> tuple[NDArray[np.float32], State]:
        """Return the logits of a poem's first symbol, (1, symbols), and the state before it."""
        return model.step(np.array([self.poet.vocabulary.START]), model.start(1))

    def read(
        self, model: LanguageModel, line: Sequence[str], state: State
    ) -> tuple[NDArray[np.float32], State]:
        """Read some tokens of a line, at least one, or its ends, given in reading order.

        Args:
            model: the poet, or what stands in for it while writing.
            line: the tokens.
            state: the model's state before them.
        """
        for number in self.encode(line):
            logits, state = model.step(np.array([number]), state)
        return logits, state

    def begin(
        self,
        model: LanguageModel,
        constraint: LineConstraint,
        bias: LogitBias,
        logits: NDArray[np.float32],
        state: State,
    ) -> tuple[Hypothesis, NDArray[np.float32], State]:
        """Read the tokens that a line starts with; return where the search starts."""
        if constraint.opening:
            opening = [token.text for token in constraint.opening]
            opening = opening[::-1] if self.backwards else opening
            logits, state = self.read(model, opening, state)
        return self.make_hypothesis(constraint, bias), logits, state

    def surprisals(self, poems: Sequence[Sequence[Sequence[str]]]) -> list[NDArray[np.float32]]:
        """Return the surprisal of every symbol of poems, given as lines of tokens, in nats."""
        start = self.poet.vocabulary.START
        encoded = [[start, *chain(*map(self.encode, lines))] for lines in poems]
        return self.poet.surprisals([np.array(numbers, np.uint16) for numbers in encoded])

    def mean_surprisal(self, word_id: int) -> float:  # noqa: ARG002
        """Return about how many nats a word costs where it comes; 0 if that is not known."""
        return 0.0

    @abstractmethod
    def with_words(self, words: Collection[str]) -> LineDecoder:
        """Return a decoder that can also write words that a user gives."""

    @abstractmethod
    def encode(self, line: Sequence[str]) -> list[int]:
        """Return the symbols that a line or a part of it is read as; its ends may be included."""

    @abstractmethod
    def make_hypothesis(self, constraint: LineConstraint, bias: LogitBias) -> Hypothesis:
        """Return the initial hypothesis: the line after its opening tokens."""

    @abstractmethod
    def nearness(self, theme: ThemeWords) -> Nearness | None:
        """Return how near every word is to a theme; None if the poet does not know words."""
