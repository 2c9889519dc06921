"""Which runs of words stand in the texts that a poet was trained on, small enough to go with it.

In: texts. Out: `NgramIndex`, ten bits for each run. It holds hashes of the runs, not the runs: one
that stands in the texts is always found, and of others about one in 256 is taken for one of them.

The hashes are sorted and kept as Elias and Fano do (Elias 1974): eight bits of each as they are,
and how many share the bits above as zeros and ones.
"""

from __future__ import annotations

import hashlib
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from quatrain.corpus.words import words_of

LONGEST = 6
"""How many words in a row may stand in the texts."""

MOST_WORDS = 4_000_000
"""Of texts that an index is made of; it then takes 5 MB."""

_LOW_BITS = 8
_FACTOR = 0x9E3779B97F4A7C15
"""Odd, so that no bit of a word's hash is lost when it is multiplied."""


class NgramIndex:
    """Knows which runs of `longest` + 1 words stand in some texts, and rarely others.

    A word is what `words_of` finds, in lower case, and ’ is the same as '. A run may cross the
    end of a line or stanza.

    Attributes:
        longest: how many words in a row may stand in the texts.
        low: the lowest eight bits of every hash, (runs,) uint8.
        high: for every value of the bits above a zero, after a one for each hash that has it;
            packed, (bytes,) uint8.
    """

    longest = LONGEST

    def __init__(self, low: NDArray[np.uint8], high: NDArray[np.uint8]) -> None:
        """From what was kept.

        Raises:
            ValueError: the two do not fit together.
        """
        kinds = {(low.dtype, low.ndim), (high.dtype, high.ndim)}
        if kinds != {(np.dtype(np.uint8), 1)} or not len(low):
            raise ValueError("low and high bits that are no rows of bytes")
        if len(high) != (2 * len(low) + 7) // 8:
            raise ValueError(f"{len(high):,} bytes of high bits for {len(low):,} runs")
        ones = np.flatnonzero(np.unpackbits(high))
        if len(ones) != len(low):
            raise ValueError(f"high bits of {len(ones):,} runs for {len(low):,}")
        self.low, self.high = low, high
        above = (ones - np.arange(len(ones))).astype(np.uint64)
        self._hashes = (above << np.uint64(_LOW_BITS)) | low
        self._range = np.uint64(len(low) << _LOW_BITS)

    @classmethod
    def of(cls, texts: Iterable[str]) -> NgramIndex | None:
        """The index of some texts; None if they have no run, or more than four million words.

        Args:
            texts: poems, each by itself.
        """
        runs: list[NDArray[np.uint64]] = []
        words = 0
        for text in texts:
            found = words_in(text)
            words += len(found)
            if words > MOST_WORDS:
                return None
            runs.append(_runs(found))
        every = np.unique(np.concatenate(runs)) if runs else np.zeros(0, np.uint64)
        if not every.size:
            return None
        hashes = _within(every, np.uint64(len(every) << _LOW_BITS))  # keeps their order
        bits = np.zeros(2 * len(hashes), np.uint8)
        bits[(hashes >> np.uint64(_LOW_BITS)).astype(np.intp) + np.arange(len(hashes))] = 1
        return cls((hashes & np.uint64(0xFF)).astype(np.uint8), np.packbits(bits))

    @property
    def megabytes(self) -> float:
        """Of the file it is kept in."""
        return (self.low.nbytes + self.high.nbytes) / 1e6

    @classmethod
    def from_bytes(cls, content: bytes) -> NgramIndex:
        """Read one.

        Raises:
            ValueError: it is none.
        """
        try:
            tensors = safetensors.numpy.load(content)
            return cls(tensors["low"], tensors["high"])
        except (safetensors.SafetensorError, KeyError, TypeError) as error:
            raise ValueError(str(error)) from error

    def to_bytes(self) -> bytes:
        """A safetensors file of the two arrays."""
        return safetensors.numpy.save({"low": self.low, "high": self.high})

    def copies(self, words: Sequence[str]) -> bool:
        """Whether a run of more than `longest` of these words stands in the texts.

        Args:
            words: as `words_of` gives them.
        """
        hashes = _within(_runs([composed(word) for word in words]), self._range)
        places = np.searchsorted(self._hashes, hashes)
        inside = places < len(self._hashes)
        return bool((self._hashes[places[inside]] == hashes[inside]).any())


def composed(text: str) -> str:
    """`text` composed, with one kind of apostrophe inside words."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).replace("’", "'")


def words_in(text: str) -> list[str]:
    """The words of a text as copies are looked for."""
    return words_of(composed(text))


@lru_cache(maxsize=100_000)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def _runs(words: Sequence[str]) -> NDArray[np.uint64]:
    """A hash of every run of words: a polynomial in those of the words, its bits then mixed."""
    each = np.array(array("Q", map(_hash, words)), np.uint64)
    runs = np.zeros(max(len(words) - LONGEST, 0), np.uint64)
    for place in range(LONGEST + 1):
        runs *= np.uint64(_FACTOR)
        runs += each[place : place + len(runs)]
    runs ^= runs >> np.uint64(32)
    runs *= np.uint64(_FACTOR)
    return runs ^ (runs >> np.uint64(29))


def _within(hashes: NDArray[np.uint64], most: np.uint64) -> NDArray[np.uint64]:
    """Hashes of 64 bits brought below a number under 2^32 (Lemire 2019), in the same order."""
    return ((hashes >> np.uint64(32)) * most) >> np.uint64(32)
