"""The header of a GGUF file: what kind of model it holds, and how large its tensors are.

In: the path of a .gguf file. Out: `GgufHeader`. The tensors themselves are not read. The format is
described in https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from quatrain.errors import CriticError

_MAGIC = b"GGUF"

_VERSIONS = (2, 3)
"""Versions of the format whose counts have 64 bits."""

_MOST = 2**24
"""Most entries, tensors, bytes of a text or items of an array that a sound header has."""

_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
"""Number of a value's type in the file -> its code in `struct`."""

_TEXT, _ARRAY = 8, 9
"""Numbers of the other two types."""


@dataclass(frozen=True)
class GgufHeader:
    """Facts from the header of a GGUF file.

    Attributes:
        architecture: kind of the model, such as "llama"; empty if the file does not say.
        parameters: how many numbers all tensors hold together.
    """

    architecture: str
    parameters: int


def read_gguf_header(path: Path) -> GgufHeader:
    """Read the header of a GGUF file.

    Raises:
        CriticError: it is no GGUF file, of another version, or cut off.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except (ValueError, struct.error, UnicodeDecodeError) as error:
        raise CriticError(
            f"the file {path}",
            f"no sound header of GGUF ({error})",
            "a .gguf file of version 2 or 3",
            "Copy the file again, or take another model.",
            message=f"{path} is no GGUF file that can be read: {error}.",
        ) from None


def _read(file: BinaryIO) -> GgufHeader:
    """Read a header from the start of a file; raise `ValueError` or `struct.error` if unsound."""
    if file.read(4) != _MAGIC:
        raise ValueError("it doesn't begin with the letters GGUF")
    version = _number(file, "I")
    if version not in _VERSIONS:
        raise ValueError(f"it has the version {version}, not 2 or 3")
    tensors, entries = _count(file), _count(file)
    architecture = ""
    for _ in range(entries):
        key = _text(file)
        value = _value(file, _number(file, "I"))
        if key == "general.architecture":
            architecture = value
    parameters = 0
    for _ in range(tensors):
        _text(file)
        dimensions = _number(file, "I")
        if dimensions > 8:
            raise ValueError(f"a tensor has {dimensions} dimensions")
        parameters += math.prod(_number(file, "Q") for _ in range(dimensions))
        file.seek(4 + 8, 1)  # kind of the numbers, and where they are
    return GgufHeader(architecture, parameters)


def _value(file: BinaryIO, kind: int) -> str:
    """Read one value; return it if it is a text, and an empty text otherwise."""
    if kind == _TEXT:
        return _text(file)
    if kind == _ARRAY:
        item_kind, items = _number(file, "I"), _count(file)
        if item_kind in _SCALARS:
            file.seek(items * struct.calcsize(f"<{_SCALARS[item_kind]}"), 1)
        else:
            for _ in range(items):
                _value(file, item_kind)
    elif kind in _SCALARS:
        file.seek(struct.calcsize(f"<{_SCALARS[kind]}"), 1)
    else:
        raise ValueError(f"a value has the unknown type {kind}")
    return ""


def _text(file: BinaryIO) -> str:
    length = _count(file)
    data = file.read(length)
    if len(data) != length:
        raise ValueError("it is cut off")
    return data.decode("utf-8", "replace")


def _count(file: BinaryIO) -> int:
    number = _number(file, "Q")
    if number > _MOST:
        raise ValueError(f"it counts {number:,} of something")
    return number


def _number(file: BinaryIO, code: str) -> int:
    size = struct.calcsize(f"<{code}")
    data = file.read(size)
    if len(data) != size:
        raise ValueError("it is cut off")
    (number,) = struct.unpack(f"<{code}", data)
    return int(number)
