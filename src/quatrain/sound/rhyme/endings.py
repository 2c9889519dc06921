"""Where rhyme sounds: the end of a word or a line, taken apart.

In: a word or a phrase. Out: its tails, one per way of saying it: the consonants before
the last stressed vowel, and from that vowel on the vowels and the consonants between;
and the same from the very last vowel, for verse rhymes a light ending too (eternity, die).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quatrain.records import Pronunciation
from quatrain.sound.function_words import OBJECT_PRONOUNS
from quatrain.sound.pronunciation.ear import Ear
from quatrain.sound.pronunciation.phonemes import is_vowel, plain
from quatrain.sound.pronunciation.tokenizer import Word, words

_LAST_VOWELS = re.compile(r"[aeiouy]+[^aeiouy]*e?$")
_ENCLITICS = OBJECT_PRONOUNS | {"is", "be", "am", "are", "was", "not", "of", "in", "on", "at", "to"}
"""Words that may close a mosaic rhyme (*dream of it*, *stream of it*)."""

_ENOUGH = 120
"""Characters from the end of a line among which its last words are looked for."""

_REACH = 3
"""Words at the end of a line that a rhyme may run over."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of one way of saying a word.

    Attributes:
        onset: the consonants before the first vowel of the tail.
        vowels: the vowels from there on, without stress.
        codas: the consonants after each vowel.
        stressed: whether the first vowel bears stress.
        said: the pronunciation.
    """

    onset: tuple[str, ...]
    vowels: tuple[str, ...]
    codas: tuple[tuple[str, ...], ...]
    stressed: bool
    said: Pronunciation


@dataclass(frozen=True, slots=True)
class End:
    """What a line ends in.

    Attributes:
        spoken: the last word.
        spelling: its letters from the last written vowel on.
        full: tails from the last stressed vowel, of each pronunciation.
        last: tails from the last vowel, where that differs.
        mosaic: tails that begin in the word before, where the last word is light.
    """

    spoken: str
    spelling: str
    full: tuple[Tail, ...]
    last: tuple[Tail, ...]
    mosaic: tuple[Tail, ...]


def end_of(text: str, ear: Ear) -> End | None:
    """The end of a line, a phrase or a word; None if nothing in it can be said."""
    if len(text) > _ENOUGH:
        text = text[text.find(" ", len(text) - _ENOUGH) + 1 :]
    found = words(text)
    return end_of_words(found, ear) if found else None


def end_of_words(found: tuple[Word, ...], ear: Ear) -> End | None:
    """The end of a line whose words are known."""
    spoken = found[-1].spoken
    ways = ear.pronounce(spoken)
    ways = tuple(each for each in ways if each.syllables)
    if not ways:
        return None
    full = _distinct([_tail(each, _last_stressed(each)) for each in ways])
    last = _distinct([_tail(each, _last_vowel(each)) for each in ways if each.syllables > 1])
    mosaic = _mosaic(found, ways[0], ear) if len(found) > 1 else ()
    return End(spoken, spelled_end(spoken), full, last, mosaic)


def _mosaic(found: tuple[Word, ...], last: Pronunciation, ear: Ear) -> tuple[Tail, ...]:
    """Tails that begin in the nearest earlier word that is not light, the light ones after it."""
    light: list[Pronunciation] = []
    for word in found[: -_REACH - 1 : -1]:
        ways = [each for each in ear.pronounce(word.spoken)[:2] if each.syllables]
        if word.spoken in _ENCLITICS and ways and ways[0].syllables == 1:
            light.insert(0, ways[0] if word is not found[-1] else last)
            continue
        if not light:
            break
        rest = tuple(
            phoneme[:-1] + "0" if is_vowel(phoneme) else phoneme
            for each in light
            for phoneme in each.phonemes
        )
        spoken = " ".join([word.spoken, *(each.word for each in light)])
        joined = [
            Pronunciation(spoken, way.phonemes + rest, way.source, way.confidence) for way in ways
        ]
        return tuple(_tail(each, _last_stressed(each)) for each in joined)
    return ()


def spelled_end(word: str) -> str:
    """The letters from the last written vowel on; a silent e does not count as the last."""
    match = _LAST_VOWELS.search(word.replace("'", ""))
    return match.group() if match else word[-2:]


def _tail(said: Pronunciation, start: int) -> Tail:
    phonemes = said.phonemes
    opening = start
    while opening > 0 and not is_vowel(phonemes[opening - 1]):
        opening -= 1
    vowels: list[str] = []
    codas: list[list[str]] = []
    for phoneme in phonemes[start:]:
        if is_vowel(phoneme):
            vowels.append(phoneme[:-1])
            codas.append([])
        else:
            codas[-1].append(phoneme)
    return Tail(
        plain(phonemes[opening:start]), tuple(vowels), tuple(map(tuple, codas)),
        phonemes[start][-1] in "12", said,
    )  # fmt: skip


def _last_stressed(said: Pronunciation) -> int:
    places = [place for place, each in enumerate(said.phonemes) if each[-1] in "12"]
    return places[-1] if places else _last_vowel(said)


def _last_vowel(said: Pronunciation) -> int:
    return max(place for place, each in enumerate(said.phonemes) if is_vowel(each))


def _distinct(tails: list[Tail]) -> tuple[Tail, ...]:
    found: dict[tuple[object, ...], Tail] = {}
    for tail in tails:
        found.setdefault((tail.onset, tail.vowels, tail.codas, tail.stressed), tail)
    return tuple(found.values())
