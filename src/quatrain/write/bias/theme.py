"""Theme bias: words near the theme's words become likelier.

In: the words of a theme, and a word-level poet's output vectors. Out: `theme_bias`, nats per word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from quatrain.form import ARTICLES, LIGHT_WORDS
from quatrain.poet import WordVocabulary
from quatrain.write.word_classes import Mask

THEME_BIAS = 12.0
"""Nats that a word gains for a cosine of 1 with the theme, at strength 1."""

_UNRELATED = 0.1
"""Cosine up to which a word has nothing to do with the theme."""


def content_words(words: Iterable[str], vocabulary: WordVocabulary) -> list[int]:
    """Return the ids of those words that carry meaning and that the vocabulary has."""
    numbers, function_words = vocabulary.numbers, LIGHT_WORDS | ARTICLES
    return [numbers[word] for word in words if word in numbers and word not in function_words]


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


def theme_bias(
    theme_cosines: NDArray[np.float32], is_word: Mask, strength: float
) -> NDArray[np.float32]:
    """Return the bias of every word towards a theme, (vocabulary,), in nats.

    Args:
        theme_cosines: cosine of every word with the theme, (vocabulary,).
        is_word: which tokens are words, (vocabulary,); marks gain nothing.
        strength: factor on `THEME_BIAS`.
    """
    gain = THEME_BIAS * strength * np.maximum(theme_cosines - _UNRELATED, 0)
    return np.asarray(np.where(is_word, gain, 0), np.float32)
