"""Overlap of verse with a corpus: runs of words that both have.

In: the poems of a corpus. Out: whether words copy it, and the longest run that a poem shares
with it, as `Copied`.

The corpus is one array of word numbers, with its places sorted by the words that follow (a
suffix array, Manber and Myers 1993, sorted to a limited depth). A search compares the words
themselves, so its answer is exact.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import CorpusError, SettingsError
from quatrain.poet import MAX_SHARED_WORDS, normalise_text, words_of
from quatrain.records import Copied, Poem

DEPTH = 8
"""Least number of words that the places are sorted by."""

_BORDER = 0
"""Number before, between and after poems; words are numbered from 1."""


class Guard(Protocol):
    """An index that knows copies: the `OverlapIndex` of a corpus, or the `NgramIndex` of a poet."""

    longest: int

    def copies(self, words: Sequence[str]) -> bool:
        """Return whether more than `longest` of these words in a row stand in the texts."""


class OverlapIndex:
    """An index of the runs of words in a corpus.

    A word is what `words_of` finds, in lower case; punctuation and line ends don't matter, and ’
    is the same as '. A run may cross the end of a line or stanza, but not that of a poem.

    Attributes:
        longest: longest run of words that may stand in the corpus.
        poems, words: their numbers in the corpus.
    """

    def __init__(self, poems: Iterable[Poem], longest: int = MAX_SHARED_WORDS) -> None:
        """Read a corpus; it takes 8 bytes for each word, and about 45 while it is sorted.

        Raises:
            SettingsError: `longest` is below 1.
            CorpusError: the corpus has no words.
        """
        if longest < 1:
            raise SettingsError(
                "longest",
                str(longest),
                "a number of words, 1 or more",
                f"Leave it out for {MAX_SHARED_WORDS}.",
            )
        self.longest = longest
        numbers: defaultdict[str, int] = defaultdict(count(_BORDER + 1).__next__)
        words = array("I", [_BORDER])
        self._lines, self._first_words, self._first_lines = array("I"), array("I"), array("I")
        self._facts: list[tuple[str, str, str]] = []
        for poem in poems:
            self._facts.append((poem.title, poem.author, poem.source))
            self._first_words.append(len(words))
            self._first_lines.append(len(self._lines))
            for line in poem.lines:
                self._lines.append(len(words))
                words.extend(map(numbers.__getitem__, words_of(normalise_text(line.text))))
            words.append(_BORDER)
        self.poems, self.words = len(self._facts), len(words) - len(self._facts) - 1
        if not self.words:
            raise CorpusError(
                "the corpus to guard against copying",
                f"no word in {self.poems} {'poem' if self.poems == 1 else 'poems'}",
                "at least one word",
                "Check that this is the corpus you meant.",
            )
        self._numbers = dict(numbers)
        self._depth = 1 << (max(DEPTH, longest + 1) - 1).bit_length()
        self._array = np.frombuffer(words, np.uint32)
        self._order = _sorted_places(self._array, self._depth)
        self._words, self._places = memoryview(words), self._order.data

    def copies(self, words: Sequence[str]) -> bool:
        """Return whether a run of more than `longest` of these words stands in the corpus.

        Args:
            words: as `words_of` gives them.
        """
        numbers, most = self._numbered(words), self.longest + 1
        return any(
            self._stands(numbers[start : start + most]) for start in range(len(numbers) - most + 1)
        )

    def longest_run(self, poem: Poem) -> Copied | None:
        """Return the longest run of words that the poem shares with the corpus, or None.

        Of several runs of that length it is the poem's first, at its first place in the corpus.
        """
        text = normalise_text("\n".join(line.text for line in poem.lines))
        words = words_of(text)
        numbers = self._numbered(words)
        first, length, place = 0, 0, -1
        for start in range(len(numbers)):
            if len(numbers) - start <= length:
                break
            shared, at = self._shared(numbers, start), -1
            if shared == self._depth:
                shared, at = self._further(numbers, start)
            if shared > length:
                first, length, place = start, shared, at
        if not length:
            return None
        if place < 0:
            place = int(self._standing(numbers[first : first + length]).min())
        number = bisect_right(self._first_words, place) - 1
        title, author, source = self._facts[number]
        spans = _spans(text, words[: first + length])
        begin, end = spans[first][0], spans[-1][1]
        return Copied(
            text=text[begin:end],
            words=length,
            whole=length == len(numbers),
            line=text.count("\n", 0, begin) + 1,
            title=title,
            author=author,
            source=source,
            source_line=bisect_right(self._lines, place) - self._first_lines[number],
        )

    def _numbered(self, words: Iterable[str]) -> list[int]:
        """Return the numbers of words; one that the corpus lacks has a number past them all."""
        unknown = len(self._numbers) + 1
        return [self._numbers.get(normalise_text(word), unknown) for word in words]

    def _slot(self, run: list[int]) -> int:
        """Return the slot where a run of at most `_depth` words stands, or would stand."""
        words, length = self._words, len(run)
        return bisect_left(
            self._places, run, key=lambda place: words[place : place + length].tolist()
        )

    def _stands(self, run: list[int]) -> bool:
        slot = self._slot(run)
        if slot == len(self._places):
            return False
        place = self._places[slot]
        return self._words[place : place + len(run)].tolist() == run

    def _standing(self, run: list[int]) -> NDArray[np.int64]:
        """Return the places of a run of at most `_depth` words; sorted if it is that long."""
        words, length, slot = self._words, len(run), self._slot(run)
        end = bisect_right(
            self._places, run, slot, key=lambda place: words[place : place + length].tolist()
        )
        return self._order[slot:end].astype(np.int64)

    def _shared(self, numbers: list[int], start: int) -> int:
        """Return the length of the run from `start` on that the corpus has, up to `_depth`."""
        run = numbers[start : start + self._depth]
        slot = self._slot(run)
        longest = 0
        for place in self._places[max(slot - 1, 0) : slot + 1]:
            there = self._words[place : place + len(run)].tolist()
            same = 0
            for mine, theirs in zip(run, there, strict=False):
                if mine != theirs:
                    break
                same += 1
            longest = max(longest, same)
        return longest

    def _further(self, numbers: list[int], start: int) -> tuple[int, int]:
        """Return the longest run from `start` on, of `_depth` words or more, and its first place.

        A run that could begin a word earlier is left out: there it is longer.
        """
        length = self._depth
        places = self._standing(numbers[start : start + length])
        if start:
            places = places[self._array[places - 1] != numbers[start - 1]]
        if not places.size:
            return 0, -1
        while start + length < len(numbers):
            longer = places[self._array[places + length] == numbers[start + length]]
            if not longer.size:
                break
            places, length = longer, length + 1
        return length, int(places[0])


def _spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return the begin and end of the first words of a text, as `words_of` gives them.

    No letter stands between two words, so the next match of a word is its own place.
    """
    lowered = text.lower()
    lengths = [1] * len(text)
    if len(lowered) != len(text):
        lengths = [len(character.lower()) for character in text]
    origin = np.repeat(np.arange(len(text)), lengths)
    spans, end = [], 0
    for word in words:
        begin = lowered.index(word, end)
        end = begin + len(word)
        spans.append((int(origin[begin]), int(origin[end - 1]) + 1))
    return spans


