"""Statistics of a corpus, for people and programs.

The functions take `CorpusStatistics`, and the reasons for a network of that size if there are any.
They return a renderable for the terminal, or JSON.
"""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from quatrain.page.numbers import printable
from quatrain.page.poems import facts
from quatrain.records import CleaningReport, CorpusStatistics, Omission, Poem

_BAR = 40
"""Columns of the longest bar."""
_BINS = 12
"""Bars of the histogram of line lengths, at most."""
_LISTED = 12
"""Rare characters listed by name."""
_NAMES = 5
"""Skipped files that a summary names; the listing of poems and JSON name them all."""
_SHOWN = 60
"""Characters facts of the longest line."""

_EXAMPLES = 5
"""Passages of each kind that a record shows."""

_LEFT_OUT = {"dropped": "near-duplicate poems", "empty": "entries without text"}
"""Counts of a report that are of whole poems left out -> what they are."""

_CHANGES = {
    "line_endings": "Windows or other line endings converted",
    "quotes": "curly quotation marks and apostrophes made straight",
    "dashes": "typographic dashes made plain",
    "spaces": "tabs and unusual spaces made plain",
    "control": "control and invisible characters removed",
    "trailing": "lines with trailing spaces trimmed",
    "blank": "extra blank lines removed",
    "indented": "poems moved to the left margin",
    "normalised": "lines with accents composed (Unicode NFC)",
    "entities": "HTML entities turned into characters",
    "cut": "breaks put into texts too long to be one poem",
    "empty": "entries without text left out",
    "dropped": "near-duplicate poems left out",
}


def as_text(statistics: CorpusStatistics, reasons: Sequence[str] = ()) -> RenderableType:
    """Return the statistics for a terminal: counts, alphabet, line lengths, what was cleaned.

    Args:
        statistics: of the corpus.
        reasons: sentences on the network proposed for it, facts last.
    """
    counts = Table.grid(padding=(0, 2))
    counts.add_column(style="dim")
    counts.add_column(justify="right")
    for name in ("poems", "stanzas", "lines", "words", "characters"):
        counts.add_row(name, f"{getattr(statistics, name):,}")
    if duplicates := statistics.report.duplicates - statistics.report.dropped:
        counts.add_row("near-duplicates", f"{duplicates:,}")
    parts: list[RenderableType] = [
        Text(statistics.name, style="bold"),
        _indented(counts),
        Text(""),
        *_alphabet(statistics),
        Text(""),
        *_lengths(statistics),
        Text(""),
        *_cleaned(statistics.report),
    ]
    if reasons:
        parts.extend((Text(""), Text("\n".join(reasons))))
    return Group(*parts)


def as_json(
    statistics: CorpusStatistics, settings: object | None = None, reasons: Sequence[str] = ()
) -> str:
    """Return the statistics as one JSON object, with the settings proposed if there are any."""
    facts: dict[str, Any] = dataclasses.asdict(statistics)
    facts["line_lengths"] = {
        str(length): count for length, count in statistics.line_lengths.items()
    }
    if dataclasses.is_dataclass(settings) and not isinstance(settings, type):
        facts["proposed"] = dataclasses.asdict(settings)
    if reasons:
        facts["reasons"] = list(reasons)
    return json.dumps(facts, ensure_ascii=False)


def as_record(
    statistics: CorpusStatistics, reasons: Sequence[str] = (), root: str = ""
) -> dict[str, Any]:
    """Return what was read, what was changed, and what was left out and why, for a page.

    Args:
        statistics: of the corpus.
        reasons: sentences on the network proposed for it.
        root: the folder of the files, which their names then leave out.

    Returns:
        Counts by name, and lists of `{"what", "count"}`, of left out text by kind with examples,
        and of sentences; plain values that JSON can hold.
    """
    report = statistics.report
    by_kind: dict[str, list[Omission]] = {}
    for omission in report.omissions:
        by_kind.setdefault(omission.kind, []).append(omission)
    reading = {
        **{f"read as {encoding}": count for encoding, count in report.encodings.items()},
        **{
            f"{'file' if count == 1 else 'files'} in which {rule}": count
            for rule, count in report.rules.items()
        },
        **{
            f"{'file' if count == 1 else 'files'} whose poems are in the column {columns}": count
            for columns, count in report.columns.items()
        },
    }
    left_out = [
        {"what": what, "count": getattr(report, name), "examples": []}
        for name, what in _LEFT_OUT.items()
        if getattr(report, name)
    ]
    for kind, count in sorted(report.omitted.items(), key=lambda item: (-item[1], item[0])):
        examples = [_passage(omission, root) for omission in by_kind.get(kind, [])[:_EXAMPLES]]
        left_out.append({"what": f"lines of {kind}", "count": count, "examples": examples})
    return {
        "files": report.files,
        **{
            name: getattr(statistics, name)
            for name in ("poems", "stanzas", "lines", "words", "characters")
        },
        "reading": [{"what": what, "count": count} for what, count in reading.items()],
        "changes": [
            {"what": what, "count": getattr(report, name)}
            for name, what in _CHANGES.items()
            if name not in _LEFT_OUT and getattr(report, name)
        ],
        "left_out": left_out,
        "doubts": [
            {"what": doubt.kind, **_passage(doubt, root)} for doubt in report.doubts[:_LISTED]
        ],
        "not_read": list(report.skipped_names),
        "advice": list(reasons),
    }


