"""The decoder of a character-level poet: words spelled letter by letter through a trie.

In: a character-level poet. Out: its `CharacterDecoder`, and `CharacterHypothesis`, a line drawn
character by character. It writes with those words of the shipped poets that its alphabet can spell,
set on the page as in its own corpus where it records that, else as there, and reads exactly what
the page shows.

Only the character after a word tells that the word is over: *win* may go on to *wind*. Until
then a line keeps every `Segmentation`, every way to divide its characters into tokens.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import PoetError
from quatrain.poet import CharacterPoet, WordVocabulary, bundled_words, tokens
from quatrain.write.bias import LogitBias
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.decoders.trie import Node, Trie, TrieView
from quatrain.write.constrained.line.constraint import LineConstraint, Prefix
from quatrain.write.near import ThemeWords

_LOWER_CASE = tokens.Style(
    capital_lines=False, capital_after=frozenset(), words={"i": "i", "o": "o"}
)
"""Style of an alphabet without capitals."""

Margin = tokens.Margin
MarginKey = tuple[bool, bool, bool]
"""The parts of a margin that change how a token is written: close, capital, begun."""


class CharacterDecoder(LineDecoder):
    """Lines of a character-level poet.

    Args:
        poet: the poet.
        words: words to write with; by default those of the shipped poets.
        user_words: words that a user gives.

    Raises:
        PoetError: none of the words can be spelled in the poet's alphabet.
    """

    unit, particles = "character", 16
    poet: CharacterPoet

    def __init__(
        self,
        poet: CharacterPoet,
        words: WordVocabulary | None = None,
        user_words: Collection[str] = (),
    ) -> None:
        vocabulary = (words or bundled_words()).extended(user_words)
        alphabet = frozenset(poet.vocabulary.characters)
        if poet.style is not None:
            vocabulary = replace(vocabulary, style=poet.style.over(vocabulary.style))
        if not any(character.isupper() for character in alphabet):
            vocabulary = replace(vocabulary, style=_LOWER_CASE)
        typesetter = tokens.Typesetter(vocabulary.style)
        writable = _spellable(vocabulary, typesetter, alphabet)
        super().__init__(poet, vocabulary, typesetter, writable, user_words)
        self.alphabet = alphabet
        numbers = np.flatnonzero(writable).tolist()
        if not any(vocabulary.token(number).isalpha() for number in numbers):
            raise PoetError(
                f"the alphabet of the poet {poet.name!r}",
                "".join(poet.vocabulary.characters).strip()[:60],
                f"a space and letters that spell some of {len(vocabulary.words):,} English words",
                "Take another poet for a form, or train one on English verse.",
            )
        self._words, self._tries = words, dict[MarginKey, Trie]()

    def with_words(self, words: Collection[str]) -> CharacterDecoder:
        """Return a decoder that also writes words that a user gives."""
        return CharacterDecoder(self.poet, self._words, words)

    def encode(self, line: Sequence[str]) -> list[int]:
        """Return the characters that the page shows for a line, and its line breaks."""
        ends = {tokens.LINE_END, tokens.STANZA_END}
        text = self.typesetter.line([token for token in line if token not in ends])
        text += "\n" * sum(token in ends for token in line)
        return list(map(int, self.poet.vocabulary.encode(text)))

    def make_hypothesis(self, constraint: LineConstraint, bias: LogitBias) -> CharacterHypothesis:
        """Return the initial hypothesis: the line after its opening tokens."""
        line, margin = CharacterLine(self, constraint, bias), self.typesetter.margin()
        for token in constraint.opening:
            _, margin = self.typesetter.place(token.text, margin)
        texts = tuple(token.text for token in constraint.opening)
        word_ids = tuple(token.number for token in constraint.opening)
        segmentations = line.segmentations(constraint.after_opening(), margin, texts, word_ids)
        return CharacterHypothesis(line, tuple(segmentations))

    def trie(self, margin: Margin) -> Trie:
        """Return the trie of the words as they are written after a margin, and the line's end."""
        key = (margin.close, self.typesetter.capital(margin), margin.begun)
        if key not in self._tries:
            vocabulary = self.vocabulary
            numbers = np.flatnonzero(self.writable).tolist()
            pieces = [
                "\n"
                if number == vocabulary.LINE
                else self.typesetter.place(vocabulary.token(number), margin)[0]
                for number in numbers
            ]
            self._tries[key] = Trie(numbers, pieces, self.poet.vocabulary)
        return self._tries[key]

    def nearness(self, theme: ThemeWords) -> None:
        """Return None: a character-level poet has no word vectors."""


def _spellable(
    vocabulary: WordVocabulary, typesetter: tokens.Typesetter, alphabet: frozenset[str]
) -> NDArray[np.bool_]:
    """Return the tokens that an alphabet can spell at the start of a line and within it.

    The line's end is among them, (vocabulary,).
    """
    spellable = np.zeros(vocabulary.size, np.bool_)
    spellable[vocabulary.LINE] = True
    margins = typesetter.margin(), typesetter.place("a", typesetter.margin())[1]
    for number, token in enumerate(vocabulary.words, vocabulary.SPECIALS):
        pieces = [typesetter.place(token, margin)[0] for margin in margins]
        spellable[number] = all(alphabet.issuperset(piece) for piece in pieces)
    return spellable


