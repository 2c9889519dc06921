"""The ear: every way a word can be said, with where each is known from.

In: a word as verse spells it. Out: its pronunciations, the likeliest first. It asks, in
order, the user's own entries, the words peculiar to verse, the lexicon, the rules of
spelling, and last the network that guesses. What a listed word may become in verse
(a syllable lost or sounded) follows the listed ones.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path

from quatrain.errors import CorpusError, SettingsError
from quatrain.records import Pronunciation
from quatrain.sound.pronunciation.elision import Phonemes, looser
from quatrain.sound.pronunciation.letter_rules import spelled
from quatrain.sound.pronunciation.lexicon import shipped as shipped_lexicon
from quatrain.sound.pronunciation.numerals import read_out
from quatrain.sound.pronunciation.phonemes import NUMBER_OF

RULE = 0.9
"""The confidence of a word a rule made of listed words."""

LOOSER = 0.3
"""The confidence of a further way that verse may say a word."""

LONGEST = 64
"""A longer run of letters is no word; its first letters are guessed."""

WAYS = 16
"""The most ways a compound of several parts, each said in its ways, is given."""

REMEMBERED = 200_000
"""Words remembered; more are no language, and all are forgotten to keep memory bounded."""

_RUN = re.compile(r"\d+(?:st|nd|rd|th)?(?![^\W\d_])|\d+|[^\W\d_]+(?:'[^\W\d_]+)*")
_GRAVE_ED = re.compile(r"[èé]d$")
_SIGNS = str.maketrans("’‘ʼ`´ſ", "'''''s")


class Ear:
    """Knows how words are said.

    Words are remembered once asked, so asking again costs a look-up. An `Ear` with a
    user's entries is made by `Ear.with_entries`; `add` puts in one word.

    Example:
        ear = Ear()
        ear.add("quatrainish", "K W AA1 T R EY2 N IH0 SH")
        print(ear.pronounce("quatrainish")[0])
    """

    def __init__(self) -> None:
        self._own: dict[str, list[Phonemes]] = {}
        self._heard: dict[str, tuple[Pronunciation, ...]] = {}
        self._listed_before: dict[str, tuple[Phonemes, ...]] = {}

    @classmethod
    def with_entries(cls, path: str | Path) -> Ear:
        """An ear that knows the entries of a file before all others.

        A line holds a word, a tab or two spaces, and its phonemes in ARPAbet; a line that
        begins with # is a comment. A word may stand several times, the likeliest first.

        Raises:
            CorpusError: the file cannot be read, or a line is not such an entry.
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
        said = tuple(phonemes.split() if isinstance(phonemes, str) else phonemes)
        unknown = [each for each in said if each not in NUMBER_OF]
        if unknown or not said:
            raise SettingsError(
                f"the pronunciation of {word!r}",
                f"the phoneme {unknown[0]!r}" if unknown else "none",
                "ARPAbet with a stress on every vowel, as in 'B Y UW1 T IY0'",
                "Correct the phonemes; docs/pronunciation.md lists them.",
            )
        self._own.setdefault(_normal(word), []).append(said)
        self._heard.clear()
        self._listed_before.clear()

    def pronounce(self, word: str) -> tuple[Pronunciation, ...]:
        """Every way to say a word, the likeliest first.

        Args:
            word: a word or a number; case and accents are ignored, but for the accent of a
                sounded -èd. A hyphenated compound is said part by part.

        Returns:
            At least one pronunciation for anything with a letter or a digit, else none.
        """
        found = self._heard.get(word)
        if found is None:
            found = self._find(word)
            if len(self._heard) >= REMEMBERED:
                self._heard.clear()
                self._listed_before.clear()
            self._heard[word] = found
        return found

    def _find(self, asked: str) -> tuple[Pronunciation, ...]:
        lowered = unicodedata.normalize("NFC", asked.lower().translate(_SIGNS))
        sounded = bool(_GRAVE_ED.search(lowered))
        word = _normal(lowered)
        if any(letter.isdecimal() for letter in word):
            return self._number(word)
        if "-" in word and not self._listed(word):
            return self._parts([part for part in word.split("-") if part], word)
        if not any(letter.isalpha() for letter in word):
            return ()
        if sounded:
            stem = [each for each in self._find(word) if each.phonemes[-2:] == ("AH0", "D")]
            if stem:
                return tuple(stem)
        listed = self._listed(word)
        if not listed and word.strip("'") != word and word.strip("'"):
            listed = self._listed(word.strip("'"))
        base = listed
        if not base:
            base = [
                Pronunciation(word, phonemes, "rule", RULE, note)
                for phonemes, note in spelled(word, self._look_up)
            ]
        if not base:
            base = self._guessed(word)
        known = {each.phonemes for each in base}
        further = []
        for each in base:
            for phonemes, note in looser(word, each.phonemes):
                if phonemes not in known and "'" not in word:
                    known.add(phonemes)
                    source = "guessed" if each.guessed else "rule"
                    further.append(
                        Pronunciation(word, phonemes, source, LOOSER * each.confidence, note)
                    )
        return (*base, *further)

    def _listed(self, word: str) -> list[Pronunciation]:
        own = [Pronunciation(word, said, "user") for said in self._own.get(word, ())]
        if own:
            return own
        verse = [Pronunciation(word, said, "verse") for said in _verse().get(word, ())]
        known = {each.phonemes for each in verse}
        listed = [each for each in shipped_lexicon()[word] if each.phonemes not in known]
        if verse or listed:
            return verse + listed
        without = _verse().get(f"'{word}", ())  # twixt, twould: printed without its apostrophe
        return [Pronunciation(word, said, "verse") for said in without]

    def _look_up(self, word: str) -> tuple[Phonemes, ...]:
        found = self._listed_before.get(word)
        if found is None:
            found = tuple(each.phonemes for each in self._listed(word))
            self._listed_before[word] = found
        return found

    def _number(self, word: str) -> tuple[Pronunciation, ...]:
        """The digits read out, letters beside them said as a word: 42, 2nd, 4-fold."""
        own = [Pronunciation(word, said, "user") for said in self._own.get(word, ())]
        runs = _RUN.findall(word.replace(",", ""))
        ways = [read_out(run) if run[0].isdecimal() else [[run]] for run in runs]
        read = [
            self._parts([part for each in way for part in each], word, "number")
            for way in itertools.islice(itertools.product(*ways), WAYS)
        ]
        return (*own, *dict.fromkeys(each for said in read for each in said))

    def _parts(
        self, parts: list[str], word: str, source: str = "rule"
    ) -> tuple[Pronunciation, ...]:
        """The parts one after another, each said in its listed ways, the likeliest first."""
        said = [each for each in map(self.pronounce, parts) if each]
        if not said:
            return ()
        chosen = [
            tuple(way for way in ways if way.confidence >= ways[0].confidence) for ways in said
        ]
        joined: dict[Phonemes, float] = {}
        for ways in itertools.islice(itertools.product(*chosen), WAYS):
            phonemes = tuple(phoneme for way in ways for phoneme in way.phonemes)
            joined.setdefault(phonemes, min(way.confidence for way in ways))
        if any(ways[0].guessed for ways in said):
            source = "guessed"
        note = " + ".join(parts)
        return tuple(
            Pronunciation(word, phonemes, source, confidence, note)
            for phonemes, confidence in joined.items()
        )

    def _guessed(self, word: str) -> list[Pronunciation]:
        from quatrain.sound.pronunciation.g2p import (
            shipped,  # most words need no network, nor NumPy
        )

        return [
            Pronunciation(word, phonemes, "guessed", confidence, "guessed from its letters")
            for phonemes, confidence in shipped().guess(word[:LONGEST])
        ]


