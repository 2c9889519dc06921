"""The text of a line of verse, and of what is left out of it.

`LineReader.text` takes an element and returns its text as `elements` says: one reading of an
apparatus, no notes, spaces where lines were turned over. Verse inside a line, such as a quotation,
stays behind as a mark; `pieces` divides the text at these marks.

Control characters serve as marks: XML cannot hold them, so they cannot come from a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from quatrain.corpus.cleaning import Tally
from quatrain.corpus.tei.copies import Copies, pointer_of
from quatrain.corpus.tei.document import Document, line_of
from quatrain.corpus.tei.elements import UNKNOWN, Rule
from quatrain.corpus.tei.readings import Readings
from quatrain.corpus.tei.words import JOIN, WORD, WORD_END, spaced

NESTED = "\1"
"""Mark on both sides of the number of a nested element."""

_LINE_END = "\4"
"""Mark of the end of a line in a text of which the lines are kept."""

_TURN = "\6"
"""Mark of a line that was turned over."""

_JOINED = re.compile(rf"(?:[-=\u00ac\u00ad\u2010\u2011\u2e17] ?| )?{JOIN}[ {JOIN}]*")
"""A place where a word goes on, with the hyphen at the end of the line before it.

Old books have a double hyphen there, and transcribers the sign \u00ac.
"""

_HYPHENED = re.compile(rf"(?<=\w[-\u2010]){_TURN}(?=\w)")
"""A place where a line was turned over after a hyphen: the hyphen may be the word's own."""

_PIECES = re.compile(rf"{NESTED}(\d+){NESTED}")
_NAMES = frozenset({"addName", "forename", "genName", "nameLink", "roleName", "surname"})
"""Parts of a name, which are words."""

_SPECIAL = _NAMES | {"g", "ref", "xref", "hi", "am", "add", "w", "pc"}
"""Elements that are part of the line, but not always, or not with their own text only."""

_WITHOUT_TEXT = frozenset({"ruby", "subst"})
"""Elements that have text only in their children: white space in them is layout."""

_SPACED = frozenset({"stage", "label", "speaker", "head", "gap", "rt"})
"""Elements that part two words, though no space may stand beside them."""

_PART_JOINS = {"I": "right", "M": "both", "F": "left"}
"""Part of a word that is divided -> on which side it goes on."""

_NESTING = (Rule.LINE, Rule.GROUP, Rule.DIVISION, Rule.PROSE)
"""Rules of elements that end the line they stand in."""

_MARK = re.compile(r"\W*\d{0,3}\W*")
"""Text of the mark of a note: a short number, or signs such as * and [2]."""

_Inner: TypeAlias = tuple[Any, bool, str] | None
"""An element to read, whether deletions in it are read, and what to add after it."""


class Nested(NamedTuple):
    """An element with verse or prose inside a line.

    Attributes:
        element: the element.
        is_copy: whether it is read as part of a copy.
    """

    element: Any
    is_copy: bool


