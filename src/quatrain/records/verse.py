"""Verse: a line, a poem, a poem with one word changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One line of verse, without its line break."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Poem:
    """Stanzas of lines, and what is known of where they come from.

    Attributes:
        stanzas: at least one stanza, each of at least one line.
        title, author: as the source gives them, or empty.
        form: the form the source or the writer names, or empty.
        source: the file or book the poem was read from, or the poet that wrote it.
        seed: the seed it was written with; None for a poem that was read.
        settings: the sampling settings it was written with.
    """

    stanzas: tuple[tuple[Line, ...], ...]
    title: str = ""
    author: str = ""
    form: str = ""
    source: str = ""
    seed: int | None = None
    settings: Mapping[str, object] = field(default_factory=dict)

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
        """Make a poem of lines in which one or more blank lines end a stanza."""
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
        """The verse alone: lines on lines, an empty line between stanzas, no final break."""
        return "\n\n".join("\n".join(line.text for line in stanza) for stanza in self.stanzas)

    def __str__(self) -> str:
        return f"{self.title}\n\n{self.text}" if self.title else self.text

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A poem with one word changed.

    Attributes:
        poem: the poem with it.
        word: the new word as the poem has it.
        surprise: the poet's, at the whole poem with it, in nats.
        difference: to its surprise at the poem as it was, in nats; below 0 it expects this one
            more.
    """

    poem: Poem
    word: str
    surprisal: float
    difference: float
