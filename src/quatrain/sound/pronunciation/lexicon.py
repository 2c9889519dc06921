"""A pronouncing dictionary, mapped into memory.

In: the prepared file. Out: a word's listed pronunciations. A quarter of a million words stand in
one sorted block of bytes. A look-up is a binary search of some eighteen steps that touches a
few pages of it, so opening costs a millisecond, and processes share the pages. Only a search by
sound reads the file whole, and only that needs NumPy. `scripts/prepare_lexicon.py` made the
file and says from what.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from quatrain.mapped_tensors import map_tensors
from quatrain.records import Pronunciation
from quatrain.sound.pronunciation.phonemes import CONSONANTS, NUMBER_OF, PHONEMES, VOWELS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Lexicon:
    """Words and their pronunciations.

    Args:
        path: a file of `scripts/prepare_lexicon.py`.

    Attributes:
        sources: names of the dictionaries it was made from.
    """

    def __init__(self, path: Path) -> None:
        metadata, pieces = map_tensors(path)
        self.sources = tuple(json.loads(metadata["sources"]))
        self._words = pieces["words"]  # bytes of letters, words parted by line feeds
        self._starts = pieces["word_starts"].cast("I")  # (words + 1,)
        self._first = pieces["first"].cast("I")  # (words + 1,), into the pronunciations
        self._phonemes = pieces["phonemes"]  # numbers of phonemes, one pronunciation after another
        self._phoneme_starts = pieces["phoneme_starts"].cast("I")  # (pronunciations + 1,)
        self._headwords = pieces["headwords"]  # (words,), 1 in small letters, 2 with a capital only
        self._source_masks = pieces["sources"]  # (pronunciations,), a bit for each source

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[str]:
        """Yield the words, in the order of their bytes."""
        return iter(bytes(self._words).decode().split("\n")[:-1])

    def __contains__(self, word: str) -> bool:
        return self._place(word) is not None

    def __getitem__(self, word: str) -> tuple[Pronunciation, ...]:
        """Return the listed pronunciations, first what most dictionaries give; none is `()`."""
        place = self._place(word)
        if place is None:
            return ()
        return tuple(
            Pronunciation(word, phonemes, "+".join(names))
            for phonemes, names in self._pronunciations(place)
        )

    def is_headword(self, word: str, *, capital: bool = False) -> bool:
        """Return whether a dictionary of meanings has a word, or its base, in small letters.

        With `capital`, whether it has it with a capital only, as a name.
        """
        place = self._place(word)
        return place is not None and self._headwords[place] == (2 if capital else 1)

    def with_similar_ending(self, phonemes: tuple[str, ...]) -> list[str]:
        """Return the words with a pronunciation that ends in the same last vowel or consonants.

        The stress of the vowel is ignored. If the phonemes end in a vowel, only the vowel counts.
        """
        import numpy as np

        vowels, codas = self._endings
        place = max(number for number, phoneme in enumerate(phonemes) if phoneme[-1].isdigit())
        vowel, coda = VOWELS.index(phonemes[place][:-1]), _coda_number(phonemes[place + 1 :])
        alike = vowels == vowel
        if coda:
            alike |= codas == coda
        first = np.frombuffer(self._first, np.uint32)
        words = np.searchsorted(first, np.flatnonzero(alike), side="right") - 1
        return [self._spelled(place) for place in np.unique(words).tolist()]

    @cached_property
    def _endings(self) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
        """Last vowel of each pronunciation, and a number for the consonants after it.

        Both (pronunciations,).
        """
        import numpy as np

        sounds = np.frombuffer(self._phonemes, np.uint8)
        phoneme_starts = np.frombuffer(self._phoneme_starts, np.uint32).astype(np.intp)
        vowel_at = sounds >= len(CONSONANTS)
        starts, ends = phoneme_starts[:-1], phoneme_starts[1:]
        before = np.maximum.accumulate(np.where(vowel_at, np.arange(len(sounds)), -1))
        last = before[ends - 1]
        vowels = ((sounds[last] - len(CONSONANTS)) // 3).astype(np.int8)
        vowels[last < starts] = -1
        codas = np.zeros(len(starts), np.int64)
        length = ends - last - 1
        for step in range(int(length.max(initial=0))):
            inside = length > step
            codas[inside] = codas[inside] * 32 + sounds[last[inside] + 1 + step] + 1
        return vowels, codas

    def _spelled(self, place: int) -> str:
        return bytes(self._words[self._starts[place] : self._starts[place + 1] - 1]).decode()

    def _pronunciations(self, place: int) -> Iterator[tuple[tuple[str, ...], list[str]]]:
        for number in range(self._first[place], self._first[place + 1]):
            start, end = self._phoneme_starts[number : number + 2]
            mask = self._source_masks[number]
            names = [name for bit, name in enumerate(self.sources) if mask >> bit & 1]
            yield tuple(map(PHONEMES.__getitem__, self._phonemes[start:end])), names

    def _place(self, word: str) -> int | None:
        encoded = word.encode("utf-8", "surrogatepass")
        starts, words = self._starts, self._words
        low, high = 0, len(starts) - 1
        while low < high:
            middle = (low + high) // 2
            if bytes(words[starts[middle] : starts[middle + 1] - 1]) < encoded:
                low = middle + 1
            else:
                high = middle
        if low < len(starts) - 1 and words[starts[low] : starts[low + 1] - 1] == encoded:
            return low
        return None


def _coda_number(consonants: tuple[str, ...]) -> int:
    number = 0
    for phoneme in consonants:
        number = number * 32 + NUMBER_OF[phoneme] + 1
    return number


@cache
def shipped() -> Lexicon:
    """Open the lexicon in the package, once."""
    path = resources.files("quatrain.sound") / "data" / "lexicon.safetensors"
    with resources.as_file(path) as file:
        return Lexicon(file)
