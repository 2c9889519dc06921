"""Sentences on how a source was read: its encoding, what was left out, what is doubtful.

They take a `CleaningReport` and serve training, evaluation and the command line.
"""

from __future__ import annotations

from collections.abc import Iterator

from quatrain.records import CleaningReport

MOST_NAMES = 5
"""Skipped files that a note names, at most."""

MOST_DOUBTS = 3
"""Doubtful lines that a note quotes, at most."""


def reading_notes(report: CleaningReport) -> Iterator[str]:
    """Yield sentences for the user on how the source was read."""
    for encoding, files in report.encodings.items():
        if "detected" in encoding:
            yield f"{_files(files)}: the encoding is probably {encoding}."
    for rule, files in report.rules.items():
        yield f"In {_files(files)}, {rule}."
    for columns, files in report.columns.items():
        yield f"In {_files(files)}, the poems are in the column {columns}."
    if report.skipped:
        names = ", ".join(report.skipped_names[:MOST_NAMES]) or "hidden"
        more = ", ..." if 0 < min(len(report.skipped_names), MOST_NAMES) < report.skipped else ""
        yield f"Skipped {_files(report.skipped)}: {names}{more}."
    yield from omission_notes(report)
    if report.dropped:
        yield f"{report.dropped:,} poems left out: nearly the same as an earlier one."
    elif report.duplicates:
        yield (
            f"{report.duplicates:,} poems are nearly the same as an earlier one; they stay on "
            "the same side of the split."
        )
    if report.cut:
        yield f"{report.cut:,} breaks put into texts too long to be one poem."


def omission_notes(report: CleaningReport) -> Iterator[str]:
    """Yield sentences on what was not taken as verse, and on what may not be verse."""
    if report.omitted:
        ranked = sorted(report.omitted.items(), key=lambda item: (-item[1], item[0]))
        kinds = ", ".join(f"{kind} ({lines:,})" for kind, lines in ranked)
        total = sum(report.omitted.values())
        yield (
            f"{total:,} {'line' if total == 1 else 'lines'} not taken as verse: {kinds}. "
            "`quatrain corpus poems PATH` lists them; --keep-all takes them as verse."
        )
    if report.doubts:
        listed = ", ".join(
            f"{doubt.text!r} in line {doubt.line:,} (a {doubt.kind}?)"
            for doubt in report.doubts[:MOST_DOUBTS]
        )
        more = f" and {len(report.doubts) - MOST_DOUBTS:,} more" * (
            len(report.doubts) > MOST_DOUBTS
        )
        lines = "1 line is" if len(report.doubts) == 1 else f"{len(report.doubts):,} lines are"
        yield f"{lines} taken as verse, but may be something else: {listed}{more}."


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number:,} files"
