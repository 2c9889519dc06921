"""Files of tensors, mapped into memory and read without NumPy.

In: a safetensors file. Out: its metadata and the bytes of its tensors. Nothing is read until it is
used, and processes share the pages. Dictionaries, which are asked for single words, open so in a
millisecond, where importing NumPy alone takes a tenth of a second.
"""

from __future__ import annotations

import json
import mmap
from pathlib import Path


def map_tensors(path: Path) -> tuple[dict[str, str], dict[str, memoryview]]:
    """Map a safetensors file; return its metadata and its tensors' bytes, none of them read yet.

    The file is eight bytes with the length of a JSON header, the header with the place of each
    tensor, and the tensors, aligned for their types.
    """
    with path.open("rb") as opened:
        whole = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
    begin = 8 + int.from_bytes(whole[:8], "little")
    header = json.loads(bytes(whole[8:begin]))
    metadata = header.pop("__metadata__")
    pieces = {
        name: whole[begin + start : begin + end]
        for name, (start, end) in ((name, entry["data_offsets"]) for name, entry in header.items())
    }
    return metadata, pieces
