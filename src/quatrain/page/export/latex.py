r"""A poem as a document of LaTeX, in the environment `verse`.

LuaLaTeX and XeLaTeX set every script that the chosen font has; pdfLaTeX sets European ones.
"""

from __future__ import annotations

import re

from quatrain.page import latex
from quatrain.page.export.marked_poem import LEGEND, MarkedLine, MarkedPoem
from quatrain.page.export.rows import row
from quatrain.records import Poem

_BEFORE = r"""% Made by Quatrain. Compile it with lualatex or xelatex.
\documentclass[12pt]{article}
\usepackage{iftex}
\ifpdftex\usepackage[T1]{fontenc}\else\usepackage{fontspec}\fi
\usepackage[margin=3cm]{geometry}
\pagestyle{empty}
"""
_STRESS = (
    "\\newcommand{\\stress}[2]{\\leavevmode"
    "\\rlap{\\raisebox{2ex}{\\scriptsize #1}}#2}\n\\linespread{1.6}\n"
)
"""The command that puts a mark over a vowel, and room for it."""

_STRESSED = re.compile(r"\\stress\{[^{}]*\}\{((?:[^{}\\]|\\[{}&%$#_]|\\[a-z]+\{\})*)\}")
"""A vowel with its mark; group 1 is the vowel."""

_RHYME_LETTER = re.compile(r"\\hfill \S+$")
_LINE_BREAK = " \\\\\n"
_CODE = re.compile(
    r"\\textbackslash\{\}|\\textasciitilde\{\}|\\textasciicircum\{\}|\\textless\{\}"
    r"|\\textgreater\{\}|\\textbar\{\}|\\dots\{\}|\$\\hookleftarrow\$|\\[{}&%$#_]|~"
)
_MEANING = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\dots{}": "…",
    r"$\hookleftarrow$": "↵",
    "~": " ",
}
"""Code of `latex.escape` -> its character; a tie is a space at the start of a line."""


def as_latex(marked: MarkedPoem) -> str:
    """Return a poem as a whole document; stresses and rhyme letters are set if it has them."""
    poem = marked.poem
    has_marks = marked.scansion is not None
    parts = [_BEFORE + (_STRESS if has_marks else "") + "\\begin{document}"]
    if poem.title.strip():
        parts.append(f"\\section*{{{_escaped(poem.title)}}}")
    parts.append("\\begin{verse}")
    stanzas = (_LINE_BREAK.join(map(_line, stanza)) for stanza in marked.stanzas)
    parts.append("\n\n".join(stanzas))
    parts.append("\\end{verse}")
    if has_marks:
        parts.append(f"\n\\noindent\\emph{{{latex.escape(LEGEND)}}}")
    return "\n".join([*parts, "\\end{document}", ""])


def from_latex(text: str) -> Poem | None:
    """Return the poem of a file that `as_latex` made; None for any other."""
    before, begin, after = text.replace("\r\n", "\n").partition("\\begin{verse}\n")
    verse, end, _ = after.partition("\n\\end{verse}")
    if not begin or not end or not text.startswith(_BEFORE[:20]):
        return None
    heading = re.search(r"\\section\*\{(.*)\}\n", before)
    rows = [line.removesuffix(_LINE_BREAK.rstrip("\n")) for line in verse.split("\n")]
    if _STRESS in before:
        rows = [_STRESSED.sub(r"\1", _RHYME_LETTER.sub("", line)) for line in rows]
    lines = [_plain(line) for line in rows]
    return Poem.from_lines(lines, title=_plain(heading[1]) if heading else "")


def _line(line: MarkedLine) -> str:
    pieces = (
        f"\\stress{{{mark}}}{{{_escaped(text)}}}" if mark else _escaped(text)
        for text, mark in line.pieces
    )
    content = "".join(pieces)
    indent = len(content) - len(content.lstrip(" "))
    content = "~" * indent + content[indent:]
    # After \\ a bracket would start an option, and a star would join the command.
    content = "{}" * content.startswith(("[", "*")) + content
    return content + (f"\\hfill {line.rhyme}" if line.rhyme else "")


def _escaped(text: str) -> str:
    """Return a text so that LaTeX prints it; characters that have no shape are dropped."""
    plain = row(text).replace("\t", "    ").replace("\xa0", " ")
    return latex.escape("".join(filter(str.isprintable, plain)))


def _plain(content: str) -> str:
    content = content.removeprefix("{}")
    return _CODE.sub(lambda code: _MEANING.get(code[0], code[0][1:]), content)
