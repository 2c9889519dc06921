"""A demonstration as JSON, for pages that draw it, and as LaTeX.

The JSON is the record as it is, with the sections as HTML. Each control has a `kind`: "slider",
"choice", "text" or "grid". A number that is infinite or no number is null.

The HTML has the classes that `explanation_html` names. In a formula, a letter and its numbers have
the class `v-n` for n, so that a page can mark them. Pictures are left out: the page draws its own
from the numbers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from textwrap import shorten
from typing import Any

from rich.console import RenderableType

from quatrain.page.explanation import as_text as explanation_as_text
from quatrain.page.explanation_html import parts_as_html
from quatrain.page.latex import as_latex as explanation_as_latex
from quatrain.records import (
    Choice,
    Control,
    Demonstration,
    Explanation,
    GridField,
    Heading,
    Json,
    Note,
    Part,
    Picture,
    Section,
    Slider,
    StateValue,
    Table,
    TextField,
)

_KINDS: dict[type[Control], str] = {
    Slider: "slider",
    Choice: "choice",
    TextField: "text",
    GridField: "grid",
}
"""Type of a control -> its `kind` in the JSON."""

_STEPS = re.compile(r"(<math\b.*?</math>\u200b?)(<math\b.*?</math>)", re.DOTALL)
"""A formula in symbols, and the same in numbers, as `explanation_html` writes them."""

_LEAF = re.compile(r"<(m[ion])\b([^>]*)>([^<]*)</\1>")
"""A letter, a number or a sign in MathML."""


def as_json(demonstration: Demonstration) -> str:
    """Return a demonstration as JSON, without spaces."""
    return json.dumps(as_data(demonstration), ensure_ascii=False, separators=(",", ":"))


def as_data(
    demonstration: Demonstration, first: Mapping[str, StateValue] | None = None
) -> dict[str, Json]:
    """Return a demonstration as plain data that JSON has a form for.

    Args:
        demonstration: the demonstration.
        first: the value that each control has at first, if not its own.
    """
    first = first or {control.name: control.value for control in demonstration.controls}
    return {
        "topic": demonstration.topic,
        "title": demonstration.title,
        "lead": demonstration.lead,
        "controls": [_control(control, first[control.name]) for control in demonstration.controls],
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
        for part in (Heading(section.title), *_without_pictures(section))
    ]
    summary = Note(demonstration.summary)
    return explanation_as_latex(Explanation(demonstration.title, (summary, *parts)))


def as_text(demonstration: Demonstration) -> RenderableType:
    """Return a demonstration for the terminal, with the values of its controls."""
    parts = [
        part
        for section in demonstration.sections
        for part in (Heading(section.title), *section.parts)
    ]
    notes = filter(None, (demonstration.problem, demonstration.summary))
    rows = tuple(
        (control.name, control.label, _shown(demonstration.state[control.name]), _range(control))
        for control in demonstration.controls
    )
    controls = Table("Controls (--state NAME=VALUE)", ("name", "", "value", "range"), rows)
    return explanation_as_text(
        Explanation(demonstration.title, (*map(Note, notes), *parts, Heading(""), controls))
    )


def _shown(value: StateValue) -> str:
    """Return the value of a control as a short text."""
    if isinstance(value, tuple):
        return f"{len(value)} rows" if value else "-"
    return shorten(value, 40, placeholder="...") if isinstance(value, str) else f"{value:g}"


def _range(control: Control) -> str:
    match control:
        case Slider():
            return f"{control.low:g} to {control.high:g}"
        case Choice():
            return ", ".join(option for option, _ in control.options)
        case TextField():
            return f"a text of at most {control.longest:,} characters"
        case GridField():
            return (
                f"rows of numbers from {control.low} to {control.high}, such as "
                f"{control.low},{control.high}/{control.high},{control.low}"
            )


def _control(control: Control, value: StateValue) -> dict[str, Json]:
    fields: dict[str, Any] = asdict(control)
    return {"kind": _KINDS[type(control)], **fields, "value": value}


def _without_pictures(section: Section) -> tuple[Part, ...]:
    """Return the parts of a section but its pictures: to draw one takes a tenth of a second."""
    return tuple(part for part in section.parts if not isinstance(part, Picture))


def _section_as_html(section: Section) -> str:
    return _STEPS.sub(_mark_letters, parts_as_html(_without_pictures(section), classes=True))


def _mark_letters(steps: re.Match[str]) -> str:
    """Give each letter of a formula, and the number in its place, the class of the letter.

    Both steps come from one expression, so that they have the same leaves in the same order; where
    they don't, as around a negative number, nothing is marked.
    """
    symbols, numbers = steps.groups()
    letters = [match[3] if match[1] == "mi" else "" for match in _LEAF.finditer(symbols)]
    leaves = [(match[1], match[3]) for match in _LEAF.finditer(numbers)]
    begins = leaves[:1] == [("mo", "=")]
    if len(leaves) - begins != len(letters):
        return steps[0]
    marked = [
        letter if len(letter) == 1 and letter.isalpha() and kind == "mn" else ""
        for letter, (kind, _) in zip(letters, leaves[begins:], strict=True)
    ]
    return _with_classes(symbols, marked) + _with_classes(numbers, [""] * begins + marked)


def _with_classes(html: str, letters: Sequence[str]) -> str:
    """Return MathML whose leaves have the classes of `letters`, an entry for each leaf."""
    names = iter(letters)

    def with_class(leaf: re.Match[str]) -> str:
        name = next(names)
        tag, attributes, text = leaf.groups()
        return f'<{tag} class="v-{name}"{attributes}>{text}</{tag}>' if name else leaf[0]

    return _LEAF.sub(with_class, html)


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
