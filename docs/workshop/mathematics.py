"""LaTeX mathematics as MathML, which browsers typeset themselves, and a font for it.

A page has `$...$` in its text and `$$...$$` on separate lines; arithmatex finds them,
and `typeset` replaces them by MathML when the page is HTML.

Many devices lack a mathematical font; then brackets don't grow and indices are
misplaced. So the site has its own: STIX Two Math, from ziamath, cut to the characters
that the pages use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from importlib.metadata import distribution
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element

_ARITHMATEX = re.compile(
    r'<(span|div) class="arithmatex">\s*(?:\\\(|\\\[)(.*?)(?:\\\)|\\\])\s*</\1>', re.DOTALL
)
_FUNCTIONS = {"arg", "cos", "det", "dim", "exp", "ln", "log", "sin", "tan", "tanh"}
_CLOSING = set(")]}⌋⌉|!")


def mathml(latex: str, *, block: bool = False) -> str:
    """Convert LaTeX mathematics, without dollars, to a `<math>` element.

    Raises:
        ValueError: it has a command that is not supported.
    """
    element = convert_to_element(latex, display="block" if block else "inline")
    if not block:
        element.set("displaystyle", "true")
    for part in element.iter():
        # latex2mathml writes operators as entities.
        part.text = unescape(part.text) if part.text else None
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
    for part in list(element.iter()):
        _join_words(part)
        _bind_signs(part)
        _space_functions(part)
    return tostring(element, encoding="unicode")


def typeset(html: str) -> str:
    """Replace the LaTeX that arithmatex left in HTML by MathML."""
    return _ARITHMATEX.sub(
        lambda match: mathml(unescape(match[2]).strip(), block=match[1] == "div"), html
    )


def write_font(pages: Iterable[str], path: Path) -> None:
    """Write the font of the mathematics in `pages`, which are HTML, as a WOFF file."""
    from fontTools import subset

    formulas = re.findall(r"<math.*?</math>", "".join(pages), re.DOTALL)
    characters = set(unescape(re.sub(r"<[^>]*>", "", "".join(formulas))))
    # Browsers show single letters in the alphabet of mathematical italics.
    italics = {chr(0x1D434 + place) for place in range(52)} | set("\u210e")
    greek = {chr(0x1D6FC + place) for place in range(31)}
    options = subset.Options(flavor="woff", layout_features=["*"])
    whole = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    font = subset.load_font(str(whole), options)
    chosen = subset.Subsetter(options)
    chosen.populate(text="".join(sorted(characters | italics | greek)))
    chosen.subset(font)
    subset.save_font(font, str(path), options)


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
