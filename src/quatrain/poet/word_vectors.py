"""Vectors of words from their letters, fast.

In: a `WordNetwork` and spellings. Out: the vectors that its LSTM reads, equal to
`WordNetwork.vectors` within rounding (a test holds it to 1e-5). A letter goes through a kernel's
weights beforehand, at every place that it may have in the kernel's window: a convolution then
costs a look-up and a sum for each of these places instead of a product.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.poet.word_network import WordNetwork

_AT_ONCE = 256


class WordVectors:
    """Makes vectors of words for one network."""

    def __init__(self, network: WordNetwork) -> None:
        self._network = network
        letters = network.letters.weight  # (letters, embedding)
        self._tables = [  # of each kernel (width, letters, filters)
            np.ascontiguousarray(letters @ kernel.weight.transpose(2, 1, 0))
            for kernel in network.kernels
        ]

    def of(self, spellings: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """The vectors (words, features) of words, (words, letters), padded with 0."""
        lengths = (spellings != 0).sum(axis=1)
        order = np.argsort(lengths, kind="stable")
        pooled = np.empty((len(spellings), sum(each.shape[2] for each in self._tables)), np.float32)
        for first in range(0, len(order), _AT_ONCE):
            some = order[first : first + _AT_ONCE]
            pooled[some] = self._pooled(spellings[some], lengths[some])
        values = np.tanh(pooled)
        for layer in self._network.highway:
            values = layer.value(values)
        return values

    def _pooled(
        self, spellings: NDArray[np.integer[Any]], lengths: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """The strongest answer of every filter, (words, filters)."""
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
