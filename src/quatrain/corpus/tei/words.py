"""Spaces between words that a document marks with `w` and `pc`.

Documents made for linguists mark every word and leave the space out, or put each word on a line
of its own. `spaced` gives the line its spaces back.
"""

from __future__ import annotations

JOIN = "\2"
"""Mark of a place where a word goes on."""

WORD = "\3"
"""Mark on both sides of a word or punctuation mark. After the first come its kind ("w" or "p") and
the first letter of its attribute `join` ("l", "r", "b", "o", or "n" for no)."""

_OPENING = frozenset("([{¡¿“‘«‹")
_APOSTROPHES = frozenset("'’-‐")
"""First characters of a word that goes on from the one before: *'s*, *n't* has its own letter."""


def spaced(text: str) -> str:
    """Return a text without its marks of words, and with spaces between them.

    Where a line has white space between words, a word directly after another belongs to it.
    Where it has none at all, it leaves the spaces to the reader: one before each word, none before
    closing and after opening punctuation, and none where `join` says so.
    """
    pieces = text.split(WORD)  # between, token, between, token, ..., between
    between, tokens = pieces[0::2], [token.rstrip() for token in pieces[1::2]]
    white = any(not gap.strip() and gap for gap in between[1:-1])
    plain = any(gap == " " or "\n" not in gap for gap in between[1:-1] if gap and not gap.strip())
    parts = [between[0]]
    for number, token in enumerate(tokens):
        parts.append(token[2:].lstrip())
        gap = between[number + 1]
        if number + 1 == len(tokens) or gap.strip():
            parts.append(gap)
        else:
            parts.append(_space(token, tokens[number + 1], gap, white, plain))
    return "".join(parts)


def _space(left: str, right: str, gap: str, white: bool, plain: bool) -> str:
    """Return the space between two tokens.

    Args:
        left: the token before it, with its kind and join.
        right: the token after it.
        gap: white space between them in the document, or "".
        white: whether the line has white space between words.
        plain: whether some of that is more than the end of a line in the file.
    """
    if left[1] in "rb" or right[1] in "lb":
        return ""
    layout = not gap or "\n" in gap or not plain
    if layout and right[0] == "p" and right[2:3] not in _OPENING:
        return ""
    if layout and left[0] == "p" and left[2:3] in _OPENING:
        return ""
    if gap:
        return " "
    if white or right[2:3] in _APOSTROPHES or left[-1:] in {"-", "‐"}:
        return ""
    return " "
