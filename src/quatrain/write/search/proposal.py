"""The proposal distribution, from which the next symbol of each line is drawn.

In: a poet's logits and a `Hypothesis` per line, which knows its bias and what may come next. Out:
probabilities to draw from, and the log increment of each line's weight. `smc` and `beam` draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.write.sampling import distribution, nothing_to_draw
from quatrain.write.search.hypothesis import Hypothesis

DEAD_LOG_WEIGHT = -1e30
"""Log weight of a line that no symbol can continue; finite, so that differences stay numbers."""

MIN_SHARE = 1e-12
"""Share of allowed probability below which single precision is too coarse and float64 is used."""

MIN_TEMPERATURE = 1e-3
"""Temperature that logits are divided by at 0: close enough to greedy, and no division by 0."""


class Proposal:
    """The poet's distribution over the next symbol, restricted to what a line allows.

    P(line) = product over its steps of (proposal probability * allowed share). The logarithms of
    the shares are the increments of the line's importance weight.

    Args:
        sampling: temperature and filters (top-k, top-p, min-p).
    """

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        no_filter = (sampling.top_k, sampling.top_p, sampling.min_p) == (None, None, None)
        self._unfiltered = no_filter and sampling.temperature > 0

    def evaluate(
        self, logits: NDArray[np.float32], hypotheses: Sequence[Hypothesis]
    ) -> tuple[NDArray[np.floating], list[float]]:
        """Return unnormalised probabilities, (particles, symbols), and log increments, nats.

        A particle's log increment is the log of the share of probability that its line allows.

        Args:
            logits: (particles, symbols).
            hypotheses: one per particle.
        """
        scores = self._biased_scores(logits, hypotheses)
        weights: NDArray[Any] = np.stack([line.symbol_weights() for line in hypotheses])
        if not self._unfiltered:
            return self._filtered(scores, weights)
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        total = scores.sum(axis=1)
        probabilities: NDArray[np.floating] = np.multiply(scores, weights, out=scores)
        share = probabilities.sum(axis=1) / total
        if not np.isfinite(share).all():
            raise nothing_to_draw(weights > 0)
        log_increments = np.log(np.maximum(share, MIN_SHARE, dtype=np.float64))
        for row in np.flatnonzero(share < MIN_SHARE).tolist():
            probabilities[row], log_increments[row] = self._in_double_precision(
                logits[row], hypotheses[row], weights[row]
            )
        return probabilities, log_increments.tolist()

    def log_masses(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the log of all symbols' probability together, per particle, nats, (particles,).

        It is 0 for a poet's own logits. Contrasted ones do not sum to 1: their sum says how much
        a line so far is preferred to another, before what it allows and without its bias.
        """
        if not self._sampling.contrast:
            return np.zeros(len(logits))
        scores = logits / max(self._sampling.temperature, MIN_TEMPERATURE)
        top = scores.max(axis=1, keepdims=True)
        scores -= top
        masses = np.log(np.exp(scores, out=scores).sum(axis=1)) + top[:, 0]
        return np.asarray(masses, np.float64)

    def _biased_scores(
        self, logits: NDArray[np.float32], hypotheses: Sequence[Hypothesis]
    ) -> NDArray[np.float32]:
        """Divide logits by the temperature and add each line's bias, (particles, symbols)."""
        scores = logits / max(self._sampling.temperature, MIN_TEMPERATURE)
        for row, line in zip(scores, hypotheses, strict=True):
            line.add_bias(row)
        return scores

    def _filtered(
        self, scores: NDArray[np.float32], weights: NDArray[Any]
    ) -> tuple[NDArray[np.floating], list[float]]:
        """Return the same as `evaluate` where a filter or temperature 0 cuts symbols off.

        The filter is applied to what is allowed, so that something always remains to draw. The
        share is that of the distribution filtered without regard to the line.
        """
        # `scores` are at the temperature already; only greedy choice is left to `distribution`.
        cut = replace(self._sampling, temperature=1.0 if self._sampling.temperature else 0.0)
        allowed = weights > 0
        alive = allowed.any(axis=1)
        probabilities = np.zeros(scores.shape)
        if alive.any():
            probabilities[alive] = distribution(scores[alive], cut, allowed[alive]) * weights[alive]
        share = (distribution(scores, cut, np.ones_like(allowed)) * weights).sum(axis=1)
        return probabilities, [math.log(max(float(value), MIN_SHARE)) for value in share]

    def _in_double_precision(
        self, logits: NDArray[np.float32], hypothesis: Hypothesis, weights: NDArray[Any]
    ) -> tuple[NDArray[np.float64], float]:
        """Return one particle's probabilities and log increment where its share rounds to nothing.

        This happens at low temperatures and under strong themes: next to the likeliest symbol of
        all, everything that is allowed underflows. So scale by the likeliest allowed symbol.

        Args:
            logits: (symbols,).
            hypothesis: the particle's line.
            weights: its symbol weights, (symbols,).
        """
        scores = self._biased_scores(logits[None], [hypothesis])[0].astype(np.float64)
        allowed = weights > 0
        if not allowed.any():
            return np.zeros(len(scores)), DEAD_LOG_WEIGHT
        top, top_allowed = scores.max(), scores[allowed].max()
        probabilities = np.exp(np.where(allowed, scores - top_allowed, -np.inf)) * weights
        log_allowed = float(np.log(probabilities.sum()) + top_allowed - top)
        return probabilities, log_allowed - float(np.log(np.exp(scores - top).sum()))
