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
from dataclasses import replace
from functools import cache
from pathlib import Path

from quatrain.errors import FormError
from quatrain.form.form import Form
from quatrain.form.library import forms, load
from quatrain.form.metre import MetreAutomaton
from quatrain.form.metre_reader import LineReading, MetreReader
from quatrain.form.repeats import (
    acrostic_findings,
    end_word_findings,
    is_carried,
    refrain_findings,
    same_words,
)
from quatrain.form.syllables import count_syllables
from quatrain.records import Finding, Poem, Verdict, Verse, as_poem
from quatrain.sound import Ear, Rhymer, words

LENIENT_RHYMES = frozenset(
    {"perfect", "rich", "mosaic", "promoted", "identical", "historical", "family", "slant", "eye"}
)
"""Kinds of rhyme that a lenient check accepts in any form."""

LENIENT_LICENCES = frozenset(
    {"inversion", "midline", "feminine", "headless", "anapaest", "pyrrhic", "iamb"}
)
"""Metrical licences that a lenient check accepts in any form."""

MIN_SHARE = 0.5
"""Share of a form's demands that a poem must keep for the form to count as near."""


class Checker:
    """Checks poems with one ear; pronunciations and rhymes are computed once.

    Attributes:
        ear: gives the pronunciations of words.
        rhymer: compares the ends of lines.
        reader: reads lines under a metre.
    """

    def __init__(self, ear: Ear | None = None) -> None:
        self.ear = ear or Ear()
        self.rhymer = Rhymer(self.ear)
        self.reader = MetreReader(self.ear)

    def check(self, poem: Poem, form: Form | str | Path, *, strict: bool = True) -> Verdict:
        """Check a poem against a form.

        Args:
            poem: the poem.
            form: the form, the name of a shipped one, or the path of its file.
            strict: whether to accept only what the form itself allows.

        Raises:
            FormError: there is no such form.
        """
        form = form if isinstance(form, Form) else load(form)
        lines = [line.text for line in poem.lines]
        length = _length_finding(len(lines), form)
        scheme = _scheme(len(lines), form)
        findings = [length]
        readings: list[LineReading | None] = [None] * len(lines)
        for number, text in enumerate(lines):
            metre = form.metre_of(number)
            if metre is not None:
                finding, readings[number] = self._metre(number, text, metre, strict)
                findings.append(finding)
            count = form.syllables_of(number)
            if count is not None:
                allowed = "variant" in form.allow
                findings.append(
                    self._syllables(number, text, count, allowed=allowed, strict=strict)
                )
        if length.kept:
            findings += self._rhymes(lines, readings, scheme, form, strict)
            findings += refrain_findings(lines, form)
            findings += end_word_findings(lines, form)
        findings += acrostic_findings(lines, form)
        findings.sort(key=lambda finding: finding.line)
        return Verdict(
            form.name,
            strict,
            poem,
            tuple(findings),
            scheme,
            stresses=tuple(reading.stress if reading else "" for reading in readings),
            guessed=self._guessed(lines),
            places=tuple(reading.places if reading else () for reading in readings),
        )

    def nearest_forms(self, poem: Poem, count: int = 3) -> list[Verdict]:
        """Return lenient verdicts for the shipped forms a poem comes nearest to, nearest first.

        A form that asks for nothing (free verse) comes only after those that the poem keeps.
        """
        ranked = []
        for form in forms():
            if not _length_finding(len(poem.lines), form).kept:
                continue
            verdict = self.check(poem, form, strict=False)
            asked = len(verdict.findings)
            share = 1 - len(verdict.broken) / asked
            if share > MIN_SHARE:
                # Of forms kept alike, the one that asks for more says more about the poem.
                rank = (not verdict.kept, -share, not form.fixed, -asked, form.name)
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
            lenient = replace(metre, allowed=metre.allowed | LENIENT_LICENCES)
            second = self.reader.read(text, lenient)
            if second.breaches:
                midline = replace(metre, allowed=metre.allowed | {"midline"})
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

    def _rhymes(
        self,
        lines: Sequence[str],
        readings: Sequence[LineReading | None],
        scheme: Sequence[str | None],
        form: Form,
        strict: bool,
    ) -> list[Finding]:
        """Return a finding for each line that has to rhyme with an earlier one."""
        allowed = form.rhymes if strict else form.rhymes | LENIENT_RHYMES
        latest: dict[str, int] = {}
        refrains = {later for places in form.refrains.values() for later in places}
        findings = []
        for number, letter in enumerate(scheme):
            if letter is None:
                continue
            before = latest.get(letter)
            latest[letter] = number
            if before is None or number + 1 in refrains or is_carried(number, form):
                continue
            rhyme = self.rhymer.rhyme_lines(lines[before], lines[number])
            kind, why = rhyme.kind, rhyme.why
            if kind not in form.rhymes and _promoted(readings[before], readings[number]):
                kind, why = "promoted", "the same last syllable, on a beat in both lines"
            kept = kind in allowed or same_words(lines[before], lines[number])
            if rhyme.pronunciations:
                first, second = rhyme.pronunciations
                why += ", by a guess" if first.guessed or second.guessed else ""
                why += f" ({first} / {second})"
            findings.append(
                Finding(
                    number + 1,
                    "rhyme",
                    kept,
                    f"{rhyme.first}/{rhyme.second}, {'no' if kind == 'none' else kind} rhyme",
                    f"a rhyme with line {before + 1} ({letter})",
                    why,
                    "" if not kept or kind in form.rhymes else f"{kind} rhyme",
                )
            )
        return findings


def _syllables(count: int) -> str:
    """Return a number of syllables in words."""
    return f"{count} syllable{'' if count == 1 else 's'}"


def _length_finding(count: int, form: Form) -> Finding:
    """Return whether a poem has the form's number of lines; stanza breaks are free."""
    fixed, plural = form.opening_lines, "" if count == 1 else "s"
    if form.fixed:
        kept, expected = count == fixed, f"{fixed} lines"
        why = f"This {form.title} has {count} of {fixed} lines so far."
        if count > fixed:
            why = f"This {form.title} has {count} lines, {count - fixed} too many."
    else:
        unit = form.repeated_lines
        rest = count - fixed - form.closing_lines
        kept = rest >= unit * form.least and rest % unit == 0
        around = fixed + form.closing_lines
        expected = f"{f'{around} + ' if around else ''}a multiple of {unit}, at least "
        expected += str(unit * form.least)
        why = f"This {form.title} has {count} line{plural}; expected {expected}."
    return Finding(0, "lines", kept, f"{count} line{plural}", expected, "" if kept else why)


def _scheme(count: int, form: Form) -> tuple[str | None, ...]:
    """Return the rhyme letter the form gives each line of a poem of `count` lines."""
    stanzas = 0
    if not form.fixed:
        rest = count - form.opening_lines - form.closing_lines
        repeated = max(form.least, rest // form.repeated_lines) * len(form.again)
        stanzas = repeated + len(form.stanzas) + len(form.close)
    letters = [letter for row in form.rhyme_letters(stanzas) for letter in row]
    return tuple((letters + [None] * count)[:count])


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
