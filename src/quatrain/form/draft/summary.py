"""A draft in one sentence, and what it breaks as a whole.

In: the lines of a draft after their check. Out: a sentence, and faults of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from quatrain.form.check import Judgement
from quatrain.form.draft.wording import joined
from quatrain.form.draft.written import MOST_LINES
from quatrain.form.form import Form
from quatrain.records.draft import DraftLine, Fault

_MOST_NAMED = 3
"""Lines that a summary names; of more it gives the number."""

_OTHERS = {
    "rhyme": ("doesn't rhyme", "don't rhyme"),
    "no rhyme": ("rhymes where it shouldn't", "rhyme where they shouldn't"),
    "refrain": ("isn't the refrain", "aren't the refrain"),
    "end word": ("has another end word", "have other end words"),
    "acrostic": ("breaks the acrostic", "break the acrostic"),
}
"""Demand of a form -> words for one line, or several, that don't keep it."""


def poem_faults(judgement: Judgement, last: int) -> tuple[Fault, ...]:
    """Return what a draft breaks as a whole: too many lines, no one metre.

    Args:
        judgement: what its form finds.
        last: number of the last line that is written.
    """
    form = judgement.form
    faults = []
    if form.fixed and last > form.opening_lines:
        over = last - form.opening_lines
        brief = "one line too many" if over == 1 else f"{over:,} lines too many"
        message = f"The draft has {last:,} lines, and the {form.title} has {form.opening_lines}."
        faults.append(Fault("lines", brief, message))
    faults += [
        Fault("one metre", "no one metre", finding.why)
        for finding in judgement.broken
        if finding.asked == "one metre"
    ]
    return tuple(faults)


def summary_of(
    lines: Sequence[DraftLine], form: Form, faults: Sequence[Fault], expected: int | None
) -> str:
    """Return a sentence on a draft in a form: `8 of 14 lines; all keep the metre but line 6`.

    Args:
        lines: every place.
        form: the form.
        faults: what the whole breaks.
        expected: the number of lines at which it would be complete; None if it has too many.
    """
    written = [line for line in lines if line.state != "empty"]
    if not written:
        if not form.fixed:
            return "No line yet; the form leaves their number open"
        return f"No line yet; {_article(form.title)} {form.title} has {form.opening_lines} lines"
    plural = "" if (expected or len(written)) == 1 else "s"
    parts = [
        f"{len(written):,} of {expected:,} line{plural}"
        if expected and len(written) < expected
        else f"{len(written):,} line{plural}"
    ]
    parts += [fault.brief for fault in faults]
    parts += filter(None, [_measure(written)])
    parts += _others(written)
    if sum(line.state == "free" for line in written) and len(written) > MOST_LINES:
        parts.append(f"lines after {MOST_LINES:,} are only counted")
    return "; ".join(parts)


def _article(title: str) -> str:
    return "an" if title[:1].lower() in "aeiou" else "a"


def _measure(written: Sequence[DraftLine]) -> str:
    """Return which lines keep their metre, or their number of syllables."""
    measured = [line for line in written if line.wanted and line.state != "free"]
    measured = [line for line in measured if not any(f.asked == "lines" for f in line.faults)]
    if not measured:
        return ""
    syllabic = measured[0].wanted.endswith(("syllable", "syllables"))
    what = "their syllables" if syllabic else "the metre"
    verb = "have" if syllabic else "keep"
    wrong = [
        line.number
        for line in measured
        if any(fault.asked in ("metre", "syllables") for fault in line.faults)
    ]
    if not wrong:
        return (
            f"it {verb.replace('have', 'has')}{'s' if verb == 'keep' else ''} {what}"
            if len(measured) == 1
            else f"all {verb} {what}"
        )
    if len(wrong) == len(measured):
        if len(wrong) == 1:
            return f"it doesn't {verb} {what}"
        return f"none {'has' if syllabic else 'keeps'} {what}"
    if len(wrong) > _MOST_NAMED:
        return f"{len(measured) - len(wrong):,} of {len(measured):,} {verb} {what}"
    return f"all {verb} {what} but {_numbers(wrong)}"


def _others(written: Sequence[DraftLine]) -> list[str]:
    """Return which lines don't rhyme, repeat or begin as they should."""
    parts = []
    for asked, (one, several) in _OTHERS.items():
        wrong = [
            line.number for line in written if any(fault.asked == asked for fault in line.faults)
        ]
        if len(wrong) > _MOST_NAMED:
            parts.append(f"{len(wrong):,} lines {several}")
        elif wrong:
            parts.append(f"{_numbers(wrong)} {one if len(wrong) == 1 else several}")
    return parts


def _numbers(numbers: Sequence[int]) -> str:
    """Return numbers of lines in words: `lines 6 and 8`."""
    return f"line{'' if len(numbers) == 1 else 's'} {joined([str(number) for number in numbers])}"
