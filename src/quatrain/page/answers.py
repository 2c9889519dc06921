"""A right answer and a title as plain text, the same in every format."""

from __future__ import annotations

from quatrain.page.numbers import number, shape
from quatrain.records import ProblemSheet, Question

_DIGITS = 4
"""Significant digits of a right answer: one more than an answer needs."""


def answer_text(question: Question) -> str:
    """Return the right answer in one line."""
    value = question.answer
    if question.kind == "shape" and isinstance(value, tuple):
        return shape(tuple(size for size in value if isinstance(size, int)))
    return _text(value) or "none"


def sheet_title(sheet: ProblemSheet) -> str:
    """Return the title of a sheet: the topic and the level."""
    return f"{sheet.title}, level {sheet.level}"


def _text(value: object) -> str:
    if isinstance(value, tuple):
        rows = any(isinstance(item, tuple) for item in value)
        texts = [f"[{_text(item)}]" if isinstance(item, tuple) else _text(item) for item in value]
        return f"[{', '.join(texts)}]" if rows else ", ".join(texts)
    return number(value, _DIGITS) if isinstance(value, int | float) else str(value)
