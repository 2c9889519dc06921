"""Checks a poem against a form, and says why.

In: a poem and a form. Out: a `Verdict` with a finding for everything the form asks for.

Strict: each line keeps its metre with the licences the form allows, in some
pronunciation; each rhyme is of a kind the form allows. Lenient: a line may also be inverted
in mid-phrase, headless, end unstressed, hold an extra unstressed syllable, or break its metre
at one syllable; a counted line may be one syllable off; every kind of rhyme poets make
counts. Words with a guessed pronunciation count in both, and the verdict lists them.
docs/forms.md defines both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quatrain.errors import FormError, InternalError
from quatrain.form.coming import coming_lines
from quatrain.form.form import UNRHYMED, Form
from quatrain.form.length import complete_length, length_finding, rhyme_scheme
from quatrain.form.library import forms, load
from quatrain.form.metre import (
    LineReading,
    MetreAutomaton,
    MetreReader,
    count_syllables,
    metre_with,
)
from quatrain.form.one_metre import likeliest_metre, metre_finding
from quatrain.form.repeats import acrostic_findings, end_word_findings, refrain_findings
from quatrain.form.rhyming import RhymeFinder
from quatrain.records import Finding, Poem, Verdict, Verse, as_poem
from quatrain.sound import Ear, Rhymer, words

LENIENT_LICENCES = frozenset(
    {"inversion", "midline", "feminine", "headless", "anapaest", "pyrrhic", "iamb"}
)
"""Metrical licences that a lenient check accepts in any form."""

MIN_SHARE = 0.5
"""Share of a form's demands that a poem must keep for the form to count as near."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Findings of a form on the lines of a poem, of which some may still be empty.

    Attributes:
        variant: name of the form, or of its variant that suits the lines best.
        form: that form, with its metre settled.
        findings: everything the form asks for of the lines that are there, in order of lines.
        letters: per line the rhyme letter the form gives it, `UNRHYMED` or None.
        readings: per line how it was read under its metre; None without one.
        metre: that of the lines, where the form leaves it open, or empty.
    """

    variant: str
    form: Form
    findings: tuple[Finding, ...]
    letters: tuple[str | None, ...]
    readings: tuple[LineReading | None, ...]
    metre: str

    @property
    def broken(self) -> tuple[Finding, ...]:
        """Findings that the lines do not keep."""
        return tuple(finding for finding in self.findings if not finding.kept)

    @property
    def kept(self) -> bool:
        """True if the lines keep everything the form asks for, and are as many."""
        return not self.broken


class Checker:
    """Checks poems with one ear; pronunciations and rhymes are computed once.

    Attributes:
        ear: gives the pronunciations of words.
        rhymer: compares the ends of lines.
        rhymes: finds rhymes, where they should be and where not.
        reader: reads lines under a metre.
    """

    def __init__(self, ear: Ear | None = None) -> None:
        self.ear = ear or Ear()
        self.rhymer = Rhymer(self.ear)
        self.rhymes = RhymeFinder(self.rhymer)
        self.reader = MetreReader(self.ear)

    def check(self, poem: Poem, form: Form | str | Path, *, strict: bool = True) -> Verdict:
        """Check a poem against a form, or against the variant of it that suits the poem best.

        Args:
            poem: the poem.
            form: the form, the name of a shipped one, or the path of its file.
            strict: whether to accept only what the form itself allows.

        Raises:
            FormError: there is no such form.
        """
        form = form if isinstance(form, Form) else load(form)
        lines = [line.text for line in poem.lines]
        judgement = self.judge(lines, form, strict=strict)
        return Verdict(
            form.name,
            strict,
            poem,
            judgement.findings,
            tuple(None if letter == UNRHYMED else letter for letter in judgement.letters),
            stresses=tuple(reading.stress if reading else "" for reading in judgement.readings),
            guessed=self._guessed(lines),
            places=tuple(reading.places if reading else () for reading in judgement.readings),
            variant="" if judgement.variant == form.name else judgement.variant,
            metre=judgement.metre,
            coming=coming_lines(lines, judgement.form),
        )

    def settle(self, poem: Poem, form: Form) -> Form:
        """Return the form as the poem has it: in one of its variants, in the poem's own metre."""
        return self.judge([line.text for line in poem.lines], form).form

    def settle_metre(self, lines: Sequence[str], form: Form) -> Form:
        """Return the form in the metre that most of some lines keep; in its usual one without any.

        A form that names its metre stays as it is.
        """
        if not form.one_metre:
            return form
        metre = likeliest_metre(lines, form, self.reader)
        return form.in_metre(metre.foot, metre.feet)

    def judge(self, lines: Sequence[str], form: Form, *, strict: bool = True) -> Judgement:
        """Judge lines by the variant of a form that suits them best.

        Args:
            lines: the lines, empty where one is still to be written.
            form: the form.
            strict: whether to accept only what the form itself allows.
        """
        best: Judgement | None = None
        for variant in (form, *form.variants):
            judgement = self._judge(lines, variant, strict=strict)
            if best is None or _rank(judgement) < _rank(best):
                best = judgement
            if judgement.kept:
                break
        if best is None:
            raise InternalError("a form has no variant, not even itself")
        return best

    def _judge(self, lines: Sequence[str], form: Form, *, strict: bool) -> Judgement:
        """Judge lines by a form without its variants, but in the poem's metre."""
        whole = [
            line for number, line in enumerate(lines, 1) if line and number not in form.rentrement
        ]
        settled = self.settle_metre(whole, form)
        total = complete_length(len(lines), form)
        letters = rhyme_scheme(total or len(lines), form)[: len(lines)]
        findings = [length_finding(len(lines), form)]
        readings: list[LineReading | None] = [None] * len(lines)
        for number, text in enumerate(lines):
            if text:
                line_findings, readings[number] = self.line(number, text, settled, strict=strict)
                findings += line_findings
        metre = settled.metre_of(0) if form.one_metre else None
        if metre is not None and whole:
            kept = sum(finding.kept for finding in findings if finding.asked == "metre")
            findings.append(metre_finding(kept, len(whole), metre))
        if total is not None:
            findings += self.rhymes.findings(lines, readings, letters, form, strict=strict)
            findings += refrain_findings(lines, form)
            findings += end_word_findings(lines, form)
        findings += acrostic_findings(lines, form)
        findings.sort(key=lambda finding: finding.line)
        return Judgement(
            form.name,
            settled,
            tuple(findings),
            tuple(letters),
            tuple(readings),
            "" if metre is None else str(metre),
        )

    def line(
        self, number: int, text: str, form: Form, *, strict: bool = True
    ) -> tuple[list[Finding], LineReading | None]:
        """Return whether a line keeps its metre or its number of syllables, and how it was read.

        Args:
            number: of the line, from 0.
            text: the line.
            form: the form, with its metre settled.
            strict: whether to accept only what the form itself allows.
        """
        metre, count = form.metre_of(number), form.syllables_of(number)
        if metre is not None:
            finding, reading = self._metre(number, text, metre, strict)
            return [finding], reading
        if count is None:
            return [], None
        allowed = "variant" in form.allow
        return [self._syllables(number, text, count, allowed=allowed, strict=strict)], None

    def nearest_forms(self, poem: Poem, count: int = 3) -> list[Verdict]:
        """Return lenient verdicts for the shipped forms a poem comes nearest to, nearest first.

        A form that asks for nothing (free verse) comes only after those that the poem keeps.
        """
        ranked = []
        for form in forms():
            lines = len(poem.lines)
            if all(complete_length(lines, other) != lines for other in (form, *form.variants)):
                continue
            verdict = self.check(poem, form, strict=False)
            # That lines don't rhyme is so in any prose, so it brings no poem nearer to a form.
            asked = sum(
                not finding.kept or finding.asked != "no rhyme" for finding in verdict.findings
            )
            share = 1 - len(verdict.broken) / asked
            if share > MIN_SHARE:
                # Of forms kept alike, the one that asks for more says more about the poem.
                by_tradition = (not form.fixed, bool(verdict.variant))
                rank = (not verdict.kept, -share, *by_tradition, -asked, form.name)
                ranked.append((rank, verdict))
        return [verdict for _, verdict in sorted(ranked, key=lambda entry: entry[0])[:count]]

    def _guessed(self, lines: Sequence[str]) -> tuple[str, ...]:
        """Return the words whose pronunciation is guessed, each once, in order."""
        guessed: dict[str, None] = {}
        for line in lines:
            for word in words(line):
                pronunciations = self.ear.pronounce(word.spoken)
                if pronunciations and pronunciations[0].guessed:
                    guessed[word.text] = None
        return tuple(guessed)

    def _metre(
        self, number: int, text: str, metre: MetreAutomaton, strict: bool
    ) -> tuple[Finding, LineReading]:
        """Return whether a line keeps its metre, and the reading that shows it."""
        reading = self.reader.read(text, metre)
        if reading.breaches and not strict:
            # First with every licence and no breach, then with one breach and few licences:
            # both at once would let a line of four feet pass for one of five.
            lenient = metre_with(metre.foot, metre.feet, metre.allowed | LENIENT_LICENCES)
            second = self.reader.read(text, lenient)
            if second.breaches:
                midline = metre_with(metre.foot, metre.feet, metre.allowed | {"midline"})
                second = self.reader.read(text, midline)
            if second.distance <= 1:
                licence = ", ".join((*second.licences, *second.breaches))
                why = "one breach is forgiven" if second.breaches else ""
                return (
                    Finding(number + 1, "metre", True, second.stress, str(metre), why, licence),
                    second,
                )
        finding = Finding(
            number + 1,
            "metre",
            kept=not reading.breaches,
            found=reading.stress or "no words",
            wanted=str(metre),
            why="; ".join(reading.breaches),
            licence=", ".join(reading.licences),
        )
        return finding, reading

    def _syllables(
        self, number: int, text: str, expected: int, *, allowed: bool, strict: bool
    ) -> Finding:
        """Return whether a line has its number of syllables, each word as most people say it.

        Args:
            number: of the line, from 0.
            text: the line.
            expected: the number of its syllables.
            allowed: whether the form allows a word's other pronunciations too.
            strict: whether only what the form allows is accepted.
        """
        count = count_syllables(text, self.ear)
        kept, licence = count.total == expected, ""
        if not kept and (allowed or not strict):
            looser = count_syllables(text, self.ear, expected)
            if looser.total == expected:
                kept, licence, count = True, looser.variants, looser
        if not kept and not strict and abs(count.total - expected) <= 1:
            kept, licence = True, f"{_syllables(count.total)}, one off"
        return Finding(
            number + 1,
            "syllables",
            kept,
            _syllables(count.total),
            _syllables(expected),
            count.account,
            licence,
        )


