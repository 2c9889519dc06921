"""The ear: all pronunciations of a word, each with its source.

In: a word as verse spells it. Out: its pronunciations, the likeliest first. The ear asks, in this
order, the user's own entries, the list of words peculiar to verse, the lexicon, the letter rules,
and last the network that guesses (`g2p`). Variants that verse allows, with a syllable lost or
sounded (`elision`), follow.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

from quatrain.errors import CorpusError, SettingsError
from quatrain.records import Pronunciation, check_words
from quatrain.sound.pronunciation.abbreviations import (
    Surroundings,
    expansion,
    is_by_letters,
    letter_name,
)
from quatrain.sound.pronunciation.elision import Phonemes, poetic_variants
from quatrain.sound.pronunciation.letter_rules import plural, pronounce_by_rule, without_apostrophe
from quatrain.sound.pronunciation.lexicon import shipped as shipped_lexicon
from quatrain.sound.pronunciation.phonemes import NUMBER_OF
from quatrain.sound.pronunciation.quantities import SIGNS, read_out
from quatrain.sound.pronunciation.respelling import open_e, sound_final_e
from quatrain.text_files import read_text

_MOST_BYTES = 2**26
"""Bytes of the largest file of pronunciations that is read: ten times the lexicon's."""

RULE_CONFIDENCE = 0.9
"""Confidence of a pronunciation that a rule made from listed words."""

VARIANT_CONFIDENCE = 0.3
"""Confidence of a poetic variant, as a factor on that of the word it varies."""

MAX_LETTERS = 64
"""Most letters of a word that are guessed; a longer run of letters is no word."""

MAX_COMBINATIONS = 16
"""Most pronunciations of a compound whose parts have several each."""

_ONE_DICTIONARY = frozenset(("cmudict", "misaki"))
"""Sources of a listed word that only one of the dictionaries has: a name perhaps, as *arent* is."""

CACHE_LIMIT = 200_000
"""Most words kept in memory; one more clears the cache."""

_DOTTED = re.compile(r"((?:[^\W\d_]\.)+)('?s)?")
_GRAVE_ED = re.compile(r"[èé]d$")
_FINAL_ACUTE = re.compile(r"(.*[^\W\d_])(ée?)('?s)?")
_APOSTROPHES_AND_S = str.maketrans("’‘ʼ`´ſ", "'''''s")
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "th", "þ": "th", "ı": "i"}
)