def _passage(omission: Omission, root: str) -> dict[str, Any]:
    """Return a passage of a source: its beginning, its file below `root`, its line."""
    return {
        "text": _cut(omission.text),
        "file": printable(omission.file.removeprefix(root).lstrip("/\\")),
        "line": omission.line,
    }


def poem_as_text(number: int, poem: Poem) -> Text:
    """Return a poem in a listing: number, title, first line, what stands beside it, its place."""
    text = Text(f"{number:>5}  ", style="dim")
    text.append(printable(poem.title) or "(no title)", style="bold")
    if poem.author:
        text.append(f", {printable(poem.author)}")
    lines = "1 line" if len(poem.lines) == 1 else f"{len(poem.lines):,} lines"
    place = f"{poem.source}, line {poem.line:,}" if poem.line else poem.source
    text.append(f"\n       {lines}, {place}", style="dim")
    if poem.lines:
        text.append(f"\n       {_cut(poem.lines[0].text)}")
    for paratext in poem.paratexts:
        text.append(f"\n       {paratext.kind}: {_cut(paratext.text)}", style="italic")
    return text


def poem_as_json(number: int, poem: Poem) -> str:
    """Return a poem in a listing as one JSON object on one line."""
    return json.dumps(
        {
            "number": number,
            **facts(poem),
            "first_line": poem.lines[0].text if poem.lines else "",
            "lines": len(poem.lines),
        },
        ensure_ascii=False,
    )


def report_as_json(report: CleaningReport) -> str:
    """Return the report of a reading as one JSON object on one line."""
    return json.dumps({"report": dataclasses.asdict(report)}, ensure_ascii=False)


def left_out(report: CleaningReport) -> Text:
    """Return what was not taken as verse, by kind, with the lines; then what is doubtful."""
    text = Text()
    by_kind: dict[str, list[Omission]] = {}
    for omission in report.omissions:
        by_kind.setdefault(omission.kind, []).append(omission)
    for kind, number in sorted(report.omitted.items(), key=lambda item: (-item[1], item[0])):
        text.append(f"\nnot taken as verse: {kind} ({number:,})", style="bold")
        for omission in by_kind.get(kind, [])[:_LISTED]:
            text.append(f"\n  {_place(omission, report)}: {_cut(omission.text)}")
        if len(by_kind.get(kind, [])) > _LISTED:
            text.append(f"\n  and {len(by_kind[kind]) - _LISTED:,} more; --json lists them all")
    if report.doubts:
        text.append(f"\ntaken as verse, but in doubt ({len(report.doubts):,})", style="bold")
    for doubt in report.doubts[:_LISTED]:
        text.append(f"\n  {_place(doubt, report)}: {_cut(doubt.text)} (a {doubt.kind}?)")
    if len(report.doubts) > _LISTED:
        text.append(f"\n  and {len(report.doubts) - _LISTED:,} more; --json lists them all")
    for name in report.skipped_names:
        text.append(f"\nnot read: {printable(name)}")
    return text


def _place(omission: Omission, report: CleaningReport) -> str:
    """Return the line of an omission, with its file if several were read."""
    file = f"{printable(omission.file)}, " if report.files > 1 else ""
    return f"{file}line {omission.line:,}"


