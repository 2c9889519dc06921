"""The poems of a TEI document: which lines belong together, under which title.

`poems` is the reader of the format; `read_poems` returns `Draft`s, which know the elements that
their lines come from. One walk through the tree, in document order:

- An outermost `lg` that holds groups, has a `head` of its own, or is of type "poem" or "sonnet" is
  a poem, its inner groups its stanzas. One that holds poems is none itself, and one with the name
  of a stanza for its type is a stanza. A division of type "poem" is one poem.
- Other groups and loose lines under one division are the stanzas of one poem, whose title is the
  division's head. A speech is a stanza.
- Parts of one line (`part`, `next`, `prev`), as in a line that two speakers share, are one line.
- `copyOf` reads the lines it points to once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quatrain.corpus.decoding import LONGEST_LINE, check_lines, too_long
from quatrain.corpus.raw_poems import RawBatch, ReadContext, one_line
from quatrain.corpus.tei.copies import pointer_of
from quatrain.corpus.tei.deletions import delete_spans
from quatrain.corpus.tei.document import Document, id_of, parse
from quatrain.corpus.tei.drafts import Draft, Part, Scope, VerseLine
from quatrain.corpus.tei.elements import Rule
from quatrain.corpus.tei.groups import holds_poems, is_poem_or_more
from quatrain.corpus.tei.lines import NESTED, LineReader, Nested
from quatrain.errors import CorpusError
from quatrain.records import Paratext

_LINKS = frozenset({"part", "next", "prev"})
"""Attributes that say that a line has parts."""

_HOLDERS = frozenset({"sp", "p", "ab", "quote", "cit"})
"""Elements whose lines are a stanza of their own, beside groups and divisions."""


def poems(path: Path, context: ReadContext) -> Iterator[RawBatch]:
    """Read the poems of a TEI document, all in one batch.

    Raises:
        CorpusError: the document is too large, is not well formed, uses entities that are no
            characters, holds no verse, or a line too long for verse; the line is named.
        ExtraError: lxml is not installed.
    """
    document = parse(path)
    verse = [draft.raw for draft in read_poems(document, context)]
    for text, title, *_ in verse:
        check_lines(text, f"{path}, poem {title or 'without a title'}")
    yield RawBatch(verse, path.stat().st_size)


def read_poems(
    document: Document, context: ReadContext, *, keep_elements: bool = False
) -> list[Draft]:
    """Return the poems of a document, in the order in which they begin.

    Args:
        document: the document.
        context: settings and counts.
        keep_elements: whether each line remembers its elements, which takes memory.

    Raises:
        CorpusError: the document holds no verse, or copies that are too long or too deep.
    """
    delete_spans(document, context.tally)
    walk = _Walk(document, context, keep_elements)
    try:
        walk.visit(document.root, Scope(None, None), None)
    except RecursionError:  # the parser bounds the depth of a document, but copies add to it
        raise CorpusError(
            str(document.path),
            "copies (copyOf) inside copies, nested too deep",
            "elements that can be read one inside the other",
            "Write out the text that is copied.",
        ) from None
    drafts = [draft for draft in walk.drafts if draft.lines]
    if not drafts:
        name = document.name(document.root)
        raise CorpusError(
            str(document.path),
            f"no verse under <{name}>",
            "TEI with lg or l elements",
            "Check that the document is TEI and marks its verse with lg or l.",
            message=f"{document.path} holds no verse under <{name}>.",
        )
    return drafts


class _Walk:
    """One walk through a document.

    Attributes:
        lines: reads the text of lines.
        drafts: the poems, in the order in which they begin.
    """

    def __init__(self, document: Document, context: ReadContext, keep_elements: bool) -> None:
        self.lines = LineReader(document, context.tally, context.cleaning.keep_all)
        self.drafts: list[Draft] = []
        self._document = document
        self._keep_all = context.cleaning.keep_all
        self._keep_elements = keep_elements
        self._unfinished: VerseLine | None = None
        self._by_id: dict[str, VerseLine] = {}
        self._expected: dict[str, VerseLine] = {}
        self._open_group: Any = None
        self._in_copy = False

    def visit(self, element: Any, scope: Scope, holder: Any) -> None:
        """Read an element that stands outside lines.

        Args:
            element: the element.
            scope: the division or poem it stands in.
            holder: the element whose lines are a stanza: a group, a speech, a division.
        """
        rule = self._document.treatment(element).rule
        if rule is Rule.LINE:
            self._line(element, scope, holder)
        elif rule is Rule.GROUP:
            self._group(element, scope, holder)
        elif rule is Rule.DIVISION:
            self._division(element, scope)
        elif rule is Rule.ASIDE and not self._keep_all:
            self._leave_out(element, scope, holder)
        elif rule is Rule.CHOICE or rule is Rule.APPARATUS:
            if (chosen := self.lines.choose(element)) is not None:
                self.visit(chosen, scope, holder)
        elif rule is Rule.SUBSTITUTION:
            self._inside(element, scope, holder)
        elif rule is Rule.RESTORED:
            before, self.lines.restored = self.lines.restored, True
            self._inside(element, scope, holder)
            self.lines.restored = before
        elif rule is Rule.TEXT:
            if element.get("copyOf") and self._copy(element, scope, holder):
                return
            self.lines.note_unknown(element)
            name = self._document.name(element)
            if name == "add" and self.lines.is_undone(element, self.lines.restored):
                self.lines.omit(element, "addition that was undone")
            else:
                self._inside(element, scope, element if name in _HOLDERS else holder)
        elif rule is Rule.PROSE or rule is Rule.FIGURE:
            self._prose(element, self._document.treatment(element).kind, scope, holder)
        else:
            self._beside(element, rule, scope, holder)

    def _inside(self, element: Any, scope: Scope, holder: Any) -> None:
        """Visit the children of an element, and look at the text between them."""
        by_tag = self._document.by_tag
        self._loose(element.text, element, scope, holder)
        for child in element:
            tag = child.tag
            if isinstance(tag, str):
                if by_tag[tag][1].rule is Rule.LINE:  # most elements are lines
                    self._line(child, scope, holder)
                else:
                    self.visit(child, scope, holder)
            tail = child.tail
            if tail and not tail.isspace():
                self._loose(tail, element, scope, holder)

    def _loose(self, text: str | None, element: Any, scope: Scope, holder: Any) -> None:
        """Take note of text that stands in no line."""
        if text and not text.isspace():
            if self._keep_all:
                self._add(Part(_flat(text), None), scope, holder)
            else:
                self.lines.omit_text("text outside lines", text, element)

    def _division(self, element: Any, scope: Scope) -> None:
        """Read a division; lines before and after it are not one poem, but around a song are."""
        name = self._document.name(element)
        if name != "floatingText":
            scope.end_poem()
        inner = Scope(element, scope, is_text=name == "text")
        self._unfinished = None
        if name in {"TEI", "TEI.2", "teiCorpus"}:
            for child in element:
                if isinstance(child.tag, str) and self._document.name(child) == "teiHeader":
                    inner.header_title = self._header(child, "title")
                    inner.header_author = self._header(child, "author")
        self._inside(element, inner, element)

    def _header(self, header: Any, name: str) -> str:
        """Return the title or the authors in a header, from the title statement if it has them."""
        statement = next(iter(header.iter("{*}titleStmt")), header)
        for source in (statement, header):
            parts = [
                part for part in source.iter("{*}" + name) if self._document.name(part) == name
            ]
            if name == "title" or source is header:
                del parts[1:]
            if parts:
                return ", ".join(one_line(_flat(self.lines.whole(part))) for part in parts)
        return ""

    def _group(self, group: Any, scope: Scope, holder: Any) -> None:
        """Read a group of lines: a stanza, or a poem."""
        if group.keys() and self._copy(group, scope, holder):
            return
        part, key = _part(group), group
        if part in {"M", "F"} and self._open_group is not None:
            key = self._open_group  # a stanza that a page or a speech interrupted goes on
        self._open_group = key if part in {"I", "M"} else None
        if scope.is_poem or not is_poem_or_more(self._document, group, scope.element):
            self._inside(group, scope, key)
        elif holds_poems(self._document, group):
            self._division(group, scope)
        else:
            if group.getparent() is scope.element:
                scope.end_poem()
            self._inside(group, Scope(group, scope, is_poem=True), key)

    def _line(self, element: Any, scope: Scope, holder: Any) -> None:
        """Read a line; one with verse inside it, such as a quotation, is several."""
        attributes = element.keys()
        if attributes and self._copy(element, scope, holder):
            return
        text = self.lines.text(element)
        if NESTED not in text:
            if text:
                self._add(Part(text, self._own(element)), scope, holder)
            return
        pieces = list(self.lines.pieces(text))
        alone = sum(nested is None for _, nested in pieces) == 1
        for piece, nested in pieces:
            if nested is None:
                self._add(Part(piece, self._own(element) if alone else None), scope, holder)
            else:
                self._visit_nested(nested, scope, holder)

    def _own(self, element: Any) -> Any:
        """Return an element, or None while a copy is read: the text is another element's, then."""
        return None if self._in_copy or self.lines.copies.active else element

    def _visit_nested(self, nested: Nested, scope: Scope, holder: Any) -> None:
        """Read an element that stands inside a line or a paragraph."""
        before, self._in_copy = self._in_copy, self._in_copy or nested.is_copy
        self.visit(nested.element, scope, holder)
        self._in_copy = before

    def _add(self, part: Part, scope: Scope, holder: Any) -> None:
        """Add a line, or the part of a line, to its poem."""
        element = part.element
        poem = scope.poem(self.drafts, holder if element is None else element)
        keys = () if element is None else element.keys()
        line: VerseLine | None = None
        if self._expected or not _LINKS.isdisjoint(keys):
            line = self._begun(element, poem)
        if line is not None:
            line.extend(part)
            if len(line.text) > LONGEST_LINE:
                raise too_long(self._document.where(element))
        else:
            line = VerseLine(part, poem, self._keep_elements)
            poem.add(line, holder)
        if not _LINKS.isdisjoint(keys):
            self._link(element, line)
        elif element is not None:
            self._unfinished = None
        if keys and (identifier := id_of(element)):
            self._by_id[identifier] = line

    def _begun(self, element: Any, poem: Draft) -> VerseLine | None:
        """Return the line of a poem that an element continues, None if it begins one."""
        if element is None:
            return None
        line = self._by_id.get((element.get("prev") or "").removeprefix("#"))
        line = line or self._expected.pop(id_of(element), None)
        if line is None and _part(element) in {"M", "F"}:
            line = self._unfinished
        return line if line is not None and line.poem is poem else None

    def _link(self, element: Any, line: VerseLine) -> None:
        """Note how a line goes on."""
        follower = (element.get("next") or "").removeprefix("#")
        self._unfinished = line if _part(element) in {"I", "M"} and not follower else None
        if follower:
            self._expected[follower] = line

    def _copy(self, copy: Any, scope: Scope, holder: Any) -> bool:
        """Read what an element is a copy of, if it is one.

        Raises:
            CorpusError: the copies are longer than the document.
        """
        if not (pointer := pointer_of(copy)):
            return False
        self._unfinished = None
        with self.lines.copies.source(copy) as source:
            if source is None:
                self.lines.omit_text("copy of what is not here", f"[{pointer}]", copy)
            elif self._document.treatment(source).rule is not Rule.LINE:
                self._inside(source, scope, copy)
            elif text := self.lines.whole(source).replace("\n", " "):
                is_outermost = len(self.lines.copies.active) == 1 and not self._in_copy
                self._add(Part(text, copy if is_outermost else None), scope, holder)
        return True

    def _prose(self, element: Any, kind: str, scope: Scope, holder: Any) -> None:
        """Leave out prose, or a text treated like it, but read the verse quoted in it."""
        for piece, nested in self.lines.pieces(self.lines.text(element)):
            if nested is not None:
                self._visit_nested(nested, scope, element)
            elif self._keep_all:
                self._add(Part(piece, None), scope, holder)
            else:
                self.lines.omit_text(kind, piece, element)

    def _beside(self, element: Any, rule: Rule, scope: Scope, holder: Any) -> None:
        """Take note of what stands beside the verse."""
        name, (_, kind, _) = self._document.name(element), self._document.treatment(element)
        if rule is Rule.MILESTONE or rule is Rule.BREAK or rule is Rule.POINT:
            if name == "milestone" and element.get("unit") == "stanza":
                scope.end_stanza()
        elif rule is Rule.METADATA or rule is Rule.ABOUT:
            if rule is Rule.ABOUT:
                self.lines.omit(element)
        elif name in {"opener", "closer"} and not (element.text or "").strip():
            self._inside(element, scope, holder)  # it groups a date, a salutation, a signature
        elif self._keep_all:
            self._prose(element, kind, scope, element)
        else:
            self._set_apart(element, rule, name, scope)

    def _leave_out(self, element: Any, scope: Scope, holder: Any) -> None:
        """Leave out and count an element such as a note, or a deletion that was not undone."""
        name = self._document.name(element)
        if name == "del" and (self.lines.restored or element in self.lines.undone):
            self._inside(element, scope, holder)
            return
        if name in {"titlePage", "docTitle"}:
            self._title_page(element, scope)
        self.lines.omit(element)

    def _set_apart(self, element: Any, rule: Rule, name: str, scope: Scope) -> None:
        """Keep a title or what stands beside a poem; count it, as all that isn't verse."""
        kind = self._document.treatment(element).kind
        text = self.lines.whole(element)
        if not text:
            return
        if rule is Rule.HEADING:
            text = one_line(_flat(text))
            if element.getparent() is scope.element:
                if scope.title:
                    scope.paratexts.append(Paratext("subtitle", text))
                scope.title = scope.title or text
                if self._document.name(element.getparent()) == "body":
                    scope.text.title = scope.text.title or text
        else:
            authors = (part for part in element.iter("*") if not scope.author)
            if kind == "opening" and "dedication" in {element.get("type"), element.get("n")}:
                kind = "dedication"
            for part in authors:
                if self._document.name(part) == "docAuthor":
                    scope.author = one_line(_flat(self.lines.whole(part)))
            if name != "docAuthor" or scope.author != one_line(_flat(text)):
                scope.paratexts.append(Paratext(kind, text))
        self.lines.omit_text(kind, text, element)

    def _title_page(self, page: Any, scope: Scope) -> None:
        """Take title and author of a title page, for a text that has no header of its own."""
        text = scope.text
        for part in page.iterdescendants("*"):
            name = self._document.name(part)
            if name == "titlePart" and part.get("type") in {None, "main"}:
                text.title = text.title or one_line(_flat(self.lines.whole(part)))
            elif name == "docAuthor":
                text.author = text.author or one_line(_flat(self.lines.whole(part)))


def _part(element: Any) -> str:
    """Return which part of a line or group an element is: I, M, F, or N for none."""
    return str(element.get("part") or "N").upper()


def _flat(text: str) -> str:
    return " ".join(text.split())
