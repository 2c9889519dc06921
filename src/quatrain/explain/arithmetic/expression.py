"""Expression trees: arithmetic that remembers how a result was computed.

A count such as `filters * channels * kernel ** 2` is built once, from symbols that
carry their numbers. The formula in words, the formula in numbers and the result
are three readings of one tree, so they always agree.

In: symbols. Out: `records.Formula`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Literal, TypeAlias

from quatrain.records import Formula

Number: TypeAlias = int | float | Fraction
Reading: TypeAlias = Literal["symbols", "numbers"]

_NEGATIVE, _SUM, _PRODUCT, _POWER, _ATOM = range(5)
"""Binding strengths of expressions, loosest first; they decide where parentheses are needed.

A negative number needs parentheses next to any sign: 5 - (-3).
"""

_SPECIAL = re.compile(r"[\\{}$&#%_^~]")
_LATEX_ESCAPES = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


class Expression:
    """A formula that knows its numbers.

    Combine with `+`, `-`, `*`, `/`, `**`, `floor` and `ceiling`. Whole numbers stay exact.
    """

    __slots__ = ()

    @property
    def value(self) -> Number:
        """Result, an int where it is whole."""
        raise NotImplementedError

    def text(self, reading: Reading) -> str:
        """Return the formula as plain text, in symbols or in numbers."""
        raise NotImplementedError

    def latex(self, reading: Reading) -> str:
        """Return the formula as LaTeX mathematics, without dollars."""
        raise NotImplementedError

    def binding(self, reading: Reading) -> int:  # noqa: ARG002
        """Return how tightly the expression binds, which decides where parentheses are needed."""
        return _ATOM

    def formula(self, name: str, unit: str = "") -> Formula:
        """Return this quantity as a record called `name`.

        A result that is not whole becomes a float.
        """
        value = self.value
        return Formula(
            name,
            self.text("symbols"),
            self.text("numbers"),
            float(value) if isinstance(value, Fraction) else value,
            unit,
            self.latex("symbols"),
            self.latex("numbers"),
        )

    def __add__(self, other: Expression | Number) -> Expression:
        return Operation("+", self, wrap(other))

    def __radd__(self, other: Number) -> Expression:
        return Operation("+", wrap(other), self)

    def __sub__(self, other: Expression | Number) -> Expression:
        return Operation("-", self, wrap(other))

    def __rsub__(self, other: Number) -> Expression:
        return Operation("-", wrap(other), self)

    def __mul__(self, other: Expression | Number) -> Expression:
        return Operation("x", self, wrap(other))

    def __rmul__(self, other: Number) -> Expression:
        return Operation("x", wrap(other), self)

    def __truediv__(self, other: Expression | Number) -> Expression:
        return Operation("/", self, wrap(other))

    def __pow__(self, other: Expression | Number) -> Expression:
        return Operation("^", self, wrap(other))


@dataclass(frozen=True, slots=True)
class Symbol(Expression):
    """A named quantity and its number.

    Attributes:
        name: the name in plain text: "filters".
        number: its value.
        in_latex: the name in LaTeX; by default the plain name, upright.
    """

    name: str
    number: Number
    in_latex: str = ""

    @property
    def value(self) -> Number:
        """Number of the symbol or constant."""
        return self.number

    def text(self, reading: Reading) -> str:
        """Return the name or the number."""
        return self.name if reading == "symbols" else _digits(self.number)

    def latex(self, reading: Reading) -> str:
        """Return the name or the number."""
        if reading == "numbers":
            return _digits_in_latex(self.number)
        return self.in_latex or rf"\text{{{_escaped(self.name)}}}"

    def binding(self, reading: Reading) -> int:
        """Return the binding of the number, or that of a name."""
        return _binding(self.number) if reading == "numbers" else _ATOM


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """A number that is part of the formula itself."""

    number: Number

    @property
    def value(self) -> Number:
        """Number of the symbol or constant."""
        return self.number

    def text(self, reading: Reading) -> str:  # noqa: ARG002
        """Return the number."""
        return _digits(self.number)

    def latex(self, reading: Reading) -> str:  # noqa: ARG002
        """Return the number."""
        return _digits_in_latex(self.number)

    def binding(self, reading: Reading) -> int:  # noqa: ARG002
        """Return the binding of the number."""
        return _binding(self.number)


@dataclass(frozen=True, slots=True)
class Floor(Expression):
    """Largest whole number not above `inside`."""

    inside: Expression

    @property
    def value(self) -> Number:
        """Result, a whole number."""
        return self.inside.value.__floor__()

    def text(self, reading: Reading) -> str:
        """Return floor(...)."""
        return f"floor({self.inside.text(reading)})"

    def latex(self, reading: Reading) -> str:
        """Return the inside between half brackets."""
        return rf"\left\lfloor {self.inside.latex(reading)} \right\rfloor"


@dataclass(frozen=True, slots=True)
class Ceiling(Expression):
    """Smallest whole number not below `inside`."""

    inside: Expression

    @property
    def value(self) -> Number:
        """Result, a whole number."""
        return self.inside.value.__ceil__()

    def text(self, reading: Reading) -> str:
        """Return ceil(...)."""
        return f"ceil({self.inside.text(reading)})"

    def latex(self, reading: Reading) -> str:
        """Return the inside between half brackets."""
        return rf"\left\lceil {self.inside.latex(reading)} \right\rceil"


@dataclass(frozen=True, slots=True)
class Operation(Expression):
    """Two expressions joined by a sign."""

    sign: Literal["+", "-", "x", "/", "^"]
    left: Expression
    right: Expression

    def binding(self, reading: Reading) -> int:  # noqa: ARG002
        """Return the binding of the sign."""
        return {"+": _SUM, "-": _SUM, "x": _PRODUCT, "/": _PRODUCT, "^": _POWER}[self.sign]

    @property
    def value(self) -> Number:
        """Result, exact for whole numbers."""
        left, right = self.left.value, self.right.value
        match self.sign:
            case "+":
                return _simplified(left + right)
            case "-":
                return _simplified(left - right)
            case "x":
                return _simplified(left * right)
            case "/":
                exact = isinstance(left, int | Fraction) and isinstance(right, int | Fraction)
                return _simplified(Fraction(left) / Fraction(right) if exact else left / right)
            case "^":
                exact = isinstance(left, int) and isinstance(right, int)
                return _simplified(Fraction(left) ** right if exact else left**right)

    def text(self, reading: Reading) -> str:
        """Return left, sign, right, with parentheses where they are needed."""
        left, right = self._sides(reading, "text", "(", ")")
        return f"{left}^{right}" if self.sign == "^" else f"{left} {self.sign} {right}"

    def latex(self, reading: Reading) -> str:
        """Return LaTeX with crosses for products and fractions for quotients."""
        if self.sign == "/":
            return rf"\frac{{{self.left.latex(reading)}}}{{{self.right.latex(reading)}}}"
        left, right = self._sides(reading, "latex", r"\left(", r"\right)")
        if self.sign == "^":
            return f"{left}^{{{self.right.latex(reading)}}}"
        return f"{left} {self.sign.replace('x', chr(92) + 'times')} {right}"

    def _sides(self, reading: Reading, kind: str, opening: str, closing: str) -> tuple[str, str]:
        def side(inside: Expression, binding: int) -> str:
            text: str = getattr(inside, kind)(reading)
            return f"{opening}{text}{closing}" if inside.binding(reading) < binding else text

        # The right side needs parentheses in a - (b + c) and a / (b x c); (a / b) x c needs none.
        own = self.binding(reading)
        tighter = self.sign in "-/^"
        return side(self.left, own + (self.sign == "^")), side(self.right, own + tighter)


def wrap(value: Expression | Number) -> Expression:
    """Return `value` as an expression."""
    return value if isinstance(value, Expression) else Constant(value)


def floor(inside: Expression) -> Expression:
    """Round down to a whole number."""
    return Floor(inside)


def ceiling(inside: Expression) -> Expression:
    """Round up to a whole number."""
    return Ceiling(inside)


def product(*factors: Expression | Number) -> Expression:
    """Multiply all factors in order; there is at least one."""
    return reduce(lambda left, right: left * right, map(wrap, factors))


def total(*terms: Expression | Number) -> Expression:
    """Add all terms in order; there is at least one."""
    return reduce(lambda left, right: left + right, map(wrap, terms))


def shape(name: str, *sizes: Expression) -> Formula:
    """Return several sizes as one quantity: the value is a tuple, the symbols are joined by "x"."""
    symbols = [size.text("symbols") for size in sizes]
    in_latex = [size.latex("symbols") for size in sizes]
    values = tuple(int(size.value) for size in sizes)
    return Formula(name, " x ".join(symbols), "", values, latex_symbols=r" \times ".join(in_latex))


def _simplified(value: Number) -> Number:
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def _digits(value: Number) -> str:
    return str(value) if isinstance(value, int) else f"{float(value):g}"


def _binding(value: Number) -> int:
    """Return the binding of a bare number; 1e+06 is a product in LaTeX."""
    return _NEGATIVE if value < 0 else _PRODUCT if "e" in _digits(value) else _ATOM


def _digits_in_latex(value: Number) -> str:
    digits, exponential, exponent = _digits(value).partition("e")
    return rf"{digits} \times 10^{{{int(exponent)}}}" if exponential else digits


def _escaped(name: str) -> str:
    return _SPECIAL.sub(lambda match: _LATEX_ESCAPES.get(match[0], "\\" + match[0]), name)
