"""A poem as a file of its own: plain text, Markdown, LaTeX, a web page, a sheet to print.

Each module writes one format, and reads back what it wrote: `as_markdown` and `from_markdown`. The
readers take the files of this package and no others; `corpus` reads those of the world. A
change to a file by hand, such as another word in a line, is read back too.

    marked_poem a poem with its stresses and rhyme letters, if they are to be shown
    rows        a line as one row of a file, and what is dropped from it
    text        plain text, with marks above the lines if asked for
    markdown    CommonMark, a hard break after each line
    latex       a document for LuaLaTeX or XeLaTeX
    web         HTML that loads nothing, for the screen or for paper
    file_names  a title as the name of a file
"""

from quatrain.page.export.file_names import content_disposition, file_name
from quatrain.page.export.latex import as_latex, from_latex
from quatrain.page.export.markdown import as_markdown, from_markdown
from quatrain.page.export.marked_poem import LEGEND, MarkedPoem
from quatrain.page.export.text import as_text
from quatrain.page.export.web import as_web_page, content_security_policy, from_web_page

__all__ = [
    "LEGEND",
    "MarkedPoem",
    "as_latex",
    "as_markdown",
    "as_text",
    "as_web_page",
    "content_disposition",
    "content_security_policy",
    "file_name",
    "from_latex",
    "from_markdown",
    "from_web_page",
]
