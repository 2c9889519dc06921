"""The margins of verse: line numbers, note marks and notes, page furniture.

The functions take the paragraphs of a poem and return them without these, and note what they
took. A number in the margin is taken for a line number only if it counts the lines.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set

from quatrain.corpus.paratext.lines import is_numbered, is_ruler
from quatrain.corpus.paratext.rows import Findings, Row

Paragraphs = list[list[Row]]

_RIGHT = re.compile(r"(?P<verse>.*?\S)(?P<gap> +)[\[(]?(?P<number>\d{1,5})[\])]?")
_LEFT = re.compile(r" *(?P<number>\d{1,5})(?P<gap>[.):]? +)(?P<verse>\D.*|\d+ \D.*)")
_DENSE = 0.8
"""Share of a poem's lines that have a number, at least, if every line is to be numbered."""
_WIDE = 3
"""Spaces that set a number apart from its line."""

_BRACKET_MARK = re.compile(
    r" ?\[(?:\d{1,3}[a-z]?|[*†‡§¶]+|\^\d{1,3}|(?:fn|note|n)\.? ?\d{1,3})\]"
    r"|(?<=[\w.,;:!?'\"’”])\[[A-Za-z]{1,2}\]|(?<=\w)\{\d{1,3}\}"
)
_SUPERSCRIPT = re.compile(r"(?<=[^\s\d])[¹²³⁰⁴-⁹]+|[†‡]+")
_STAR = re.compile(r"(?<=[\w.,;:!?'\"’”])\*{1,3}(?=[\s.,;:!?'\"’”)]|$)")
_ROUND = re.compile(r"(?<=[\w.,;:!?'\"’”])\((?P<mark>\d{1,2}|[a-z*])\)")
_NOTE = re.compile(
    r"\s*(?:\[\^?(?P<square>\d{1,3}|[A-Za-z]|[*†‡§]+)\]:?|\((?P<round>\d{1,2}|[a-z*])\)"
    r"|(?P<symbol>[*†‡§¶]{1,3})|(?P<superscript>[¹²³⁰⁴-⁹]+)|(?P<digits>\d{1,3})[.)])\s*(?=\S)"
)
_EDITORIAL = re.compile(
    r"\s*\[(?:footnote|note|transcriber|editor|illustration|sidenote|music|blank page|decoration"
    r"|picture|image|photo|plate|frontispiece|tailpiece|headpiece|vignette)s?\b",
    re.IGNORECASE,
)
_ILLUSTRATION = re.compile(
    r"\s*\[(?:illustration|music|decoration|picture|image|photo|plate|frontispiece|tailpiece"
    r"|headpiece|vignette|blank page)",
    re.IGNORECASE,
)
_NOTE_HEAD = re.compile(r"\s*(?:foot|end)?notes?(?:\s+to\b.*)?[.:]?(?:--|—)?\s*", re.IGNORECASE)
_NOTE_START = re.compile(r"\s*(?:_?note_?s?|n\.?b|p\.?s)[._]*(?::|\.?--|\.?—)\s*\S", re.IGNORECASE)
_PAGE = re.compile(
    r"\s*(?:[\[{(]?(?:pg|p|pp|page|seite|fol)\.? ?\d{1,4}(?: of \d{1,4})?[\]})]?"
    r"|[-–—~]{1,2} ?\d{1,4} ?[-–—~]{1,2}|\{\d{1,4}\})\s*",
    re.IGNORECASE,
)
_PAGE_WITHIN = re.compile(r" ?[\[{](?:pg|p|page)\.? ?\d{1,4}[\]}] ?", re.IGNORECASE)


RUNNING_HEAD = re.compile(
    r" *(?:\d{1,4} {2,}[^a-z\d]*[A-Z][^a-z\d]*|[^a-z\d]*[A-Z][^a-z\d]* {2,}\d{1,4}) *"
)
"""A title in capitals and the number of a page, far apart on one line."""


