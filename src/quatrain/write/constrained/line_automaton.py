"""Every line a form allows, as a graph over classes of words.

In: a metre or a number of syllables, and `WordClasses`. Out: `LineAutomaton`, whose nodes tell what
may come next so that the line can still be finished: the subset construction (Rabin and Scott
1959) over the metre's automaton, from the line's beginning or from its end, made as far as it
is walked. What can be finished is known before: it is a question about single states of the
automaton, answered once by going back from those in which a line may end.

Some things are known only with the next token, and until then a line carries every answer as
modes of one node. Written from its end: whether a word follows a pause. Written from its
beginning: whether an ending follows a word, which may change how it is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quatrain.form import MetreAutomaton, Pattern
from quatrain.write.word_classes import (
    APOSTROPHE,
    ENDING_D,
    ENDING_LL,
    ENDING_S,
    FIRST_WORD_CLASS,
    HYPHEN,
    LINE_END,
    MARK,
    WordClasses,
)

Wanted = MetreAutomaton | int | None
"""A metre, a number of syllables, or neither."""

_EDGE, _WORD, _OPENED = 0, 1, FIRST_WORD_CLASS
"""Contexts, what was drawn last; the other ones have the numbers of their classes."""

_CONTEXTS = FIRST_WORD_CLASS + 1
_ENDINGS = (ENDING_S, ENDING_D, ENDING_LL)
PAUSED, JOINED = 0, 1
"""Whether what was drawn last is taken to follow a pause, where that is not known or matters."""

_AWAITING = dict(zip(_ENDINGS, (1, 2, 3), strict=True))
"""Modes of a word that an ending must follow."""

_MODES = 4
_WORDS, _OPENED_WORDS = -1, -2  # symbols of a move: any word, any word with an apostrophe first

StateSets = NDArray[np.bool_]
"""Where a line may stand, (contexts, modes, states); where modes do not matter, in the first."""

DONE = 0
"""The node of a finished line."""


class Transition(NamedTuple):
    """From a context to a context by a symbol; a word's syllables change the state as well.

    Attributes:
        context, mode: before.
        symbol: the class of a token that is no word, `_WORDS`, or `_OPENED_WORDS`.
        to, to_mode: after.
        pause: of a word, whether it follows a pause.
        ending: of a word, the class of the ending it must be able to take, or 0.
    """

    context: int
    mode: int
    symbol: int
    to: int
    to_mode: int
    pause: bool = False
    ending: int = 0


def _forwards(present: Collection[int]) -> tuple[list[Transition], list[tuple[int, int]]]:
    """Moves, and where a line may end.

    No word awaits an ending that the vocabulary does not have.
    """
    moves = []
    awaiting = {ending: mode for ending, mode in _AWAITING.items() if ending in present}
    for context in (_EDGE, _WORD, MARK, HYPHEN, *awaiting):
        pause = context in (_EDGE, MARK, HYPHEN)
        moves.append(Transition(context, PAUSED, _WORDS, _WORD, PAUSED, pause))
        moves += [Transition(context, PAUSED, _WORDS, _WORD, mode, pause, ending)
                  for ending, mode in awaiting.items()]  # fmt: skip
        if context != HYPHEN and APOSTROPHE in present:
            mode = PAUSED if pause else JOINED
            moves.append(Transition(context, PAUSED, APOSTROPHE, APOSTROPHE, mode))
    moves += [Transition(APOSTROPHE, mode, _OPENED_WORDS, _WORD, PAUSED, mode == PAUSED)
              for mode in (PAUSED, JOINED)]  # fmt: skip
    moves += [Transition(_WORD, mode, ending, ending, PAUSED) for ending, mode in awaiting.items()]
    moves += [Transition(context, PAUSED, MARK, MARK, PAUSED) for context in (_WORD, *awaiting)]
    moves.append(Transition(_WORD, PAUSED, HYPHEN, HYPHEN, PAUSED))
    return moves, [(_WORD, PAUSED), (MARK, PAUSED)]


def _backwards() -> tuple[list[Transition], list[tuple[int, int]]]:
    """Moves, and where a line may end."""
    moves = []
    for context, mode in ((_EDGE, PAUSED), (MARK, PAUSED), (HYPHEN, PAUSED), (_WORD, JOINED),
                          (APOSTROPHE, JOINED)):  # fmt: skip
        for pause in (True, False):
            to_mode = PAUSED if pause else JOINED
            moves.append(Transition(context, mode, _WORDS, _WORD, to_mode, pause))
            moves.append(Transition(context, mode, _OPENED_WORDS, _OPENED, to_mode, pause))
        if context not in (_EDGE, HYPHEN):
            moves += [Transition(context, mode, ending, ending, PAUSED) for ending in _ENDINGS]
    for ending in _ENDINGS:
        moves.append(Transition(ending, PAUSED, _WORDS, _WORD, PAUSED, True, ending))
        moves.append(Transition(ending, PAUSED, _WORDS, _WORD, JOINED, False, ending))
    moves += [Transition(_OPENED, mode, APOSTROPHE, APOSTROPHE, mode) for mode in (PAUSED, JOINED)]
    moves += [
        Transition(context, PAUSED, MARK, MARK, PAUSED) for context in (_EDGE, _WORD, APOSTROPHE)
    ]
    moves.append(Transition(_WORD, PAUSED, HYPHEN, HYPHEN, PAUSED))
    return moves, [(_WORD, PAUSED), (APOSTROPHE, PAUSED)]


class _Syllables:
    """States and steps of what is wanted."""

    def __init__(self, wanted: Wanted, *, falling: bool) -> None:
        self._wanted, self._falling = wanted, falling
        if isinstance(wanted, MetreAutomaton):
            self._tables = wanted.tables()
            self.first, self.last = self._tables.start, self._tables.accepting
        else:
            count = 1 if wanted is None else wanted + 1
            self.first, self.last = np.arange(count) == 0, np.arange(count) == count - 1

    def word(self, pattern: Pattern, *, pause: bool) -> NDArray[np.bool_]:
        """(states, states): from which state a word leads to which."""
        if isinstance(self._wanted, MetreAutomaton):
            led = self._tables.word(pattern, pause=pause)
            if len(pattern) == 1 and not self._falling:
                return np.asarray(led & ~self._tables.beyond)
            return led
        if self._wanted is None:
            return np.ones((1, 1), np.bool_)
        return np.eye(self._wanted + 1, k=len(pattern), dtype=np.bool_)


class LineAutomaton:
    """The lines that keep a metre or a number of syllables, word class by word class.

    Args:
        wanted: the metre, or the number, or None.
        word_classes: the words.
        backwards: whether lines are written from their end.
        falling: whether a word of one syllable may be the unstressed one after the last beat
            (*to find them*): it has no rhyme there that could be heard.

    Attributes:
        start: the node of an empty line.
    """

    start = 1

    def __init__(
        self, wanted: Wanted, word_classes: WordClasses, *, backwards: bool, falling: bool = True
    ) -> None:
        self.wanted = wanted
        self._kinds = word_classes.classes
        self._signature = np.array([kind.signature for kind in word_classes.classes], np.intp)
        self._with_ending = np.array(
            [kind.joined_signature for kind in word_classes.classes], np.intp
        )
        self._opened = np.array([kind.clipped for kind in word_classes.classes], np.bool_)
        self._takes = np.array([kind.endings for kind in word_classes.classes], np.bool_).reshape(
            -1, 3
        )
        self._classes = FIRST_WORD_CLASS + len(word_classes.classes)
        present = set(np.unique(word_classes.class_ids).tolist())
        self._moves, ends = _backwards() if backwards else _forwards(present)
        self._by_context: dict[int, list[Transition]] = {}
        for move in self._moves:
            self._by_context.setdefault(move.context, []).append(move)
        syllables = _Syllables(wanted, falling=falling)
        first, last = syllables.first, syllables.last
        if backwards:
            first, last = last, first
        self._steps = [
            self._stepping(syllables, word_classes, pause, backwards) for pause in (False, True)
        ]
        self.ends: StateSets = np.zeros((_CONTEXTS, _MODES, len(first)), np.bool_)
        for context, mode in ends:
            self.ends[context, mode] = last
        self._reaching: dict[bytes, StateSets] = {}
        self.alive = self.reaching(self.ends)
        begun = np.zeros((_MODES, len(first)), np.bool_)
        self._places: list[tuple[int, NDArray[np.bool_]]] = [(_EDGE, begun.copy())]
        self._numbers: dict[tuple[int, bytes], int] = {}
        self._rows: dict[int, NDArray[np.int32]] = {
            DONE: np.full(self._classes, -1, np.int32)
        }  # fmt: skip
        begun[PAUSED] = first
        self._number(_EDGE, begun)

    @staticmethod
    def _stepping(
        syllables: _Syllables, word_classes: WordClasses, pause: bool, backwards: bool
    ) -> NDArray[np.float32]:
        """(signatures, states, states), in the direction of writing."""
        by_pattern: dict[Pattern, NDArray[np.bool_]] = {}
        steps = np.zeros((len(word_classes.signatures), *[len(syllables.first)] * 2), np.float32)
        for number, patterns in enumerate(word_classes.signatures):
            for pattern in patterns:
                if pattern not in by_pattern:
                    by_pattern[pattern] = syllables.word(pattern, pause=pause)
                steps[number][by_pattern[pattern]] = 1.0
        return steps.transpose(0, 2, 1).copy() if backwards else steps

    @cached_property
    def _any(self) -> dict[Transition, NDArray[np.float32]]:
        """Of every move by words, where some word leads."""
        return {
            move: self._by_kinds(move, self._eligible(move))
            for move in self._moves
            if move.symbol < 0
        }

    def _eligible(self, move: Transition) -> NDArray[np.bool_]:
        if move.ending:
            return np.asarray(self._takes[:, move.ending - ENDING_S] & ~self._opened)
        return self._opened if move.symbol == _OPENED_WORDS else ~self._opened

    def _by_kinds(self, move: Transition, kinds: NDArray[np.bool_]) -> NDArray[np.float32]:
        """(states, states): where the words of some kinds lead by a move."""
        signatures = np.unique((self._with_ending if move.ending else self._signature)[kinds])
        if not len(signatures):
            return np.zeros(self._steps[0].shape[1:], np.float32)
        return np.asarray(self._steps[move.pause][signatures].max(axis=0))

    def reaching(self, targets: StateSets) -> StateSets:
        """From where some of the targets can be reached, these included; found once for each."""
        key = targets.tobytes()
        if key not in self._reaching:
            self._reaching[key] = self._walked_back(targets)
        return self._reaching[key]

    def _walked_back(self, targets: StateSets) -> StateSets:
        found = targets.copy()
        while True:
            grown = found.copy()
            for move in self._moves:
                onward = found[move.to, move.to_mode]
                if move.symbol < 0:
                    onward = self._any[move] @ onward.astype(np.float32) > 0
                grown[move.context, move.mode] |= onward
            if (grown == found).all():
                return found
            found = grown

    def before(self, classes: Iterable[int], targets: StateSets) -> StateSets:
        """From where a token of one of the classes leads to a target."""
        wanted = set(classes)
        kinds = np.isin(FIRST_WORD_CLASS + np.arange(len(self._kinds)), list(wanted))
        found = np.zeros_like(targets)
        for move in self._moves:
            onward = targets[move.to, move.to_mode]
            if move.symbol < 0:
                steps = self._by_kinds(move, kinds & self._eligible(move))
                found[move.context, move.mode] |= steps @ onward.astype(np.float32) > 0
            elif move.symbol in wanted:
                found[move.context, move.mode] |= onward
        return found

    def among(self, nodes: NDArray[np.int32], targets: StateSets) -> NDArray[np.bool_]:
        """Which nodes stand in a target, shaped as `nodes`; -1 and `DONE` do not."""
        distinct, places = np.unique(nodes, return_inverse=True)
        stands = [
            node > DONE and bool((self._places[node][1] & targets[self._places[node][0]]).any())
            for node in distinct.tolist()
        ]
        return np.asarray(np.array(stands)[places.reshape(nodes.shape)])

    def follow(self, classes: Sequence[int], node: int) -> int:
        """The node after several tokens, -1 if they cannot come."""
        for number in classes:
            if node < 0:
                return -1
            node = int(self.next(node)[number])
        return node

    def next(self, node: int) -> NDArray[np.int32]:
        """The node after each class, (classes,).

        -1 where the line could not be finished any more; `DONE` after `LINE_END` where it may end.
        """
        row = self._rows.get(node)
        if row is None:
            row = self._rows[node] = self._row(*self._places[node])
        return row

    def _number(self, context: int, states: NDArray[np.bool_]) -> int:
        key = (context, np.packbits(states).tobytes())
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._places)
            self._places.append((context, states))
        return number

    def _row(self, context: int, states: NDArray[np.bool_]) -> NDArray[np.int32]:
        row = np.full(self._classes, -1, np.int32)
        reached: dict[int, NDArray[np.bool_]] = {}  # special class -> (modes, states)
        words: dict[int, NDArray[np.bool_]] = {}  # context -> (kinds, modes, states)
        for move in self._by_context[context]:
            source = states[move.mode]
            alive = self.alive[move.to, move.to_mode]
            if move.symbol < 0:
                after = (source.astype(np.float32) @ self._steps[move.pause] > 0) & alive
                signatures = self._with_ending if move.ending else self._signature
                into = words.setdefault(
                    move.to, np.zeros((len(self._kinds), *states.shape), np.bool_)
                )
                into[:, move.to_mode] |= after[signatures] & self._eligible(move)[:, None]
            elif (source & alive).any():
                into = reached.setdefault(move.to, np.zeros_like(states))
                into[move.to_mode] |= source & alive
        for to, into in reached.items():
            row[to] = self._number(to, into)
        for to, by_kind in words.items():
            for kind in np.flatnonzero(by_kind.any(axis=(1, 2))).tolist():
                row[FIRST_WORD_CLASS + kind] = self._number(to, by_kind[kind])
        if (states & self.ends[context]).any():
            row[LINE_END] = DONE
        return row
