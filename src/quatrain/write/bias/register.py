"""Register bias: a poem keeps to the kind of English that it begins with.

In: a poet's words, and the lines of a poem so far. Out: `Registers`, the nats added to words of the
other kind. A poem with *walk'd* seldom has *walked* as well, and one that says *thou* seldom says
*you* to the same person; the training texts have both kinds, but each in poems of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.form import SUBJECT_PRONOUNS, Pattern
from quatrain.write.word_classes import ENDING_D, FIRST_WORD_CLASS, Mask, WordClasses

REGISTER_BIAS = -3.0
"""Nats added to a word of the other register. The number is judgement."""

_THOU = frozenset({"thou", "thee", "thy", "thine", "thyself", "thou'rt", "thou'lt"})
_YOU = frozenset({"you", "your", "yours", "yourself", "yourselves"})

_PRONOUNS = (SUBJECT_PRONOUNS - {"ye"}) | {"who", "there"}
"""Words after which 'd is *would* or *had*, not a past tense."""

_MIN_ED_LENGTH = 5
"""Letters of the shortest word taken for a verb in -ed: *shed* is not one."""


class Registers:
    """Two pairs of registers that exclude each other: *walk'd* or *walked*, *thou* or *you*.

    Args:
        word_classes: the words.
    """

    def __init__(self, word_classes: WordClasses) -> None:
        words = word_classes.vocabulary.words
        first = word_classes.vocabulary.SPECIALS
        self._ed_verbs = frozenset(word for word in words if _is_ed_verb(word, word_classes))

        def mask(register: Collection[str]) -> Mask:
            return word_classes.mask(
                number for number, word in enumerate(words, first) if word in register
            )

        self._masks = (
            (np.asarray(word_classes.class_ids == ENDING_D), mask(self._ed_verbs)),
            (mask(_THOU), mask(_YOU)),
        )

    def bias(self, lines: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return the bias of every word after some lines of tokens, (vocabulary,), in nats.

        In each pair, the register that occurs less often so far gets the bias; in a tie, neither.
        """
        counts = np.zeros((2, 2), np.intp)  # (pairs, registers), as `_masks`
        for line in lines:
            for word, previous in zip(line, ("", *line), strict=False):
                past_d = word == "'d" and previous not in _PRONOUNS
                counts[0] += (past_d, word in self._ed_verbs)
                counts[1] += (word in _THOU, word in _YOU)
        bias = np.zeros(len(self._masks[0][0]), np.float32)
        for (left, right), (left_count, right_count) in zip(
            self._masks, counts.tolist(), strict=True
        ):
            if left_count != right_count:
                bias[right if left_count > right_count else left] += REGISTER_BIAS
        return bias


def _is_ed_verb(word: str, word_classes: WordClasses) -> bool:
    """Return whether a word is a verb in -ed in which the e may be silent, as in *walked*.

    It then has a pattern that its stem has too: *waited* always has a syllable more than *wait*.
    """
    if len(word) < _MIN_ED_LENGTH or not word.endswith("ed") or word.endswith("eed"):
        return False
    patterns = _patterns(word, word_classes)
    stems = (_patterns(stem, word_classes) for stem in (word[:-2], word[:-1], word[:-3]))
    return any(stem and stem <= patterns for stem in stems)


def _patterns(word: str, word_classes: WordClasses) -> frozenset[Pattern]:
    """Return the patterns of a word of the vocabulary; none for others."""
    number = word_classes.vocabulary.numbers.get(word)
    class_id = -1 if number is None else int(word_classes.class_ids[number])
    if class_id < FIRST_WORD_CLASS:
        return frozenset()
    word_class = word_classes.classes[class_id - FIRST_WORD_CLASS]
    return word_classes.signatures[word_class.signature].patterns
