"""Scores to probabilities, and the squashing functions kin to it, without overflow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from quatrain.layers.shapes import Array, require_like


def sigmoid(values: Array) -> Array:
    """1 / (1 + exp(-x)), as (1 + tanh(x / 2)) / 2, which cannot overflow."""
    result = np.asarray(np.multiply(values, 0.5))
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


@dataclass(frozen=True, slots=True)
class Softmax:
    """Probabilities of scores, with the way back; see `softmax`.

    To train on probabilities use `softmax_cross_entropy`, which is one step and more precise.

    Attributes:
        axis: along which the probabilities add up to 1.
    """

    axis: int = -1

    def value(self, logits: Array) -> Array:
        """Probabilities, of the logits' shape."""
        return softmax(logits, self.axis)

    def forward(self, logits: Array) -> tuple[Array, Callable[[Array], Array]]:
        """The probabilities p and the way back.

        Each p_i rises with x_i and falls with every other x_j, since they add up to 1: with g
        the gradient of p, that of x_i is p_i (g_i - sum_j g_j p_j).
        """
        value = self.value(logits)

        def backward(gradient_of_value: Array) -> Array:
            """The gradient of the logits, for that of the probabilities, of the same shape."""
            require_like("softmax", "gradient_of_value", gradient_of_value, value)
            weighted = gradient_of_value * value
            weighted -= value * weighted.sum(axis=self.axis, keepdims=True)
            return weighted

        return value, backward
