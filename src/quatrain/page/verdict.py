"""Verdicts, shown: marks and letters beside the lines, what is broken and why; JSON.

In: a `Verdict`. Out: text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from rich.text import Text

from quatrain.records import Finding, Verdict
from quatrain.records.scansion import MARKS


def as_json(verdict: Verdict, beside: Mapping[str, object] | None = None) -> str:
    """One verdict as one JSON object on one line, with what is told `beside` it at its end."""
    return json.dumps(
        {
            **({"title": verdict.poem.title} if verdict.poem.title else {}),
            "form": verdict.form,
            "strict": verdict.strict,
            "kept": verdict.kept,
            "lines": [
                {"text": line.text, "stress": stress, "rhyme": letter}
                for line, stress, letter in zip(
                    verdict.poem.lines, verdict.stresses, verdict.scheme, strict=True
                )
            ],
            "findings": [_record(finding) for finding in verdict.findings],
            "guessed": list(verdict.guessed),
            **(beside or {}),
        },
        ensure_ascii=False,
    )


def _record(finding: Finding) -> dict[str, object]:
    return {
        "line": finding.line,
        "asked": finding.asked,
        "kept": finding.kept,
        "found": finding.found,
        "wanted": finding.wanted,
        "why": finding.why,
        **({"licence": finding.licence} if finding.licence else {}),
    }


def as_text(verdict: Verdict) -> Text:
    """The poem with its scheme and readings, then what is broken, line by line."""
    shown = Text()
    poem = verdict.poem
    if poem.title:
        shown.append(f"{poem.title}\n\n", style="bold")
    wrong = {finding.line for finding in verdict.broken}
    width = min(80, max((len(line.text) for line in poem.lines), default=0))
    number = 0
    for stanza in poem.stanzas:
        for line in stanza:
            letter = verdict.scheme[number]
            marks = _marks(verdict, number)
            number += 1
            if marks:
                shown.append(f"{marks}\n", style="cyan")
            shown.append(line.text.ljust(width), style="red" if number in wrong else "")
            shown.append(f"  {letter or ' '}\n", style="magenta")
        shown.append("\n")
    how = "strictly" if verdict.strict else "leniently"
    if verdict.kept:
        shown.append(f"{verdict.form}: kept, {how}.", style="bold green")
    else:
        count = len(verdict.broken)
        shown.append(f"{verdict.form}: not kept, {how}: {count} ", style="bold red")
        shown.append("things are\n" if count > 1 else "thing is\n", style="bold red")
        for finding in verdict.broken:
            shown.append(f"  {finding}\n")
        shown.rstrip()
    licences = [
        f"line {finding.line}: {finding.licence}" for finding in verdict.findings if finding.licence
    ]
    if licences:
        shown.append(f"\nAllowed: {'; '.join(licences)}", style="dim")
    if verdict.guessed:
        shown.append(f"\nGuessed: {', '.join(verdict.guessed[:20])}", style="yellow")
    return shown


def explained(verdict: Verdict) -> Text:
    """Everything the form asks for, and what the poem has."""
    shown = Text()
    for finding in verdict.findings:
        where = f"line {finding.line}" if finding.line else "the poem"
        shown.append(f"{where}, {finding.asked}: ", style="bold")
        why = f"; {finding.why}" if finding.why else ""
        shown.append(f"{finding.found}, for {finding.wanted}{why}\n")
    shown.rstrip()
    return shown


def _marks(verdict: Verdict, number: int) -> str:
    """A mark above the vowel of each syllable, or nothing for a line that was not read."""
    stress = verdict.stresses[number]
    if not stress or len(verdict.places[number]) != len(stress):
        return ""
    above = [" "] * len(verdict.poem.lines[number].text)
    for place, mark in zip(verdict.places[number], stress, strict=True):
        above[place] = MARKS[mark]
    return "".join(above).rstrip()


def likeliest_as_text(verdicts: Sequence[Verdict]) -> Text:
    """The forms a poem comes nearest to, with what it lacks."""
    shown = Text()
    if not verdicts:
        shown.append("No shipped form is near.")
    for verdict in verdicts:
        shown.append(verdict.form, style="bold")
        if verdict.kept:
            licensed = sum(bool(finding.licence) for finding in verdict.findings)
            shown.append(f": kept, {licensed} licences taken\n" if licensed else ": kept\n")
        else:
            asked, broken = len(verdict.findings), len(verdict.broken)
            shown.append(
                f": {asked - broken} of {asked} demands kept; first, {verdict.broken[0]}\n"
            )
    shown.rstrip()
    return shown
