"""An affine map: every output is a weighted sum of all inputs, plus a bias."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from quatrain.errors import SettingsError
from quatrain.layers.shapes import Array, require, require_like, require_same_type


class LinearGradients(NamedTuple):
    """The gradient of the loss with respect to what a linear layer reads and holds.

    Attributes:
        inputs: shape of the inputs, (..., inputs).
        weight: shape (outputs, inputs).
        bias: shape (outputs,).
    """

    inputs: Array
    weight: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Linear:
    """y = W x + b for each vector x.

    Attributes:
        weight: W, shape (outputs, inputs).
        bias: b, shape (outputs,).

    Raises:
        SettingsError: the shapes or the types do not agree.
    """

    weight: Array
    bias: Array

    def __post_init__(self) -> None:
        require("linear", "weight", self.weight, ("outputs", None), ("inputs", None))
        require("linear", "bias", self.bias, ("outputs", self.weight.shape[0]))
        require_same_type("linear", weight=self.weight, bias=self.bias)

    def value(self, inputs: Array) -> Array:
        """Return y, shape (..., outputs), for inputs of shape (..., inputs).

        Raises:
            SettingsError: the inputs have another size or type than the weight.
        """
        outputs, size = self.weight.shape
        if inputs.ndim == 0 or inputs.shape[-1] != size:
            raise SettingsError(
                "'inputs' of the linear layer",
                f"shape {inputs.shape}",
                f"shape (..., {size})",
                "Give vectors of that size along the last dimension.",
            )
        require_same_type("linear", inputs=inputs, weight=self.weight)
        values = inputs.reshape(-1, size) @ self.weight.T
        values += self.bias
        return values.reshape(*inputs.shape[:-1], outputs)

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], LinearGradients]]:
        """Return the value y and the backward function; see `value`.

        With g the gradient of y, one row per vector x: that of x is g W, that of W is g^T x,
        and that of b is the sum of the rows of g.
        """
        value = self.value(inputs)

        def backward(gradient_of_value: Array) -> LinearGradients:
            """Return the gradients, given that of the value, shape (..., outputs)."""
            require_like("linear", "gradient_of_value", gradient_of_value, value)
            outputs, size = self.weight.shape
            rows = gradient_of_value.reshape(-1, outputs)
            return LinearGradients(
                (rows @ self.weight).reshape(inputs.shape),
                rows.T @ inputs.reshape(-1, size),
                rows.sum(axis=0),
            )

        return value, backward
