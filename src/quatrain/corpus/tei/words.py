"""Spaces between words that a document marks with `w` and `pc`.

Documents made for linguists mark every word and leave the space out, or put each word on a line
of its own. `spaced` gives the line its spaces back.
"""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

JOIN = "\2"
"""Mark of a place where a word goes on."""

WORD = "\3"
"""Mark before a word or punctuation mark. After it come its kind ("w" or "p") and the first letter
of its attribute `join` ("l", "r", "b", "o", or "n" for no)."""

WORD_END = "\5"
"""Mark after a word or punctuation mark."""

_MARKS = re.compile(f"{WORD}..|{WORD_END}", re.DOTALL)
_OPENING = frozenset("([{¡¿“‘«‹")
_APOSTROPHES = frozenset("'’-‐")
"""First characters of a word that goes on from the one before, as in *'s* and *'ll*."""


class _Token(NamedTuple):
    """A word or a punctuation mark, and what stands before it.

    Attributes:
        before: text between it and the token before it.
        text: its text.
        is_word: whether it is a word rather than a punctuation mark.
        join: first letter of its attribute `join`.
    """

    before: str
    text: str
    is_word: bool
    join: str


def spaced(text: str) -> str:
    """Return a text without its marks of words, and with spaces between them.

    Where a line has white space between words, a word directly after another belongs to it.
    Where it has none at all, it leaves the spaces to the reader: one before each word, none before
    closing and after opening punctuation, and none where `join` says so.
    """
    tokens, rest = _tokens(text)
    gaps = [token.before for token in tokens[1:]]
    white = any(gap and not gap.strip() for gap in gaps)
    plain = any(gap and not gap.strip() and "\n" not in gap for gap in gaps)
    parts = [tokens[0].before, tokens[0].text]
    for left, right in itertools.pairwise(tokens):
        between = right.before if right.before.strip() else _space(left, right, white, plain)
        parts += [between, right.text]
    return "".join([*parts, rest])


def _tokens(text: str) -> tuple[list[_Token], str]:
    """Return the tokens of a text, and what stands after the last. A word in a word is part of it.

    A text has at least one token.
    """
    tokens: list[_Token] = []
    depth = at = start = 0
    head = before = ""
    for mark in _MARKS.finditer(text):
        depth += 1 if mark[0] != WORD_END else -1
        if depth == 1 and mark[0] != WORD_END:
            head, before, start = mark[0], text[at : mark.start()], mark.end()
        elif depth == 0:
            inner = _MARKS.sub("", text[start : mark.start()]).strip()
            tokens.append(_Token(before, inner, head[1] == "w", head[2]))
            at = mark.end()
    return tokens, text[at:]


def _space(left: _Token, right: _Token, white: bool, plain: bool) -> str:
    """Return the space between two tokens.

    Args:
        left: the token before it.
        right: the token after it.
        white: whether the line has white space between words.
        plain: whether some of that is more than the end of a line in the file.
    """
    gap = right.before
    if left.join in "rb" or right.join in "lb":
        return ""
    is_layout = not gap or "\n" in gap or not plain
    if is_layout and not right.is_word and right.text[:1] not in _OPENING:
        return ""
    if is_layout and not left.is_word and left.text[:1] in _OPENING:
        return ""
    if gap:
        return " "
    if white or right.text[:1] in _APOSTROPHES or left.text[-1:] in {"-", "‐"}:
        return ""
    return " "
