"""Rhyme parts: the rhyming end of a pronunciation, taken apart.

In: a pronunciation and the vowel from which on it rhymes. Out: the consonants before that vowel,
and from it on the vowels and the consonants between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from quatrain.records import Pronunciation
from quatrain.sound.pronunciation.phonemes import is_vowel, without_stress

Syllables = tuple[tuple[str, tuple[str, ...]], ...]
"""Vowels, without stress, each with the consonants after it."""

_WEAK_VOWEL = {"IH": "AH"}
"""Two vowels that are one in an unstressed syllable before a consonant.

Dictionaries write them as they please: CMUdict has *rabbit* with AH and *visit* with IH, *it* with
IH. (Weak vowel merger: Wells, Accents of English, 1982, section 2.2.25.)
"""


@dataclass(frozen=True, slots=True)
class RhymePart:
    """The rhyming end of one pronunciation.

    Attributes:
        onset: the consonants before its first vowel.
        vowels: the vowels from there on, without stress.
        codas: the consonants after each vowel.
        stressed: whether the first vowel bears stress.
        pronunciation: what it is the end of.
        rime: what has to agree in a perfect rhyme: vowels and consonants, with one weak vowel.
    """

    onset: tuple[str, ...]
    vowels: tuple[str, ...]
    codas: tuple[tuple[str, ...], ...]
    stressed: bool
    pronunciation: Pronunciation
    rime: Syllables = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Work out the rime once: each part is compared with many."""
        first, *rest = zip(self.vowels, self.codas, strict=True)
        weak = [(_WEAK_VOWEL.get(vowel, vowel) if coda else vowel, coda) for vowel, coda in rest]
        object.__setattr__(self, "rime", (first, *weak))


def part(pronunciation: Pronunciation, start: int) -> RhymePart:
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


def last_stressed(pronunciation: Pronunciation) -> int:
    """Return the place of the last stressed vowel; without one, of the last vowel."""
    places = [at for at, phoneme in enumerate(pronunciation.phonemes) if phoneme[-1] in "12"]
    return places[-1] if places else last_vowel(pronunciation)


def last_vowel(pronunciation: Pronunciation) -> int:
    """Return the place of the last vowel."""
    return max(at for at, phoneme in enumerate(pronunciation.phonemes) if is_vowel(phoneme))


def distinct(parts: Iterable[RhymePart]) -> tuple[RhymePart, ...]:
    """Return the parts that sound different, the first of each."""
    by_sound: dict[tuple[object, ...], RhymePart] = {}
    for one in parts:
        by_sound.setdefault((one.onset, one.vowels, one.codas, one.stressed), one)
    return tuple(by_sound.values())


def with_syllables(pronunciations: tuple[Pronunciation, ...]) -> tuple[Pronunciation, ...]:
    """Return the pronunciations that have a vowel."""
    return tuple(pronunciation for pronunciation in pronunciations if pronunciation.syllables)
