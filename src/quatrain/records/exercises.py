"""A sheet of problems: questions with their answers, and what checking an answer found.

`explain.exercises` makes sheets and marks; `page.problem_sheet` prints them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from quatrain.records.deferred import HtmlRepr, RichRepr
from quatrain.records.explanation import Part

AnswerKind: TypeAlias = Literal[
    "whole number",
    "number",
    "shape",
    "positions",
    "numbers",
    "matrix",
    "choice",
    "order",
    "formula",
]
"""What an answer is made of.

"whole number" and "number": one int, or one float within the question's tolerance. "shape": sizes,
channels last. "positions": whole numbers whose order doesn't matter, perhaps none. "numbers": a
tuple of floats in order. "matrix": rows of floats. "choice": one of the options. "order": all the
options, in order. "formula": an expression in the question's variables, as text.
"""

AnswerValue: TypeAlias = int | float | Fraction | str | tuple[object, ...]
"""A right answer, or what a mistake gives instead; its type follows the `AnswerKind`."""

Verdict: TypeAlias = Literal["right", "wrong", "not understood", "missing"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that learners make, and the answer it leads to.

    Attributes:
        text: what was done, as a clause that follows "if": "the biases are left out".
        value: the answer, computed with the mistake in it.
    """

    text: str
    value: AnswerValue


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a sheet.

    Attributes:
        number: its number on the sheet, from 1.
        text: the question.
        kind: what the answer is made of.
        answer: the right answer.
        mistakes: mistakes whose answers differ from the right one.
        solution: the worked solution, step by step.
        given: tables and matrices that the question is about.
        tolerance: the largest difference of a number from the right one; 0 for exact.
        rounding: what the tolerance means for the reader, as a sentence, or empty.
        options: the names to choose from or to put in order.
        variables: the names that a formula may use.
    """

    number: int
    text: str
    kind: AnswerKind
    answer: AnswerValue
    mistakes: tuple[Mistake, ...] = ()
    solution: tuple[Part, ...] = ()
    given: tuple[Part, ...] = ()
    tolerance: float = 0.0
    rounding: str = ""
    options: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProblemSheet(RichRepr):
    """The questions of one student, and what they were drawn from.

    Attributes:
        topic: the topic's name: "convolution".
        title: the topic in words.
        level: 1, 2 or 3.
        seed: the text the numbers were drawn from, such as a student's name.
        version: of the questions; the same seed gives the same sheet in one version.
        given: what all questions are about.
        questions: in order.
    """

    topic: str
    title: str
    level: int
    seed: str
    version: int
    given: tuple[Part, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Mark(HtmlRepr):
    """The verdict on one answer, with a sentence and the likely mistakes.

    Attributes:
        question: the question's number.
        verdict: "not understood" and "missing" count neither as right nor as wrong.
        message: the finding as one sentence or two, without the right answer.
        mistakes: the mistakes that give this answer, likeliest first; empty if none is known.
    """

    question: int
    verdict: Verdict
    message: str
    mistakes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.question}. {self.message}"


@dataclass(frozen=True, slots=True)
class Marking(HtmlRepr):
    """The marks of one student's answers, a mark for every question."""

    student: str
    marks: tuple[Mark, ...]

    @property
    def right(self) -> int:
        """Number of right answers."""
        return sum(mark.verdict == "right" for mark in self.marks)

    def __iter__(self) -> Iterator[Mark]:
        return iter(self.marks)

    def __str__(self) -> str:
        score = f"{self.student}: {self.right} of {len(self.marks)} right"
        return "\n".join([score, *map(str, self.marks)])


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """Counts of a class's answers to a question.

    Attributes:
        question: the question's number.
        verdicts: number of answers with each verdict.
        mistakes: mistakes that were found, and how often each; the most frequent first.
    """

    question: int
    verdicts: Mapping[Verdict, int]
    mistakes: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        counts = ", ".join(
            f"{count} {verdict}" for verdict, count in self.verdicts.items() if count
        )
        most = (
            f" Most often: {self.mistakes[0][0]} ({self.mistakes[0][1]})." if self.mistakes else ""
        )
        return f"{self.question}. {counts}.{most}"
