"""Association: which words a poet expects after a line about something.

In: a word-level poet, and the words of a line. Out: for each of its words, how much likelier it is
in the next line than in a line after nothing, in nats. That is the pointwise mutual information of
a word and the line before it (Church and Hanks 1990), as the poet has learned it: after *winter
sea*, *ice*, *waves* and *storms*. Word vectors only know what stands in the same places: *sea* is
near *city* and *land*.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import State, WordPoet
from quatrain.write.contrast import log_softmax

_ENDS = (
    ("day", ","),
    ("air", "."),
    ("man", ","),
    ("hand", ";"),
    ("me", ","),
    ("so", "."),
    ("eyes", ","),
    ("done", "."),
)
"""Ends of a line beside which words are weighed.

One end alone would favour what rhymes or goes with it; the mean over eight of them does not.
"""

_NEXT = ("the", "and", "of")
"""Words that follow in the order of writing, beside which words are weighed too."""

MOST_POETS = 4
"""Poets of which it is kept what they expect after nothing: 2.5 MB for each of the shipped ones."""

LEAST_PROBABILITY = 1e-5
"""Probability added to both sides of the ratio, so that rare words do not come out by chance.

Of 1e-6, 3e-6, 1e-5 and 3e-5 it ranks the words of sixteen themes best
(`benchmarks/meaning.py themes`).
"""


def associations(poet: WordPoet, word_ids: Sequence[int]) -> NDArray[np.float32]:
    """Return how much likelier every word is after a line of some words, (vocabulary,), in nats.

    Args:
        poet: the poet.
        word_ids: the words, in reading order; without any, all associations are 0.
    """
    vocabulary = poet.vocabulary
    if not word_ids:
        return np.zeros(vocabulary.size, np.float32)
    line = list(word_ids)[::-1] if poet.backwards else list(word_ids)
    after = _log_probabilities(poet, [*line, vocabulary.LINE])
    return np.asarray((after - _after_nothing(poet)).mean(axis=0), np.float32)


@lru_cache(maxsize=MOST_POETS)
def _after_nothing(poet: WordPoet) -> NDArray[np.float32]:
    """Return the log probability of every word after an empty line, (places, vocabulary)."""
    return _log_probabilities(poet, [poet.vocabulary.LINE])


def _log_probabilities(poet: WordPoet, before: Sequence[int]) -> NDArray[np.float32]:
    """Return the log probability of every word at some places of a line, (places, vocabulary).

    Args:
        poet: the poet.
        before: tokens of the line before, in the order of writing.
    """
    state = poet.start(1)
    for number in (poet.vocabulary.START, *before):
        _, state = poet.step(np.array([number]), state)
    state = State.joined([state] * len(_ENDS))
    for position in (1, 0) if poet.backwards else (0,):
        ends = poet.vocabulary.encode([end[position] for end in _ENDS])
        logits, state = poet.step(ends, state)
    places = [logits]
    places += [
        poet.step(np.full(len(_ENDS), number), state)[0] for number in poet.vocabulary.encode(_NEXT)
    ]
    probabilities = np.exp(log_softmax(np.concatenate(places)))
    return np.asarray(np.log(probabilities + LEAST_PROBABILITY), np.float32)
