"""What a poem in a form needs of its poet: that it reads lines, and draws the next one.

In: a poet. Out: a `LineDecoder`, of words here, of characters in `spelled_lines`. Both write words
of a `WordVocabulary`; what differs is the symbols that they read and draw.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import Poet, State, WordPoet, WordVocabulary, tokens
from quatrain.write.bias.agreement import Agreement
from quatrain.write.bias.low_temperature import MARKS
from quatrain.write.constrained.line_constraint import LineConstraint, Mask, Prefix
from quatrain.write.search import Hypothesis

TWICE = 6.0
"""Nats a word loses when it would stand beside itself."""

USUAL = 2000
"""Words whose vectors are made before writing."""


@dataclass(frozen=True)
class LogitBias:
    """What words gain or lose beside what the poet thinks of them, in nats.

    Attributes:
        bias: of every word, (vocabulary,).
        again: what it loses if its line has it already, (vocabulary,).
        twice: what it loses beside itself.
        agreement: what it loses beside others, if that matters.
    """

    bias: NDArray[np.float32]
    again: NDArray[np.floating]
    twice: float = TWICE
    agreement: Agreement | None = None


class LineDecoder(ABC):
    """Reads and draws lines of words for a form.

    Attributes:
        poet: whose lines; its symbols are words or characters.
        vocabulary: the words it writes with.
        page: sets them as text.
        able: which of them it can write, (vocabulary,).
        backwards: whether lines are written from their end.
        drawn: what its symbols are.
        marks_gain: nats that a mark gains on words from temperature 1 to 0, times the temperature.
        particles: lines drawn side by side for each line kept, unless asked otherwise.
        alphabet: the characters it reads, or None if any.
    """

    drawn: str
    particles: int
    marks_gain = 0.0
    backwards = False
    alphabet: frozenset[str] | None = None

    def __init__(
        self,
        poet: Poet,
        vocabulary: WordVocabulary,
        page: tokens.Page,
        able: Mask,
    ) -> None:
        self.poet, self.vocabulary, self.page, self.able = poet, vocabulary, page, able

    @property
    def words(self) -> int:
        """How many words and marks it can write."""
        return int(self.able[self.vocabulary.SPECIALS :].sum())

    def start(self) -> tuple[NDArray[np.float32], State]:
        """The logits of a poem's first symbol, (1, symbols), and the state before it."""
        return self.poet.step(np.array([self.poet.vocabulary.START]), self.poet.start(1))

    def read(self, line: Sequence[str], state: State) -> tuple[NDArray[np.float32], State]:
        """Read some tokens of a line, at least one, or its ends, in reading order."""
        for number in self.symbols(line):
            logits, state = self.poet.step(np.array([number]), state)
        return logits, state

    def begin(
        self, task: LineConstraint, leaning: LogitBias, logits: NDArray[np.float32], state: State
    ) -> tuple[Hypothesis, NDArray[np.float32], State]:
        """Where a line is to go on once what comes first in it is read."""
        if task.opening:
            opening = [each.token for each in task.opening]
            logits, state = self.read(opening[::-1] if self.backwards else opening, state)
        return self.make_hypothesis(task, leaning), logits, state

    def surprisals(self, poems: Sequence[Sequence[Sequence[str]]]) -> list[NDArray[np.float32]]:
        """Nats at every symbol of poems of lines of tokens with their ends."""
        start = self.poet.vocabulary.START
        read = [[start, *chain(*map(self.symbols, lines))] for lines in poems]
        return self.poet.surprisals([np.array(each, np.uint16) for each in read])

    @abstractmethod
    def symbols(self, line: Sequence[str]) -> list[int]:
        """The symbols that a line, or a part of one, is read as; its ends may be among them."""

    @abstractmethod
    def make_hypothesis(self, task: LineConstraint, leaning: LogitBias) -> Hypothesis:
        """Where a line is to go on, after what comes first in it."""

    @abstractmethod
    def themes(self, words: Collection[int]) -> NDArray[np.float32] | None:
        """How near every word is to some, (vocabulary,), at most 1; None if it cannot tell."""

    @abstractmethod
    def near(self, word: str, most: int) -> list[str]:
        """Words it knows that a word given may stand for."""


class WordDecoder(LineDecoder):
    """The lines of a poet of words."""

    drawn, particles, marks_gain = "word", 8, MARKS
    poet: WordPoet

    def __init__(self, poet: WordPoet) -> None:
        vocabulary = poet.vocabulary
        able = np.ones(vocabulary.size, np.bool_)
        super().__init__(poet, vocabulary, tokens.Page(vocabulary.style), able)
        self.backwards = poet.backwards
        usual = range(vocabulary.SPECIALS, min(vocabulary.size, USUAL))
        poet.vectors(np.array(usual, np.intp))  # together, which is quicker than as they come

    def symbols(self, line: Sequence[str]) -> list[int]:
        """The numbers of the tokens in the order of writing."""
        order = tokens.reversed_line(line) if self.backwards else line
        return list(map(int, self.vocabulary.encode(order)))

    def make_hypothesis(self, task: LineConstraint, leaning: LogitBias) -> Hypothesis:
        """After what comes first."""
        return WordHypothesis(
            task,
            leaning,
            task.opened(),
            tuple(each.token for each in task.opening),
            tuple(each.number for each in task.opening),
        )

    def themes(self, words: Collection[int]) -> NDArray[np.float32]:
        """The cosine of the vectors that the poet scores words by, less the mean of them all.

        Mu and Viswanath 2018: without the mean left out all words are near each other.
        """
        if not words:
            return np.zeros(self.vocabulary.size, np.float32)
        rows = self.poet.network.output.weight
        rows = rows - rows.mean(axis=0)
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        centre = rows[list(words)].mean(axis=0)
        return np.asarray(rows @ (centre / max(float(np.linalg.norm(centre)), 1e-9)), np.float32)

    def near(self, word: str, most: int) -> list[str]:
        """The words whose vectors point most nearly where the word's does."""
        return [name for name, _ in self.poet.nearest_words(word, most)]


@dataclass(frozen=True, slots=True)
class WordHypothesis:
    """A line drawn word by word."""

    task: LineConstraint
    leaning: LogitBias
    prefix: Prefix
    tokens: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    done: bool = False

    def add_bias(self, values: NDArray[np.float32]) -> None:
        """Add what words gain or lose."""
        drawn = list(self.numbers)
        values += self.leaning.bias
        values[drawn] -= self.leaning.again[drawn]
        values[drawn[-1:]] -= self.leaning.twice
        if drawn and self.leaning.agreement:
            self.leaning.agreement.temper(values, drawn[-1])

    def symbol_weights(self) -> Mask:
        """Which words may come."""
        return self.task.allowed(self.prefix)

    def advance(self, symbol: int) -> WordHypothesis:
        """One word further, or the line's end."""
        if symbol == WordVocabulary.LINE:
            return WordHypothesis(
                self.task, self.leaning, self.prefix, self.tokens, self.numbers, done=True
            )
        task, tokens = self.task, (*self.tokens, self.task.token(self.prefix, symbol))
        prefix = task.after(self.prefix, symbol, len(tokens))
        return WordHypothesis(task, self.leaning, prefix, tokens, (*self.numbers, symbol))
