"""An affine map: every output is a weighted sum of all inputs, plus a bias."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.errors import SettingsError
from quatrain.layers.shapes import Array, require, require_same_type


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
        """Shape (..., outputs) for inputs of shape (..., inputs).

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
