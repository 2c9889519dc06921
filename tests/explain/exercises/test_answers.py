"""Right answers agree with torch or brute force, and no named mistake gives a right answer."""

import importlib.util
import math
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("torch")

from quatrain.errors import SettingsError
from quatrain.explain.exercises.checking import variable_values
from quatrain.explain.exercises.exercise import exercise
from quatrain.explain.exercises.formulas import value_of
from quatrain.explain.exercises.topics import TOPICS


def script() -> ModuleType:
    path = Path(__file__).parents[3] / "scripts" / "check_exercises.py"
    spec = importlib.util.spec_from_file_location("check_exercises", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = script()

SEEDS = 12
"""Seeds of each topic and level in the test. `scripts/check_exercises.py` takes 1,000."""


def test_every_topic_has_a_reference() -> None:
    assert set(SCRIPT.REFERENCES) == set(TOPICS)


@pytest.mark.slow
@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_answers_agree_with_a_reference_and_no_mistake_is_right(topic: str, level: int) -> None:
    assert all(
        SCRIPT.verify(exercise(topic, seed=f"student {number}", level=level)) >= 3
        for number in range(SEEDS)
    )


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_one_sheet_of_each_topic(topic: str) -> None:
    SCRIPT.verify(exercise(topic, seed="Ada", level=2))


def test_formulas_of_the_cell_have_the_slopes_that_differences_find() -> None:
    """delta c = dL/dh dh/dc, with h = o tanh(c), by central differences at random points."""
    sheet = exercise("lstm", seed="Ada", level=1)
    formulas = {question.text.split(",")[0]: question for question in sheet.questions
                if question.kind == "formula"}  # fmt: skip
    step = 1e-6
    for trial in range(3):
        values = dict(variable_values(sheet.questions[1].variables, trial))
        dh, o, c = values["dh"], values["o"], values["c"]
        by_c = dh * o * (math.tanh(c + step) - math.tanh(c - step)) / (2 * step)
        by_o = dh * ((o + step) * math.tanh(c) - (o - step) * math.tanh(c)) / (2 * step)
        for name, slope in (("Write delta c", by_c), ("Write delta o", by_o)):
            value = value_of(str(formulas[name].answer), values)
            assert value is not None
            assert float(value) == pytest.approx(slope, rel=1e-6)


def test_the_same_seed_gives_the_same_sheet_and_another_another() -> None:
    first = exercise("convolution", seed="Ada", level=2)
    assert first == exercise("convolution", seed="  Ada ", level=2)
    assert first.questions != exercise("convolution", seed="Bob", level=2).questions
    assert [question.answer for question in exercise("convolution", seed="Ada").questions] == PINNED


PINNED: list[Any] = [2412, (19, 19, 12), (41,), 866400]
"""The answers of one sheet. If they change, the version of the questions must go up."""


@pytest.mark.parametrize(
    "seed", ["Émile", "e\u0301", "李小龍", "\ud800", "\x00\x1b[2J", "🜁", 7, "x" * 1000]
)
def test_any_text_is_a_seed(seed: Any) -> None:
    assert exercise("convolution", seed=seed).questions


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"seed": "  "}, "an empty text"),
        ({"seed": "x" * 1001}, "1,001 characters"),
        ({"seed": None}, "a text or a whole number"),
        ({"seed": True}, "a text or a whole number"),
        ({"seed": "Ada", "level": 4}, "from 1 to 3"),
        ({"seed": "Ada", "level": "two"}, "from 1 to 3"),
    ],
)
def test_what_is_no_sheet_is_a_sentence(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        exercise("convolution", **settings)


def test_an_unknown_topic_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match="Did you mean 'convolution'"):
        exercise("convolutoin", seed="Ada")


def test_random_text_as_a_seed_never_fails() -> None:
    draw = random.Random(1)
    for _ in range(5):
        seed = "".join(chr(draw.randrange(33, 0x3000)) for _ in range(20))
        assert exercise("lstm", seed=seed).questions
