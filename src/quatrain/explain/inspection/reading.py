"""A poet reading a text: the text as tokens, and a trace of every layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import CorpusError
from quatrain.layers import LSTMState, LSTMTrace
from quatrain.layers.shapes import Array
from quatrain.poet import CharacterPoet, WordPoet

DEFAULT_TEXT = "The kettle clears its throat,\nand nobody has the floor."
"""Text that a poet reads by default."""


def encode_text(poet: CharacterPoet, text: str) -> NDArray[np.intp]:
    """Encode the start symbol and a text as the poet's tokens, shape (1 + characters,).

    Raises:
        CorpusError: the text is empty or holds characters outside the poet's alphabet.
    """
    if not text.strip():
        raise CorpusError(
            "the text to read",
            "only spaces" if text else "nothing",
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
            f"characters the poet doesn't know: {listed}{more}",
            f"characters of its alphabet, the line break and {known!r}",
            "Use only those, for example plain quotation marks and dashes.",
        )
    vocabulary = poet.vocabulary
    return np.concatenate([[vocabulary.START], vocabulary.encode(text)]).astype(np.intp)


def trace_layers(
    poet: CharacterPoet | WordPoet,
    ids: NDArray[np.integer],
    states: Sequence[LSTMState | None] | None = None,
) -> tuple[list[LSTMTrace], list[LSTMState]]:
    """Run a poet and record the gates and cells of every layer, lowest first.

    Args:
        poet: the poet.
        ids: tokens, shape (time, batch).
        states: the state of every layer before the first token; zeros by default.

    Returns:
        The trace of each layer, and its state after the last token.
    """
    layers = poet.network.lstm.layers
    inputs = vectors_of(poet, ids)
    layer_traces, after = [], []
    for layer, state in zip(layers, states or [None] * len(layers), strict=True):
        trace, _ = layer.trace(inputs, state)
        inputs = trace.hidden
        layer_traces.append(trace)
        after.append(LSTMState(trace.hidden[-1], trace.cell[-1]))
    return layer_traces, after


def vectors_of(poet: CharacterPoet | WordPoet, ids: NDArray[np.integer]) -> Array:
    """Return the vectors that the lowest LSTM layer reads, (*ids, features)."""
    if isinstance(poet, WordPoet):
        return poet.vectors(ids)
    return poet.network.embedding.value(ids)
