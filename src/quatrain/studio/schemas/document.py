"""The contents of a draft, and a draft with its version."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from quatrain.studio.schemas.texts import MOST_LINES, Answer, LineText, Model, ShortText

SAMPLE_LINES = (
    "The lamps are lit along the harbour wall,",
    "and every boat has folded up its wing;",
    "I hear the evening tide begin to call,",
    "",
)
"""Three lines of a quatrain and an empty place, for examples."""

SAMPLE_DOCUMENT: JsonDict = {
    "form": "rubai",
    "muses": ["verse"],
    "theme": "evening harbour",
    "lines": [{"text": text} for text in SAMPLE_LINES],
}
"""A document for examples."""


class DocumentLine(Model):
    """A line of a document: its text, who wrote it, and whether it may be changed."""

    text: LineText = Field(default="", description="The line; empty for an empty place.")
    locked: bool = Field(default=False, description="Whether no poet may change the line.")
    by: ShortText = Field(
        default="", description='Who wrote it: "" for the writer, else a poet\'s name.'
    )
    gap: bool = Field(default=False, description="Without a form: whether a stanza begins here.")


class DocumentSettings(Model):
    """Settings of the poets in a document; null leaves one to the poet."""

    temperature: Annotated[float, Field(ge=0, le=10)] | None = Field(
        default=None, description="Randomness; 0 is none."
    )
    contrast: Annotated[float, Field(ge=0, le=10)] | None = Field(
        default=None, description="How much what follows from the poem counts; 0 is not at all."
    )
    strength: Annotated[float, Field(ge=0, le=100)] | None = Field(
        default=None, description="Strength of the theme."
    )
    diction: Literal["modern", "archaic", "any"] | None = Field(
        default=None, description="Whether archaic words are left out, preferred, or neither."
    )


class Document(Model):
    """A poem being written: its form, its poets, its theme and its lines.

    With a form, line k of the document is line k of the form and an empty text is an empty place.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Harbour",
                    "form": "heroic-quatrain",
                    "metre": "",
                    "muses": ["verse"],
                    "theme": "evening harbour",
                    "settings": {
                        "temperature": None,
                        "contrast": None,
                        "strength": None,
                        "diction": None,
                    },
                    "lines": [
                        {"text": text, "locked": False, "by": "", "gap": False}
                        for text in SAMPLE_LINES
                    ],
                }
            ]
        }
    )

    title: ShortText = Field(default="", description="Title of the poem.")
    form: ShortText = Field(
        default="", description='Name of a form, as /api/forms lists it, or "".'
    )
    metre: ShortText = Field(
        default="", description='Metre of a form that leaves it open, such as "iambic 4", or "".'
    )
    muses: list[ShortText] = Field(
        default_factory=list, max_length=16, description="Names of the poets, in turn."
    )
    theme: ShortText = Field(default="", description="What the poem is about, in a few words.")
    settings: DocumentSettings = Field(
        default_factory=DocumentSettings, description="How the poets write."
    )
    lines: list[DocumentLine] = Field(
        default_factory=list, max_length=MOST_LINES, description="The lines."
    )


class Draft(Answer):
    """A document that is kept, with its version."""

    id: str = Field(description="A UUID.")
    version: int = Field(description="Grows by one with every save.")
    document: Document
    folder: str = Field(description='Name of the folder it is in, or "".')
    created: str = Field(description="When it was made, in ISO 8601, UTC.")
    updated: str = Field(description="When it was last saved, in ISO 8601, UTC.")
    trashed: str | None = Field(description="When it was thrown away, or null.")
    can_undo: bool
    can_redo: bool