class LineReader:
    """Reads the text of elements, and counts what is left out.

    Attributes:
        nested: verse inside lines, by the number that marks its place.
        undone: elements that `undo` points to.
        copies: what elements with `copyOf` stand for.
        restored: whether deletions are read, because a `restore` is around the line.
    """

    def __init__(self, document: Document, tally: Tally, keep_all: bool) -> None:
        self.nested: list[Nested] = []
        self.undone = _undone(document)
        self.copies = Copies(document)
        self.restored = False
        self._document = document
        self._tally = tally
        self._keep_all = keep_all
        self._is_whole = False
        self._unknown: set[str] = set()
        self._readings = Readings(document)

    def text(self, element: Any) -> str:
        """Return the text of an element on one line, with marks for verse inside it."""
        if not len(element):
            return " ".join((element.text or "").split())
        return self._plain(element)

    def _plain(self, element: Any) -> str:
        parts: list[str] = []
        self._read(element, parts, self.restored)
        text = "".join(parts)
        if WORD in text:
            text = spaced(text)
        text = " ".join(text.split())
        if _TURN in text:
            text = " ".join(_HYPHENED.sub("", text).replace(_TURN, " ").split())
        if JOIN in text:
            text = _JOINED.sub("", text).strip()
        return text

    def pieces(self, text: str) -> Iterator[tuple[str, Nested | None]]:
        """Divide a text at its marks.

        Yields:
            A piece of text and None, or "" and what is nested there.
        """
        for number, piece in enumerate(_PIECES.split(text)):
            if number % 2:
                yield "", self.nested[int(piece)]
            elif piece.strip():
                yield piece.strip(), None

    def whole(self, element: Any) -> str:
        """Return all text of a title, an epigraph and the like; verse, prose and source by line."""
        before, self._is_whole = self._is_whole, True
        lines = []
        for piece, nested in self.pieces(self.text(element)):
            if nested is not None:
                lines.append(self.whole(nested.element))
            else:
                lines.extend(part.strip() for part in piece.split(_LINE_END))
        self._is_whole = before
        return "\n".join(filter(None, lines))

    def omit(self, element: Any, kind: str = "") -> None:
        """Count an element that is left out, with all its text."""
        kind = kind or self._document.treatment(element).kind
        if text := self._words(element) or _described(self._document.name(element), element):
            self._tally.omit(kind, text, line_of(element))

    def omit_text(self, kind: str, text: str, near: Any) -> None:
        """Count a text that is left out and stands in or behind an element."""
        self._tally.omit(kind, text, line_of(near))

    def note_unknown(self, element: Any) -> None:
        """Note the first element of a name that TEI does not have: its text is in doubt."""
        name, treatment = self._document.by_tag[element.tag]
        if treatment is UNKNOWN and name not in self._unknown:
            texts = (" ".join(text.split()) for text in element.itertext())
            if text := next(filter(None, texts), ""):
                self._unknown.add(name)
                self._tally.doubt(f"<{name}> element, unknown to TEI", text, line_of(element))

    def choose(self, element: Any) -> Any:
        """Return the child of a `choice` or an `app` to read, None if none; count the others."""
        chosen, others = self._readings.of(element)
        for child in others:
            self.omit(child, self._document.treatment(element).kind)
        return chosen

    def _read(self, element: Any, parts: list[str], restored: bool) -> None:
        """Add the text of an element to `parts`.

        Args:
            element: the element.
            parts: the text so far.
            restored: whether deletions are read, because a `restore` is around them.
        """
        is_layout = self._document.name(element) in _WITHOUT_TEXT
        if element.text and not (is_layout and element.text.isspace()):
            parts.append(element.text)
        for child in element:
            if not isinstance(child.tag, str):
                parts.append(self._document.characters[child.name])
            elif inner := self._child(child, parts, restored):
                source, restored_within, end = inner
                self._read(source, parts, restored_within)  # one call per level: depth is bounded
                parts.append(end)
            if child.tail and not (is_layout and child.tail.isspace()):
                parts.append(child.tail)

    def _child(self, child: Any, parts: list[str], restored: bool) -> _Inner:
        """Return what to read for an element inside a line; add spaces and marks to `parts`."""
        document = self._document
        name, (rule, kind, _) = document.by_tag[child.tag]
        if child.get("copyOf") and rule is Rule.TEXT:
            self._copy(child, parts, restored)
            return None
        if rule is Rule.TEXT:
            return self._ordinary(child, name, parts, restored)
        if rule is Rule.SUBSTITUTION or rule is Rule.RESTORED:
            return child, restored or rule is Rule.RESTORED, ""
        if rule is Rule.CHOICE or rule is Rule.APPARATUS:
            chosen = self.choose(child)
            if chosen is None or document.treatment(chosen).rule is Rule.TEXT:
                return None if chosen is None else (chosen, restored, "")
            return self._child(chosen, parts, restored)
        if rule is Rule.BREAK or rule is Rule.MILESTONE:
            word = child.get("break") == "no" or _inside_word(document, child)
            if word or rule is Rule.BREAK or child.get("break") == "yes":
                turn = (_LINE_END if self._is_whole else _TURN) if name == "lb" else " "
                parts.append(JOIN if word else turn)
        elif rule in _NESTING or (self._is_whole and name == "bibl"):
            parts.append(f" {NESTED}{len(self.nested)}{NESTED} ")
            self.nested.append(Nested(child, bool(self.copies.active)))
        elif rule is Rule.FIGURE and not self._keep_all:
            self.omit(child)
        elif self._is_read(child, name, rule, restored):
            space = " " if name in _SPACED or self._keep_all else ""
            parts.append(space)
            return child, restored, space
        elif rule is not Rule.POINT and rule is not Rule.METADATA:
            parts.append(" " if name in _SPACED else "")
            self.omit(child, kind)
        return None

    def _copy(self, copy: Any, parts: list[str], restored: bool) -> None:
        """Add the text of what an element is a copy of."""
        with self.copies.source(copy) as source:
            if source is not None:
                self._read(source, parts, restored)
            else:
                self.omit_text("copy of what is not here", f"[{pointer_of(copy)}]", copy)

    def _is_read(self, child: Any, name: str, rule: Rule, restored: bool) -> bool:
        """Return whether an element that does not belong to the line is read all the same."""
        if rule is Rule.ASIDE:
            is_back = name == "del" and (restored or child in self.undone)
            is_source = self._is_whole and name in {"biblScope", "citedRange"}
            return self._keep_all or is_back or is_source
        if rule is Rule.HEADING or rule is Rule.FIGURE:
            return self._keep_all
        return rule is Rule.BESIDE and (self._keep_all or self._is_whole)

    def _ordinary(self, child: Any, name: str, parts: list[str], restored: bool) -> _Inner:
        """Return what to read for an element that is part of the line."""
        if name not in _SPECIAL:
            self.note_unknown(child)
            return child, restored, ""
        if name == "g" and not len(child) and not (child.text or "").strip():
            character = _glyph(self._document, child)
            parts.append(character)
            if not character:
                self.omit_text("glyph without a character", f"[{child.get('ref', 'g')}]", child)
        elif name in {"ref", "xref", "hi"} and self._is_note_mark(child, name):
            self.omit(child, "mark of a note")
        elif name == "am" and _has_ancestor(self._document, child, "expan"):
            self.omit(child, "sign of an abbreviation")
        elif name == "add" and self.is_undone(child, restored):
            self.omit(child, "addition that was undone")
        elif name in {"w", "pc"}:
            join = child.get("join") or _PART_JOINS.get(child.get("part"), "no")
            parts.append(f"{WORD}{name[0]}{join[0]}")
            return child, restored, WORD_END
        elif name in _NAMES:
            before = child.getprevious()
            parts.append("" if before is None or before.tail else " ")
            return child, restored, ""
        else:
            return child, restored, ""
        return None

    def is_undone(self, addition: Any, restored: bool) -> bool:
        """Return whether an addition is gone: undone, or in a `subst` that was restored."""
        if addition in self.undone:
            return True
        return restored and (
            self._document.treatment(addition.getparent()).rule is Rule.SUBSTITUTION
        )

    def _is_note_mark(self, child: Any, name: str) -> bool:
        """Return whether an element is the mark of a note, such as a small 1."""
        if name == "hi":
            if "sup" not in f"{child.get('rend')}{child.get('rendition')}".lower():
                return False
        else:
            target = self._document.element(child.get("target"))
            if target is not None and self._document.name(target) == "note":
                return True
        text = "" if len(child) else (child.text or "").strip()
        return bool(text) and bool(_MARK.fullmatch(text))

    def _words(self, element: Any) -> str:
        """Return all the text inside an element, on one line."""
        if not len(element):
            return " ".join((element.text or "").split())
        parts = []
        for piece in element.iter():
            if piece is not element and not isinstance(piece.tag, str):
                parts.append(self._document.characters.get(getattr(piece, "name", ""), ""))
            else:
                parts.append(piece.text or "")
            if piece is not element:
                parts.append(piece.tail or "")
        return " ".join("".join(parts).split())


