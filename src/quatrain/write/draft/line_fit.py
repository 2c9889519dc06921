"""The fit of a text to one place of a draft: its metre, and its rhymes.

In: a draft, and the number of a line. Out: a `LineFit`, which any number of texts can be held to.
Only the line and those it rhymes with count: other lines may be missing, or break the form. What
it says of a line is what `quatrain.check` says of it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from quatrain.form import MAX_DISTANCE, Checker, LineReading, MetreAutomaton, count_syllables
from quatrain.write.constrained.fixed_text import measure_of
from quatrain.write.constrained.line.automaton import Measure
from quatrain.write.constrained.plan import LinePlan
from quatrain.write.constrained.prosody import last_word
from quatrain.write.draft.places import DraftPlaces


class Partner(NamedTuple):
    """A line that another has to rhyme with, or must not rhyme with.

    Attributes:
        number: of the line, from 1.
        text: the line.
        comes_first: whether it stands before the other.
    """

    number: int
    text: str
    comes_first: bool

    @property
    def word(self) -> str:
        """Its last word."""
        return last_word(self.text)


class LineFit:
    """Demands of a form on one line of a draft.

    Args:
        draft: the draft.
        number: of the line, from 1; a line that the form doesn't have may be anything.
        checker: hears metres and rhymes.

    Attributes:
        measure: the metre, the number of syllables, or None.
        plan: what the form asks of the line; None for a line that the form doesn't have.
        partners: the nearest lines before and after it that it has to rhyme with, those that are
            there.
        strangers: lines near it that it must not rhyme with.
    """

    def __init__(self, draft: DraftPlaces, number: int, checker: Checker) -> None:
        self._draft, self._checker, self.number = draft, checker, number
        plans = draft.plans()
        self.plan: LinePlan | None = plans[number - 1] if number <= len(plans) else None
        self.measure: Measure = measure_of(draft.form, number - 1) if self.plan else None
        self.partners: tuple[Partner, ...] = ()
        self.strangers: tuple[Partner, ...] = ()
        if self.plan is None:
            return
        lines = [
            (other, Partner(other.number + 1, draft.texts[other.number + 1], other.number < number))
            for other in plans
            if last_word(draft.texts.get(other.number + 1, "")) and other.number != number - 1
        ]
        if self.plan.letter:
            same = [partner for other, partner in lines if other.letter == self.plan.letter]
            before = [partner for partner in same if partner.comes_first]
            after = [partner for partner in same if not partner.comes_first]
            self.partners = (*before[-1:], *after[:1])
        self.strangers = tuple(
            partner
            for other, partner in lines
            if (self.plan.unrhymed or other.unrhymed)
            and abs(partner.number - number) <= MAX_DISTANCE
        )

    @cached_property
    def letter(self) -> str:
        """Letter of the line in the rhyme scheme, or empty."""
        return (self.plan.letter or "") if self.plan else ""

    def keeps_metre(self, text: str) -> bool:
        """Return whether a text keeps the line's metre, or its number of syllables."""
        if isinstance(self.measure, MetreAutomaton):
            return self._checker.reader.cost(text, self.measure) is not None
        if self.measure is None:
            return True
        ear = self._checker.ear
        if count_syllables(text, ear).total == self.measure:
            return True
        looser = "variant" in self._draft.form.allow
        return looser and count_syllables(text, ear, self.measure).total == self.measure

    def may_go_on(self, text: str) -> bool:
        """Return whether a text is too short for the line so far, but may still become one."""
        if isinstance(self.measure, MetreAutomaton):
            return self._checker.reader.may_go_on(text, self.measure)
        if self.measure is None:
            return False
        return count_syllables(text, self._checker.ear).total < self.measure

    def discord(self, text: str) -> Partner | None:
        """Return the line that a text should rhyme with and doesn't, or the other way round."""
        for partner in self.partners:
            if not self._rhymes(partner, text):
                return partner
        full_rhyme = self._checker.rhymes.full_rhyme
        for stranger in self.strangers:
            if full_rhyme(stranger.text, text):
                return stranger
        return None

    def _rhymes(self, partner: Partner, text: str) -> bool:
        """Return whether a text rhymes with a line as the form asks, as a check of both says."""
        pair = [(partner.number - 1, partner.text), (self.number - 1, text)]
        pair = pair if partner.comes_first else pair[::-1]
        readings: list[LineReading | None] = []
        for number, line in pair:
            measure = measure_of(self._draft.form, number)
            readings.append(
                self._checker.reader.read(line, measure)
                if isinstance(measure, MetreAutomaton)
                else None
            )
        lines = [line for _, line in pair]
        form = replace(self._draft.form, refrains={}, carry=())
        findings = self._checker.rhymes.findings(
            lines, readings, [self.letter] * 2, form, strict=True
        )
        return all(finding.kept for finding in findings)
