"""A line of verse as one row of a file."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]+")
"""Characters that some programs take for the end of a line."""

_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters and halves of surrogate pairs, which no file of text should have."""


def row(text: str) -> str:
    """Return a line or a title without line ends and control characters; all else stays."""
    return _DROPPED.sub("", _LINE_ENDS.sub(" ", text))


def is_blank(text: str) -> bool:
    """Return whether a line would look like an empty row."""
    return not row(text).strip()
