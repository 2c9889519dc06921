"""Verse: a line, a poem, a poem with one word changed; and `as_poem`, the way in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from quatrain.errors import UserError
from quatrain.records.deferred import Facts, FactsRepr, HtmlRepr, read_poem

_FILE_NAME = re.compile(r"\S+\.(txt|md|jsonl|jsonl\.gz|csv|parquet|xml|tei)", re.IGNORECASE)
"""A single word that ends like a file Quatrain reads; no line of verse looks like that."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of verse, without its line break."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Paratext:
    """Text that belongs to a poem but is not verse (Genette, *Seuils*, 1987).

    Attributes:
        kind: "dedication", "epigraph", "date", "signature", "subtitle", "note" and the like.
        text: the text; several lines for an epigraph.
    """

    kind: str
    text: str


BELOW = frozenset({"closing", "date", "signature", "trailer", "postscript", "note", "rights"})
"""Kinds of `Paratext` that stand below the verse; the others stand above it."""


@dataclass(frozen=True, slots=True)
class Poem(HtmlRepr):
    """A poem: stanzas of lines, and where they come from.

    Make one with `Poem.from_text(text)` or `Poem.from_lines(lines)`.

    Attributes:
        stanzas: the stanzas, each a tuple of at least one line.
        title, author: as the source gives them, or empty.
        form: the name of its form, from the source or the writer, or empty.
        source: the file or book the poem was read from, or the poet that wrote it.
        seed: the seed it was written with; None for a poem that was read.
        settings: the sampling settings it was written with.
        paratexts: what stands beside the verse: dedication, epigraph, date, signature.
        line: number of its first line of verse in `source`, from 1; of its row, in a table; 0 if
            unknown.
        id: its identifier in the source, or file and line, such as `poems.txt:12`; empty for a
            poem that was not read from a file.
        fields: the other columns of the table it was read from, as JSON has values.
    """

    stanzas: tuple[tuple[Line, ...], ...]
    title: str = ""
    author: str = ""
    form: str = ""
    source: str = ""
    seed: int | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    paratexts: tuple[Paratext, ...] = ()
    line: int = 0
    id: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse text and lists of lines, which have constructors of their own.

        Raises:
            UserError: the stanzas are no tuple of tuples of lines.
        """
        if not isinstance(self.stanzas, tuple) or not all(map(_is_stanza, self.stanzas)):
            raise UserError(
                "Poem(stanzas)",
                f"{self.stanzas!r:.60}",
                "a tuple of stanzas, each a tuple of Lines",
                "Use Poem.from_text(text), or Poem.from_lines(lines) for a list of lines.",
                message=f"Poem({self.stanzas!r:.60}) is not a tuple of stanzas of Lines.",
            )

    @classmethod
    def from_text(
        cls, text: str, *, title: str = "", author: str = "", form: str = "", source: str = ""
    ) -> Poem:
        r"""Make a poem of a text: one line of verse per line, blank lines between stanzas.

        Example:
            Poem.from_text("The tide is out.\nThe boats lie down.")
        """
        if not isinstance(text, str):
            raise UserError(
                "Poem.from_text(text)",
                f"{text!r:.60}",
                "a str",
                "For a list of lines, use Poem.from_lines(lines).",
            )
        return cls.from_lines(
            text.splitlines(), title=title, author=author, form=form, source=source
        )

    @classmethod
    def from_lines(
        cls,
        lines: Iterable[str],
        *,
        title: str = "",
        author: str = "",
        form: str = "",
        source: str = "",
        seed: int | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> Poem:
        """Make a poem of lines; one or more blank lines end a stanza."""
        stanzas: list[tuple[Line, ...]] = []
        stanza: list[Line] = []
        for line in lines:
            if line.strip():
                stanza.append(Line(line))
            elif stanza:
                stanzas.append(tuple(stanza))
                stanza = []
        if stanza:
            stanzas.append(tuple(stanza))
        return cls(tuple(stanzas), title, author, form, source, seed, settings or {})

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line in order, stanza breaks left out."""
        return tuple(line for stanza in self.stanzas for line in stanza)

    @property
    def text(self) -> str:
        """Text of the verse: an empty line between stanzas, no line break at the end."""
        return "\n\n".join("\n".join(line.text for line in stanza) for stanza in self.stanzas)

    @property
    def above(self) -> tuple[Paratext, ...]:
        """Paratexts above the verse, the title apart."""
        return tuple(paratext for paratext in self.paratexts if paratext.kind not in BELOW)

    @property
    def below(self) -> tuple[Paratext, ...]:
        """Paratexts below the verse: signature, date, notes."""
        return tuple(paratext for paratext in self.paratexts if paratext.kind in BELOW)

    def __str__(self) -> str:
        head = [paratext.text for paratext in self.above]
        foot = [paratext.text for paratext in self.below]
        return "\n\n".join(filter(None, (self.title, *head, self.text, *foot)))

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)


