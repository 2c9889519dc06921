"""Verse as TEI P5: `lg` and `l`, with metre, its realisation and rhyme if it was scanned.

`document` takes scansions with their rhyme schemes and returns XML; `plain_document` takes poems,
and `from_plain_document` reads back what it made. For verse that comes from a TEI document,
`part_marks`, `rhyme_mark` and `declarations` return what is added to that document.

The attributes are those of the TEI's module for verse. `met` has the metre's beats, `real` the
stresses as scanned: `+` is a stressed syllable, `-` an unstressed one, as `metDecl` says. `rhyme`
has the scheme of a stanza in the default notation of the Guidelines: a letter for each line, x for
a line without a rhyme.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from xml.sax.saxutils import escape, quoteattr, unescape

from quatrain.records import LineScansion, Paratext, Poem, RhymeScheme, Scansion

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
  <teiHeader>
    <fileDesc>
      <titleStmt><title>{title}</title></titleStmt>
      <publicationStmt><p>{made} by Quatrain {version}.</p></publicationStmt>
      <sourceDesc><p>{source}</p></sourceDesc>
    </fileDesc>
    <encodingDesc>{declarations}</encodingDesc>
  </teiHeader>
  <text>
    <body>
"""
_FOOT = "    </body>\n  </text>\n</TEI>\n"

_MADE_PLAIN = "<p>Exported by Quatrain"
_PLAIN_LINE = re.compile(r"\s*<l>([^<]*)</l>")
_PLAIN_HEAD = re.compile(r"\s*<head>([^<]*)</head>")
_PLAIN_STANZA = re.compile(r'\s*<lg type="stanza">')
_PLAIN_ROWS = frozenset({"", "</lg>", "</body>", "</text>", "</TEI>", '<lg type="poem">'})
"""Rows of a document that was not scanned, besides those with text in them."""

_METRE = {
    "+": "a beat of the metre, or a stressed syllable",
    "-": "an unstressed place or syllable",
}
"""Meaning of each symbol in `met` and `real`."""

_RHYME = (
    "A letter stands for each line, and the same letter for lines that rhyme; x is a line without "
    "a rhyme. Where letters have numbers, they stand apart."
)

_BEFORE = {
    "argument": "argument",
    "author": "docAuthor",
    "byline": "byline",
    "dedication": "opener",
    "epigraph": "epigraph",
    "opening": "opener",
    "salutation": "salute",
}
"""Kind of text before a poem -> its element, which an `lg` may begin with."""

_AFTER = {
    "closing": "closer",
    "date": "dateline",
    "signature": "signed",
    "trailer": "trailer",
}
"""Kind of text after a poem -> its element, which an `lg` may end with."""

_PARAGRAPHS = frozenset({"argument", "epigraph", "postscript"})
"""Elements that hold paragraphs."""


def document(
    poems: Iterable[tuple[Scansion, RhymeScheme]], *, title: str, source: str, version: str
) -> Iterable[str]:
    """Yield a whole TEI document, piece by piece.

    Args:
        poems: scanned poems with their schemes.
        title: of the document.
        source: where the poems come from.
        version: of Quatrain.
    """
    yield _HEAD.format(
        title=_clean(title),
        source=_clean(source),
        made="Scanned",
        version=_clean(version),
        declarations=declarations(version),
    )
    for scansion, scheme in poems:
        yield _poem(scansion.poem, scansion, scheme)
    yield _FOOT


def plain_document(poem: Poem, *, source: str, version: str) -> str:
    """Return a poem that was not scanned as a whole TEI document.

    Args:
        poem: the poem; its lines have no line breaks in them.
        source: where it comes from.
        version: of Quatrain.
    """
    head = _HEAD.format(
        title=_clean(poem.title.strip() or "A poem"),
        source=_clean(source),
        made="Exported",
        version=_clean(version),
        declarations=_application(version),
    )
    return head + _poem(poem) + _FOOT


def from_plain_document(text: str) -> Poem | None:
    """Return the poem of a document of `plain_document`, space for space; None for any other."""
    if '<application ident="quatrain"' not in text or _MADE_PLAIN not in text:
        return None
    title = ""
    lines: list[str] = []
    for row in text.partition("<body>")[2].replace("\r\n", "\n").split("\n"):
        if match := _PLAIN_LINE.fullmatch(row):
            lines.append(_unescaped(match[1]))
        elif match := _PLAIN_HEAD.fullmatch(row):
            title = _unescaped(match[1])
        elif _PLAIN_STANZA.fullmatch(row):
            lines.append("")
        elif row.strip() not in _PLAIN_ROWS:
            return None
    return Poem.from_lines(lines, title=title)


