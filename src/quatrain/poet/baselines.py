"""Baselines for a poet: a uniform model, a unigram, and Kneser-Ney n-grams over characters.

In: poems and a vocabulary. Out: models that score texts by the definition of
`records.Score`, as a poet does. Every model can predict any symbol but `START`.

N-grams are sorted keys: an n-gram is packed into one 64-bit number, its first
character in the highest bits, so that the number shifted right is its context
and the number masked is its suffix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus.vocabulary import Tokens, Vocabulary
from quatrain.errors import CorpusError, SettingsError
from quatrain.poet.scoring import Poems, encode_poems, score
from quatrain.records import Score

Keys: TypeAlias = NDArray[np.uint64]
Probabilities: TypeAlias = NDArray[np.float64]

_START = Vocabulary.START

_FALLBACK = (0.5, 1.0, 1.5)
"""Discounts for counts of 1, 2 and 3 or more if the text is too small to estimate them."""


@dataclass(frozen=True, slots=True)
class Unigram:
    """A model that predicts with the same probabilities after any context.

    Attributes:
        vocabulary: the alphabet.
        frequencies: of each symbol, shape (alphabet,), summing to 1.
    """

    vocabulary: Vocabulary
    frequencies: Probabilities

    def probabilities(self, context: str = "") -> Probabilities:  # noqa: ARG002
        """Return the probability of each symbol, (alphabet,); `context` is ignored."""
        return self.frequencies.copy()

    def evaluate(self, poems: Poems) -> Score:
        """Score poems.

        Raises:
            CorpusError: there are no poems.
        """
        encoded = encode_poems(poems, self.vocabulary)
        targets = np.concatenate([poem[1:] for poem in encoded])
        return score(encoded, -float(np.log(self.frequencies[targets]).sum()))


def uniform(vocabulary: Vocabulary) -> Unigram:
    """Return the uniform model: log2(alphabet - 1) bits per character."""
    frequencies = np.full(vocabulary.size, 1.0 / (vocabulary.size - 1))
    frequencies[_START] = 0.0
    return Unigram(vocabulary, frequencies)


def unigram(poems: Poems, vocabulary: Vocabulary) -> Unigram:
    """Return the unigram model of `poems`, with one added to every count (Laplace).

    Raises:
        CorpusError: there are no poems.
    """
    targets = np.concatenate([poem[1:] for poem in encode_poems(poems, vocabulary)])
    counts = np.bincount(targets, minlength=vocabulary.size) + 1.0
    counts[_START] = 0.0
    return Unigram(vocabulary, counts / counts.sum())


@dataclass(frozen=True, slots=True)
class _Level:
    """The n-grams of one length, with their part in an interpolated prediction.

    With counts c, discounts D and the context's total: `shares[i]` is (c - D(c)) / total of
    n-gram `keys[i]`; `backoffs[j]` is the sum of the discounts of context `contexts[j]`
    divided by its total, the probability left to the shorter n-grams.
    """

    keys: Keys
    shares: Probabilities
    contexts: Keys
    backoffs: Probabilities

    @classmethod
    def from_counts(cls, keys: Keys, counts: NDArray[np.int64], bits: int) -> Self:
        discounts = _discounts(counts)[np.minimum(counts, 3)]
        context_of_key = keys >> np.uint64(bits)
        first = np.flatnonzero(np.r_[True, context_of_key[1:] != context_of_key[:-1]])
        totals = np.add.reduceat(counts, first)
        members = np.diff(np.r_[first, len(keys)])
        return cls(
            keys,
            (counts - discounts) / np.repeat(totals, members),
            context_of_key[first],
            np.add.reduceat(discounts, first) / totals,
        )

    def interpolate(self, keys: Keys, shorter: Probabilities, bits: int) -> Probabilities:
        """Return probabilities of n-grams, given those of the n-grams one character shorter."""
        shares = _look_up(self.keys, self.shares, keys, 0.0)
        backoffs = _look_up(self.contexts, self.backoffs, keys >> np.uint64(bits), 1.0)
        return shares + backoffs * shorter


class KneserNey:
    """Interpolated modified Kneser-Ney smoothing (Chen and Goodman 1999, section 3).

    The longest n-grams count how often they occur; a shorter one counts how many
    different characters occur before it, except at the start of a poem, where nothing comes
    before it and it counts how often it occurs. Three discounts per length, for counts of 1,
    2 and 3 or more, are estimated from the counts of counts; the characters of a poem that
    have fewer than `order` - 1 before them are predicted by the shorter n-grams. The
    shortest are interpolated with the uniform distribution.

    Attributes:
        vocabulary: the alphabet.
        order: characters per n-gram, the predicted one included.
    """

    def __init__(self, vocabulary: Vocabulary, levels: Sequence[_Level]) -> None:
        self.vocabulary = vocabulary
        self.order = len(levels)
        self._levels = levels
        self._bits = _bits(vocabulary)

    @classmethod
    def fit(cls, poems: Poems, vocabulary: Vocabulary, order: int = 5) -> Self:
        """Count the n-grams of `poems`.

        Raises:
            CorpusError: there are no poems, or none is long enough.
            SettingsError: n-grams of that order do not fit in 64 bits with this alphabet.
        """
        bits = _bits(vocabulary)
        if not 1 <= order <= 64 // bits:
            raise SettingsError(
                "order of the n-grams",
                str(order),
                f"1 to {64 // bits} with an alphabet of {vocabulary.size}",
                "Choose another order.",
            )
        tokens, place = _concatenate(encode_poems(poems, vocabulary))
        longest, counts = np.unique(
            _keys(tokens, order, bits)[place >= order - 1], return_counts=True
        )
        if order == 1:
            longest, counts = longest[longest != _START], counts[longest != _START]
        elif not len(longest):
            raise CorpusError(
                "the poems to count",
                f"none as long as {order} symbols",
                "longer poems",
                "Give more text, or a smaller order.",
            )
        levels = [_Level.from_counts(longest, counts, bits)]
        for length in range(order - 1, 0, -1):
            suffixes = longest & np.uint64((1 << length * bits) - 1)
            shorter, counts = np.unique(suffixes, return_counts=True)
            if length > 1:  # START alone is never predicted
                opening = _keys(tokens, length, bits)[place == length - 1]
                openings, seen = np.unique(opening, return_counts=True)
                shorter = np.concatenate([shorter, openings])
                counts = np.concatenate([counts, seen])
                ascending = np.argsort(shorter)
                shorter, counts = shorter[ascending], counts[ascending]
            levels.append(_Level.from_counts(shorter, counts, bits))
            longest = shorter
        return cls(vocabulary, levels[::-1])

    def probabilities(self, context: str = "") -> Probabilities:
        """Return the probability of each symbol after a poem's beginning `context`, (alphabet,)."""
        read = [_START, *self.vocabulary.encode(context).tolist()]
        every = np.arange(self.vocabulary.size, dtype=np.uint64)
        predicted = self._shortest(every)
        key = np.uint64(0)
        for length, level in enumerate(self._levels[: len(read) + 1], start=1):
            if length > 1:
                key |= np.uint64(read[1 - length]) << np.uint64((length - 1) * self._bits)
            predicted = level.interpolate(every | key, predicted, self._bits)
        predicted[_START] = 0.0
        return predicted

    def evaluate(self, poems: Poems) -> Score:
        """Score poems.

        Raises:
            CorpusError: there are no poems.
        """
        encoded = encode_poems(poems, self.vocabulary)
        tokens, place = _concatenate(encoded)
        predicted = self._shortest(tokens.astype(np.uint64))
        for length, level in enumerate(self._levels, start=1):
            reaching = place >= max(1, length - 1)
            keys = _keys(tokens, length, self._bits)[reaching]
            predicted[reaching] = level.interpolate(keys, predicted[reaching], self._bits)
        return score(encoded, -float(np.log(predicted[place > 0]).sum()))

    def _shortest(self, symbols: Keys) -> Probabilities:
        """Return the uniform distribution over all symbols but START."""
        return np.where(symbols == _START, 0.0, 1.0 / (self.vocabulary.size - 1))


