"""A poem as a web page of its own, for the screen or for paper.

The page is one file that asks for nothing: its style is inside, and its security policy allows
that style, by its hash, and nothing else. No text of the poem can run or load anything.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Sequence
from html.parser import HTMLParser

from quatrain.page.export.marked_poem import LEGEND, MarkedLine, MarkedPoem
from quatrain.page.export.rows import row
from quatrain.records import Poem

_STYLE = """
:root { color-scheme: light dark; }
body {
  margin: 0; padding: 3rem 1.5rem; font: 1.25rem/1.6 "Iowan Old Style", "Palatino Linotype",
  Palatino, "TeX Gyre Pagella", P052, Georgia, serif;
  color: light-dark(#221e19, #ebe5da); background: light-dark(#fcfaf5, #201e1b);
}
main { max-width: 36rem; margin: 0 auto; }
h1 { font-size: 1.6rem; font-weight: normal; font-style: italic; margin: 0 0 1.5rem; }
.stanza { margin: 0 0 1.4rem; break-inside: avoid; }
.stanza p {
  margin: 0; padding-left: 1.5em; text-indent: -1.5em;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.marked p {
  display: flex; justify-content: space-between; gap: 1em; padding: 0; line-height: 2.3;
}
.marked p > span:first-child { padding-left: 1.5em; text-indent: -1.5em; }
rt { text-indent: 0; font-size: 0.65em; font-family: ui-monospace, monospace; }
.rhyme { text-indent: 0; }
footer { margin-top: 2rem; font-size: 0.9rem; font-style: italic; }
"""

_PRINT_STYLE = """
@page { margin: 22mm 25mm; }
@media print {
  body { padding: 0; font-size: 13pt; color: black; background: white; }
  main { max-width: none; }
  h1 { break-after: avoid; }
}
"""


def _hash(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")


def _style(*, printable: bool) -> str:
    return _STYLE + (_PRINT_STYLE if printable else "")


def content_security_policy(*, printable: bool = False) -> str:
    """Return the policy of a page of `as_web_page`: its own style, by its hash, nothing else."""
    return (
        f"default-src 'none'; style-src 'sha256-{_hash(_style(printable=printable))}'; "
        "base-uri 'none'; form-action 'none'"
    )


def as_web_page(marked: MarkedPoem, *, printable: bool = False) -> str:
    """Return a poem as an HTML document.

    Args:
        marked: the poem; with marks, stresses stand over the words and letters beside the lines.
        printable: lay it out for paper, too.
    """
    poem = marked.poem
    title = row(poem.title).strip()
    has_marks = marked.scansion is not None
    body = [f'<h1 dir="auto">{html.escape(title)}</h1>'] if title else []
    body += [_stanza(lines, has_marks=has_marks) for lines in marked.stanzas]
    if marked.scansion is not None:
        summary = marked.scansion.summary
        summary = html.escape(summary[:1].upper() + summary[1:])
        body.append(f"<footer>{summary}. {LEGEND}</footer>")
    name = title or (row(poem.lines[0].text).strip() if poem.lines else "A poem")
    policy = content_security_policy(printable=printable)
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="generator" content="Quatrain">',
            f"<title>{html.escape(name[:200])}</title>",
            f"<style>{_style(printable=printable)}</style>",
            "</head>",
            "<body>",
            '<main class="marked">' if has_marks else "<main>",
            *body,
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def from_web_page(text: str) -> Poem | None:
    """Return the poem of a page that `as_web_page` made, its marks left out; None for others."""
    if '<meta name="generator" content="Quatrain">' not in text[:4_000]:
        return None
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return Poem.from_lines(reader.lines, title=reader.title)


def _stanza(lines: Sequence[MarkedLine], *, has_marks: bool) -> str:
    return "\n".join(
        ['<div class="stanza">', *(_line(line, has_marks=has_marks) for line in lines), "</div>"]
    )


def _line(line: MarkedLine, *, has_marks: bool) -> str:
    if not has_marks:
        return f'<p dir="auto">{html.escape(row(line.text))}</p>'
    pieces = (
        f'<ruby>{html.escape(row(text))}<rt aria-hidden="true">{mark}</rt></ruby>'
        if mark
        else html.escape(row(text))
        for text, mark in line.pieces
    )
    rhyme = f' <span class="rhyme">{html.escape(line.rhyme)}</span>' if line.rhyme else ""
    return f'<p dir="auto"><span>{"".join(pieces)}</span>{rhyme}</p>'


class _Reader(HTMLParser):
    """Gathers title and lines of a page of `as_web_page`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.lines: list[str] = []
        self._text: list[str] | None = None
        self._left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a title or a line; leave out marks and letters."""
        if tag in ("h1", "p"):
            self._text = []
        elif tag == "rt" or ("class", "rhyme") in attrs or self._left_out:
            self._left_out += 1

    def handle_endtag(self, tag: str) -> None:
        """End a title, a line or a stanza."""
        if self._left_out and tag in ("rt", "span"):
            self._left_out -= 1
        elif tag == "p" and self._text is not None:
            self.lines.append("".join(self._text))
            self._text = None
        elif tag == "h1" and self._text is not None:
            self.title = "".join(self._text)
            self._text = None
        elif tag == "div":
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        """Take the text of a title or a line."""
        if self._text is not None and not self._left_out:
            self._text.append(data)