def declarations(version: str, prefix: str = "", *, is_p4: bool = False) -> str:
    """Return what an `encodingDesc` says of our attributes and of Quatrain.

    Args:
        version: of Quatrain.
        prefix: of the names of elements, such as "tei:".
        is_p4: whether the document is TEI P4, which has other names and no `appInfo`.
    """
    name, symbol = ("id", "symbol") if is_p4 else ("xml:id", "metSym")
    symbols = "".join(
        f'<{prefix}{symbol} value="{sign}">{meaning}</{prefix}{symbol}>'
        for sign, meaning in _METRE.items()
    )
    return (
        f'<{prefix}metDecl {name}="quatrain-metre" type="met real" pattern="[+\\-]*">'
        f'{symbols}</{prefix}metDecl><{prefix}metDecl {name}="quatrain-rhyme" type="rhyme">'
        f"<{prefix}p>{_RHYME}</{prefix}p></{prefix}metDecl>"
        f"{'' if is_p4 else _application(version, prefix)}"
    )


def _application(version: str, prefix: str = "") -> str:
    return (
        f'<{prefix}appInfo><{prefix}application ident="quatrain" version={_quoted(version)}>'
        f"<{prefix}label>Quatrain</{prefix}label></{prefix}application></{prefix}appInfo>"
    )


def part_marks(line: LineScansion, parts: Sequence[str]) -> list[dict[str, str]]:
    """Return `met` and `real` for each part of a line: those of its own syllables.

    Args:
        line: the scanned line.
        parts: text of each part, in order. Only their numbers of words count, because the line
            may have been cleaned.
    """
    if not line.stress:
        return [{} for _ in parts]
    if len(parts) == 1:
        return [_marks(line.beats, line.stress)]
    words = [match.start() for match in re.finditer(r"\S+", line.text)]
    ends = list(accumulate(len(part.split()) for part in parts))
    if ends[-1] != len(words):
        return [{} for _ in parts]
    first_of_next = [*(words[end] for end in ends[:-1]), len(line.text)]
    beats, stress = [""] * len(parts), [""] * len(parts)
    syllable = 0
    for _, start, syllables, _ in line.words:
        part = next(number for number, end in enumerate(first_of_next) if start < end)
        beats[part] += line.beats[syllable : syllable + syllables]
        stress[part] += line.stress[syllable : syllable + syllables]
        syllable += syllables
    return [_marks(*both) for both in zip(beats, stress, strict=True)]


def rhyme_mark(letters: Sequence[str | None]) -> str:
    """Return the value of `rhyme` for some lines: ABAB, or A1 B1 if letters have numbers."""
    marks = [letter or "x" for letter in letters]
    return ("" if all(len(mark) == 1 for mark in marks) else " ").join(marks)


def _marks(beats: str, stress: str) -> dict[str, str]:
    return {"met": beats, "real": stress} if stress else {}


def _poem(poem: Poem, scansion: Scansion | None = None, scheme: RhymeScheme | None = None) -> str:
    metre = f" n={_quoted(str(scansion.metre))}" if scansion else ""
    rows = [f'      <lg type="poem"{metre}>']
    if poem.title:
        rows.append(f"        <head>{_clean(poem.title)}</head>")
    rows += [
        f'        <head type="sub">{_clean(paratext.text)}</head>'
        for paratext in poem.paratexts
        if paratext.kind == "subtitle"
    ]
    if poem.author:
        rows.append(f"        <docAuthor>{_clean(poem.author)}</docAuthor>")
    others = [paratext for paratext in poem.paratexts if paratext.kind != "subtitle"]
    rows += [_beside(paratext) for paratext in others if paratext.kind not in _AFTER]
    number = 0
    for stanza in poem.stanzas:
        letters = scheme.letters[number : number + len(stanza)] if scheme else ()
        rhyme = f' rhyme="{rhyme_mark(letters)}"' if letters else ""
        rows.append(f'        <lg type="stanza"{rhyme}>')
        for line in stanza:
            marks = part_marks(scansion.lines[number], [line.text])[0] if scansion else {}
            number += 1
            attributes = "".join(f' {name}="{value}"' for name, value in marks.items())
            rows.append(f"          <l{attributes}>{_clean(line.text)}</l>")
        rows.append("        </lg>")
    rows += [_beside(paratext) for paratext in others if paratext.kind in _AFTER]
    rows.append("      </lg>")
    return "\n".join(rows) + "\n"


def _beside(paratext: Paratext) -> str:
    """Return what stands beside a poem; `n` has its kind where the element says less."""
    name = _BEFORE.get(paratext.kind) or _AFTER.get(paratext.kind) or "note"
    kind = "" if name == paratext.kind else f" n={_quoted(paratext.kind)}"
    lines = [_clean(line) for line in paratext.text.splitlines()]
    if name in _PARAGRAPHS:
        content = "".join(f"<p>{line}</p>" for line in lines)
    else:
        content = "<lb/>".join(lines)
    return f"        <{name}{kind}>{content}</{name}>"


def _clean(text: str) -> str:
    return escape(_plain(text))


def _quoted(text: str) -> str:
    return quoteattr(_plain(text))


def _unescaped(text: str) -> str:
    return unescape(text, {"&quot;": '"', "&apos;": "'"})


def _plain(text: str) -> str:
    """Drop the characters XML cannot hold."""
    return "".join(filter(_is_xml_character, text))


def _is_xml_character(sign: str) -> bool:
    if sign < " ":
        return sign in "\t\n"
    return sign not in "\ufffe\uffff" and not "\ud800" <= sign <= "\udfff"
