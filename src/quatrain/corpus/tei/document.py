"""A TEI document as a tree, parsed without reading anything outside it.

`parse` takes a path and returns a `Document`. A document may come from anywhere, so no DTD, no
XInclude and nothing on the network is read, and no entity is expanded. A named character such as
&mdash; is understood: by HTML's list of names, which has those of ISO 8879 that TEI P4 used, or if
the document declares it as one character.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quatrain.corpus.tei.elements import ELEMENTS, UNKNOWN, VOCABULARIES, Rule, Treatment
from quatrain.errors import CorpusError, ExtraError

LARGEST = 64 * 2**20
"""Bytes in the largest document, which is held in memory as a tree."""

NAMESPACE = "http://www.tei-c.org/ns/1.0"
"""The namespace of TEI P5."""

_ROOTS = frozenset({"TEI", "TEI.2", "teiCorpus"})
"""Names of the root of a whole document; its namespace is taken for TEI's, whatever it is."""

_ID = "{http://www.w3.org/XML/1998/namespace}id"

_NO_LINE = 65_535
"""Number that libxml2 gives for a line it doesn't know."""

_UNDECLARED_ENTITY = 26
"""libxml2's number for an entity that is not declared (XML_ERR_UNDECLARED_ENTITY)."""

_PROLOG = re.compile(r"\ufeff?(?:<\?xml\b.*?\?>)?(?:\s|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
"""A byte order mark, a declaration, comments: all that may precede a DOCTYPE or root."""


class TagTable(dict[str, tuple[str, Treatment]]):
    """Name and treatment by tag, looked up once for each tag.

    A dictionary, because a reader asks for every element of a document.
    """

    def __init__(self, root_tag: str) -> None:
        super().__init__()
        namespace, name = _divided(root_tag)
        self._namespaces = {"", NAMESPACE} | ({namespace} if name in _ROOTS else set())

    def __missing__(self, tag: str) -> tuple[str, Treatment]:
        namespace, name = _divided(tag)
        if namespace in self._namespaces:
            named = name, ELEMENTS.get(name, UNKNOWN)
        elif namespace in VOCABULARIES:
            named = tag, Treatment(Rule.ABOUT, VOCABULARIES[namespace], "")
        else:
            named = tag, UNKNOWN
        self[tag] = named
        return named


@dataclass(frozen=True)
class Document:
    """A parsed document.

    Attributes:
        path: the file.
        root: its outermost element.
        data: the bytes that were parsed.
        inserted: place and length, in bytes, of a declaration that `parse` put into `data` and
            that the file does not have; (0, 0) if none.
        characters: name of an entity -> the character it stands for.
        by_tag: name without TEI's namespace, and treatment, by tag.
    """

    path: Path
    root: Any
    data: bytes
    inserted: tuple[int, int]
    characters: Mapping[str, str]
    by_tag: TagTable
    _ids: dict[str, Any] = field(default_factory=dict)

    def name(self, element: Any) -> str:
        """Return the name of an element: without the namespace if it is TEI's."""
        return self.by_tag[element.tag][0]

    def treatment(self, element: Any) -> Treatment:
        """Return what is done with an element."""
        return self.by_tag[element.tag][1]

    def element(self, pointer: str | None) -> Any:
        """Return the element a pointer such as "#l12" leads to, None if the file has none."""
        if not pointer:
            return None
        if not self._ids:
            for element in self.root.iter("*"):
                if identifier := id_of(element):
                    self._ids.setdefault(identifier, element)
            self._ids.setdefault("", None)
        return self._ids.get(pointer.removeprefix("#"))

    def where(self, element: Any) -> str:
        """Return the file and line of an element, for an error."""
        line = line_of(element)
        return f"{self.path}, line {line}" if line else str(self.path)

    def elements(self, name: str) -> Iterator[Any]:
        """Yield the elements of a TEI name in document order."""
        for element in self.root.iter("{*}" + name):
            if self.name(element) == name:
                yield element


def _divided(tag: str) -> tuple[str, str]:
    """Return the namespace of a tag, "" if none, and its name."""
    namespace, _, name = tag.rpartition("}")
    return namespace[1:], name


def line_of(element: Any) -> int:
    """Return the number of the line an element stands in, from 1; 0 if unknown.

    The parser stores 16 bits for an element. Beyond that it asks the text inside or beside it, and
    says 65,535 if there is none.
    """
    line = element.sourceline
    return int(line) if line and line != _NO_LINE else 0


def id_of(element: Any) -> str:
    """Return the identifier of an element: `xml:id`, or `id` in TEI P4; "" if it has none."""
    return element.get(_ID) or element.get("id") or ""


def parse(path: Path) -> Document:
    """Parse a TEI document.

    Raises:
        CorpusError: the document is too large, is not well formed or uses an entity that is no
            character; the line is named.
        ExtraError: lxml is not installed.
        OSError: the file cannot be read.
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
    data, inserted = path.read_bytes(), (0, 0)
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        if error.code != _UNDECLARED_ENTITY:
            raise _broken(path, error) from None
        # Without a DTD an undeclared entity breaks the document. With one that isn't read, the
        # parser leaves it in the tree, where its name can be looked up.
        data, inserted = _with_doctype(data)
        try:
            root = etree.fromstring(data, _parser())
        except etree.XMLSyntaxError as error_again:
            raise _broken(path, error_again) from None
    return Document(path, root, data, inserted, _characters(root, path), TagTable(root.tag))


def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,  # an identifier that is used twice would be an error
    )


def _broken(path: Path, error: Any) -> CorpusError:
    line = f", line {error.lineno}" if error.lineno else ""
    return CorpusError(
        f"{path}{line}",
        f"broken XML ({error.msg})",
        "a well-formed TEI document",
        "Correct the document.",
    )


def _with_doctype(data: bytes) -> tuple[bytes, tuple[int, int]]:
    """Return a document with a DTD that will not be read, and the place and length of that."""
    encoding = encoding_of(data)
    text = data.decode(encoding, "surrogateescape")
    prolog = _PROLOG.match(text)
    place = prolog.end() if prolog else 0
    if doctype := re.compile(r"<!DOCTYPE\s+[^\s\[>]+").match(text, place):
        place = doctype.end()
        declaration = ' SYSTEM "none"'
    else:
        declaration = '<!DOCTYPE TEI SYSTEM "none">'
    start = len(text[:place].encode(encoding, "surrogateescape"))
    insertion = declaration.encode(encoding)
    return data[:start] + insertion + data[start:], (start, len(insertion))


def encoding_of(data: bytes) -> str:
    """Return an encoding in which the markup of a document can be found.

    That is UTF-16 if the first character takes two bytes, and else Latin-1: in all other encodings
    that XML documents use, ASCII characters are single bytes, and Latin-1 decodes any byte.
    """
    if data.startswith((b"\xff\xfe", b"<\0")):
        return "utf-16-le"
    return "utf-16-be" if data.startswith((b"\xfe\xff", b"\0<")) else "latin-1"


def _characters(root: Any, path: Path) -> dict[str, str]:
    """Return what each entity of a document stands for.

    Raises:
        CorpusError: one of them is no character.
    """
    from lxml import etree

    characters: dict[str, str] = {}
    for entity in root.iter(etree.Entity):
        if entity.name in characters:
            continue
        declared = _declared(root).get(entity.name)
        character = html.entities.html5.get(f"{entity.name};") if declared is None else declared
        if character is None or len(character) > 2:  # a character and a combining mark
            raise CorpusError(
                f"{path}, line {entity.sourceline}",
                f"the entity {entity.text}, which is never expanded",
                "plain characters, numeric references such as &#8212;, or the names of "
                "characters that HTML has, such as &mdash;",
                "Replace the entity by the text it stands for.",
            )
        characters[entity.name] = character
    return characters


def _declared(root: Any) -> dict[str, str]:
    """Return the entities that a document itself declares; "???" for one in another file."""
    subset = root.getroottree().docinfo.internalDTD
    if subset is None:
        return {}
    return {entity.name: entity.content or "???" for entity in subset.iterentities()}
