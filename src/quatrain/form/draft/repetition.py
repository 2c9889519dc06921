"""Faults of a line beside others: rhymes, refrains, end words, acrostics, in words.

In: a broken finding, and the lines it is about. Out: a `Fault`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from quatrain.form.draft.wording import joined
from quatrain.records import Finding
from quatrain.records.draft import Fault, Repair, Span

_KINDS = {
    "family": "the vowel is the same, but the consonants after it are only alike",
    "assonance": "the vowel is the same, but not the consonants after it",
    "consonance": "the consonants are the same, but not the vowel before them",
    "slant": "they are only near in sound",
    "eye": "they are spelled alike, but not said alike",
    "historical": "they rhymed for poets of the past, but not any more",
    "identical": "it is the same word again",
    "promoted": "the last syllable isn't on a beat in both lines",
}
"""Kinds of rhyme that a form may refuse -> why, in words."""

_NUMBER = re.compile(r"line (\d+)")


def beside_fault(
    finding: Finding, lines: Sequence[str], span: Span | None, rhymes: Sequence[str]
) -> Fault:
    """Return the fault of a line that does not keep what it owes to others.

    Args:
        finding: the broken finding.
        lines: of the draft.
        span: the letters of the line that rhyme.
        rhymes: words that would rhyme and fit.
    """
    text = lines[finding.line - 1]
    match = _NUMBER.search(f"{finding.wanted} {finding.why} {finding.found}")
    other = int(match[1]) if match else 0
    whole = ((len(text) - len(text.lstrip()), len(text.rstrip())),)
    rhyming = (span,) if span else ()
    if finding.asked == "rhyme":
        return _rhyme_fault(finding, other, rhyming, rhymes)
    if finding.asked == "no rhyme":
        first, _, second = finding.found.partition(",")[0].partition("/")
        message = f"*{second}* rhymes with *{first}*, and this line should rhyme with none near it."
        return Fault("no rhyme", f"rhymes with line {other}", message, rhyming)
    if finding.asked == "refrain":
        return _refrain_fault(finding, other, lines, whole)
    if finding.asked == "end word":
        word = finding.wanted.strip("'\"")
        message = f"The line should end in *{word}*, the last word of line {other}."
        return Fault("end word", f"should end in {word}", message, whole[:1])
    letter = finding.wanted.strip("'").upper()
    message = (
        f"The first letters of the lines spell a word, and this one has to begin with {letter}."
    )
    start = whole[0][0]
    return Fault("acrostic", f"should begin with {letter}", message, ((start, start + 1),))


def _rhyme_fault(
    finding: Finding, other: int, spans: tuple[Span, ...], rhymes: Sequence[str]
) -> Fault:
    pair, _, kind = finding.found.partition(", ")
    first, _, second = pair.partition("/")
    reason = _KINDS.get(kind.removesuffix(" rhyme"), "")
    message = f"*{second}* doesn't rhyme with *{first}* in line {other}"
    message += f": {reason}." if reason else "."
    if rhymes:
        would = joined([f"*{word}*" for word in rhymes])
        message += f" {would} would." if len(rhymes) == 1 else f" For example, {would} would."
    return Fault("rhyme", f"doesn't rhyme with line {other}", message, spans)


def _refrain_fault(
    finding: Finding, other: int, lines: Sequence[str], whole: tuple[Span, ...]
) -> Fault:
    if finding.wanted.startswith("the opening words"):
        message = "The line should be the opening words of line 1 again, and no more."
        return Fault("refrain", "not the opening words", message, whole)
    text = lines[other - 1]
    message = f"The line should be line {other} again, word for word; punctuation may change."
    return Fault(
        "refrain",
        "not the refrain",
        message,
        whole,
        (Repair(f"Put line {other} here again.", text),),
    )
