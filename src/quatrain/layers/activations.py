"""Activation functions, element by element: tanh, sigmoid and ReLU.

In: an array of any shape. Out: one of the same shape and type. They have no parameters, so the
backward function returns the gradient of the inputs alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from quatrain.layers.shapes import Array, require_like
from quatrain.layers.softmax import sigmoid


@dataclass(frozen=True, slots=True)
class Tanh:
    """y = tanh x, from -1 to 1."""

    def value(self, inputs: Array) -> Array:
        """Return the hyperbolic tangent of each of `inputs`."""
        value: Array = np.tanh(inputs)
        return value

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], Array]]:
        """Return the value y and the backward function.

        The gradient of x is that of y times 1 - y^2.
        """
        value = self.value(inputs)

        def backward(gradient_of_value: Array) -> Array:
            """Return the gradient of the inputs, given that of the value, of the same shape."""
            require_like("tanh", "gradient_of_value", gradient_of_value, value)
            slope = 1 - value * value
            slope *= gradient_of_value
            return slope

        return value, backward


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """y = 1 / (1 + exp(-x)), from 0 to 1."""

    def value(self, inputs: Array) -> Array:
        """Return the sigmoid of each of `inputs`."""
        return sigmoid(inputs)

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], Array]]:
        """Return the value y and the backward function.

        The gradient of x is that of y times y (1 - y).
        """
        value = self.value(inputs)

        def backward(gradient_of_value: Array) -> Array:
            """Return the gradient of the inputs, given that of the value, of the same shape."""
            require_like("sigmoid", "gradient_of_value", gradient_of_value, value)
            slope = value * (1 - value)
            slope *= gradient_of_value
            return slope

        return value, backward


@dataclass(frozen=True, slots=True)
class ReLU:
    """y = max(x, 0): the rectifier (Nair and Hinton 2010)."""

    def value(self, inputs: Array) -> Array:
        """Return each of `inputs`, or 0 where it is negative."""
        value: Array = np.maximum(inputs, 0)
        return value

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], Array]]:
        """Return the value y and the backward function.

        The gradient of x is that of y where x > 0, and 0 elsewhere; at x = 0, where the
        derivative does not exist, it is 0, as in PyTorch. Gradients must be finite: an infinite
        one becomes NaN where it is multiplied by 0.
        """
        value = self.value(inputs)

        def backward(gradient_of_value: Array) -> Array:
            """Return the gradient of the inputs, given that of the value, of the same shape."""
            require_like("ReLU", "gradient_of_value", gradient_of_value, value)
            of_inputs: Array = gradient_of_value * (value > 0)
            return of_inputs

        return value, backward
