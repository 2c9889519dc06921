"""The squashing functions between layers: tanh, sigmoid and ReLU, number by number.

In: an array of any shape. Out: one of the same shape and type. None has parameters, so the way
back gives the gradient of the inputs alone.
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
        """The hyperbolic tangent of each of `inputs`."""
        value: Array = np.tanh(inputs)
        return value

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], Array]]:
        """The value y and the way back: the gradient of x is that of y times 1 - y^2."""
        value = self.value(inputs)

        def backward(gradient_of_value: Array) -> Array:
            """The gradient of the inputs, for that of the value, of the same shape."""
            require_like("tanh", "gradient_of_value", gradient_of_value, value)
            slope = 1 - value * value
            slope *= gradient_of_value
            return slope

        return value, backward


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """y = 1 / (1 + exp(-x)), from 0 to 1."""

    def value(self, inputs: Array) -> Array:
        """The sigmoid of each of `inputs`."""
        return sigmoid(inputs)

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], Array]]:
        """The value y and the way back: the gradient of x is that of y times y (1 - y)."""
        value = self.value(inputs)

        def backward(gradient_of_value: Array) -> Array:
            """The gradient of the inputs, for that of the value, of the same shape."""
            require_like("sigmoid", "gradient_of_value", gradient_of_value, value)
            slope = value * (1 - value)
            slope *= gradient_of_value
            return slope

        return value, backward


@dataclass(frozen=True, slots=True)
class ReLU:
    """y = max(x, 0): the rectifier (Nair and Hinton 2010)."""

    def value(self, inputs: Array) -> Array:
        """Each of `inputs`, or 0 where it is negative."""
        value: Array = np.maximum(inputs, 0)
        return value

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], Array]]:
        """The value y and the way back: the gradient passes where x > 0.

        At x = 0, where there is a corner and no slope, nothing passes, as in PyTorch. Gradients
        are to be finite: an infinite one becomes NaN where nothing passes.
        """
        value = self.value(inputs)

        def backward(gradient_of_value: Array) -> Array:
            """The gradient of the inputs, for that of the value, of the same shape."""
            require_like("ReLU", "gradient_of_value", gradient_of_value, value)
            of_inputs: Array = gradient_of_value * (value > 0)
            return of_inputs

        return value, backward