def without_page_furniture(paragraphs: Paragraphs, findings: Findings) -> Paragraphs:
    """Take out page numbers, and illustrations and editors' notes in brackets."""
    rest: Paragraphs = []
    inside = ""
    for paragraph in paragraphs:
        rows: list[Row] = []
        for row in paragraph:
            if inside or _EDITORIAL.match(row.text):
                inside = inside or ("illustration" if _ILLUSTRATION.match(row.text) else "note")
                findings.omit(inside, row.text, row.number)
                if row.text.rstrip().endswith("]"):
                    inside = ""
                continue
            if _PAGE.fullmatch(row.text):
                findings.omit("page number", row.text, row.number)
                continue
            if RUNNING_HEAD.fullmatch(row.text):
                findings.omit("running head", row.text, row.number)
                continue
            if "[" in row.text or "{" in row.text:
                row = _replace(_PAGE_WITHIN, " ", row, "page number", findings)
            if not row.blank:
                rows.append(row)
        rest.append(rows)
    if inside:  # a bracket that is never closed: nothing may be lost to it
        return paragraphs
    return list(filter(None, rest))


def without_line_numbers(paragraphs: Paragraphs, findings: Findings) -> Paragraphs:
    """Take numbers out of the margin if they count the lines of verse."""
    rows = [row for paragraph in paragraphs for row in paragraph]
    for pattern in (_RIGHT, _LEFT):
        matches = {
            place: match
            for place, row in enumerate(rows)
            if row.text[-1:].isdecimal() or row.text[-1:] in "])" or pattern is _LEFT
            if (match := pattern.fullmatch(row.text))
        }
        numbers = _line_numbers(matches, len(rows))
        if numbers:
            verse = {}
            for place in numbers:
                match = matches[place]
                findings.omit("line number", match["number"], rows[place].number)
                indentation = " " * match.start("verse") if pattern is _LEFT else ""
                verse[rows[place].number] = indentation + match["verse"].rstrip()
            all_numbered = pattern is _LEFT and len(numbers) == len(rows)
            paragraphs = [
                [
                    Row(row.number, _flush(verse[row.number], all_numbered))
                    if row.number in verse
                    else row
                    for row in paragraph
                ]
                for paragraph in paragraphs
            ]
            rows = [row for paragraph in paragraphs for row in paragraph]
    return paragraphs


def _flush(text: str, left: bool) -> str:
    return text.lstrip() if left else text


def _line_numbers(matches: dict[int, re.Match[str]], rows: int) -> list[int]:
    """Return the places of rows whose number counts the lines.

    Numbers count if the differences between them are those between their places, and if nearly
    every line has one, or if they are multiples of five, or three multiples of a smaller number.
    A single one counts if it is that of its own line, a multiple of five, and set far apart.
    """
    offsets: dict[int, list[int]] = {}
    for place, match in matches.items():
        if number := int(match["number"]):
            offsets.setdefault(number - place, []).append(place)
    if not offsets:
        return []
    offset, places = max(offsets.items(), key=lambda item: len(item[1]))
    step = math.gcd(*(place + offset for place in places))
    if len(places) > 1 and len(places) >= _DENSE * rows:
        return places
    if len(places) > 1 and (step % 5 == 0 or (step > 1 and len(places) > 2)):
        return places
    far = len(matches[places[0]]["gap"]) >= _WIDE
    return places if len(places) == 1 and offset == 1 and step % 5 == 0 and far else []


def without_notes(paragraphs: Paragraphs, findings: Findings) -> Paragraphs:
    """Take out notes below the verse, and the marks in it that lead to them."""
    body, notes = _notes_below(paragraphs)
    for paragraph in notes:
        text = "\n".join(row.text.strip() for row in paragraph)
        findings.keep("note", text, paragraph[0].number)
    marks = {mark for paragraph in notes for mark in _marks(paragraph)}
    rest = [[_without_marks(row, marks, findings) for row in paragraph] for paragraph in body]
    return [rows for rows in ([row for row in p if not row.blank] for p in rest) if rows]


