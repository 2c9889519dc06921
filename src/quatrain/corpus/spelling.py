"""The surprisal of a spelling, which is what an unknown word costs.

In: words. Out: `Speller`, a trigram model of their letters, interpolated with the shorter
n-grams as Witten and Bell 1991 do ("The zero-frequency problem", method C; in the recursive
form of Chen and Goodman 1999, section 2.4), down to a uniform choice of letter.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

_BEGIN, _END = "\0", "\1"
_ORDER = 3
_UNIFORM = 1 / 1024
"""Probability of a letter if nothing is known of it: a thousand letters are possible."""


class Speller:
    """A letter trigram with a probability for every spelling."""

    def __init__(self, words: Iterable[str]) -> None:
        """Count the letters of the words, each word once."""
        self._counts: Counter[str] = Counter()  # of contexts followed by a letter
        self._totals: Counter[str] = Counter()  # of contexts
        self._types: Counter[str] = Counter()  # letters seen after each context
        for word in words:
            text = _BEGIN * (_ORDER - 1) + word + _END
            for place in range(_ORDER - 1, len(text)):
                for length in range(_ORDER):
                    context = text[place - length : place]
                    seen = context + text[place]
                    self._types[context] += seen not in self._counts
                    self._counts[seen] += 1
                    self._totals[context] += 1

    def nats(self, word: str) -> float:
        """Return the surprisal of a word's letters and its end, in nats."""
        text = _BEGIN * (_ORDER - 1) + word + _END
        total = 0.0
        for place in range(_ORDER - 1, len(text)):
            probability = _UNIFORM
            for length in range(_ORDER):
                context = text[place - length : place]
                types, seen = self._types[context], self._totals[context]
                if seen:
                    count = self._counts[context + text[place]]
                    probability = (count + types * probability) / (seen + types)
            total -= math.log(probability)
        return total
