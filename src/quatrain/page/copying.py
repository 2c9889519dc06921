"""Copied words, shown: which, and where they come from; JSON.

In: a `Copied`, or None for a poem that shares no word with the corpus. Out: text.
"""

from __future__ import annotations

import json

from rich.text import Text

from quatrain.page.numbers import number, printable
from quatrain.records import Copied, Poem


def as_text(copied: Copied | None, longest: int) -> Text:
    """What is shared, in one paragraph; copied if it is more than `longest` words."""
    if copied is None:
        return Text("No word of it stands in the corpus.")
    many = f"{number(copied.words)} {'word' if copied.words == 1 else 'words'}"
    if copied.whole:
        told, stands = f"The whole of it is in the corpus, {many} in a row", "see"
    elif copied.words > longest:
        told, stands = f"Copied: {many} in a row, from line {number(copied.line)}", "also in"
    else:
        told = f"Not copied: shares {many} in a row at most, from line {number(copied.line)}"
        stands = "also in"
    shown = Text()
    shown.append(told, style="bold red" if copied.words > longest else "bold")
    where = f"{_poem(copied)}, from its line {number(copied.source_line)}"
    shown.append(f"; {stands} {where}\n")
    shown.append(f"  {printable(copied.text, ' / ')}", style="cyan")
    return shown


def _poem(copied: Copied) -> str:
    title = f"“{printable(copied.title)}”" if copied.title else "a poem without a title"
    author = f" by {printable(copied.author)}" if copied.author else ""
    source = f" ({printable(copied.source)})" if copied.source else ""
    return f"{title}{author}{source}"


def as_json(poem: Poem, copied: Copied | None) -> str:
    """What one poem shares as one JSON object on one line."""
    title = {"title": poem.title} if poem.title else {}
    return json.dumps({**title, "copied": record(copied)}, ensure_ascii=False)


def record(copied: Copied | None) -> dict[str, object] | None:
    """A `Copied` as JSON has it."""
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
