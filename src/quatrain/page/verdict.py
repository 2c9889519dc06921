"""Shows verdicts: marks above the lines, rhyme letters beside them, and every problem.

The functions take a `Verdict` and return text for the terminal, or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from rich.text import Text

from quatrain.page.poems import facts, foot, head
from quatrain.records import Finding, Verdict
from quatrain.records.scansion import STRESS_MARKS

MAX_COMING = 14
"""Lines to come that are printed, a sonnet's; JSON has all of them."""


def as_json(verdict: Verdict, beside: Mapping[str, object] | None = None) -> str:
    """Return a verdict as one JSON object on one line, the fields of `beside` at its end."""
    return json.dumps(
        {
            **{name: value for name, value in facts(verdict.poem).items() if name != "form"},
            "form": verdict.form,
            "strict": verdict.strict,
            "kept": verdict.kept,
            **({"variant": verdict.variant} if verdict.variant else {}),
            **({"metre": verdict.metre} if verdict.metre else {}),
            "unfinished": verdict.unfinished,
            "lines": [
                {"text": line.text, "stress": stress, "rhyme": letter}
                for line, stress, letter in zip(
                    verdict.poem.lines, verdict.stresses, verdict.scheme, strict=True
                )
            ],
            "findings": [_record(finding) for finding in verdict.findings],
            "coming": [asdict(line) for line in verdict.coming],
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
    """Return the poem with its rhyme scheme and stresses, then what it doesn't keep, by line."""
    poem = verdict.poem
    text = head(poem)
    wrong = {finding.line for finding in verdict.broken}
    width = min(80, max((len(line.text) for line in poem.lines), default=0))
    number = 0
    for stanza in poem.stanzas:
        for line in stanza:
            letter = verdict.scheme[number]
            marks = _marks(verdict, number)
            number += 1
            if marks:
                text.append(f"{marks}\n", style="cyan")
            text.append(line.text.ljust(width), style="red" if number in wrong else "")
            text.append(f"  {letter or ' '}\n", style="magenta")
        text.append("\n")
    text.append_text(foot(poem))
    text.append(verdict.summary, style="bold green" if verdict.kept else "bold red")
    for finding in verdict.problems:
        text.append(f"\n  {finding}")
    if verdict.coming:
        text.append("\nTo come:", style="bold")
        text.append("".join(f"\n  {line}" for line in verdict.coming[:MAX_COMING]))
        more = len(verdict.coming) - MAX_COMING
        text.append(f"\n  and {more} line{'' if more == 1 else 's'} more" if more > 0 else "")
    licences = [
        f"line {finding.line}: {finding.licence}" for finding in verdict.findings if finding.licence
    ]
    if licences:
        text.append(f"\nAllowed: {'; '.join(licences)}", style="dim")
    if verdict.guessed:
        text.append(f"\nGuessed pronunciations: {', '.join(verdict.guessed[:20])}", style="yellow")
    return text


def explained(verdict: Verdict) -> Text:
    """Return a sentence for everything the form asks for."""
    return Text("\n".join(map(str, verdict.findings)))


def _marks(verdict: Verdict, number: int) -> str:
    """Return a mark above the vowel of each syllable, or nothing for a line that wasn't read."""
    stress = verdict.stresses[number]
    if not stress or len(verdict.places[number]) != len(stress):
        return ""
    above = [" "] * len(verdict.poem.lines[number].text)
    for place, mark in zip(verdict.places[number], stress, strict=True):
        above[place] = STRESS_MARKS[mark]
    return "".join(above).rstrip()


def nearest_as_text(verdicts: Sequence[Verdict]) -> Text:
    """Return the forms a poem comes nearest to, with what it lacks."""
    text = Text()
    if not verdicts:
        text.append("The poem is not near any form that comes with Quatrain.")
    for verdict in verdicts:
        text.append(verdict.form, style="bold")
        if verdict.kept:
            licences = sum(bool(finding.licence) for finding in verdict.findings)
            plural = "s" if licences > 1 else ""
            allowing = f", allowing {licences} licence{plural}" if licences else ""
            text.append(f": keeps the form{allowing}\n")
        else:
            asked, broken = len(verdict.findings), len(verdict.broken)
            text.append(f": keeps {asked - broken} of {asked} rules. {verdict.broken[0]}\n")
    text.rstrip()
    return text
