"""Corpora, trainings and what is asked of them."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from quatrain.studio.schemas.problem import problem_of
from quatrain.studio.schemas.texts import Answer, Model, ShortText

MISSING = problem_of("There is no such text, training or poet of yours.")
CONFLICT = problem_of("It is not possible now; the detail says why, and what to do.")
NO_ROOM = problem_of("The disk is full, or the desk's folder can't be written.")
NO_TORCH = problem_of("Training is not installed; the detail says how to.")


class Count(Answer):
    """A number of something."""

    what: str = Field(description="What was counted.")
    count: int = Field(description="How many.")


class Passage(Answer):
    """A passage of an uploaded file."""

    text: str = Field(description="Its beginning.")
    file: str = Field(description="The file's name.")
    line: int = Field(description="Number of its first line, from 1; 0 if it is not known.")


class LeftOut(Count):
    """Text of one kind that is not taken as verse, or poems that are left out."""

    examples: list[Passage] = Field(description="The first few.")


class Doubt(Passage):
    """A line that is taken as verse though it may be something else."""

    what: str = Field(description="What else it could be.")


class CorpusReport(Answer):
    """Report of what was read, changed, and left out and why."""

    files: int
    poems: int
    stanzas: int
    lines: int
    words: int
    characters: int
    reading: list[Count] = Field(description="How the files were read.")
    changes: list[Count] = Field(description="What was changed on the way in.")
    left_out: list[LeftOut] = Field(description="What is not taken as verse, and whole poems.")
    doubts: list[Doubt] = Field(description="Lines of verse that may be titles or the like.")
    not_read: list[str] = Field(description="Files that can't be read, each with the reason.")
    advice: list[str] = Field(description="Sentences on training with this corpus.")


_CORPUS: JsonDict = {
    "id": "8c0f6e2d9b1a4735",
    "name": "My winter poems",
    "created": 1796000000.0,
    "files": 2,
    "bytes": 5120,
    "report": {
        "files": 1,
        "poems": 3,
        "stanzas": 6,
        "lines": 24,
        "words": 170,
        "characters": 950,
        "reading": [{"what": "read as utf-8", "count": 1}],
        "changes": [{"what": "extra blank lines removed", "count": 2}],
        "left_out": [
            {
                "what": "lines of title",
                "count": 3,
                "examples": [{"text": "FROST", "file": "winter.txt", "line": 1}],
            }
        ],
        "doubts": [],
        "not_read": ["scan.pdf (.pdf is not supported)"],
        "advice": ["More text helps more than any setting."],
    },
}


class Corpus(Answer):
    """Uploaded texts."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_CORPUS]})

    id: str
    name: str
    created: float = Field(description="When it was uploaded, in seconds since 1970.")
    files: int = Field(description="Files that were uploaded.")
    bytes: int = Field(description="Bytes of those that are kept.")
    report: CorpusReport


class CorpusList(Answer):
    """A user's corpora, the newest first."""

    corpora: list[Corpus]


class TrainingRequest(Model):
    """Request for a poet: its texts, its name, its time."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "corpus": "8c0f6e2d9b1a4735",
                    "name": "Winter",
                    "base": "verse",
                    "minutes": 20,
                }
            ]
        }
    )

    corpus: ShortText = Field(description="Identifier of a corpus.")
    name: ShortText = Field(description="Name of the new poet.")
    base: ShortText = Field(
        default="",
        description="The poet to start from: one of the list, scratch for none, or empty for "
        "the one that predicts the texts best.",
    )
    minutes: float = Field(default=20.0, gt=0, le=24 * 60, description="Training time.")


class Point(Answer):
    """A validation: losses in nats per character."""

    step: int
    training: float
    validation: float


class Sample(Answer):
    """Lines that the poet wrote along the way."""

    step: int
    text: str


class Training(Answer):
    """A training, as it stands."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "0d5c1f7a2e9b4468",
                    "name": "Winter",
                    "corpus": "8c0f6e2d9b1a4735",
                    "base": "verse",
                    "minutes": 20.0,
                    "created": 1796000100.0,
                    "state": "running",
                    "progress": 0.4,
                    "time_left_s": 720.0,
                    "phase": "training",
                    "curve": [{"step": 200, "training": 1.62, "validation": 1.58}],
                    "samples": [{"step": 200, "text": "the frost is on the window still"}],
                    "notes": [],
                    "message": "",
                    "resumable": False,
                    "poet": None,
                }
            ]
        },
    )

    id: str
    name: str = Field(description="Name of the poet to be.")
    corpus: str = Field(description="Identifier of its corpus.")
    base: str = Field(description="The poet it starts from; empty for the best that ships.")
    minutes: float
    created: float = Field(description="When it was asked for, in seconds since 1970.")
    state: Literal["waiting", "running", "paused", "done", "stopped", "failed"]
    progress: float = Field(ge=0, le=1, description="Share of the training that is done.")
    time_left_s: float | None = Field(description="Seconds left; null if it does not run.")
    phase: str = Field(description="starting, preparing or training; empty if it does not run.")
    curve: list[Point] = Field(description="The validations so far.")
    samples: list[Sample] = Field(description="The latest samples.")
    notes: list[str] = Field(description="What was chosen for this corpus, and why.")
    message: str = Field(description="How it ended, or why, and what to do.")
    resumable: bool
    poet: str | None = Field(description="Name of the poet that came of it.")


class TrainingList(Answer):
    """A user's trainings, the newest first."""

    trainings: list[Training]
