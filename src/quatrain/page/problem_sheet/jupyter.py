"""A sheet of problems as a notebook (nbformat 4.5), which needs Quatrain only to check."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from quatrain.page.answers import sheet_title
from quatrain.page.problem_sheet.markdown import (
    escape,
    parts_as_markdown,
    question_as_markdown,
    solution_as_markdown,
)
from quatrain.records import ProblemSheet


def as_notebook(sheet: ProblemSheet, *, solutions: bool = False) -> str:
    """Return a sheet as the text of an `.ipynb` file.

    A cell draws the sheet again from its seed; under each question is a cell for the answer.
    """
    cells = list(_cells(sheet, solutions=solutions))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return json.dumps(
        {
            "cells": cells,
            "metadata": {
                "kernelspec": {
                    "display_name": "Python 3",
                    "language": "python",
                    "name": "python3",
                },
                "language_info": {"name": "python"},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
    )


def _cells(sheet: ProblemSheet, *, solutions: bool) -> Iterator[dict[str, Any]]:
    yield _markdown([f"# {escape(sheet_title(sheet))}", "", escape(sheet.seed)])
    drawn = f"quatrain.exercise({sheet.topic!r}, seed={sheet.seed!r}, level={sheet.level})"
    yield _code(["import quatrain", "", f"sheet = {drawn}"])
    if sheet.given:
        yield _markdown(parts_as_markdown(sheet.given, typeset=True))
    for question in sheet.questions:
        yield _markdown(question_as_markdown(question, typeset=True))
        yield _code([f"sheet[{question.number}].check(...)  # your answer in place of the dots"])
        if solutions:
            yield _markdown(solution_as_markdown(question, typeset=True))


def _markdown(lines: Iterable[str]) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": "\n".join(lines).strip("\n")}


def _code(lines: Iterable[str]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": "\n".join(lines),
    }
