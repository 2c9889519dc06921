"""An index of the n-grams of words in a poet's training texts, small enough to ship with it.

In: texts, or hashes of some of their n-grams. Out: `NgramIndex`, ten bits per n-gram. It holds
hashes, not the words. An n-gram that was put in is always found; of any others about one in 256 is
taken for one of them.

The hashes are sorted and stored as Elias and Fano do (Elias 1974): the lowest eight bits of each
as they are, and the number of hashes that share the higher bits in unary code.
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

MAX_SHARED_WORDS = 6
"""The most words in a row that a poem may share with the texts."""

MOST_WORDS = 4_000_000
"""The largest texts that are indexed, in words; their index takes 5 MB."""

_MOST_LONGEST = 255
"""Upper bound of `longest`: one byte, and no forged file makes us hash longer runs."""

_LOW_BITS = 8
_FACTOR = 0x9E3779B97F4A7C15
"""Odd, so that no bit of a word's hash is lost when it is multiplied."""


class NgramIndex:
    """Runs of `longest` + 1 words in some texts, as hashes.

    A word is what `words_of` finds, in lower case, and ’ is the same as '. A run may cross the
    end of a line or stanza.

    Attributes:
        longest: the most words in a row that a poem may share with the texts, at most 255.
        low: the lowest eight bits of every hash, (runs,) uint8.
        high: for every value of the bits above a zero, after a one for each hash that has it;
            packed, (bytes,) uint8.
    """

    def __init__(
        self, low: NDArray[np.uint8], high: NDArray[np.uint8], longest: int = MAX_SHARED_WORDS
    ) -> None:
        """Restore an index from its two arrays.

        Raises:
            ValueError: the two do not fit together, or `longest` is no number from 1 to 255.
        """
        if not 1 <= longest <= _MOST_LONGEST:
            raise ValueError(f"low and high bits of runs of {longest + 1} words")
        kinds = {(low.dtype, low.ndim), (high.dtype, high.ndim)}
        if kinds != {(np.dtype(np.uint8), 1)} or not len(low):
            raise ValueError("low and high bits that are no rows of bytes")
        if len(high) != (2 * len(low) + 7) // 8:
            raise ValueError(f"{len(high):,} bytes of high bits for {len(low):,} runs")
        ones = np.flatnonzero(np.unpackbits(high))
        if len(ones) != len(low):
            raise ValueError(f"high bits of {len(ones):,} runs for {len(low):,}")
        self.low, self.high, self.longest = low, high, longest
        above = (ones - np.arange(len(ones))).astype(np.uint64)
        self._hashes = (above << np.uint64(_LOW_BITS)) | low
        self._range = np.uint64(len(low) << _LOW_BITS)

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> NgramIndex | None:
        """Return the index of some texts; None if they are too short or too long to index.

        Args:
            texts: poems, each by itself, of `MOST_WORDS` words at most.
        """
        runs: list[NDArray[np.uint64]] = []
        count = 0
        for text in texts:
            text_words = words_in(text)
            count += len(text_words)
            if count > MOST_WORDS:
                return None
            runs.append(run_hashes(text_words, MAX_SHARED_WORDS + 1))
        distinct = np.unique(np.concatenate(runs)) if runs else np.zeros(0, np.uint64)
        return cls.from_hashes(distinct, MAX_SHARED_WORDS) if distinct.size else None

    @classmethod
    def from_hashes(cls, hashes: NDArray[np.uint64], longest: int) -> NgramIndex:
        """Return the index of some runs.

        Args:
            hashes: `run_hashes` of the runs, sorted, each once, one at least, (runs,).
            longest: number of words of a run, less one.
        """
        hashes = _within(hashes, np.uint64(len(hashes) << _LOW_BITS))  # keeps their order
        bits = np.zeros(2 * len(hashes), np.uint8)
        bits[(hashes >> np.uint64(_LOW_BITS)).astype(np.intp) + np.arange(len(hashes))] = 1
        return cls((hashes & np.uint64(0xFF)).astype(np.uint8), np.packbits(bits), longest)

    @property
    def megabytes(self) -> float:
        """Size of the index in megabytes."""
        return (self.low.nbytes + self.high.nbytes) / 1e6

    @classmethod
    def from_bytes(cls, content: bytes) -> NgramIndex:
        """Read an index from the content of a file.

        Raises:
            ValueError: the content is not that of an index.
        """
        try:
            tensors = safetensors.numpy.load(content)
            return cls(tensors["low"], tensors["high"], int(tensors["longest"].item()))
        except (safetensors.SafetensorError, KeyError, TypeError) as error:
            raise ValueError(str(error)) from error

    def to_bytes(self) -> bytes:
        """Return the content of a safetensors file with the two arrays and `longest`."""
        longest = np.array([self.longest], np.uint8)
        return safetensors.numpy.save({"low": self.low, "high": self.high, "longest": longest})

    def copies(self, words: Sequence[str]) -> bool:
        """Return whether the index holds a run of more than `longest` of these words.

        Args:
            words: as `words_of` gives them.
        """
        runs = run_hashes([normalise_text(word) for word in words], self.longest + 1)
        hashes = _within(runs, self._range)
        places = np.searchsorted(self._hashes, hashes)
        inside = places < len(self._hashes)
        return bool((self._hashes[places[inside]] == hashes[inside]).any())


def normalise_text(text: str) -> str:
    """Return `text` in Unicode's composed form (NFC), with one kind of apostrophe."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).replace("’", "'")


def words_in(text: str) -> list[str]:
    """Return the words of a text in the form in which they are indexed."""
    return words_of(normalise_text(text))


@lru_cache(maxsize=100_000)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def run_hashes(words: Sequence[str], length: int) -> NDArray[np.uint64]:
    """Return a hash of every run of words: a polynomial in the words' hashes, its bits mixed.

    Args:
        words: as `words_in` gives them.
        length: number of words of a run.
    """
    hashes = np.array(array("Q", map(_hash, words)), np.uint64)
    runs = np.zeros(max(len(words) - length + 1, 0), np.uint64)
    for place in range(length):
        runs *= np.uint64(_FACTOR)
        runs += hashes[place : place + len(runs)]
    runs ^= runs >> np.uint64(32)
    runs *= np.uint64(_FACTOR)
    return runs ^ (runs >> np.uint64(29))


def _within(hashes: NDArray[np.uint64], most: np.uint64) -> NDArray[np.uint64]:
    """Map hashes of 64 bits below `most`, a number under 2^32, in the same order (Lemire 2019)."""
    return ((hashes >> np.uint64(32)) * most) >> np.uint64(32)
