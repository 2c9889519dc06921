"""The reading that is read where a document has several: in a `choice`, or in an apparatus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quatrain.corpus.tei.document import Document
from quatrain.corpus.tei.elements import Rule

_PREFERRED = ("corr", "reg", "expan", "ex", "supplied")
"""Children of `choice` that are read if it has them, in this order.

A corrected, regular, full form is the one that the dictionary of pronunciations is likely to have.
"""


class Readings:
    """Chooses readings in a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        methods = {element.get("method") for element in document.elements("variantEncoding")}
        self._apparatus_is_beside = bool(methods) and "parallel-segmentation" not in methods

    def of(self, element: Any) -> tuple[Any, list[Any]]:
        """Return the reading of a `choice` or an `app`, None if none, and the others."""
        if self._document.treatment(element).rule is Rule.APPARATUS:
            readings = list(self._in_apparatus(element))
            chosen = self._lemma(element, readings)
        else:
            readings = [child for child in element if isinstance(child.tag, str)]
            first = {self._document.name(child): child for child in reversed(readings)}
            preferred = [first[name] for name in _PREFERRED if name in first]
            chosen = next(iter(preferred or readings), None)
        return chosen, [child for child in readings if child is not chosen]

    def _lemma(self, app: Any, readings: list[Any]) -> Any:
        """Return the lemma of an `app`, or its first reading.

        An `app` that says where it belongs (`from`, `loc`) stands beside the text that has the
        lemma already (TEI Guidelines, "Linking the Apparatus to the Text"), so it has none. The
        same holds for all of them if the header names another method than parallel segmentation.
        """
        if self._apparatus_is_beside or app.get("from") or app.get("loc"):
            return None
        lemmas = [child for child in readings if self._document.name(child) == "lem"]
        texts = [child for child in readings if self._document.name(child) == "rdg"]
        return next(iter(lemmas or texts), None)

    def _in_apparatus(self, element: Any) -> Iterator[Any]:
        """Yield the lemmas and readings of an `app`, and its notes, also from groups."""
        for child in element:
            if not isinstance(child.tag, str):
                continue
            if self._document.name(child) == "rdgGrp":
                yield from self._in_apparatus(child)
            else:
                yield child
