"""A word as the scanner sees it: what may be said of each of its syllables.

In: a word as spoken. Out: its variants, one per way of saying it that differs in
syllables or stress, each syllable with the names of its features and its class. The
features are those of the theory in docs/scansion.md: lexical stress and place in the
word for words of several syllables (Hanson and Kiparsky 1996); for words of one, which
word it is if it is frequent, and how willingly it stands on a beat in verse.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from quatrain.records import Pronunciation
from quatrain.sound.frequency import frequent, usage
from quatrain.sound.pronunciation.ear import Ear
from quatrain.sound.pronunciation.tokenizer import Word
from quatrain.sound.scansion.parts_of_speech import Part, part_of

FREQUENT = 220
"""How many of the most frequent words of one syllable have a weight of their own."""


class Class(IntEnum):
    """What a syllable is like, seen from its neighbours."""

    EDGE = 0  # no syllable: before the first, after the last
    PRIMARY = 1
    SECONDARY = 2
    BEFORE = 3  # unstressed, before its word's stress
    AFTER = 4
    STRONG = 5  # a word of one syllable, by how willingly it stands on a beat
    MIDDLE = 6
    WEAK = 7
    WEAKEST = 8


@dataclass(frozen=True, slots=True)
class Variant:
    """One way a word may stand in a line.

    Attributes:
        pronunciation: which way it is said.
        features: per syllable, names of what holds for it.
        classes: per syllable.
        part: the word's usual part of speech.
        costs: names of what is unusual about this way as a whole.
    """

    pronunciation: Pronunciation
    features: tuple[tuple[str, ...], ...]
    classes: tuple[Class, ...]
    part: Part
    costs: tuple[str, ...]

    @property
    def looks(self) -> tuple[int, ...]:
        """What each syllable looks like from its neighbours: class and part of speech as one."""
        return tuple(len(Class) * self.part + each for each in self.classes)


class Syllables:
    """Makes the variants of words, and remembers them."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._known: dict[tuple[str, bool], tuple[Variant, ...]] = {}
        ones = [
            word
            for word in frequent()[: 6 * FREQUENT]
            if ear.pronounce(word) and ear.pronounce(word)[0].syllables == 1
        ]
        self._own_weight = frozenset(ones[:FREQUENT])

    def variants(self, word: Word) -> tuple[Variant, ...]:
        """Every way a word may stand, the likeliest first, at least one."""
        key = (word.spoken, word.joined)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._make(*key)
        return found

    def _make(self, spoken: str, joined: bool) -> tuple[Variant, ...]:
        variants: dict[str, Variant] = {}
        part = part_of(spoken)
        for rank, said in enumerate(self._ear.pronounce(spoken)):
            costs = []
            if said.source in ("rule", "guessed") and said.note and said.confidence < 0.5:
                costs.append(f"way: {said.note}")
            elif rank:
                costs.append("way: not the first listed")
            features, classes = self._described(spoken, said, joined, part)
            variant = Variant(said, features, classes, part, tuple(costs))
            # A word of one syllable may be stressed or not however its vowel is listed.
            variants.setdefault(said.stress if said.syllables > 1 else "one", variant)
        return tuple(variants.values())

    def _described(
        self, spoken: str, said: Pronunciation, joined: bool, part: Part
    ) -> tuple[tuple[tuple[str, ...], ...], tuple[Class, ...]]:
        stress = said.stress
        if len(stress) == 1:
            return self._single(spoken, said, joined, part)
        features, classes = [], []
        peak = stress.find("1")
        sounded = said.note == "-ed sounded"
        for place, digit in enumerate(stress):
            where = "first" if place == 0 else "last" if place == len(stress) - 1 else "middle"
            names = [f"stress {digit} {where}", f"word {stress} syllable {place + 1}"]
            if joined:
                names.append(f"joined {digit}")
            if said.guessed:
                names.append(f"guessed {digit}")
            if sounded and where == "last":
                names.append("-ed")
            features.append(tuple(names))
            if digit == "1":
                classes.append(Class.PRIMARY)
            elif digit == "2":
                classes.append(Class.SECONDARY)
            else:
                classes.append(Class.BEFORE if place < peak else Class.AFTER)
        return tuple(features), tuple(classes)

    def _single(
        self, spoken: str, said: Pronunciation, joined: bool, part: Part
    ) -> tuple[tuple[tuple[str, ...], ...], tuple[Class, ...]]:
        use = usage(spoken)
        willing = use.willingness if use.placed >= 5 else 0.8  # a rare word is a content word
        level = min(9, int(10 * willing))
        names = ["one", f"one willing {level}", f"one {part.name}"]
        if spoken in self._own_weight:
            names.append(f"one {spoken}")
        elif use.count:
            names.append(f"one seen {min(5, len(str(use.count)))}")
        if said.stress == "0":
            names.append("one reduced")
        if joined:
            names.append("one joined")
        if willing < 0.25:
            kind = Class.WEAKEST
        elif willing < 0.45:
            kind = Class.WEAK
        elif willing < 0.7:
            kind = Class.MIDDLE
        else:
            kind = Class.STRONG
        return (tuple(names),), (kind,)
