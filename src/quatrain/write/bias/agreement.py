"""Agreement bias: against *an rose*, *I is* and *you knoweth*.

In: a poet's words. Out: `Agreement`, what a word loses beside the word drawn before it. A
word-level poet that writes lines from their end draws *rose* before the article, and cannot know
that *an* won't do. And its training texts are full of *you was* and *he do*, which today's readers
take for mistakes wherever the rest is not dialect.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.form import AGREEMENT
from quatrain.write.word_classes import WordClasses

ARTICLE_PENALTY = 8.0
"""Nats taken from the wrong one of *a* and *an*: as good as forbidden."""

VERB_PENALTY = 3.0
"""Nats taken from a verb form that does not fit its pronoun. The number is judgement.

It leaves room for *the man beside you is*, which is no mistake.
"""

_NO_ETH_FORM = frozenset({"i", "we", "you", "they", "ye", "thou"})
"""Pronouns that no verb in -eth goes with."""

_MIN_ETH_LENGTH = 6
"""Letters of the shortest word taken for a verb in -eth: *teeth* is not one."""


class Agreement:
    """Pairs of neighbouring words that do not go together, of those a vocabulary has.

    Args:
        word_classes: the words.
        backwards: whether lines are written from their end.
    """

    def __init__(self, word_classes: WordClasses, *, backwards: bool) -> None:
        # Number of the word drawn last -> (numbers of words that lose beside it, nats).
        self._penalties: dict[int, list[tuple[NDArray[np.intp], float]]] = defaultdict(list)
        self._backwards = backwards
        self._add_articles(word_classes)
        self._add_verbs(word_classes)

    def _add_articles(self, word_classes: WordClasses) -> None:
        """Penalise *a* before vowels and *an* before consonants."""
        numbers = word_classes.vocabulary.numbers
        for article, onset in (("a", word_classes.VOWEL), ("an", word_classes.CONSONANT)):
            if article in numbers:
                wrong_next = np.flatnonzero(word_classes.onsets == onset).tolist()
                self._add_pairs([numbers[article]], wrong_next, ARTICLE_PENALTY)

    def _add_verbs(self, word_classes: WordClasses) -> None:
        """Penalise verb forms after pronouns that they do not agree with."""
        vocabulary, numbers = word_classes.vocabulary, word_classes.vocabulary.numbers
        all_forms = {form for _, forms in AGREEMENT for form in forms}
        eth_forms = {
            word
            for word in vocabulary.words
            if len(word) >= _MIN_ETH_LENGTH
            and word.endswith("eth")
            and (word[:-3] in numbers or word[:-2] in numbers)
        }
        for pronouns, right_forms in AGREEMENT:
            for pronoun in sorted(pronouns & numbers.keys()):
                wrong_forms = all_forms - right_forms
                wrong_forms |= eth_forms if pronoun in _NO_ETH_FORM else set()
                wrong_next = [numbers[form] for form in sorted(wrong_forms) if form in numbers]
                self._add_pairs([numbers[pronoun]], wrong_next, VERB_PENALTY)

    def _add_pairs(self, left: Sequence[int], right: Iterable[int], nats: float) -> None:
        """Add the penalty to every pair of a left and a right word, in reading order."""
        right = list(right)
        first, second = (right, left) if self._backwards else (left, right)
        losers = np.array(second, np.intp)
        for number in first:
            self._penalties[number].append((losers, nats))

    def add_to(self, logits: NDArray[np.float32], last: int) -> None:
        """Add the bias beside the word drawn last to logits in place, (vocabulary,)."""
        for numbers, nats in self._penalties.get(last, ()):
            logits[numbers] -= nats

    def of_word(self, last: int, number: int) -> float:
        """Return the bias of one word beside the word drawn last, in nats."""
        return -sum(nats for numbers, nats in self._penalties.get(last, ()) if number in numbers)