def fitting_order(poems: Poems, vocabulary: Vocabulary, order: int = 5) -> int:
    """Return the highest order up to `order` with which `KneserNey.fit` can count `poems`.

    A large alphabet leaves room for fewer characters in 64 bits, and the longest poem must
    hold one n-gram.

    Raises:
        CorpusError: there are no poems.
    """
    longest = max(map(len, encode_poems(poems, vocabulary)))
    return min(order, longest, 64 // _bits(vocabulary))


def _bits(vocabulary: Vocabulary) -> int:
    return (vocabulary.size - 1).bit_length()


def _concatenate(poems: Sequence[Tokens]) -> tuple[Tokens, NDArray[np.int64]]:
    """Return all poems' symbols, and each symbol's place in its poem, both (symbols,)."""
    lengths = np.array([len(poem) for poem in poems])
    starts = np.cumsum(lengths) - lengths
    tokens: Tokens = np.concatenate(poems)
    return tokens, np.arange(lengths.sum()) - np.repeat(starts, lengths)


def _keys(tokens: Tokens, length: int, bits: int) -> Keys:
    """Return the n-gram that ends at each symbol, shape (symbols,).

    Those of the first length - 1 symbols are incomplete and must not be used.
    """
    symbols = tokens.astype(np.uint64)
    keys = symbols.copy()
    for back in range(1, length):
        keys[back:] |= symbols[:-back] << np.uint64(back * bits)
    return keys


def _discounts(counts: NDArray[np.int64]) -> Probabilities:
    """Return D for counts of 0, 1, 2 and 3 or more (Chen and Goodman 1999, equation 26)."""
    once, twice, thrice, fourfold = (int((counts == times).sum()) for times in (1, 2, 3, 4))
    discounts = _FALLBACK
    if once and twice and thrice:
        ratio = once / (once + 2 * twice)
        estimated = (
            1 - 2 * ratio * twice / once,
            2 - 3 * ratio * thrice / twice,
            3 - 4 * ratio * fourfold / thrice,
        )
        if min(estimated) > 0:  # otherwise too few counts to estimate from
            discounts = estimated
    return np.array([0.0, *discounts])


def _look_up(keys: Keys, values: Probabilities, queries: Keys, default: float) -> Probabilities:
    """Return the value of each query among the sorted `keys`, or `default` if it is not there."""
    position = np.minimum(np.searchsorted(keys, queries), len(keys) - 1)
    matches: NDArray[Any] = keys[position] == queries
    return np.where(matches, values[position], default)
