"""The text of one poem while it is written, and what may come next in it.

In: drawn characters. Out: pieces to show, and at the end a poem's text. The
rules: a poem begins with a letter or a space, not with a break; at most one
blank line stands between lines; a line of spaces is not a line; with a number
of lines asked for, the poem ends after exactly so many, neither before nor
after; nothing goes on for ever.
"""

from __future__ import annotations

from typing import NamedTuple

LONGEST_LINE = 1000
"""Characters after which a line must end: a poet that never breaks a line still ends."""


class May(NamedTuple):
    """What may come next: a line break, the end of the poem, a space, any other character."""

    line_break: bool
    end: bool
    space: bool
    other: bool


class Verse:
    """One poem being written.

    Args:
        lines: after how many lines the poem ends; None lets the poet decide.
        characters: after how many drawn characters it ends at the latest; None is no limit.

    Attributes:
        ended: None while it goes on; then "lines", "end" or "characters", for what ended it.
        lines: full lines so far.
    """

    def __init__(self, lines: int | None, characters: int | None) -> None:
        self.ended: str | None = None
        self.lines = 0
        self._wanted = lines
        self._left = characters
        self._pieces: list[str] = []
        self._held = ""  # spaces and breaks, shown once something follows them
        self._column = 0
        self._filled = False  # the present line holds more than spaces
        self._blank = False  # the line before is blank

    @property
    def text(self) -> str:
        """The text so far, without spaces and breaks at its end."""
        return "".join(self._pieces)

    def begin(self, text: str) -> str:
        """Put given text at the beginning, free of charge; returns what of it to show."""
        for character in text:
            self._add(character)
        return self.text

    def add(self, character: str) -> str:
        """Add a drawn character; returns what is new to show, often that character."""
        piece = self._add(character)
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                self.ended = "characters"
        if self._wanted is not None and self.lines >= self._wanted:
            self.ended = "lines"
        return piece

    def end(self) -> None:
        """Note that the poet drew the end of the poem."""
        self.ended = "end"

    def may(self) -> May:
        """What may come next."""
        space_left = self._column < LONGEST_LINE
        fresh = self._column == 0
        return May(
            line_break=self._filled or (fresh and self.lines > 0 and not self._blank),
            end=self._wanted is None and (self._filled or self.lines > 0),
            space=space_left,
            other=space_left or not self._filled,
        )

    def _add(self, character: str) -> str:
        if character == "\n":
            self.lines += self._filled
            self._blank = not self._filled
            self._column, self._filled = 0, False
        else:
            self._column += 1
            self._filled = self._filled or not character.isspace()
        self._held += character
        if character.isspace():
            return ""
        piece, self._held = self._held, ""
        self._pieces.append(piece)
        return piece
