"""The check of a draft: as JSON for programs, its faults with their repairs for the terminal.

The functions take a `DraftCheck`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from rich.text import Text

from quatrain.records import DraftCheck, DraftLine, Fault

_Place = Callable[[int], int]
"""Turns an offset in a line into the one that is shown."""


def as_dict(check: DraftCheck, *, utf16: bool = False) -> dict[str, object]:
    """Return the check of a draft as JSON has it: dicts, lists, texts and numbers.

    Args:
        check: the check.
        utf16: whether offsets count UTF-16 units, as JavaScript does, and not characters.
    """
    return {
        "form": check.form,
        "form_title": check.form_title,
        "metre": check.metre,
        "summary": check.summary,
        "kept": check.kept,
        "complete": check.complete,
        "faults": [_fault(fault, _same) for fault in check.faults],
        "likely_forms": [
            {"name": form.name, "title": form.title, "why": form.why} for form in check.likely_forms
        ],
        "lines": [_line(line, utf16=utf16) for line in check.lines],
    }


def as_json(check: DraftCheck, *, utf16: bool = False) -> str:
    """Return the check of a draft as one JSON object on one line; see `as_dict`."""
    return json.dumps(as_dict(check, utf16=utf16), ensure_ascii=False)


def faults_as_text(check: DraftCheck) -> Text:
    """Return the faults of a draft with the reason, and under each the lines that mend it."""
    text = Text()
    for line in check.lines:
        for fault in line.faults:
            text.append(f"Line {line.number}, {fault.brief}", style="bold")
            text.append(": ").append_text(_emphasized(fault.message)).append("\n")
            for repair in fault.repairs:
                text.append(f"    {repair.text}\n", style="green")
                text.append("      ").append_text(_emphasized(repair.label)).append("\n")
    text.rstrip()
    return text


def _emphasized(text: str) -> Text:
    """Return a text whose words between asterisks are set in italics."""
    shown = Text()
    for number, part in enumerate(text.split("*")):
        shown.append(part, style="italic" if number % 2 else "")
    return shown


def _line(line: DraftLine, *, utf16: bool) -> dict[str, object]:
    place = _utf16(line.text) if utf16 and not line.text.isascii() else _same
    return {
        "number": line.number,
        "text": line.text,
        "state": line.state,
        "gap": line.gap,
        "indent": line.indent,
        "syllables": line.syllables,
        "wanted": line.wanted,
        "rhyme": line.rhyme,
        "mates": list(line.mates),
        "rhyme_span": None if line.rhyme_span is None else [*map(place, line.rhyme_span)],
        "syllable_marks": [
            {"start": place(mark.start), "end": place(mark.end), "stress": mark.stress}
            for mark in line.syllable_marks
        ],
        "feet": _spans(line.feet, place),
        "faults": [_fault(fault, place) for fault in line.faults],
        "breaks_off": line.breaks_off,
        "notes": list(line.notes),
        "guessed": list(line.guessed),
        "wish": line.wish,
    }


def _fault(fault: Fault, place: _Place) -> dict[str, object]:
    return {
        "asked": fault.asked,
        "brief": fault.brief,
        "message": fault.message,
        "spans": _spans(fault.spans, place),
        "repairs": [{"label": repair.label, "text": repair.text} for repair in fault.repairs],
    }


def _spans(spans: Iterable[tuple[int, int]], place: _Place) -> list[list[int]]:
    return [[place(start), place(end)] for start, end in spans]


def _same(offset: int) -> int:
    return offset


def _utf16(text: str) -> _Place:
    """Return what turns an offset in a text into UTF-16 units: two for each sign beyond U+FFFF."""
    units = [0]
    for character in text:
        units.append(units[-1] + 1 + (character > "\uffff"))

    def place(offset: int) -> int:
        return units[min(offset, len(text))]

    return place
