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
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element

_FOUND = re.compile(
    r'<(span|div) class="arithmatex">\s*(?:\\\(|\\\[)(.*?)(?:\\\)|\\\])\s*</\1>', re.DOTALL
)
_FUNCTIONS = {"arg", "cos", "det", "dim", "exp", "ln", "log", "sin", "tan", "tanh"}
_CLOSING = set(")]}⌋⌉|!")
_THIN = "0.167em"


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

    formulas = (found for page in pages for found in re.findall(r"<math.*?</math>", page, re.DOTALL))
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
    for before, child in zip([None, *row], row, strict=False):
        if child.tag == "mo" and child.text == "−" and before is not None:
            if before.tag == "mo" and before.text not in _CLOSING:
                child.set("form", "prefix")


def _functions_apart(row: Element) -> None:
    """A thin space between a function and what it is of, unless that is in parentheses."""
    children = list(row)
    for place, child in reversed(list(enumerate(children[:-1]))):
        name = child[0] if child.tag in ("msub", "msup", "msubsup") else child
        following = children[place + 1]
        opens = following.tag == "mo" or (following.tag == "mrow" and following[:1] and
                                          following[0].get("form") == "prefix")  # fmt: skip
        if name.tag == "mi" and name.text in _FUNCTIONS and not opens and row.tag == "mrow":
            row.insert(place + 1, Element("mspace", width=_THIN))
