"""Deferred imports: the two places where a record needs another package.

`read_poem` lets `corpus` read a path; `HtmlRepr` lets `page` show a record.

A record imports nothing but errors, so that every package can use it. Two conveniences need
more: a path wherever verse is expected, and records that show themselves in a notebook. The
imports are inside the functions, so they run when somebody calls, and
tests/house/test_architecture.py allows them in this file only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from quatrain.errors import UserError

if TYPE_CHECKING:
    from quatrain.records.verse import Poem


def read_poem(path: Path) -> Poem:
    """Read the only poem of a file.

    Raises:
        UserError: the file cannot be read, or holds several poems.
    """
    from quatrain.corpus import read

    poems = read(str(path)).poems
    if len(poems) > 1:
        raise UserError(
            str(path),
            f"{len(poems):,} poems",
            "one poem",
            f"Take them one by one: for poem in quatrain.read({str(path)!r}).poems: ...",
            message=f"{path} holds {len(poems):,} poems, and one is expected here.",
        )
    return poems[0]


class HtmlRepr:
    """A record that shows itself in a notebook."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """Return the record as HTML; a notebook calls it."""
        from quatrain.page.notebook import as_html

        return as_html(self)


def corpus_as_html(name: str, source: str, poems: Sequence[Poem]) -> str:
    """Return a collection of poems as HTML, for a notebook."""
    from quatrain.page import notebook

    return notebook.corpus_as_html(name, source, poems)
