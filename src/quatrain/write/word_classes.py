"""Word classes: how a poet's words sound to a form, their syllables, rhymes and homophones.

In: a poet's vocabulary and a reader that pronounces words. Out: `WordClasses`. Words that a form
cannot tell apart share a class, so that `line_automaton` works with a few hundred classes, not with
twenty thousand words. Tokens that cannot be pronounced, or only by a guess, are left out, and so
are quotation marks and brackets, which need a partner.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from quatrain.form import ARTICLES, LIGHT_WORDS, SUBJECT_PRONOUNS, MetreReader, Pattern, Strength
from quatrain.poet import WordVocabulary, bundled_words
from quatrain.write.spoken_tokens import (
    CLIPPED,
    can_rhyme,
    joined_patterns,
    looks_like_word,
    said_words,
    spoken_form,
)

Mask = NDArray[np.bool_]
"""A set of a vocabulary's words: True for its members, (vocabulary,)."""

UNUSABLE, LINE_END, MARK, HYPHEN, APOSTROPHE, ENDING_S, ENDING_D, ENDING_LL = range(8)
"""Ids of the classes that are no words'.

The last three are the endings 's, 'd, and 'll with its kin ('ve, 're, 'm).
"""

FIRST_WORD_CLASS = 8
"""Id of the first class of words; ids below it are the eight above."""

SHIPPED = "data/word_classes.safetensors"
"""Stored classes of the shipped poets' words, beside this file: computing them takes seconds.

Written by scripts/prepare_word_classes.py.
"""

PUNCTUATION = frozenset({",", ";", ":", ".", "!", "?", "--", "..."})
FINAL_MARKS = frozenset({".", "!", "?"})
_ENDINGS = {"'s": ENDING_S, "'d": ENDING_D, "'ll": ENDING_LL, "'ve": ENDING_LL,
            "'re": ENDING_LL, "'m": ENDING_LL}  # fmt: skip
_SIGNS = _ENDINGS | dict.fromkeys(PUNCTUATION, MARK) | {"-": HYPHEN, "‘": APOSTROPHE}
"""Class id of each token that is no word."""

_PRONOUNS = (SUBJECT_PRONOUNS - {"ye"}) | {"who"}
"""Pronouns that 'll, 've, 're and 'm may follow."""

_SIBILANTS = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_GLIDES = frozenset({"HH", "W", "Y"})
"""First phonemes before which verse has both *a* and *an*."""

_LIGHT_PATTERNS = ((Strength.LIGHT,), (Strength.PRONOUN,))
"""Patterns of words of one syllable that lean on a neighbour."""

_SAVED_ARRAYS = ("class_ids", "rhyme_ids", "homophone_ids", "onsets")


class Signature(NamedTuple):
    """Pronunciation of a word in verse.

    Attributes:
        patterns: the strengths of its syllables, in every pronunciation.
        syllables: the number of its syllables, in the likeliest pronunciation.
    """

    patterns: frozenset[Pattern]
    syllables: int


class WordClass(NamedTuple):
    """Everything that a form can know of a word.

    Attributes:
        signature: index into `WordClasses.signatures`: how the word may be said.
        joined_signature: the same with an ending after the word: in *I'll*, *I* is no light word.
        clipped: whether an apostrophe stands before it, as in *'tis*.
        endings: which of the three classes of endings may follow.
    """

    signature: int
    joined_signature: int
    clipped: bool
    endings: tuple[bool, bool, bool]


class ClassifiedToken(NamedTuple):
    """A token with its number in the vocabulary and its class.

    Attributes:
        text: as it is written.
        number: as the poet reads it; `UNKNOWN` for a word outside the vocabulary.
        class_id: `UNUSABLE` if it cannot stand in verse.
    """

    text: str
    number: int
    class_id: int


