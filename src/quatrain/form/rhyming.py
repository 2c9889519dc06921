"""Check that lines rhyme where the form has a letter, and don't where it has an x.

In: lines, their letters and how they were read. Out: findings. A lettered line is compared with
the line of its letter before it; a line of x with those that are near enough for a rhyme between
them to be heard. An empty line is still to be written, and is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from quatrain.form.form import UNRHYMED, Form
from quatrain.form.metre import LineReading
from quatrain.form.repeats import refrain_pairs, same_words
from quatrain.records import Finding, Rhyme
from quatrain.sound import Rhymer

LENIENT_RHYMES = frozenset(
    {"perfect", "rich", "mosaic", "promoted", "identical", "historical", "family", "slant", "eye"}
)
"""Kinds of rhyme that a lenient check accepts in any form."""

FULL_RHYMES = frozenset({"perfect", "rich", "mosaic"})
"""Kinds of rhyme that a line of x must not make: those that nobody can fail to hear.

The same word again is none: blank verse may repeat one.
"""

MAX_DISTANCE = 3
"""Lines over which a rhyme is heard that the form doesn't lead a reader to expect.

The schemes that poets use put a rhyme one, two or three lines after its partner (AA, ABA, ABBA).
Further off, the full rhymes of blank verse are as frequent as chance has them, some 0.5 in a
hundred lines at each distance, and two or three lines off no more frequent than that:
benchmarks/chance_rhymes.py.
"""

LINES_PER_CHANCE_RHYME = 10
"""Lines of a poem for each full rhyme in it that passes for chance.

