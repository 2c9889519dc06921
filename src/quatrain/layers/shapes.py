"""Checks of what a layer is given: arrays of the right type and shape, whole numbers in range."""

from __future__ import annotations

import operator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import SettingsError

Array: TypeAlias = NDArray[np.floating[Any]]
"""An array of float32 or float64."""


def require(layer: str, name: str, array: Array, *shape: tuple[str, int | None]) -> None:
    """Raise `SettingsError` unless `array` is float32 or float64 and has `shape`.

    Args:
        layer: the layer's name, for the message.
        name: the array's name, for the message.
        array: the array to check.
        *shape: one (name, size) per dimension; a size of None is any.
    """
    where = f"{name!r} of the {layer} layer"
    fits = array.ndim == len(shape) and all(
        size is None or size == actual for (_, size), actual in zip(shape, array.shape, strict=True)
    )
    if not fits:
        labels = ", ".join(label if size is None else f"{label} {size}" for label, size in shape)
        raise SettingsError(
            where, f"shape {array.shape}", f"shape ({labels})", "Give an array of that shape."
        )
    if array.dtype not in (np.float32, np.float64):
        raise SettingsError(
            where, f"{array.dtype}", "float32 or float64", "Convert the array with astype."
        )


def require_same_type(layer: str, **arrays: Array) -> None:
    """Raise `SettingsError` unless all arrays have one floating-point type."""
    types = {str(array.dtype) for array in arrays.values()}
    if len(types) > 1:
        raise SettingsError(
            f"the {layer} layer",
            ", ".join(f"{name} in {array.dtype}" for name, array in arrays.items()),
            "one floating-point type",
            "Convert the arrays to the same type with astype.",
        )


def require_like(layer: str, name: str, array: Array, value: Array) -> None:
    """Raise `SettingsError` unless `array` has the shape and type of the layer's `value`."""
    if array.shape != value.shape or array.dtype != value.dtype:
        raise SettingsError(
            f"{name!r} of the {layer} layer",
            f"shape {array.shape} in {array.dtype}",
            f"shape {value.shape} in {value.dtype}, as the value has",
            "Give an array of that shape and type.",
        )


def whole(
    where: str,
    number: Any,
    least: int,
    most: int | None = None,
    remedy: str = "Give another number.",
) -> int:
    """Return `number` as an int, if it is a whole number in range.

    Args:
        where: what the number is, for the message.
        number: the number to check.
        least: the smallest allowed.
        most: the largest allowed, if there is one.
        remedy: what to do about a wrong number, as a full sentence.

    Raises:
        SettingsError: it is not a whole number, smaller than `least` or larger than `most`.
    """
    try:
        value = operator.index(number)
    except TypeError:
        value = least - 1
    if value < least or isinstance(number, bool) or (most is not None and value > most):
        limits = f"of at least {least}" if most is None else f"from {least} to {most:,}"
        raise SettingsError(where, f"{number!r}", f"a whole number {limits}", remedy)
    return value
