"""What is typed, and what a check says of it: right, wrong with the mistake, or not understood."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from quatrain.errors import SettingsError
from quatrain.explain.exercises.building import third_digit
from quatrain.explain.exercises.checking import check_answer, wrongly_accepted
from quatrain.explain.exercises.exercise import exercise
from quatrain.explain.exercises.formulas import value_of
from quatrain.records import Question
from quatrain.records.exercises import Mistake


def question(kind: Any, answer: Any, **more: Any) -> Question:
    return Question(1, "?", kind, answer, **more)


WHOLE = question("whole number", 1024, mistakes=(Mistake("the biases are left out", 1016),))
DECIMAL = question("number", 1 / 3, tolerance=0.001)
SHAPE = question("shape", (28, 30, 8))
ROWS = question("positions", (3, 7, 11))
NONE = question("positions", ())
MATRIX = question("matrix", ((1.0, 2.5), (3.0, 4.0)), tolerance=0.01)
SHARES = question("numbers", (0.5, 0.25, 0.25), tolerance=0.001)
CHOICE = question("choice", "vanishes", options=("vanishes", "explodes", "neither"))
ORDER = question("order", ("B", "C", "A"), options=("A", "B", "C"))
DELTA = question(
    "formula", "dh * o * (1 - tanh(c)^2)", mistakes=(Mistake("tanh' is missing", "dh * o"),),
    variables=("dh", "dc", "i", "f", "g", "o", "c", "c_prev", "z_i", "z_f", "z_g", "z_o"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        (WHOLE, 1024),
        (WHOLE, "1024"),
        (WHOLE, "1,024"),
        (WHOLE, " 1024. "),
        (WHOLE, 1024.0),
        (WHOLE, np.int64(1024)),
        (WHOLE, "2^10"),
        (WHOLE, "5*5*8*5 + 24"),
        (WHOLE, "8 x 128"),
        (DECIMAL, "1/3"),
        (DECIMAL, Fraction(1, 3)),
        (DECIMAL, 0.333),
        (DECIMAL, "0,333"),
        (DECIMAL, "33.3%"),
        (DECIMAL, "3.33e-1"),
        (DECIMAL, "3.33 * 10^-1"),
        (SHAPE, "28x30x8"),
        (SHAPE, "28 × 30 × 8"),
        (SHAPE, "(28, 30, 8)"),
        (SHAPE, [28, 30, 8]),
        (SHAPE, (28, 30, 8)),
        (SHAPE, "8x28x30 (channels first)"),
        (SHAPE, "CHW 8, 28, 30"),
        (SHAPE, "28 30 8 channels last"),
        (ROWS, "3, 7 and 11"),
        (ROWS, "11 7 3"),
        (ROWS, {3, 7, 11}),
        (NONE, "none"),
        (NONE, []),
        (MATRIX, "[[1, 2.5], [3, 4]]"),
        (MATRIX, "1 2.5\n3 4"),
        (MATRIX, [["1", "5/2"], [3, 4]]),
        (MATRIX, np.array([[1, 2.5], [3, 4]])),
        (SHARES, "0.5, 0.25, 0.25"),
        (SHARES, "1/2, 1/4, 1/4"),
        (SHARES, "0,5; 0,25; 0,25"),
        (CHOICE, "Vanishes."),
        (CHOICE, "vanish"),
        (ORDER, "B < C < A"),
        (ORDER, "bca"),
        (ORDER, ["B", "C", "A"]),
        (DELTA, "δh ⊙ o ⊙ (1 − tanh²(c))".replace("δh", "dh")),
        (DELTA, "o*dh - dh*o*tanh(c)**2"),
        (DELTA, "sigma(z_o) * dh * (1 - tanh(c)^2)"),
    ],
)
def test_the_right_answer_in_many_spellings(asked: Question, typed: Any) -> None:
    assert check_answer(asked, typed).verdict == "right"


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        (WHOLE, "about a thousand"),
        (WHOLE, "28x28x8x8x"),
        (WHOLE, [1024]),
        (WHOLE, True),
        (WHOLE, float("nan")),
        (WHOLE, "9**9**9**9"),
        (WHOLE, "1/0"),
        (WHOLE, "__import__('os').getcwd()"),
        (WHOLE, "(" * 300),
        (WHOLE, "9" * 10**7),
        (DECIMAL, {"a": 1}),
        (DECIMAL, "(-1)^0.5"),
        (SHAPE, 6720),
        (SHAPE, "6720"),
        (SHAPE, "wide"),
        (SHAPE, [28, "x", 8]),
        (ROWS, "all of them"),
        (ROWS, 1.5),
        (MATRIX, "a matrix"),
        (MATRIX, "[" * 1500),
        (MATRIX, 7),
        (SHARES, "half"),
        (CHOICE, "up"),
        (CHOICE, 3.5),
        (ORDER, "A, B"),
        (ORDER, "A, B, C, D"),
        (DELTA, "dq * o"),
        (DELTA, 0.5),
        (DELTA, "dh * o *"),
    ],
)
def test_what_is_not_understood_is_never_wrong(asked: Question, typed: Any) -> None:
    mark = check_answer(asked, typed)
    assert mark.verdict == "not understood"
    assert "neither as right nor as wrong" in mark.message
    assert len(mark.message) < 400


@pytest.mark.parametrize("typed", [None, "", "   ", ...])
def test_no_answer_is_missing(typed: Any) -> None:
    assert check_answer(WHOLE, typed).verdict == "missing"


def test_a_mistake_is_named_and_the_answer_is_not() -> None:
    mark = check_answer(WHOLE, "1016")
    assert mark.verdict == "wrong"
    assert mark.mistakes == ("the biases are left out",)
    assert "1024" not in mark.message
    assert check_answer(DELTA, "o * dh").mistakes == ("tanh' is missing",)
    assert check_answer(WHOLE, "1017").mistakes == ()


def test_the_answer_is_within_the_rounding_and_no_further() -> None:
    assert check_answer(DECIMAL, 0.3325).verdict == "right"
    assert check_answer(DECIMAL, 0.33).verdict == "wrong"


def test_a_sheet_takes_answers_by_number_or_in_order() -> None:
    sheet = exercise("convolution", seed="Ada")
    right = [question.answer for question in sheet.questions]
    assert sheet.check(right).right == len(right)
    by_number: dict[Any, Any] = {1: right[0], "2": right[1]}
    marking = sheet.check(by_number)
    assert [mark.verdict for mark in marking] == ["right", "right", "missing", "missing"]
    assert str(marking).startswith("Ada: 2 of 4 right")
    assert sheet[1].check(right[0]).verdict == "right"


@pytest.mark.parametrize("answers", [{"9": 1}, {"one": 1}, "608", 608, None, [1] * 9])
def test_answers_to_no_question_are_a_sentence(answers: Any) -> None:
    with pytest.raises(SettingsError, match="answers"):
        exercise("convolution", seed="Ada").check(answers)


@pytest.mark.parametrize("number", [0, 5, "1", True])
def test_a_question_that_is_not_there_is_a_sentence(number: Any) -> None:
    with pytest.raises(SettingsError, match="from 1 to 4"):
        exercise("convolution", seed="Ada")[number]


@pytest.mark.parametrize(
    ("text", "value"),
    [("2 + 3*4", 14), ("-2^2", -4), ("3/4", Fraction(3, 4)), ("2e-2", 0.02), ("tanh 0", 0.0)],
)
def test_values_of_expressions(text: str, value: Any) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize("right", [0.123, -45600.0, 9.87e-7])
def test_one_unit_of_the_third_digit_is_accepted_and_two_are_not(right: float) -> None:
    asked = question("number", right, tolerance=third_digit(right))
    unit = float(f"1e{f'{right:.2e}'.partition('e')[2]}") / 100
    for units, verdict in ((1, "right"), (-1, "right"), (2, "wrong"), (-2, "wrong")):
        assert check_answer(asked, right + units * unit).verdict == verdict


@pytest.mark.parametrize(("value", "is_near"), [(1.015, True), (1.025, False)])
def test_a_mistake_that_rounding_could_make_right_is_found(value: float, is_near: bool) -> None:
    asked = question(
        "number", 1.0, mistakes=(Mistake("a step is left out", value),), tolerance=0.01
    )
    assert wrongly_accepted(asked) == (["a step is left out"] if is_near else [])
