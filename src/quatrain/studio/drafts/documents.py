"""Contents of a draft: the document, its limits, and the drafts, rows and versions shown of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

MOST_BYTES = 2**20
"""Bytes of a document's text in UTF-8."""

LONGEST_FIRST_LINE = 200
"""Characters of a title or a first line that a list shows."""

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\0": " "})


Document: TypeAlias = dict[str, Any]
"""A poem that is being written, as plain JSON; `schemas.Document` describes and checks it."""


@dataclass(frozen=True)
class Draft:
    """A draft as it is now.

    Attributes:
        id: a UUID.
        version: to be sent with the next change.
        document: what it holds.
        folder: name of its folder; "" for none.
        created, updated: times in UTC; `updated` is that of the last change of the document.
        trashed: time when it went to the trash, or None.
        can_undo, can_redo: whether there is something to undo or to redo.
    """

    id: str
    version: int
    document: Document
    folder: str
    created: datetime
    updated: datetime
    trashed: datetime | None
    can_undo: bool
    can_redo: bool


@dataclass(frozen=True)
class DraftSummary:
    """A row in the list of drafts; `lines` counts the lines with text."""

    id: str
    title: str
    folder: str
    form: str
    lines: int
    first_line: str
    updated: datetime
    version: int
    trashed: datetime | None


@dataclass(frozen=True)
class DraftPage:
    """A part of the list of drafts.

    Attributes:
        drafts: the latest change first.
        folders: every folder that holds a draft of this user.
        next: what to pass as `after` for the next part; None at the end.
    """

    drafts: tuple[DraftSummary, ...]
    folders: tuple[str, ...]
    next: str | None


@dataclass(frozen=True)
class Version:
    """A revision that can be restored; `name` is "" if the writer gave none."""

    id: str
    name: str
    created: datetime


def new_document(
    title: str = "", lines: Sequence[str] = (), gaps: Sequence[bool] = (), form: str = ""
) -> Document:
    """Return a document of some lines, with the settings of a new draft.

    Args:
        title: of the poem.
        lines: texts of the lines.
        gaps: for each line, whether a stanza begins there; none if shorter.
        form: name of a form.
    """
    padded = [*gaps, *(False for _ in range(len(lines) - len(gaps)))]
    return {
        "title": title,
        "form": form,
        "metre": "",
        "muses": [],
        "theme": "",
        "settings": {"temperature": None, "contrast": None, "strength": None, "diction": None},
        "lines": [
            {"text": text, "locked": False, "by": "", "gap": gap}
            for text, gap in zip(lines, padded, strict=True)
        ],
    }


def texts_of(document: Document) -> list[str]:
    """Return the lines that hold some text."""
    return [line["text"] for line in document["lines"] if line["text"].strip()]


def size_of(document: Document) -> int:
    """Return the bytes of a document's text in UTF-8."""
    texts = [document["title"], document["theme"], *(line["text"] for line in document["lines"])]
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)


def searchable(text: str) -> str:
    """Return a text as search compares it: no case, no accents, plain quotation marks."""
    if text.isascii():
        return text.replace("\0", " ").lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    return "".join(sign for sign in decomposed if unicodedata.category(sign) != "Mn").casefold()


def shown(text: str) -> str:
    """Return a title or a line as a list shows it: on one line, not too long, nothing hidden."""
    return "".join(filter(str.isprintable, " ".join(text.split())))[:LONGEST_FIRST_LINE]
