"""Words that do not go together side by side: *an rose*, *I is*, *you knoweth*.

In: a poet's words. Out: what a word loses beside the one that was drawn before it. A poet of
words that writes lines from their end has no way of knowing that *an* will not do before it has
read it; and its texts have *you was* and *he do* in plenty, which a reader today takes for a
mistake wherever the rest is no dialect.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.form import AGREEMENT
from quatrain.write.word_classes import WordClasses

ARTICLE = 8.0
"""Nats that the wrong one of *a* and *an* loses, as good as forbidden."""

VERB = 3.0
"""Nats that a wrong verb loses: *the man beside you is* is none. The number is judgement."""

_NEVER_LONG = frozenset({"i", "we", "you", "they", "ye", "thou"})
_SHORTEST = 6
"""Letters of the shortest word taken for a verb in -eth: *teeth* is none."""


class Agreement:
    """Pairs of words that do not go together, as far as a vocabulary has them.

    Args:
        word_classes: the words.
        backwards: whether lines are drawn from their end.
    """

    def __init__(self, word_classes: WordClasses, *, backwards: bool) -> None:
        self._beside: dict[int, list[tuple[NDArray[np.intp], float]]] = defaultdict(list)
        self._backwards = backwards
        numbers = word_classes.vocabulary.numbers
        for article, onset in (("a", word_classes.VOWEL), ("an", word_classes.CONSONANT)):
            if article in numbers:
                wrong = np.flatnonzero(word_classes.onsets == onset)
                self._add([numbers[article]], wrong.tolist(), ARTICLE)
        forms = {form for _, known in AGREEMENT for form in known}
        long = {
            word
            for word in word_classes.vocabulary.words
            if len(word) >= _SHORTEST
            and word.endswith("eth")
            and (word[:-3] in numbers or word[:-2] in numbers)
        }
        for pronouns, known in AGREEMENT:
            for pronoun in sorted(pronouns & numbers.keys()):
                wrong_forms = forms - known
                wrong_forms |= long if pronoun in _NEVER_LONG else set()
                others = [numbers[form] for form in sorted(wrong_forms) if form in numbers]
                self._add([numbers[pronoun]], others, VERB)

    def _add(self, left: Sequence[int], right: Iterable[int], nats: float) -> None:
        right = list(right)
        drawn, then = (right, left) if self._backwards else (left, right)
        losing = np.array(then, np.intp)
        for number in drawn:
            self._beside[number].append((losing, nats))

    def temper(self, values: NDArray[np.float32], last: int) -> None:
        """Take from what may come after the word drawn last, in place, (vocabulary,)."""
        for numbers, nats in self._beside.get(last, ()):
            values[numbers] -= nats

    def loss(self, last: int, number: int) -> float:
        """The same for one word, in nats."""
        return sum(nats for numbers, nats in self._beside.get(last, ()) if number in numbers)
