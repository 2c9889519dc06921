"""Deferred imports: the places where a record needs another package.

`read_poem` lets `corpus` read a path; `HtmlRepr`, `RichRepr`, `PictureRepr`, `FactsRepr` and
`Listing` let `page` show a record in a notebook.

A record imports nothing but errors, so that every package can use it. Two conveniences need
more: a path wherever verse is expected, and records that show themselves in a notebook. The
imports are inside the functions, so they run when somebody calls, and
tests/house/test_architecture.py allows them in this file only.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from quatrain.errors import UserError

if TYPE_CHECKING:
    from quatrain.page.figures.notebook_figure import NotebookFigure as NotebookFigure
    from quatrain.records.verse import Poem


Facts: TypeAlias = Mapping[str, str | int | float | None]
"""Name of a fact, with its unit -> its value."""

_Value = TypeVar("_Value", bound="FactsRepr")


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


class FactsRepr(ABC):
    """A value that shows itself in a notebook as a table of facts; a list of them, as one table."""

    __slots__ = ()

    @property
    @abstractmethod
    def _facts(self) -> Facts:
        """Names and values of the facts; empty and unknown ones are not shown."""

    def _repr_html_(self) -> str:
        """Return the facts as HTML; a notebook calls it."""
        from quatrain.page.notebook import facts_as_html

        return facts_as_html(self._facts)


class Listing(list[_Value]):
    """A list whose values a notebook shows as the rows of a table."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """Return the table as HTML; a notebook calls it."""
        from quatrain.page.notebook import listing_as_html

        return listing_as_html([value._facts for value in self])


class RichRepr(HtmlRepr):
    """A record that shows itself in a notebook, and in a PDF made of the notebook."""

    __slots__ = ()

    def _repr_latex_(self) -> str:
        """Return the record as LaTeX for a document that loads `amsmath` and `longtable`."""
        from quatrain.page.notebook_formats import as_latex

        return as_latex(self)


class PictureRepr:
    """A picture that shows itself in a notebook; without matplotlib, as text."""

    __slots__ = ()

    def figure(self) -> NotebookFigure:
        """Return the picture as a matplotlib figure, to change or to save.

        Raises:
            ExtraError: matplotlib is not installed.
        """
        from quatrain.page.notebook_formats import as_figure

        return as_figure(self)

    def _repr_svg_(self) -> str | None:
        """Return the picture as SVG, which a notebook shows."""
        from quatrain.page.notebook_formats import as_image

        svg = as_image(self, "svg")
        return None if svg is None else svg.decode("utf-8")

    def _repr_png_(self) -> bytes | None:
        """Return the picture as PNG, for a notebook that is not trusted to show SVG."""
        from quatrain.page.notebook_formats import as_image

        return as_image(self, "png")

    def _repr_pdf_(self) -> bytes | None:
        """Return the picture as PDF, for LaTeX; nbconvert would call Inkscape to make it of SVG."""
        from quatrain.page.notebook_formats import as_image

        return as_image(self, "pdf")

    def _repr_html_(self) -> str | None:
        """Return the picture as text if it cannot be drawn: a notebook prefers HTML to SVG."""
        from quatrain.page.notebook_formats import as_text_without_matplotlib

        return as_text_without_matplotlib(self)


def corpus_as_html(name: str, source: str, poems: Sequence[Poem]) -> str:
    """Return a collection of poems as HTML, for a notebook."""
    from quatrain.page import notebook

    return notebook.corpus_as_html(name, source, poems)
