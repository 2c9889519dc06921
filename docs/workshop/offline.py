"""What a browser would fetch from another place when it shows a page."""

from __future__ import annotations

import re

_FETCHED = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?"
    r"\b(?:src|srcset|data)=[\"']?(?:https?:)?//[^\s\"'>]*"
    r"|<link\b(?![^>]*rel=[\"']?canonical)[^>]*?\bhref=[\"']?(?:https?:)?//[^\s\"'>]*"
    r"|@import[^;]*//[^;]*|url\([\"']?(?:https?:)?//[^)]*",
    re.IGNORECASE,
)


def loaded_from_elsewhere(text: str) -> list[str]:
    """The references in HTML or CSS that a browser follows by itself; links do not count."""
    return [match.group() for match in _FETCHED.finditer(text)]
