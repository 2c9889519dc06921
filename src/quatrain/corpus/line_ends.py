"""Line ends of every kind, turned into line feeds."""

from __future__ import annotations

import re

_LINE_FEED_FIRST = re.compile(r"(?<!\r)(?:\n\r)+(?!\n)")
"""Line ends of a line feed and a return. In `\\n\\r\\n` the return belongs to what follows."""

_PILED_UP = re.compile(r"(?<!\r)\r+(?=\r\n)")
"""All returns of a run but the last, before a line feed. It matches from the start of a run only:
else a long run would be read anew from each of its returns."""


def plain_line_ends(text: str) -> tuple[str, int]:
    r"""Turn every line end into a line feed, and count those that were something else.

    A line ends in `\n`, `\r\n`, `\r` or `\n\r`. Returns that pile up before a line feed, as in
    `\r\r\n`, are one line end: a program that converts a text a second time makes them.
    """
    if "\r" not in text:
        return text, 0
    text = _PILED_UP.sub("", text)
    ends = text.count("\r")
    text = _LINE_FEED_FIRST.sub(lambda run: "\n" * (len(run[0]) // 2), text)
    return text.replace("\r\n", "\n").replace("\r", "\n"), ends


def unfinished_end(text: str) -> str:
    """Return the characters at the end of a block that may be part of one line end."""
    if not text.endswith(("\r", "\n")):
        return ""
    return text[len(text.rstrip("\r\n")) :]
