"""A poet's tensors as a file: in float32, or matrices in 8 bits with a scale for each row.

In: the content of a file, or arrays by name. Out: arrays in float32, checked by name, shape and
type and all finite; or arrays ready to be stored in 8 bits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from quatrain.poet.artifact.layout import Size, damaged

_COPIES = 3
"""Copies of the tensors that safetensors makes: the bytes of each, of all, and these in Python."""


def quantise(tensors: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[Any]]:
    """Return matrices as int8 with a float32 scale for each row, under the name NAME.scale.

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


def read(path: Path, content: bytes, size: Size, stored: str) -> dict[str, NDArray[np.float32]]:
    """Return the float32 tensors of a network, from the content of a safetensors file.

    Args:
        path: of the file, for errors.
        content: of the file.
        size: of the network.
        stored: how the matrices are stored, one of `layout.STORED`.

    Raises:
        PoetError: the tensors are not those of the network, or not all finite.
    """
    try:
        tensors = safetensors.numpy.load(content)
    except (safetensors.SafetensorError, KeyError, ValueError, TypeError) as error:
        raise damaged(path, f"no tensors ({error})", "a safetensors file") from error
    shapes = dict(size.shapes)
    types: dict[str, np.dtype[Any]] = dict.fromkeys(shapes, np.dtype(np.float32))
    if stored == "int8":
        for name, shape in size.shapes.items():
            if len(shape) > 1:
                types[name] = np.dtype(np.int8)
                shapes[f"{name}.scale"] = shape[:1]
                types[f"{name}.scale"] = np.dtype(np.float32)
    _check_names(path, set(tensors), set(shapes))
    for name, shape in shapes.items():
        tensor = tensors[name]
        if tensor.shape != shape or tensor.dtype != types[name]:
            raise damaged(
                path,
                f"the tensor {name} in {tensor.dtype} of shape {tensor.shape}",
                f"{types[name]} of shape {shape}",
            )
        if not np.isfinite(tensor).all():
            bad = math.prod(shape) - int(np.isfinite(tensor).sum())
            raise damaged(
                path, f"{bad:,} values of the tensor {name} that are not finite", "finite numbers"
            )
    if stored == "int8":
        return {name: _dequantise(tensors, name) for name in size.shapes}
    return tensors


def _check_names(path: Path, names: set[str], expected: set[str]) -> None:
    """Raise `PoetError` if tensors are missing or unknown, and name the first four of them."""
    if names == expected:
        return
    problems = [f"no tensor {name}" for name in sorted(expected - names)]
    problems += [f"a tensor {name!r:.60}" for name in sorted(names - expected)]
    raise damaged(
        path,
        ", ".join(problems[:4]),
        f"the {len(expected)} tensors of config.json's network",
    )


def _dequantise(tensors: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    """Return a tensor in float32, by its own type and scale."""
    value = tensors[name]
    if value.dtype == np.float32:
        return value
    scale = tensors[f"{name}.scale"].reshape(-1, *(1,) * (value.ndim - 1))
    restored: NDArray[np.float32] = value * scale  # int8 times float32 is float32
    return restored


@contextmanager
def enough_memory(size: int) -> Iterator[None]:
    """Raise `MemoryError` where safetensors has too little memory to pack tensors.

    It is written in Rust, which ends the whole program where memory cannot be had, or panics:
    Python then gets an exception that is no `Exception` and whose class cannot be imported. So
    the memory is asked for first.

    Args:
        size: of the tensors, in bytes.
    """
    bytearray(_COPIES * size)
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise MemoryError from error
