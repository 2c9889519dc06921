"""A sheet for a student: drawn from a seed, checked against its own mistakes, ready to be marked.

sheet = quatrain.exercise("convolution", seed="Ada", level=2)
sheet[1].check("28x28x8")
sheet.check({"1": 608, "2": "28x28x8"})
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from difflib import get_close_matches

from quatrain.errors import InternalError, SettingsError
from quatrain.explain.exercises.building import Problems
from quatrain.explain.exercises.checking import check_answer, wrongly_accepted
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.explain.exercises.topics import TOPICS
from quatrain.layers.shapes import whole
from quatrain.records import Mark, Marking, ProblemSheet, Question

VERSION = 1
"""Version of the questions. It goes up when the same seed would give another sheet."""

MOST_SEED = 1000
"""Characters of a seed: longer than any name."""

_ATTEMPTS = 200
"""Most draws for one sheet. A draw is repeated where a mistake gives the right answer; the property
tests have not needed more than a few."""


class Problem(Question):
    """A question that can be answered."""

    __slots__ = ()

    def check(self, answer: object) -> Mark:
        """Return the mark of an answer: a number, text such as "3/4" or "28x28x8", a list."""
        return check_answer(self, answer)


class Exercise(ProblemSheet):
    """A sheet whose questions can be answered; see `exercise`."""

    __slots__ = ()

    def __getitem__(self, number: int) -> Problem:
        """Return a question by its number, from 1.

        Raises:
            SettingsError: the sheet has no such question.
        """
        number = whole("the number of the question", number, 1, len(self.questions))
        question = self.questions[number - 1]
        return Problem(**{field.name: getattr(question, field.name) for field in fields(question)})

    def check(
        self, answers: Mapping[str, object] | Mapping[int, object] | Sequence[object]
    ) -> Marking:
        """Return a mark for every question.

        Args:
            answers: by number, or in order. What is missing is marked as missing.

        Raises:
            SettingsError: there is an answer to a question that the sheet doesn't have, or the
                answers are neither a mapping nor a list.
        """
        by_number = _by_number(answers, len(self.questions))
        return Marking(
            self.seed,
            tuple(
                check_answer(question, by_number.get(str(question.number)))
                for question in self.questions
            ),
        )


def exercise(topic: str, *, seed: str | int, level: int = 1) -> Exercise:
    """Make a sheet of problems from a seed: the same seed gives the same sheet.

    Args:
        topic: "convolution", "pooling", "lstm", ...; `quatrain exercise --help` lists them.
        seed: any text, such as a student's name. Spaces around it and between words don't matter.
        level: 1, 2 or 3.

    Returns:
        The sheet. In a notebook it shows itself; `check` marks answers, and so does the `check` of
        one question, `sheet[1]`.

    Raises:
        SettingsError: the topic is unknown, the level is not 1, 2 or 3, or the seed is empty or
            longer than `MOST_SEED` characters.
    """
    subject = TOPICS.get(topic)
    if subject is None:
        near = get_close_matches(str(topic), TOPICS, 1)
        remedy = f"Did you mean {near[0]!r}?" if near else "Choose one of them."
        raise SettingsError("the topic of the exercise", repr(topic), ", ".join(TOPICS), remedy)
    level = whole("the level of the exercise", level, 1, 3, "Choose 1, 2 or 3.")
    seed = normal_seed(seed)
    for attempt in range(_ATTEMPTS):
        draw = NumberStream(
            "\n".join(("exercise", str(VERSION), topic, str(level), str(attempt), seed))
        )
        problems = _numbered(subject.problems(draw, level))
        if not any(wrongly_accepted(question) for question in problems.questions):
            return Exercise(
                topic, subject.title, level, seed, VERSION, problems.given, problems.questions
            )
    raise InternalError(
        f"no sheet on {topic}, level {level}, for the seed {seed!r} in {_ATTEMPTS} draws"
    )


def normal_seed(seed: str | int) -> str:
    """Return a seed without differences that nobody sees: composed letters, single spaces.

    Raises:
        SettingsError: nothing is left, or too much.
    """
    if isinstance(seed, bool) or not isinstance(seed, str | int):
        raise SettingsError(
            "the seed of the exercise", repr(seed), "a text or a whole number", "Give a name."
        )
    if isinstance(seed, str) and len(seed) > MOST_SEED:
        raise SettingsError(
            "the seed of the exercise",
            f"{len(seed):,} characters",
            f"at most {MOST_SEED:,}",
            "Give a shorter text.",
        )
    text = " ".join(unicodedata.normalize("NFC", str(seed)).split())
    if not text:
        raise SettingsError(
            "the seed of the exercise",
            "an empty text",
            "any text, such as a student's name",
            "Give a seed; the same seed gives the same sheet.",
        )
    return text


def _numbered(problems: Problems) -> Problems:
    """Number the questions from 1."""
    return replace(
        problems,
        questions=tuple(
            replace(question, number=number)
            for number, question in enumerate(problems.questions, start=1)
        ),
    )


def _by_number(
    answers: Mapping[str, object] | Mapping[int, object] | Sequence[object], count: int
) -> dict[str, object]:
    """Return the answers by the number of their question, as text."""
    if isinstance(answers, Mapping):
        by_number = {str(number).strip().rstrip("."): value for number, value in answers.items()}
    elif isinstance(answers, Sequence) and not isinstance(answers, str | bytes):
        by_number = {str(number): value for number, value in enumerate(answers, start=1)}
    else:
        raise SettingsError(
            "the answers",
            type(answers).__name__,
            'a mapping, such as {"1": 608}, or a list in order',
            "Give one answer for each question, or leave some out.",
        )
    unknown = [number for number in by_number if number not in map(str, range(1, count + 1))]
    if unknown:
        raise SettingsError(
            "the answers",
            f"an answer to question {unknown[0][:60]!r}",
            f"questions 1 to {count}",
            "Name each answer by the number of its question.",
        )
    return by_number
