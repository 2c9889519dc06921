"""The lines of a poet of characters, spelled letter by letter through a trie of words.

In: a poet of characters. Out: its `LineDecoder`. It writes with the words of the shipped poets, as
far as its alphabet can spell them, set on the page as there; it reads exactly what the page
shows. Whether a word is over is known only with the character after it: until then every way to
divide what is written into words is kept.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import PoetError
from quatrain.poet import CharacterPoet, WordVocabulary, bundled_words, tokens
from quatrain.write.constrained.decoder import LineDecoder, LogitBias
from quatrain.write.constrained.line_constraint import LineConstraint, Prefix
from quatrain.write.constrained.trie import Narrowed, Node, Trie
from quatrain.write.search import Hypothesis

_MINUSCULES = tokens.Style(
    capital_lines=False, capital_after=frozenset(), words={"i": "i", "o": "o"}
)
"""The style of an alphabet without capitals."""

Margin = tokens.Margin
Place = tuple[bool, bool, bool]
"""What of a margin changes how a token is written: close, capital, begun."""


class CharacterDecoder(LineDecoder):
    """The lines of a poet of characters.

    Args:
        poet: whose lines.
        words: what it writes with; by default the words of the shipped poets.

    Raises:
        PoetError: none of the words can be spelled in its alphabet.
    """

    drawn, particles = "character", 16
    poet: CharacterPoet

    def __init__(self, poet: CharacterPoet, words: WordVocabulary | None = None) -> None:
        vocabulary, alphabet = words or bundled_words(), frozenset(poet.vocabulary.characters)
        if not any(character.isupper() for character in alphabet):
            vocabulary = replace(vocabulary, style=_MINUSCULES)
        page = tokens.Page(vocabulary.style)
        able = np.zeros(vocabulary.size, np.bool_)
        able[vocabulary.LINE] = True
        margins = page.margin(), page.place("a", page.margin())[1]
        for number, token in enumerate(vocabulary.words, vocabulary.SPECIALS):
            able[number] = all(alphabet.issuperset(page.place(token, each)[0]) for each in margins)
        super().__init__(poet, vocabulary, page, able)
        self.alphabet = alphabet
        if not any(vocabulary.token(number).isalpha() for number in np.flatnonzero(able).tolist()):
            raise PoetError(
                f"the alphabet of the poet {poet.name!r}",
                "".join(poet.vocabulary.characters).strip()[:60],
                f"a space and letters that spell some of {len(vocabulary.words):,} English words",
                "Take another poet for a form, or train one on English verse.",
            )
        self._tries: dict[Place, Trie] = {}

    def symbols(self, line: Sequence[str]) -> list[int]:
        """The characters that the page shows, and the line breaks."""
        ends = {tokens.LINE_END, tokens.STANZA_END}
        text = self.page.line([token for token in line if token not in ends])
        text += "\n" * sum(token in ends for token in line)
        return list(map(int, self.poet.vocabulary.encode(text)))

    def make_hypothesis(self, task: LineConstraint, leaning: LogitBias) -> Hypothesis:
        """After what comes first."""
        line, margin = Line(self, task, leaning), self.page.margin()
        for each in task.opening:
            _, margin = self.page.place(each.token, margin)
        given = tuple(each.token for each in task.opening)
        numbers = tuple(each.number for each in task.opening)
        return CharacterHypothesis(line, tuple(line.ways(task.opened(), margin, given, numbers)))

    def trie(self, margin: Margin) -> Trie:
        """The words as they are written there, and the line's end."""
        place = (margin.close, self.page.capital(margin), margin.begun)
        if place not in self._tries:
            vocabulary = self.vocabulary
            numbers = np.flatnonzero(self.able).tolist()
            pieces = [
                "\n"
                if number == vocabulary.LINE
                else self.page.place(vocabulary.token(number), margin)[0]
                for number in numbers
            ]
            self._tries[place] = Trie(numbers, pieces, self.poet.vocabulary)
        return self._tries[place]

    def themes(self, words: Collection[int]) -> None:
        """None: it has no vectors of words."""

    def near(self, word: str, most: int) -> list[str]:
        """Words spelled nearly so."""
        names = self.vocabulary.words
        known = [names[number - self.vocabulary.SPECIALS]
                 for number in np.flatnonzero(self.able).tolist()[1:]]  # fmt: skip
        return get_close_matches(word.lower(), known, most, cutoff=0.0)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to divide what is written of a line into tokens.

    Attributes:
        prefix: of the tokens that are over.
        tokens, numbers: these.
        margin: what they mean for the next one.
        narrowed: those that may come.
        node: where among them what is written of the next one leads.
    """

    prefix: Prefix
    tokens: tuple[str, ...]
    numbers: tuple[int, ...]
    margin: Margin
    narrowed: Narrowed
    node: Node


class Line:
    """What the particles of one line share.

    Args:
        lines: how the poet writes.
        task: what the line must be.
        leaning: what words gain or lose.
    """

    def __init__(self, lines: CharacterDecoder, task: LineConstraint, leaning: LogitBias) -> None:
        self._lines, self._task, self._leaning = lines, task, leaning
        self._narrowed: dict[tuple[Prefix, Trie], Narrowed] = {}
        self._given: dict[str, Trie] = {}
        vocabulary = lines.poet.vocabulary
        self.size = vocabulary.size
        self.end = int(vocabulary.encode("\n")[0])

    def ways(
        self,
        prefix: Prefix,
        margin: Margin,
        drawn: tuple[str, ...],
        numbers: tuple[int, ...],
    ) -> list[Way]:
        """How the line may go on after whole tokens."""
        row = self._task.allowed(prefix)
        tries = [self._lines.trie(margin)]
        for number in np.flatnonzero(row & ~self._lines.able).tolist():  # given, and not known
            piece, _ = self._lines.page.place(self._task.token(prefix, number), margin)
            if piece not in self._given:
                self._given[piece] = Trie([number], [piece], self._lines.poet.vocabulary)
            tries.append(self._given[piece])
        found = []
        for trie in tries:
            narrowed = self._narrowed.get((prefix, trie))
            if narrowed is None:
                narrowed = self._narrowed[prefix, trie] = Narrowed(trie, row)
            found.append(Way(prefix, drawn, numbers, margin, narrowed, trie.root))
        return found

    def after(self, way: Way, number: int) -> list[Way]:
        """How it may go on once the token that a way writes is over."""
        token = self._task.token(way.prefix, number)
        drawn = (*way.tokens, token)
        prefix = self._task.after(way.prefix, number, len(drawn))
        _, margin = self._lines.page.place(token, way.margin)
        return self.ways(prefix, margin, drawn, (*way.numbers, number))

    def end_weight(self, number: int, numbers: tuple[int, ...]) -> float:
        """By what the probability of a word's end is multiplied, others drawn before."""
        leaning = self._leaning
        nats = float(leaning.bias[number])
        nats -= float(leaning.again[number]) if number in numbers else 0.0
        nats -= leaning.twice if numbers[-1:] == (number,) else 0.0
        if numbers and leaning.agreement:
            nats -= leaning.agreement.loss(numbers[-1], number)
        return math.exp(nats)