def _undone(document: Document) -> frozenset[Any]:
    """Return the elements that an `undo` points to and no `redo` points to."""
    targets: dict[str, set[Any]] = {"undo": set(), "redo": set()}
    for name, elements in targets.items():
        for element in document.elements(name):
            pointers = (element.get("target") or "").split()
            elements.update(map(document.element, pointers))
    return frozenset(targets["undo"] - targets["redo"] - {None})


def _inside_word(document: Document, element: Any) -> bool:
    """Return whether an element stands in a `w`."""
    parent = element.getparent()
    return parent is not None and document.name(parent) == "w"


def _has_ancestor(document: Document, element: Any, name: str) -> bool:
    return any(document.name(above) == name for above in element.iterancestors())


def _described(name: str, element: Any) -> str:
    """Return a note that stands for an element without text that is left out, "" if none."""
    if name == "gap":
        extent = element.get("extent") or " ".join(
            filter(None, (element.get("quantity"), element.get("unit")))
        )
        return f"[{', '.join(filter(None, ('gap', element.get('reason'), extent)))}]"
    return f"[{element.get('href')}]" if element.get("href") else ""


def _glyph(document: Document, g: Any) -> str:
    """Return the character that an empty `g` stands for, "" if the document doesn't say."""
    glyph = document.element(g.get("ref"))
    if glyph is None:
        return ""
    for mapping in glyph.iter("{*}mapping"):
        if mapping.get("type") in {None, "standard", "standardized", "modern", "Unicode"}:
            return (mapping.text or "").strip()
    return ""
