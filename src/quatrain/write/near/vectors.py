"""Cosines of word vectors."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray


def cosines(vectors: NDArray[np.float32], word_ids: Collection[int]) -> NDArray[np.float32]:
    """Return every word's cosine with the mean of some words' vectors, (vocabulary,).

    The mean of all vectors is subtracted first, or else all words would be near each other (Mu and
    Viswanath 2018).

    Args:
        vectors: one per word, (vocabulary, dimensions).
        word_ids: the words; without any, all cosines are 0.
    """
    if not word_ids:
        return np.zeros(len(vectors), np.float32)
    centred = vectors - vectors.mean(axis=0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    mean = centred[list(word_ids)].mean(axis=0)
    return np.asarray(centred @ (mean / max(float(np.linalg.norm(mean)), 1e-9)), np.float32)
