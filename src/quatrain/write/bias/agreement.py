"""Agreement bias: against *an rose*, *I is* and *you knoweth*.

In: a poet's words. Out: `Agreement`, the nats added to words beside the word drawn before them. A
word-level poet that writes lines from their end draws *rose* before the article, and cannot know
that *an* won't do. And its training texts are full of *you was* and *he do*, which today's readers
take for mistakes outside dialect.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.form import AGREEMENT
from quatrain.write.word_classes import WordClasses

ARTICLE_BIAS = -8.0
"""Nats added to the wrong one of *a* and *an*: as good as forbidden."""

VERB_BIAS = -3.0
"""Nats added to a verb form that does not fit its pronoun. The number is judgement.

It leaves room for *the man beside you is*, which is no mistake.
"""

_NO_ETH_FORM = frozenset({"i", "we", "you", "they", "ye", "thou"})
"""Pronouns that no verb in -eth goes with."""

_MIN_ETH_LENGTH = 6
"""Letters of the shortest word taken for a verb in -eth: *teeth* is not one."""


Term = tuple[Sequence[int] | NDArray[np.intp], float]
"""Ids of some words, and the nats added to each of them."""


class Agreement:
    """Pairs of neighbouring words that do not go together, of those a vocabulary has.

    Args:
        word_classes: the words.
        backwards: whether lines are written from their end.
    """

    def __init__(self, word_classes: WordClasses, *, backwards: bool) -> None:
        self._terms: dict[int, list[Term]] = defaultdict(list)  # by the word drawn last
        self._backwards = backwards
        self._add_articles(word_classes)
        self._add_verbs(word_classes)

    def _add_articles(self, word_classes: WordClasses) -> None:
        """Penalise *a* before vowels and *an* before consonants."""
        numbers = word_classes.vocabulary.numbers
        for article, onset in (("a", word_classes.VOWEL), ("an", word_classes.CONSONANT)):
            if article in numbers:
                wrong_next = np.flatnonzero(word_classes.onsets == onset).tolist()
                self._add_pairs([numbers[article]], wrong_next, ARTICLE_BIAS)

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
                self._add_pairs([numbers[pronoun]], wrong_next, VERB_BIAS)

    def _add_pairs(self, left: Sequence[int], right: Iterable[int], nats: float) -> None:
        """Give every pair of a left and a right word, in reading order, a bias."""
        right = list(right)
        first, second = (right, left) if self._backwards else (left, right)
        word_ids = np.array(second, np.intp)
        for word_id in first:
            self._terms[word_id].append((word_ids, nats))

    def terms(self, last: int) -> Sequence[Term]:
        """Return the words that do not go with the word drawn last, and their bias in nats."""
        return self._terms.get(last, ())