class WordClasses:
    """Classes, rhymes and homophones of a vocabulary's words.

    Args:
        vocabulary: the words.
        reader: pronounces them and gives their patterns of strong and weak syllables.
        writable: words that the poet can write, (vocabulary,), or None for all.
        past_d: whether 'd may follow verbs, as in *walk'd*, or only pronouns, as in *he'd*.
        user_words: words of the user: they may be said in any way, or only by a guess.

    Attributes:
        class_ids: class of every token, (vocabulary,).
        classes: the word classes; the first one's id is `FIRST_WORD_CLASS`.
        signatures: the ways of saying a word that occur.
        may_end_line: which words may end a line, (vocabulary,) bool.
        rhyme_ids: id of a word's sound from its last stressed vowel on, -1 for a word that may not
            end a line, (vocabulary,).
        words_by_rhyme: rhyme id -> numbers of its words.
        homophone_ids: the same id for words of one rhyme that are pronounced alike, and so do not
            rhyme, (vocabulary,).
        onsets: `VOWEL` or `CONSONANT` by the first sound of a word, 0 where both *a* and *an*
            stand before it in verse, as in *an hundred*, (vocabulary,).
    """

    VOWEL, CONSONANT = 1, 2

    def __init__(
        self,
        vocabulary: WordVocabulary,
        reader: MetreReader,
        writable: Mask | None = None,
        *,
        past_d: bool = True,
        user_words: Collection[str] = (),
    ) -> None:
        self.vocabulary, self.reader, self._past_d = vocabulary, reader, past_d
        self._user_words = frozenset(user_words)
        self.signatures: list[Signature] = []
        self.classes: list[WordClass] = []
        self._ids_by_class: dict[WordClass, int] = {}
        self._ids_by_signature: dict[Signature, int] = {}
        self._ids_by_sound: dict[tuple[str, ...], int] = {}
        size = vocabulary.size
        self.class_ids = np.full(size, UNUSABLE, np.int32)
        self.rhyme_ids = np.full(size, -1, np.int32)
        self.homophone_ids = np.full(size, -1, np.int32)
        self.onsets = np.zeros(size, np.int32)
        self.class_ids[vocabulary.LINE] = LINE_END
        writable = np.ones(size, np.bool_) if writable is None else writable
        loaded, shipped_count = self._load_shipped(writable)
        again = self.mask(vocabulary.numbers[token] for token in user_words)
        self._classify(writable & (~loaded | again), first_homophone_id=shipped_count)
        self.may_end_line = self.rhyme_ids >= 0
        self.words_by_rhyme: dict[int, list[int]] = defaultdict(list)
        for number in np.flatnonzero(self.may_end_line).tolist():
            self.words_by_rhyme[int(self.rhyme_ids[number])].append(number)

    def _classify(self, selected: Mask, first_homophone_id: int) -> None:
        """Pronounce and classify the selected words, (vocabulary,).

        Args:
            selected: the words to classify, (vocabulary,).
            first_homophone_id: smallest id not used by the shipped words.
        """
        homophones: dict[tuple[str, ...], int] = {}
        for number, token in enumerate(self.vocabulary.words, self.vocabulary.SPECIALS):
            if not selected[number]:
                continue
            is_users = token in self._user_words
            words = said_words(token, self.reader) if is_users else (spoken_form(token),)
            ways = list(map(self.reader.ear.pronounce, words)) or [()]
            if token not in _SIGNS and not is_users and ways[0] and ways[0][0].guessed:
                continue
            class_id = self.class_ids[number] = self.class_id_of(token)
            if class_id < FIRST_WORD_CLASS or self.classes[class_id - FIRST_WORD_CLASS].clipped:
                continue
            self.onsets[number] = self._onset(ways[0][0].phonemes[0])
            said = ways[-1][0]
            if not can_rhyme(words[-1] if is_users else token, said):
                continue
            new_rhyme = len(self._ids_by_sound)
            self.rhyme_ids[number] = self._ids_by_sound.setdefault(said.rhyming_part, new_rhyme)
            new_homophone = first_homophone_id + number - self.vocabulary.SPECIALS
            self.homophone_ids[number] = homophones.setdefault(said.phonemes, new_homophone)

    def _load_shipped(self, writable: Mask) -> tuple[Mask, int]:
        """Take over what is stored about words of the shipped poets.

        Args:
            writable: words that the poet can write, (vocabulary,).

        Returns:
            The words taken over, (vocabulary,), and the number of words stored.
        """
        tensors, metadata = _shipped()
        loaded = np.zeros(self.vocabulary.size, np.bool_)
        count = len(tensors.get("class_ids", ()))
        # The stored words are the first of this vocabulary, or else those of the shipped poets.
        words = self.vocabulary.words[:count]
        if count and fingerprint(words) != metadata["words"]:
            words = bundled_words().words[:count]
        if not count or fingerprint(words) != metadata["words"]:
            return loaded, 0
        rows = {word: row for row, word in enumerate(words)}
        if "‘" not in self.vocabulary.numbers:  # without it clipped words cannot be written
            rows = {word: row for word, row in rows.items() if word not in CLIPPED}
        for number, word in enumerate(self.vocabulary.words, self.vocabulary.SPECIALS):
            loaded[number] = writable[number] and word in rows
        token = self.vocabulary.token
        stored_rows = [rows[token(number)] for number in np.flatnonzero(loaded).tolist()]
        for name in _SAVED_ARRAYS:
            getattr(self, name)[loaded] = tensors[name][stored_rows]
        for patterns, syllables in json.loads(metadata["signatures"]):
            read = frozenset(tuple(map(Strength, pattern)) for pattern in patterns)
            self._signature_id(Signature(read, syllables))
        stored = [
            WordClass(signature, joined, clipped, tuple(endings))
            for signature, joined, clipped, endings in json.loads(metadata["classes"])
        ]
        self._renumber_classes(loaded, stored)
        for number, sound in enumerate(json.loads(metadata["sounds"])):
            self._ids_by_sound[tuple(sound.split())] = number
        return loaded, count

    def _renumber_classes(self, loaded: Mask, stored: Sequence[WordClass]) -> None:
        """Register the stored classes that occur, and give their words this object's ids.

        A class without words would be a transition of the automaton that leads nowhere.
        """
        ids = np.arange(FIRST_WORD_CLASS + len(stored))
        for stored_id in np.unique(self.class_ids[loaded]).tolist():
            if stored_id >= FIRST_WORD_CLASS:
                ids[stored_id] = self._class_id(stored[stored_id - FIRST_WORD_CLASS])
        self.class_ids[loaded] = ids[self.class_ids[loaded]]

    def save(self, path: Path) -> None:
        """Write the classes to a file, to be shipped."""
        start = self.vocabulary.SPECIALS
        signatures = [
            (sorted(map(list, signature.patterns)), signature.syllables)
            for signature in self.signatures
        ]
        metadata = {
            "words": fingerprint(self.vocabulary.words),
            "signatures": json.dumps(signatures),
            "classes": json.dumps(self.classes),
            "sounds": json.dumps([" ".join(sound) for sound in self._ids_by_sound]),
        }
        arrays = {name: getattr(self, name)[start:].astype(np.int16) for name in _SAVED_ARRAYS}
        safetensors.numpy.save_file(arrays, path, metadata)

    def _onset(self, phoneme: str) -> int:
        """Return `VOWEL` or `CONSONANT` for a first phoneme, or 0 where either article fits."""
        if phoneme[-1].isdigit():  # only vowels carry a digit, their stress
            return self.VOWEL
        return 0 if phoneme in _GLIDES else self.CONSONANT

    @property
    def is_word(self) -> Mask:
        """Tokens that are words and can be written, (vocabulary,)."""
        return self.class_ids >= FIRST_WORD_CLASS

    def class_id_of(self, token: str) -> int:
        """Return the class id of a token, whether it is in the vocabulary or not.

        A word of a class not met before adds that class.
        """
        if token in _SIGNS:
            return _SIGNS[token]
        if token in self._user_words:
            words = said_words(token, self.reader)
            if words != (token,) or not looks_like_word(token):
                return self._class_id_of_words(words)
        clipped = token in CLIPPED
        if not looks_like_word(token) or (clipped and "‘" not in self.vocabulary.numbers):
            return UNUSABLE
        options = self.reader.options(spoken_form(token))
        patterns = frozenset(option.pattern for option in options if option.pattern)
        if not patterns or not options[0].said.syllables:  # a lone consonant, as in *be'n*
            return UNUSABLE
        signature = Signature(patterns, options[0].said.syllables)
        # With an ending a light monosyllable may bear a stress: *I'll*.
        joined = signature._replace(
            patterns=frozenset(
                (Strength.STRESSABLE,) if pattern in _LIGHT_PATTERNS else pattern
                for pattern in patterns
            )
        )
        last_phonemes = {option.said.phonemes[-1] for option in options}
        endings = self._endings(token, joined, last_phonemes)
        return self._class_id(
            WordClass(self._signature_id(signature), self._signature_id(joined), clipped, endings)
        )

    def _class_id_of_words(self, words: Sequence[str]) -> int:
        """Return the class id of a token that is said as some words; no ending may follow it."""
        if not words:
            return UNUSABLE
        signature = self._signature_id(Signature(*joined_patterns(words, self.reader)))
        return self._class_id(WordClass(signature, signature, False, (False, False, False)))

    def classify(self, token: str) -> ClassifiedToken:
        """Return a token with its number and class, whether it is in the vocabulary or not."""
        number = self.vocabulary.numbers.get(token, self.vocabulary.UNKNOWN)
        return ClassifiedToken(token, number, self.class_id_of(token))

    def _endings(
        self, token: str, joined: Signature, last_phonemes: set[str]
    ) -> tuple[bool, bool, bool]:
        """Return which of 's, 'd and 'll (and its kin) may follow a word.

        An ending must add no syllable: *rose's* has one more than *rose*, *waited* than *wait*.

        Args:
            token: the word.
            joined: how it is said with an ending after it.
            last_phonemes: its last phonemes, over all pronunciations.
        """
        pronoun = token in _PRONOUNS
        light = token in LIGHT_WORDS or token in ARTICLES
        takes_d = pronoun or not (light or last_phonemes & {"T", "D"})
        # The spelling may be pronounced otherwise than word and ending are, as in *impious'd*.
        takes_d = takes_d and self._is_said(f"{token}'d", joined)
        takes_s = (pronoun or not light) and not last_phonemes & _SIBILANTS
        takes_s = takes_s and self._is_said(f"{token}'s", joined)
        return takes_s, takes_d, pronoun

    def _is_said(self, spoken: str, signature: Signature) -> bool:
        """Return whether a spelling is said in exactly these ways."""
        options = self.reader.options(spoken)
        patterns = frozenset(option.pattern for option in options)
        return bool(options) and signature == (patterns, options[0].said.syllables)

    def _class_id(self, word_class: WordClass) -> int:
        """Return the id of a class, a new one if need be."""
        if not self._past_d:
            takes_s, takes_d, pronoun = word_class.endings
            word_class = word_class._replace(endings=(takes_s, takes_d and pronoun, pronoun))
        class_id = self._ids_by_class.get(word_class)
        if class_id is None:
            class_id = self._ids_by_class[word_class] = FIRST_WORD_CLASS + len(self.classes)
            self.classes.append(word_class)
        return class_id

    def _signature_id(self, signature: Signature) -> int:
        """Return the index of a signature, a new one if need be."""
        index = self._ids_by_signature.get(signature)
        if index is None:
            index = self._ids_by_signature[signature] = len(self.signatures)
            self.signatures.append(signature)
        return index

    def words_sounding_like(self, spoken: str) -> list[int]:
        """Return numbers of the words with a word's sound from its last stressed vowel on.

        The word itself is among them.
        """
        rhymes = [
            self._ids_by_sound.get(said.rhyming_part, -1)
            for said in self.reader.ear.pronounce(spoken)
        ]
        return [
            number
            for rhyme in dict.fromkeys(rhymes)
            for number in self.words_by_rhyme.get(rhyme, [])
        ]

    def mask(self, numbers: Iterable[int]) -> Mask:
        """Return some numbers as a mask, (vocabulary,)."""
        mask = np.zeros(self.vocabulary.size, np.bool_)
        mask[list(numbers)] = True
        return mask


def fingerprint(words: Sequence[str]) -> str:
    """Return a hash that identifies a vocabulary."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


@cache
def _shipped() -> tuple[dict[str, NDArray[np.int16]], dict[str, str]]:
    """Read the file of classes: its arrays, (words,), and its metadata; both empty without it."""
    path = Path(__file__).parent / SHIPPED
    if not path.exists():
        return {}, {}
    with safetensors.safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()  # noqa: SIM118
