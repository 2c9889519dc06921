"""Scanned verse as TEI P5: `lg` and `l`, with metre, its realisation and rhyme.

`document` takes scansions with their rhyme schemes and returns XML. The attributes are those of the
TEI's module for verse: `met` the metre's beats, `real` the stresses as scanned, `rhyme` the scheme
of a stanza; `+` is a stressed syllable, `-` an unstressed one, as `metDecl` says.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from quatrain.escaping import visible
from quatrain.records import RhymeScheme, Scansion

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
  <teiHeader>
    <fileDesc>
      <titleStmt><title>{title}</title></titleStmt>
      <publicationStmt><p>Scanned by Quatrain {version}.</p></publicationStmt>
      <sourceDesc><p>{source}</p></sourceDesc>
    </fileDesc>
    <encodingDesc>
      <metDecl type="met real" pattern="[+\\-]*">
        <metSym value="+">a beat of the metre, or a stressed syllable</metSym>
        <metSym value="-">an unstressed place or syllable</metSym>
      </metDecl>
    </encodingDesc>
  </teiHeader>
  <text>
    <body>
"""
_FOOT = "    </body>\n  </text>\n</TEI>\n"


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
    yield _HEAD.format(title=_clean(title), source=_clean(source), version=_clean(version))
    for scansion, scheme in poems:
        yield _poem(scansion, scheme)
    yield _FOOT


def _poem(scansion: Scansion, scheme: RhymeScheme) -> str:
    poem = scansion.poem
    rows = [f'      <lg type="poem" n={quoteattr(_plain(str(scansion.metre)))}>']
    if poem.title:
        rows.append(f"        <head>{_clean(poem.title)}</head>")
    number = 0
    for stanza in poem.stanzas:
        letters = [scheme.letters[number + place] for place in range(len(stanza))]
        rhyme = " ".join(letter or "x" for letter in letters)
        rows.append(f'        <lg type="stanza" rhyme={quoteattr(rhyme)}>')
        for line in stanza:
            scanned = scansion.lines[number]
            number += 1
            marks = (
                f" met={quoteattr(scanned.beats)} real={quoteattr(scanned.stress)}"
                if scanned.stress
                else ""
            )
            rows.append(f"          <l{marks}>{_clean(line.text)}</l>")
        rows.append("        </lg>")
    rows.append("      </lg>")
    return "\n".join(rows) + "\n"


def _clean(text: str) -> str:
    """Return a text for XML, what a terminal would obey as a numeric reference."""
    return visible(escape(_plain(text)), lambda sign: f"&#x{ord(sign):X};")


def _plain(text: str) -> str:
    """Drop the characters XML cannot hold."""
    return "".join(filter(_is_xml_character, text))


def _is_xml_character(sign: str) -> bool:
    if sign < " ":
        return sign in "\t\n"
    return sign not in "\ufffe\uffff" and not "\ud800" <= sign <= "\udfff"
