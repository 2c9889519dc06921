"""Lines around one of a draft, as far as another line in its place must keep it.

In: the lines of a draft and what its form finds in them. Out: the lines that one is compared with.
All of it is computed once for a check, so that a long draft with many faults stays quick.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from quatrain.form.check import Judgement
from quatrain.form.draft.mend.changes import OLD_MARKS
from quatrain.form.form import UNRHYMED, Form
from quatrain.form.repeats import last_word, refrain_pairs
from quatrain.form.rhyming import MAX_DISTANCE
from quatrain.sound import words

Neighbours = tuple[tuple[str, int, str], ...]
"""Lines that one is compared with: text, number, and "rhyme" or "unrhymed"."""


class Surroundings:
    """A draft as it was judged.

    Attributes:
        lines: its lines, empty where one is still to be written.
        judgement: what its form finds in them.
        form: the form, with its metre settled.
    """

    def __init__(self, lines: Sequence[str], judgement: Judgement) -> None:
        self.lines = lines
        self.judgement = judgement
        self.form: Form = judgement.form

    @cached_property
    def archaic(self) -> bool:
        """True if the draft has words that only old verse has."""
        return any(word.spoken in OLD_MARKS for line in self.lines for word in words(line))

    @cached_property
    def last_words(self) -> frozenset[str]:
        """Last words of the lines."""
        return frozenset(map(last_word, self.lines))

    @cached_property
    def repeated(self) -> frozenset[int]:
        """Numbers of the lines that a written line repeats, or that repeat one."""
        pairs = [(1, number) for number in self.form.rentrement if number <= len(self.lines)]
        pairs += refrain_pairs(len(self.lines), self.form)
        return frozenset(
            number for pair in pairs if all(self.lines[at - 1] for at in pair) for number in pair
        )

    @cached_property
    def _by_letter(self) -> dict[str, list[int]]:
        """Rhyme letter -> numbers of the written lines that have it, rising."""
        places: dict[str, list[int]] = defaultdict(list)
        for number, (line, letter) in enumerate(
            zip(self.lines, self.judgement.letters, strict=True), 1
        ):
            if line and letter:
                places[letter].append(number)
        return places

    def neighbours(self, number: int) -> Neighbours:
        """Return the lines with which the check compares one for its rhyme.

        Args:
            number: of the line, from 1.
        """
        lines, letters = self.lines, self.judgement.letters
        letter = letters[number - 1]
        first, last = max(1, number - MAX_DISTANCE), min(len(lines), number + MAX_DISTANCE)
        neighbours = [
            (lines[place - 1], place, "unrhymed")
            for place in range(first, last + 1)
            if place != number and lines[place - 1] and UNRHYMED in (letter, letters[place - 1])
        ]
        if letter not in (None, UNRHYMED):
            same = self._by_letter.get(letter or "", [])
            at = bisect_left(same, number)
            around = same[max(0, at - 1) : at] + same[at + 1 : at + 2]
            neighbours += [(lines[place - 1], place, "rhyme") for place in around]
        return tuple(neighbours)
