"""A poet's tensors as a file: in float32, or matrices in 8 bits with a scale for each row.

In: arrays by name, or a file's content. Out: the other. What is read is checked by name, shape
and type, and every number must be finite.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from quatrain.errors import PoetError
from quatrain.poet.network import Size
from quatrain.poet.word_network import WordSize

STORED = ("float32", "int8")
RESTORE = "Copy the poet's folder again from where it came, or train the poet again."


def quantised(tensors: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[Any]]:
    """Matrices as whole numbers from -127 to 127 and, for each row, what 1 is worth.

    The scale of a row is its largest absolute value divided by 127. Vectors stay as they are.
    """
    stored: dict[str, NDArray[Any]] = {}
    for name, value in tensors.items():
        if value.ndim < 2:
            stored[name] = value
            continue
        rows = value.reshape(len(value), -1)
        scale = np.abs(rows).max(axis=1) / np.float32(127)
        scale[scale == 0.0] = 1.0
        stored[name] = np.rint(rows / scale[:, None]).astype(np.int8).reshape(value.shape)
        stored[f"{name}.scale"] = scale
    return stored


def read(
    path: Path, content: bytes, size: Size | WordSize, stored: str
) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a network, from the content of a safetensors file.

    Args:
        path: of the file, for what an error says.
        content: of the file.
        size: of the network.
        stored: how the matrices are kept, one of `STORED`.

    Raises:
        PoetError: the tensors are not those of the network, or not all finite.
    """
    where = str(path)
    try:
        tensors = safetensors.numpy.load(content)
    except (safetensors.SafetensorError, KeyError, ValueError, TypeError) as error:
        raise PoetError(where, f"no tensors ({error})", "a safetensors file", RESTORE) from error
    shapes = dict(size.shapes)
    types: dict[str, np.dtype[Any]] = dict.fromkeys(shapes, np.dtype(np.float32))
    if stored == "int8":
        for name, shape in size.shapes.items():
            if len(shape) > 1:
                types[name] = np.dtype(np.int8)
                shapes[f"{name}.scale"] = shape[:1]
                types[f"{name}.scale"] = np.dtype(np.float32)
    if set(tensors) != set(shapes):
        missing, more = sorted(set(shapes) - set(tensors)), sorted(set(tensors) - set(shapes))
        found = [f"no tensor {name}" for name in missing] + [
            f"a tensor {name!r:.60}" for name in more
        ]
        raise PoetError(
            where,
            ", ".join(found[:4]),
            f"the {len(shapes)} tensors of config.json's network",
            RESTORE,
        )
    for name, shape in shapes.items():
        tensor = tensors[name]
        if tensor.shape != shape or tensor.dtype != types[name]:
            raise PoetError(
                where,
                f"the tensor {name} in {tensor.dtype} of shape {tensor.shape}",
                f"{types[name]} of shape {shape}",
                RESTORE,
            )
        if not np.isfinite(tensor).all():
            bad = math.prod(shape) - int(np.isfinite(tensor).sum())
            raise PoetError(
                where,
                f"{bad:,} values of the tensor {name} that are not finite",
                "finite numbers",
                RESTORE,
            )
    if stored == "int8":
        return {name: _dequantised(tensors, name) for name in size.shapes}
    return tensors


def _dequantised(tensors: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    value = tensors[name]
    if value.dtype == np.float32:
        return value
    scale = tensors[f"{name}.scale"].reshape(-1, *(1,) * (value.ndim - 1))
    restored: NDArray[np.float32] = value * scale  # int8 times float32 is float32
    return restored