def _sorted_places(words: NDArray[np.uint32], depth: int) -> NDArray[np.uint32]:
    """Return the places of `words`, sorted by the `depth` words that begin there, then by place.

    An order by n words becomes one by 2n through the ranks of the two halves, and only equals
    need sorting (Larsson and Sadakane 2007). Words after a border don't matter: no run crosses
    it. `depth` is a power of two.

    Args:
        words: (places,) numbers, the last of them a border.
        depth: number of words to sort by.
    """
    order = np.argsort(words, kind="stable").astype(np.uint32)
    rank = np.zeros(len(words) + 1, np.uint32)  # past the end as on borders: 0
    slots = _ranked(words[order], np.arange(len(words), dtype=np.uint32), order, rank)
    slots = slots[words[order[slots]] != _BORDER]
    span = 1
    while span < depth and slots.size:
        places = order[slots]
        key = rank[places].astype(np.uint64)
        key <<= np.uint64(32)
        key |= rank[np.minimum(places + np.uint32(span), np.uint32(len(words)))]
        sort = np.argsort(key, kind="stable")
        key = key[sort]
        places = places[sort]
        del sort
        order[slots] = places
        slots = _ranked(key, slots, places, rank)
        span *= 2
    return order


def _ranked(
    keys: NDArray[np.unsignedinteger],
    slots: NDArray[np.uint32],
    places: NDArray[np.uint32],
    rank: NDArray[np.uint32],
) -> NDArray[np.uint32]:
    """Give each place its rank, the slot of the first of its equals; return the slots of equals."""
    heads = np.ones(len(keys) + 1, np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=heads[1:-1])
    rank[places] = np.maximum.accumulate(np.where(heads[:-1], slots, np.uint32(0)))
    return slots[~(heads[:-1] & heads[1:])]