def _rank(judgement: Judgement) -> tuple[bool, int]:
    """Return by what judgements by the variants of a form are ordered, the best first."""
    length, broken = judgement.findings[0], judgement.broken
    return length.asked == "lines" and not length.kept, len(broken)


def _syllables(count: int) -> str:
    """Return a number of syllables in words."""
    return f"{count} syllable{'' if count == 1 else 's'}"


@cache
def _checker() -> Checker:
    return Checker()


def check(poem: Verse, form: Form | str | Path | None = None, *, strict: bool = True) -> Verdict:
    r"""Check a poem against a form, and say why it keeps it or not.

    Args:
        poem: a `Poem`, a text, a list of lines, or the `Path` of a file with one poem.
        form: a `Form`, the name of a shipped one, or the path of a .toml file; None takes the
            form that the poem itself names.
        strict: whether to accept only what the form itself allows.

    Example:
        verdict = quatrain.check("An old silent pond\nA frog jumps into the pond", "haiku")
        print(verdict)

    Raises:
        FormError: there is no such form, or none is named.
    """
    poem = as_poem(poem)
    if form is None and not poem.form:
        raise FormError(
            "check(poem, form)",
            "no form",
            "the name of one",
            "Pass one, as in check(poem, 'sonnet'), or ask quatrain.form.nearest_forms(poem).",
            message="The poem names no form.",
        )
    return _checker().check(poem, form or poem.form, strict=strict)


def nearest_forms(poem: Verse, count: int = 3) -> list[Verdict]:
    """Return lenient verdicts for the shipped forms a poem comes nearest to, nearest first."""
    return _checker().nearest_forms(as_poem(poem), count)
