"""Words as the scanner sees them: the features of each syllable.

In: a word as spoken. Out: its variants, one for each pronunciation that differs in syllables or
stress, each syllable with the names of its features and its class. The features are those of
the theory in docs/scansion.md: lexical stress and place in the word for words of several
syllables (Hanson and Kiparsky 1996); for words of one syllable, which word it is if it is
frequent, and how often it stands on a beat in verse.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from quatrain.records import Pronunciation
from quatrain.sound.frequency import usage, words_by_frequency
from quatrain.sound.pronunciation.ear import Ear
from quatrain.sound.pronunciation.tokenizer import Word
from quatrain.sound.scansion.heteronyms import heteronyms
from quatrain.sound.scansion.parts_of_speech import PartOfSpeech, part_of_speech

OWN_WEIGHT_WORDS = 220
"""Number of words of one syllable that have a weight of their own: the most frequent ones."""

ALTERNATIVE = "an alternative pronunciation"
"""The licence of a listed pronunciation that is not the first."""

ELIDED = "the vowel elided before a vowel"
"""The licence of *th' eternal*."""

ELIDING = frozenset({"the", "to"})
"""Words that may lose their only syllable. An ending may too (*many a*), but the people who scanned
the training verse count it in full, and so does the scanner."""

OTHER_PART = "stressed as another part of speech"
"""The licence of *to REcord* and *a reCORD*."""


