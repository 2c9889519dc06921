"""Sampling: from logits to the next symbol, a character or a word.

In: the logits of several poems, and which symbols may come next in each. Out: the
distribution that is drawn from, and a draw. Each poem has its own generator, so that
its symbols don't depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.errors import PoetError, SettingsError

Probabilities = NDArray[np.float64]


def distribution(
    logits: NDArray[np.floating], sampling: Sampling, allowed: NDArray[np.bool_]
) -> Probabilities:
    """Return the distributions that the next symbols are drawn from.

    Symbols that are not allowed are left out first; then the logits are divided by the
    temperature; then top-k, top-p and min-p each cut what the one before left.

    Args:
        logits: shape (poems, alphabet).
        sampling: the settings.
        allowed: which symbols may come, shape (poems, alphabet).

    Returns:
        Shape (poems, alphabet), float64, each row summing to 1. With temperature 0 the
        likeliest allowed symbol, the first if there are several, has all of it.

    Raises:
        SettingsError: a poem has no symbol that is allowed.
        PoetError: the logits are not finite.
    """
    values = np.where(allowed, logits.astype(np.float64), -np.inf)
    top = values.max(axis=1, keepdims=True)
    if not np.isfinite(top).all():
        raise nothing_to_draw(allowed)
    if sampling.temperature == 0.0:
        greedy = np.zeros_like(values)
        np.put_along_axis(greedy, values.argmax(axis=1)[:, None], 1.0, axis=1)
        return greedy
    values -= top
    with np.errstate(over="ignore"):  # a tiny temperature sends all but the top to -inf
        values /= sampling.temperature
    np.exp(values, out=values)
    values /= values.sum(axis=1, keepdims=True)
    if sampling.top_k is not None or sampling.top_p is not None:
        values = _cut_the_tail(values, sampling.top_k, sampling.top_p)
    if sampling.min_p is not None:
        values[values < sampling.min_p * values.max(axis=1, keepdims=True)] = 0.0
        values /= values.sum(axis=1, keepdims=True)
    return values


def _cut_the_tail(values: Probabilities, top_k: int | None, top_p: float | None) -> Probabilities:
    """Keep the likeliest symbols of each row; among equals, the first of the alphabet."""
    order = np.argsort(-values, axis=1, kind="stable")
    falling = np.take_along_axis(values, order, axis=1)
    if top_k is not None:
        falling[:, top_k:] = 0.0
        falling /= falling.sum(axis=1, keepdims=True)
    if top_p is not None:
        before = np.cumsum(falling, axis=1) - falling
        before[:, 0] = 0.0  # the likeliest always stays
        falling[before >= top_p] = 0.0
        falling /= falling.sum(axis=1, keepdims=True)
    cut = np.empty_like(values)
    np.put_along_axis(cut, order, falling, axis=1)
    return cut


def draw(
    probabilities: Probabilities, generators: Sequence[np.random.Generator]
) -> NDArray[np.intp]:
    """Draw one symbol per poem, by inverting the cumulative distribution.

    Args:
        probabilities: shape (poems, alphabet); rows need not sum to exactly 1.
        generators: one per poem; each gives one number.

    Returns:
        Shape (poems,). A symbol of probability 0 is never drawn.
    """
    cumulative = np.cumsum(probabilities, axis=1)
    total = cumulative[:, -1]
    chance = np.array([generator.random() for generator in generators]) * total
    np.minimum(chance, np.nextafter(total, 0.0), out=chance)  # the product may round up to it
    drawn: NDArray[np.intp] = (cumulative > chance[:, None]).argmax(axis=1)  # the first above
    return drawn


def nothing_to_draw(allowed: NDArray[np.bool_]) -> SettingsError | PoetError:
    """Return the error of a poem that cannot go on, or of logits that are not finite."""
    if not allowed.any(axis=1).all():
        return SettingsError(
            "the next character",
            "none in the poet's alphabet that may come here",
            "at least one",
            "Ask for no number of lines, or train a poet on a text with letters.",
        )
    return PoetError(
        "the next character",
        "logits that are not finite numbers",
        "finite ones",
        "The poet's weights are too large to use: train it again.",
    )
