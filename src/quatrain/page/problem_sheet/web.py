"""A sheet of problems as a web page that loads nothing; each sheet begins a page of paper."""

from __future__ import annotations

import html
from collections.abc import Sequence

from quatrain.page.answers import answer_text, sheet_title
from quatrain.page.explanation_html import parts_as_html
from quatrain.page.html_tags import Html, tag
from quatrain.page.numbers import printable
from quatrain.records import ProblemSheet

_STYLE = """
:root { color-scheme: light dark; }
body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
section { break-after: page; }
section:last-child { break-after: auto; }
.question { margin-top: 1.5rem; break-inside: avoid; }
.solution { border-left: 3px solid; padding-left: 1rem; }
pre { white-space: pre-wrap !important; font-size: 0.8rem; }
table { font-size: 0.8rem; }
td, th { padding-right: 0.7em !important; }
"""


def as_web_page(sheets: Sequence[ProblemSheet], *, solutions: bool = False) -> str:
    """Return sheets as one HTML document."""
    title = html.escape(printable(sheet_title(sheets[0]), " "))
    body = "\n".join(
        f"<section>{sheet_as_html(sheet, solutions=solutions)}</section>" for sheet in sheets
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; img-src data:\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def sheet_as_html(sheet: ProblemSheet, *, solutions: bool = False) -> Html:
    """Return the questions of a sheet, with the worked solutions or without."""
    fragments = [
        tag("h2", f"{sheet.title}, level {sheet.level}"),
        tag("p", sheet.seed, style="opacity: 0.65; font-size: 90%", dir="auto"),
        parts_as_html(sheet.given),
    ]
    for question in sheet.questions:
        text = f" {question.text} {question.rounding}".rstrip()
        inside = [
            tag("p", tag("strong", f"{question.number}."), text),
            parts_as_html(question.given),
        ]
        if solutions:
            answer = tag("p", tag("em", "Solution."), f" {answer_text(question)}")
            steps = parts_as_html(question.solution)
            inside.append(tag("div", answer, steps, **{"class": "solution"}))
        fragments.append(tag("div", *inside, **{"class": "question"}))
    return tag("div", *fragments)