def notes_in(text: str) -> list[str]:
    """Return the notes that a text consists of, each a paragraph; none if it is anything else."""
    notes = text.split("\n\n")
    if len(notes) > 1 and _NOTE_HEAD.fullmatch(notes[0]):
        del notes[0]
    return notes if all(_NOTE.match(note) or _NOTE_START.match(note) for note in notes) else []


def _without_marks(row: Row, marks: set[str], findings: Findings) -> Row:
    """Take the note marks out of a line; round ones and letters only if there is such a note."""
    text = row.text
    if is_numbered(text):
        return row  # [1] alone on its line is a heading
    if "[" in text or "{" in text:
        row = _replace(_BRACKET_MARK, "", row, "note mark", findings)
    if not row.text.isascii():
        row = _replace(_SUPERSCRIPT, "", row, "note mark", findings)
    if "*" in row.text and not is_ruler(row.text) and row.text.count("*") % 2:
        row = _replace(_STAR, "", row, "note mark", findings)
    if "(" in row.text and marks:
        row = _replace(_ROUND, "", row, "note mark", findings, marks)
    return row


def _replace(
    pattern: re.Pattern[str],
    by: str,
    row: Row,
    kind: str,
    findings: Findings,
    marks: Set[str] | None = None,
) -> Row:
    """Replace what matches in a row, and note it; with `marks`, only if it is one of them."""

    def replacement(match: re.Match[str]) -> str:
        if marks is not None and match["mark"] not in marks:
            return match[0]
        findings.omit(kind, match[0], row.number)
        return by

    return Row(row.number, pattern.sub(replacement, row.text).rstrip())


_MOST_NOTES = 200
"""Notes that are looked for below a poem: each is compared with all the verse above it."""


def _marks(paragraph: Sequence[Row]) -> list[str]:
    marks: list[str] = []
    for row in paragraph:
        if match := _NOTE.match(row.text):
            marks.extend(mark for mark in match.groups() if mark)
    return marks


def _notes_below(paragraphs: Paragraphs) -> tuple[Paragraphs, Paragraphs]:
    """Divide the paragraphs of a poem at the first of the notes below it."""
    first = len(paragraphs)
    least = max(1, first - _MOST_NOTES)
    while first > least and _is_note(paragraphs[first - 1], paragraphs[: first - 1]):
        first -= 1
    for place in range(1, first):
        head = paragraphs[place]
        if not _NOTE_HEAD.fullmatch(head[0].text):
            continue
        below = paragraphs[place + 1 : first + 1]
        if len(head) > 1 or below:
            items = [row.text for row in head[1:]] + [p[0].text for p in below]
            if all(map(_NOTE.match, items[:1])):
                first = place
                break
    return paragraphs[:first], paragraphs[first:]


def _is_note(paragraph: Sequence[Row], above: Paragraphs) -> bool:
    """Return whether a paragraph below verse is a note: its mark stands in the verse, too."""
    text = paragraph[0].text
    if _NOTE_HEAD.fullmatch(text) and len(paragraph) == 1:
        return False
    if _NOTE_START.match(text):
        return True
    match = _NOTE.match(text)
    if not match:
        return False
    verse = "\n".join(row.text for rows in above for row in rows)
    if match["digits"]:
        return bool(re.search(rf"(?:\[{match['digits']}\]|\({match['digits']}\))", verse)) or (
            any(_SUPERSCRIPT.search(row.text) for rows in above for row in rows)
        )
    if match["square"]:
        mark = match["square"]
        return (
            f"[{mark}]" in verse
            or f"[^{mark}]" in verse
            or (
                mark.isdecimal() and len(text) > len(match[0]) and not text[match.end()].isdecimal()
            )
        )
    mark = next(mark for mark in match.groups() if mark)
    if match["round"]:
        return f"({mark})" in verse
    return bool(re.search(rf"\S {{0,2}}{re.escape(mark)}(?:\W|$)", verse, re.MULTILINE))
