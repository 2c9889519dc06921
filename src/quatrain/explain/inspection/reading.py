"""A poet reads: a text as its numbers, and what goes on in its layers meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import CorpusError
from quatrain.layers import LSTMState, LSTMTrace
from quatrain.poet import CharacterPoet

LINES = "The kettle clears its throat,\nand nobody has the floor."
"""What a poet reads if it is given nothing to read."""


def tokens_of(poet: CharacterPoet, text: str) -> NDArray[np.intp]:
    """The start of a poem and a text, as the poet reads them, shape (1 + characters,).

    Raises:
        CorpusError: the text is empty or holds characters outside the poet's alphabet.
    """
    if not text.strip():
        raise CorpusError(
            "the text to read",
            "nothing but space" if text else "nothing",
            "at least one character",
            "Give a line of verse.",
        )
    unknown = poet.vocabulary.unknown(text)
    if unknown:
        listed = ", ".join(
            f"{character!r} (U+{ord(character):04X})" + (f" {count} times" if count > 1 else "")
            for character, count in list(unknown.items())[:8]
        )
        more = f" and {len(unknown) - 8} more" if len(unknown) > 8 else ""
        known = "".join(poet.vocabulary.characters).replace("\n", "")
        raise CorpusError(
            "the text to read",
            f"characters the poet does not know: {listed}{more}",
            f"characters of its alphabet, the line break and {known!r}",
            "Write the text with those, for example with plain quotation marks and dashes.",
        )
    vocabulary = poet.vocabulary
    return np.concatenate([[vocabulary.START], vocabulary.encode(text)]).astype(np.intp)


def traces(
    poet: CharacterPoet, ids: NDArray[np.integer], states: Sequence[LSTMState | None] | None = None
) -> tuple[list[LSTMTrace], list[LSTMState]]:
    """The inner life of every layer, from the lowest, while a poet reads.

    Args:
        poet: the poet.
        ids: characters, (time, batch).
        states: of every layer before them; zeros by default.

    Returns:
        Per layer its trace and its state after the last time.
    """
    layers = poet.network.lstm.layers
    inputs = poet.network.embedding.value(ids)
    found, after = [], []
    for layer, state in zip(layers, states or [None] * len(layers), strict=True):
        trace, _ = layer.trace(inputs, state)
        inputs = trace.hidden
        found.append(trace)
        after.append(LSTMState(trace.hidden[-1], trace.cell[-1]))
    return found, after
