"""LaTeX mathematics to MathML, which browsers set by themselves, and the font for it.

In a page `$...$` stands in the text and `$$...$$` on lines of its own; arithmatex finds
them, and `set_in` puts MathML in their place when the page is HTML.

Without a mathematical font, which many devices lack, brackets do not grow and indices
hang askew. So the site brings its own: STIX Two Math, as it comes with ziamath, cut to
the characters that the pages use.
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

_FOUND = re.compile(
    r'<(span|div) class="arithmatex">\s*(?:\\\(|\\\[)(.*?)(?:\\\)|\\\])\s*</\1>', re.DOTALL
)
_FUNCTIONS = {"arg", "cos", "det", "dim", "exp", "ln", "log", "sin", "tan", "tanh"}
_CLOSING = set(")]}⌋⌉|!")


def mathml(latex: str, *, block: bool = False) -> str:
    """LaTeX mathematics, without dollars, as a `<math>` element.

    Raises:
        ValueError: it has a command that cannot be set.
    """
    element = convert_to_element(latex, display="block" if block else "inline")
    if not block:
        element.set("displaystyle", "true")
    for part in element.iter():
        # latex2mathml writes signs as entities.
        part.text = unescape(part.text) if part.text else None
        if part.tag == "mtext" and part.text:
            part.text = re.sub(r"\\(.)", r"\1", part.text)
            # To MathML, mtext is space: the signs beside it would lose theirs.
            part.tag = "mn" if part.text[0].isdigit() else "mi"
            if len(part.text) == 1:
                part.set("mathvariant", "normal")
        elif part.text == "∞":
            part.tag = "mi"  # it comes as a sign, with a sign's space around it
        elif part.text and (part.text.startswith("\\") or part.text == "&"):
            raise ValueError(f"{part.text!r} of {latex!r} cannot be set")
    for part in list(element.iter()):
        _words_joined(part)
        _signs_bound(part)
        _functions_apart(part)
    return tostring(element, encoding="unicode")


def set_in(html: str) -> str:
    """HTML with MathML where arithmatex left LaTeX."""
    return _FOUND.sub(
        lambda found: mathml(unescape(found[2]).strip(), block=found[1] == "div"), html
    )


def write_font(pages: Iterable[str], path: Path) -> None:
    """Write the font of the mathematics in `pages`, which are HTML, as a WOFF file."""
    from fontTools import subset

    formulas = re.findall(r"<math.*?</math>", "".join(pages), re.DOTALL)
    characters = set(unescape(re.sub(r"<[^>]*>", "", "".join(formulas))))
    # Single letters are upright in the page, and set in the alphabet of mathematical italics.
    italics = {chr(0x1D434 + place) for place in range(52)} | set("\u210e")
    greek = {chr(0x1D6FC + place) for place in range(31)}
    options = subset.Options(flavor="woff", layout_features=["*"])
    whole = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    font = subset.load_font(str(whole), options)
    chosen = subset.Subsetter(options)
    chosen.populate(text="".join(sorted(characters | italics | greek)))
    chosen.subset(font)
    subset.save_font(font, str(path), options)


def _words_joined(row: Element) -> None:
    r"""One upright word for `\mathrm{word}`, which comes letter by letter."""
    letters = [child for child in row if child.attrib == {"mathvariant": "normal"}]
    if len(letters) > 1 and len(letters) == len(row):
        first, *others = letters
        first.text = "".join(letter.text or "" for letter in letters)
        first.attrib.clear()
        for letter in others:
            row.remove(letter)


def _signs_bound(row: Element) -> None:
    """A minus after another sign or an opening parenthesis belongs to what follows it."""
    for before, child in pairwise(row):
        follows_sign = before.tag == "mo" and before.text not in _CLOSING
        if child.tag == "mo" and child.text == "−" and follows_sign:
            child.set("form", "prefix")


def _functions_apart(row: Element) -> None:
    """A thin space around a function, but none before a parenthesis or after a sign."""
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
    """Whether it is a sign, or begins with a parenthesis."""
    return part.tag == "mo" or (part.tag == "mrow" and len(part) > 0 and part[0].tag == "mo")


def _thin_space() -> Element:
    return Element("mspace", width="0.167em")
