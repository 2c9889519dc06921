"""Requests and answers of the Inside pages: demonstrations and exercises."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from quatrain.studio.schemas.texts import Answer, Model, ShortText

MOST_CONTROLS = 40
"""Most values in a state; no topic has half as many controls."""

MOST_TEXT = 20_000
"""Most characters of a value: an essay to look into."""

MOST_SIDE = 100
"""Most rows, and most columns, of a drawing."""

Number = Annotated[int | float, Field(description="A number.")]
Row = Annotated[list[Number], Field(max_length=MOST_SIDE)]
Value = (
    int
    | float
    | Annotated[str, Field(max_length=MOST_TEXT)]
    | Annotated[list[Row], Field(max_length=MOST_SIDE)]
)
"""The value of a control: a number, a text or rows of numbers."""


class StateRequest(Model):
    """Values of a demonstration's controls."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": {"n": 12, "k": 5, "kernel": "outlines"}}, {}]}
    )

    state: dict[Annotated[str, Field(max_length=100)], Value] = Field(
        default_factory=dict,
        max_length=MOST_CONTROLS,
        description="Values by name. A control that isn't named keeps its first value.",
    )


class TopicSummary(Answer):
    """An Inside page."""

    topic: str
    title: str
    lead: str


class TopicList(Answer):
    """The Inside pages, in the order in which they are taught."""

    topics: list[TopicSummary]


class Section(Answer):
    """Formulas and sentences under a title."""

    title: str
    html: str = Field(description="HTML with MathML; everything in it is escaped.")


class Control(Answer):
    """A control; which fields it has follows its kind."""

    model_config = ConfigDict(extra="allow")

    kind: Literal["slider", "choice", "text", "grid"]
    name: str
    label: str
    value: Any = Field(description="The value that it has at first.")


class Demonstration(Answer):
    """An experiment in one state of its controls."""

    topic: str
    title: str
    lead: str
    controls: list[Control]
    state: dict[str, Any] = Field(description="The value of each control.")
    problem: str = Field(description="Why the state is impossible, or empty.")
    data: dict[str, Any] = Field(description="The numbers to draw; null for no number.")
    sections: list[Section]
    python: str = Field(description="Lines of Python that give the same numbers.")
    exercise: Annotated[
        list[str | int],
        Field(min_length=2, max_length=2, description="Topic and level of the exercise."),
    ]
    summary: str = Field(description="One sentence with the values.")


class Latex(Answer):
    """LaTeX for the body of a document."""

    latex: str


Seed = Annotated[
    ShortText, Field(min_length=1, description="Any text, such as a name; it draws the numbers.")
]
Level = Annotated[int, Field(ge=1, le=3, description="Level, 1 to 3.")]
GivenAnswer = (
    int
    | float
    | Annotated[str, Field(max_length=2000)]
    | Annotated[list[int | float | str | Row], Field(max_length=MOST_SIDE)]
    | None
)
"""An answer: a number, text such as "28x28x8" or "3/4", a list or rows of numbers."""


class SheetRequest(Model):
    """Seed and level that a sheet is drawn from."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seed": "Ada", "level": 2}]})

    seed: Seed
    level: Level = 1


class Question(Answer):
    """A question, without its answer."""

    number: int
    text: str
    kind: str = Field(description='What the answer is: "whole number", "shape", "choice", ...')
    rounding: str = Field(description="How exact a number must be, or empty.")
    options: list[str] = Field(description="Names to choose from, or to put in order.")
    variables: list[str] = Field(description="Names that a formula may use.")
    html: str = Field(description="Tables and matrices that the question is about.")


class Sheet(Answer):
    """A sheet of questions. The same seed and level give the same sheet."""

    topic: str
    title: str
    seed: str
    level: int
    html: str = Field(description="What all questions are about.")
    questions: list[Question]


class AnswersRequest(SheetRequest):
    """Answers to a sheet."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"seed": "Ada", "level": 2, "answers": {"1": 608, "2": "28x28x8"}}]
        }
    )

    answers: dict[Annotated[str, Field(max_length=20)], GivenAnswer] = Field(
        max_length=MOST_CONTROLS, description="Answers by the number of their question."
    )


class Mark(Answer):
    """The mark of one answer."""

    question: int
    verdict: Literal["right", "wrong", "not understood", "missing"]
    message: str = Field(description="The finding, without the right answer.")
    mistakes: list[str] = Field(description="Mistakes that give this answer, likeliest first.")


class Marks(Answer):
    """A mark for each question."""

    right: int = Field(description="Number of right answers.")
    marks: list[Mark]


class SolutionRequest(SheetRequest):
    """The question whose solution is asked for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"seed": "Ada", "level": 2, "question": 1}]}
    )

    question: Annotated[int, Field(ge=1, le=100, description="Number of the question.")]


class Solution(Answer):
    """The right answer to a question, and the way to it."""

    question: int
    answer: str
    html: str = Field(description="The worked solution.")