def _normal(word: str) -> str:
    """In lower case, apostrophes plain, accents gone; letters of other scripts stay."""
    lowered = word.lower().translate(_SIGNS)
    if lowered.isascii():
        return lowered
    lowered = lowered.replace("æ", "ae").replace("œ", "oe")
    apart = unicodedata.normalize("NFD", lowered)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


@cache
def _verse() -> dict[str, list[Phonemes]]:
    path = resources.files("quatrain.sound") / "data" / "verse.txt"
    listed: dict[str, list[Phonemes]] = {}
    with resources.as_file(path) as file:
        for word, phonemes in _entries(file):
            listed.setdefault(word, []).append(phonemes)
    return listed


def _entries(path: Path) -> Iterable[tuple[str, Phonemes]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            str(path), str(error), "a readable file of UTF-8", "Check the path and the encoding."
        ) from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, *rest = re.split(r"\t|  +", line.strip(), maxsplit=1)
        phonemes = tuple(rest[0].split()) if rest else ()
        unknown = [each for each in phonemes if each not in NUMBER_OF]
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
    """The ear that `pronounce` asks, made once."""
    return Ear()


def pronounce(word: str) -> tuple[Pronunciation, ...]:
    """Every way to say a word, the likeliest first, by the default `Ear`."""
    return default().pronounce(word)
