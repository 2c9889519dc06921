"""Ranking of words for one place in a poem, by how well the poet expects what follows.

In: a poem with some word in the place. Out: the vocabulary, the likeliest first. The best words are
read to the end of the line, and the best of those to the end of the next line.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import WordPoet, tokens
from quatrain.records import Poem
from quatrain.write.word_classes import Mask

TO_LINE_END = 256
"""Words for which the rest of the line is read."""

TO_NEXT_LINE = 64
"""Words for which the next line is read."""


class WordRanking:
    """Ranking of the words that can stand in one place of a poem.

    Args:
        poet: the poet.
        poem: the poem, with any word that is one token in the place.
        line: number of the line, from 1.
        token: number of the word among the line's tokens.
    """

    def __init__(self, poet: WordPoet, poem: Poem, line: int, token: int) -> None:
        self._poet = poet
        read: list[str] = []
        line_ends: list[int] = []  # of the line, and of the next
        place = 0
        for number, parts in enumerate(tokens.poem_tokens(poem), 1):
            if number == line:
                words = sum(part not in {tokens.LINE_END, tokens.STANZA_END} for part in parts)
                place = len(read) + (words - 1 - token if poet.backwards else token)
            read += tokens.reversed_line(parts) if poet.backwards else parts
            if number >= line:
                line_ends.append(len(read))
            if number > line:
                break
        numbers = poet.vocabulary.encode(read)
        self._rest_of_line = numbers[place + 1 : line_ends[0]]
        self._next_line = numbers[line_ends[0] :]
        logits, state = poet.step(np.array([poet.vocabulary.START]), poet.start(1))
        for number in numbers[:place]:
            logits, state = poet.step(np.array([number]), state)
        self._logits, self._state = logits, state

    def ranked(self, allowed: Mask, count: int) -> list[int]:
        """Return the allowed words, the likeliest first.

        Args:
            allowed: words to rank, (vocabulary,).
            count: number of words whose order matters most.
        """
        first = _surprisals(self._logits)[0]
        order = np.argsort(first, kind="stable")
        order = order[allowed[order]]
        ids = order[: max(TO_LINE_END, count)]
        nats, state, symbols = first[ids], self._state.select([0] * len(ids)), ids
        stages = ((len(ids), self._rest_of_line), (max(TO_NEXT_LINE, count), self._next_line))
        for most, text in stages:
            state = state.select(list(range(min(most, len(ids)))))
            symbols, total = symbols[:most], nats[:most]
            for number in text:
                logits, state = self._poet.step(symbols, state)
                symbols = np.full(len(symbols), number)
                total = total + _surprisals(logits)[:, number]
            places = np.argsort(total, kind="stable")
            ids = np.concatenate([ids[:most][places], ids[most:]])
            nats = np.concatenate([total[places], nats[most:]])
            state, symbols = state.select(places.tolist()), symbols[places]
        return [*ids.tolist(), *order[len(ids) :].tolist()]


def _surprisals(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the surprisal of every word in nats, (poems, vocabulary)."""
    most = logits.max(axis=1, keepdims=True)
    total = np.exp(logits - most).sum(axis=1, keepdims=True)
    return np.asarray(most + np.log(total) - logits)
