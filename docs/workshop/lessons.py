"""Building blocks of lessons: parts of an explanation as HTML, and numbers in the text.

In: `records.Explanation`, which `quatrain.explain` returns, or single parts of it. Out: HTML,
to print in an executed block. A lesson looks like this:

    ```python exec="1" session="pooling"
    from quatrain import explain
    from workshop import lessons

    first = explain.pooling((28, 28, 8), window=2)
    lessons.numbers(first=first)
    print(lessons.show(*lessons.choose(first, "output height and width", "comparisons")))
    ```

    Each map shrinks to {{first[output shape][0]}} rows, after
    {{first[comparisons]:,}} comparisons.

It ends with three questions, whose answers contain such numbers; only references may follow:

    ??? question "How many rows are left?"

        {{rows}}, because ...
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from html import escape, unescape
from itertools import count

import numpy as np
from numpy.typing import ArrayLike

from quatrain.page.explanation_html import parts_as_html
from quatrain.page.figures import image
from quatrain.page.html_tags import Html
from quatrain.records import (
    Equation,
    Explanation,
    Formula,
    Grids,
    Heading,
    Heatmap,
    Matrix,
    Note,
    Part,
    Picture,
    Table,
)

QUESTIONS = 3
LAST_HEADING = "Three questions"
"""Number of questions at the end of a lesson, and the heading above them."""

_PLACEHOLDER = re.compile(r"\{\{(.+?)\}\}")
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

_values: dict[str, object] = {}
_picture_numbers = count(1)


# Numbers in the text


def numbers(**values: object) -> None:
    """Name values, for `{{name}}` in the text of this page.

    The text between the braces is a replacement field of `str.format`: `{{share:.1%}}`,
    `{{first[total]:,}}`, `{{counts[0]}}`, `{{poem.title}}`.

    Raises:
        ValueError: this page already has another value of that name.
    """
    for name, value in values.items():
        if name in _values and _values[name] is not value:
            raise ValueError(f"there are two values called {name!r} on this page")
        _values[name] = value


def begin(markdown: str) -> str:
    """Check a lesson and return it unchanged; the values of the previous one are cleared.

    Raises:
        ValueError: it doesn't end with its questions, or an answer has no computed number.
    """
    _values.clear()
    _, _, end = markdown.partition(f"\n## {LAST_HEADING}\n")
    questions, _, after = end.partition("\n## ")
    blocks = questions.split('\n??? question "')[1:]
    if len(blocks) != QUESTIONS or (after and not after.startswith("References\n")):
        raise ValueError(f"a lesson ends with {QUESTIONS} questions under '## {LAST_HEADING}'")
    for block in blocks:
        title, _, answer = block.partition("\n")
        if not (_PLACEHOLDER.search(answer) or "exec=" in answer):
            raise ValueError(f"nothing is computed in the answer to {title!r}")
    return markdown


def fill(html: str) -> str:
    """Fill the values into the HTML of a page.

    Raises:
        ValueError: there is no value of that name, or it has no such part or format.
    """

    def value(match: re.Match[str]) -> str:
        field = unescape(match[1]).strip()
        try:
            text = string.Formatter().vformat(f"{{{field}}}", (), _values)
        except (LookupError, AttributeError, TypeError, ValueError) as error:
            raise ValueError(f"{{{{{field}}}}}: {error!r}") from error
        return escape(text, quote=False)

    return _PLACEHOLDER.sub(value, html)


# Parts of an explanation


def choose(explanation: Explanation, *names: str) -> tuple[Part, ...]:
    """Return parts of an explanation by name, in the order of the names.

    Args:
        explanation: the explanation.
        names: names of formulas; titles of tables, matrices and pictures, or a picture's name;
            the first words of a note; the start of an equation; or a heading, for everything
            under it. If several parts match, the first is used.

    Raises:
        ValueError: there is no such part.
    """
    return tuple(part for name in names for part in _parts_called(explanation, name))


def show(*parts: Part) -> str:
    """Return parts as HTML: formulas in rows, matrices side by side, pictures inline."""
    return parts_as_html(parts, classes=True, picture=picture) + "\n"


def matrix(title: str, values: ArrayLike) -> Matrix:
    """Return numbers of shape (rows, columns) as a part."""
    rows = np.asarray(values, float).tolist()
    return Matrix(title, tuple(map(tuple, rows)))


def _parts_called(explanation: Explanation, name: str) -> Iterable[Part]:
    for place, part in enumerate(explanation.parts):
        match part:
            case Heading(text) if text == name:
                rest = explanation.parts[place + 1 :]
                ends = [at for at, part in enumerate(rest) if isinstance(part, Heading)]
                return rest[: ends[0] if ends else None]
            case Note(text) | Equation(text) if text.startswith(name):
                return (part,)
            case Formula() if part.name == name:
                return (part,)
            case Table() | Matrix() if part.title == name:
                return (part,)
            case _ if name in (getattr(part, "name", None), getattr(part, "title", None)):
                return (part,)
    raise ValueError(f"no part {name!r} in the explanation {explanation.title!r}")


# Pictures


def picture(drawn: Picture) -> Html:
    """Return a heat map or a chart as inline SVG, in the colours of the page.

    A heat map with text in its cells and grids stay black on white.
    """
    svg = image(drawn, "svg").decode("utf-8")
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if not size:
        raise ValueError(f"the picture {drawn.name} has no size")
    body = svg[svg.index("<g id=") : svg.rindex("</svg>")]
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r'"data:[^"]*"', lambda match: re.sub(r"\s", "", match[0]), body)
    body = re.sub(r"\n\s*", " ", body)
    marked = isinstance(drawn, Heatmap) and any(map(any, drawn.marks))
    paper = marked or isinstance(drawn, Grids)
    if not paper:
        body = re.sub("|".join(_COLOURS), lambda match: _COLOURS[match[0]], body)
    # Names inside a picture must be unique on the page.
    own = f"picture-{next(_picture_numbers)}-"
    body = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{own}", body)
    kind = "drawn paper" if paper else "drawn"
    width, height = (float(side) for side in size.groups())
    return Html(
        f'<figure class="wide"><svg class="{kind}" viewBox="0 0 {width:g} {height:g}" '
        f'style="width: {width * 4 / 3:.0f}px" role="img" xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink"><title>{escape(drawn.title)}</title>'
        f"{body}</svg></figure>"
    )
