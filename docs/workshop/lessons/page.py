"""A lesson that was run, as a page of the documentation: Markdown, and HTML put in later.

Outputs don't go through the Markdown processor. The Markdown has a paragraph in the place of each
output, and `LessonPage.with_outputs` puts the HTML there when the page is HTML.
"""

from __future__ import annotations

import base64
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import Any

from workshop.lessons.parsing import Code, Piece, Question, Text

_PLACE = "lesson-output-{}-stands-here"
_IMAGE = re.compile(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]*)"[^>]*>')
_TITLE = re.compile(r"<title>(.*?)</title>")
_COLOURS = {
    "#000000": "currentColor",
    "#ffffff": "none",
    "#e5e5e5": "var(--picture-grid)",
    "#2b5c8a": "var(--picture-blue)",
    "#b3372f": "var(--picture-red)",
    "#8a8a8a": "var(--picture-grey)",
    "#4c8055": "var(--picture-green)",
    "#c08a2e": "var(--picture-gold)",
    "#6d5087": "var(--picture-violet)",
}
"""Colour in matplotlib -> colour in the page, which has a light and a dark theme."""


@dataclass(frozen=True, slots=True)
class LessonPage:
    """Markdown of a page, and the HTML of its outputs in order."""

    markdown: str
    outputs: tuple[str, ...]

    def with_outputs(self, html: str) -> str:
        """Put the outputs into the HTML that was made of the Markdown.

        Raises:
            ValueError: the place of an output is not in the HTML exactly once.
        """
        for place, output in enumerate(self.outputs):
            paragraph = f"<p>{_PLACE.format(place)}</p>"
            if html.count(paragraph) != 1:
                raise ValueError(f"output {place} of {len(self.outputs)} has no place on the page")
            html = html.replace(paragraph, f'<div class="output">{output}</div>')
        return html


def as_page(name: str, pieces: Sequence[Piece]) -> LessonPage:
    """Return the page of a lesson that was run; a link to its notebook stands below the title."""
    outputs: list[str] = []
    text = "\n\n".join(_markdown(piece, outputs) for piece in pieces)
    title, _, after = text.partition("\n")
    file = f"{name}.ipynb"
    link = f'[Download this lesson as a notebook]({file}){{ download="{file}" .notebook }}'
    return LessonPage(f"{title}\n\n{link}\n{after}\n", tuple(outputs))


def _markdown(piece: Piece, outputs: list[str]) -> str:
    """Return a piece as Markdown, and append its outputs to `outputs`."""
    match piece:
        case Text(markdown):
            return markdown
        case Question(title, code, answer):
            body = "\n\n".join(_markdown(part, outputs) for part in (*code, answer))
            return f'??? question "{title}"\n\n{textwrap.indent(body, "    ")}'
        case Code(source, check, shown):
            if check:
                return ""
            places = []
            for output in shown:
                places.append(_PLACE.format(len(outputs)))
                outputs.append(_html(output))
            return "\n\n".join([f"```python\n{source}\n```", *places])


def _html(output: Any) -> str:
    """Return the output of a cell as HTML."""
    data = output.get("data", {})
    if "text/html" in data:
        return inline_pictures(data["text/html"])
    if "image/svg+xml" in data:
        svg = data["image/svg+xml"]
        title = _TITLE.search(svg)
        return _inline(svg, title[1] if title else "")
    text = output.text if output.output_type == "stream" else data["text/plain"]
    return f'<pre class="printed">{escape(text.rstrip())}</pre>'


_numbers = count(1)


def inline_pictures(html: str) -> str:
    """Put pictures that are images into the page itself, in the colours of the page."""
    return _IMAGE.sub(lambda match: _inline(base64.b64decode(match[1]).decode(), match[2]), html)


def _inline(svg: str, title: str) -> str:
    """Return an SVG that matplotlib wrote as a part of a page; `title` is escaped already.

    Pictures in other colours than curves have, such as grids and heat maps, stay black on white.
    """
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if not size:
        raise ValueError(f"the picture {title!r} has no size")
    body = svg[svg.index("<g id=") : svg.rindex("</svg>")]
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r'"data:[^"]*"', lambda match: re.sub(r"\s", "", match[0]), body)
    body = re.sub(r"\n\s*", " ", body)
    paper = "<image" in body or not set(re.findall(r"#[0-9a-f]{6}\b", body)) <= set(_COLOURS)
    if not paper:
        body = re.sub("|".join(_COLOURS), lambda match: _COLOURS[match[0]], body)
    # Names inside a picture must be unique on the page.
    own = f"picture-{next(_numbers)}-"
    body = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{own}", body)
    kind = "drawn paper" if paper else "drawn"
    width, height = (float(side) for side in size.groups())
    return (
        f'<figure class="wide"><svg class="{kind}" viewBox="0 0 {width:g} {height:g}" '
        f'style="width: {width * 4 / 3:.0f}px" role="img" xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink"><title>{title}</title>{body}</svg></figure>'
    )
