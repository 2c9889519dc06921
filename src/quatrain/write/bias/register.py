"""What kind of English a poem has begun in, so that it goes on in it.

In: the words of a poet, and the lines of a poem so far. Out: what words of the other kind lose.
A poem that has *walk'd* seldom has *walked* beside it, and one that says *thou* seldom says *you*
to the same person; the texts that a poet learned from have both kinds, each in poems of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.form import SUBJECT_PRONOUNS, Pattern
from quatrain.write.constrained.line_constraint import Mask
from quatrain.write.word_classes import ENDING_D, FIRST_WORD_CLASS, WordClasses

OTHER = 3.0
"""Nats a word of the other kind loses. The number is judgement."""

_THOU = frozenset({"thou", "thee", "thy", "thine", "thyself", "thou'rt", "thou'lt"})
_YOU = frozenset({"you", "your", "yours", "yourself", "yourselves"})
_PRONOUNS = (SUBJECT_PRONOUNS - {"ye"}) | {"who", "there"}
_SHORTEST = 5
"""Letters of the shortest word taken for a verb in -ed: *shed* is none."""


class Registers:
    """Ways of writing that exclude each other, as far as a vocabulary has them.

    Args:
        word_classes: the words.
    """

    def __init__(self, word_classes: WordClasses) -> None:
        words = word_classes.vocabulary.words
        first = word_classes.vocabulary.SPECIALS
        self._full = frozenset(word for word in words if _is_full(word, word_classes))

        def mask(wanted: frozenset[str]) -> Mask:
            return word_classes.mask(
                number for number, word in enumerate(words, first) if word in wanted
            )

        self._masks = (
            (np.asarray(word_classes.class_ids == ENDING_D), mask(self._full)),
            (mask(_THOU), mask(_YOU)),
        )

    def losses(self, lines: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """What every word loses after some lines of tokens, in nats, (vocabulary,)."""
        seen = np.zeros((2, 2), np.intp)
        for line in lines:
            for word, before in zip(line, ("", *line), strict=False):
                seen[0] += (word == "'d" and before not in _PRONOUNS, word in self._full)
                seen[1] += (word in _THOU, word in _YOU)
        found = np.zeros(len(self._masks[0][0]), np.float32)
        for (one, other), (ones, others) in zip(self._masks, seen.tolist(), strict=True):
            if ones != others:
                found[other if ones > others else one] += OTHER
        return found


def _is_full(word: str, word_classes: WordClasses) -> bool:
    """Whether a word is a verb in -ed that may be said as short as without it."""
    if len(word) < _SHORTEST or not word.endswith("ed") or word.endswith("eed"):
        return False
    said = _patterns(word, word_classes)
    stems = (_patterns(stem, word_classes) for stem in (word[:-2], word[:-1], word[:-3]))
    return any(stem and stem <= said for stem in stems)


def _patterns(word: str, word_classes: WordClasses) -> frozenset[Pattern]:
    number = word_classes.vocabulary.numbers.get(word)
    kind = -1 if number is None else int(word_classes.class_ids[number]) - FIRST_WORD_CLASS
    return (
        word_classes.signatures[word_classes.classes[kind].signature] if kind >= 0 else frozenset()
    )
