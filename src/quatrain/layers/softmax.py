"""Scores to probabilities, and the squashing functions kin to it, without overflow."""

from __future__ import annotations

import numpy as np

from quatrain.layers.shapes import Array


def sigmoid(values: Array) -> Array:
    """1 / (1 + exp(-x)), as (1 + tanh(x / 2)) / 2, which cannot overflow."""
    result = np.multiply(values, 0.5)
    np.tanh(result, out=result)
    result += 1.0
    result *= 0.5
    return result


def softmax(logits: Array, axis: int = -1) -> Array:
    """exp(x_i) / sum_j exp(x_j) along `axis`.

    The largest logit is subtracted first, which changes nothing in the quotient and keeps
    exp from overflowing. A logit of -inf has probability 0; one per slice must be finite.
    """
    values: Array = logits - logits.max(axis=axis, keepdims=True)
    np.exp(values, out=values)
    values /= values.sum(axis=axis, keepdims=True)
    return values


def log_softmax(logits: Array, axis: int = -1) -> Array:
    """x_i - log sum_j exp(x_j) along `axis`: the logarithm of `softmax`, in nats.

    Computed without the quotient, so that improbable entries keep their precision.
    """
    values: Array = logits - logits.max(axis=axis, keepdims=True)
    values -= np.log(np.exp(values).sum(axis=axis, keepdims=True))
    return values
