"""Arithmetic that remembers how it was done.

A count such as `filters * channels * kernel ** 2` is built once of symbols that
carry their numbers. The formula in words, the formula with the numbers in it and
the result are then three readings of one tree, so they cannot disagree.

In: symbols. Out: `records.Formula`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Literal, TypeAlias

from quatrain.records import Formula

Number: TypeAlias = int | float | Fraction
Reading: TypeAlias = Literal["symbols", "numbers"]

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
"""How tightly an expression binds, loosest first."""


class Expression:
    """A formula that knows its numbers.

    Combine with `+`, `-`, `*`, `/`, `**` and `floor`. Whole numbers stay exact.
    """

    binding: int = _ATOM

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

    def formula(self, name: str, unit: str = "") -> Formula:
        """This quantity as a record, called `name`."""
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
            return _digits(self.number)
        return self.in_latex or rf"\text{{{self.name}}}"


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
        return _digits(self.number)


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
class Operation(Expression):
    """Two expressions and what is done with them."""

    sign: Literal["+", "-", "x", "/", "^"]
    left: Expression
    right: Expression

    @property
    def binding(self) -> int:  # type: ignore[override]
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
                return _whole(left**right)

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
            return f"{opening}{text}{closing}" if inside.binding < loose else text

        # a - (b + c), a / (b x c): the right side of these binds as one; (a / b) x c needs nothing.
        tighter = self.sign in "-/^"
        return (
            side(self.left, self.binding + (self.sign == "^")),
            side(self.right, self.binding + tighter),
        )


def wrap(value: Expression | Number) -> Expression:
    """`value` as an expression."""
    return value if isinstance(value, Expression) else Constant(value)


def floor(inside: Expression) -> Expression:
    """Rounded down to a whole number."""
    return Floor(inside)


def product(*factors: Expression | Number) -> Expression:
    """All factors multiplied, in the order given; at least one."""
    return reduce(lambda left, right: left * right, map(wrap, factors))


def total(*terms: Expression | Number) -> Expression:
    """All terms added, in the order given; at least one."""
    return reduce(lambda left, right: left + right, map(wrap, terms))


def _whole(value: Number) -> Number:
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def _digits(value: Number) -> str:
    return str(value) if isinstance(value, int) else f"{float(value):g}"
