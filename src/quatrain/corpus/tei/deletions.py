"""Deletions that run over the borders of elements, marked by `delSpan`."""

from __future__ import annotations

from typing import Any

from quatrain.corpus.cleaning import Tally
from quatrain.corpus.tei.document import Document, id_of, line_of


def delete_spans(document: Document, tally: Tally) -> None:
    """Take the text between each `delSpan` and the place it points to out of the tree.

    Changes `document.root`. One walk for all spans. A span that points backwards or to nothing has
    no end, so its text stays.
    """
    if next(document.elements("delSpan"), None) is None:
        return
    from lxml import etree

    spans: dict[str, tuple[Any, list[str]]] = {}
    passed: set[str] = set()
    entities: list[Any] = []
    for event, element in etree.iterwalk(document.root, events=("start", "end")):
        if event == "end":
            element.tail = _cut(element.tail, spans)
        elif not isinstance(element.tag, str):
            entities += [element] if spans else []
        else:
            if (identifier := id_of(element)) in spans:
                start, texts = spans.pop(identifier)
                if text := " ".join("".join(texts).split()):
                    tally.omit("deletion", text, line_of(start))
            passed.add(identifier)
            if document.name(element) == "delSpan":
                target = (element.get("spanTo") or "").removeprefix("#")
                if target not in passed and document.element(target) is not None:
                    spans.setdefault(target, (element, []))
            element.text = _cut(element.text, spans)
    for entity in entities:
        nothing = etree.Element("anchor")
        nothing.tail = entity.tail
        entity.getparent().replace(entity, nothing)


def _cut(text: str | None, spans: dict[str, tuple[Any, list[str]]]) -> str | None:
    """Return a text, or None if it is deleted; then note it as the innermost span's."""
    if not spans or not text:
        return text
    next(reversed(spans.values()))[1].append(text)
    return None
