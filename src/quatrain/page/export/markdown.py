"""A poem as CommonMark: each line ends in a hard break, so that no program runs lines together.

The first row is a comment, which no reader of the page sees. It says that every row is a line of
verse, also one that looks like a heading or a note, so that the file is read back as it was.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace

from quatrain.page.export.marked_poem import MarkedPoem
from quatrain.page.export.rows import row
from quatrain.page.export.text import as_text
from quatrain.records import Poem

MARK = "<!-- quatrain: every row is a line of verse -->"
"""The first row of a file."""

_ACTIVE = re.compile(r"[\\`*_\[\]<>&~|$]")
"""Characters that mean something anywhere in a row."""

_ACTIVE_AT_START = re.compile(r"[#+=:-]")
_NUMBER = re.compile(r"(\d{1,9})([.)])")
_INDENT = re.compile(r"[ \t\xa0]+")
_SPACES = {" ": "&nbsp;", "\t": "&#9;", "\xa0": "&#160;"}
"""Spaces at the start of a row, which would be dropped or make it a block of code."""

_CODED = re.compile(r"\\([!-/:-@\[-`{-~])|(&[#\w]+;)")


def as_markdown(marked: MarkedPoem) -> str:
    """Return a poem as CommonMark; with marks, its lines and marks are a block of code."""
    poem = marked.poem
    rows = [MARK, ""]
    if poem.title.strip():
        rows += [f"# {_escaped(poem.title)}", ""]
    if marked.scansion is not None:
        untitled = replace(marked.scansion, poem=replace(poem, title=""))
        body = as_text(replace(marked, scansion=untitled))
        rows += [f"    {line}".rstrip() for line in body.rstrip("\n").split("\n")]
    else:
        for stanza in poem.stanzas:
            rows += ["\\\n".join(_escaped(line.text) for line in stanza), ""]
    return "\n".join(rows).rstrip("\n") + "\n"


def from_markdown(text: str) -> Poem | None:
    """Return the poem of a file that `as_markdown` made without marks; None for any other."""
    first, *rows = text.split("\n")
    if first.strip() != MARK or any(row.startswith("    ") for row in rows):
        return None
    title = ""
    lines: list[str] = []
    for content in rows:
        content = content.removesuffix("\r")
        if content.startswith("# ") and not title and not any(lines):
            title = _plain(content[2:])
        else:
            lines.append(_plain(_without_break(content)))
    return Poem.from_lines(lines, title=title)


def _escaped(text: str) -> str:
    text = row(text)
    indent = match[0] if (match := _INDENT.match(text)) else ""
    rest = _ACTIVE.sub(r"\\\g<0>", text[len(indent) :])
    if _ACTIVE_AT_START.match(rest):
        rest = f"\\{rest}"
    rest = _NUMBER.sub(r"\1\\\2", rest, count=1) if _NUMBER.match(rest) else rest
    return "".join(_SPACES[space] for space in indent) + rest


def _without_break(content: str) -> str:
    """Return a row without the backslash of a hard break; an escaped backslash stays."""
    backslashes = len(content) - len(content.rstrip("\\"))
    return content[:-1] if backslashes % 2 else content


def _plain(content: str) -> str:
    indent = 0
    while content.startswith("&nbsp;", indent * len("&nbsp;")):
        indent += 1
    rest = content[indent * len("&nbsp;") :]
    return " " * indent + _CODED.sub(lambda code: code[1] or html.unescape(code[2]), rest)
