"""Shorthands for the topics: what a topic is, roundings, sentences for questions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from quatrain.explain.arithmetic.expression import Expression, Number
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.records import Mistake, Part, Question
from quatrain.records.exercises import AnswerValue

SHAPE_ORDER = 'Give the channels last, or say "channels first".'
"""Sentence of a question about a shape that says which order of sizes is read."""

THREE_DIGITS = "Three significant digits are enough; one unit of the third is accepted."
TWO_DECIMALS = "Two decimals are enough; a difference of 0.01 is accepted."
THREE_DECIMALS = "Three decimals are enough; a difference of 0.001 is accepted."

_SLACK = 1.001
"""A difference of exactly one unit is accepted, though float64 may make it a little larger."""

WITHIN_0_01 = 0.01 * _SLACK
WITHIN_0_001 = 0.001 * _SLACK
"""Tolerances that go with `TWO_DECIMALS` and `THREE_DECIMALS`."""


@dataclass(frozen=True, slots=True)
class Problems:
    """Questions that a topic makes of drawn numbers, not yet numbered, and what all are about."""

    questions: tuple[Question, ...]
    given: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of exercises.

    Attributes:
        name: as the user types it.
        title: in words.
        levels: what each of the three levels asks, a phrase each.
        problems: the function that draws numbers and makes the questions of a level.
    """

    name: str
    title: str
    levels: tuple[str, str, str]
    problems: Callable[[NumberStream, int], Problems]


def third_digit(value: float) -> float:
    """Return one unit of the third significant digit of a number, and a little more.

    The tolerance that goes with `THREE_DIGITS`; 0 for 0.
    """
    return 10.0 ** (math.floor(math.log10(abs(value))) - 2) * _SLACK if value else 0.0


def mistakes(*cases: tuple[str, AnswerValue] | None) -> tuple[Mistake, ...]:
    """Return mistakes from pairs of a clause and an answer; None is a case that cannot occur."""
    return tuple(Mistake(*case) for case in cases if case is not None)


def number_question(
    text: str,
    name: str,
    right: Expression,
    *wrong: tuple[str, Expression | Number],
    steps: Iterable[Part] = (),
) -> Question:
    """Return a question for the number of an expression; `steps` come before it in the solution."""
    value = float(right.value)
    cases = [(mistake, _value(gives)) for mistake, gives in wrong]
    return Question(
        0,
        text,
        "number",
        value,
        mistakes(*cases),
        (*steps, right.formula(name)),
        tolerance=third_digit(value),
        rounding=THREE_DIGITS,
    )


def _value(expression: Expression | Number) -> float:
    return float(expression.value if isinstance(expression, Expression) else expression)


def rows_of(array: Iterable[Iterable[float]]) -> tuple[tuple[float, ...], ...]:
    """Return a matrix as an answer: rows of floats."""
    return tuple(tuple(map(float, row)) for row in array)
