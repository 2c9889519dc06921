"""A demonstration as JSON, for pages that draw it, and as LaTeX.

The JSON is the record as it is, with the sections as HTML. Each control has a `kind`: "slider",
"choice", "text" or "grid". A number that is infinite or no number is null.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from quatrain.page.latex import as_latex as explanation_as_latex
from quatrain.page.notebook import as_html
from quatrain.records import (
    Choice,
    Control,
    Demonstration,
    Explanation,
    GridField,
    Heading,
    Json,
    Note,
    Section,
    Slider,
    TextField,
)

_KINDS: dict[type[Control], str] = {
    Slider: "slider",
    Choice: "choice",
    TextField: "text",
    GridField: "grid",
}
"""Type of a control -> its `kind` in the JSON."""


def as_json(demonstration: Demonstration) -> str:
    """Return a demonstration as JSON, without spaces."""
    return json.dumps(as_data(demonstration), ensure_ascii=False, separators=(",", ":"))


def as_data(demonstration: Demonstration) -> dict[str, Json]:
    """Return a demonstration as plain data that JSON has a form for."""
    return {
        "topic": demonstration.topic,
        "title": demonstration.title,
        "lead": demonstration.lead,
        "controls": [_control(control) for control in demonstration.controls],
        "state": _plain(demonstration.state),
        "problem": demonstration.problem,
        "data": _plain(demonstration.data),
        "sections": [
            {"title": section.title, "html": _section_as_html(section)}
            for section in demonstration.sections
        ],
        "python": demonstration.python,
        "exercise": demonstration.exercise,
        "summary": demonstration.summary,
    }


def as_latex(demonstration: Demonstration) -> str:
    """Return the summary and the sections as LaTeX, for the body of a document."""
    parts = [
        part
        for section in demonstration.sections
        for part in (Heading(section.title), *section.parts)
    ]
    summary = Note(demonstration.summary)
    return explanation_as_latex(Explanation(demonstration.title, (summary, *parts)))


def _control(control: Control) -> dict[str, Json]:
    fields: dict[str, Any] = asdict(control)
    return {"kind": _KINDS[type(control)], **fields}


def _section_as_html(section: Section) -> str:
    return as_html(Explanation("", section.parts))


def _plain(value: Any) -> Any:
    """Return data with null in place of what JSON has no number for."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case str() | int() | None:
            return value
        case Mapping():
            return {name: _plain(entry) for name, entry in value.items()}
        case Sequence():
            return [_plain(entry) for entry in value]
        case _:
            raise TypeError(f"{type(value).__name__} is no plain data")
