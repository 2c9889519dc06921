"""Marks of a class: for the terminal, as a table in CSV, as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from quatrain.page.numbers import printable
from quatrain.records import Marking

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that a spreadsheet would run as a formula."""


def marks_as_text(markings: Sequence[Marking]) -> str:
    """Return the marks of each student, a sentence a question."""
    return "\n\n".join(printable(str(marking)) for marking in markings)


def marks_as_csv(markings: Sequence[Marking]) -> str:
    """Return a row a student: the name, the number right, and a verdict and message a question."""
    count = max((len(marking.marks) for marking in markings), default=0)
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    columns = [f"{number} {part}" for number in range(1, count + 1) for part in ("mark", "message")]
    table.writerow(["student", "right", "questions", *columns])
    for marking in markings:
        cells = [text for mark in marking.marks for text in (mark.verdict, mark.message)]
        texts = [_cell(text) for text in (marking.student, *cells)]
        table.writerow([texts[0], marking.right, len(marking.marks), *texts[1:]])
    return file.getvalue()


def marks_as_json(markings: Sequence[Marking]) -> str:
    """Return a list of students with their marks."""
    return json.dumps(
        [
            {
                "student": marking.student,
                "right": marking.right,
                "marks": [
                    {
                        "question": mark.question,
                        "verdict": mark.verdict,
                        "message": mark.message,
                        "mistakes": list(mark.mistakes),
                    }
                    for mark in marking.marks
                ],
            }
            for marking in markings
        ]
    )


def _cell(text: str) -> str:
    """Return a text that a spreadsheet shows and does not run."""
    shown = printable(text, " ")
    return f"'{shown}" if shown.startswith(_FORMULA_SIGNS) else shown
