"""The value of an expression that somebody typed: 3/4, 5*5*3*8 + 8, dh * o * (1 - tanh(c)^2).

In: a text and the values of its variables. Out: a number, exact where it can be, or None if the
text is no such expression. The text is parsed and walked; nothing in it is run.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias

Number: TypeAlias = int | float | Fraction

MOST_CHARACTERS = 400
"""Longest expression: ten times what the questions need, and quick to parse."""

_LARGEST = 10**30
"""Largest size of a number on the way, and `_LARGEST_POWER` of an exponent: a few digits typed
must not keep the machine busy."""
_LARGEST_POWER = 64

_OPERATIONS: Mapping[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}

_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "exp": math.exp,
    "log": math.log,
    "ln": math.log,
    "sqrt": math.sqrt,
    "sigma": lambda z: 0.5 * (1 + math.tanh(z / 2)),
    "sigmoid": lambda z: 0.5 * (1 + math.tanh(z / 2)),
}

_SPELLINGS = (
    (re.compile(r"\\(?:cdot|times|odot)\b|[·⋅×⊙∗]"), "*"),
    (re.compile(r"[−–]"), "-"),
    (re.compile("[δΔ]|\\\\delta"), "delta"),
    (re.compile("[σς]|\\\\sigma"), "sigma"),
    (re.compile("²"), "**2"),
    (re.compile(r"\^"), "**"),
    (re.compile(r"\b(tanh|sigma)\s*\*\*\s*2\s*\(([^()]*)\)"), r"\1(\2)**2"),
    (re.compile(r"\b(tanh|sigma)\s*\*\*\s*2\s+(\w+)"), r"\1(\2)**2"),
    (re.compile(r"\b(tanh|sigma)\s+(\w+)"), r"\1(\2)"),
    (re.compile(r"(?<=\d)\s*[x]\s*(?=\d)"), "*"),
)
"""Ways of writing the same, and how Python's grammar has it, in the order they are replaced."""


def value_of(text: str, variables: Mapping[str, float] | None = None) -> Number | None:
    """Return the value of an expression, or None if it has none.

    Args:
        text: digits, names of `variables` and functions, + - * / ^ and parentheses.
        variables: name -> value.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    for pattern, replacement in _SPELLINGS:
        text = pattern.sub(replacement, text)
    try:
        tree = ast.parse(text.strip(), mode="eval")
        value = _value(tree.body, variables or {})
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        return None
    return value if math.isfinite(value) else None


def _value(node: ast.expr, variables: Mapping[str, float]) -> Number:
    """Return the value of a node; raises ValueError for what an expression may not hold."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return _limited(Fraction(number) if isinstance(number, int) else number)
        case ast.Name(id=name) if name in variables:
            return variables[name]
        case ast.UnaryOp(op=ast.USub(), operand=inside):
            return -_value(inside, variables)
        case ast.UnaryOp(op=ast.UAdd(), operand=inside):
            return _value(inside, variables)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](float(_value(argument, variables)))
        case ast.BinOp(left=left, op=sign, right=right):
            return _limited(_combined(sign, _value(left, variables), _value(right, variables)))
    raise ValueError(ast.dump(node))


def _combined(sign: ast.operator, left: Number, right: Number) -> Number:
    if isinstance(sign, ast.Div):
        return left / right
    if isinstance(sign, ast.Pow):
        if abs(float(right)) > _LARGEST_POWER:
            raise ValueError("a power too large")
        power = left**right
        if isinstance(power, complex):
            raise ValueError("no real number")
        return power
    if type(sign) not in _OPERATIONS:
        raise ValueError("another sign")
    return _OPERATIONS[type(sign)](left, right)


def _limited(number: Number) -> Number:
    if abs(float(number)) > _LARGEST:
        raise ValueError("a number too large")
    return number
