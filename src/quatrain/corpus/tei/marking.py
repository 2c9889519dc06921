"""Attributes added to a TEI document that stays as it is otherwise.

`Marking` reads a document, says which of its elements have which lines, and writes the document
with attributes added. It works on the bytes of the file, so comments, processing instructions,
entities, white space and the order of attributes stay. The parser that builds the tree knows no
byte positions; expat does, and both count the same elements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from quatrain.config import Cleaning
from quatrain.corpus.cleaning import Tally
from quatrain.corpus.raw_poems import ReadContext
from quatrain.corpus.tei.document import Document, encoding_of, parse
from quatrain.corpus.tei.drafts import Draft
from quatrain.corpus.tei.poems import read_poems
from quatrain.errors import CorpusError

Declarations = Callable[[str, bool], str]
"""A function of a prefix such as "tei:" and of whether the document is TEI P4: the elements that an
`encodingDesc` is to have."""

_APPLICATION = 'ident="quatrain"'
"""Part of a document that has our declarations already."""


@dataclass(frozen=True)
class PoemPlaces:
    """The elements of a document that hold the lines of a poem.

    Attributes:
        lines: per line, the text and the element of each part; None if no element has this text.
        groups: element -> numbers of its lines, for each element whose rhymes can be noted: the
            innermost `lg` around a line, or the division if no line of the poem is in an `lg`.
    """

    lines: tuple[tuple[tuple[str, int | None], ...], ...]
    groups: Mapping[int, tuple[int, ...]]


class Marking:
    """A TEI document that takes attributes.

    Attributes:
        poems: the poems, in the order in which `stream_all` yields them.
        present: how many attributes the document had already, with a value of its own; they stay.
    """

    def __init__(self, path: Path, *, keep_all: bool = False) -> None:
        """Read a document.

        Raises:
            CorpusError: it can't be read, as `poems` says.
        """
        self._document = parse(path)
        context = ReadContext(None, Cleaning(keep_all=keep_all), Tally())
        drafts = read_poems(self._document, context, keep_elements=True)
        numbers = _numbers(self._document, drafts)
        self.poems = [_places(self._document, draft, numbers) for draft in drafts]
        self.present = 0

    def write(
        self, attributes: Mapping[int, Mapping[str, str]], declarations: Declarations
    ) -> bytes:
        """Return the document with attributes added, and with declarations in its header.

        Args:
            attributes: element -> names and values, in ASCII. An attribute that the document has
                already stays what it is.
            declarations: what the header is to say of them, if there is a header.

        Raises:
            CorpusError: the document is in an encoding of which only lxml knows.
        """
        scan = _Scan(self._document, attributes)
        self.present = scan.present
        insertions = scan.insertions
        if scan.header_end and _APPLICATION.encode(scan.encoding) not in self._document.data:
            place, prefix, has_encoding = scan.header_end
            text = declarations(prefix, self._document.name(self._document.root) == "TEI.2")
            if not has_encoding:
                text = f"<{prefix}encodingDesc>{text}</{prefix}encodingDesc>"
            insertions.append((place, text))
        return b"".join(_spliced(self._document, sorted(insertions), scan.encoding))


@dataclass
class _Scan:
    """One pass over the bytes of a document, which finds where to insert.

    Attributes:
        document: the document.
        attributes: as for `Marking.write`.
        insertions: byte position -> text.
        header_end: where declarations go: the position, the prefix of names there, and whether an
            `encodingDesc` is around it; None without a header.
        present: attributes that are there already.
    """

    document: Document
    attributes: Mapping[int, Mapping[str, str]]
    insertions: list[tuple[int, str]] = field(default_factory=list)
    header_end: tuple[int, str, bool] | None = None
    present: int = 0
    encoding: str = field(init=False)

    def __post_init__(self) -> None:
        self.encoding = encoding_of(self.document.data)
        self._number = -1
        self._headers = 0
        try:
            self._parser = expat.ParserCreate()
            self._parser.specified_attributes = True
            self._parser.buffer_text = True
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
            self._parser.Parse(self.document.data, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise CorpusError(
                str(self.document.path),
                f"an encoding that can't be written ({error})",
                "UTF-8, UTF-16 or an encoding with one byte per character",
                "Convert the document to UTF-8.",
            ) from None

    def _start(self, name: str, own: Mapping[str, str]) -> None:
        """Take note of the start of an element."""
        self._number += 1
        self._headers += name.rpartition(":")[2] == "teiHeader"
        marked = self.attributes.get(self._number)
        if marked is None:
            return
        new = [f' {key}="{value}"' for key, value in marked.items() if key not in own]
        self.present += len(marked) - len(new)
        after_name = self._parser.CurrentByteIndex + len(f"<{name}".encode(self._wide(name)))
        self.insertions.append((after_name, "".join(new)))

    def _end(self, name: str) -> None:
        """Take note of the end of an element, in the first header."""
        prefix, _, local = name.rpartition(":")
        if self._headers != 1 or local not in {"fileDesc", "encodingDesc", "teiHeader"}:
            return
        prefix = f"{prefix}:" if prefix else ""
        data, place = self.document.data, self._parser.CurrentByteIndex
        closing = f"</{name}".encode(self._wide(name))
        if local == "teiHeader":
            self._headers = 2  # only the first one is looked at
        elif local == "encodingDesc" and data.startswith(closing, place):
            self.header_end = place, prefix, True
        elif local == "fileDesc" and data.startswith(closing, place):
            end = data.index(">".encode(self.encoding), place + len(closing))
            self.header_end = end + len(">".encode(self.encoding)), prefix, False

    def _wide(self, name: str) -> str:
        """Return the encoding to measure a name in: names of TEI are ASCII, others may not be."""
        return "utf-8" if self.encoding == "latin-1" and not name.isascii() else self.encoding


def _spliced(
    document: Document, insertions: list[tuple[int, str]], encoding: str
) -> Iterator[bytes]:
    """Yield the bytes of a document with texts inserted, without what parsing put into it."""
    start, length = document.inserted
    at = 0
    cuts = [(start, None)] if length else []
    for place, text in sorted([*insertions, *cuts], key=lambda cut: cut[0]):
        yield document.data[at:place]
        at = place
        if text is None:
            at = place + length
        else:
            yield text.encode(encoding)
    yield document.data[at:]


def _numbers(document: Document, drafts: list[Draft]) -> dict[Any, int]:
    """Return the number of each element that has a line of verse, and of those around it."""
    marked = set()
    for draft in drafts:
        for line in draft.lines:
            for _, element in line.parts:
                if element is not None:
                    marked.add(element)
                    marked.add(_rhyming(document, element))
    elements = enumerate(document.root.iter("*"))
    return {element: number for number, element in elements if element in marked}


def _rhyming(document: Document, line: Any) -> Any:
    """Return the innermost group around a line, or else the innermost division; None if none."""
    division = None
    for above in line.iterancestors():
        name = document.name(above)
        if name.startswith("lg"):
            return above
        if division is None and name.startswith("div"):
            division = above
    return division


def _places(document: Document, draft: Draft, numbers: Mapping[Any, int]) -> PoemPlaces:
    """Return where the lines of a poem stand."""
    lines = [
        tuple((text, numbers.get(element)) for text, element in line.parts) for line in draft.lines
    ]
    groups: dict[Any, list[int]] = {}
    for number, line in enumerate(draft.lines):
        element = line.parts[-1].element  # which has the rhyme
        group = None if element is None else _rhyming(document, element)
        if group is not None:
            groups.setdefault(group, []).append(number)
    if any(document.name(group).startswith("lg") for group in groups):
        groups = {g: own for g, own in groups.items() if document.name(g).startswith("lg")}
    elif sum(map(len, groups.values())) < len(lines):
        groups = {}
    return PoemPlaces(tuple(lines), {numbers[g]: tuple(own) for g, own in groups.items()})
