"""A pronouncing dictionary, opened without being read.

In: the prepared file. Out: a word's listed pronunciations. A quarter of a million
words stand in one sorted block of bytes; a look-up halves the block some eighteen
times, so opening costs a few milliseconds and the memory of the file, once.
`scripts/prepare_lexicon.py` made the file and says of what.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache, cached_property
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.records import Pronunciation
from quatrain.sound.phonemes import CONSONANTS, NUMBER_OF, PHONEMES, VOWELS


class Lexicon:
    """Words and the ways they are said.

    Attributes:
        sources: the names of the dictionaries it was made of.
    """

    def __init__(self, tensors: dict[str, NDArray[Any]], sources: tuple[str, ...]) -> None:
        self.sources = sources
        self._words: bytes = tensors["words"].tobytes()
        self._starts = tensors["word_starts"]
        self._first = tensors["first"]
        self._phonemes: bytes = tensors["phonemes"].tobytes()
        self._phoneme_starts = tensors["phoneme_starts"]
        self._said_by = tensors["sources"]

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[str]:
        """Every word, in the order of its bytes."""
        return iter(self._words.decode().split("\n")[:-1])

    def __contains__(self, word: str) -> bool:
        return self._place(word) is not None

    def __getitem__(self, word: str) -> tuple[Pronunciation, ...]:
        """Every listed pronunciation, the one most dictionaries give first; none is `()`."""
        place = self._place(word)
        if place is None:
            return ()
        return tuple(
            Pronunciation(word, phonemes, "+".join(names)) for phonemes, names in self._said(place)
        )

    def ending_alike(self, phonemes: tuple[str, ...]) -> list[str]:
        """The words of which some pronunciation ends in the same last vowel or consonants.

        The stress of the vowel is ignored; a word that ends in a vowel is alike only in it.
        """
        vowels, codas = self._endings
        place = max(number for number, each in enumerate(phonemes) if each[-1].isdigit())
        vowel, coda = VOWELS.index(phonemes[place][:-1]), _coda_number(phonemes[place + 1 :])
        alike = vowels == vowel
        if coda:
            alike |= codas == coda
        words = np.searchsorted(self._first, np.flatnonzero(alike), side="right") - 1
        return [self._spelled(place) for place in np.unique(words).tolist()]

    @cached_property
    def _endings(self) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
        """Of every pronunciation the last vowel, and a number for the consonants after it."""
        sounds = np.frombuffer(self._phonemes, np.uint8)
        vowel_at = sounds >= len(CONSONANTS)
        starts, ends = self._phoneme_starts[:-1].astype(np.intp), self._phoneme_starts[1:]
        before = np.maximum.accumulate(np.where(vowel_at, np.arange(len(sounds)), -1))
        last = before[ends.astype(np.intp) - 1]
        vowels = ((sounds[last] - len(CONSONANTS)) // 3).astype(np.int8)
        vowels[last < starts] = -1
        codas = np.zeros(len(starts), np.int64)
        length = ends - last - 1
        for step in range(int(length.max(initial=0))):
            inside = length > step
            codas[inside] = codas[inside] * 32 + sounds[last[inside] + 1 + step] + 1
        return vowels, codas

    def _spelled(self, place: int) -> str:
        return self._words[self._starts[place] : self._starts[place + 1] - 1].decode()

    def _said(self, place: int) -> Iterator[tuple[tuple[str, ...], list[str]]]:
        for number in range(int(self._first[place]), int(self._first[place + 1])):
            start, end = self._phoneme_starts[number : number + 2].tolist()
            mask = int(self._said_by[number])
            names = [name for bit, name in enumerate(self.sources) if mask >> bit & 1]
            yield tuple(PHONEMES[each] for each in self._phonemes[start:end]), names

    def _place(self, word: str) -> int | None:
        wanted = word.encode()
        starts, words = self._starts, self._words
        low, high = 0, len(starts) - 1
        while low < high:
            middle = (low + high) // 2
            if words[starts[middle] : starts[middle + 1] - 1] < wanted:
                low = middle + 1
            else:
                high = middle
        if low < len(starts) - 1 and words[starts[low] : starts[low + 1] - 1] == wanted:
            return low
        return None


def _coda_number(consonants: tuple[str, ...]) -> int:
    number = 0
    for each in consonants:
        number = number * 32 + NUMBER_OF[each] + 1
    return number


@cache
def shipped() -> Lexicon:
    """The lexicon in the package, opened once."""
    from safetensors import safe_open

    path = resources.files("quatrain.sound") / "data" / "lexicon.safetensors"
    with resources.as_file(path) as file, safe_open(file, framework="np") as opened:
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
        return Lexicon(tensors, tuple(json.loads(opened.metadata()["sources"])))
