"""Formulas with their numbers, and equations with their reasons, as displayed mathematics."""

from __future__ import annotations

import math
from collections.abc import Sequence

from quatrain.page.latex.mathematics import in_mathematics, mixed
from quatrain.page.latex.width import LINE, RELATIONS, broken, pieces, width, words_width
from quatrain.page.numbers import DIGITS, number
from quatrain.records import Equation, Formula

_NAME = 24
"""Width of a formula's name beyond which it takes several lines."""

_REASON = 84
"""Letters of a reason on one line, in small type."""


def formulas(parts: Sequence[Formula], line: float) -> list[str]:
    """Return formulas one below the other, aligned at their equals signs, in lines that fit."""
    names = min(max(words_width(part.name) for part in parts), _NAME)
    return _aligned([_formula(part, line - names - 3) for part in parts])


def equations(parts: Sequence[Equation], line: float) -> list[str]:
    """Return equations one below the other, with their reasons on the right or below."""
    return _aligned([_equation(part, line) for part in parts])


def figures(value: float, digits: int = DIGITS) -> str:
    """Format a number as in text, with LaTeX commas and powers of ten."""
    if math.isnan(value):
        return r"\text{undefined}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    mantissa, _, exponent = number(value, digits).partition("e")
    plain = mantissa.replace(",", "{,}")
    return rf"{plain} \times 10^{{{int(exponent)}}}" if exponent else plain


def _aligned(rows: Sequence[str]) -> list[str]:
    body = " \\\\\n".join(rows)
    return [r"\begin{align*}", body, r"\end{align*}"]


def _formula(formula: Formula, room: float) -> str:
    symbols = formula.latex_symbols or in_mathematics(formula.symbols)
    numbers = formula.latex_numbers or in_mathematics(formula.numbers)
    result = (
        r" \times ".join(map(figures, formula.value))
        if isinstance(formula.value, tuple)
        else figures(formula.value)
    )
    if numbers in (symbols, result.replace("{,}", "")):
        numbers = ""
    if formula.unit:
        result += rf"\ {in_mathematics(formula.unit)}"
    steps = [*filter(None, (symbols, numbers)), result]
    name = in_mathematics(formula.name)
    if words_width(formula.name) > _NAME:
        name = rf"\parbox[t]{{{_NAME // 2}em}}{{\raggedleft {mixed(formula.name)}}}"
    whole = " = ".join(steps)
    if width(whole) <= room:
        return f"  {name} &= {whole}"
    return f"  {name} " + " \\\\\n  ".join(_sides([f"= {step}" for step in steps], room))


def _equation(equation: Equation, line: float) -> str:
    reason = _reason(equation.why)
    left, *sides = pieces(equation.latex, RELATIONS)
    if not sides:
        return rf"  & {left}{reason}"
    room = line - width(left) - 3
    lines = _sides(sides, room)
    if width(left) > line / 2:  # the left side takes most of a line
        lines = [rf"& {left}", *(rf"&\quad {side[1:]}" for side in lines)]
        left = ""
    return f"  {left} " + " \\\\\n  ".join(lines) + reason


def _sides(sides: Sequence[str], room: float) -> list[str]:
    """Put sides, each with its relation, on as few lines as they need."""
    joined = [sides[0]]
    for side in sides[1:]:
        if width(f"{joined[-1]} {side}") <= room:
            joined[-1] += f" {side}"
        else:
            joined.append(side)
    lines: list[str] = []
    for line in joined:
        first, *others = broken(line, room)
        lines.append(f"&{first}")
        # The empty group makes the sign at the start an operator between two terms.
        lines += (rf"&\quad {{}}{other}" for other in others)
    return lines


def _reason(why: str) -> str:
    """Return a reason as a tag, which amsmath puts below an equation that leaves no room."""
    if not why:
        return ""
    text = mixed(why)
    if len(why) > _REASON:
        text = rf"\parbox{{{LINE // 2}em}}{{\raggedleft {text}}}"
    return rf" \tag*{{\footnotesize {text}}}"
