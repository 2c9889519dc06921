"""Detection of what a browser would load from another site when it shows a page."""

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
    """Return the references in HTML or CSS that a browser loads by itself; links don't count."""
    return [match.group() for match in _FETCHED.finditer(text)]
