"""Verse from TEI P5 XML.

`poems` takes a TEI document and yields raw poems. `lg` is a group of lines, `l` a line
(TEI Guidelines, chapter 6, "Verse"). A document may come from anywhere, so
nothing outside it is read: no DTD, no entity, no XInclude, no network.

An outermost `lg` that holds other `lg`, has a `head` of its own, or is of type
"poem" or "sonnet" is a poem, its inner groups its stanzas. Other outermost `lg`
and loose `l` under the same division are the stanzas of one poem, whose title
is the division's head.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quatrain.corpus.decoding import check_lines
from quatrain.corpus.raw_poems import RawBatch, RawPoem, ReadContext, one_line
from quatrain.errors import CorpusError, ExtraError

LARGEST = 64 * 2**20
"""Bytes in the largest document, which is held in memory as a tree."""

_TEI = "{http://www.tei-c.org/ns/1.0}"
_NOT_VERSE = frozenset({"note", "figDesc", "fw", "del", "orig", "sic", "abbr", "head", "bibl"})
_POEMS = frozenset({"poem", "sonnet"})


def poems(path: Path, _context: ReadContext) -> Iterator[RawBatch]:
    """Read the poems of a TEI document, all in one batch.

    Raises:
        CorpusError: the document is too large, is not well formed, uses entities, or holds
            no verse; the line is named.
        ExtraError: lxml is not installed.
    """
    try:
        from lxml import etree
    except ImportError:
        raise ExtraError.missing("reading TEI", "lxml", "corpora") from None
    size = path.stat().st_size
    if size > LARGEST:
        raise CorpusError(
            str(path),
            f"{size:,} bytes of XML",
            f"at most {LARGEST:,}",
            "Divide the document, one file per book.",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise CorpusError(
            f"{path}{line}",
            f"broken XML ({error.msg})",
            "a well-formed TEI document",
            "Correct the document.",
        ) from None
    for entity in root.iter(etree.Entity):
        raise CorpusError(
            f"{path}, line {entity.sourceline}",
            f"the entity {entity.text}, which is never expanded",
            "plain characters or numeric references such as &#8212;",
            "Replace the entity by the character it stands for.",
        )
    verse = list(_poems(root, path))
    if not verse:
        raise CorpusError(
            str(path),
            f"no verse under <{_local(root)}>",
            "TEI P5 with lg or l elements",
            "Check that the document is TEI P5 and marks its verse with lg or l.",
            message=f"{path} holds no verse under <{_local(root)}>.",
        )
    yield RawBatch(verse, size)


def _poems(root: Any, path: Path) -> Iterator[RawPoem]:
    """Yield the poems under a root, as the module says."""
    author = _first(root, "author")
    document = _first(root, "title")
    division: Any = None
    stanzas: list[list[str]] = []

    def raw(groups: list[list[str]], title: str) -> RawPoem:
        text = "\n\n".join("\n".join(group) for group in groups)
        check_lines(text, f"{path}, poem {title or 'without a title'}")
        return RawPoem(text, title, author)

    for element in _outermost(root):
        under = _division(element)
        loose = _local(element) == "l"
        own = not loose and (
            element.get("type") in _POEMS
            or any(_local(child) in {"lg", "head"} for child in element)
        )
        if stanzas and (own or under is not division):
            yield raw(stanzas, _head(division) or document)
            stanzas = []
        division = under
        if own:
            yield raw(_stanzas(element), _head(element) or _head(under) or document)
        elif loose:
            previous = element.getprevious()
            if not stanzas or previous is None or _local(previous) != "l":
                stanzas.append([])
            stanzas[-1].append(_line(element))
        else:
            stanzas.extend(_stanzas(element))
    if stanzas:
        yield raw(stanzas, _head(division) or document)


def _outermost(root: Any) -> Iterator[Any]:
    """Yield the groups and lines that stand in no other group or line."""
    for element in root.iter(f"{_TEI}lg", f"{_TEI}l", "lg", "l"):
        if not any(_local(above) in {"lg", "l", "note"} for above in element.iterancestors()):
            yield element


def _stanzas(group: Any) -> list[list[str]]:
    """Return the lines of a group, a stanza for each run of lines under one parent."""
    stanzas: list[list[str]] = []
    stanza_of: Any = None
    for line in group.iter(f"{_TEI}l", "l"):
        if any(_local(above) in {"l", "note"} for above in line.iterancestors()):
            continue
        parent = next(line.iterancestors(f"{_TEI}lg", "lg"))
        if parent is not stanza_of:
            stanzas.append([])
            stanza_of = parent
        stanzas[-1].append(_line(line))
    return stanzas


def _line(element: Any) -> str:
    """Return a line of verse with its spaces made plain."""
    return " ".join("".join(_text(element)).split())


def _text(element: Any) -> Iterator[str]:
    """Yield the text of an element without what is not verse."""
    yield element.text or ""
    for child in element:
        if _local(child) not in _NOT_VERSE:
            yield from _text(child)
        yield child.tail or ""


def _head(element: Any) -> str:
    """Return the heading of an element, "" if none."""
    if element is None:
        return ""
    for child in element:
        if _local(child) == "head":
            return one_line("".join(child.itertext()))
    return ""


def _division(element: Any) -> Any:
    """Return the division an element stands in."""
    for above in element.iterancestors():
        if _local(above).startswith("div") or _local(above) in {"body", "text", "TEI"}:
            return above
    return None


def _first(root: Any, name: str) -> str:
    """Return the first element of a name in the header, as text."""
    for header in root.iter(f"{_TEI}teiHeader", "teiHeader"):
        for element in header.iter(f"{_TEI}{name}", name):
            return one_line("".join(element.itertext()))
    return ""


def _local(element: Any) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""
