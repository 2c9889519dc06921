"""Adjacency rules for free verse of words: which words and punctuation marks may be neighbours.

In: the tokens of a line so far, from its beginning or from its end. Out: the tokens that may come
next. The dash is the only mark that may begin a line. An opening bracket or quotation mark never
ends one. An ending like 's follows a word. Two marks never meet. A line that is too long ends.
Quotation marks and brackets without a partner are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import WordVocabulary, tokens
from quatrain.write.bias.archaisms import BEFORE_D
from quatrain.write.bias.blocklist import BLOCKED_WORDS
from quatrain.write.bias.diction import Diction

LONGEST_LINE = 24
"""Tokens after which a line ends as soon as it can."""

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
"""Kinds of tokens that may stand side by side: (left, right)."""


def _kind(token: str) -> int:
    """Return the kind of a token."""
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


class AdjacencyRules:
    """Table of the tokens of a vocabulary that may stand side by side in a line.

    Args:
        vocabulary: the poet's.
        backwards: whether lines are drawn from their end.
        diction: which words are left out; by default only slurs are.
    """

    def __init__(
        self, vocabulary: WordVocabulary, *, backwards: bool, diction: Diction | None = None
    ) -> None:
        kinds = [_NEVER] * vocabulary.SPECIALS
        kinds[vocabulary.UNKNOWN] = _WORD  # of a start: it may stand there, but is never drawn
        kinds += [_kind(token) for token in vocabulary.words]
        self._kinds = np.array(kinds)
        self._line = vocabulary.LINE
        self._allowed = np.zeros((_NEVER + 1, vocabulary.size), dtype=bool)
        for left, right in _PAIRS:
            before, after = (right, left) if backwards else (left, right)
            if after == _EDGE:
                self._allowed[before, self._line] = before != _EDGE
            else:
                self._allowed[before] |= self._kinds == after
        never = [vocabulary.numbers[word] for word in BLOCKED_WORDS & vocabulary.numbers.keys()]
        self._allowed[:, [vocabulary.UNKNOWN, *never]] = False
        self._d = vocabulary.numbers.get("'d")
        # Words that 'd may follow, (vocabulary,); None for any.
        self._before_d: NDArray[np.bool_] | None = None
        if diction is not None:
            self._allowed[:, diction.unwritten] = False
        if diction is None or diction.past_d or self._d is None:
            return
        if backwards:
            # Its word is drawn after it, and nearly every 'd of the texts is that of *walk'd*: if
            # only pronouns could follow, *I'd* would come a hundred times as often as in the texts.
            self._allowed[:, self._d] = False
        else:
            names = map(vocabulary.token, range(vocabulary.size))
            self._before_d = np.array([name in BEFORE_D for name in names])

    def allowed(self, drawn: Sequence[int]) -> NDArray[np.bool_]:
        """Return which tokens may come after those drawn in this line, (vocabulary,)."""
        before = self._kinds[drawn[-1]] if drawn else _EDGE
        allowed: NDArray[np.bool_] = self._allowed[before].copy()
        if self._before_d is not None:
            allowed[self._d] &= bool(drawn) and self._before_d[drawn[-1]]
        has_word = any(self._kinds[number] == _WORD for number in drawn)
        allowed[self._line] &= has_word
        if len(drawn) >= LONGEST_LINE:  # a word may stand anywhere, and after it the line's end
            ends = bool(allowed[self._line])
            allowed &= self._kinds == _WORD
            if ends:
                allowed[:] = False
                allowed[self._line] = True
        return allowed


def drop_unpaired(line: Sequence[str], *, quoted: bool, first: int = 0) -> tuple[list[str], bool]:
    """Return a line without the quotation marks and brackets that have no partner.

    Args:
        line: its tokens in reading order.
        quoted: whether a quotation is open when the line begins.
        first: number of tokens at its beginning that all stay.

    Returns:
        The line, and whether a quotation is open at its end.
    """
    paired: list[str] = []
    brackets: list[int] = []
    for place, token in enumerate(line):
        if token in {"“", "”"}:
            if quoted == (token in _CLOSING):
                quoted = not quoted
                paired.append(token)
            elif place < first:
                paired.append(token)
            continue
        if token in _PARTNERS.values():
            brackets.append(len(paired))
        elif token in _PARTNERS:
            if not brackets or paired[brackets[-1]] != _PARTNERS[token]:
                if place < first:
                    paired.append(token)
                continue
            brackets.pop()
        paired.append(token)
    dropped = {place for place in brackets if place >= first}
    return [token for place, token in enumerate(paired) if place not in dropped], quoted
