r"""Text of others, made safe for a terminal and for a shell.

A terminal obeys some characters instead of showing them: an escape sequence in the name of a file
or of a corpus can recolour the screen, hide a line or turn a word into a link. `visible` writes
such characters as `\u001b`, which JSON reads back as the character itself.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Callable
from pathlib import Path

_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's categories of characters that are obeyed or hidden: control and format characters,
halves of surrogate pairs, separators of lines and paragraphs."""

_SHOWN = "\n\t"
"""Control characters that every text may have."""

_JOINERS = "\u200c\u200d"
"""Format characters that are spelling in Persian and in the scripts of India."""

_JOINER_IN_LATIN = re.compile(f"(?<=[\0-\u024f])[{_JOINERS}]|[{_JOINERS}](?=[\0-\u024f])")
"""A joiner beside a Latin letter, where it is no spelling and only hides."""


def _as_json(sign: str) -> str:
    r"""Return a character as JSON writes it: `\u` and four digits for each unit of UTF-16."""
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def visible(text: str, write: Callable[[str], str] = _as_json) -> str:
    r"""Return a text with each character that a terminal obeys or hides written as `\u001b`.

    Line breaks and tabs stay, and so do joiners, except beside Latin letters.

    Args:
        text: any text.
        write: writes such a character; by default so that JSON stays JSON.
    """
    if text.replace("\n", "").isprintable():
        return text
    text = _JOINER_IN_LATIN.sub(lambda joiner: write(joiner[0]), text)
    return "".join(write(sign) if _is_obeyed(sign) else sign for sign in text)


def _is_obeyed(sign: str) -> bool:
    if sign.isprintable() or sign in _SHOWN or sign in _JOINERS:
        return False
    return unicodedata.category(sign) in _OBEYED


def shell_word(path: str | Path) -> str:
    """Return a path as a shell reads it back in one piece: in quotation marks where it must be."""
    return shlex.quote(str(path))
