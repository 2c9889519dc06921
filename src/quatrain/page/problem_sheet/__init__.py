"""A sheet of problems as a document: Markdown, LaTeX, a web page, a notebook; marks as a table.

Each module takes `ProblemSheet`s and returns the text of a file, with the worked solutions or
without.

    markdown    CommonMark, tables as in GitHub
    latex       a document for pdfLaTeX, LuaLaTeX or XeLaTeX
    web         HTML that loads nothing, a page of paper for each student
    jupyter     a notebook, which checks its answers with quatrain
    marks       marks for the terminal, as CSV and as JSON
"""

from quatrain.page.problem_sheet.jupyter import as_notebook
from quatrain.page.problem_sheet.latex import as_latex
from quatrain.page.problem_sheet.markdown import as_markdown
from quatrain.page.problem_sheet.marks import marks_as_csv, marks_as_json, marks_as_text
from quatrain.page.problem_sheet.web import as_web_page

__all__ = [
    "as_latex",
    "as_markdown",
    "as_notebook",
    "as_web_page",
    "marks_as_csv",
    "marks_as_json",
    "marks_as_text",
]
