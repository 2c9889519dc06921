"""Arithmetic that remembers how it was done.

A count such as `filters * channels * kernel ** 2` is built once of symbols that
carry their numbers. The formula in words, the formula with the numbers in it and
the result are then three readings of one tree, so they cannot disagree.

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
"""How tightly an expression binds, loosest first.

A negative number stands in parentheses beside any sign: 5 - (-3).
"""

_SPECIAL = re.compile(r"[\\{}$&#%_^~]")
_ESCAPED = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


class Expression:
    """A formula that knows its numbers.

    Combine with `+`, `-`, `*`, `/`, `**`, `floor` and `ceiling`. Whole numbers stay exact.
    """

    __slots__ = ()

    @property
    def value(self) -> Number:
        """The result: an int where it is whole."""
        raise NotImplementedError

    def text(self, reading: Reading) -> str:
        """Plain text: in symbols or in numbers."""
        raise NotImplementedError

    def latex(self, reading: Reading) -> str:
        """LaTeX mathematics, without dollars."""
        raise NotImplementedError

    def binding(self, reading: Reading) -> int:  # noqa: ARG002
        """How tightly it holds together, which decides where parentheses stand."""
        return _ATOM

    def formula(self, name: str, unit: str = "") -> Formula:
        """This quantity as a record, called `name`.

        A result that is no whole number becomes a float there.
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
        name: as read in plain text: "filters".
        number: what it is here.
        in_latex: as read in LaTeX; the name set upright by default.
    """

    name: str
    number: Number
    in_latex: str = ""

    @property
    def value(self) -> Number:
        """The number."""
        return self.number

    def text(self, reading: Reading) -> str:
        """The name, or the number."""
        return self.name if reading == "symbols" else _digits(self.number)

    def latex(self, reading: Reading) -> str:
        """The name, or the number."""
        if reading == "numbers":
            return _digits_in_latex(self.number)
        return self.in_latex or rf"\text{{{_escaped(self.name)}}}"

    def binding(self, reading: Reading) -> int:
        """The number's own, or an atom's."""
        return _binding(self.number) if reading == "numbers" else _ATOM


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """A number that is part of the formula itself."""

    number: Number

    @property
    def value(self) -> Number:
        """The number."""
        return self.number

    def text(self, reading: Reading) -> str:  # noqa: ARG002
        """The number."""
        return _digits(self.number)

    def latex(self, reading: Reading) -> str:  # noqa: ARG002
        """The number."""
        return _digits_in_latex(self.number)

    def binding(self, reading: Reading) -> int:  # noqa: ARG002
        """The number's own."""
        return _binding(self.number)


@dataclass(frozen=True, slots=True)
class Floor(Expression):
    """The largest whole number that is not above `inside`."""

    inside: Expression

    @property
    def value(self) -> Number:
        """A whole number."""
        return self.inside.value.__floor__()

    def text(self, reading: Reading) -> str:
        """floor(...)."""
        return f"floor({self.inside.text(reading)})"

    def latex(self, reading: Reading) -> str:
        """The inside between half brackets."""
        return rf"\left\lfloor {self.inside.latex(reading)} \right\rfloor"


@dataclass(frozen=True, slots=True)
class Ceiling(Expression):
    """The smallest whole number that is not below `inside`."""

    inside: Expression

    @property
    def value(self) -> Number:
        """A whole number."""
        return self.inside.value.__ceil__()

    def text(self, reading: Reading) -> str:
        """ceil(...)."""
        return f"ceil({self.inside.text(reading)})"

    def latex(self, reading: Reading) -> str:
        """The inside between half brackets."""
        return rf"\left\lceil {self.inside.latex(reading)} \right\rceil"


