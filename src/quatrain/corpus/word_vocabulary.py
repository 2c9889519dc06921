"""Words as numbers, and as the numbers of their letters.

A `WordVocabulary` is made from the counts of the tokens that `tokens` finds. A word-level poet
keeps it beside its weights: its words, the alphabet they are spelled in, and the corpus's style.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus.tokens import (
    LINE_END,
    STANZA_END,
    Style,
    Typesetter,
    poem_tokens,
    reversed_line,
)
from quatrain.corpus.vocabulary import Tokens, is_control
from quatrain.errors import CorpusError
from quatrain.records import Poem

LONGEST_WORD = 24
"""Letters of a word that its spelling keeps; of a longer one the first and last twelve."""

_MOST = 65_536
_REMEDY = "Prepare the corpus again, or restore the file it was read from."


@dataclass(frozen=True)
class WordLimits:
    """Limits on the words of a corpus that a vocabulary keeps.

    Attributes:
        most: the largest number of words, `always` included.
        minimum_count: times a word must be seen in the training poems.
        always: words kept whatever their count.
    """

    most: int = 20_000
    minimum_count: int = 1
    always: Collection[str] = ()


@dataclass(frozen=True)
class WordVocabulary:
    """The tokens a word-level poet knows, and their numbers.

    Attributes:
        START: number of the symbol before a poem's first word.
        END: number of the symbol after a poem's last line.
        UNKNOWN: number of every word outside the vocabulary.
        LINE, STANZA: numbers of the end of a line and of a stanza.
        words: every known word and mark, the most frequent first; word `i` has the number
            `SPECIALS + i`.
        alphabet: the characters that spellings are made of, in code point order.
        style: how the words are set on the page.

    Raises:
        CorpusError: a word is empty, repeated or holds a control character, or there are too
            many.
    """

    START: ClassVar[int] = 0
    END: ClassVar[int] = 1
    UNKNOWN: ClassVar[int] = 2
    LINE: ClassVar[int] = 3
    STANZA: ClassVar[int] = 4
    SPECIALS: ClassVar[int] = 5

    words: tuple[str, ...]
    alphabet: str
    style: Style = field(default_factory=Style)

    def __post_init__(self) -> None:
        where = "vocabulary"
        if len(self.words) > _MOST - self.SPECIALS:
            raise CorpusError(
                where, f"{len(self.words):,} words", f"at most {_MOST - self.SPECIALS:,}", _REMEDY
            )
        if len(set(self.words)) != len(self.words):
            raise CorpusError(where, "a word given twice", "each word once", _REMEDY)
        entries = (*self.words, self.alphabet)
        bad = {
            character
            for character in set("".join(entries))
            if is_control(character) or character.isspace()
        }
        for word in entries:
            if not word or not bad.isdisjoint(word):
                raise CorpusError(
                    where, f"the entry {word!r:.60}", "words without spaces or breaks", _REMEDY
                )

    @classmethod
    def from_counts(
        cls,
        counts: Mapping[str, int],
        limits: WordLimits | None = None,
        *,
        style: Style | None = None,
    ) -> WordVocabulary:
        """Keep the words seen often enough, the most frequent first.

        Args:
            counts: token -> times seen; the ends of lines and stanzas are left out.
            limits: which words to keep; by default as `WordLimits` says.
            style: of the corpus.

        Raises:
            CorpusError: no word is left.
        """
        limits = limits or WordLimits()
        always = set(limits.always)
        ranked = sorted(
            (word for word in {*counts, *always} if word not in {LINE_END, STANZA_END}),
            key=lambda word: (word not in always, -counts.get(word, 0), word),
        )
        words = [
            word
            for word in ranked
            if (word in always or counts[word] >= limits.minimum_count)
            and not any(is_control(character) for character in word)
        ][: min(limits.most, _MOST - cls.SPECIALS)]
        if not words:
            raise CorpusError(
                "vocabulary",
                f"no word seen {limits.minimum_count} times",
                "at least one",
                "Train on more verse, or lower the number of times a word must be seen.",
            )
        words.sort(key=lambda word: (-counts.get(word, 0), word))
        alphabet = "".join(sorted({letter for word in words for letter in word}))
        known = set(words)
        style = style or Style()
        spellings = {word: shown for word, shown in style.words.items() if word in known}
        return cls(tuple(words), alphabet, replace(style, words=spellings))

    @property
    def size(self) -> int:
        """Count of numbers, the five special ones included."""
        return self.SPECIALS + len(self.words)

    @property
    def letters(self) -> int:
        """Count of the numbers that spellings are made of.

        Padding, begin, end, one per special symbol, one for any letter outside the alphabet,
        then the alphabet.
        """
        return 3 + self.SPECIALS + 1 + len(self.alphabet)

    @property
    def dtype(self) -> np.dtype[np.unsignedinteger[Any]]:
        """The type of the numbers: two bytes."""
        return np.dtype(np.uint16)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Token -> number, the ends of lines and stanzas included."""
        numbers = {word: self.SPECIALS + place for place, word in enumerate(self.words)}
        return numbers | {LINE_END: self.LINE, STANZA_END: self.STANZA}

    def encode(self, tokens: Iterable[str]) -> Tokens:
        """Encode each token; one outside the vocabulary becomes `UNKNOWN`."""
        known = self.numbers
        return np.array([known.get(token, self.UNKNOWN) for token in tokens], dtype=self.dtype)

    def encode_lines(self, lines: Iterable[Sequence[str]], *, backwards: bool = False) -> Tokens:
        """Encode a poem of lines of tokens: `START`, the lines with their ends, `END`."""
        flat: list[str] = []
        for line in lines:
            flat += reversed_line(line) if backwards else line
        numbered = np.empty(len(flat) + 2, dtype=self.dtype)
        numbered[0], numbered[-1] = self.START, self.END
        numbered[1:-1] = self.encode(flat)
        return numbered

    def encode_poem(self, poem: Poem, *, backwards: bool = False) -> Tokens:
        """Encode a poem; `backwards` reverses every line."""
        return self.encode_lines(poem_tokens(poem), backwards=backwards)

    def token(self, number: int) -> str:
        """Return the token of a number; the empty text for `START`, `END` and `UNKNOWN`."""
        if number < self.SPECIALS:
            return {self.LINE: LINE_END, self.STANZA: STANZA_END}.get(number, "")
        return self.words[number - self.SPECIALS]

    def decode_lines(self, ids: Iterable[int], *, backwards: bool = False) -> list[list[str]]:
        """Return lines of tokens, ends included, in reading order, without `START` and `END`."""
        lines: list[list[str]] = [[]]
        for number in ids:
            if number == self.STANZA:
                if len(lines) > 1 and not lines[-1]:
                    lines[-2].append(STANZA_END)
            elif number == self.LINE:
                lines[-1].append(LINE_END)
                lines.append([])
            elif token := self.token(int(number)):
                lines[-1].append(token)
        return [reversed_line(line) if backwards else line for line in lines if line]

    def decode(self, ids: Iterable[int], *, backwards: bool = False) -> Poem:
        """Return the poem of numbers, set on the page."""
        return Typesetter(self.style).poem(self.decode_lines(ids, backwards=backwards))

    def spell(self, word: str) -> list[int]:
        """Return the letters of a word as numbers between the marks of its begin and end.

        They are those of the word in lower case.
        """
        return [1, *self._letter_numbers([_shortened(word.lower())]).tolist(), 2]

    def _letter_numbers(self, words: list[str]) -> NDArray[np.uint16]:
        """Return the letters of words end to end as numbers."""
        first = 3 + self.SPECIALS
        codes, alphabet = _codes("".join(words)), _codes(self.alphabet)
        numbers = np.full(max(codes.max(initial=0), alphabet.max(initial=0)) + 1, first, np.uint16)
        numbers[alphabet] += np.arange(1, len(alphabet) + 1, dtype=np.uint16)
        return np.asarray(numbers[codes])

    @cached_property
    def spellings(self) -> NDArray[np.uint16]:
        """The spelling of every number, padded with 0; shape (size, longest + 2).

        A special symbol is spelled by one letter of its own.
        """
        words = [_shortened(word.lower()) for word in self.words]
        lengths = np.array([1] * self.SPECIALS + list(map(len, words)))[:, None]
        places = np.arange(max(1, lengths.max()) + 2)
        table = np.zeros((len(lengths), len(places)), np.uint16)
        table[:, 0] = 1
        letters = (places > 0) & (places <= lengths)
        special = np.arange(3, 3 + self.SPECIALS, dtype=np.uint16)
        table[letters] = np.concatenate((special, self._letter_numbers(words)))
        table[places == lengths + 1] = 2
        return table

    def extended(self, words: Iterable[str]) -> WordVocabulary:
        """Return the vocabulary with more words after the present ones, in the same alphabet."""
        new = [word for word in dict.fromkeys(words) if word not in self.numbers]
        return WordVocabulary((*self.words, *new), self.alphabet, self.style)

    def facts(self) -> dict[str, Any]:
        """Return the vocabulary as JSON can hold it; `from_facts` reads it back."""
        return {
            "words": list(self.words),
            "alphabet": self.alphabet,
            "style": self.style.facts(),
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> WordVocabulary:
        """Read what `facts` gave.

        Raises:
            CorpusError: something in it is not as `facts` gives it.
        """
        try:
            words, alphabet = facts["words"], facts["alphabet"]
            if not all(isinstance(text, str) and text for text in [alphabet, *words]):
                raise TypeError("an entry that is not a text")
            return cls(tuple(words), alphabet, Style.from_facts(facts["style"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CorpusError(
                "vocabulary", f"no usable words ({error})", "the words as they were saved", _REMEDY
            ) from error


def _shortened(word: str) -> str:
    """Return the letters of a word that are spelled: of a very long one the begin and the end."""
    if len(word) <= LONGEST_WORD:
        return word
    return word[: LONGEST_WORD // 2] + word[-LONGEST_WORD // 2 :]


def _codes(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))
