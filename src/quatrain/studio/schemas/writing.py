"""Requests to write, and to offer other lines and words; their events and answers."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from quatrain.studio.schemas.document import SAMPLE_DOCUMENT, Document
from quatrain.studio.schemas.texts import MOST_LINES, Answer, LineText, Model, Seed

LineNumber = Annotated[int, Field(ge=1, le=MOST_LINES)]
"""Number of a line, from 1."""


class WriteRequest(Model):
    """A document whose empty places are to be written."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"document": SAMPLE_DOCUMENT, "only": None, "seed": 1}]}
    )

    document: Document
    only: Annotated[list[LineNumber], Field(max_length=MOST_LINES)] | None = Field(
        default=None, description="Numbers of the lines to write; null for all that are empty."
    )
    seed: Seed | None = Field(
        default=None, description="The same seed writes the same lines; null draws one."
    )


class AlternativesRequest(Model):
    """A line of a document for which others are wanted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"document": SAMPLE_DOCUMENT, "line": 3, "count": 3, "seed": 1}]
        }
    )

    document: Document
    line: LineNumber = Field(description="Number of the line, from 1.")
    count: Annotated[int, Field(ge=1, le=12)] = Field(default=3, description="Most lines to offer.")
    begin: LineText = Field(default="", description="Text that every line begins with.")
    seed: Seed | None = Field(default=None, description="The same seed offers the same lines.")


class WordAlternativesRequest(Model):
    """A word of a document for which others are wanted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"document": SAMPLE_DOCUMENT, "line": 1, "word": 2, "count": 8}]
        }
    )

    document: Document
    line: LineNumber = Field(description="Number of the line, from 1.")
    word: Annotated[int, Field(ge=1, le=10_000)] = Field(
        description="Number of the word in the line, from 1."
    )
    count: Annotated[int, Field(ge=1, le=50)] = Field(default=8, description="Most words to offer.")


class WordAlternative(Answer):
    """A line with another word."""

    word: str
    text: str = Field(description="The whole line with it.")
    difference: float = Field(
        description="How much less likely the poem is with it to the poet, in nats."
    )


class WordAlternatives(Answer):
    """Other words for one of a line, the likeliest first."""

    alternatives: list[WordAlternative]


def event_stream(events: dict[str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """Return the description of server-sent events: an example of each, by its name."""
    text = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events.items())
    names = ", ".join(events)
    return {
        200: {
            "description": f"Server-sent events: {names}, or problem with problem details.",
            "content": {
                "text/event-stream": {"itemSchema": _event_schema([*events]), "example": text},
            },
        }
    }


def _event_schema(names: list[str]) -> dict[str, Any]:
    """Return the schema of one event, as OpenAPI 3.2 describes them."""
    return {
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "event": {"enum": [*names, "problem"]},
            "data": {"type": "string", "contentMediaType": "application/json"},
        },
    }
