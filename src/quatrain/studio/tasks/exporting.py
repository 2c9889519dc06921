"""Drafts as files, in a worker."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from quatrain._version import __version__
from quatrain.errors import FormError
from quatrain.form import load
from quatrain.form.draft.layout import layout
from quatrain.page import export, tei
from quatrain.page import scansion as scansion_page
from quatrain.page.export import MarkedPoem
from quatrain.page.export.rows import is_blank
from quatrain.records import Line, Poem
from quatrain.studio.tasks import loaded

JSON_FORMAT = "quatrain draft"
"""Value of the field `format` in a draft exported as JSON."""

JSON_VERSION = 1
"""Version of that format."""

TYPES = {
    "text": ("text/plain; charset=utf-8", ".txt"),
    "markdown": ("text/markdown; charset=utf-8", ".md"),
    "tei": ("application/tei+xml", ".xml"),
    "json": ("application/json", ".json"),
    "latex": ("application/x-tex; charset=utf-8", ".tex"),
    "html": ("text/html; charset=utf-8", ".html"),
    "print": ("text/html; charset=utf-8", ".html"),
}
"""Format -> media type and ending of the file."""

_SOURCE = "Written with Quatrain."


def exported(document: dict[str, Any], form: str, file_format: str, marks: bool) -> str:
    """Return a draft as a file.

    Args:
        document: what the draft holds.
        form: what opens its form; "" for none.
        file_format: one of `TYPES`.
        marks: whether to add stresses and rhymes.
    """
    poem = poem_of(document, form)
    marked = _marked(poem) if marks and poem.lines else MarkedPoem(poem)
    match file_format:
        case "text":
            return export.as_text(marked)
        case "markdown":
            return export.as_markdown(marked)
        case "tei":
            return _tei(marked)
        case "json":
            return _json(document, marked)
        case "latex":
            return export.as_latex(marked)
        case _:
            return export.as_web_page(marked, printable=file_format == "print")


def poem_of(document: dict[str, Any], form: str) -> Poem:
    """Return the lines of a draft that are written as a poem, in the stanzas of its form.

    Args:
        document: what the draft holds.
        form: what opens its form; "" for none, or for one that is gone: then the gaps that the
            draft remembers divide the stanzas.
    """
    lines = document["lines"]
    starts = {number for number, line in enumerate(lines, 1) if line["gap"]}
    written = [number for number, line in enumerate(lines, 1) if not is_blank(line["text"])]
    if form and written:
        with suppress(FormError):
            starts = set(layout(len(lines), written[-1], load(form)).gaps)
    stanzas: list[list[Line]] = [[]]
    for number, line in enumerate(lines, 1):
        if number in starts and stanzas[-1]:
            stanzas.append([])
        if not is_blank(line["text"]):
            stanzas[-1].append(Line(line["text"]))
    filled = tuple(tuple(stanza) for stanza in stanzas if stanza)
    return Poem(filled, document["title"], form=document["form"])


def _marked(poem: Poem) -> MarkedPoem:
    return MarkedPoem(poem, loaded.scanner().scan(poem), loaded.schemer().scheme(poem))


def _tei(marked: MarkedPoem) -> str:
    if marked.scansion is None or marked.scheme is None:
        return tei.plain_document(marked.poem, source=_SOURCE, version=__version__)
    title = marked.poem.title.strip() or "A poem"
    pairs = [(marked.scansion, marked.scheme)]
    return "".join(tei.document(pairs, title=title, source=_SOURCE, version=__version__))


def _json(document: dict[str, Any], marked: MarkedPoem) -> str:
    content: dict[str, Any] = {
        "format": JSON_FORMAT,
        "format_version": JSON_VERSION,
        "document": document,
    }
    if marked.scansion is not None and marked.scheme is not None:
        content["scansion"] = json.loads(scansion_page.as_json(marked.scansion, marked.scheme))
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
