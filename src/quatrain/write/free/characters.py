"""Free verse of a character-level poet.

In: a poet, a prompt and options. Out: pieces of text as they are drawn, and the finished poems.

Some symbols are never drawn. A poem doesn't begin with a line break, and there is at most one blank
line between lines. A line of spaces doesn't count as a line. If the number of lines is set, the
poem ends after exactly that many. Lines and poems have a maximum length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import CharacterPoet, Vocabulary
from quatrain.write.free.generation import FreeGeneration
from quatrain.write.free.prompt import CharacterPrompt
from quatrain.write.options import WriteOptions

LONGEST_LINE = 1000
"""Characters after which a line must end, so that a poet that never breaks a line still ends."""


class Allowed(NamedTuple):
    """Kinds of symbols that may come next."""

    line_break: bool
    end: bool
    space: bool
    other: bool


class CharacterDraft:
    """A poem being written character by character.

    Args:
        lines: number of lines after which the poem ends; None lets the poet decide.
        characters: most characters to draw; None is no limit.

    Attributes:
        ended: what ended the poem, "lines", "end" or "characters"; None while it is being written.
        lines: number of full lines so far.
        pieces: the text so far in pieces to show, without spaces and breaks at its end.
    """

    def __init__(self, lines: int | None, characters: int | None) -> None:
        self.ended: str | None = None
        self.lines = 0
        self.pieces: list[str] = []
        self._line_goal = lines
        self._characters_left = characters
        self._held = ""  # spaces and breaks, shown once something follows them
        self._column = 0
        self._filled = False  # the present line holds more than spaces
        self._blank = False  # the line before is blank

    @property
    def text(self) -> str:
        """Text so far, without spaces and breaks at its end."""
        return "".join(self.pieces)

    def begin(self, text: str) -> None:
        """Put the start, as one piece, before all that is drawn."""
        for character in text:
            self._add(character)
        self.pieces = [self.text]

    def add(self, character: str) -> None:
        """Add a drawn character."""
        self._add(character)
        if self._characters_left is not None:
            self._characters_left -= 1
            if self._characters_left <= 0:
                self.ended = "characters"
        if self._line_goal is not None and self.lines >= self._line_goal:
            self.ended = "lines"

    def allowed(self) -> Allowed:
        """Return the kinds of symbols that may come next."""
        room = self._column < LONGEST_LINE
        empty = self._column == 0
        return Allowed(
            line_break=self._filled or (empty and self.lines > 0 and not self._blank),
            end=self._line_goal is None and (self._filled or self.lines > 0),
            space=room,
            other=room or not self._filled,
        )

    def _add(self, character: str) -> None:
        if character == "\n":
            self.lines += self._filled
            self._blank = not self._filled
            self._column, self._filled = 0, False
        else:
            self._column += 1
            self._filled = self._filled or not character.isspace()
        self._held += character
        if not character.isspace():
            self.pieces.append(self._held)
            self._held = ""


class CharacterGeneration(FreeGeneration[CharacterDraft]):
    """Several free poems of a character-level poet being written side by side."""

    unit = "character"

    def __init__(self, poet: CharacterPoet, prompt: CharacterPrompt, options: WriteOptions) -> None:
        super().__init__(poet, options)
        self.substituted = prompt.substituted
        vocabulary = poet.vocabulary
        self._end = vocabulary.END
        self._characters = [vocabulary.decode(np.array([k])) for k in range(vocabulary.size)]
        cases = [Allowed(*case) for case in product((False, True), repeat=len(Allowed._fields))]
        self._row = {case: row for row, case in enumerate(cases)}
        self._masks = np.stack([_mask(vocabulary, case) for case in cases])  # (cases, alphabet)

        state = self._model.start(1)
        logits, state = self._model.step(np.array([vocabulary.START]), state)
        for number in vocabulary.encode(prompt.text):
            logits, state = self._model.step(np.array([number]), state)
        drafts = [
            CharacterDraft(options.lines, options.character_limit) for _ in range(options.poems)
        ]
        for draft in drafts:
            draft.begin(prompt.shown)
        self._begin(drafts, logits, state)

    def pieces(self, poem: int = 0) -> Iterator[str]:
        """Yield the text of one poem piece by piece, the start first; joined, it is the text.

        Spaces and line breaks come with the character after them.
        """
        draft, index = self._drafts[poem], 0
        while True:
            while index < len(draft.pieces):
                if draft.pieces[index]:
                    yield draft.pieces[index]
                index += 1
            if draft.ended:
                return
            self._advance()

    def _text(self, draft: CharacterDraft) -> str:
        return draft.text

    def _allowed(self, drafts: Sequence[CharacterDraft]) -> NDArray[np.bool_]:
        rows: NDArray[np.bool_] = self._masks[[self._row[draft.allowed()] for draft in drafts]]
        return rows

    def _add(self, draft: CharacterDraft, symbol: int) -> None:
        if symbol == self._end:
            draft.ended = "end"
        else:
            draft.add(self._characters[symbol])


def _mask(vocabulary: Vocabulary, allowed: Allowed) -> NDArray[np.bool_]:
    """Return which symbols may come, (alphabet,); the start and the unknown are never drawn."""
    spaces = "".join(sign for sign in vocabulary.characters if sign.isspace())
    mask = np.full(vocabulary.size, allowed.other)
    mask[vocabulary.encode(spaces)] = allowed.space
    mask[vocabulary.encode("\n")] = allowed.line_break
    mask[[vocabulary.START, vocabulary.UNKNOWN]] = False
    mask[vocabulary.END] = allowed.end
    return mask
