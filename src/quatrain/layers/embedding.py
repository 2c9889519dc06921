"""The embedding layer: a table with a vector for every character."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import SettingsError
from quatrain.layers.shapes import Array, require, require_like


class EmbeddingGradients(NamedTuple):
    """The gradient of the loss with respect to an embedding's table.

    The ids are whole numbers: there is no gradient with respect to them.

    Attributes:
        weight: shape (alphabet, embedding); zero in the rows that were not looked up.
    """

    weight: Array


@dataclass(frozen=True, slots=True)
class Embedding:
    """Row `weight[id]` stands for character `id`.

    A lookup gives the product of a one-hot vector with `weight`, without computing it.

    Attributes:
        weight: shape (alphabet, embedding).

    Raises:
        SettingsError: the weight is not a matrix of float32 or float64.
    """

    weight: Array

    def __post_init__(self) -> None:
        require("embedding", "weight", self.weight, ("alphabet", None), ("embedding", None))

    def value(self, ids: NDArray[np.integer[Any]]) -> Array:
        """Return the vectors of `ids`, shape (..., embedding) for ids of shape (...).

        Raises:
            SettingsError: an id is not a whole number from 0 to alphabet - 1.
        """
        if not np.issubdtype(ids.dtype, np.integer):
            raise SettingsError(
                "'ids' of the embedding layer",
                f"{ids.dtype}",
                "whole numbers",
                "Encode the text with the poet's vocabulary.",
            )
        last = self.weight.shape[0] - 1
        if ids.size and not 0 <= int(ids.min()) <= int(ids.max()) <= last:
            raise SettingsError(
                "'ids' of the embedding layer",
                f"numbers from {ids.min()} to {ids.max()}",
                f"numbers from 0 to {last}",
                "Encode the text with the vocabulary the table was made for.",
            )
        vectors: Array = self.weight[ids]
        return vectors

    def forward(
        self, ids: NDArray[np.integer[Any]]
    ) -> tuple[Array, Callable[[Array], EmbeddingGradients]]:
        """Return the vectors of `ids` and the backward function; see `value`.

        Every lookup of a row adds its gradient to that row's.
        """
        value = self.value(ids)

        def backward(gradient_of_value: Array) -> EmbeddingGradients:
            """Return the gradient, given that of the value, shape (..., embedding)."""
            require_like("embedding", "gradient_of_value", gradient_of_value, value)
            alphabet, size = self.weight.shape
            of_weight = np.zeros(alphabet * size, self.weight.dtype)
            # Added up number by number: NumPy adds to repeated places of a vector faster than to
            # repeated rows of a matrix.
            starts = ids.astype(np.intp).reshape(-1, 1) * size
            np.add.at(of_weight, (starts + np.arange(size)).ravel(), gradient_of_value.ravel())
            return EmbeddingGradients(of_weight.reshape(alphabet, size))

        return value, backward
