"""Estimates the width of formulas and texts on a page, and where a formula may be broken.

Widths are in digits, the width of one digit of the text's font.
"""

from __future__ import annotations

import re

LINE = 66
"""Width of a line of `article` at 10 points, 345 points, with a little to spare."""

DOCUMENT_LINE = 80
"""Width of a line of our own documents, 160 mm at 11 points, with a little to spare."""

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}]|\s+|.", re.DOTALL)
_OPENING, _CLOSING = frozenset({"{", r"\left", r"\begin"}), frozenset({"}", r"\right", r"\end"})

_RELATION, _OPERATOR = 2.7, 2.4
_WIDTHS = {
    "=": _RELATION,
    r"\le": _RELATION,
    r"\ne": _RELATION,
    "+": _OPERATOR,
    "-": _OPERATOR,
    r"\times": _OPERATOR,
    r"\odot": _OPERATOR,
    r"\tanh": 4.4,
    r"\log": 3.0,
    r"\exp": 3.4,
    r"\quad": 2.0,
    r"\,": 0.4,
    r"\ ": 0.7,
    r"\sum": 2.6,
    "(": 0.8,
    ")": 0.8,
    ",": 0.9,
    ".": 0.6,
    "&": 0.0,
    "$": 0.0,
    "{": 0.0,
    "}": 0.0,
}
_NOTHING = frozenset(
    {r"\left", r"\right", r"\hat", r"\tilde", r"\mathrm", r"\text", r"\begin", r"\end"}
    | {r"\footnotesize", r"\allowbreak", r"\displaystyle"}
)
_LETTER = 1.12
_SCRIPT = 0.75
"""Size of an index or a power, in sizes of the text."""


def width(latex: str) -> float:
    """Estimate the width of mathematics."""
    return _width(_tokens(latex))


def words_width(text: str) -> float:
    """Estimate the width of plain text, before it is escaped."""
    return 0.98 * len(text)


def pieces(latex: str, signs: frozenset[str], *, within: bool = False) -> list[str]:
    """Cut mathematics before each of some signs outside all groups; a piece begins with its sign.

    A sign at the start, or behind another operator, is no place to cut.

    Args:
        latex: mathematics.
        signs: the signs.
        within: cut within parentheses too.
    """
    depth, cut = 0, [""]
    before = ""
    for code in _tokens(latex):
        if code in _OPENING or (code in "([" and not within):
            depth += 1
        elif code in _CLOSING or (code in ")]" and not within):
            depth -= 1
        elif code in signs and depth == 0 and cut[-1].strip() and before not in _WIDTHS_OF_SIGNS:
            cut.append("")
        cut[-1] += code
        before = code if code.strip() else before
    return [piece.strip() for piece in cut]


_WIDTHS_OF_SIGNS = frozenset({"=", "+", "-", r"\times", r"\odot", "(", ","})
RELATIONS = frozenset({"=", r"\le", r"\ne"})
TERMS = frozenset({"+", "-"})
FACTORS = frozenset({r"\times", r"\odot", r"\quad"})
"""Signs before which a formula may be broken, the best first."""


def broken(latex: str, room: float) -> list[str]:
    """Break mathematics into lines that fit `room`, if its signs allow it.

    All lines but the first begin with the sign before which they were broken.
    """
    lines = [latex]
    for signs in (RELATIONS, TERMS, FACTORS):
        if all(width(line) <= room for line in lines):
            break
        shorter: list[str] = []
        for line in lines:
            shorter += _filled(pieces(line, signs), room) if width(line) > room else [line]
        lines = shorter
    return [piece for line in lines for piece in _broken_within(line, room)]


def _broken_within(line: str, room: float) -> list[str]:
    """Break a line within its parentheses, which then are of one size, if nothing else helps."""
    if width(line) <= room:
        return [line]
    plain = line.replace(r"\left(", "(").replace(r"\right)", ")")
    return _filled(pieces(plain, TERMS, within=True), room)


def _filled(parts: list[str], room: float) -> list[str]:
    """Join neighbouring pieces as long as they fit; relations stand on lines of their own."""
    lines = parts[:1]
    for part in parts[1:]:
        joined = f"{lines[-1]} {part}"
        if width(joined) <= room:
            lines[-1] = joined
        else:
            lines.append(part)
    return lines


def _tokens(latex: str) -> list[str]:
    return _TOKEN.findall(latex)


def _width(codes: list[str]) -> float:
    total, at = 0.0, 0
    while at < len(codes):
        code = codes[at]
        at += 1
        if code in ("_", "^"):
            group, at = _argument(codes, at)
            total += _SCRIPT * _width(group)
        elif code == r"\frac":
            above, at = _argument(codes, at)
            below, at = _argument(codes, at)
            total += max(_width(above), _width(below)) + 0.5
        elif code in (r"\text", r"\mathrm", r"\begin", r"\end"):
            group, at = _argument(codes, at)
            total += 0.98 * len("".join(group)) if code in (r"\text", r"\mathrm") else 0.0
        elif code in _NOTHING or code.isspace():
            continue
        elif code in _WIDTHS:
            total += _WIDTHS[code]
        else:
            total += 1.0 if code.isdigit() else _LETTER
    return total


def _argument(tokens: list[str], at: int) -> tuple[list[str], int]:
    """Return the tokens of the group or the single token at a place, and the place after it."""
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    if at >= len(tokens) or tokens[at] != "{":
        return tokens[at : at + 1], at + 1
    depth, end = 1, at + 1
    while end < len(tokens) and depth:
        depth += {"{": 1, "}": -1}.get(tokens[end], 0)
        end += 1
    return tokens[at + 1 : end - 1], end
