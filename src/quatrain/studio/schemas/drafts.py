"""Drafts: what is asked about them, and what is answered."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from quatrain.studio.drafts.store import LONGEST_NAME
from quatrain.studio.schemas.document import SAMPLE_DOCUMENT, Document, Draft
from quatrain.studio.schemas.texts import Answer, Model, ShortText

_NEWEST_VERSION = 2**31 - 1
"""Largest version of a draft that the databases can hold."""

_DRAFT_VERSION = Field(
    ge=1,
    le=_NEWEST_VERSION,
    description="The version that the change was made to.",
    examples=[7],
)


class NewDraft(Model):
    """A document to keep as a new draft."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"document": SAMPLE_DOCUMENT, "folder": "Winter"}]}
    )

    document: Document
    folder: ShortText = Field("", description='Name of a folder, or "".')


class SavedDocument(Model):
    """A document to save in a draft."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"version": 7, "document": SAMPLE_DOCUMENT, "continues": True}]
        }
    )

    version: int = _DRAFT_VERSION
    document: Document
    continues: bool = Field(
        False, description="Typing goes on: undo takes back this save with the one before."
    )


class KnownVersion(Model):
    """The version of a draft that a change was made to."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 7}]})

    version: int = _DRAFT_VERSION


class FolderChange(Model):
    """The folder to put a draft in."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 7, "folder": "Winter"}]})

    version: int = _DRAFT_VERSION
    folder: ShortText = Field(description='Name of the folder; "" for none.', examples=["Winter"])


class VersionName(Model):
    """A name for the text as it is now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "before the last stanza"}]})

    name: ShortText = Field(
        min_length=1, description=f"At most {LONGEST_NAME} characters.", examples=["As sent"]
    )


class DraftSummary(Answer):
    """A row in the list of drafts."""

    id: str = Field(description="A UUID.")
    title: str = Field(description='Title, or "".')
    folder: str = Field(description='Name of its folder, or "".')
    form: str = Field(description='Name of its form, or "".')
    lines: int = Field(description="Lines that have text.")
    first_line: str = Field(description="The first of them, or its beginning.")
    updated: str = Field(description="When its text last changed, in ISO 8601, UTC.")
    version: int = Field(description="Its version.")
    trashed: str | None = Field(description="When it was thrown away, or null.")


class DraftList(Answer):
    """A part of the list of drafts, the latest change first."""

    drafts: list[DraftSummary]
    folders: list[str] = Field(description="Every folder that holds a draft.")
    next: str | None = Field(description="Pass it as `after` for the next part; null at the end.")


class Version(Answer):
    """A version of a draft that can be restored."""

    id: str = Field(description="To restore and compare it.")
    name: str = Field(description='As it was given; "" for a version without a name.')
    created: str = Field(description="When, in ISO 8601, UTC.")


class WordChange(Answer):
    """A run of words in a line that changed."""

    change: Literal["same", "added", "removed"]
    text: str


class ComparedLine(Answer):
    """A line beside the line that it became."""

    change: Literal["same", "changed", "added", "removed"]
    before: str | None = Field(description="The line in the first version; null if it is new.")
    after: str | None = Field(description="The line in the second one; null if it is gone.")
    words: list[WordChange] = Field(description="For a changed line: its words, as they differ.")


class Comparison(Answer):
    """Two versions side by side."""

    rows: list[ComparedLine]


class ImportedText(Model):
    """A text with one or several poems."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "harbour.txt",
                    "text": "Harbour\n\nThe lamps are lit along the harbour wall,\n"
                    "and every boat has folded up its wing.\n",
                }
            ]
        }
    )

    name: ShortText = Field(
        "",
        description="Name of the file, whose ending says what it is: .txt, .md, .xml or .tei, "
        ".json, .jsonl, .csv. Without one it is recognised.",
    )
    text: str = Field(max_length=2**23, description="The content of the file.")
    folder: ShortText = Field("", description='Folder for the drafts, or "".')


class ImportAnswer(Answer):
    """The drafts made of a text."""

    drafts: list[Draft]
    notes: list[str] = Field(description="What was recognised, cleaned or left out, in sentences.")
