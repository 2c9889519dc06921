"""An explanation as a whole LaTeX document, for pdfLaTeX, LuaLaTeX or XeLaTeX."""

from __future__ import annotations

from collections.abc import Mapping

from quatrain.page.latex.fragment import as_latex
from quatrain.page.latex.mathematics import mixed
from quatrain.page.latex.width import DOCUMENT_LINE
from quatrain.records import Explanation

OPENING = r"""\documentclass[11pt,a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\else
  \usepackage{fontspec}
\fi
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath}
\usepackage{longtable}
\usepackage{graphicx}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\begin{document}
\sloppy"""
"""Lines before the text of a document; every package is part of a basic TeX Live."""


def as_document(explanation: Explanation, figures: Mapping[str, str] | None = None) -> str:
    """Return a document that compiles.

    Args:
        explanation: the explanation.
        figures: files of its pictures by their names, as the document will find them.
    """
    title = rf"\section*{{{mixed(explanation.title)}}}"
    return "\n".join(
        [OPENING, title, as_latex(explanation, figures, line=DOCUMENT_LINE), r"\end{document}", ""]
    )
