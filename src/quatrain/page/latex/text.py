"""Characters in LaTeX: what is escaped, and what becomes of characters that its fonts lack."""

from __future__ import annotations

import re
import unicodedata

from quatrain.page.numbers import printable

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "↵": r"$\hookleftarrow$",
    "…": r"\dots{}",
    "\ufffd": "?",
}
"""Characters that LaTeX would take for commands, in text."""

_SIGNS = {
    "→": r"$\rightarrow$",
    "←": r"$\leftarrow$",
    "↑": r"$\uparrow$",
    "↓": r"$\downarrow$",
    "⊢": r"$\vdash$",
    "⊣": r"$\dashv$",
    "␣": r"\textvisiblespace\allowbreak{}",
    "⊙": r"$\odot$",
    "∂": r"$\partial$",
    "∞": r"$\infty$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "≈": r"$\approx$",
    "≠": r"$\neq$",
    "−": r"$-$",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "–": "--",
    "—": "---",
    "\u200c": "",
    "\u200d": "",
}
"""Signs and their commands; joiners, which print nothing, are left out."""

_LAST_OF_T1 = "\u017f"
"""Last character of Latin Extended-A, which the encoding T1 has but for a few."""

_NOT_IN_T1 = frozenset("ĀāĈĉĊċĒēĔĕĖėĜĝĠġĤĥĦħĨĩĪīĬĭĮįĲĳĴĵĶķĸĻļĿŀŅņŉŌōŎŏŖŗŜŝŢţŦŧŨũŪūŬŭŲųŴŵŶŷſ")
"""Characters up to there that need more than one glyph of T1, or aren't there at all."""


_MINUS = re.compile(r"(?<![\w).,'-])-(?=\.?\d)")
"""A hyphen that is the sign of a number."""


def escape(text: str) -> str:
    """Escape `text` so that LaTeX prints it literally, in fonts that have its characters."""
    return "".join(_ESCAPES.get(character, character) for character in printable(text))


def printed(text: str) -> str:
    """Escape `text` for pdfLaTeX, whose fonts have European letters only.

    Another character loses its accents if that leaves an ASCII letter; otherwise its code point is
    printed: U+8A69.
    """
    plain = printable(text).replace("<=", "≤").replace(">=", "≥")
    return "".join(map(_character, _MINUS.sub("−", plain)))


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isascii():
        return character
    if character in _SIGNS:
        return _SIGNS[character]
    if character <= _LAST_OF_T1 and character not in _NOT_IN_T1:
        return character
    decomposed = unicodedata.normalize("NFKD", character)
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    if letters and letters.isascii():
        return "".join(_ESCAPES.get(letter, letter) for letter in letters)
    if not letters:  # an accent that stands alone
        return ""
    return rf"{{\footnotesize U+{ord(character):04X}}}\,"
