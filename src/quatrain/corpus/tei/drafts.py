"""Poems of a TEI document while they are read, and the divisions they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from quatrain.corpus.raw_poems import RawPoem
from quatrain.corpus.tei.document import id_of, line_of
from quatrain.records import Paratext


class Part(NamedTuple):
    """A line, or the part of a line that one speaker has.

    Attributes:
        text: its text.
        element: its `l`; None if no single element has this text.
    """

    text: str
    element: Any


class VerseLine:
    """A line of verse.

    Attributes:
        text: its text.
        poem: the poem it is in.
        parts: its parts, if the reader was asked to keep their elements.
    """

    __slots__ = ("parts", "poem", "text")

    def __init__(self, part: Part, poem: Draft, keeps_elements: bool) -> None:
        self.text = part.text
        self.poem = poem
        self.parts: tuple[Part, ...] = (part,) if keeps_elements else ()

    def extend(self, part: Part) -> None:
        """Add the next part of the line."""
        self.text = f"{self.text} {part.text}"
        self.parts = (*self.parts, part) if self.parts else ()


@dataclass(eq=False, slots=True)
class Draft:
    """A poem while it is read.

    Attributes:
        scope: the division or group it stands in, which has its title.
        line: number of its first line in the file.
        id: identifier of its element, or empty.
        stanzas: its stanzas.
        holder: the element whose lines are the stanza that is open.
    """

    scope: Scope
    line: int
    id: str = ""
    stanzas: list[list[VerseLine]] = field(default_factory=list)
    holder: Any = None

    def add(self, line: VerseLine, holder: Any) -> None:
        """Add a line; it begins a stanza if its holder is another than that of the line before."""
        if holder is not self.holder or not self.stanzas:
            self.stanzas.append([])
            self.holder = holder
        self.stanzas[-1].append(line)

    @property
    def lines(self) -> list[VerseLine]:
        """The lines of all stanzas."""
        return [line for stanza in self.stanzas for line in stanza]

    @property
    def raw(self) -> RawPoem:
        """The poem as the readers of all formats yield it."""
        text = "\n\n".join("\n".join([line.text for line in stanza]) for stanza in self.stanzas)
        return RawPoem(
            text,
            self.scope.title_of_poem,
            self.scope.author_of_poem,
            paratexts=tuple(self.scope.beside_the_poem),
            line=self.line,
            id=self.id,
        )


@dataclass(eq=False, slots=True)
class Scope:
    """A division of a document, or a group that is a poem.

    Attributes:
        element: the division's or group's element; None around the root.
        parent: the scope it stands in.
        is_poem, is_text: whether it is a poem; whether it is a `text`.
        title, author: as its own `head` and `docAuthor` say, or, in a `text`, its title page.
        header_title, header_author: as its header says.
        paratexts: what stands beside its verse.
        loose: how many poems its loose lines and stanzas are.
        grouped: how many of its groups are poems.
    """

    element: Any
    parent: Scope | None
    is_poem: bool = False
    is_text: bool = False
    title: str = ""
    author: str = ""
    header_title: str = ""
    header_author: str = ""
    paratexts: list[Paratext] = field(default_factory=list)
    loose: int = 0
    grouped: int = 0
    _open: Draft | None = None

    def poem(self, drafts: list[Draft], element: Any) -> Draft:
        """Return the poem that is open here; begin one, and add it to `drafts`, if none is."""
        if self._open is None:
            # Only the first poem of an element may take its identifier.
            own = self.is_poem and not self.loose and self.element is not None
            identifier = id_of(self.element) if own else ""
            self._open = Draft(self, 0 if element is None else line_of(element), identifier)
            drafts.append(self._open)
            self.loose += 1
            if self.is_poem and self.parent is not None:
                self.parent.grouped += 1
        return self._open

    def end_poem(self) -> None:
        """End the poem that is open."""
        self._open = None

    def end_stanza(self) -> None:
        """End the stanza that is open."""
        if self._open is not None:
            self._open.holder = None

    @property
    def text(self) -> Scope:
        """The `text` it stands in, or the outermost scope if there is none."""
        scope = self
        while not scope.is_text and scope.parent is not None:
            scope = scope.parent
        return scope

    @property
    def beside_the_poem(self) -> list[Paratext]:
        """Texts beside the only poem here: its own, and its division's.

        A division whose loose lines are a poem, such as a scene, keeps it for that, whatever songs
        are in it.
        """
        own = self.paratexts if self.loose == 1 else []
        parent = self.parent if self.is_poem else None
        if parent is not None and (parent.loose, parent.grouped) == (0, 1):
            return [*parent.paratexts, *own]
        return own

    @property
    def title_of_poem(self) -> str:
        """Title of a poem here: its own, or else its division's, its text's, its document's."""
        own = self.title or (self.parent.title if self.is_poem and self.parent else "")
        return own or self._inherited()[0]

    @property
    def author_of_poem(self) -> str:
        """Author of a poem here: its own, or else its division's, its text's, its document's."""
        own = self.author or (self.parent.author if self.is_poem and self.parent else "")
        return own or self._inherited()[1]

    def _inherited(self) -> tuple[str, str]:
        """Return the title and the author of the text or the document.

        A text in a `group` has a title page of its own, which tells more than the header of the
        whole document. For any other text the header is better: it has no line breaks.
        """
        title = author = page_title = page_author = ""
        scope: Scope | None = self
        while scope is not None:
            grouped = scope.is_text and scope.parent is not None and scope.parent.text.is_text
            if grouped:
                title, author = title or scope.title, author or scope.author
            elif scope.is_text:
                page_title, page_author = scope.title, scope.author
            title, author = title or scope.header_title, author or scope.header_author
            scope = scope.parent
        return title or page_title, author or page_author
