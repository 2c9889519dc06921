"""Repetition bias: against words, line ends and marks that come back too often.

In: a poet's vocabulary, and the words a poem has had. Out: `repeat_bias` for poems in a form and
`LowTemperatureBias` for free verse.

Dividing logits by a temperature below 1 makes likely words likelier still, and a word that a poem
has is likely to come again, as is a rhyme word at the end of a line. At temperature 0.6 the poet
`verse` ends a quarter of its lines with a word that ended one before; at 1 it is a thirtieth, as in
human verse. So words that repeat, and marks, get a negative bias, stronger at lower temperatures:
just enough to keep them as frequent as at 1. No bias applies at temperature 1 or higher, or at 0,
where the user wants the likeliest words. `docs/words.md` has the counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.form import ARTICLES, LIGHT_WORDS
from quatrain.poet import WordVocabulary, tokens
from quatrain.write.bias.punctuation import MARK_BIAS

REPEAT_BIAS = -1.5
"""Nats added to a content word for every time that the poem has it already, in a form.

The number is judgement. Lines that you give count wherever they stand; repeats of a refrain don't
count.
"""

OPENING_BIAS = -0.8
"""Nats on a line for every earlier line of the poem that opens with the same word, under contrast.

Without this and `OPENING_WORD_BIAS`, 64 % of the lines of a sonnet by `verse` open with a word of
their own, with both 86 % (people: 84 %; 40 sonnets, `benchmarks/coherence.py`).
"""

OPENING_WORD_BIAS = {"and": -3.2, "but": -2.0}
"""Nats on a line that opens with one of these words, under contrast, which likes what goes on.

Without both biases *And* opens 31 % of the lines, with both 9 % (people: 10 %); *But* opened 5.7 %,
with both 2.5 % (people: 2.2 %). docs/decisions/0012-contrast.md has the settings tried.
"""

FINAL_MARK_BIAS = -1.0
"""Nats on *?* and *!* for every earlier line of the poem that ends in the mark, under contrast.

Contrast takes a question for a sign that the next line is one: without this, 3 of 40 sonnets by
`verse` had eight lines or more that end in a question mark (people: 1 of 600).
"""

DOUBLED_WORD_BIAS = -6.0
"""Nats added to a word that would stand beside itself: nearly forbids it."""

JOINED_WORD_BIAS = -3.0
"""Nats added to a content word that would be joined to itself, as in *of lands and lands*.

Under contrast `verse` wrote 13 times as many such lines as people do, 18 in 1,000.
"""

RECENT_WORD_BIAS = -2.0
"""Nats added to a content word of free verse for every recent use, at temperature 0.

It shrinks linearly to 0 at temperature 1. Found by hand for the poet `verse`.
"""

LINE_END_BIAS = -3.0
"""Nats added to a word that ended a recent line, where a line's end comes next, at temperature 0.

It shrinks linearly to 0 at temperature 1. Found by hand for the poet `verse`.
"""

RECENT_WORDS = 64
"""Number of words that count as recent: in a long poem, every word has been used at some time."""

RECENT_LINE_ENDS = 8
"""Number of line ends that count as recent."""


def repeat_bias(counts: Mapping[int, int], size: int) -> NDArray[np.float32]:
    """Return the bias of the words that a poem has already, (vocabulary,), in nats.

    Args:
        counts: id of a content word -> how often the poem has it.
        size: size of the vocabulary.
    """
    bias = np.zeros(size, np.float32)
    for word_id, count in counts.items():
        bias[word_id] = REPEAT_BIAS * count
    return bias


def opening_bias(lines: Iterable[Sequence[str]], vocabulary: WordVocabulary) -> dict[int, float]:
    """Return the bias of a line by its first word: id of the word -> nats; 0 for other words.

    Args:
        lines: tokens of the poem's lines so far.
        vocabulary: their numbers.
    """
    numbers = vocabulary.numbers
    bias = {numbers[word]: nats for word, nats in OPENING_WORD_BIAS.items() if word in numbers}
    for line in lines:
        word_id = int(vocabulary.encode(line[:1])[0])
        bias[word_id] = bias.get(word_id, 0.0) + OPENING_BIAS
    return bias


def final_mark_bias(lines: Iterable[Sequence[str]], vocabulary: WordVocabulary) -> dict[int, float]:
    """Return the bias of *?* and *!* after lines that end in them: id of the mark -> nats.

    Args:
        lines: tokens of the poem's lines so far.
        vocabulary: their numbers.
    """
    ends = Counter(line[-1] for line in lines if line)
    numbers = vocabulary.numbers
    return {numbers[mark]: FINAL_MARK_BIAS * ends[mark] for mark in ("?", "!") if mark in numbers}


class LowTemperatureBias:
    """Bias against repeated words and marks in free verse, stronger at lower temperatures.

    Args:
        vocabulary: the poet's words.
        temperature: what logits will be divided by.

    Attributes:
        strength: 1 minus the temperature, the share of the full bias; 0 where none applies.
    """

    def __init__(self, vocabulary: WordVocabulary, temperature: float) -> None:
        self.strength = 1.0 - temperature if 0.0 < temperature < 1.0 else 0.0
        names = [vocabulary.token(number) for number in range(vocabulary.size)]
        is_token = np.arange(vocabulary.size) >= vocabulary.SPECIALS
        self._is_word = is_token & [name[:1].isalnum() for name in names]
        self._is_content = self._is_word & [name not in LIGHT_WORDS | ARTICLES for name in names]
        is_mark = is_token & ~self._is_word & [name not in tokens.ENDINGS for name in names]
        self._mark_bias = np.asarray(is_mark * MARK_BIAS * self.strength, np.float32)

    def words_in(self, line: Collection[int]) -> list[int]:
        """Return those of a line's tokens that are words."""
        return [number for number in line if self._is_word[number]]

    def add_to(
        self,
        logits: NDArray[np.float32],
        recent_words: Collection[int],
        recent_ends: Collection[int],
    ) -> None:
        """Add the bias to one poem's logits in place.

        Args:
            logits: before they are divided by the temperature, (vocabulary,).
            recent_words: ids of the poem's last words, each as often as it came.
            recent_ends: ids of the words that ended its last lines, if a line's end comes next.
        """
        logits += self._mark_bias
        words = np.fromiter(recent_words, np.intp, len(recent_words))
        content = words[self._is_content[words]]
        np.add.at(logits, content, RECENT_WORD_BIAS * self.strength)
        logits[list(set(recent_ends))] += LINE_END_BIAS * self.strength