def _cut(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = printable(" / ".join(text.split("\n")))
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."


def _alphabet(statistics: CorpusStatistics) -> list[RenderableType]:
    """List the characters in use, and the rare ones with their counts."""
    characters = " ".join(map(_visible, statistics.alphabet[:200]))
    more = " ..." if len(statistics.alphabet) > 200 else ""
    parts: list[RenderableType] = [
        Text(f"{len(statistics.alphabet):,} characters in use", style="bold"),
        _indented(Text(characters + more)),
    ]
    if statistics.rare:
        ranked = sorted(statistics.rare.items(), key=lambda item: (-item[1], item[0]))
        listed = ", ".join(
            f"{_visible(character)} ({count})" for character, count in ranked[:_LISTED]
        )
        more = f" and {len(ranked) - _LISTED:,} others" if len(ranked) > _LISTED else ""
        parts.append(_indented(Text(f"{len(ranked):,} of them are rare: {listed}{more}.")))
        if (minimum := statistics.minimum_count) > 1:
            note = f"Those with fewer than {minimum} in the training poems count as unknown."
            parts.append(_indented(Text(note)))
    return parts


def _lengths(statistics: CorpusStatistics) -> list[RenderableType]:
    """Draw a histogram of line lengths, and show the longest line."""
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="dim")
    table.add_column()
    table.add_column(justify="right")
    bins = _binned(statistics.line_lengths)
    most = max(count for _, count in bins)
    for label, count in bins:
        table.add_row(label, "█" * -(-count * _BAR // most), f"{count:,}")
    longest = statistics.longest_line
    cut = f"{longest[:_SHOWN]}..." if len(longest) > _SHOWN else longest
    return [
        Text("Characters per line", style="bold"),
        _indented(table),
        _indented(Text(f"The longest has {len(longest):,} ({statistics.longest_where}): {cut}")),
    ]


def _binned(lengths: Mapping[int, int]) -> list[tuple[str, int]]:
    """Return at most `_BINS` bins of equal width; the last takes in all that is longer.

    The width fits the shortest length that at least 99.5 % of the lines do not exceed, so
    that one very long line does not flatten the picture.
    """
    total, seen, usual = sum(lengths.values()), 0, 0
    for length in sorted(lengths):
        seen += lengths[length]
        usual = length
        if seen >= 0.995 * total:
            break
    width = next(
        width for width in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if usual < width * _BINS
    )
    first, last = min(lengths) // width, usual // width
    counts = dict.fromkeys(range(first, last + 1), 0)
    for length, count in lengths.items():
        counts[min(length // width, last)] += count
    labels = {
        at: f"{at * width}" if width == 1 else f"{at * width}-{at * width + width - 1}"
        for at in counts
    }
    if max(lengths) >= (last + 1) * width:
        labels[last] = f"{last * width} and more"
    return [(labels[at], count) for at, count in counts.items()]


def omitted(report: CleaningReport) -> str:
    """Return what was not taken as verse in words: "12 lines of licence, 3 lines of titles"."""
    parts = [
        f"{count:,} {'line' if count == 1 else 'lines'} of {kind}"
        for kind, count in sorted(report.omitted.items(), key=lambda item: (-item[1], item[0]))
    ]
    return ", ".join(parts)


def _cleaned(report: CleaningReport) -> list[RenderableType]:
    """List what was read, changed and left out."""
    files = "1 file" if report.files == 1 else f"{report.files:,} files"
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    table.add_column()
    for encoding, number in report.encodings.items():
        table.add_row(f"{number:,}", f"read as {encoding}")
    for rule, number in report.rules.items():
        table.add_row(f"{number:,}", f"{'file' if number == 1 else 'files'} in which {rule}")
    for columns, number in report.columns.items():
        files_of = "file whose poems are" if number == 1 else "files whose poems are"
        table.add_row(f"{number:,}", f"{files_of} in the column {columns}")
    for kind, number in sorted(report.omitted.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(f"{number:,}", f"not taken as verse: {kind}")
    for name, meaning in _CHANGES.items():
        if count := getattr(report, name):
            table.add_row(f"{count:,}", meaning)
    if report.skipped:
        names = ", ".join(report.skipped_names[:_NAMES]) or "hidden"
        more = ", ..." if 0 < min(len(report.skipped_names), _NAMES) < report.skipped else ""
        table.add_row(f"{report.skipped:,}", Text(f"skipped: {names}{more}"))
    return [Text(f"Reading and cleaning {files}", style="bold"), _indented(table)]


def _visible(character: str) -> str:
    """Return a character as itself, or, if it would not show, as its code point."""
    shows = character.isprintable() and not character.isspace()
    joins = unicodedata.combining(character)
    return character if shows and not joins else f"U+{ord(character):04X}"


def _indented(part: RenderableType) -> Padding:
    return Padding(part, (0, 0, 0, 2))