class CharacterHypothesis:
    """A line drawn character by character."""

    def __init__(self, line: Line, ways: tuple[Way, ...], *, done: bool = False) -> None:
        self._line, self._ways, self.done = line, ways, done
        self.tokens, self.numbers = ways[0].tokens, ways[0].numbers
        self._after: dict[int, list[tuple[Way, Node]]] = {}

    def add_bias(self, values: NDArray[np.float32]) -> None:
        """Nothing: what a word gains or loses, it gains or loses where it ends."""

    @cached_property
    def _symbol_weights(self) -> NDArray[np.float32]:
        found = np.zeros(self._line.size, np.float32)

        def add(way: Way, nodes: dict[int, Node], weight: float) -> None:
            for symbol, node in nodes.items():
                self._after.setdefault(symbol, []).append((way, node))
                found[symbol] = max(float(found[symbol]), weight)

        for way in self._ways:
            onward = way.narrowed.onward(way.node)
            add(way, onward.nodes, 1.0)
            for number in onward.complete:
                weight = self._line.end_weight(number, way.numbers)
                for after in self._line.after(way, number):
                    add(after, after.narrowed.onward(after.node).nodes, weight)
        return found

    def symbol_weights(self) -> NDArray[np.float32]:
        """Which characters may come; those that end a word bear what the word loses."""
        return self._symbol_weights

    def advance(self, symbol: int) -> CharacterHypothesis:
        """One character further."""
        ways = tuple(replace(way, node=node) for way, node in self._after[symbol])
        return CharacterHypothesis(self._line, ways, done=symbol == self._line.end)
