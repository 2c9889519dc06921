"""Marks: an answer against the right one, and against what each mistake gives."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from numbers import Real

from quatrain.explain.exercises.formulas import MOST_CHARACTERS, value_of
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.explain.exercises.readings import is_missing, readings
from quatrain.records import Mark, Question
from quatrain.records.exercises import AnswerValue

_WANTED = {
    "whole number": "a whole number, such as 12, or arithmetic, such as 3*4",
    "number": "a number, such as 0.25, 1/4 or 2.5e-1",
    "shape": "sizes, such as 12x12x4",
    "positions": "whole numbers with commas between them, such as 0, 5, or the word none",
    "numbers": "numbers with commas between them, such as 0.5, 0.25, 0.25",
    "matrix": "a list of rows, such as [[1, 2], [3, 4]]",
    "choice": "one of the options",
    "order": "all of the options in order",
    "formula": "an expression",
}
"""Kinds of answers, in words with an example."""

_TRIALS = 6
"""Points at which two formulas are compared. They differ in all of them or are the same; by chance
they agree to `_SAME` in none."""

_SAME = 1e-9
"""Largest relative difference of two values of the same formula."""

_SHOWN = 60
"""Characters of an answer repeated in a message."""


def check_answer(question: Question, typed: object) -> Mark:
    """Return the mark of an answer: text, a number, a list, an array, or None.

    Raises:
        Nothing: what cannot be understood is marked so.
    """
    if is_missing(typed):
        return Mark(question.number, "missing", "No answer yet.")
    possible = [value for value in readings(question, typed) if _fits(question, value)]
    if not possible:
        return Mark(question.number, "not understood", _not_understood(question, typed))
    if any(accepts(question, value) for value in possible):
        return Mark(question.number, "right", "Right.")
    shown = _shown(typed)
    likely = tuple(
        mistake.text
        for mistake in question.mistakes
        if any(_same(question, value, mistake.value) for value in possible)
    )
    if likely:
        return Mark(
            question.number,
            "wrong",
            f"Not right. {shown} is what comes out if {', or if '.join(likely)}.",
            likely,
        )
    hint = question.rounding
    message = f"Not right. {shown} comes from none of the usual mistakes."
    return Mark(question.number, "wrong", f"{message} {hint}".rstrip())


def accepts(question: Question, value: AnswerValue) -> bool:
    """Return whether an answer, as read, is right."""
    return _same(question, value, question.answer)


def _same(question: Question, value: AnswerValue, other: AnswerValue) -> bool:
    if question.kind == "formula":
        return _same_formula(str(value), str(other), question.variables)
    return _close(value, other, question.tolerance)


def _close(value: object, other: object, tolerance: float) -> bool:
    if isinstance(value, tuple) and isinstance(other, tuple):
        return len(value) == len(other) and all(
            _close(one, another, tolerance) for one, another in zip(value, other, strict=True)
        )
    if isinstance(value, Real) and isinstance(other, Real):
        return abs(float(value) - float(other)) <= tolerance
    return value == other


def variable_values(names: tuple[str, ...], trial: int) -> Mapping[str, float]:
    """Return a value for every variable of a formula, the same for the same trial.

    The gates i, f, o and the candidate g are the sigmoid and the tanh of z_i, z_f, z_o and z_g, c
    is f c_prev + i g, and dc is dh o (1 - tanh^2 c), so that a formula may use either.
    """
    draw = NumberStream(f"formula {trial}")
    values = {name: draw.decimal(0.1, 0.9, 6) * draw.choice((-1, 1)) for name in names}
    functions: Mapping[str, str] = {"i": "sigma", "f": "sigma", "o": "sigma", "g": "tanh"}
    for gate, function in functions.items():
        if gate in values and f"z_{gate}" in values:
            value = value_of(f"{function}(z)", {"z": values[f"z_{gate}"]})
            values[gate] = float(value) if value is not None else values[gate]
    if {"dh", "dc", "i", "f", "g", "o", "c", "c_prev"} <= set(values):
        values["c"] = values["f"] * values["c_prev"] + values["i"] * values["g"]
        values["dc"] = values["dh"] * values["o"] * (1 - math.tanh(values["c"]) ** 2)
    return values


def _same_formula(text: str, other: str, names: tuple[str, ...]) -> bool:
    for trial in range(_TRIALS):
        values = variable_values(names, trial)
        one, another = value_of(text, values), value_of(other, values)
        if one is None or another is None:
            return False
        if abs(float(one) - float(another)) > _SAME * max(1.0, abs(float(one))):
            return False
    return True


def _fits(question: Question, value: AnswerValue) -> bool:
    """Return whether a reading can be compared: a formula must have a value."""
    if question.kind == "formula":
        return value_of(str(value), variable_values(question.variables, 0)) is not None
    return True


def _not_understood(question: Question, typed: object) -> str:
    wanted = _WANTED[question.kind]
    if question.kind in ("choice", "order"):
        wanted += f": {', '.join(question.options)}"
    if question.kind == "formula":
        wanted += f" of at most {MOST_CHARACTERS} characters in {', '.join(question.variables)}"
    return (
        f"{_shown(typed)} was not understood; it counts neither as right nor as wrong. "
        f"Expected {wanted}."
    )


def _shown(typed: object) -> str:
    render: Callable[[object], str] = str if isinstance(typed, str) else repr
    text = " ".join(render(typed)[: 10 * _SHOWN].split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def wrongly_accepted(question: Question) -> list[str]:
    """Return the mistakes whose answer would be marked right, or might be after rounding."""
    margin = replace(question, tolerance=2 * question.tolerance)
    return [mistake.text for mistake in question.mistakes if accepts(margin, mistake.value)]
