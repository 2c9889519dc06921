"""Text of the user in a poem: it stands there character by character.

In: the text that a user gives as a start, an end or a whole line, and lines of tokens that the poet
wrote around it. Out: `LineText`, the user's part of one line, and lines as text. A poet reads
tokens, which have lost capitals and spacing; what the user gave is never set from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quatrain.poet import tokens
from quatrain.write.spoken_tokens import CLIPPED
from quatrain.write.word_classes import PUNCTUATION

_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""Whatever ends a line for `str.splitlines`, so that no text has one line here and two there."""


_HYPHENS, _APOSTROPHES, _NEGATIONS = frozenset("-"), frozenset("‘"), frozenset({"n't"})


def rows_of(text: str) -> list[str]:
    """Return the rows of a text; the last is unfinished, and empty after a line break."""
    return _LINE_BREAK.split(text)


def row_of(text: str) -> str:
    """Return the only row of a text that is not blank; without one, the text."""
    return next((row for row in rows_of(text) if row.strip()), text)


def drawn_tokens(text: str, *, ends: bool = False) -> list[str]:
    """Return the tokens of a text that a line can be drawn with.

    Quotation marks and brackets, two marks in a row and marks without a word before them never
    come in a drawn line; they stand in the text, and the search goes by the rest. Words such as
    *don't* are one token, since only the whole has a place in a metre.

    Args:
        text: the beginning of a line, or its end.
        ends: whether it is the end, so that a word comes before it.
    """
    drawn: list[str] = []
    everything = [*tokens.line_tokens(text), ""]
    for token, following in pairwise(everything):
        before = drawn[-1] if drawn else "a" * ends
        follows_word = bool(before) and tokens.is_word(before)
        if token in _NEGATIONS and follows_word:
            drawn[-1] += token
            continue
        leads_to_word = not following or tokens.is_word(following)
        if (
            tokens.is_word(token)
            or (token in tokens.ENDINGS and follows_word)
            or (token in PUNCTUATION and (follows_word or before in tokens.ENDINGS))
            or (token in _HYPHENS and follows_word and leads_to_word)
            or (token in _APOSTROPHES and following in CLIPPED)
        ):
            drawn.append(token)
    if ends and len(drawn) > 1 and drawn[-1] in tokens.ENDINGS:  # no drawn line ends in one
        drawn[-2:] = ["".join(drawn[-2:])]
    return drawn


def opening_of(text: str, count: int) -> str:
    """Return the shortest beginning of a line that has its first tokens; the line, if none has.

    Args:
        text: the line.
        count: number of tokens.
    """
    first = tokens.line_tokens(text)[:count]
    for end in range(len(text)):
        if tokens.line_tokens(text[:end]) == first and not text[end].isalnum():
            return text[:end]
    return text


@dataclass(frozen=True, slots=True)
class LineText:
    """The user's part of one line.

    Attributes:
        whole: the line, if the user gave all of it; else None.
        begins: what it begins with, or empty.
        ends: what it ends with, or empty.
    """

    whole: str | None = None
    begins: str = ""
    ends: str = ""

    @property
    def ends_line(self) -> bool:
        """True if the user gave the last words of the line."""
        return self.whole is not None or bool(self.ends)

    def opening(self, count: int) -> LineText:
        """Return the user's part of the line's first `count` tokens."""
        text = self.begins if self.whole is None else self.whole
        return LineText(begins=opening_of(text, count) if text else "")

    def set_with(
        self, typesetter: tokens.Typesetter, words: Sequence[str], *, sentence: bool = False
    ) -> str:
        """Return a line as text, the user's part as it was given.

        Args:
            typesetter: sets the tokens that are not the user's.
            words: tokens of the line in reading order, without its end; those drawn for `begins`
                and `ends` are the first and the last of them.
            sentence: whether the line begins a sentence.
        """
        if self.whole is not None:
            return self.whole
        first = len(drawn_tokens(self.begins))
        last = len(words) - len(drawn_tokens(self.ends, ends=True))
        margin = typesetter.margin(sentence=sentence)
        for token in tokens.line_tokens(self.begins):
            _, margin = typesetter.place(token, margin)
        pieces = [self.begins]
        for token in words[first:last]:
            piece, margin = typesetter.place(token, margin)
            pieces.append(piece)
        if self.ends:
            after = tokens.line_tokens(self.ends)[0]
            space = typesetter.place(after, margin)[0].startswith(" ")
            pieces.append(" " * (space and not self.ends[0].isspace()) + self.ends)
        if self.begins[-1:].isspace() and len(pieces) > 1:
            pieces[1] = pieces[1].removeprefix(" ")
        return "".join(pieces)

    def spaces_marks(self, words: Sequence[str]) -> bool:
        """Return whether a mark that stands close to what is before it comes after a space.

        That is where a text that ends in a space is followed by a comma.
        """
        first = len(drawn_tokens(self.begins))
        return (
            self.begins[-1:].isspace()
            and len(words) > first > 0
            and tokens.stands_close(words[first])
        )


NO_TEXT = LineText()
"""The part of a user who gave nothing."""


def set_lines(
    typesetter: tokens.Typesetter, lines: Iterable[tuple[Sequence[str], LineText]]
) -> list[str]:
    """Return the rows of a poem; an empty row stands between stanzas.

    Args:
        typesetter: sets the tokens that are not the user's.
        lines: tokens of each line in reading order, its ends included, and the user's part of it.
    """
    rows: list[str] = []
    capital_after = typesetter.style.capital_after
    sentence = bool(capital_after)
    for line, text in lines:
        words = [token for token in line if token not in {tokens.LINE_END, tokens.STANZA_END}]
        rows.append(text.set_with(typesetter, words, sentence=sentence))
        sentence = bool(words) and words[-1] in capital_after
        if tokens.STANZA_END in line:
            rows.append("")
    return rows