class Ear:
    """Pronounces words.

    Words are remembered, so asking again costs a look-up. `Ear.with_entries` makes an ear with a
    user's own pronunciations; `add` adds one word.

    Example:
        ear = Ear()
        ear.add("quatrainish", "K W AA1 T R EY2 N IH0 SH")
        print(ear.pronounce("quatrainish")[0])
    """

    def __init__(self) -> None:
        self._own: dict[str, list[Phonemes]] = {}
        self._remembered: dict[str, tuple[Pronunciation, ...]] = {}
        self._remembered_listed: dict[str, tuple[Phonemes, ...]] = {}

    @classmethod
    def with_entries(cls, path: str | Path) -> Ear:
        """Return an ear that prefers the entries of a file to all others.

        A line holds a word, a tab or two spaces, and its phonemes in ARPAbet; a line that
        begins with # is a comment. A word may have several lines, the likeliest first.

        Raises:
            CorpusError: the file cannot be read, or a line is no such entry.
        """
        ear = cls()
        for word, phonemes in _entries(Path(path)):
            ear.add(word, phonemes)
        return ear

    def add(self, word: str, phonemes: str | Iterable[str]) -> None:
        """Add a pronunciation of a word; the first one added is the likeliest.

        Args:
            word: the word, case ignored.
            phonemes: ARPAbet, as one string or one by one; vowels carry their stress.

        Raises:
            SettingsError: a phoneme is not in the inventory, or there is none.
        """
        symbols = tuple(phonemes.split() if isinstance(phonemes, str) else phonemes)
        unknown = [symbol for symbol in symbols if symbol not in NUMBER_OF]
        if unknown or not symbols:
            raise SettingsError(
                f"the pronunciation of {word!r}",
                f"the phoneme {unknown[0]!r}" if unknown else "none",
                "ARPAbet with a stress on every vowel, as in 'B Y UW1 T IY0'",
                "Correct the phonemes; docs/pronunciation.md lists them.",
            )
        accented = _lowered(word)
        plain = _normalize(word)
        self._own.setdefault(accented, []).append(symbols)
        if plain != accented and not shipped_lexicon()[plain]:  # rosé is not rose
            self._own.setdefault(plain, []).append(symbols)
        self._remembered.clear()
        self._remembered_listed.clear()

    def pronounce(self, word: str) -> tuple[Pronunciation, ...]:
        """Return the pronunciations of a word, the likeliest first.

        Args:
            word: a word, a number or a sign that is said. Case is ignored, except of an
                initialism, and so are accents, except of a sounded -èd, a final é and an è. A
                hyphenated compound and several words are pronounced part by part.

        Returns:
            At least one for anything with a letter, a digit or a sign that is said, else none.
        """
        pronunciations = self._remembered.get(word)
        if pronunciations is None:
            pronunciations = self._find(word)
            if len(self._remembered) >= CACHE_LIMIT:
                self._remembered.clear()
                self._remembered_listed.clear()
            self._remembered[word] = pronunciations
        return pronunciations

    def _find(self, spelling: str) -> tuple[Pronunciation, ...]:
        if len(spelling) > 1 and spelling.isupper():
            spelling = expansion(spelling, Surroundings()) or spelling
        lowered = _lowered(spelling)
        word = _normalize(lowered)
        if lowered in self._own:
            return self._with_variants(word, self._listed(lowered))
        if any(sign.isnumeric() and not sign.isalpha() for sign in word):
            return self._pronounce_quantity(word)
        if dotted := _DOTTED.fullmatch(word):
            return self._spell_out(word, dotted[1].replace(".", ""), dotted[2])
        if word in SIGNS:
            return self._pronounce_parts(SIGNS[word].split(), word)
        if " " in word:
            return self._pronounce_parts(word.split(), word)
        if "-" in word and not self._listed(word):
            return self._pronounce_parts([part for part in word.split("-") if part], word)
        if not any(letter.isalpha() for letter in word):
            return ()
        if len(word) == 1 and (name := _letter_of_other_script(word)):
            return self._pronounce_parts([name], word)
        return self._pronounce_letters(word, lowered)

    def _pronounce_letters(self, word: str, lowered: str) -> tuple[Pronunciation, ...]:
        """Pronounce a word of letters; `lowered` has its accents."""
        if _GRAVE_ED.search(lowered):  # walkèd: only what sounds the ending, if there is any
            sounded = [each for each in self._find(word) if each.phonemes[-2:] == ("AH0", "D")]
            if sounded:
                return tuple(sounded)
        if acute := _FINAL_ACUTE.fullmatch(lowered):
            return self._with_final_e(word, acute)
        if "ç" in lowered and not self._listed(word):
            word = _normalize(lowered.replace("ç", "s"))
        base = self._base(word)
        if "è" in lowered:
            opened = open_e(lowered, [each.phonemes for each in base])
            base = _altered(word, base, opened, "è as in bed")
        return self._with_variants(word, base)

    def _with_final_e(self, word: str, acute: re.Match[str]) -> tuple[Pronunciation, ...]:
        """Pronounce a word that ends in é, which is a syllable: rosé, fiancée, clichés."""
        stem, accented, ending = _normalize(acute[1]), acute[2], acute[3]
        plain = stem + ("ee" if accented == "ée" and self._listed(stem + "ee") else "e")
        base = self._base(plain) if self._listed(plain) else self._guess(stem)
        ways = [each.phonemes for each in base]
        if base[0].guessed or accented == "ée" or not all(way[-1] == "IY0" for way in ways):
            base = _altered(word, base, sound_final_e(stem, ways), "a final é sounded")
        if not ending:
            return tuple(base)
        return tuple(replace(each, phonemes=plural(each.phonemes)) for each in base)

    def _base(self, word: str) -> list[Pronunciation]:
        """Return the pronunciations of the first source that knows a word."""
        listed = self._listed(word)
        bare = word.strip("'")
        if not listed and bare != word and bare:
            listed = self._listed(bare)
        if listed and listed[0].source not in _ONE_DICTIONARY:
            return listed
        contracted = [
            Pronunciation(word, phonemes, "rule", RULE_CONFIDENCE, note)
            for phonemes, note in without_apostrophe(word, self._look_up)
        ]
        if listed:
            known = {each.phonemes for each in contracted}
            return contracted + [each for each in listed if each.phonemes not in known]
        by_rule = contracted or [
            Pronunciation(word, phonemes, "rule", RULE_CONFIDENCE, note)
            for phonemes, note in pronounce_by_rule(word, self._look_up)
        ]
        syllabic = [each for each in by_rule if each.syllables]  # be'n: not only its consonants
        return syllabic or by_rule or self._guess(word)

    def _with_variants(self, word: str, base: list[Pronunciation]) -> tuple[Pronunciation, ...]:
        """Return pronunciations and the poetic variants of each."""
        if "'" in word:  # an apostrophe says already what is lost
            return tuple(base)
        known = {each.phonemes for each in base}
        variants = []
        for each in base:
            for phonemes, note in poetic_variants(word, each.phonemes):
                if phonemes not in known:
                    known.add(phonemes)
                    source = "guessed" if each.guessed else "rule"
                    confidence = VARIANT_CONFIDENCE * each.confidence
                    variants.append(Pronunciation(word, phonemes, source, confidence, note))
        return (*base, *variants)

    def _listed(self, word: str) -> list[Pronunciation]:
        """Return what the user's entries, or else the verse list and the lexicon, have."""
        own = [Pronunciation(word, phonemes, "user") for phonemes in self._own.get(word, ())]
        if own:
            return own
        verse = [Pronunciation(word, phonemes, "verse") for phonemes in _verse().get(word, ())]
        known = {each.phonemes for each in verse}
        listed = [each for each in shipped_lexicon()[word] if each.phonemes not in known]
        if verse or listed:
            return verse + listed
        clipped = _verse().get(f"'{word}", ())  # twixt, twould: printed without its apostrophe
        return [Pronunciation(word, phonemes, "verse") for phonemes in clipped]

    def _look_up(self, word: str) -> tuple[Phonemes, ...]:
        listed = self._remembered_listed.get(word)
        if listed is None:
            listed = tuple(each.phonemes for each in self._listed(word))
            self._remembered_listed[word] = listed
        return listed

    def _pronounce_quantity(self, word: str) -> tuple[Pronunciation, ...]:
        """Read out what holds a digit: 42, 2nd, 4-fold, $5."""
        pronunciations = (
            each
            for reading in read_out(word)
            for each in self._pronounce_parts(reading, word, "number")
        )
        return tuple(dict.fromkeys(pronunciations))

    def _spell_out(self, word: str, letters: str, ending: str | None) -> tuple[Pronunciation, ...]:
        """Pronounce letters one by one, the last one stressed: B.B.C., CDs."""
        base = [Pronunciation(word, phonemes, "user") for phonemes in self._own.get(letters, ())]
        if not base and len(letters) > 1:
            base = [
                replace(each, word=word)
                for each in shipped_lexicon()[letters]
                if is_by_letters(letters, each.phonemes)
            ]
        if not base:
            names = [letter_name(_normalize(letter)) for letter in letters]
            phonemes = tuple(phoneme for name in names for phoneme in name)
            stressed = [place for place, phoneme in enumerate(phonemes) if phoneme[-1] == "1"]
            lighter = tuple(
                phoneme.replace("1", "2") if place in stressed[:-1] else phoneme
                for place, phoneme in enumerate(phonemes)
            )
            note = "letter by letter"
            base = [Pronunciation(word, lighter, "rule", RULE_CONFIDENCE, note)] if lighter else []
        if not ending:
            return tuple(base)
        return tuple(replace(each, phonemes=plural(each.phonemes)) for each in base)

    def _pronounce_parts(
        self, parts: list[str], word: str, source: str = "rule"
    ) -> tuple[Pronunciation, ...]:
        """Pronounce parts one after another, each in its listed ways, the likeliest first."""
        choices = [each for each in map(self.pronounce, parts) if each]
        if not choices:
            return ()
        likely = [
            tuple(each for each in choice if each.confidence >= choice[0].confidence)
            for choice in choices
        ]
        joined: dict[Phonemes, float] = {}
        for combination in itertools.islice(itertools.product(*likely), MAX_COMBINATIONS):
            phonemes = tuple(phoneme for each in combination for phoneme in each.phonemes)
            joined.setdefault(phonemes, min(each.confidence for each in combination))
        if any(choice[0].guessed for choice in choices):
            source = "guessed"
        note = " + ".join(parts)
        return tuple(
            Pronunciation(word, phonemes, source, confidence, note)
            for phonemes, confidence in joined.items()
        )

    def _guess(self, word: str) -> list[Pronunciation]:
        # Imported here, because most words need no network, nor NumPy.
        from quatrain.sound.pronunciation.g2p import shipped

        phonemes, probability = shipped().predict(word[:MAX_LETTERS])
        return [Pronunciation(word, phonemes, "guessed", probability, "guessed from its letters")]


