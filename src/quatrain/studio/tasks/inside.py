"""Demonstrations and exercises, as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quatrain.explain import demonstrate, exercise
from quatrain.explain.demonstrations.grid import state_grid
from quatrain.explain.demonstrations.state import read_state
from quatrain.explain.demonstrations.topics import find_topic
from quatrain.explain.demonstrations.topics import list_topics as demonstrations
from quatrain.page import demonstration as page
from quatrain.page.answers import answer_text
from quatrain.page.demonstration_page import DemonstrationTable, as_page
from quatrain.page.explanation_html import parts_as_html
from quatrain.records import Part


def load_inside() -> None:
    """Load every topic, and use the first once."""
    topics = demonstrations()
    page.as_json(demonstrate(topics[0].name))


def list_topics() -> str:
    """Return name, title and lead of each topic."""
    return _json(
        {
            "topics": [
                {"topic": topic.name, "title": topic.title, "lead": topic.lead}
                for topic in demonstrations()
            ]
        }
    )


def show(topic: str, state: dict[str, Any]) -> str:
    """Return a demonstration in a state."""
    return page.as_json(demonstrate(topic, **state))


def show_latex(topic: str, state: dict[str, Any]) -> str:
    """Return the formulas of a demonstration as LaTeX."""
    return _json({"latex": page.as_latex(demonstrate(topic, **state))})


def make_page(topic: str, query: dict[str, str], folder: str) -> str:
    """Return a page that works without a server.

    Args:
        topic: the topic.
        query: the state that it shows at first, as text.
        folder: the desk's `static` folder.
    """
    grid = state_grid(topic, read_state(find_topic(topic).controls, query))
    table = DemonstrationTable(grid.values, grid.first)
    for shown in grid:
        table.add(shown)
    return as_page(table, Path(folder))


def make_sheet(topic: str, seed: str, level: int) -> str:
    """Return the questions of a sheet, without the answers."""
    sheet = exercise(topic, seed=seed, level=level)
    questions = [
        {
            "number": question.number,
            "text": question.text,
            "kind": question.kind,
            "rounding": question.rounding,
            "options": question.options,
            "variables": question.variables,
            "html": _parts(question.given),
        }
        for question in sheet.questions
    ]
    return _json(
        {
            "topic": sheet.topic,
            "title": sheet.title,
            "seed": sheet.seed,
            "level": sheet.level,
            "html": _parts(sheet.given),
            "questions": questions,
        }
    )


def check_sheet(topic: str, seed: str, level: int, answers: dict[str, Any]) -> str:
    """Return a mark for each question, without the right answers."""
    marking = exercise(topic, seed=seed, level=level).check(answers)
    marks = [
        {
            "question": mark.question,
            "verdict": mark.verdict,
            "message": mark.message,
            "mistakes": mark.mistakes,
        }
        for mark in marking
    ]
    return _json({"right": marking.right, "marks": marks})


def solve(topic: str, seed: str, level: int, question: int) -> str:
    """Return the answer to a question with its worked solution."""
    asked = exercise(topic, seed=seed, level=level)[question]
    return _json(
        {"question": question, "answer": answer_text(asked), "html": _parts(asked.solution)}
    )


def _parts(parts: tuple[Part, ...]) -> str:
    return parts_as_html(parts, classes=True) if parts else ""


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
