"""LaTeX mathematics to MathML, which browsers set by themselves: nothing to fetch.

In a page `$...$` stands in the text and `$$...$$` on lines of its own; arithmatex finds
them, and `set_in` puts MathML in their place when the page is HTML.
"""

from __future__ import annotations

import re
from html import unescape
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element

_FOUND = re.compile(
    r'<(span|div) class="arithmatex">\s*(?:\\\(|\\\[)(.*?)(?:\\\)|\\\])\s*</\1>', re.DOTALL
)
_FUNCTIONS = {"arg", "cos", "det", "dim", "exp", "ln", "log", "sin", "tan", "tanh"}
_THIN = "0.167em"


def mathml(latex: str, *, block: bool = False) -> str:
    """LaTeX mathematics, without dollars, as a `<math>` element.

    Raises:
        ValueError: it has a command that cannot be set.
    """
    element = convert_to_element(latex, display="block" if block else "inline")
    for part in element.iter():
        # latex2mathml writes signs as entities.
        part.text = unescape(part.text) if part.text else None
        if part.tag == "mtext" and part.text:
            part.text = re.sub(r"\\(.)", r"\1", part.text)
        elif part.text and (part.text.startswith("\\") or part.text == "&"):
            raise ValueError(f"{part.text!r} of {latex!r} cannot be set")
    for part in list(element.iter()):
        _words_joined(part)
        _functions_apart(part)
    return tostring(element, encoding="unicode")


def set_in(html: str) -> str:
    """HTML with MathML where arithmatex left LaTeX."""
    return _FOUND.sub(
        lambda found: mathml(unescape(found[2]).strip(), block=found[1] == "div"), html
    )


def _words_joined(row: Element) -> None:
    r"""One upright word for `\mathrm{word}`, which comes letter by letter."""
    letters = [child for child in row if child.attrib == {"mathvariant": "normal"}]
    if len(letters) > 1 and len(letters) == len(row):
        first, *others = letters
        first.text = "".join(letter.text or "" for letter in letters)
        first.attrib.clear()
        for letter in others:
            row.remove(letter)


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
