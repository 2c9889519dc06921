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
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a form asks for, and what the poem has. `str` gives it as a sentence.

    Attributes:
        line: number of the line, from 1; 0 for the whole poem.
        asked: "lines", "metre", "syllables", "rhyme", "refrain", "end word" or
            "acrostic".
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
    """

    form: str
    strict: bool
    poem: Poem
    findings: tuple[Finding, ...]
    scheme: tuple[str | None, ...]
    stresses: tuple[str, ...]
    guessed: tuple[str, ...]
    places: tuple[tuple[int, ...], ...] = ()

    @property
    def kept(self) -> bool:
        """True if the poem keeps everything the form asks for."""
        return all(finding.kept for finding in self.findings)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """Findings that the poem does not keep."""
        return tuple(finding for finding in self.findings if not finding.kept)

    @property
    def summary(self) -> str:
        """One line: the form, whether the poem keeps it, and how it was checked."""
        how = "strict" if self.strict else "lenient"
        if self.kept:
            return f"{self.form}: keeps the form ({how} check)."
        problems = len(self.broken)
        plural = "s" if problems > 1 else ""
        return f"{self.form}: does not keep the form ({problems} problem{plural}, {how} check):"

    def __bool__(self) -> bool:
        return self.kept

    def __str__(self) -> str:
        return "\n".join([self.summary, *map(str, self.broken)])
