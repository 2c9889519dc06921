"""The strength of a word's syllables, as far as a metre is concerned.

In: a word and a pronunciation. Out: a `Pattern`, the strength of each syllable. A metre asks for
no more of a word, and words of one pattern are alike to it.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from quatrain.records import Pronunciation
from quatrain.sound.function_words import (
    ARTICLES,
    LIGHT_WORDS,
    OBJECT_PRONOUNS,
    STRESSABLE_WORDS,
    SUBJECT_PRONOUNS,
)


class Strength(IntEnum):
    """Kind of syllable, as far as a metre is concerned."""

    PRIMARY = 0  # the main stress of a word of several syllables
    SECONDARY = 1
    FREE = 2  # unstressed, with no stressed syllable beside it in its word: may bear a beat
    LEANING = 3  # unstressed, beside a stressed one
    SINGLE = 4  # a word of one syllable that means something
    ARTICLE = 5  # a, an, the
    LIGHT = 6  # another function word of one syllable
    STRESSABLE = 7  # a word of one syllable that is said with a stress or without: not, there
    PRONOUN = 8  # a light word that may be said with stress after a verb: if I lose THEE


Pattern = tuple[Strength, ...]
"""Strengths of the syllables of a word, in order."""

UNSTRESSED = frozenset(
    {Strength.FREE, Strength.LEANING, Strength.ARTICLE, Strength.LIGHT, Strength.PRONOUN}
)
"""Syllables that a reader who knows no metre says without stress."""

WAVERING = frozenset(
    {"almost", "elsewhere", "hereof", "into", "therein", "thereof", "unto", "upon", "whereof",
     "wherein", "whereon", "within", "without"}
)  # fmt: skip
"""Words of two syllables that verse stresses on either syllable."""


def strengths(word: str, said: Pronunciation) -> Pattern:
    """Return the strength of each syllable of a word.

    Two stressed syllables side by side, the main one last (*unknown, outworn*), may change
    places, as they do before a stress (the rhythm rule: Liberman and Prince, 1977).
    """
    if word in WAVERING and said.syllables == 2:
        return (Strength.SECONDARY, Strength.SECONDARY)
    if said.syllables == 1:
        return _single(word)
    return _strengths(said.stress)


@lru_cache(maxsize=4096)
def _single(word: str) -> Pattern:
    """Return the pattern of a word of one syllable."""
    if word in ARTICLES:
        return (Strength.ARTICLE,)
    stem, apostrophe, _ = word.partition("'")
    if word in STRESSABLE_WORDS or (apostrophe and stem in LIGHT_WORDS | STRESSABLE_WORDS):
        return (Strength.STRESSABLE,)
    if word in SUBJECT_PRONOUNS | OBJECT_PRONOUNS:
        return (Strength.PRONOUN,)
    return (Strength.LIGHT,) if word in LIGHT_WORDS else (Strength.SINGLE,)


@lru_cache(maxsize=4096)
def _strengths(stress: str) -> Pattern:
    pattern = []
    level = stress.count("1") > 1  # outside, eighteen: either syllable may give way
    for place, digit in enumerate(stress):
        beside = stress[max(0, place - 1) : place] + stress[place + 1 : place + 2]
        if digit == "1" and not level and stress[max(0, place - 1) : place] != "2":
            pattern.append(Strength.PRIMARY)
        elif digit in "12":
            pattern.append(Strength.SECONDARY)
        elif "1" in beside:
            pattern.append(Strength.LEANING)
        else:
            pattern.append(Strength.FREE)
    return tuple(pattern)
