"""What a poet must hear to keep a form: its words, the lines they make, and their rhymes.

In: a `LineDecoder`. Out: `Prosody`, kept with the poet: the same for every poem it writes.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np

from quatrain.form import Checker, MetreAutomaton, syllable_counts
from quatrain.write.bias.agreement import Agreement
from quatrain.write.bias.register import Registers
from quatrain.write.constrained.decoder import LineDecoder
from quatrain.write.constrained.line_automaton import LineAutomaton, Wanted
from quatrain.write.constrained.line_constraint import Given, Mask
from quatrain.write.word_classes import FIRST_WORD_CLASS, WordClasses

ROOM = 3
"""Rhymes beyond those needed that a word should have, so that the poet has a choice."""

WIDE_ROOM = 30
"""The same where the rhyme word comes last: one should suit whatever the line has come to."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

MOST_TRIED = 4000
"""Words tried, the most frequent first, where none has the same sounds."""


class Prosody:
    """Hears for one poet.

    Attributes:
        checker: holds finished poems to their form.
        word_classes: the poet's words.
        page: sets them as text.
        registers: which kinds of English exclude each other.
        agreement: which words do not go together.
    """

    def __init__(self, poet: LineDecoder) -> None:
        self.checker = Checker()
        self.word_classes = WordClasses(poet.vocabulary, self.checker.reader, poet.able)
        self.page = poet.page
        self.registers = Registers(self.word_classes)
        self.agreement = Agreement(self.word_classes, backwards=poet.backwards)
        self._backwards = poet.backwards
        self._languages: dict[tuple[Wanted, int, bool], LineAutomaton] = {}
        self._partners: dict[tuple[str, frozenset[str]], Mask] = {}
        self._room: dict[int, Mask] = {}

    def language(self, wanted: Wanted, *, falling: bool = True) -> LineAutomaton:
        """The lines of a metre or a number of syllables; made once.

        Args:
            wanted: the metre or the number.
            falling: as of `LineAutomaton`.
        """
        falling |= not isinstance(wanted, MetreAutomaton) or "feminine" not in wanted.allowed
        key = (
            wanted,
            len(self.word_classes.classes),
            falling,
        )  # a word given may have added a class
        found = self._languages.get(key)
        if found is None:
            found = LineAutomaton(
                wanted, self.word_classes, backwards=self._backwards, falling=falling
            )
            self._languages[key] = found
        return found

    def given(self, token: str) -> Given:
        """A token as a line takes it; its class is `UNUSABLE` if it cannot stand in verse."""
        vocabulary = self.word_classes.vocabulary
        number = vocabulary.numbers.get(token, vocabulary.UNKNOWN)
        return Given(token, number, self.word_classes.class_id_of(token))

    def broken(self, text: str, wanted: Wanted) -> str:
        """How a line breaks what is wanted; empty if it keeps it."""
        if wanted is None:
            return ""
        if isinstance(wanted, int):
            possible, likeliest = syllable_counts(text, self.checker.ear)
            return "" if wanted in possible else told_of(likeliest)
        reading = self.checker.reader.read(text, wanted)
        return "; ".join(reading.breaches)

    def rhyming(self, line: str, kinds: Collection[str]) -> Mask:
        """The words that make a rhyme of an allowed kind with a line, (vocabulary,)."""
        last = last_word(line)
        key = (last, frozenset(kinds))
        found = self._partners.get(key)
        if found is None:
            numbers = self.word_classes.words_sounding_like(last)
            kept = self._kept(last, numbers, kinds)
            if not kept:
                ends = np.flatnonzero(self.word_classes.may_end_line)[:MOST_TRIED].tolist()
                kept = self._kept(last, ends, kinds)
            found = self._partners[key] = self.word_classes.mask(kept)
        return found

    def _kept(self, last: str, numbers: list[int], kinds: Collection[str]) -> list[int]:
        token = self.word_classes.vocabulary.token
        rhyme = self.checker.rhymer.between
        return [number for number in numbers if rhyme(last, token(number)).kind in kinds]

    def opening_rhyme(self, needed: int) -> Mask:
        """The words that at least so many others rhyme with, if possible some more."""
        if needed not in self._room:
            word_classes = self.word_classes
            for room in (ROOM, 1, 0) if self._backwards else (WIDE_ROOM, ROOM, 1, 0):
                rich = [
                    sound
                    for sound, numbers in word_classes.words_by_rhyme.items()
                    if len(set(word_classes.homophone_ids[numbers].tolist())) > needed + room
                ]
                found = np.isin(word_classes.rhyme_ids, rich)
                if found.any():
                    break
            self._room[needed] = found
        return self._room[needed]

    def initials(self, letter: str) -> Mask:
        """The words that begin with a letter."""
        vocabulary = self.word_classes.vocabulary
        return self.word_classes.mask(
            number
            for number, token in enumerate(vocabulary.words, vocabulary.SPECIALS)
            if token[0] == letter and self.word_classes.class_ids[number] >= FIRST_WORD_CLASS
        )


def last_word(line: str) -> str:
    """The last word of a line of text, a number too; of marks alone there is none."""
    return next(iter(_WORD.findall(line)[-1:]), "")


def told_of(wanted: Wanted) -> str:
    """A metre, or a number of syllables, in words."""
    if isinstance(wanted, int):
        return f"{wanted} syllable{'' if wanted == 1 else 's'}"
    return str(wanted)
