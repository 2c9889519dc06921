"""Copied words on the page: which they are, and where they come from.

The functions take a `Copied`, or None for a poem that shares no word with the corpus, and return
text or JSON.
"""

from __future__ import annotations

import json

from rich.text import Text

from quatrain.page.numbers import number, printable
from quatrain.page.poems import facts
from quatrain.records import Copied, Poem


def as_text(copied: Copied | None, longest: int) -> Text:
    """Return a paragraph on the longest run shared; more than `longest` words count as copied."""
    if copied is None:
        return Text("No word of it is in the corpus.")
    many = f"{number(copied.words)} {'word' if copied.words == 1 else 'words'}"
    if copied.whole:
        verdict, link = f"The whole of it is in the corpus, {many} in a row", "see"
    elif copied.words > longest:
        verdict, link = f"Copied: {many} in a row, from line {number(copied.line)}", "also in"
    else:
        verdict = f"Not copied: shares at most {many} in a row, from line {number(copied.line)}"
        link = "also in"
    text = Text()
    text.append(verdict, style="bold red" if copied.words > longest else "bold")
    where = f"{_poem(copied)}, from its line {number(copied.source_line)}"
    text.append(f"; {link} {where}\n")
    text.append(f"  {printable(copied.text, ' / ')}", style="cyan")
    return text


def _poem(copied: Copied) -> str:
    title = f"“{printable(copied.title)}”" if copied.title else "a poem without a title"
    author = f" by {printable(copied.author)}" if copied.author else ""
    source = f" ({printable(copied.source)})" if copied.source else ""
    return f"{title}{author}{source}"


def as_json(poem: Poem, copied: Copied | None) -> str:
    """Return what one poem shares, as one JSON object on one line."""
    return json.dumps({**facts(poem), "copied": record(copied)}, ensure_ascii=False)


def record(copied: Copied | None) -> dict[str, object] | None:
    """Return a `Copied` as JSON has it."""
    if copied is None:
        return None
    return {
        "text": copied.text,
        "words": copied.words,
        "whole": copied.whole,
        "line": copied.line,
        "title": copied.title,
        "author": copied.author,
        "source": copied.source,
        "source_line": copied.source_line,
    }
