"""The findings of a check of a poem against a form, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records.deferred import HtmlRepr
from quatrain.records.verse import Poem

_SENTENCES = {
    # What is asked: (the sentence where the poem keeps it, the sentence where it does not).
    "lines": ("has {found}.", "{why}"),
    "metre": ("fits {wanted}.", "doesn't fit {wanted}: {why}."),
    "syllables": ("has {found} ({why}).", "has {found}; expected {wanted} ({why})."),
    "rhyme": ("has {wanted}: {found}; {why}.", "lacks {wanted}: {found}; {why}."),
    "refrain": ("is {wanted}.", "should be {wanted}; got {found}."),
    "end word": ("ends in {wanted}, {why}.", "should end in {wanted}, {why}; got {found}."),
    "acrostic": ("begins with {wanted}.", "should begin with {wanted}; got {found}."),
    "no rhyme": ("rhymes with no line near it.", "should rhyme with no line; got {found}: {why}."),
    "one metre": ("has {found}.", "{why}"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a form asks for, and what the poem has. `str` gives it as a sentence.

    Attributes:
        line: number of the line, from 1; 0 for the whole poem.
        asked: "lines", "one metre", "metre", "syllables", "rhyme", "no rhyme", "refrain",
            "end word" or "acrostic".
        kept: True if the poem keeps it.
        found: what the poem has.
        wanted: what the form asks for.
        why: the reason, with the pronunciation it rests on.
        licence: what was allowed that a stricter check might refuse, or empty.
    """

    line: int
    asked: str
    kept: bool
    found: str
    wanted: str
    why: str
    licence: str = ""

    def __str__(self) -> str:
        keeps, breaks = _SENTENCES[self.asked]
        sentence = (keeps if self.kept else breaks).format(
            found=self.found, wanted=self.wanted, why=self.why
        )
        if self.kept and self.licence:
            sentence = f"{sentence[:-1]}; allowed: {self.licence}."
        if not self.line:
            return f"The poem {sentence}" if self.kept else sentence
        return f"Line {self.line} {sentence}"


@dataclass(frozen=True, slots=True)
class ComingLine:
    """Demand on a line that an unfinished poem still lacks. `str` gives it as a sentence.

    Attributes:
        line: its number, from 1.
        measure: its metre or number of syllables, or empty.
        rhyme: its rhyme letter, "x" if it rhymes with none, or None.
        rhymes_with: number of the line that it rhymes with, or None.
        rhyme_word: the last word of that line, or empty if it is still to come.
        repeats: number of the line that it repeats, or None.
        text: that line, or empty if it is still to come.
        opening: whether it repeats only the opening words of that line.
        ends_like: number of the line whose last word it ends in, or None.
        end_word: that word, or empty if it is still to come.
        initial: the letter it begins with, or empty.
    """

    line: int
    measure: str = ""
    rhyme: str | None = None
    rhymes_with: int | None = None
    rhyme_word: str = ""
    repeats: int | None = None
    text: str = ""
    opening: bool = False
    ends_like: int | None = None
    end_word: str = ""
    initial: str = ""

    @property
    def rhyme_in_words(self) -> str:
        """Rhyme that is asked of it: `rhymes with line 9, *day*`; empty if none is."""
        if self.rhymes_with is not None:
            word = f", *{self.rhyme_word}*" if self.rhyme_word else ""
            return f"rhymes with line {self.rhymes_with}{word}"
        if self.rhyme == "x":
            return "rhymes with no line"
        return f"begins rhyme {self.rhyme}" if self.rhyme else ""

    def __str__(self) -> str:
        if self.repeats is not None:
            text = f", {self.text!r}" if self.text else ""
            what = "the opening words of " if self.opening else ""
            return f"line {self.line}: {what}line {self.repeats} again{text}"
        demands = [demand for demand in (self.measure, self.rhyme_in_words) if demand]
        if self.ends_like is not None:
            word = f"*{self.end_word}*, " if self.end_word else ""
            demands.append(f"ends in {word}the last word of line {self.ends_like}")
        if self.initial:
            demands.append(f"begins with {self.initial!r}")
        return f"line {self.line}: {'; '.join(demands) or 'nothing is asked of it'}"


@dataclass(frozen=True, slots=True)
class Verdict(HtmlRepr):
    """The result of checking a poem against a form. It is true if the poem keeps the form.

    Attributes:
        form: the form's name.
        strict: whether only what the form itself allows was accepted.
        poem: the poem.
        findings: everything the form asks for, in order of lines.
        scheme: per line the rhyme letter the form gives it, or None.
        stresses: per line the stress of the reading taken, `-` and `+`, or empty.
        guessed: words whose pronunciation was guessed.
        places: per line, where in its text the vowel of each syllable stands.
        variant: name of the form's variant that the poem was held to, or empty.
        metre: the metre that the poem was found to be in, where the form leaves it open, or empty.
        coming: what the lines have to do that an unfinished poem still lacks.
    """

    form: str
    strict: bool
    poem: Poem
    findings: tuple[Finding, ...]
    scheme: tuple[str | None, ...]
    stresses: tuple[str, ...]
    guessed: tuple[str, ...]
    places: tuple[tuple[int, ...], ...] = ()
    variant: str = ""
    metre: str = ""
    coming: tuple[ComingLine, ...] = ()

    @property
    def kept(self) -> bool:
        """True if the poem keeps everything the form asks for."""
        return all(finding.kept for finding in self.findings)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """Findings that the poem does not keep."""
        return tuple(finding for finding in self.findings if not finding.kept)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Findings that the poem does not keep, but for lines that it lacks so far."""
        return tuple(
            finding for finding in self.broken if not (finding.asked == "lines" and self.unfinished)
        )

    @property
    def summary(self) -> str:
        """One line: the form, whether the poem keeps it, and how it was checked."""
        details = ["strict check" if self.strict else "lenient check"]
        details += [self.metre] if self.metre else []
        details += [f"as {self.variant}"] if self.variant else []
        if self.kept:
            return f"{self.form}: keeps the form ({', '.join(details)})."
        problems = len(self.problems)
        told = f"{problems} problem{'' if problems == 1 else 's'}"
        if not self.coming:
            return f"{self.form}: does not keep the form ({', '.join([told, *details])}):"
        total = self.coming[-1].line
        so_far = f"{told} so far" if problems else "keeps the form so far"
        lines = f"{len(self.poem.lines)} of {total} lines"
        return f"{self.form}: unfinished, {lines}; {so_far} ({', '.join(details)})."

    @property
    def unfinished(self) -> bool:
        """True if the poem lacks lines that the form asks for."""
        return bool(self.coming)

    def __bool__(self) -> bool:
        return self.kept

    def __str__(self) -> str:
        coming = ["To come:", *map(str, self.coming)] if self.coming else []
        return "\n".join([self.summary, *map(str, self.problems), *coming])
