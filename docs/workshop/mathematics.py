"""Mathematics in the text of a page as MathML, and a font for it.

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
from pathlib import Path

from quatrain.page.mathml import mathml

_ARITHMATEX = re.compile(
    r'<(span|div) class="arithmatex">\s*(?:\\\(|\\\[)(.*?)(?:\\\)|\\\])\s*</\1>', re.DOTALL
)


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
