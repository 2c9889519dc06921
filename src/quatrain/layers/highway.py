"""The highway layer: a gate decides how much of a vector to change and how much to carry on.

Srivastava, Greff and Schmidhuber 2015, "Highway networks".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from quatrain.errors import SettingsError
from quatrain.layers.activations import ReLU, Sigmoid, Tanh
from quatrain.layers.linear import Linear, LinearGradients
from quatrain.layers.shapes import Array, require_like, require_same_type


class HighwayGradients(NamedTuple):
    """The gradient of the loss with respect to what a highway layer reads and holds.

    Attributes:
        inputs: shape of the inputs, (..., size).
        transform: of `transform`; its `inputs` are the part that comes through it.
        gate: of `gate`; its `inputs` are the part that comes through it.
    """

    inputs: Array
    transform: LinearGradients
    gate: LinearGradients


@dataclass(frozen=True, slots=True)
class Highway:
    """A mixture of each number and a transformed one, in a learned proportion.

    Equations 2 and 3 of the paper, with the carry gate 1 - t:

        t = sigmoid(W_T x + b_T)
        y = t * g(W_H x + b_H) + (1 - t) * x

    With a negative b_T the layer begins by carrying: y is close to x, and so are their
    gradients, however many layers there are.

    Attributes:
        transform: W_H and b_H, as many outputs as inputs.
        gate: W_T and b_T, of the same size.
        activation: g.

    Raises:
        SettingsError: the sizes or the types do not agree.
    """

    transform: Linear
    gate: Linear
    activation: ReLU | Tanh = ReLU()  # noqa: RUF009 - frozen and without fields

    def __post_init__(self) -> None:
        size = self.transform.weight.shape[1]
        for name, part in (("transform", self.transform), ("gate", self.gate)):
            if part.weight.shape != (size, size):
                raise SettingsError(
                    f"{name!r} of the highway layer",
                    f"a weight of shape {part.weight.shape}",
                    f"shape ({size}, {size}), as many outputs as inputs",
                    "Make the sizes agree: old and new numbers are mixed one by one.",
                )
        require_same_type("highway", transform=self.transform.weight, gate=self.gate.weight)

    def value(self, inputs: Array) -> Array:
        """Return y, shape (..., size), for inputs of shape (..., size).

        Raises:
            SettingsError: the inputs have another size or type than the weights.
        """
        transformed = self.activation.value(self.transform.value(inputs))
        gate_values = Sigmoid().value(self.gate.value(inputs))
        return _mix(inputs, transformed, gate_values)

    def forward(self, inputs: Array) -> tuple[Array, Callable[[Array], HighwayGradients]]:
        """Return the value y and the backward function; see `value`.

        With d the gradient of y: that of g is d t, that of t is d (g - x), and x has d (1 - t)
        directly and the rest through the two linear maps.
        """
        summed, back_through_transform = self.transform.forward(inputs)
        transformed, back_through_activation = self.activation.forward(summed)
        summed, back_through_gate = self.gate.forward(inputs)
        gate_values, back_through_sigmoid = Sigmoid().forward(summed)
        value = _mix(inputs, transformed, gate_values)

        def backward(gradient_of_value: Array) -> HighwayGradients:
            """Return the gradients, given that of the value, shape (..., size)."""
            require_like("highway", "gradient_of_value", gradient_of_value, value)
            of_transform = back_through_transform(
                back_through_activation(gradient_of_value * gate_values)
            )
            of_gate = back_through_gate(
                back_through_sigmoid(gradient_of_value * (transformed - inputs))
            )
            of_inputs = gradient_of_value * (1 - gate_values)
            of_inputs += of_transform.inputs
            of_inputs += of_gate.inputs
            return HighwayGradients(of_inputs, of_transform, of_gate)

        return value, backward


def _mix(inputs: Array, transformed: Array, gate_values: Array) -> Array:
    mixed: Array = (1 - gate_values) * inputs
    mixed += gate_values * transformed
    return mixed
