"""What the words of a poet bring to a form: their syllables, and what they rhyme with.

In: a poet's vocabulary and an ear. Out: `WordClasses`. Words that a form cannot tell apart share a
class, so that `line_language` follows a few hundred classes and not twenty thousand words.
Left out are what cannot be said, or only by a guess, and quotation marks and brackets, which
need a partner.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from quatrain.form import ARTICLES, LIGHT_WORDS, SUBJECT_PRONOUNS, MetreReader, Pattern, Strength
from quatrain.poet import WordVocabulary, bundled_words

NEVER, LINE, MARK, HYPHEN, APOSTROPHE, OF_ALL, OF_VERBS, OF_PRONOUNS = range(8)
"""The classes that are not words'; the last three are the endings 's, 'd, and 'll and its kin."""

SPECIALS = 8
SHIPPED = "data/lexis.safetensors"
"""Beside this file."""

MARKS = frozenset({",", ";", ":", ".", "!", "?", "--", "..."})
FINAL = frozenset({".", "!", "?"})
_ENDINGS = {"'s": OF_ALL, "'d": OF_VERBS, "'ll": OF_PRONOUNS, "'ve": OF_PRONOUNS,
            "'re": OF_PRONOUNS, "'m": OF_PRONOUNS}  # fmt: skip
_SIGNS = _ENDINGS | dict.fromkeys(MARKS, MARK) | {"-": HYPHEN, "‘": APOSTROPHE}
_PRONOUNS = (SUBJECT_PRONOUNS - {"ye"}) | {"who"}
_OPENED = frozenset({"tis", "twas", "twere", "twill", "twould", "twixt", "neath", "gainst"})
"""Printed with an apostrophe before them."""
_NUMERAL = re.compile(r"x{0,3}(ix|iv|v?i{0,3})")
_VOWELS = frozenset("aeiouyàâäæèéêëïôöùûü")
_SIBILANTS = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_EITHER = frozenset({"HH", "W", "Y"})
_KEPT = ("classes", "rhymes", "alike", "onsets")
_MAY_END = frozenset({"be", "her", "him", "me", "so", "thee", "them", "then", "up", "you"})
"""Words that lean on others and yet may end a line."""


class WordClass(NamedTuple):
    """What a form can know of a word.

    Attributes:
        signature: number of the set of patterns that it may bring.
        joined: the same with an ending after it: *I'll* is no light word.
        opened: whether an apostrophe stands before it.
        endings: which of the three classes of endings may follow.
    """

    signature: int
    joined: int
    opened: bool
    endings: tuple[bool, bool, bool]


class WordClasses:
    """The words of a vocabulary as a form hears them.

    Args:
        vocabulary: the words.
        reader: hears them.
        able: those that can be written, (vocabulary,), or None for all.

    Attributes:
        classes: of every number of the vocabulary, (vocabulary,).
        kinds: the word classes; the first has the number `SPECIALS`.
        signatures: the sets of patterns.
        ends: which words may end a line, (vocabulary,) bool.
        rhymes: which words sound alike from the last stressed vowel on: number of the sound, -1
            for a word that may not end a line, (vocabulary,).
        members: sound -> its words.
        alike: words of one sound that are said alike, and so do not rhyme, have one number,
            (vocabulary,).
        onsets: `VOWEL` or `CONSONANT` by the sound a word begins with, 0 where both *a* and *an*
            stand before it in verse, as *an hundred*, (vocabulary,).
    """

    VOWEL, CONSONANT = 1, 2

    def __init__(
        self,
        vocabulary: WordVocabulary,
        reader: MetreReader,
        able: NDArray[np.bool_] | None = None,
    ) -> None:
        self.vocabulary, self.reader = vocabulary, reader
        self.signatures: list[frozenset[Pattern]] = []
        self.kinds: list[WordClass] = []
        self._kind_numbers: dict[WordClass, int] = {}
        self._signature_numbers: dict[frozenset[Pattern], int] = {}
        size = vocabulary.size
        self.classes = np.full(size, NEVER, np.int32)
        self.rhymes = np.full(size, -1, np.int32)
        self.alike = np.full(size, -1, np.int32)
        self.onsets = np.zeros(size, np.int32)
        self.classes[vocabulary.LINE] = LINE
        self._sounds: dict[tuple[str, ...], int] = {}
        able = np.ones(size, np.bool_) if able is None else able
        known, taken = self._take_shipped(able)
        said_alike: dict[tuple[str, ...], int] = {}
        for number, token in enumerate(vocabulary.words, vocabulary.SPECIALS):
            if known[number] or not able[number]:
                continue
            ways = reader.ear.pronounce(_spoken(token))
            if token not in _SIGNS and ways and ways[0].guessed:
                continue
            kind = self.class_of(token)
            self.classes[number] = kind
            if kind < SPECIALS or self.kinds[kind - SPECIALS].opened:
                continue
            said = ways[0]
            self.onsets[number] = self._onset(said.phonemes[0])
            leaning = token in LIGHT_WORDS and token not in _MAY_END
            if leaning or not {"1", "2"} & set(said.stress):
                continue
            self.rhymes[number] = self._sounds.setdefault(said.rhyming_part, len(self._sounds))
            first = said_alike.setdefault(said.phonemes, taken + number - vocabulary.SPECIALS)
            self.alike[number] = first
        self.ends = self.rhymes >= 0
        self.members: dict[int, list[int]] = defaultdict(list)
        for number in np.flatnonzero(self.ends).tolist():
            self.members[int(self.rhymes[number])].append(number)

    def _take_shipped(self, able: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], int]:
        """Take what was found before about words of the shipped poets.

        Args:
            able: those that can be written, (vocabulary,).

        Returns:
            Which words that were, (vocabulary,), and how many there are.
        """
        tensors, facts = _shipped()
        known = np.zeros(self.vocabulary.size, np.bool_)
        count = len(tensors.get("classes", ()))
        words = self.vocabulary.words[:count]
        if count and fingerprint(words) != facts["words"]:
            words = bundled_words().words[:count]
        if not count or fingerprint(words) != facts["words"]:
            return known, 0
        places = {word: place for place, word in enumerate(words)}
        if "‘" not in self.vocabulary.numbers:  # it decides of these, not the word alone
            places = {word: place for word, place in places.items() if word not in _OPENED}
        for number, word in enumerate(self.vocabulary.words, self.vocabulary.SPECIALS):
            known[number] = able[number] and word in places
        token = self.vocabulary.token
        there = [places[token(number)] for number in np.flatnonzero(known).tolist()]
        for name in _KEPT:
            getattr(self, name)[known] = tensors[name][there]
        for patterns in json.loads(facts["signatures"]):
            self._signature(frozenset(tuple(map(Strength, each)) for each in patterns))
        kinds = json.loads(facts["kinds"])
        renumbered = np.arange(SPECIALS + len(kinds))
        for number in np.unique(self.classes[known]).tolist():  # a kind without words leads nowhere
            if number >= SPECIALS:
                signature, joined, opened, endings = kinds[number - SPECIALS]
                kind = WordClass(signature, joined, opened, tuple(endings))
                renumbered[number] = self._kind(kind)
        self.classes[known] = renumbered[self.classes[known]]
        for number, sound in enumerate(json.loads(facts["sounds"])):
            self._sounds[tuple(sound.split())] = number
        return known, count

    def save(self, path: Path) -> None:
        """Write what was found to a file, to be shipped."""
        start = self.vocabulary.SPECIALS
        facts = {
            "words": fingerprint(self.vocabulary.words),
            "signatures": json.dumps([sorted(map(list, each)) for each in self.signatures]),
            "kinds": json.dumps(self.kinds),
            "sounds": json.dumps([" ".join(sound) for sound in self._sounds]),
        }
        safetensors.numpy.save_file(
            {name: getattr(self, name)[start:].astype(np.int16) for name in _KEPT}, path, facts
        )

    def _onset(self, phoneme: str) -> int:
        if phoneme[-1].isdigit():  # the stress of a vowel
            return self.VOWEL
        return 0 if phoneme in _EITHER else self.CONSONANT

    @property
    def is_word(self) -> NDArray[np.bool_]:
        """Which numbers are words that can be said, (vocabulary,)."""
        return self.classes >= SPECIALS

    def class_of(self, token: str) -> int:
        """The class of a token, whether the vocabulary has it or not."""
        if token in _SIGNS:
            return _SIGNS[token]
        letters = token.replace("'", "")
        if not (letters.isalpha() and token[0].isalpha() and token[-1].isalpha()):
            return NEVER
        if len(token) > 1 and (_NUMERAL.fullmatch(token) or _VOWELS.isdisjoint(token)):
            return NEVER
        if len(token) == 1 and token not in {"a", "i", "o"}:
            return NEVER
        opened = token in _OPENED
        if opened and "‘" not in self.vocabulary.numbers:
            return NEVER
        options = self.reader.options(_spoken(token))
        patterns = frozenset(option.pattern for option in options if option.pattern)
        if not patterns:
            return NEVER
        last = {option.said.phonemes[-1] for option in options}
        leans = token in LIGHT_WORDS or token in ARTICLES
        owns = not leans or token in _PRONOUNS
        joined = frozenset(
            (Strength.SINGLE,) if pattern == (Strength.LIGHT,) else pattern for pattern in patterns
        )
        pronoun = token in _PRONOUNS
        past = pronoun or not (leans or last & {"T", "D"})
        past = past and self._same(f"{token}'d", joined)  # an *impious'd* is not said as spelled
        owns = owns and not last & _SIBILANTS and self._same(f"{token}'s", joined)
        endings = (owns, past, pronoun)
        return self._kind(
            WordClass(self._signature(patterns), self._signature(joined), opened, endings)
        )

    def _same(self, spoken: str, patterns: frozenset[Pattern]) -> bool:
        return patterns == {each.pattern for each in self.reader.options(spoken)}

    def _kind(self, kind: WordClass) -> int:
        number = self._kind_numbers.get(kind)
        if number is None:
            number = self._kind_numbers[kind] = SPECIALS + len(self.kinds)
            self.kinds.append(kind)
        return number

    def _signature(self, patterns: frozenset[Pattern]) -> int:
        number = self._signature_numbers.get(patterns)
        if number is None:
            number = self._signature_numbers[patterns] = len(self.signatures)
            self.signatures.append(patterns)
        return number

    def sounding_like(self, spoken: str) -> list[int]:
        """The words that may sound like one from its last stressed vowel on, itself among them."""
        sounds = [
            self._sounds.get(said.rhyming_part, -1) for said in self.reader.ear.pronounce(spoken)
        ]
        return [number for sound in dict.fromkeys(sounds) for number in self.members.get(sound, [])]

    def mask(self, numbers: Iterable[int]) -> NDArray[np.bool_]:
        """Which numbers are among these, (vocabulary,)."""
        found = np.zeros(self.vocabulary.size, np.bool_)
        found[list(numbers)] = True
        return found


def _spoken(token: str) -> str:
    return f"'{token}" if token in _OPENED else token


def fingerprint(words: Sequence[str]) -> str:
    """What tells a vocabulary from others."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


@cache
def _shipped() -> tuple[dict[str, NDArray[np.int16]], dict[str, str]]:
    """What was found about the words of the shipped poets, by `scripts/prepare_lexis.py`."""
    path = Path(__file__).parent / SHIPPED
    if not path.exists():
        return {}, {}
    with safetensors.safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()  # noqa: SIM118