def _lowered(word: str) -> str:
    """Return a word in lower case, apostrophes plain; accents stay."""
    return unicodedata.normalize("NFC", word.lower().translate(_APOSTROPHES_AND_S))


def _normalize(word: str) -> str:
    """Return a word in lower case, apostrophes plain, accents gone; other scripts stay."""
    lowered = word.lower().translate(_APOSTROPHES_AND_S)
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFD", lowered.translate(_LETTERS))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _letter_of_other_script(letter: str) -> str:
    """Return the name of a Greek letter, *pi*; of other letters nothing."""
    match = re.fullmatch(r"GREEK SMALL LETTER (\w+)", unicodedata.name(letter, ""))
    return match[1].lower() if match else ""


def _altered(
    word: str, base: list[Pronunciation], phonemes: Iterable[Phonemes], note: str
) -> list[Pronunciation]:
    """Return pronunciations in which an accent was heeded; those it changed say so."""
    known = {each.phonemes: each for each in base}
    source = "guessed" if base[0].guessed else "rule"
    made = Pronunciation(word, (), source, RULE_CONFIDENCE * base[0].confidence, note)
    return [known.get(way) or replace(made, phonemes=way) for way in phonemes]


@cache
def _verse() -> dict[str, list[Phonemes]]:
    path = resources.files("quatrain.sound") / "data" / "verse.txt"
    listed: dict[str, list[Phonemes]] = {}
    with resources.as_file(path) as file:
        for word, phonemes in _entries(file):
            listed.setdefault(word, []).append(phonemes)
    return listed


def _entries(path: Path) -> Iterable[tuple[str, Phonemes]]:
    """Yield the words of a file of pronunciations, with their phonemes."""
    text = read_text(path, _MOST_BYTES, CorpusError, "file of pronunciations")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, *rest = re.split(r"\t|  +", line.strip(), maxsplit=1)
        phonemes = tuple(rest[0].split()) if rest else ()
        unknown = [phoneme for phoneme in phonemes if phoneme not in NUMBER_OF]
        if not phonemes or unknown:
            raise CorpusError(
                f"{path}, line {number}",
                f"the phoneme {unknown[0]!r}" if unknown else repr(line),
                "a word, a tab, and its phonemes in ARPAbet, as in 'beauty<tab>B Y UW1 T IY0'",
                "Correct the line.",
            )
        yield word.lower(), phonemes


@cache
def default() -> Ear:
    """Return the ear that `pronounce` asks, made once."""
    return Ear()


def pronounce(word: str) -> tuple[Pronunciation, ...]:
    """Return the pronunciations of a word, the likeliest first, by the default `Ear`."""
    check_words("word", word)
    return default().pronounce(word)
