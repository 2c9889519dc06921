"""Elements that are copies of others (`copyOf`), within bounds.

A document could copy a text that copies a text, and so on, until it is larger than any memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from quatrain.corpus.tei.document import Document
from quatrain.errors import CorpusError

DEEPEST = 8
"""Copies inside copies that are read, at most. Refrains need two or three."""


class Copies:
    """The copies in a document, which together may be as long as the document.

    Attributes:
        active: sources that are being read, the innermost last.
    """

    def __init__(self, document: Document) -> None:
        self.active: list[Any] = []
        self._document = document
        self._left = len(document.data)

    @contextmanager
    def source(self, copy: Any) -> Iterator[Any]:
        """Give the element that a copy stands for; None if it is in no place that can be read.

        Raises:
            CorpusError: the copies are longer than the document.
        """
        source = self._document.element(pointer_of(copy))
        if source is None or source is copy or source in self.active:
            yield None
            return
        if len(self.active) == DEEPEST:
            yield None
            return
        self._left -= sum(1 + len(piece.text or "") for piece in source.iter())
        if self._left < 0:
            raise CorpusError(
                self._document.where(copy),
                "copies (copyOf) that are longer than the document",
                "fewer copies than text",
                "Write out the text that is copied.",
            )
        self.active.append(source)
        try:
            yield source
        finally:
            self.active.pop()


def pointer_of(element: Any) -> str:
    """Return what an element is a copy of, "" if it is none.

    An element with `sameAs` is one if it is empty. What stands in an element with `copyOf` does not
    count (TEI Guidelines, "Identical Elements and Virtual Copies").
    """
    if pointer := element.get("copyOf"):
        return str(pointer)
    same = element.get("sameAs")
    if same and not len(element) and not (element.text or "").strip():
        return str(same)
    return ""
