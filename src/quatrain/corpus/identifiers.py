"""Identifiers of poems that are the same whenever the same file is read."""

from __future__ import annotations

from quatrain.corpus.raw_poems import RawPoem


class Identifiers:
    """Gives the poems of one file their identifiers, one after another; changes in place.

    A poem keeps the identifier that its file gives it. Another is named by its file and its line,
    or row: `poems.txt:12`. Of several that begin in one line, as in TEI without line breaks, the
    second is `poems.xml:12.2`.

    Args:
        name: name of the file.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._line = -1
        self._repeats = 0

    def of(self, poem: RawPoem) -> str:
        """Return the identifier of the next poem of the file."""
        self._repeats = self._repeats + 1 if poem.line == self._line else 1
        self._line = poem.line
        if poem.id:
            return poem.id
        repeat = f".{self._repeats}" if self._repeats > 1 else ""
        return f"{self._name}:{poem.line}{repeat}"
