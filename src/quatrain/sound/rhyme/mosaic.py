"""Mosaic rhymes: the parts of a line's ending that begin in an earlier word.

In: the last words of a line. Out: rhyme parts. A light word at the end of a line leans on the
word before it, and both together may rhyme with one word: *know it* with *poet*, *kissed her*
with *mister*, *on it* with *bonnet*. A word that leans is said in its weak form: without stress,
its vowel reduced, the h of a pronoun lost (Cruttenden, Gimson's Pronunciation of English, 8th
ed., section 11.3); and *t*, *d*, *s* or *z* and the *y* of *you* may become one sound, as in
*kiss you*, *issue* (section 12.4.2).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from quatrain.records import Pronunciation
from quatrain.sound.function_words import ARTICLES, LIGHT_WORDS
from quatrain.sound.pronunciation.ear import Ear
from quatrain.sound.pronunciation.phonemes import is_vowel
from quatrain.sound.pronunciation.tokenizer import Word
from quatrain.sound.rhyme.parts import (
    RhymePart,
    distinct,
    last_stressed,
    last_vowel,
    part,
    with_syllables,
)

_ENCLITICS = LIGHT_WORDS | ARTICLES | frozenset({"'em", "'im", "'er", "em", "not", "o'", "t'"})
"""Words that may lean on the word before them at the end of a line (*dream of it*)."""

_LOSING_H = frozenset({"he", "him", "her", "his", "has", "have", "had"})
"""Words that lose their h where they bear no stress."""

_COALESCED = {"T": "CH", "D": "JH", "S": "SH", "Z": "ZH"}
"""A consonant, and the sound that it and a y after it make before an unstressed vowel."""

_REDUCED = frozenset({"AA", "AE", "AH", "AO", "EH", "IH", "UH"})
"""Vowels of light words that become the weak vowel AH, and with an r ER."""

_MAX_WORDS = 3
"""Words at the end of a line that a rhyme may run over."""

_MAX_READINGS = 2
"""Pronunciations looked at of the word that bears the stress."""

Phonemes = tuple[str, ...]


def mosaic_parts(line_words: tuple[Word, ...], ear: Ear) -> tuple[RhymePart, ...]:
    """Return the parts that begin in an earlier word of a line than its last.

    The stress may fall on the last word that isn't light, and on each light word after it except
    the last: *nothing in it* rhymes with *minute*.
    """
    parts: list[RhymePart] = []
    tail: list[Phonemes] = [()]
    spoken: list[str] = []
    for word in line_words[: -_MAX_WORDS - 1 : -1]:
        readings = with_syllables(ear.pronounce(word.spoken))[:_MAX_READINGS]
        if spoken:
            phrase = " ".join([word.spoken, *spoken])
            parts[:0] = [
                part(whole, last_stressed(whole))
                for reading, rest in product(readings, tail)
                for whole in _joined(phrase, _stressed(reading), rest)
            ]
        light = word.spoken in _ENCLITICS and readings and readings[0].syllables == 1
        if not light:
            break
        spoken.insert(0, word.spoken)
        tail = [(*weak, *rest) for weak in _weak_forms(word.spoken, readings[0]) for rest in tail]
    return distinct(parts)


def _weak_forms(word: str, pronunciation: Pronunciation) -> list[Phonemes]:
    """Return the phonemes of a word that bears no stress, in full and with its vowel reduced."""
    phonemes = pronunciation.phonemes
    if word in _LOSING_H and phonemes[0] == "HH":
        phonemes = phonemes[1:]
    vowel = next(place for place, phoneme in enumerate(phonemes) if is_vowel(phoneme))
    before, name, after = phonemes[:vowel], phonemes[vowel][:-1], phonemes[vowel + 1 :]
    forms = [(*before, name + "0", *after)]
    if name in _REDUCED and after[:1] == ("R",):
        forms.append((*before, "ER0", *after[1:]))
    elif name in _REDUCED - {"AH", "IH"}:
        forms.append((*before, "AH0", *after))
    return forms


def _stressed(pronunciation: Pronunciation) -> Pronunciation:
    """Return a pronunciation with a stress, as a word bears that another leans on."""
    if any(mark in pronunciation.stress for mark in "12"):
        return pronunciation
    phonemes = list(pronunciation.phonemes)
    vowel = last_vowel(pronunciation)
    phonemes[vowel] = phonemes[vowel][:-1] + "1"
    return replace(pronunciation, phonemes=tuple(phonemes))


def _joined(phrase: str, stressed: Pronunciation, rest: Phonemes) -> list[Pronunciation]:
    """Return a stressed word and the weak ones after it as one, *t* and *y* also as *ch*."""
    phonemes = stressed.phonemes
    wholes = [phonemes + rest]
    if rest[0] == "Y" and phonemes[-1] in _COALESCED:
        wholes.append((*phonemes[:-1], _COALESCED[phonemes[-1]], *rest[1:]))
    return [Pronunciation(phrase, whole, stressed.source, stressed.confidence) for whole in wholes]
