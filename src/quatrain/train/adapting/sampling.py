"""Samples of a prepared corpus, small enough to be scored in seconds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus import Prepared
from quatrain.records import Poem


def sample_poems(
    prepared: Prepared, indices: NDArray[np.int64], most_characters: int
) -> list[Poem]:
    """Return some of a corpus's poems, drawn in a fixed random order, at least one.

    Args:
        prepared: the corpus.
        indices: the poems to draw from.
        most_characters: their characters together, at most. A single poem that is longer is cut
            at the end of a line.
    """
    order = np.random.Generator(np.random.PCG64(0)).permutation(indices)
    lengths = np.diff(prepared.offsets)[order]
    fitting = int(np.searchsorted(np.cumsum(lengths), most_characters, side="right"))
    chosen = set(order[: max(1, fitting)].tolist())
    poems = []
    for index, text in enumerate(prepared.texts()):
        if index in chosen:
            poems.append(Poem.from_lines(_cut(text, most_characters).split("\n")))
            if len(poems) == len(chosen):
                break
    return poems


def _cut(text: str, most: int) -> str:
    """Return the lines of a text that fit into `most` characters, at least the first."""
    text = text.strip("\n")
    if len(text) <= most:
        return text
    end = text.rfind("\n", 0, most + 1)
    return text[:end].rstrip("\n") if end > 0 else text.partition("\n")[0]
