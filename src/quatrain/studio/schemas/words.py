"""Requests and answers of the word panel."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from quatrain.studio.schemas.texts import Answer, Model, ShortText
from quatrain.studio.schemas.verse import COUPLET, Lines


class WordFilters(Model):
    """Filters of a search for words; each works alone or with the others."""

    near: ShortText = Field(default="", description="Words that the meaning should be near.")
    rhyme: ShortText = Field(default="", description="Word or phrase to rhyme with.")
    stress: Annotated[str, Field(max_length=12, pattern="^[01]*$")] = Field(
        default="", description="Stresses that the word begins with, 01 for delight."
    )
    syllables: Annotated[int, Field(ge=1, le=12)] | None = Field(
        default=None, description="Number of syllables."
    )
    kinds: list[ShortText] = Field(
        default_factory=list, max_length=20, description="Kinds of rhyme; none for the usual."
    )


class WordPlace(Model):
    """A place of a draft that the word has to fit."""

    lines: Lines
    form: ShortText = Field(default="", description='Name of a form, or "".')
    metre: ShortText = Field(default="", description='A metre such as "iambic 4", or "".')
    line: Annotated[int, Field(ge=1, le=10_000)] = Field(description="Number of the line, from 1.")
    word: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        default=None, description="Number of the word in the line, from 1; null for the last."
    )


class WordsRequest(Model):
    """A word to look up, with filters, and the place that it should fit."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"word": "harbour"},
                {
                    "word": "wall",
                    "filters": {"syllables": 1},
                    "draft": {"lines": COUPLET, "form": "heroic-couplets", "line": 1, "word": 8},
                    "only_fitting": True,
                },
            ]
        }
    )

    word: ShortText = Field(default="", description='The word; "" for an empty slot.')
    filters: WordFilters = Field(default_factory=WordFilters)
    draft: WordPlace | None = Field(default=None, description="Where it stands, if it does.")
    only_fitting: bool = Field(
        default=True, description="Whether words that don't fit there are left out."
    )
    poet: ShortText = Field(
        default="verse", description="Word-level poet whose verse says what is near."
    )


class WordSense(Answer):
    """A meaning of a word."""

    part_of_speech: str
    definition: str
    labels: list[str]


class PanelWord(Answer):
    """A word that is offered."""

    model_config = ConfigDict(extra="allow")

    word: str
    stress: str
    fits: bool | None = Field(description="Whether it fits its place; null if it was not tried.")
    why: str = Field(description="Why it doesn't fit.")
    used_in: list[int] = Field(description="Lines of the draft that have it.")


class WordGroup(Answer):
    """Words of one kind."""

    name: str
    kind: str
    words: list[PanelWord]


class WordPanel(Answer):
    """All that is known of a word, and words to put in its place."""

    model_config = ConfigDict(extra="allow")

    word: str
    ipa: str
    said: str
    frequency: str
    senses: list[WordSense]
    place: str
    groups: list[WordGroup]