Blank verse has 1.4 full rhymes within `MAX_DISTANCE` in a hundred lines, couplets have fifty and
ballad stanzas twenty-five: benchmarks/chance_rhymes.py.
"""


_CACHE_LIMIT = 10_000
"""Pairs of lines whose rhymes are kept in memory; one more clears them."""

ReadLine = tuple[str, LineReading | None]
"""A line, and how it was read under its metre."""


class RhymeFinder:
    """Finds rhymes between lines; one rhymer compares them all.

    Attributes:
        rhymer: compares the ends of lines.
    """

    def __init__(self, rhymer: Rhymer) -> None:
        self.rhymer = rhymer
        self._rhymes_of: dict[tuple[str, str], Rhyme] = {}

    def findings(
        self,
        lines: Sequence[str],
        readings: Sequence[LineReading | None],
        letters: Sequence[str | None],
        form: Form,
        *,
        strict: bool,
    ) -> list[Finding]:
        """Return a finding for each line that has to rhyme with an earlier one, or with none."""
        return [
            *self._rhymes(lines, readings, letters, form, strict=strict),
            *self.unrhymed(lines, letters, strict=strict),
        ]

    def _rhymes(
        self,
        lines: Sequence[str],
        readings: Sequence[LineReading | None],
        letters: Sequence[str | None],
        form: Form,
        *,
        strict: bool,
    ) -> list[Finding]:
        """Return a finding for each line that has to rhyme with an earlier one."""
        latest: dict[str, int] = {}
        refrains = {later for first, later in refrain_pairs(len(lines), form) if lines[first - 1]}
        findings = []
        for number, letter in enumerate(letters):
            if letter is None or letter == UNRHYMED or not lines[number]:
                continue
            before = latest.get(letter)
            latest[letter] = number
            if before is None or number + 1 in refrains:
                continue
            first = lines[before], readings[before]
            kept, kind, why, rhyme = self.line_rhyme(
                first, (lines[number], readings[number]), form, strict=strict
            )
            findings.append(
                Finding(
                    number + 1,
                    "rhyme",
                    kept,
                    f"{rhyme.first}/{rhyme.second}, {'no' if kind == 'none' else kind} rhyme",
                    f"a rhyme with line {before + 1} ({letter})",
                    why + _pronounced(rhyme),
                    "" if not kept or kind in form.rhymes else f"{kind} rhyme",
                )
            )
        return findings

    def line_rhyme(
        self, first: ReadLine, second: ReadLine, form: Form, *, strict: bool
    ) -> tuple[bool, str, str, Rhyme]:
        """Return whether two lines rhyme as a form asks; the kind, why, and the rhyme itself.

        Args:
            first: a line, with its reading under its metre.
            second: a later line, likewise.
            form: the form.
            strict: whether only the kinds of the form itself are accepted.
        """
        allowed = form.rhymes if strict else form.rhymes | LENIENT_RHYMES
        rhyme = self._rhyme(first[0], second[0])
        kind, why = rhyme.kind, rhyme.why
        if kind == "promoted" and first[1] and second[1]:
            kind = "slant"  # unless this metre has a beat there
        if kind not in form.rhymes and _promoted(first[1], second[1]):
            kind, why = "promoted", "the same last syllable, on a beat in both lines"
        kept = kind in allowed or same_words(first[0], second[0])
        return kept, kind, why, rhyme

    def _rhyme(self, first: str, second: str) -> Rhyme:
        """Return how two lines rhyme, remembered."""
        rhyme = self._rhymes_of.get((first, second))
        if rhyme is None:
            rhyme = self.rhymer.rhyme_lines(first, second)
            if len(self._rhymes_of) >= _CACHE_LIMIT:
                self._rhymes_of.clear()
            self._rhymes_of[first, second] = rhyme
        return rhyme

    def unrhymed(
        self, lines: Sequence[str], letters: Sequence[str | None], *, strict: bool
    ) -> list[Finding]:
        """Return a finding for each line that has to rhyme with none.

        A few rhymes in a long poem are chance, and pass. A strict check lets none pass between
        lines next to each other, where a reader can't miss it.
        """
        partners: dict[int, tuple[int, Rhyme]] = {}
        for number, letter in enumerate(letters):
            for other in range(max(0, number - MAX_DISTANCE), number):
                if UNRHYMED not in (letter, letters[other]):
                    continue
                if not lines[number] or not lines[other]:
                    continue
                unrhymed = number if letter == UNRHYMED else other
                if unrhymed in partners:
                    continue
                rhyme = self.full_rhyme(lines[other], lines[number])
                if rhyme is not None:
                    partners[unrhymed] = (other if unrhymed == number else number, rhyme)
        few = len(partners) <= sum(map(bool, lines)) // LINES_PER_CHANCE_RHYME
        findings = []
        for number, letter in enumerate(letters):
            if letter != UNRHYMED or not lines[number]:
                continue
            if number not in partners:
                findings.append(Finding(number + 1, "no rhyme", True, "none", "no rhyme", ""))
                continue
            partner, rhyme = partners[number]
            kept = few and not (strict and abs(partner - number) == 1)
            findings.append(
                Finding(
                    number + 1,
                    "no rhyme",
                    kept,
                    f"{rhyme.first}/{rhyme.second}, {rhyme.kind} rhyme with line {partner + 1}",
                    "no rhyme",
                    rhyme.why + _pronounced(rhyme),
                    f"a chance rhyme with line {partner + 1}" if kept else "",
                )
            )
        return findings

    def full_rhyme(self, first: str, second: str) -> Rhyme | None:
        """Return the rhyme that two lines make if it is a full one, as most people say them."""
        rhyme = self._rhyme(first, second)
        if rhyme.kind not in FULL_RHYMES:
            return None
        if rhyme.kind != "mosaic" and rhyme.pronunciations:
            for word, said in zip((rhyme.first, rhyme.second), rhyme.pronunciations, strict=True):
                likeliest = self.rhymer.ear.pronounce(word.lower())
                if likeliest and likeliest[0].phonemes != said.phonemes:
                    return None
        return rhyme


def _pronounced(rhyme: Rhyme) -> str:
    """Return the pronunciations that a finding rests on, in brackets."""
    if not rhyme.pronunciations:
        return ""
    first, second = rhyme.pronunciations
    guess = ", by a guess" if first.guessed or second.guessed else ""
    return f"{guess} ({first} / {second})"


def _promoted(first: LineReading | None, second: LineReading | None) -> bool:
    """Return whether two lines end in the same syllable, on a beat in both: *tree*, *memory*.

    The syllable of a longer word that has no stress of its own is promoted by the metre. It
    is heard as the metre was read: not *razèd* where the line has *razed*.
    """
    ends = []
    for reading in (first, second):
        if reading is None or not reading.said or not reading.stress.endswith("+"):
            return False
        phonemes = reading.said[-1][1].phonemes
        vowel = max(place for place, phoneme in enumerate(phonemes) if phoneme[-1].isdigit())
        onset = phonemes[vowel - 1] if vowel else ""
        ends.append(((phonemes[vowel][:-1], *phonemes[vowel + 1 :]), onset))
    (rime, onset), (other_rime, other_onset) = ends
    return rime == other_rime and onset != other_onset
