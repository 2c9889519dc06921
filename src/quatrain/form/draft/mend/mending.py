"""Repairs of a line: changes that keep metre and rhyme, and words that rhyme.

In: a line among its draft, and what its form finds. Out: repairs, or words. Every repair has passed
the strict check in its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice

from quatrain.form.check import Checker
from quatrain.form.draft.mend.repairs import repairs_of
from quatrain.form.draft.mend.rhyme_words import prepare, rhyming_words
from quatrain.form.draft.mend.surroundings import Neighbours, Surroundings
from quatrain.form.form import Form
from quatrain.form.metre import count_syllables
from quatrain.form.repeats import last_word, with_last_word
from quatrain.records.draft import Repair

CACHE_LIMIT = 1000
"""Faulty lines whose repairs are kept in memory; one more clears them."""

MOST_CHARACTERS = 200
"""Characters of the longest line for which repairs are looked for."""

MOST_SEARCHES = 12
"""Faulty lines of one draft for which repairs are looked for in one check, half a second's work.

The next check of the draft goes on, because what was found is remembered.
"""

MOST_SHOWN = 3
"""Rhyming words that a message names."""

MOST_WORDS = 8
"""Rhyming words that are looked for: some may stand in the draft already."""

MOST_CANDIDATES = 16
"""Words that are tried for a rhyme."""

MOST_BREACHES = 2
"""Syllables by which a line may break its metre for repairs to be looked for; more isn't small."""


class Mender:
    """Looks for what would mend a line; what it has found is remembered.

    Args:
        checker: says what keeps a form.
    """

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._repairs: dict[tuple[object, ...], tuple[Repair, ...]] = {}
        self._words: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._searches = 0

    def begin(self) -> None:
        """Begin a check, in which repairs are looked for again for `MOST_SEARCHES` lines."""
        self._searches = 0
        prepare()

    def repairs(self, number: int, around: Surroundings) -> tuple[Repair, ...]:
        """Return up to three lines that mend one that breaks its metre or its count.

        Args:
            number: of the line, from 1.
            around: the draft.
        """
        text, form = around.lines[number - 1], around.form
        if len(text) > MOST_CHARACTERS or number in around.repeated:
            return ()
        text = unicodedata.normalize("NFC", text)
        if self._breaches(number, text, form) > MOST_BREACHES:
            return ()
        neighbours = around.neighbours(number)
        metre = form.metre_of(number - 1)
        key = (
            *(text, metre, form.syllables_of(number - 1), neighbours, around.archaic),
            *(form.rhymes, form.allow, form.acrostic[number - 1 : number]),
        )
        repairs = self._repairs.get(key)
        if repairs is None and self._searches == MOST_SEARCHES:
            return ()
        if repairs is None:
            self._searches += 1
            keeps = self._keeper(number, text, neighbours, form)
            outcome = "and it keeps the metre" if metre else "and it has its syllables"
            repairs = repairs_of(text, keeps, archaic=around.archaic, outcome=outcome)
            if len(self._repairs) >= CACHE_LIMIT:
                self._repairs.clear()
            self._repairs[key] = repairs
        return repairs

    def rhymes(self, number: int, around: Surroundings) -> tuple[str, ...]:
        """Return up to three words for the end of a line that would rhyme and keep its metre.

        Args:
            number: of the line, from 1.
            around: the draft.
        """
        text, form = around.lines[number - 1], around.form
        mates = tuple(mate for mate in around.neighbours(number) if mate[2] == "rhyme")
        if not mates or len(text) > MOST_CHARACTERS:
            return ()
        key = text, number, mates, form.metre, form.syllables, form.allow, form.rhymes
        words_found = self._words.get(key)
        if words_found is None and self._searches == MOST_SEARCHES:
            return ()
        if words_found is None:
            self._searches += 1
            words_found = tuple(islice(self._fitting(number, text, mates, form), MOST_WORDS))
            if len(self._words) >= CACHE_LIMIT:
                self._words.clear()
            self._words[key] = words_found
        return tuple(word for word in words_found if word not in around.last_words)[:MOST_SHOWN]

    def _fitting(self, number: int, text: str, mates: Neighbours, form: Form) -> Iterator[str]:
        """Yield words that rhyme with the mates of a line, and with which it keeps its metre."""
        kept = all(finding.kept for finding in self._checker.line(number - 1, text, form)[0])
        metre = form.metre_of(number - 1)
        candidates = rhyming_words(last_word(mates[0][0]), self._checker.ear)
        for word in candidates[:MOST_CANDIDATES]:
            other = with_last_word(text, word)
            if metre is not None and self._checker.reader.cost(other, metre) is None:
                continue
            findings, _ = self._checker.line(number - 1, other, form)
            fits = not kept or all(finding.kept for finding in findings)
            if other != text and fits and all(self._rhymes_of(number, other, mates, form)):
                yield word

    def _breaches(self, number: int, text: str, form: Form) -> int:
        """Return by how many syllables a line breaks its metre, or misses its number."""
        metre, count = form.metre_of(number - 1), form.syllables_of(number - 1)
        if metre is not None:
            return self._checker.reader.read(text, metre).distance
        return abs(count_syllables(text, self._checker.ear).total - (count or 0))

    def _keeper(
        self, number: int, text: str, neighbours: Neighbours, form: Form
    ) -> Callable[[str], bool]:
        """Return what tells whether another line in a place keeps all that the form asks there.

        A rhyme that the line itself lacks is not asked of the other one.

        Args:
            number: of the place, from 1.
            text: the line that stands there.
            neighbours: the lines it is compared with.
            form: the form, with its metre settled.
        """
        rhymes = self._rhymes_of(number, text, neighbours, form)
        initial = form.acrostic[number - 1 : number].lower()

        def keeps(other: str) -> bool:
            metre = form.metre_of(number - 1)
            if metre is not None and self._checker.reader.cost(other, metre) is None:
                return False
            findings, _ = self._checker.line(number - 1, other, form)
            if not all(finding.kept for finding in findings):
                return False
            if initial and not _begins_with(other, initial):
                return False
            kept = self._rhymes_of(number, other, neighbours, form)
            return all(now or not before for now, before in zip(kept, rhymes, strict=True))

        return keeps

    def _rhymes_of(
        self, number: int, text: str, neighbours: Neighbours, form: Form
    ) -> tuple[bool, ...]:
        """Return for each of its neighbours whether a line rhymes with it, or not, as it should."""
        reading = self._checker.line(number - 1, text, form)[1]
        rhymes = self._checker.rhymes
        kept = []
        for other, place, relation in neighbours:
            if relation == "unrhymed":
                kept.append(rhymes.full_rhyme(other, text) is None)
                continue
            there = other, self._checker.line(place - 1, other, form)[1]
            here = text, reading
            first, second = (there, here) if place < number else (here, there)
            kept.append(rhymes.line_rhyme(first, second, form, strict=True)[0])
        return tuple(kept)


def _begins_with(text: str, letter: str) -> bool:
    return next((sign for sign in text if sign.isalpha()), "").lower() == letter
