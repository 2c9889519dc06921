"""Characters as numbers.

A `Vocabulary` is made from the characters of the training poems and their counts. Every
character-level poet keeps one beside its weights. Three numbers are special: the start of a poem,
its end, and any character outside the alphabet.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import CorpusError
from quatrain.records import Poem

SPECIALS = 3
"""Numbers before the first character's."""

Tokens: TypeAlias = NDArray[np.unsignedinteger[Any]]
"""Numbers of one or two bytes."""

_MOST = 65_536 - SPECIALS
_CODE_POINTS = 0x110000
_FORMAT = 1
_CONTROL = frozenset({"Cc", "Cf", "Cs"})
_PLAIN = "\n\u200c\u200d"


@dataclass(frozen=True)
class Vocabulary:
    """The characters a model knows, and their numbers.

    Attributes:
        START: number of the symbol before a poem's first character.
        END: number of the symbol after a poem's last line break.
        UNKNOWN: number of every character outside the alphabet.
        characters: every known character in code point order; character `i` has the
            number `SPECIALS + i`.

    Raises:
        CorpusError: an entry is not one character, entries are out of order or repeated,
            or there are more than two bytes can number.
    """

    START: ClassVar[int] = 0
    END: ClassVar[int] = 1
    UNKNOWN: ClassVar[int] = 2

    characters: tuple[str, ...]

    def __post_init__(self) -> None:
        where = "vocabulary"
        remedy = "Prepare the corpus again, or restore the file it was read from."
        if len(self.characters) > _MOST:
            raise CorpusError(
                where, f"{len(self.characters):,} characters", f"at most {_MOST:,}", remedy
            )
        for character in self.characters:
            if not isinstance(character, str) or len(character) != 1:
                raise CorpusError(where, f"the entry {character!r}", "single characters", remedy)
        if any(
            after <= before
            for before, after in zip(self.characters, self.characters[1:], strict=False)
        ):
            raise CorpusError(
                where,
                "characters repeated or out of order",
                "each once, in code point order",
                remedy,
            )

    @classmethod
    def from_counts(cls, counts: Mapping[str, int], minimum_count: int = 1) -> Vocabulary:
        """Keep the characters seen at least `minimum_count` times, and the line break.

        Those that a terminal would obey (`is_control`) are left out however often they occur.
        If more than two bytes can number are left, the most frequent are characters.
        """
        characters = [
            character
            for character, count in counts.items()
            if count >= minimum_count and character != "\n" and not is_control(character)
        ]
        characters.sort(key=lambda character: (-counts[character], character))
        return cls(tuple(sorted({*characters[: _MOST - 1], "\n"})))

    @property
    def size(self) -> int:
        """Count of numbers, the three special ones included."""
        return SPECIALS + len(self.characters)

    @property
    def dtype(self) -> np.dtype[np.unsignedinteger[Any]]:
        """The smallest type that holds every number: one byte up to 256, otherwise two."""
        return np.dtype(np.uint8) if self.size <= 256 else np.dtype(np.uint16)

    @cached_property
    def table(self) -> Tokens:
        """The number of every code point, shape (1_114_112,); U+0000 and U+0001 are special.

        No cleaned text holds those two control characters, so they stand for `START` and
        `END` where whole poems are kept as running text.
        """
        table = np.full(_CODE_POINTS, self.UNKNOWN, dtype=self.dtype)
        for number, character in enumerate(self.characters, start=SPECIALS):
            table[ord(character)] = number
        table[0], table[1] = self.START, self.END
        return table

    @cached_property
    def _letters(self) -> NDArray[np.uint32]:
        return np.array([0, 0, 0, *map(ord, self.characters)], dtype=np.uint32)

    def encode(self, text: str) -> Tokens:
        """Encode each character of `text` as its number; shape (len(text),).

        A character outside the alphabet becomes `UNKNOWN`, and so do U+0000 and U+0001.
        """
        tokens = self.table[code_points(text)]
        if "\0" in text or "\1" in text:
            tokens[code_points(text) < 2] = self.UNKNOWN
        return tokens

    def encode_poem(self, poem: Poem) -> Tokens:
        r"""Encode a poem: `START`, every line and its "\n", "\n" between stanzas, `END`.

        Returns:
            Shape (len(poem.text) + 3,).
        """
        tokens = np.empty(len(poem.text) + 3, dtype=self.dtype)
        tokens[0], tokens[-1] = self.START, self.END
        tokens[1:-1] = self.encode(poem.text + "\n")
        return tokens

    def decode(self, ids: Tokens | NDArray[np.integer], unknown: str = "") -> str:
        """Return the text of `ids`, without the special numbers.

        Args:
            ids: the numbers.
            unknown: the characters that `UNKNOWN` stands for, in their order, one for each;
                by default these are left out.

        Raises:
            CorpusError: a number is not in the vocabulary.
        """
        numbers = np.asarray(ids)
        if numbers.size and not 0 <= int(numbers.min()) <= int(numbers.max()) < self.size:
            raise CorpusError(
                "tokens to decode",
                f"numbers from {numbers.min()} to {numbers.max()}",
                f"numbers from 0 to {self.size - 1}",
                "Use the vocabulary the text was encoded with.",
            )
        letters, keep = self._letters[numbers], numbers >= SPECIALS
        if unknown:
            places = numbers == self.UNKNOWN
            letters[places] = code_points(unknown)
            keep |= places
        encoded = letters[keep].astype("<u4").tobytes()
        return encoded.decode("utf-32-le", errors="surrogatepass")

    def unknown(self, text: str) -> dict[str, int]:
        """Count the characters of `text` outside the alphabet, most frequent first."""
        known = set(self.characters)
        return {
            character: count
            for character, count in Counter(text).most_common()
            if character not in known
        }

    def to_json(self) -> str:
        """Return the vocabulary as a JSON text that `from_json` reads back."""
        return json.dumps({"format": _FORMAT, "characters": "".join(self.characters)})

    @classmethod
    def from_json(cls, text: str) -> Vocabulary:
        """Read what `to_json` wrote.

        Raises:
            CorpusError: the text is not a vocabulary; the message says in what.
        """
        remedy = "Restore the file, or prepare the corpus again."
        try:
            read = json.loads(text)
        except ValueError as error:
            raise CorpusError("vocabulary", f"{error}", "a JSON object", remedy) from error
        if not isinstance(read, dict) or read.get("format") != _FORMAT:
            found = read.get("format") if isinstance(read, dict) else type(read).__name__
            raise CorpusError(
                "vocabulary", f"the format {found!r}", f"the format {_FORMAT}", remedy
            )
        characters = read.get("characters")
        if not isinstance(characters, str):
            raise CorpusError(
                "vocabulary", f"the characters {characters!r}", "one text of them", remedy
            )
        return cls(tuple(characters))


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the code point of each character; shape (len(text),)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def is_control(character: str) -> bool:
    """Return whether a terminal may obey a character instead of showing it.

    No cleaned text has any.

    These are the control and format characters and the halves of surrogate pairs (Unicode's
    categories Cc, Cf and Cs), but not the line break, nor U+200C and U+200D, which are spelling
    in Persian and in the scripts of India.
    """
    return unicodedata.category(character) in _CONTROL and character not in _PLAIN


def default_minimum_count(characters: int) -> int:
    """Return the default number of times a character must be seen to be known.

    Once in every million characters of the corpus, and at least once: a corpus under two
    million characters keeps all that its training poems have. A rarer character costs a row
    of the embedding and of the output layer and is seen too seldom to be learned; it becomes
    unknown and is reported.
    """
    return max(1, characters // 1_000_000)
