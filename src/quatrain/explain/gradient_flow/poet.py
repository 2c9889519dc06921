"""A gradient on its way back through a trained poet while it reads.

In: a poet and a text. Out: an `Explanation`.
"""

from __future__ import annotations

from dataclasses import replace

from quatrain.errors import SettingsError
from quatrain.explain.gradient_flow.random_networks import trace_flow
from quatrain.explain.inspection.reading import DEFAULT_TEXT, encode_text, trace_layers
from quatrain.poet import CharacterPoet
from quatrain.records import Explanation

MOST_CHARACTERS = 256
"""Most characters of a text; a Jacobian of 512 cells has a million numbers."""


def poet_flow(poet: CharacterPoet, text: str = DEFAULT_TEXT, *, layer: int = 1) -> Explanation:
    """Follow a gradient back through one layer, with its gates as they were while reading.

    Args:
        poet: the poet.
        text: a text, read as the start of a poem.
        layer: the LSTM layer, counted from 1, the lowest.

    Raises:
        CorpusError: the text is empty, or holds characters outside the poet's alphabet.
        SettingsError: there is no such layer, or the text has more than `MOST_CHARACTERS`.
    """
    layers = poet.network.lstm.layers
    if not 1 <= layer <= len(layers):
        raise SettingsError(
            "'layer' of the gradient flow",
            str(layer),
            f"a number from 1 to {len(layers)}",
            "The lowest layer, which reads the characters, is 1.",
        )
    if len(text) > MOST_CHARACTERS:
        raise SettingsError(
            "the text for the gradient flow",
            f"{len(text):,} characters",
            f"at most {MOST_CHARACTERS}",
            "Give a few lines; gradients seldom reach further.",
        )
    tokens = encode_text(poet, text)
    layer_traces, _ = trace_layers(poet, tokens[:, None])
    explanation = trace_flow(layers[layer - 1], layer_traces[layer - 1])
    return replace(
        explanation,
        title=f"A gradient travelling back through {len(tokens)} characters, the start of the poem "
        f"included, in layer {layer} of {poet.name or 'a poet'}",
    )