@dataclass(frozen=True, slots=True)
class Segmentation:
    """One way to divide the characters of a line into tokens.

    Attributes:
        prefix: what the constraint needs to know of the complete tokens.
        tokens, word_ids: the complete tokens, and their ids.
        margin: how the next token is written after them.
        view: tokens that may come next.
        node: how far the next token is spelled.
    """

    prefix: Prefix
    tokens: tuple[str, ...]
    word_ids: tuple[int, ...]
    margin: Margin
    view: TrieView
    node: Node


class CharacterLine:
    """The constraint and the caches that all particles of one line share.

    Args:
        decoder: how the poet writes.
        constraint: what the line must be.
        bias: nats added to the words' scores.
    """

    def __init__(
        self, decoder: CharacterDecoder, constraint: LineConstraint, bias: LogitBias
    ) -> None:
        self._decoder, self._constraint, self.bias = decoder, constraint, bias
        self._views: dict[tuple[Prefix, Trie], TrieView] = {}
        self._unknown_tries: dict[str, Trie] = {}
        vocabulary = decoder.poet.vocabulary
        self.size = vocabulary.size
        self.end = int(vocabulary.encode("\n")[0])

    def segmentations(
        self,
        prefix: Prefix,
        margin: Margin,
        texts: tuple[str, ...],
        word_ids: tuple[int, ...],
    ) -> list[Segmentation]:
        """Return how the line may go on after complete tokens, before the next one's spelling."""
        allowed = self._constraint.allowed(prefix)
        tries = [self._decoder.trie(margin)]
        # A token that you gave yourself may be unknown to the vocabulary: it gets its own trie.
        for number in np.flatnonzero(allowed & ~self._decoder.writable).tolist():
            piece, _ = self._decoder.typesetter.place(
                self._constraint.token(prefix, number), margin
            )
            if piece not in self._unknown_tries:
                self._unknown_tries[piece] = Trie([number], [piece], self._decoder.poet.vocabulary)
            tries.append(self._unknown_tries[piece])
        segmentations = []
        for trie in tries:
            view = self._views.get((prefix, trie))
            if view is None:
                view = self._views[prefix, trie] = TrieView(trie, allowed)
            segmentations.append(Segmentation(prefix, texts, word_ids, margin, view, trie.root))
        return segmentations

    def complete(self, segmentation: Segmentation, word_id: int) -> list[Segmentation]:
        """Return how the line may go on once a segmentation's next token is complete."""
        token = self._constraint.token(segmentation.prefix, word_id)
        texts = (*segmentation.tokens, token)
        prefix = self._constraint.advance(segmentation.prefix, word_id, len(texts))
        _, margin = self._decoder.typesetter.place(token, segmentation.margin)
        return self.segmentations(prefix, margin, texts, (*segmentation.word_ids, word_id))

    def end_weight(self, word_id: int, before: tuple[int, ...]) -> float:
        """Return the factor on the probability that a word ends here, after some others."""
        return math.exp(self.bias.of_word(word_id, before))


class CharacterHypothesis:
    """A line drawn character by character."""

    def __init__(
        self, line: CharacterLine, segmentations: tuple[Segmentation, ...], *, done: bool = False
    ) -> None:
        self._line, self._segmentations, self.done = line, segmentations, done
        self.tokens, self.word_ids = segmentations[0].tokens, segmentations[0].word_ids
        self._next: dict[int, list[tuple[Segmentation, Node]]] = {}

    def add_bias(self, scores: NDArray[np.float32]) -> None:
        """Leave the scores alone: a word's bias counts where the word ends (`symbol_weights`)."""

    @cached_property
    def _symbol_weights(self) -> NDArray[np.float32]:
        weights = np.zeros(self._line.size, np.float32)

        def add(segmentation: Segmentation, nodes: dict[int, Node], weight: float) -> None:
            for symbol, node in nodes.items():
                self._next.setdefault(symbol, []).append((segmentation, node))
                weights[symbol] = max(float(weights[symbol]), weight)

        for segmentation in self._segmentations:
            # The next token goes on ...
            within = segmentation.view.continuations(segmentation.node)
            add(segmentation, within.nodes, 1.0)
            # ... or is over, and the character is the first of the token after it.
            for word_id in within.complete:
                weight = self._line.end_weight(word_id, segmentation.word_ids)
                for after in self._line.complete(segmentation, word_id):
                    add(after, after.view.continuations(after.node).nodes, weight)
        return weights

    def symbol_weights(self) -> NDArray[np.float32]:
        """Return which characters may come, (characters,); one that ends a word has its bias."""
        return self._symbol_weights

    def advance(self, symbol: int) -> CharacterHypothesis:
        """Return the line with one more character."""
        segmentations = tuple(
            replace(segmentation, node=node) for segmentation, node in self._next[symbol]
        )
        return CharacterHypothesis(self._line, segmentations, done=symbol == self._line.end)
