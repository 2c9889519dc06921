"""One place of a draft, and whether words fit there: in metre, and at a line's end in rhyme.

In: a `DraftPlace`. Out: a `Slot`, which says of any word whether it fits, and if not, why.

A line that breaks off is held to what it may become; any other to its whole metre. Other lines may
be missing, or break the form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from quatrain.errors import SettingsError
from quatrain.form import Checker, Form, MetreAutomaton
from quatrain.form import names as form_names
from quatrain.form.draft.wording import cardinal, counted, ordinal
from quatrain.poet import tokens
from quatrain.sound import words
from quatrain.sound.pronunciation.ear import default
from quatrain.write.draft.line_fit import LineFit, Partner
from quatrain.write.draft.places import DraftPlaces, find_places
from quatrain.write.revise.word_place import WordPlace, choose_place
from quatrain.write.revise.word_place import find_places as find_words_of

MOST_SLOTS = 64
"""Slots kept with what is known of them; a desk asks of one again and again."""

_PROBES = {
    "0": "the", "1": "stone", "01": "delight", "10": "river", "010": "remember", "100": "wanderer",
    "101": "butterfly", "0100": "serenity", "0101": "communicate", "1010": "melancholy",
}  # fmt: skip
"""A word of each usual stress, by which the stresses that fit a slot are found.

They begin with a consonant, so that no vowel before them is elided.
"""

_MARKS_AT_END = re.compile(r"[\s.,;:!?…)\]\"'’”—-]*$")


@dataclass(frozen=True)
class DraftPlace:
    """Place of a word in a draft, or an empty slot between its words.

    Attributes:
        lines: of the draft; with a form, line k is line k of the form, and an empty text is an
            empty place.
        line: number of the line, from 1.
        word: number of the word in the line, from 1; of an empty slot, the number that a word
            there would have. None for the last word, or for a slot at the line's end.
        form: form of the draft, or None.
        metre: its metre where the form leaves it open, or where there is no form; may be empty.
    """

    lines: Sequence[str]
    line: int
    word: int | None = None
    form: Form | str | Path | None = None
    metre: str = ""


class Slot:
    """A place of a draft that words are held to.

    Args:
        place: the place.
        word: the word that stands there; empty for a slot between words.

    Attributes:
        text: the line.
        start, end: of the part of the line that a word would take.
        word: the word there, or empty.
        ends_line: whether no word comes after it.
        asks: whether the draft has a form or a metre.
        fit: what is asked of the line.

    Raises:
        SettingsError: there is no such line, or no such word in it.
        FormError: there is no such form.
    """

    def __init__(self, place: DraftPlace, word: str) -> None:
        if type(place.line) is not int or not 1 <= place.line <= len(place.lines):
            raise SettingsError(
                "setting 'line'",
                f"line {place.line!r}",
                f"1 to {len(place.lines)}",
                "Correct the number of the line.",
                message=f"There is no line {place.line!r}: the draft has {len(place.lines)} lines.",
            )
        self.draft = _draft_of(place)
        self.line, self.text = place.line, place.lines[place.line - 1]
        self.asks = place.form is not None or bool(place.metre)
        self.fit = LineFit(self.draft, place.line, checker())
        places = find_words_of(self.text)
        self.words = [found.in_text(self.text) for found in places]
        if word:
            index = _index_of(word, place.word, self.text, places)
            self.start, self.end = places[index].start, places[index].end
            self.index, self.ends_line = index, index == len(places) - 1
            self.word = self.words[index]
        else:
            self.index = len(places) if place.word is None else min(place.word - 1, len(places))
            self.start = self.end = _start_of_slot(self.text, places, self.index)
            self.ends_line, self.word = self.index == len(places), ""
        self._breaks_off = self.fit.may_go_on(self.text)
        self._keeps_metre: dict[object, bool] = {}
        self._judgements: dict[str, tuple[bool | None, str]] = {}

    def with_word(self, word: str) -> str:
        """Return the line with another word in the place."""
        before, after = self.text[: self.start], self.text[self.end :]
        if not self.word:
            before += " " * bool(before and not before[-1].isspace())
            after = " " * bool(after and after[0].isalnum()) + after
        elif self.word[0].isupper() and not any(map(str.isalnum, before)):
            word = word[:1].upper() + word[1:]
        return before + word + after

    def judge(self, word: str) -> tuple[bool | None, str]:
        """Return whether a word fits, and why not or why that can't be told.

        It is None where nothing is asked, and where the rest of the line breaks the metre, so that
        no word can mend it.
        """
        if not self.asks:
            return None, ""
        if word not in self._judgements:
            self._judgements[word] = self._judge(word)
        return self._judgements[word]

    def used_in(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the lines that have a word, this place apart."""
        return tuple(
            number
            for number, spoken in enumerate(_spoken_words(self.draft), 1)
            if word in spoken and not (number == self.line and word == self.word.lower())
        )

    @property
    def partner(self) -> Partner | None:
        """The line that a word here has to rhyme with, if it ends the line; the nearest before."""
        return self.fit.partners[0] if self.ends_line and self.fit.partners else None

    # Whether a word fits

    def _judge(self, word: str) -> tuple[bool | None, str]:
        in_metre = self._in_metre(word)
        if not in_metre and self._fitting_stresses:
            return False, self._metre_fault(word)
        text = self.with_word(word)
        goes_on = self._breaks_off and not self.fit.keeps_metre(text)
        discord = self.fit.discord(text) if self.ends_line and not goes_on else None
        if discord is not None:
            if discord.word.lower() == word.lower():
                return False, f"line {discord.number} ends in it"
            verb = "doesn't rhyme" if discord in self.fit.partners else "rhymes"
            return False, f"{verb} with *{discord.word}*, line {discord.number}"
        return (True, "") if in_metre else (None, "the rest of the line breaks the metre")

    @cached_property
    def _fitting_stresses(self) -> list[str]:
        """The usual stresses of words that keep the metre here."""
        return [stress for stress, probe in _PROBES.items() if self._in_metre(probe)]

    def _in_metre(self, word: str) -> bool:
        """Return whether the line keeps its metre with a word, or may still; cached by sound."""
        options = checker().reader.options(word)
        key = (
            frozenset(option.pattern for option in options),
            word if word in ("the", "to") else "",  # a vowel after them may run into them
            frozenset(
                (option.said.phonemes[:1], option.said.phonemes[-1:], option.said.syllables)
                for option in options
            )
            if self._elides
            else frozenset(option.said.syllables for option in options),
        )
        if key not in self._keeps_metre:
            text = self.with_word(word)
            self._keeps_metre[key] = self.fit.keeps_metre(text) or (
                self._breaks_off and self.fit.may_go_on(text)
            )
        return self._keeps_metre[key]

    @property
    def _elides(self) -> bool:
        """True if sounds at a word's edges matter: a vowel may run into the next."""
        return isinstance(self.fit.measure, MetreAutomaton)

    def _metre_fault(self, word: str) -> str:
        """Return why a word breaks the metre here, by the stresses of words that don't."""
        said = default().pronounce(word)
        stress = said[0].stress.replace("2", "1") if said else ""
        counts = sorted({len(fitting) for fitting in self._fitting_stresses})
        if len(stress) not in counts:
            allowed = " or ".join(map(cardinal, counts))
            verb = "fits" if counts == [1] else "fit"
            return f"has {counted(len(stress), 'syllable')}; {allowed} {verb} here"
        same = [fitting for fitting in self._fitting_stresses if len(fitting) == len(stress)]
        if self.ends_line and stress[-1] == "0" and all(other[-1] == "1" for other in same):
            return "ends on a weak syllable; this line ends on a beat"
        if self.ends_line and stress[-1] == "1" and all(other[-1] == "0" for other in same):
            return "ends on a stress; this line ends on a weak syllable"
        if len(stress) == 1:
            return "too light for the beat here" if stress == "0" else "too heavy off the beat"
        here, wanted = stress.find("1") + 1, same[0].find("1") + 1
        if here == wanted:
            return "its stresses don't fall on the beats here"
        return f"stressed on the {ordinal(here)}; the beat is on the {ordinal(wanted)}"


