"""The JSON of the tasks, read into the results of the tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quatrain.studio.mcp.results import (
    CheckedLine,
    CheckedPoem,
    Fault,
    LikelyForm,
    OfferedWord,
    Repair,
    Sense,
    WordGroup,
    Words,
)


def checked_poem(check: dict[str, Any]) -> CheckedPoem:
    """Return the check of a draft, its offsets turned into syllables and words."""
    return CheckedPoem(
        kept=check["kept"],
        complete=check["complete"],
        summary=check["summary"],
        form=check["form"],
        metre=check["metre"],
        faults=[_fault(fault, "", []) for fault in check["faults"]],
        likely_forms=[LikelyForm(**form) for form in check["likely_forms"]],
        lines=[_line(line) for line in check["lines"]],
    )


def words_of(panel: dict[str, Any]) -> Words:
    """Return what was found about a word and its place, in the order of the desk's panel."""
    return Words(
        **{name: panel[name] for name in ("word", "ipa", "said", "frequency", "place")},
        senses=[Sense.model_validate(sense) for sense in panel["senses"]],
        groups=[
            WordGroup(
                name=group["name"],
                words=[OfferedWord.model_validate(offered) for offered in group["words"]],
            )
            for group in panel["groups"]
        ],
    )


def _line(line: dict[str, Any]) -> CheckedLine:
    marks = line["syllable_marks"]
    same = ("number", "text", "state", "wanted", "syllables", "rhyme", "notes", "guessed", "wish")
    return CheckedLine(
        **{name: line[name] for name in same},
        rhymes_with=line["mates"],
        scansion=scansion(line["text"], marks),
        faults=[_fault(fault, line["text"], marks) for fault in line["faults"]],
    )


def _fault(fault: dict[str, Any], text: str, marks: Sequence[dict[str, Any]]) -> Fault:
    units = _units(text)
    spans = fault["spans"]
    syllables = [
        number
        for number, mark in enumerate(marks, 1)
        if any(mark["start"] < end and start < mark["end"] for start, end in spans)
    ]
    return Fault(
        asked=fault["asked"],
        brief=fault["brief"],
        message=fault["message"],
        passages=[_text(units[2 * start : 2 * end]) for start, end in spans],
        syllables=syllables,
        repairs=[Repair(**repair) for repair in fault["repairs"]],
    )


def scansion(text: str, marks: Sequence[dict[str, Any]]) -> str:
    """Return a line with its syllables apart by hyphens, and those on a beat in capitals.

    Args:
        text: the line.
        marks: its syllables, with start and end in units of UTF-16, and stress.
    """
    parts: list[str] = []
    units, before = _units(text), 0
    for mark in marks:
        between = _text(units[2 * before : 2 * mark["start"]])
        syllable = _text(units[2 * mark["start"] : 2 * mark["end"]])
        if mark["stress"] == "beat":
            syllable = syllable.upper()
        elif mark["stress"] == "extra":
            syllable = f"[{syllable}]"
        joined = "-" if parts and not between else ""
        parts.append(f"{between}{joined}{syllable}")
        before = mark["end"]
    return "".join(parts) + _text(units[2 * before :])


def _units(text: str) -> bytes:
    """Return the units of UTF-16 in which the offsets of the tasks count, two bytes each."""
    return text.encode("utf-16-le")


def _text(units: bytes) -> str:
    return units.decode("utf-16-le", "replace")
