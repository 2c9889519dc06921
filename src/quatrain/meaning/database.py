"""The database of WordNet, mapped into memory and read block by block.

In: the prepared file. Out: the senses of a word by number, and a sense by its number. Words and
senses are lines of text in compressed blocks of 128. A look-up finds its block by the block's first
word and reads that block alone, so opening costs milliseconds. `scripts/prepare_meaning.py` made
the file.

A word's line: the word in lower case, and the numbers of its senses, the most used first. A sense's
line: its part of speech, its words, its definition, and its relations, such as `b-3,12 a7.1.2`: a
letter (`RELATIONS`), and how many senses further the other one is. Two more numbers say which of
its words, from 1, is related to which of the other's; without them the senses are related as a
whole. Irregular forms are a block of their own: part of speech, form, the words it is of.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from quatrain.mapped_tensors import map_tensors

PARTS_OF_SPEECH = {"n": "noun", "v": "verb", "a": "adjective", "r": "adverb"}
"""Letter of a part of speech in the file -> its name."""

RELATIONS = {
    "b": "broader",
    "n": "narrower",
    "a": "antonym",
    "s": "similar",
    "w": "whole",
    "p": "part",
    "d": "derived",
    "u": "label",
    "t": "topic",
}
"""Letter of a relation in the file -> its name."""

_BLOCKS_IN_MEMORY = 128
"""Most blocks of either kind that are kept read: 128 take about 5 MB."""


class Relation(NamedTuple):
    """One relation of a sense.

    Attributes:
        name: one of `RELATIONS`.
        sense: number of the other sense.
        word: which of this sense's words has it, from 1; 0 for all.
        other_word: which of the other's words it leads to, from 1; 0 for all.
    """

    name: str
    sense: int
    word: int = 0
    other_word: int = 0


class SenseEntry(NamedTuple):
    """A sense as the database has it.

    Attributes:
        part: letter of its part of speech, n, v, a or r.
        words: that have it.
        definition: in words.
        relations: to other senses.
    """

    part: str
    words: tuple[str, ...]
    definition: str
    relations: tuple[Relation, ...]

    def related(self, name: str, word: int = 0) -> list[Relation]:
        """Return the relations of a name: those of the whole sense, and those of one word."""
        return [
            relation
            for relation in self.relations
            if relation.name == name and relation.word in (0, word)
        ]


class Database:
    """Words and senses of WordNet.

    Args:
        path: a file of `scripts/prepare_meaning.py`.

    Attributes:
        source: name of the dictionary that it was made from.
    """

    def __init__(self, path: Path) -> None:
        metadata, pieces = map_tensors(path)
        self.source = metadata["source"]
        self._block = int(metadata["block"])  # lines in a block
        self._pieces = pieces
        self._word_starts = pieces["word_starts"].cast("I")  # (blocks + 1,)
        self._sense_starts = pieces["sense_starts"].cast("I")  # (blocks + 1,)
        self._first_words = _lines(pieces["first_words"])
        self._word_block = lru_cache(_BLOCKS_IN_MEMORY)(self._read_word_block)
        self._sense_block = lru_cache(_BLOCKS_IN_MEMORY)(self._read_sense_block)

    def __contains__(self, word: str) -> bool:
        return bool(self.senses_of(word))

    def senses_of(self, word: str) -> tuple[int, ...]:
        """Return the numbers of a word's senses, the most used first; of an unknown word, none.

        Args:
            word: in lower case, without endings.
        """
        block = bisect_right(self._first_words, word) - 1
        numbers = self._word_block(block).get(word, "") if block >= 0 else ""
        return tuple(map(int, numbers.split()))

    def sense(self, number: int) -> SenseEntry:
        """Return a sense by its number."""
        line = self._sense_block(number // self._block)[number % self._block]
        part, words, definition, relations = line.split("\t")
        related = tuple(
            _relation(RELATIONS[group[0]], number, target)
            for group in relations.split()
            for target in group[1:].split(",")
        )
        return SenseEntry(part, tuple(words.split("|")), definition, related)

    def words_from(self, first: str, count: int) -> list[str]:
        """Return the next words of the alphabet from one on, itself included if it is one."""
        words: list[str] = []
        start = max(bisect_right(self._first_words, first) - 1, 0)
        for block in range(start, len(self._first_words)):
            words += [word for word in self._word_block(block) if word >= first]
            if len(words) >= count:
                break
        return words[:count]

    @cached_property
    def irregular(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Words of irregular forms: part of speech and form -> the words that it is of."""
        rows = (line.split("\t") for line in _lines(self._pieces["irregular"]))
        return {(part, form): tuple(bases) for part, form, *bases in rows}

    @cached_property
    def irregular_forms(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Irregular forms of words: part of speech and word -> its forms."""
        forms: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for (part, form), bases in self.irregular.items():
            for base in bases:
                forms[part, base].append(form)
        return {key: tuple(found) for key, found in forms.items()}

    def _read_word_block(self, block: int) -> Mapping[str, str]:
        """Read a block of words: word -> numbers of its senses, with spaces between them."""
        start, end = self._word_starts[block : block + 2]
        lines = _lines(self._pieces["words"][start:end])
        rows = (line.partition("\t") for line in lines)
        return {word: numbers for word, _, numbers in rows}

    def _read_sense_block(self, block: int) -> list[str]:
        start, end = self._sense_starts[block : block + 2]
        return _lines(self._pieces["senses"][start:end])


def _lines(packed: memoryview) -> list[str]:
    """Return the lines of a compressed block."""
    return zlib.decompress(packed).decode().split("\n")


def _relation(name: str, number: int, target: str) -> Relation:
    """Return a relation of sense `number`, read from text such as `7.1.2`."""
    step, *words = map(int, target.split("."))
    return Relation(name, number + step, *words)


@cache
def shipped() -> Database:
    """Open the database in the package, once."""
    path = resources.files("quatrain.meaning") / "data" / "wordnet.safetensors"
    with resources.as_file(path) as file:
        return Database(file)
