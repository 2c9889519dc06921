"""Kinds of text and number that requests consist of, and the base of their models."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MOST_LINES = 10_000
"""Most lines of a draft, an epic's book several times over."""

MOST_LINE = 100_000
"""Most characters of a line."""

_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
"""Characters that no line has: control characters but the tab, halves of surrogate pairs."""


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("one line of text, without line breaks and control characters")
    return text


LineText = Annotated[str, Field(max_length=MOST_LINE), AfterValidator(_one_line)]
"""A line of verse, or an empty one."""

ShortText = Annotated[str, Field(max_length=500), AfterValidator(_one_line)]
"""A title, a theme, a name."""

Seed = Annotated[int, Field(ge=0, lt=2**31)]
"""Seed of what is drawn at random."""


class Model(BaseModel):
    """A JSON object whose fields are all known, and whose numbers are finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


class Answer(BaseModel):
    """A JSON object that the server sends."""

    model_config = ConfigDict(frozen=True)
