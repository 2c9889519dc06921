"""Explanations as LaTeX: a fragment for a document of your own, or a whole document.

Reading order: `text` (characters and prose), `mathematics` (formulas within prose), `width` (what
fits a line), `displays` (formulas and equations), `tables` (tables and matrices), `fragment`,
`document`.
"""

from quatrain.page.latex.document import OPENING, as_document
from quatrain.page.latex.fragment import as_latex, part_as_latex, runs
from quatrain.page.latex.mathematics import mixed
from quatrain.page.latex.text import escape, printed
from quatrain.page.latex.width import DOCUMENT_LINE, LINE

__all__ = [
    "DOCUMENT_LINE",
    "LINE",
    "OPENING",
    "as_document",
    "as_latex",
    "escape",
    "mixed",
    "part_as_latex",
    "printed",
    "runs",
]
