"""What a token is said like: whether it is a word at all, and whether it can end a line.

In: a token in lower case. Out: answers that `word_classes` puts together.
"""

from __future__ import annotations

import re

from quatrain.form import LIGHT_WORDS
from quatrain.records import Pronunciation

CLIPPED = frozenset({"tis", "twas", "twere", "twill", "twould", "twixt", "neath", "gainst"})
"""Words printed with an apostrophe before them; the vocabulary has them without."""

_NUMERAL = re.compile(r"x{0,3}(ix|iv|v?i{0,3})")
_VOWELS = frozenset("aeiouyàâäæèéêëïôöùûü")
_MAY_END_LINE = frozenset({"be", "her", "him", "me", "so", "thee", "them", "then", "up", "you"})
"""Light words that may end a line all the same."""


def looks_like_word(token: str) -> bool:
    """Return whether a token is spelled like a word: no abbreviation, numeral or lone letter."""
    letters = token.replace("'", "")
    if not (letters.isalpha() and token[0].isalpha() and token[-1].isalpha()):
        return False
    if len(token) == 1:
        return token in {"a", "i", "o"}
    return not (_NUMERAL.fullmatch(token) or _VOWELS.isdisjoint(token))


def can_rhyme(token: str, said: Pronunciation) -> bool:
    """Return whether a word has a stressed vowel and may end a line."""
    leaning = token in LIGHT_WORDS and token not in _MAY_END_LINE
    return not leaning and bool({"1", "2"} & set(said.stress))


def spoken_form(token: str) -> str:
    """Return a token as the dictionary spells it: clipped words with their apostrophe."""
    return f"'{token}" if token in CLIPPED else token
