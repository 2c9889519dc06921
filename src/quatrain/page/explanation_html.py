"""The parts of an explanation as HTML: in notebooks, problem sheets, the desk and the lessons.

`parts_as_html` returns a fragment, readable on a light and on a dark page. It has inline styles, or
these classes for the style sheet of a page, all inside one `div` of class `explained`:

    formulas    consecutive formulas; each a div with .quantity (the name) and a span (the steps)
    equations   consecutive equations; each a div with .wide (the equation) and .why (the reason)
    matrices    consecutive matrices, side by side; each a figure with .wide and a figcaption
    caption     the title above a table
    wide        what may be wider than the page, and should scroll by itself
    number      a cell of a table with a number, or the heading above numbers
    picture     the img of a picture
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from quatrain.errors import ExtraError
from quatrain.page import explanation, mathml
from quatrain.page.figures import image
from quatrain.page.html_tags import Html, joined, preformatted, tag
from quatrain.page.numbers import cell, number, printable
from quatrain.records import (
    Cell,
    Equation,
    Explanation,
    Formula,
    Heading,
    Matrix,
    Note,
    Part,
    Picture,
    Table,
)

DIGITS = 4
"""Significant digits of numbers that are not whole, in tables and matrices."""

_SCROLLED = "max-width: 100%; overflow-x: auto; overflow-y: hidden"
_FAINT = "opacity: 0.75; font-size: 90%"
_STYLES = {
    "explained": "",
    "formulas": "margin: 0.5em 0",
    "formula": "display: grid; grid-template-columns: 11em minmax(0, 1fr); gap: 0 1.2em; "
    "align-items: baseline; margin: 0.4em 0",
    "quantity": _FAINT,
    "equations": "margin: 0.5em 0",
    "equation": "display: flex; flex-wrap: wrap; gap: 0 1.2em; align-items: baseline; "
    "margin: 0.4em 0",
    "why": f"flex: 1 1 10em; {_FAINT}",
    "matrices": "display: flex; flex-wrap: wrap; gap: 0.4em 1.8em",
    "matrix": "margin: 0.5em 0; max-width: 100%",
    "wide": _SCROLLED,
    "caption": f"margin: 0.8em 0 0; {_FAINT}",
    "cell": "text-align: left; padding: 0.15em 1.2em 0.15em 0; vertical-align: baseline",
    "number": "text-align: right; padding: 0.15em 1.2em 0.15em 0; vertical-align: baseline; "
    "white-space: nowrap; font-variant-numeric: tabular-nums",
    "picture": "max-width: 100%; background: white",
}
"""Role of an element -> its inline style."""

_CLASSES = {"formula": "", "equation": "", "matrix": "", "cell": ""}
"""Roles that need no class, because a style sheet finds them by where they are."""

_NO_BREAK = "\u00a0"
_LINE_MAY_BREAK = "\u200b"
_NUMBER_TEXT = re.compile(r"[-−]?[\d,.]+(e-?\d+)?%?")

Attributes = Callable[[str], Mapping[str, str]]
"""Returns the attributes of an element from its role."""


def parts_as_html(parts: Sequence[Part], *, classes: bool = False) -> Html:
    """Return parts of an explanation in order, as one fragment of HTML.

    Formulas and matrices are MathML; a formula whose LaTeX cannot be converted is plain text. A
    picture is an image, or text if matplotlib is not installed.

    Args:
        parts: the parts.
        classes: whether elements have classes, for a style sheet; otherwise inline styles.
    """
    attributes = _with_classes if classes else _with_styles
    draw_picture = partial(picture_as_html, classes=classes)
    fragments: list[Html] = []
    for kind, run in groupby(parts, type):
        html = [_part(part, attributes, draw_picture) for part in run]
        role = {Formula: "formulas", Equation: "equations", Matrix: "matrices"}.get(kind)
        fragments += [tag("div", *html, **attributes(role))] if role else html
    return tag("div", *fragments, **attributes("explained"))


def picture_as_html(picture: Picture, *, classes: bool = False) -> Html:
    """Return a picture as SVG; as text if matplotlib is not installed.

    The SVG is the source of an `img`: its identifiers cannot clash with another's, and nothing
    in it can run.
    """
    try:
        svg = image(picture, "svg")
    except ExtraError:
        return preformatted(explanation.as_text(Explanation("", (picture,))))
    encoded = base64.b64encode(svg).decode("ascii")
    source = f"data:image/svg+xml;base64,{encoded}"
    attributes = _with_classes if classes else _with_styles
    return tag("img", src=source, alt=picture.title, **attributes("picture"))


def _with_styles(role: str) -> Mapping[str, str]:
    return {"style": _STYLES[role]}


def _with_classes(role: str) -> Mapping[str, str]:
    return {"class": _CLASSES.get(role, role)}


def _part(part: Part, attributes: Attributes, picture: Callable[[Picture], Html]) -> Html:
    match part:
        case Heading(text):
            return tag("h4", _text(text))
        case Note(text):
            return tag("p", _text(text))
        case Formula():
            name = tag("span", _text(part.name), **attributes("quantity"))
            return tag("div", name, tag("span", _steps(part)), **attributes("formula"))
        case Equation():
            equation = tag("div", _mathematics(part.latex, part.text), **attributes("wide"))
            why = tag("span", _text(part.why), **attributes("why")) if part.why else ""
            return tag("div", equation, why, **attributes("equation"))
        case Table():
            return _table(part, attributes)
        case Matrix():
            brackets = tag("div", mathml.matrix(part.values, DIGITS), **attributes("wide"))
            caption = tag("figcaption", _text(part.title), **attributes("quantity"))
            return tag("figure", brackets, caption if part.title else "", **attributes("matrix"))
        case _:
            return picture(part)


def _steps(formula: Formula) -> Html:
    """Return symbols, numbers and result; each may start a line of its own."""
    values = formula.value if isinstance(formula.value, tuple) else (formula.value,)
    plain = " x ".join(map(str, values))
    steps = [(formula.latex_symbols, formula.symbols)]
    if formula.numbers not in (formula.symbols, plain):
        steps.append((formula.latex_numbers, formula.numbers))
    (first, *others) = [step for step in steps if any(step)] or [("", "")]
    result: list[Html] = []
    for value in values:
        result += [mathml.CROSS, mathml.figures(value)] if result else [mathml.figures(value)]
    if formula.unit:
        result += [tag("mspace", width="0.3em"), mathml.words(formula.unit)]
    if not any(first):
        return mathml.math(*result)
    # A line may break before each equals sign.
    return Html(
        _LINE_MAY_BREAK.join(
            [
                _mathematics(*first),
                *(_mathematics(*step, after_equals=True) for step in others),
                mathml.math(mathml.EQUALS, *result),
            ]
        )
    )


def _mathematics(latex: str, text: str, *, after_equals: bool = False) -> Html:
    """Return a formula as MathML, or as plain text if it has no LaTeX that can be converted."""
    if latex:
        try:
            return mathml.mathml(f"{{}} = {latex}" if after_equals else latex)
        except (ValueError, ModuleNotFoundError):  # an environment may be older than this code
            pass
    words = mathml.words(printable(text, " "))
    return mathml.math(mathml.EQUALS, words) if after_equals else mathml.math(words)


def _text(text: str) -> Html:
    """Return plain text on one line; an x between numbers becomes a cross."""
    escaped = joined(printable(text, " "))
    return Html(re.sub(r"(?<=\d) x (?=\d)", f"{_NO_BREAK}×{_NO_BREAK}", escaped))


def _table(table: Table, attributes: Attributes) -> Html:
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    roles = ["number" if _are_numbers(values) else "cell" for values in columns]
    head = _row("th", roles, map(_text, table.columns), attributes)
    body = [_row("td", roles, map(_cell, row), attributes) for row in table.rows]
    title = tag("p", _text(table.title), **attributes("caption")) if table.title else ""
    whole = tag("table", tag("thead", head), tag("tbody", *body))
    return joined(title, tag("div", whole, **attributes("wide")))


def _row(name: str, roles: Sequence[str], cells: Iterator[str], attributes: Attributes) -> Html:
    return tag(
        "tr",
        *(tag(name, text, **attributes(role)) for role, text in zip(roles, cells, strict=True)),
    )


def _cell(value: Cell) -> str:
    if not isinstance(value, float):
        return _text(cell(value))
    digits, _, exponent = number(value, DIGITS).partition("e")
    mantissa = digits.replace("-", "−")
    if not exponent:
        return mantissa
    power = tag("sup", str(int(exponent)).replace("-", "−"))
    return joined(f"{mantissa} × 10", power)


def _are_numbers(values: Sequence[Cell]) -> bool:
    """Return whether a column has numbers, also as text, which are aligned to the right."""
    known = [value for value in values if value is not None]
    return bool(known) and all(
        not isinstance(value, str) or _NUMBER_TEXT.fullmatch(value) for value in known
    )
