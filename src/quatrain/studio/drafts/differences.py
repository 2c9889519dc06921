"""A document as its difference from an earlier one, so that a thousand revisions stay small.

In verse that is being written, one save differs from the next in a line or two. A difference keeps
the fields that changed and the run of lines that changed:

    {"fields": {"title": "Ash"}, "start": 3, "stop": 4, "lines": [...]}

where `lines` replace the earlier document's lines from `start` to `stop`.
"""

from __future__ import annotations

import json
from typing import Any

from quatrain.studio.drafts.documents import Document

_LARGEST_SHARE = 0.5
"""Length of a difference, as a share of the whole document's, from which the whole is kept."""


def packed(document: Document, base: Document | None) -> tuple[str, bool]:
    """Return a document as JSON, and whether it is a difference from `base`."""
    whole = _json(document)
    if base is not None:
        difference = _json(_difference(document, base))
        if len(difference) <= _LARGEST_SHARE * len(whole):
            return difference, True
    return whole, False


def unpacked(content: str, base: str | None) -> Document:
    """Return the document that some JSON of `packed` stands for.

    Args:
        content: the JSON.
        base: the JSON of the whole document that it is a difference from; None if it is whole.
    """
    value: dict[str, Any] = json.loads(content)
    if base is None:
        return value
    document: Document = json.loads(base)
    lines = document["lines"]
    lines[value["start"] : value["stop"]] = value["lines"]
    return {**document, **value["fields"], "lines": lines}


def _difference(document: Document, base: Document) -> dict[str, Any]:
    lines, old = document["lines"], base["lines"]
    shorter = min(len(lines), len(old))
    start = 0
    while start < shorter and lines[start] == old[start]:
        start += 1
    same_at_end = 0
    while same_at_end < shorter - start and lines[-1 - same_at_end] == old[-1 - same_at_end]:
        same_at_end += 1
    fields = {
        name: value
        for name, value in document.items()
        if name != "lines" and (name not in base or base[name] != value)
    }
    return {
        "fields": fields,
        "start": start,
        "stop": len(old) - same_at_end,
        "lines": lines[start : len(lines) - same_at_end],
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
