r"""LaTeX mathematics as MathML, which browsers typeset themselves.

`mathml` converts one formula with latex2mathml and corrects what browsers space badly. The
package is imported when the first formula is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import unescape
from itertools import pairwise
from xml.etree.ElementTree import Element, tostring

from quatrain.page.html_tags import Html, joined, tag
from quatrain.page.numbers import DIGITS, number, printable

CROSS = tag("mo", "×")
EQUALS = joined(tag("mrow"), tag("mo", "="))
"""An equals sign at the start of a line, with the space of one between two sides."""

_WHOLE = 1e6
"""Entries of a matrix that are whole and smaller than this keep all their digits."""

_NO_BREAK = "\u00a0"
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_FUNCTIONS = {"arg", "cos", "det", "dim", "exp", "ln", "log", "sin", "tan", "tanh"}
_CLOSING = set(")]}⌋⌉|!")

_ELEMENTS = re.compile(
    r"math|m(enclose|frac|i|n|o|over|padded|phantom|root|row|space|sqrt|style|sub|subsup|sup|table"
    r"|td|text|tr|under|underover)"
)
_ATTRIBUTES = re.compile(
    r"accent|column(align|lines)|depth|display(style)?|fence|form|height|largeop|linethickness"
    r"|[lr]space|mathsize|mathvariant|(max|min)size|movablelimits|notation|row(lines|spacing)"
    r"|scriptlevel|separator|stretchy|symmetric|voffset|width|xmlns"
)
"""Elements and attributes that a formula may have: none of them loads, links or runs anything."""

_CACHED_FORMULAS = 4096
"""Formulas whose MathML is kept: a page that is drawn again has most of its symbols unchanged."""


@lru_cache(_CACHED_FORMULAS)
def mathml(latex: str, *, block: bool = False) -> Html:
    """Convert LaTeX mathematics, without dollars, to a `<math>` element.

    Args:
        latex: the formula.
        block: whether it stands on a line of its own; otherwise it is set at full size in a line.

    Raises:
        ValueError: it cannot be read, or has a command that is not supported.
    """
    from latex2mathml.converter import convert_to_element

    try:
        element = convert_to_element(latex, display="block" if block else "inline")
    except Exception as error:  # its errors have no common base, and broken LaTeX raises others too
        raise ValueError(f"{latex!r} cannot be read as mathematics: {error!r}") from error
    if not block:
        element.set("displaystyle", "true")
    for part in element.iter():
        _correct(part, latex)
    for part in list(element.iter()):
        _join_words(part)
        _bind_signs(part)
        _space_functions(part)
    return Html(tostring(element, encoding="unicode"))


def words(text: str) -> Html:
    """Return plain text as an upright name in a formula."""
    # Not mtext, which MathML treats as space: operators next to it would lose theirs.
    return tag("mi", printable(text, " "), mathvariant="normal" if len(text) == 1 else "")


def figures(value: float, digits: int = DIGITS) -> Html:
    """Return a number with commas between thousands, or as a power of ten.

    Args:
        value: the number.
        digits: significant digits of a number that is not whole.
    """
    mantissa, _, exponent = number(value, digits).partition("e")
    size = mantissa.removeprefix("-")
    sign = tag("mo", "−", form="prefix") if size != mantissa else ""
    spelled = {"inf": tag("mi", "∞"), "nan": words("undefined")}
    plain = joined(sign, spelled.get(size, tag("mn", size)))
    if not exponent:
        return plain
    power = tag("msup", tag("mn", "10"), tag("mn", str(int(exponent)).replace("-", "−")))
    return joined(plain, CROSS, power)


def matrix(rows: Sequence[Sequence[float | None]], digits: int) -> Html:
    """Return rows of numbers in brackets; None is a point."""
    body = (tag("mtr", *(tag("mtd", _entry(value, digits)) for value in row)) for row in rows)
    return math(tag("mrow", tag("mo", "["), tag("mtable", *body), tag("mo", "]")), block=True)


def _entry(value: float | None, digits: int) -> Html:
    if value is None:
        return tag("mo", "·")
    whole = abs(value) < _WHOLE and float(value).is_integer()
    return figures(int(value) if whole else float(value), digits)


def math(*content: Html, block: bool = False) -> Html:
    """Return a `<math>` element with MathML in it."""
    size = {"display": "block"} if block else {"display": "inline", "displaystyle": "true"}
    return tag("math", *content, xmlns=_NAMESPACE, **size)


def _correct(part: Element, latex: str) -> None:
    """Write signs for entities and words for text, and refuse what is not mathematics."""
    # latex2mathml writes operators as entities.
    part.text = _printable(unescape(part.text)) if part.text else None
    if not (_ELEMENTS.fullmatch(part.tag) and all(map(_ATTRIBUTES.fullmatch, part.attrib))):
        raise ValueError(f"<{part.tag} {part.attrib}> in {latex!r} is not mathematics")
    if part.tag == "mtext" and part.text:
        part.text = re.sub(r"\\(.)", r"\1", part.text)
        # MathML treats mtext as space, and operators next to it would lose theirs.
        part.tag = "mn" if part.text[0].isdigit() else "mi"
        if len(part.text) == 1:
            part.set("mathvariant", "normal")
    elif part.text == "∞":
        part.tag = "mi"  # latex2mathml makes it an operator, with space around it
    elif part.text and (part.text.startswith("\\") or part.text == "&"):
        raise ValueError(f"{part.text!r} in {latex!r} is not supported")


def _printable(text: str) -> str:
    """Return `text` without control characters; spaces that don't break a line stay."""
    return _NO_BREAK.join(printable(words, " ") for words in text.split(_NO_BREAK))


def _join_words(row: Element) -> None:
    r"""Join the letters of `\mathrm{word}` into one upright word."""
    letters = [child for child in row if child.attrib == {"mathvariant": "normal"}]
    if len(letters) > 1 and len(letters) == len(row):
        first, *others = letters
        first.text = "".join(letter.text or "" for letter in letters)
        first.attrib.clear()
        for letter in others:
            row.remove(letter)


def _bind_signs(row: Element) -> None:
    """Make a minus after an operator or an opening parenthesis a prefix."""
    for before, child in pairwise(row):
        follows_sign = before.tag == "mo" and before.text not in _CLOSING
        if child.tag == "mo" and child.text == "−" and follows_sign:
            child.set("form", "prefix")


def _space_functions(row: Element) -> None:
    """Put a thin space around functions, but not before a parenthesis or after an operator."""
    if row.tag not in ("math", "mrow"):
        return
    for place, child in reversed(list(enumerate(row))):
        name = child[0] if child.tag in ("msub", "msup", "msubsup") else child
        if name.tag != "mi" or name.text not in _FUNCTIONS:
            continue
        if place + 1 < len(row) and not _opens(row[place + 1]):
            row.insert(place + 1, _thin_space())
        before = row[place - 1] if place else None
        if before is not None and (before.tag != "mo" or before.text in _CLOSING):
            row.insert(place, _thin_space())


def _opens(part: Element) -> bool:
    """Return whether a part is an operator, or starts with a parenthesis."""
    return part.tag == "mo" or (part.tag == "mrow" and len(part) > 0 and part[0].tag == "mo")


def _thin_space() -> Element:
    return Element("mspace", width="0.167em")
