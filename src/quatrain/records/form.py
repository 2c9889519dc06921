"""Forms, and what a check finds."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records.verse import Poem


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a form asks for, and what a poem has.

    Attributes:
        line: number of the line, from 1; 0 for the whole poem.
        asked: "lines", "metre", "syllables", "rhyme", "refrain", "end word" or
            "acrostic".
        kept: whether the poem keeps it.
        found: what is there.
        wanted: what the form asks for.
        why: the reason, with the pronunciation it rests on.
        licence: what was allowed for that strictness would rather not have, or empty.
    """

    line: int
    asked: str
    kept: bool
    found: str
    wanted: str
    why: str
    licence: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "the poem"
        return f"{where}, {self.asked}: got {self.found}; expected {self.wanted}. {self.why}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a poem keeps a form.

    Attributes:
        form: the form's name.
        strict: how it was checked.
        poem: the poem.
        findings: everything asked for, in order of lines.
        scheme: per line the letter the form gives it, or None.
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
        """Whether the form is kept in everything."""
        return all(finding.kept for finding in self.findings)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """What is not kept."""
        return tuple(finding for finding in self.findings if not finding.kept)

    def __bool__(self) -> bool:
        return self.kept

    def __str__(self) -> str:
        if self.kept:
            return f"{self.form}: kept"
        return "\n".join([f"{self.form}: not kept", *map(str, self.broken)])
