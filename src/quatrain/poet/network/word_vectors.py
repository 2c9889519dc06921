"""Word vectors computed from letters, fast.

In: a `WordNetwork` and spellings. Out: the vectors that its LSTM reads, equal to
`WordNetwork.vectors` within rounding (a test holds it to 1e-5). A letter goes through a kernel's
weights beforehand, at every place it can have in the kernel's window. A convolution then costs a
look-up and a sum for each of these places instead of a product.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.poet.network.word_network import WordNetwork

_BATCH = 256
"""Words whose vectors are computed at once."""


class WordVectors:
    """Computes the word vectors of one network."""

    def __init__(self, network: WordNetwork) -> None:
        self._network = network
        letters = network.letters.weight  # (letters, embedding)
        self._tables = [  # of each kernel (width, letters, filters)
            np.ascontiguousarray(letters @ kernel.weight.transpose(2, 1, 0))
            for kernel in network.kernels
        ]

    def compute(self, spellings: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the vectors (words, features) of spellings (words, letters), padded with 0."""
        lengths = (spellings != 0).sum(axis=1)
        order = np.argsort(lengths, kind="stable")
        pooled = np.empty(
            (len(spellings), sum(table.shape[2] for table in self._tables)), np.float32
        )
        for first in range(0, len(order), _BATCH):
            batch = order[first : first + _BATCH]
            pooled[batch] = self._pooled(spellings[batch], lengths[batch])
        values = np.tanh(pooled)
        for layer in self._network.highway:
            values = layer.value(values)
        return values

    def _pooled(
        self, spellings: NDArray[np.integer[Any]], lengths: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """Return the largest output of every filter over a word, (words, filters)."""
        longest = max(int(lengths.max()), len(self._tables))
        padded = np.zeros((len(spellings), longest), np.intp)
        padded[:, : spellings.shape[1]] = spellings[:, :longest]
        strongest = []
        for width, (table, kernel) in enumerate(
            zip(self._tables, self._network.kernels, strict=True), start=1
        ):
            places = longest - width + 1
            answers = table[0][padded[:, :places]]  # (words, places, filters)
            for offset in range(1, width):
                answers += table[offset][padded[:, offset : offset + places]]
            outside = np.arange(places) > np.maximum(lengths - width, 0)[:, None]
            answers[outside] = -np.inf  # windows past the word's end
            strongest.append(answers.max(axis=1) + kernel.bias)
        return np.concatenate(strongest, axis=1)
