"""Spoken form of a token: whether it is a word at all, in which words, and if it can rhyme.

In: a token. Out: answers that `word_classes` puts together.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence

from quatrain.form import LIGHT_WORDS, MetreReader, Pattern
from quatrain.records import Pronunciation

CLIPPED = frozenset({"tis", "twas", "twere", "twill", "twould", "twixt", "neath", "gainst"})
"""Words printed with an apostrophe before them; the vocabulary has them without."""

_NUMERAL = re.compile(r"x{0,3}(ix|iv|v?i{0,3})")
_VOWELS = frozenset("aeiouyàâäæèéêëïôöùûü")
_MAY_END_LINE = frozenset({"be", "her", "him", "me", "so", "thee", "them", "then", "up", "you"})
"""Light words that may end a line all the same."""

MAX_COMBINATIONS = 64
"""Most ways to say several words one after another that are looked at."""


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


def said_words(token: str, reader: MetreReader) -> tuple[str, ...]:
    """Return the words that a token which a user gives is said as; none if it cannot be said.

    It may be of any kind: *e-mail*, *NASA*, *3D*. Where its pronunciation would be a guess, it must
    be spelled like a word.
    """
    words = () if "-" in (token[:1], token[-1:]) else reader.words_within_line(token)
    for word in words:
        pronunciations = reader.ear.pronounce(word)
        if not any(said.syllables for said in pronunciations[:1]):
            return ()
        if pronunciations[0].guessed and not looks_like_word(_without_accents(word)):
            return ()
    return words


def joined_patterns(words: Sequence[str], reader: MetreReader) -> tuple[frozenset[Pattern], int]:
    """Return the patterns that words said one after another may have, and their syllables."""
    options = [reader.options(word) for word in words]
    ways = itertools.product(*[[option.pattern for option in word] for word in options])
    patterns = itertools.islice(ways, MAX_COMBINATIONS)
    joined = frozenset(tuple(itertools.chain(*pattern)) for pattern in patterns)
    return joined, sum(word[0].said.syllables for word in options)


def _without_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