class SyllableClass(IntEnum):
    """The class of a syllable, which the weights of its neighbours depend on."""

    EDGE = 0  # no syllable: before the first, after the last
    PRIMARY = 1
    SECONDARY = 2
    BEFORE = 3  # unstressed, before its word's stress
    AFTER = 4
    STRONG = 5  # a word of one syllable, by how often it stands on a beat
    MIDDLE = 6
    WEAK = 7
    WEAKEST = 8


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say a word in a line.

    Attributes:
        pronunciation: how the word is said.
        features: per syllable, names of what holds for it.
        classes: per syllable.
        part: the word's usual part of speech.
        licences: names of the licences this way of saying it takes.
    """

    pronunciation: Pronunciation
    features: tuple[tuple[str, ...], ...]
    classes: tuple[SyllableClass, ...]
    part: PartOfSpeech
    licences: tuple[str, ...]

    @property
    def begins_with_vowel(self) -> bool:
        """True if its first sound is a vowel."""
        return self.pronunciation.phonemes[0][-1].isdigit()

    @property
    def neighbour_classes(self) -> tuple[int, ...]:
        """Per syllable, its class and its word's part of speech as one number.

        The weights between neighbouring syllables are looked up by it.
        """
        return tuple(
            len(SyllableClass) * self.part + syllable_class for syllable_class in self.classes
        )


class VariantLexicon:
    """The variants of words, made on first use and remembered."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._known: dict[tuple[str, bool, PartOfSpeech | None], tuple[Variant, ...]] = {}
        self._elided: dict[str, tuple[Variant, ...]] = {}
        monosyllables = [
            word
            for word in words_by_frequency()[: 6 * OWN_WEIGHT_WORDS]
            if ear.pronounce(word) and ear.pronounce(word)[0].syllables == 1
        ]
        self._own_weight = frozenset(monosyllables[:OWN_WEIGHT_WORDS])

    def variants(self, word: Word, part: PartOfSpeech | None = None) -> tuple[Variant, ...]:
        """Return every variant of a word, the likeliest first; none if it cannot be said.

        Args:
            word: the word.
            part: of a heteronym, its part of speech in its line if that is known.
        """
        key = (word.spoken, word.joined, part)
        variants = self._known.get(key)
        if variants is None:
            variants = self._known[key] = self._make(*key)
        return variants

    def elided(self, spoken: str) -> tuple[Variant, ...]:
        """Return the variants of a word of `ELIDING` without its syllable, before a vowel."""
        if spoken not in self._elided:
            pronunciation = self._ear.pronounce(spoken)[0]
            silent = Variant(pronunciation, (), (), part_of_speech(spoken), (ELIDED,))
            self._elided[spoken] = (silent,)
        return self._elided[spoken]

    def _make(self, spoken: str, joined: bool, part: PartOfSpeech | None) -> tuple[Variant, ...]:
        variants: dict[str, Variant] = {}
        heteronym = heteronyms().get(spoken) if part else None
        part = part or part_of_speech(spoken)
        for rank, pronunciation in enumerate(self._ear.pronounce(spoken)):
            licences = []
            unlisted = pronunciation.source in ("rule", "guessed")
            if unlisted and pronunciation.note and pronunciation.confidence < 0.5:
                licences.append(pronunciation.note)
            elif heteronym is not None:
                if not heteronym.suits(pronunciation.stress, part):
                    licences.append(OTHER_PART)
            elif rank:
                licences.append(ALTERNATIVE)
            features, classes = self._describe(spoken, pronunciation, joined, part)
            variant = Variant(pronunciation, features, classes, part, tuple(licences))
            # A word of one syllable may be stressed or not however its vowel is listed.
            stress = pronunciation.stress if pronunciation.syllables > 1 else "one"
            known = variants.get(stress)
            if known is None or len(known.licences) > len(licences):
                variants[stress] = variant
        return tuple(sorted(variants.values(), key=lambda variant: len(variant.licences)))

    def _describe(
        self, spoken: str, pronunciation: Pronunciation, joined: bool, part: PartOfSpeech
    ) -> tuple[tuple[tuple[str, ...], ...], tuple[SyllableClass, ...]]:
        """Return the features and the class of each syllable of a word."""
        stress = pronunciation.stress
        if len(stress) == 1:
            return self._describe_monosyllable(spoken, pronunciation, joined, part)
        features, classes = [], []
        peak = stress.find("1")
        sounded_ending = pronunciation.note == "-ed sounded"
        for place, digit in enumerate(stress):
            where = "first" if place == 0 else "last" if place == len(stress) - 1 else "middle"
            names = [f"stress {digit} {where}", f"word {stress} syllable {place + 1}"]
            if joined:
                names.append(f"joined {digit}")
            if pronunciation.guessed:
                names.append(f"guessed {digit}")
            if sounded_ending and where == "last":
                names.append("-ed")
            features.append(tuple(names))
            if digit == "1":
                classes.append(SyllableClass.PRIMARY)
            elif digit == "2":
                classes.append(SyllableClass.SECONDARY)
            else:
                classes.append(SyllableClass.BEFORE if place < peak else SyllableClass.AFTER)
        return tuple(features), tuple(classes)

    def _describe_monosyllable(
        self, spoken: str, pronunciation: Pronunciation, joined: bool, part: PartOfSpeech
    ) -> tuple[tuple[tuple[str, ...], ...], tuple[SyllableClass, ...]]:
        """Return the features and the class of a word of one syllable."""
        use = usage(spoken)
        beat_share = use.beat_share if use.placed >= 5 else 0.8  # a rare word is a content word
        level = min(9, int(10 * beat_share))
        names = ["one", f"one willing {level}", f"one {part.name}"]
        if spoken in self._own_weight:
            names.append(f"one {spoken}")
        elif use.count:
            names.append(f"one seen {min(5, len(str(use.count)))}")
        if pronunciation.stress == "0":
            names.append("one reduced")
        if joined:
            names.append("one joined")
        if beat_share < 0.25:
            syllable_class = SyllableClass.WEAKEST
        elif beat_share < 0.45:
            syllable_class = SyllableClass.WEAK
        elif beat_share < 0.7:
            syllable_class = SyllableClass.MIDDLE
        else:
            syllable_class = SyllableClass.STRONG
        return (tuple(names),), (syllable_class,)
