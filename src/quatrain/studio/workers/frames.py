"""Messages between the server and a worker: JSON, with its length in four bytes before it.

JSON rather than pickled objects, so that nothing a worker sends can run in the server.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

Message = dict[str, Any]
"""A JSON object."""

LENGTH = struct.Struct(">I")
"""Length of the JSON, in bytes."""


def packed(message: Message) -> bytes:
    """Return a message as the bytes of a frame."""
    body = json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode()
    return LENGTH.pack(len(body)) + body


def read_frame(stream: BinaryIO) -> Message | None:
    """Read a message; None at the stream's end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    body = stream.read(size)
    if len(body) < size:
        return None
    message: Message = json.loads(body)
    return message
