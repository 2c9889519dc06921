"""Softmax, its logarithm and the sigmoid, computed without overflow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from quatrain.layers.shapes import Array, require_like


def sigmoid(values: Array) -> Array:
    """Return 1 / (1 + exp(-x)), computed as (1 + tanh(x / 2)) / 2, which cannot overflow."""
    result = np.asarray(np.multiply(values, 0.5))
    np.tanh(result, out=result)
    result += 1.0
    result *= 0.5
    return result


def softmax(logits: Array, axis: int = -1) -> Array:
    """Return exp(x_i) / sum_j exp(x_j) along `axis`.

    The largest logit is subtracted first, which leaves the quotient as it is and keeps
    exp from overflowing. A logit of -inf has probability 0; one per slice must be finite.
    """
    values: Array = logits - logits.max(axis=axis, keepdims=True)
    np.exp(values, out=values)
    values /= values.sum(axis=axis, keepdims=True)
    return values


def log_softmax(logits: Array, axis: int = -1) -> Array:
    """Return the logarithm of `softmax` in nats, x_i - log sum_j exp(x_j) along `axis`.

    Computed without the quotient, so that improbable entries keep their precision.
    """
    values: Array = logits - logits.max(axis=axis, keepdims=True)
    values -= np.log(np.exp(values).sum(axis=axis, keepdims=True))
    return values


@dataclass(frozen=True, slots=True)
class Softmax:
    """The softmax layer: logits to probabilities; see `softmax`.

    To train on probabilities use `softmax_cross_entropy`, which is one step and more precise.

    Attributes:
        axis: along which the probabilities add up to 1.
    """

    axis: int = -1

    def value(self, logits: Array) -> Array:
        """Return the probabilities, of the logits' shape."""
        return softmax(logits, self.axis)

    def forward(self, logits: Array) -> tuple[Array, Callable[[Array], Array]]:
        """Return the probabilities p and the backward function.

        Each p_i rises with x_i and falls with every other x_j, since they add up to 1: with g
        the gradient of p, that of x_i is p_i (g_i - sum_j g_j p_j).
        """
        value = self.value(logits)

        def backward(gradient_of_value: Array) -> Array:
            """Return the gradient of the logits, given that of the probabilities."""
            require_like("softmax", "gradient_of_value", gradient_of_value, value)
            weighted = gradient_of_value * value
            weighted -= value * weighted.sum(axis=self.axis, keepdims=True)
            return weighted

        return value, backward
