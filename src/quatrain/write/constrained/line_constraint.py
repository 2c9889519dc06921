"""What one line of a poem must be, besides keeping its metre.

In: a `LineAutomaton` and demands on the line's first and last words. Out: `LineConstraint`, which
tells for every prefix what may come next so that all demands can still be met. First and last are
meant in the order of writing: for a poet that writes from the end, the rhyme word is first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import InternalError
from quatrain.poet import WordVocabulary
from quatrain.write.constrained.line_automaton import DONE, LineAutomaton
from quatrain.write.word_classes import (
    APOSTROPHE,
    ENDING_S,
    FIRST_WORD_CLASS,
    LINE_END,
    MARK,
    WordClasses,
)

Mask = NDArray[np.bool_]

LONGEST_LINE = 16
"""Tokens after which a line without metre ends as soon as it may."""


class Given(NamedTuple):
    """A token that was given: as it is written, as the poet reads it, and its class."""

    token: str
    number: int
    kind: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """What matters of the tokens drawn so far.

    Attributes:
        node: of the language.
        fresh: whether no word was drawn yet.
        fits: whether the word drawn last may be the line's last, with the marks after it.
        seen: whether the word that must occur did.
        given: how many of the tokens given for the line's end were drawn.
        long: whether the line should end soon.
        tied: whether what was drawn last belongs to the word beside it.
        stopped: whether the mark that must end the line was drawn.
    """

    node: int
    fresh: bool = True
    fits: bool = False
    seen: bool = False
    given: int = 0
    long: bool = False
    tied: bool = False
    stopped: bool = False


class LineConstraint:
    """One line's demands.

    Args:
        language: the lines that keep the metre.
        word_classes: the poet's words.
        allowed: the numbers that may be drawn at all, (vocabulary,).
        first: the words that may come first, (vocabulary,), or None for any.
        marks: the numbers that may come before the first word, or None for any marks.
        last: the words that may come last, or None.
        stops: the numbers of marks that may come after the last word, or None for any marks.
        closed: whether one of `marks` or `stops` must end the line; one of the two is given.
        need: the number of a word that must occur, or None.
        opening: tokens that come first.
        closing: tokens that come last.
    """

    def __init__(
        self,
        language: LineAutomaton,
        word_classes: WordClasses,
        *,
        allowed: Mask,
        first: Mask | None = None,
        marks: Mask | None = None,
        last: Mask | None = None,
        stops: Mask | None = None,
        closed: bool = False,
        need: int | None = None,
        opening: Sequence[Given] = (),
        closing: Sequence[Given] = (),
    ) -> None:
        self.language, self._word_classes, self._allowed = language, word_classes, allowed
        self._first, self._marks, self._last, self._need = first, marks, last, need
        self.opening, self._closing = tuple(opening), tuple(closing)
        if closed and (marks is None) == (stops is None):
            raise InternalError("a line to be closed needs marks before it or stops after it")
        self._closes_first, self._closes_last = closed and stops is None, closed and marks is None
        self._final = (marks if stops is None else stops) if closed else None
        self._rows: dict[Prefix, Mask] = {}
        self._word = word_classes.is_word
        self._endings = (word_classes.class_ids >= ENDING_S) & (
            word_classes.class_ids < FIRST_WORD_CLASS
        )
        self._stops = ~(self._word | self._endings) if stops is None else stops
        self._line = WordVocabulary.LINE
        self._closes = language.ends
        if closing:
            for each in reversed(closing):
                self._closes = language.before([each.kind], self._closes)
        elif last is not None:
            kinds = np.unique(word_classes.class_ids[last & allowed]).tolist()
            self._closes = language.before(kinds, language.ends)
        self._finish = language.reaching(self._closes)
        if closing:  # after a mark or an ending a word must come before the closing may
            words = range(FIRST_WORD_CLASS, FIRST_WORD_CLASS + len(word_classes.classes))
            self._unties = language.before(words, self._finish)
            self._unties = self._unties | language.before(
                range(MARK, FIRST_WORD_CLASS), self._unties
            )
        if need is not None:
            enough = self._finish
            if not closing and (last is None or last[need]):
                enough = enough | language.ends
            self._enough = enough
            kind = int(word_classes.class_ids[need])
            self._meet = language.reaching(language.before([kind], enough))

    def begin(self) -> Prefix:
        """Before anything is drawn."""
        return Prefix(self.language.start, seen=self._need is None)

    def opened(self) -> Prefix:
        """After the tokens that come first; its node is -1 if they cannot."""
        prefix = self.begin()
        for drawn, each in enumerate(self.opening, 1):
            node = self.language.follow([each.kind], prefix.node)
            prefix = self._grown(prefix, node, each.number, each.kind, drawn)
        return prefix

    def possible(self) -> bool:
        """Whether any line meets the demands."""
        prefix = self.opened()
        if prefix.node < 0:
            return False
        row = self.allowed(prefix)
        marks = np.flatnonzero(row & (self._word_classes.class_ids == MARK))
        if (row & ~(self._word_classes.class_ids == MARK)).any() or not len(marks):
            return bool(row.any())
        return bool(self.allowed(self.after(prefix, int(marks[0]), 1)).any())

    def after(self, prefix: Prefix, number: int, drawn: int) -> Prefix:
        """One token further; `drawn` counts the line's tokens, it included."""
        if self._closing and (prefix.given or self._commits(prefix, number)):
            each = self._closing[prefix.given] if prefix.given < len(self._closing) else None
            kind = LINE_END if each is None else each.kind
            node = self.language.follow([kind], prefix.node)
            return replace(prefix, node=node, fresh=False, given=prefix.given + 1)
        kind = int(self._word_classes.class_ids[number])
        node = self.language.follow([kind], prefix.node)
        return self._grown(prefix, node, number, kind, drawn)

    def _grown(self, prefix: Prefix, node: int, number: int, kind: int, drawn: int) -> Prefix:
        fits = self._last is not None and bool(
            self._last[number] if self._word[number] else prefix.fits and self._stops[number]
        )
        return Prefix(
            node,
            fresh=prefix.fresh and kind in {MARK, APOSTROPHE},
            fits=fits,
            seen=prefix.seen or number == self._need,
            long=drawn >= LONGEST_LINE,
            tied=MARK <= kind < FIRST_WORD_CLASS,
            stopped=self._final is not None and kind == MARK and bool(self._final[number]),
        )

    def token(self, prefix: Prefix, number: int) -> str:
        """The token that a number stands for there: one of those given, or the vocabulary's."""
        going = prefix.given or self._commits(prefix, number)
        if going and prefix.given < len(self._closing):
            return self._closing[prefix.given].token
        return self._word_classes.vocabulary.token(number)

    def _commits(self, prefix: Prefix, number: int) -> bool:
        return bool(
            self._closing
            and prefix.seen
            and number == self._closing[0].number
            and self._may_close(prefix)
        )

    def _may_close(self, prefix: Prefix) -> bool:
        node = np.array([prefix.node], np.int32)
        return not prefix.tied and bool(self.language.among(node, self._closes)[0])

    def allowed(self, prefix: Prefix) -> Mask:
        """What may come after a prefix, (vocabulary,)."""
        row = self._rows.get(prefix)
        if row is None:
            row = self._rows[prefix] = self._row(prefix)
        return row

    def _row(self, prefix: Prefix) -> Mask:
        if prefix.given:
            row = np.zeros(len(self._allowed), np.bool_)
            done = prefix.given >= len(self._closing)
            row[self._line if done else self._closing[prefix.given].number] = True
            return row
        classes = self._word_classes.class_ids
        after = self.language.next(prefix.node)
        row = self._allowed & (after >= 0)[classes]
        ends = after[LINE_END] == DONE
        if not prefix.seen:
            row &= self.language.among(after, self._meet)[classes]
            kind = int(classes[self._need])
            row[self._need] = bool(
                self._allowed[self._need]
                and after[kind] >= 0
                and self.language.among(after[kind : kind + 1], self._enough)[0]
            )
            ends = False
            if prefix.long and row[self._need]:
                row[:] = False
                row[self._need] = True
        elif self._closing:
            ties = (classes >= MARK) & (classes < FIRST_WORD_CLASS)
            row &= self.language.among(after, self._finish)[classes]
            row &= ~ties | self.language.among(after, self._unties)[classes]
            ends = False
        elif self._last is not None:
            closing = self.language.among(after, self.language.ends)[classes]
            closing &= self._last | (prefix.fits & self._stops)
            row &= self.language.among(after, self._finish)[classes] | closing
            if prefix.long and (row & closing).any():
                row &= closing
            ends = ends and prefix.fits
        if prefix.fresh:
            row &= ~self._endings  # the word that an ending belongs to could not be told
            if self._first is not None:
                row &= self._first | ~self._word
                if after[APOSTROPHE] >= 0:
                    opened = (self.language.next(int(after[APOSTROPHE])) >= 0)[classes]
                    row &= (classes != APOSTROPHE) | (opened & self._first & self._allowed).any()
            if self._marks is not None:
                row &= self._marks | self._word
            if self._closes_first and not prefix.stopped:
                row &= classes == MARK
        if self._closes_last and not prefix.stopped:
            ends = False
        row[self._line] = ends
        if ends and prefix.long:
            row[:] = False
            row[self._line] = True
        if prefix.seen and self._closing and self._may_close(prefix):
            if prefix.long:
                row[:] = False
            row[self._closing[0].number] = True
        return row
