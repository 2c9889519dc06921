"""Contrastive decoding: a poet that prefers what the poem so far makes likelier.

In: a poet and a strength `a`. Out: `ContrastModel`, which is stepped like the poet and returns

    (1 + a) * log p(symbol | poem so far) - a * log p(symbol | this line after nothing)

Both probabilities are the poet's own. What it would write anyway, whatever came before, loses;
what follows from the poem gains (Li et al. 2023, *Contrastive Decoding*; Shi et al. 2024, *Trusting
Your Evidence*, who contrast with and without a context as here). In a poem's first line both are
the same, and nothing changes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import Poet, State, WordVocabulary
from quatrain.write.search import LanguageModel


def with_contrast(poet: Poet, strength: float | None) -> LanguageModel:
    """Return the poet itself, or, for a strength above 0, its `ContrastModel`."""
    return ContrastModel(poet, strength) if strength else poet


class ContrastModel:
    """A poet that reads each line twice: after the poem so far, and after nothing.

    Its states are those of the poet with twice the layers: first those after the poem so far,
    then those of the same line after nothing. The latter start again at every line end, from an
    empty first line.

    Args:
        poet: the poet.
        strength: `a` in the formula above, above 0.
    """

    def __init__(self, poet: Poet, strength: float) -> None:
        self._poet, self._strength = poet, np.float32(strength)
        vocabulary = poet.vocabulary
        if isinstance(vocabulary, WordVocabulary):
            self._line_ends = np.array([vocabulary.LINE, vocabulary.STANZA])
        else:
            self._line_ends = vocabulary.encode("\n").astype(np.intp)
        _, state = poet.step(np.array([vocabulary.START]), poet.start(1))
        logits, self._blank = poet.step(self._line_ends[:1], state)
        self._blank_log_probabilities = log_softmax(logits)

    def start(self, poems: int) -> State:
        """Return the state before the first symbol."""
        return _paired(self._poet.start(poems), self._poet.start(poems))

    def step(
        self, ids: NDArray[np.integer[Any]], state: State
    ) -> tuple[NDArray[np.float32], State]:
        """Read one symbol of each poem; return contrasted log probabilities and the new state.

        Args:
            ids: the symbols' numbers, (poems,).
            state: the state before them.

        Returns:
            The contrasted log probabilities, (poems, symbols), which do not sum to 1, and the
            state after.
        """
        poems = len(ids)
        layers = len(state.cells) // 2
        poem = State(state.doubled[:layers], state.cells[:layers])
        line = State(state.doubled[layers:], state.cells[layers:])
        # After a line's end the second reading is the blank state: nothing to step.
        inside = np.flatnonzero(~np.isin(ids, self._line_ends))
        rows, places = _distinct(
            np.concatenate((ids, ids[inside])), State.joined([poem, line.select(inside)])
        )
        logits, after = self._poet.step(*rows)
        log_probabilities = log_softmax(logits)
        of_poem = log_probabilities[places[:poems]]
        of_line = np.repeat(self._blank_log_probabilities, poems, axis=0)
        of_line[inside] = log_probabilities[places[poems:]]
        blank_or_after = np.full(poems, after.poems)
        blank_or_after[inside] = places[poems:]
        line = State.joined([after, self._blank]).select(blank_or_after)
        of_line -= of_poem  # arrays of megabytes: in place
        of_line *= self._strength
        of_poem -= of_line
        return of_poem, _paired(after.select(places[:poems]), line)


def _distinct(
    ids: NDArray[np.integer[Any]], state: State
) -> tuple[tuple[NDArray[np.integer[Any]], State], NDArray[np.intp]]:
    """Return each pair of a symbol and a state once, and the place of every row among them.

    Particles share their line so far when they were resampled, and a poem's first line is read
    after nothing both times: about a fifth of the rows need not be computed.
    """
    columns = [np.ascontiguousarray(layer.T) for layer in (*state.doubled, *state.cells)]
    numbers: dict[tuple[bytes, ...], int] = {}
    first, places = [], []
    for row in range(len(ids)):
        key = (ids[row].tobytes(), *(layer[row].tobytes() for layer in columns))
        if key not in numbers:
            numbers[key] = len(numbers)
            first.append(row)
        places.append(numbers[key])
    return (ids[first], state.select(first)), np.array(places, np.intp)


def _paired(poem: State, line: State) -> State:
    """Return one state that holds the layers of two."""
    return State((*poem.doubled, *line.doubled), (*poem.cells, *line.cells))


def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return log probabilities, each row's exponentials summing to 1."""
    top = logits.max(axis=1, keepdims=True)
    values: NDArray[np.float32] = logits - top
    values -= np.log(np.exp(values).sum(axis=1, keepdims=True))
    return values