@dataclass(frozen=True, slots=True)
class Operation(Expression):
    """Two expressions and what is done with them."""

    sign: Literal["+", "-", "x", "/", "^"]
    left: Expression
    right: Expression

    def binding(self, reading: Reading) -> int:  # noqa: ARG002
        """By the sign."""
        return {"+": _SUM, "-": _SUM, "x": _PRODUCT, "/": _PRODUCT, "^": _POWER}[self.sign]

    @property
    def value(self) -> Number:
        """The result, exact for whole numbers."""
        left, right = self.left.value, self.right.value
        match self.sign:
            case "+":
                return _whole(left + right)
            case "-":
                return _whole(left - right)
            case "x":
                return _whole(left * right)
            case "/":
                exact = isinstance(left, int | Fraction) and isinstance(right, int | Fraction)
                return _whole(Fraction(left) / Fraction(right) if exact else left / right)
            case "^":
                exact = isinstance(left, int) and isinstance(right, int)
                return _whole(Fraction(left) ** right if exact else left**right)

    def text(self, reading: Reading) -> str:
        """Left, sign, right, in parentheses where they are needed."""
        left, right = self._sides(reading, "text", "(", ")")
        return f"{left}^{right}" if self.sign == "^" else f"{left} {self.sign} {right}"

    def latex(self, reading: Reading) -> str:
        """Products with a cross, quotients as fractions."""
        if self.sign == "/":
            return rf"\frac{{{self.left.latex(reading)}}}{{{self.right.latex(reading)}}}"
        left, right = self._sides(reading, "latex", r"\left(", r"\right)")
        if self.sign == "^":
            return f"{left}^{{{self.right.latex(reading)}}}"
        return f"{left} {self.sign.replace('x', chr(92) + 'times')} {right}"

    def _sides(self, reading: Reading, kind: str, opening: str, closing: str) -> tuple[str, str]:
        def side(inside: Expression, loose: int) -> str:
            text: str = getattr(inside, kind)(reading)
            return f"{opening}{text}{closing}" if inside.binding(reading) < loose else text

        # a - (b + c), a / (b x c): the right side of these binds as one; (a / b) x c needs nothing.
        own = self.binding(reading)
        tighter = self.sign in "-/^"
        return side(self.left, own + (self.sign == "^")), side(self.right, own + tighter)


def wrap(value: Expression | Number) -> Expression:
    """`value` as an expression."""
    return value if isinstance(value, Expression) else Constant(value)


def floor(inside: Expression) -> Expression:
    """Rounded down to a whole number."""
    return Floor(inside)


def ceiling(inside: Expression) -> Expression:
    """Rounded up to a whole number."""
    return Ceiling(inside)


def product(*factors: Expression | Number) -> Expression:
    """All factors multiplied, in the order given; at least one."""
    return reduce(lambda left, right: left * right, map(wrap, factors))


def total(*terms: Expression | Number) -> Expression:
    """All terms added, in the order given; at least one."""
    return reduce(lambda left, right: left + right, map(wrap, terms))


def shape(name: str, *sizes: Expression) -> Formula:
    """Several sizes as one quantity: the value is a tuple, the symbols are joined by "x"."""
    symbols = [size.text("symbols") for size in sizes]
    in_latex = [size.latex("symbols") for size in sizes]
    values = tuple(int(size.value) for size in sizes)
    return Formula(name, " x ".join(symbols), "", values, latex_symbols=r" \times ".join(in_latex))


def _whole(value: Number) -> Number:
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def _digits(value: Number) -> str:
    return str(value) if isinstance(value, int) else f"{float(value):g}"


def _binding(value: Number) -> int:
    """Of a bare number: 1e+06 is a product in LaTeX."""
    return _NEGATIVE if value < 0 else _PRODUCT if "e" in _digits(value) else _ATOM


def _digits_in_latex(value: Number) -> str:
    digits, exponential, exponent = _digits(value).partition("e")
    return rf"{digits} \times 10^{{{int(exponent)}}}" if exponential else digits


def _escaped(name: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPED.get(found[0], "\\" + found[0]), name)
