"""Marks of a class: for the terminal, as a table in CSV, as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from quatrain.page.numbers import printable
from quatrain.records import Marking, QuestionResult

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that a spreadsheet would run as a formula."""


def marks_as_text(markings: Sequence[Marking], results: Sequence[QuestionResult] = ()) -> str:
    """Return the marks of each student, a sentence a question.

    Args:
        markings: a marking for each student.
        results: of the class; printed at the end if there is more than one student.
    """
    texts = [str(marking) for marking in markings]
    if len(markings) > 1:
        right = sum(marking.right for marking in markings)
        questions = sum(len(marking.marks) for marking in markings)
        title = f"The class of {len(markings):,}: {right:,} of {questions:,} right"
        texts.append("\n".join([title, *map(str, results)]))
    return "\n\n".join(map(printable, texts))


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
