"""A title as the name of a file, and as the header that offers a file (RFC 6266)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_LONGEST = 80
"""Characters of a name, without its ending; every file system takes as many."""

_FORBIDDEN = re.compile(r'[\\/:*?"<>|%~$`;\x7f]+')
"""Characters that a file system, a shell or a header may take for something else."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""


def file_name(title: str, ending: str) -> str:
    """Return a name for a file: the title without what a system may not take; "poem" if none.

    Args:
        title: of the poem, or its first line.
        ending: with the dot, such as ".txt".
    """
    plain = "".join(sign if sign.isprintable() else " " for sign in title)
    name = " ".join(_FORBIDDEN.sub(" ", plain).split()).strip(" .-")
    name = name[:_LONGEST].strip(" .-")
    if not name or _RESERVED.fullmatch(name):
        name = f"poem {name}".strip()
    return name + ending


def content_disposition(name: str) -> str:
    """Return the header that offers a file by this name, also to old programs, in ASCII."""
    decomposed = unicodedata.normalize("NFKD", name)
    ascii_name = decomposed.encode("ascii", "ignore").decode("ascii")
    stem, _, ending = ascii_name.rpartition(".")
    stem = " ".join(_FORBIDDEN.sub(" ", stem).split()) or "poem"
    encoded = quote(name.encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"{stem}.{ending}\"; filename*=UTF-8''{encoded}"
