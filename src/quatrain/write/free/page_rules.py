"""One line of words while it is written, and what may come next in it.

In: drawn tokens, from the line's beginning or from its end. Out: the line in reading order.
The rules are those of the printed page: no mark begins a line but a dash, nothing that stands
close to what follows ends it, an ending as 's follows a word, two marks do not meet; and a line
that goes on too long ends. Quotation marks and brackets without their partners are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import WordVocabulary, tokens
from quatrain.write.bias.blocklist import BLOCKED_WORDS

LONGEST_LINE = 24
"""Tokens after which a line must end as soon as it may."""

_EDGE, _WORD, _ENDING, _OPEN, _CLOSE, _MARK, _DASH, _HYPHEN, _NEVER = range(9)

_OPENING, _CLOSING, _HYPHENS = frozenset("“‘([{"), frozenset("”’)]}'"), frozenset("-")
_PARTNERS = {")": "(", "]": "[", "}": "{"}

_PAIRS = frozenset(
    {
        *((_EDGE, right) for right in (_WORD, _OPEN, _DASH)),
        *((_WORD, right) for right in range(_NEVER)),
        *((_ENDING, right) for right in (_EDGE, _WORD, _OPEN, _CLOSE, _MARK, _DASH)),
        *((_OPEN, right) for right in (_WORD, _OPEN)),
        *((_CLOSE, right) for right in (_EDGE, _WORD, _OPEN, _CLOSE, _MARK, _DASH)),
        *((_MARK, right) for right in (_EDGE, _WORD, _OPEN, _CLOSE)),
        *((_DASH, right) for right in (_EDGE, _WORD, _OPEN, _CLOSE)),
        (_HYPHEN, _WORD),
    }
)
"""What may stand to the left and to the right of each other."""


def _sort(token: str) -> int:
    if token in tokens.ENDINGS:
        return _ENDING
    if token[0].isalnum():
        return _WORD
    if token in _OPENING:
        return _OPEN
    if token in _CLOSING:
        return _CLOSE
    if token in _HYPHENS:
        return _HYPHEN
    return _DASH if token.startswith("--") else _MARK


class Grammar:
    """Which words of a vocabulary may stand beside which.

    Args:
        vocabulary: the poet's.
        backwards: whether lines are drawn from their end.
    """

    def __init__(self, vocabulary: WordVocabulary, *, backwards: bool) -> None:
        sorts = [_NEVER] * vocabulary.SPECIALS
        sorts[vocabulary.UNKNOWN] = _WORD  # of a start: it may stand there, but is never drawn
        sorts += [_sort(token) for token in vocabulary.words]
        self._sorts = np.array(sorts)
        self._line = vocabulary.LINE
        self._allowed = np.zeros((_NEVER + 1, vocabulary.size), dtype=bool)
        for left, right in _PAIRS:
            before, after = (right, left) if backwards else (left, right)
            if after == _EDGE:
                self._allowed[before, self._line] = before != _EDGE
            else:
                self._allowed[before] |= self._sorts == after
        never = [vocabulary.numbers[word] for word in BLOCKED_WORDS & vocabulary.numbers.keys()]
        self._allowed[:, [vocabulary.UNKNOWN, *never]] = False

    def allowed(self, drawn: Sequence[int]) -> NDArray[np.bool_]:
        """Which numbers may come after those drawn in this line, (vocabulary,)."""
        before = self._sorts[drawn[-1]] if drawn else _EDGE
        allowed: NDArray[np.bool_] = self._allowed[before].copy()
        worded = any(self._sorts[number] == _WORD for number in drawn)
        allowed[self._line] &= worded
        if len(drawn) >= LONGEST_LINE:  # a word may stand anywhere, and after it the line's end
            ends = bool(allowed[self._line])
            allowed &= self._sorts == _WORD
            if ends:
                allowed[:] = False
                allowed[self._line] = True
        return allowed


def paired(line: Sequence[str], *, quoted: bool) -> tuple[list[str], bool]:
    """A line without the quotation marks and brackets that have no partner.

    Args:
        line: its tokens in reading order.
        quoted: whether a quotation is open when the line begins.

    Returns:
        The line, and whether a quotation is open at its end.
    """
    kept: list[str] = []
    brackets: list[int] = []
    for token in line:
        if token in {"“", "”"}:
            if quoted == (token in _CLOSING):
                quoted = not quoted
                kept.append(token)
            continue
        if token in _PARTNERS.values():
            brackets.append(len(kept))
        elif token in _PARTNERS:
            if not brackets or kept[brackets[-1]] != _PARTNERS[token]:
                continue
            brackets.pop()
        kept.append(token)
    return [token for place, token in enumerate(kept) if place not in brackets], quoted
