"""Repetition penalties: against words, line ends and marks that come back too often.

In: a poet's vocabulary, and the words a poem has had. Out: `repeat_bias` for poems in a form and
`LowTemperaturePenalty` for free verse.

Dividing logits by a temperature below 1 sharpens every choice, and some choices feed on
themselves: a word said once is likelier to be said again, and a rhyme word to rhyme with itself. At
temperature 0.6 the poet `verse` ends a quarter of its lines with a word that ended one before; at 1
it is a thirtieth, as in human verse. So words that repeat, and marks, lose more the lower the
temperature is, just enough to stay as frequent as at 1. Nothing is lost at 1 and above, nor
at 0, which asks for the likeliest words and nothing else. `docs/words.md` has the counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from quatrain.form import ARTICLES, LIGHT_WORDS
from quatrain.poet import WordVocabulary, tokens
from quatrain.write.bias.punctuation import MARK_PENALTY

REPEAT_PENALTY = 1.5
"""Nats taken from a content word for every time that the poem has it already, in a form.

The number is judgement.
"""

DOUBLED_WORD_PENALTY = 6.0
"""Nats taken from a word that would stand beside itself: nearly forbids it."""

RECENT_WORD_PENALTY = 2.0
"""Nats taken from a content word in free verse for every time it was said, at temperature 0.

Falls to 0 at temperature 1; found by hand for the poet `verse`, as are the next and `MARK_PENALTY`.
"""

LINE_END_PENALTY = 3.0
"""Nats taken from a word that ended a recent line, where a line's end comes next; as above."""

RECENT_WORDS = 64
"""Words that the penalty looks back over: in a long poem every word was said at some time."""

RECENT_LINE_ENDS = 8
"""Line ends that the penalty looks back over."""


def repeat_bias(counts: Mapping[int, int], size: int) -> NDArray[np.float32]:
    """Return the bias of the words that a poem has already, (vocabulary,), in nats.

    Args:
        counts: number of a content word -> how often the poem has it.
        size: size of the vocabulary.
    """
    bias = np.zeros(size, np.float32)
    for number, times in counts.items():
        bias[number] = -REPEAT_PENALTY * times
    return bias


class LowTemperaturePenalty:
    """Penalty on repeated words and on marks in free verse, stronger at lower temperatures.

    Args:
        vocabulary: the poet's words.
        temperature: what logits will be divided by.

    Attributes:
        strength: 1 minus the temperature, the share of the full penalties; 0 where none applies.
    """

    def __init__(self, vocabulary: WordVocabulary, temperature: float) -> None:
        self.strength = 1.0 - temperature if 0.0 < temperature < 1.0 else 0.0
        names = [vocabulary.token(number) for number in range(vocabulary.size)]
        is_token = np.arange(vocabulary.size) >= vocabulary.SPECIALS
        self._is_word = is_token & [name[:1].isalnum() for name in names]
        self._is_content = self._is_word & [name not in LIGHT_WORDS | ARTICLES for name in names]
        is_mark = is_token & ~self._is_word & [name not in tokens.ENDINGS for name in names]
        self._mark_penalty = np.asarray(is_mark * MARK_PENALTY * self.strength, np.float32)

    def words_in(self, line: Collection[int]) -> list[int]:
        """Return those of a line's tokens that are words."""
        return [number for number in line if self._is_word[number]]

    def apply(
        self,
        logits: NDArray[np.float32],
        recent_words: Collection[int],
        recent_ends: Collection[int],
    ) -> None:
        """Subtract the penalties from one poem's logits in place.

        Args:
            logits: before they are divided by the temperature, (vocabulary,).
            recent_words: words of the poem lately, each as often as it came.
            recent_ends: words that ended its last lines, if a word that ends a line comes next.
        """
        logits -= self._mark_penalty
        words = np.fromiter(recent_words, np.intp, len(recent_words))
        content = words[self._is_content[words]]
        np.subtract.at(logits, content, RECENT_WORD_PENALTY * self.strength)
        logits[list(set(recent_ends))] -= LINE_END_PENALTY * self.strength