@lru_cache(maxsize=1)
def checker() -> Checker:
    """Return what hears the lines of all drafts."""
    return Checker()


def slot_of(place: DraftPlace, word: str) -> Slot:
    """Return a slot; for the same place of a draft in a shipped form, the same one.

    Raises:
        SettingsError: there is no such line, or no such word in it.
        FormError: there is no such form.
    """
    place = replace(place, lines=tuple(place.lines))
    if place.form is None or place.form in form_names():
        return _slot_of(place, word)
    return Slot(place, word)


@lru_cache(maxsize=MOST_SLOTS)
def _slot_of(place: DraftPlace, word: str) -> Slot:
    return Slot(place, word)


def _draft_of(place: DraftPlace) -> DraftPlaces:
    if place.form is None or place.form in form_names():
        return _shipped_draft(tuple(place.lines), place.form, place.metre)
    return find_places(place.lines, place.form, place.metre, (), checker())


@lru_cache(maxsize=MOST_SLOTS)
def _shipped_draft(lines: tuple[str, ...], form: str | None, metre: str) -> DraftPlaces:
    return find_places(lines, form, metre, (), checker())


@lru_cache(maxsize=MOST_SLOTS)
def _spoken_of(texts: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(word.spoken for word in words(text)) for text in texts)


def _spoken_words(draft: DraftPlaces) -> tuple[frozenset[str], ...]:
    """Return the words of each line of a draft as they are said."""
    count = max(draft.texts, default=0)
    return _spoken_of(tuple(draft.texts.get(number, "") for number in range(1, count + 1)))


def _index_of(word: str, number: int | None, text: str, places: Sequence[WordPlace]) -> int:
    """Return the index of the place of a word; its number decides where the line has it twice.

    Raises:
        SettingsError: the line has no such word.
    """
    if number is not None and 1 <= number <= len(places):
        place = places[number - 1]
        if word.lower() in (place.in_text(text) + place.ending).lower():
            return number - 1
    if number is None and places and places[-1].in_text(text).lower() == word.lower():
        return len(places) - 1
    return choose_place(text, places, word)


def _start_of_slot(text: str, places: Sequence[WordPlace], index: int) -> int:
    """Return where a word would begin that comes before a place, or after the last one."""
    if index < len(places):
        return places[index].start
    if not places:
        return len(text)
    ends_mark = _MARKS_AT_END.search(text, places[-1].end)
    start = ends_mark.start() if ends_mark else len(text)
    return len(text) if text[start:].isspace() or tokens.is_word(text[-1:]) else start