def _is_stanza(stanza: object) -> bool:
    return isinstance(stanza, tuple) and all(isinstance(line, Line) for line in stanza)


@dataclass(frozen=True, slots=True)
class Alternative(HtmlRepr):
    """A poem with one word changed.

    Attributes:
        poem: the poem with the new word.
        word: the new word, as the poem has it.
        surprisal: surprisal of the whole poem with it, to the poet, in nats.
        difference: that surprisal minus the original poem's, in nats; below 0 the new poem is
            more likely to the poet.
    """

    poem: Poem
    word: str
    surprisal: float
    difference: float


@dataclass(frozen=True, slots=True)
class WordAlternative(FactsRepr):
    """Another word for one place of a draft.

    Attributes:
        word: the word, as the line has it.
        text: the line with it.
        surprisal: the poet's, at all lines of the draft, in nats.
        difference: that surprisal minus the one with the word as it is; below 0 the new line is
            more likely to the poet.
    """

    word: str
    text: str
    surprisal: float
    difference: float

    @property
    def _facts(self) -> Facts:
        return {
            "word": self.word,
            "line": self.text,
            "surprisal in nats": self.surprisal,
            "difference in nats": self.difference,
        }


@dataclass(frozen=True, slots=True)
class LineAlternative(FactsRepr):
    """Another line for one place of a draft.

    Attributes:
        number: of the line, from 1.
        text: the line.
        differs: how it differs from the line as it is, in a few words, such as "one word fewer".
        poet: name of the poet that wrote it.
        surprisal: the poet's, at the line and what is around it, in nats.
        difference: that surprisal minus the one with the line as it is, in nats; below 0 the new
            line is more likely to the poet; None if the place is empty.
    """

    number: int
    text: str
    differs: str
    poet: str
    surprisal: float
    difference: float | None = None

    @property
    def _facts(self) -> Facts:
        return {
            "number": self.number,
            "line": self.text,
            "how it differs": self.differs,
            "poet": self.poet,
            "surprisal in nats": self.surprisal,
            "difference in nats": self.difference,
        }


Verse: TypeAlias = Poem | Line | str | Path | Iterable[str] | Iterable[Line]
"""Whatever `as_poem` takes for one poem."""


def as_poem(verse: Verse) -> Poem:
    """Return the poem that any value meant as one poem stands for.

    Args:
        verse: a `Poem`; a text, one line of verse per line; a list of lines; or the `Path` of a
            file that holds one poem.

    Raises:
        UserError: it is none of these, or the name of a file as a str.
    """
    if isinstance(verse, Poem):
        return verse
    if isinstance(verse, str):
        if _names_a_file(verse):
            raise UserError(
                "the verse",
                f"the file name {verse!r}",
                "the verse itself",
                f"Read the file with quatrain.read({verse!r}), or pass Path({verse!r}).",
                message=f"{verse!r} is the name of a file, not a line of verse.",
            )
        return Poem.from_text(verse)
    if isinstance(verse, Path):
        return read_poem(verse)
    if isinstance(verse, Line):
        return Poem.from_text(verse.text)
    return Poem.from_text("\n".join(_texts(verse)))


def check_words(name: str, text: object) -> None:
    """Raise `UserError` unless a word, or words, are a str.

    Args:
        name: the name of the parameter.
        text: its value.
    """
    if not isinstance(text, str):
        raise UserError(name, f"{text!r:.60}", "a word, or words", "Pass a str.")


def _texts(lines: object) -> Iterator[str]:
    """Yield the text of each line of a list.

    Raises:
        UserError: it is no list of lines.
    """
    if not isinstance(lines, Iterable) or isinstance(lines, bytes):
        raise UserError(
            "the verse",
            f"{lines!r:.60}",
            "a Poem, a text, a list of lines, or the Path of a file",
            "For several poems, pass them one by one.",
        )
    for line in lines:
        if isinstance(line, Poem):
            raise UserError(
                "the verse",
                "several poems",
                "one poem",
                "Pass them one by one: [quatrain.scan(poem) for poem in poems].",
                message="Several poems were given, and one is expected here.",
            )
        if not isinstance(line, str | Line):
            raise UserError(
                "the verse", f"{line!r:.60} in the list", "lines of text", "Pass a list of str."
            )
        yield str(line)


def _names_a_file(text: str) -> bool:
    """Return whether a text is the name of a file rather than verse."""
    if not text or "\n" in text or len(text) > 255:
        return False
    if _FILE_NAME.fullmatch(text):
        return True
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # a name that the file system refuses, as with a null character
        return False
