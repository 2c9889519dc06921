"""Endings: the part of a word or a line that rhymes, taken apart.

In: a word or a phrase. Out: its rhyme parts, one for each pronunciation, from the last stressed
vowel on. The same from the very last vowel, because verse rhymes unstressed endings too
(eternity, die). And those that begin in an earlier word (`mosaic`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quatrain.sound.pronunciation.ear import Ear
from quatrain.sound.pronunciation.tokenizer import Word, words
from quatrain.sound.rhyme.mosaic import mosaic_parts
from quatrain.sound.rhyme.parts import (
    RhymePart,
    distinct,
    last_stressed,
    last_vowel,
    part,
    with_syllables,
)

_LAST_VOWELS = re.compile(r"[aeiouy]+[^aeiouy]*e?$")
_MAX_CHARACTERS = 120
"""Characters from the end of a line among which its last words are looked for."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a line, as far as rhyme goes.

    Attributes:
        word: the last word, as spoken.
        spelling: its letters from the last written vowel on.
        full: parts from the last stressed vowel, one for each pronunciation.
        last: parts from the last vowel, where that differs.
        mosaic: parts that begin in an earlier word, where the last word leans on it.
    """

    word: str
    spelling: str
    full: tuple[RhymePart, ...]
    last: tuple[RhymePart, ...]
    mosaic: tuple[RhymePart, ...]


def ending_of(text: str, ear: Ear) -> Ending | None:
    """Return the ending of a line, a phrase or a word; None if it has no word."""
    if len(text) > _MAX_CHARACTERS:
        text = text[text.find(" ", len(text) - _MAX_CHARACTERS) + 1 :]
    line_words = words(text)
    return _ending_of_words(line_words, ear) if line_words else None


def _ending_of_words(line_words: tuple[Word, ...], ear: Ear) -> Ending | None:
    word = line_words[-1].spoken
    pronunciations = with_syllables(ear.pronounce(word))
    if not pronunciations:
        return None
    full = distinct(part(spoken, last_stressed(spoken)) for spoken in pronunciations)
    last = distinct(
        part(spoken, last_vowel(spoken)) for spoken in pronunciations if spoken.syllables > 1
    )
    mosaic = mosaic_parts(line_words, ear) if len(line_words) > 1 else ()
    return Ending(word, spelled_ending(word), full, last, mosaic)


def spelled_ending(word: str) -> str:
    """Return the letters from the last written vowel on, a silent e apart."""
    match = _LAST_VOWELS.search(word.replace("'", ""))
    return match.group() if match else word[-2:]
