"""Endings: the part of a word or a line that rhymes, taken apart.

In: a word or a phrase. Out: its rhyme parts, one for each pronunciation: the consonants before
the last stressed vowel, and from that vowel on the vowels and the consonants between them. And
the same from the very last vowel, because verse rhymes unstressed endings too (eternity, die).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quatrain.records import Pronunciation
from quatrain.sound.function_words import OBJECT_PRONOUNS
from quatrain.sound.pronunciation.ear import Ear
from quatrain.sound.pronunciation.phonemes import is_vowel, without_stress
from quatrain.sound.pronunciation.tokenizer import Word, words

_LAST_VOWELS = re.compile(r"[aeiouy]+[^aeiouy]*e?$")
_ENCLITICS = OBJECT_PRONOUNS | {"is", "be", "am", "are", "was", "not", "of", "in", "on", "at", "to"}
"""Words that may close a mosaic rhyme (*dream of it*, *stream of it*)."""

_MAX_CHARACTERS = 120
"""Characters from the end of a line among which its last words are looked for."""

_MAX_WORDS = 3
"""Words at the end of a line that a rhyme may run over."""


@dataclass(frozen=True, slots=True)
class RhymePart:
    """The rhyming end of one pronunciation.

    Attributes:
        onset: the consonants before its first vowel.
        vowels: the vowels from there on, without stress.
        codas: the consonants after each vowel.
        stressed: whether the first vowel bears stress.
        pronunciation: what it is the end of.
    """

    onset: tuple[str, ...]
    vowels: tuple[str, ...]
    codas: tuple[tuple[str, ...], ...]
    stressed: bool
    pronunciation: Pronunciation


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a line, as far as rhyme goes.

    Attributes:
        word: the last word, as spoken.
        spelling: its letters from the last written vowel on.
        full: parts from the last stressed vowel, one for each pronunciation.
        last: parts from the last vowel, where that differs.
        mosaic: parts that begin in an earlier word, where the last word is an enclitic.
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
    pronunciations = _with_syllables(ear.pronounce(word))
    if not pronunciations:
        return None
    full = _distinct([_part(each, _last_stressed(each)) for each in pronunciations])
    last = _distinct(
        [_part(each, _last_vowel(each)) for each in pronunciations if each.syllables > 1]
    )
    mosaic = _mosaic(line_words, ear) if len(line_words) > 1 else ()
    return Ending(word, spelled_ending(word), full, last, mosaic)


def _mosaic(line_words: tuple[Word, ...], ear: Ear) -> tuple[RhymePart, ...]:
    """Return parts that begin in the last word that is no enclitic, if enclitics follow it."""
    enclitics: list[Pronunciation] = []
    for word in line_words[: -_MAX_WORDS - 1 : -1]:
        pronunciations = _with_syllables(ear.pronounce(word.spoken)[:2])
        if word.spoken in _ENCLITICS and pronunciations and pronunciations[0].syllables == 1:
            enclitics.insert(0, pronunciations[0])
            continue
        if not enclitics:
            break
        rest = tuple(
            phoneme[:-1] + "0" if is_vowel(phoneme) else phoneme
            for enclitic in enclitics
            for phoneme in enclitic.phonemes
        )
        phrase = " ".join([word.spoken, *(enclitic.word for enclitic in enclitics)])
        phrases = [
            Pronunciation(phrase, each.phonemes + rest, each.source, each.confidence)
            for each in pronunciations
        ]
        return tuple(_part(each, _last_stressed(each)) for each in phrases)
    return ()


def spelled_ending(word: str) -> str:
    """Return the letters from the last written vowel on, a silent e apart."""
    match = _LAST_VOWELS.search(word.replace("'", ""))
    return match.group() if match else word[-2:]


def _with_syllables(pronunciations: tuple[Pronunciation, ...]) -> tuple[Pronunciation, ...]:
    return tuple(each for each in pronunciations if each.syllables)


def _part(pronunciation: Pronunciation, start: int) -> RhymePart:
    """Return the part of a pronunciation from the vowel at `start` on."""
    phonemes = pronunciation.phonemes
    onset_start = start
    while onset_start > 0 and not is_vowel(phonemes[onset_start - 1]):
        onset_start -= 1
    vowels: list[str] = []
    codas: list[list[str]] = []
    for phoneme in phonemes[start:]:
        if is_vowel(phoneme):
            vowels.append(phoneme[:-1])
            codas.append([])
        else:
            codas[-1].append(phoneme)
    return RhymePart(
        onset=without_stress(phonemes[onset_start:start]),
        vowels=tuple(vowels),
        codas=tuple(map(tuple, codas)),
        stressed=phonemes[start][-1] in "12",
        pronunciation=pronunciation,
    )


def _last_stressed(pronunciation: Pronunciation) -> int:
    """Return the place of the last stressed vowel; without one, of the last vowel."""
    places = [at for at, phoneme in enumerate(pronunciation.phonemes) if phoneme[-1] in "12"]
    return places[-1] if places else _last_vowel(pronunciation)


def _last_vowel(pronunciation: Pronunciation) -> int:
    return max(at for at, phoneme in enumerate(pronunciation.phonemes) if is_vowel(phoneme))


def _distinct(parts: list[RhymePart]) -> tuple[RhymePart, ...]:
    """Return the parts that sound different, the first of each."""
    distinct: dict[tuple[object, ...], RhymePart] = {}
    for part in parts:
        distinct.setdefault((part.onset, part.vowels, part.codas, part.stressed), part)
    return tuple(distinct.values())
