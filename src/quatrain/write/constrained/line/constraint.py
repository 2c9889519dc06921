"""The constraint on one line: its metre, and demands on its first and last words.

In: a `LineAutomaton` and `LineRequirements`. Out: `LineConstraint`, which says for every prefix of
the line which tokens may come next so that all demands can still be met. *First* and *last* mean
the order of writing: for a poet that writes from the line's end, the rhyme word is first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import InternalError
from quatrain.poet import WordVocabulary
from quatrain.write.constrained.line.automaton import ACCEPT, LineAutomaton
from quatrain.write.word_classes import (
    APOSTROPHE,
    ENDING_S,
    FIRST_WORD_CLASS,
    LINE_END,
    MARK,
    ClassifiedToken,
    Mask,
    WordClasses,
)

LONGEST_LINE = 16
"""Tokens after which a line without metre ends as soon as it may."""


@dataclass(frozen=True)
class LineRequirements:
    """Demands on one line, besides its metre.

    Attributes:
        allowed: tokens that may be drawn at all, (vocabulary,).
        first: words that may come first, (vocabulary,), or None for any.
        leading_marks: marks that may come before the first word, (vocabulary,), or None for any.
        last: words that may come last, (vocabulary,), or None for any.
        trailing_marks: marks that may come after the last word, (vocabulary,), or None for any.
        must_end_marked: whether one of `leading_marks` or `trailing_marks` must be there; then
            exactly one of the two is given: the one at the line's end in reading order.
        include: number of a word that must occur, whether it is among `allowed` or not, or None.
        include_gain: nats that a particle is worth more once it has that word.
        opening: tokens that come first.
        closing: tokens that come last.
    """

    allowed: Mask
    first: Mask | None = None
    leading_marks: Mask | None = None
    last: Mask | None = None
    trailing_marks: Mask | None = None
    must_end_marked: bool = False
    include: int | None = None
    include_gain: float = 0.0
    opening: tuple[ClassifiedToken, ...] = ()
    closing: tuple[ClassifiedToken, ...] = ()


@dataclass(frozen=True, slots=True)
class Prefix:
    """Everything that matters about the tokens drawn so far.

    Attributes:
        node: of the automaton; -1 if the tokens cannot come.
        no_word_yet: whether no word was drawn.
        may_be_last: whether the last word drawn may end the line, with the marks after it.
        include_seen: whether the word that must occur was drawn, or none must.
        closing_drawn: how many of the closing tokens were drawn.
        long: whether the line should end soon.
        needs_word: whether the token drawn last, a mark, hyphen or ending, still needs a word.
        final_mark_seen: whether the mark that must end the line was drawn.
    """

    node: int
    no_word_yet: bool = True
    may_be_last: bool = False
    include_seen: bool = False
    closing_drawn: int = 0
    long: bool = False
    needs_word: bool = False
    final_mark_seen: bool = False


class LineConstraint:
    """Tokens that may come next in one line, so that it keeps its metre and meets its demands.

    Args:
        automaton: the lines that keep the metre.
        word_classes: classes of the poet's words.
        requirements: the other demands.

    Attributes:
        opening: tokens that come first.
    """

    def __init__(
        self, automaton: LineAutomaton, word_classes: WordClasses, requirements: LineRequirements
    ) -> None:
        self._automaton, self._word_classes, self._required = automaton, word_classes, requirements
        self.opening, self._closing = requirements.opening, requirements.closing
        leading, trailing = requirements.leading_marks, requirements.trailing_marks
        if requirements.must_end_marked and (leading is None) == (trailing is None):
            raise InternalError("a line that must end marked needs marks before it or after it")
        self._mark_comes_first = requirements.must_end_marked and trailing is None
        self._mark_comes_last = requirements.must_end_marked and leading is None
        final_marks = leading if trailing is None else trailing
        self._final_marks = final_marks if requirements.must_end_marked else None
        self._class_ids = word_classes.class_ids
        self._is_word = word_classes.is_word
        self._is_ending = (self._class_ids >= ENDING_S) & (self._class_ids < FIRST_WORD_CLASS)
        self._needs_word = (self._class_ids >= MARK) & (self._class_ids < FIRST_WORD_CLASS)
        self._may_trail = ~(self._is_word | self._is_ending) if trailing is None else trailing
        self._masks: dict[Prefix, Mask] = {}
        self._find_targets()

    def _find_targets(self) -> None:
        """Find the places of the automaton that a line must pass to meet its demands.

        Sets, each as sets of places, (contexts, modes, states):
            _can_close: what must come last, and after it the line's end, may come from here.
            _leads_to_close: a place of `_can_close` can be reached.
            _word_leads_to_close: it can be reached with a word on the way, maybe after marks.
            _after_include: the rest of the line is possible after the word that must occur.
            _leads_to_include: that word can come at some place further on.
        """
        automaton, class_ids, required = self._automaton, self._class_ids, self._required
        self._can_close = automaton.accepting
        if self._closing:
            for token in reversed(self._closing):
                self._can_close = automaton.predecessors([token.class_id], self._can_close)
        elif required.last is not None:
            last_classes = np.unique(class_ids[required.last & required.allowed]).tolist()
            self._can_close = automaton.predecessors(last_classes, automaton.accepting)
        self._leads_to_close = automaton.coreachable(self._can_close)
        if self._closing:
            words = range(FIRST_WORD_CLASS, FIRST_WORD_CLASS + len(self._word_classes.classes))
            after_word = automaton.predecessors(words, self._leads_to_close)
            after_sign = automaton.predecessors(range(MARK, FIRST_WORD_CLASS), after_word)
            self._word_leads_to_close = after_word | after_sign
        if required.include is not None:
            self._after_include = self._leads_to_close
            if not self._closing and (required.last is None or required.last[required.include]):
                self._after_include = self._after_include | automaton.accepting
            class_id = int(class_ids[required.include])
            before_include = automaton.predecessors([class_id], self._after_include)
            self._leads_to_include = automaton.coreachable(before_include)

    def start(self) -> Prefix:
        """Return the empty prefix."""
        return Prefix(self._automaton.start, include_seen=self._required.include is None)

    def after_opening(self) -> Prefix:
        """Return the prefix of the opening tokens; its node is -1 if they cannot come."""
        prefix = self.start()
        for drawn, token in enumerate(self.opening, 1):
            node = self._automaton.follow([token.class_id], prefix.node)
            prefix = self._extend(prefix, node, token.number, token.class_id, drawn)
        return prefix

    def possible(self) -> bool:
        """Return whether any line meets the demands."""
        prefix = self.after_opening()
        if prefix.node < 0:
            return False
        allowed = self.allowed(prefix)
        is_mark = self._class_ids == MARK
        marks = np.flatnonzero(allowed & is_mark)
        if (allowed & ~is_mark).any() or not len(marks):
            return bool(allowed.any())
        # Only marks may come, so look one token further.
        return bool(self.allowed(self.advance(prefix, int(marks[0]), 1)).any())

    def advance(self, prefix: Prefix, number: int, drawn: int) -> Prefix:
        """Return the prefix with one more token.

        Args:
            prefix: before it.
            number: the token.
            drawn: how many tokens the line has with it.
        """
        if self._in_closing(prefix, number):
            place = prefix.closing_drawn
            at_end = place >= len(self._closing)
            class_id = LINE_END if at_end else self._closing[place].class_id
            node = self._automaton.follow([class_id], prefix.node)
            return replace(prefix, node=node, no_word_yet=False, closing_drawn=place + 1)
        class_id = int(self._class_ids[number])
        node = self._automaton.follow([class_id], prefix.node)
        return self._extend(prefix, node, number, class_id, drawn)

    def _extend(self, prefix: Prefix, node: int, number: int, class_id: int, drawn: int) -> Prefix:
        """Return the prefix after a token outside the closing, at its node."""
        last = self._required.last
        may_be_last = last is not None and bool(
            last[number]
            if self._is_word[number]
            else prefix.may_be_last and self._may_trail[number]
        )
        is_final_mark = (
            self._final_marks is not None and class_id == MARK and bool(self._final_marks[number])
        )
        return Prefix(
            node,
            no_word_yet=prefix.no_word_yet and class_id in {MARK, APOSTROPHE},
            may_be_last=may_be_last,
            include_seen=prefix.include_seen or number == self._required.include,
            long=drawn >= LONGEST_LINE,
            needs_word=MARK <= class_id < FIRST_WORD_CLASS,
            final_mark_seen=is_final_mark,
        )

    def may_end(self, prefix: Prefix, number: int | None = None) -> bool:
        """Return whether the metre lets the line end after a prefix, or after one more token."""
        node = prefix.node
        if number is not None:
            node = self._automaton.follow([int(self._class_ids[number])], node)
        return node >= 0 and bool(self._automaton.next(node)[LINE_END] == ACCEPT)

    def token(self, prefix: Prefix, number: int) -> str:
        """Return the text that a number stands for after a prefix.

        In the closing it is the closing token's: several unknown words have the same number.
        """
        if self._in_closing(prefix, number) and prefix.closing_drawn < len(self._closing):
            return self._closing[prefix.closing_drawn].text
        return self._word_classes.vocabulary.token(number)

    def _in_closing(self, prefix: Prefix, number: int) -> bool:
        """Return whether a token is one of the closing tokens, or the line's end after them."""
        return bool(
            prefix.closing_drawn
            or (
                self._closing
                and prefix.include_seen
                and number == self._closing[0].number
                and self._may_start_closing(prefix)
            )
        )

    def _may_start_closing(self, prefix: Prefix) -> bool:
        """Return whether the first closing token may come after a prefix."""
        node = np.array([prefix.node], np.int32)
        return not prefix.needs_word and bool(self._automaton.intersects(node, self._can_close)[0])

    def allowed(self, prefix: Prefix) -> Mask:
        """Return which tokens may come after a prefix, (vocabulary,); cached."""
        mask = self._masks.get(prefix)
        if mask is None:
            mask = self._masks[prefix] = self._compute_allowed(prefix)
        return mask

    def gains(self, prefix: Prefix) -> dict[int, float]:
        """Return the nats that a line is worth more with a token after a prefix.

        Only the word to include gains some, until the line has it. Every line needs it, so one that
        has it already is worth more than one that must still find a place for it. The word then
        comes where it is likeliest, not where nothing else may, and as every finished line has
        it, none is worth more than another for it.
        """
        include, gain = self._required.include, self._required.include_gain
        may_come = include is not None and not prefix.include_seen and self.allowed(prefix)[include]
        return {include: gain} if include is not None and gain and may_come else {}

    def _compute_allowed(self, prefix: Prefix) -> Mask:
        """Compute which tokens may come after a prefix, (vocabulary,).

        Start from what the metre allows, and take away whatever would make a demand impossible: the
        word that must occur comes before the closing or the last word, in this order.
        """
        if prefix.closing_drawn:
            return self._next_closing_token(prefix)
        nodes = self._automaton.next(prefix.node)  # the node after each class
        mask = self._required.allowed & (nodes >= 0)[self._class_ids]
        may_end = bool(nodes[LINE_END] == ACCEPT)
        include, last = self._required.include, self._required.last
        if include is not None and not prefix.include_seen:
            self._keep_include_possible(mask, prefix, nodes, include)
            may_end = False
        elif self._closing:
            self._keep_closing_possible(mask, nodes)
            may_end = False
        elif last is not None:
            self._keep_last_word_possible(mask, prefix, nodes, last)
            may_end = may_end and prefix.may_be_last
        if prefix.no_word_yet:
            self._limit_start(mask, prefix, nodes)
        if self._mark_comes_last and not prefix.final_mark_seen:
            may_end = False
        mask[WordVocabulary.LINE] = may_end
        if may_end and prefix.long:
            mask[:] = False
            mask[WordVocabulary.LINE] = True
        # The closing tokens were given, so they may come even if their words were to be avoided.
        if self._closing and prefix.include_seen and self._may_start_closing(prefix):
            if prefix.long:
                mask[:] = False
            mask[self._closing[0].number] = True
        return mask

    def _next_closing_token(self, prefix: Prefix) -> Mask:
        """Return only the next closing token, or the line's end after the last one."""
        mask = np.zeros(len(self._class_ids), np.bool_)
        at_end = prefix.closing_drawn >= len(self._closing)
        number = WordVocabulary.LINE if at_end else self._closing[prefix.closing_drawn].number
        mask[number] = True
        return mask

    def _leads_to(self, nodes: NDArray[np.int32], targets: NDArray[np.bool_]) -> Mask:
        """Return which tokens lead to a node with a target place, (vocabulary,)."""
        return np.asarray(self._automaton.intersects(nodes, targets)[self._class_ids])

    def _keep_include_possible(
        self, mask: Mask, prefix: Prefix, nodes: NDArray[np.int32], include: int
    ) -> None:
        """Take from a mask, in place, what leaves no room for the word that must occur."""
        mask &= self._leads_to(nodes, self._leads_to_include)
        # The word itself need not lead to another place for it, but to an end of the line.
        class_id = int(self._class_ids[include])
        after = nodes[class_id : class_id + 1]
        mask[include] = bool(
            after[0] >= 0 and self._automaton.intersects(after, self._after_include)[0]
        )
        if prefix.long and mask[include]:
            mask[:] = False
            mask[include] = True

    def _keep_closing_possible(self, mask: Mask, nodes: NDArray[np.int32]) -> None:
        """Take from a mask, in place, what cannot lead to the closing tokens.

        After a mark, a hyphen or an ending a word must come before the closing may start.
        """
        mask &= self._leads_to(nodes, self._leads_to_close)
        mask &= ~self._needs_word | self._leads_to(nodes, self._word_leads_to_close)

    def _keep_last_word_possible(
        self, mask: Mask, prefix: Prefix, nodes: NDArray[np.int32], last: Mask
    ) -> None:
        """Take from a mask, in place, what cannot lead to one of the last words.

        A token stays if it ends the line properly, or if the line can go on to a last word.
        """
        may_close = self._leads_to(nodes, self._automaton.accepting)
        may_close &= last | (prefix.may_be_last & self._may_trail)
        mask &= self._leads_to(nodes, self._leads_to_close) | may_close
        if prefix.long and (mask & may_close).any():
            mask &= may_close

    def _limit_start(self, mask: Mask, prefix: Prefix, nodes: NDArray[np.int32]) -> None:
        """Take from a mask, in place, what may not stand before or as the first word."""
        first, leading_marks = self._required.first, self._required.leading_marks
        # Written from the end: an ending would hide which word comes first, as in *king's*.
        mask &= ~self._is_ending
        if first is not None:
            mask &= first | ~self._is_word
            if nodes[APOSTROPHE] >= 0:
                # An apostrophe may come only if one of the first words needs it, as *'tis*.
                after_apostrophe = self._automaton.next(int(nodes[APOSTROPHE]))
                clipped = (after_apostrophe >= 0)[self._class_ids]
                some_clipped = (clipped & first & self._required.allowed).any()
                mask &= (self._class_ids != APOSTROPHE) | some_clipped
        if leading_marks is not None:
            mask &= leading_marks | self._is_word
        if self._mark_comes_first and not prefix.final_mark_seen:
            mask &= self._class_ids == MARK
