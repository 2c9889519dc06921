"""Explanations as LaTeX: a fragment for a document of your own, or a whole document.

Reading order: `text` (characters and prose), `mathematics` (formulas within prose), `width` (what
fits a line), `displays` (formulas and equations), `tables` (tables and matrices), `fragment`,
`document`.
"""

from quatrain.page.latex.document import OPENING, as_document
from quatrain.page.latex.fragment import as_latex, part_as_latex
from quatrain.page.latex.text import escape, printed

__all__ = ["OPENING", "as_document", "as_latex", "escape", "part_as_latex", "printed"]
