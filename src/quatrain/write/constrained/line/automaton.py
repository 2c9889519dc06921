"""The automaton of all lines that a metre or a number of syllables allows, over word classes.

In: a metre or a number of syllables, and `WordClasses`. Out: `LineAutomaton`, a deterministic
automaton whose transitions lead only to nodes from which the line can still be finished. It is the
subset construction (Rabin and Scott 1959) over the metre's own automaton, read from the line's
beginning or its end, and built lazily, as far as it is walked. Whether a line can be finished is a
question about single states of the metre's automaton, so it is answered once, beforehand, by going
back from the accepting states.

Some facts show only with the next token. Until then a node carries every answer, as *modes*:

- written from the end: whether a word follows a pause;
- written from the beginning: whether an ending follows a word, which may change its stress.

Terms: a *context* is the kind of token drawn last; a *state* is one of the metre's automaton; a
*node* is a context with a set of (mode, state) pairs, and has a number.
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
    Signature,
    WordClasses,
)

Measure = MetreAutomaton | int | None
"""A metre, a number of syllables, or None for a line of any length."""

_EDGE, _WORD, _CLIPPED_WORD = 0, 1, FIRST_WORD_CLASS
"""Contexts: nothing drawn yet, a word, a word like *'tis*; the other ones are ids of classes."""

_CONTEXTS = FIRST_WORD_CLASS + 1
_ENDINGS = (ENDING_S, ENDING_D, ENDING_LL)

PAUSED, JOINED = 0, 1
"""Modes: the token drawn last follows a pause, or does not; `PAUSED` where it does not matter."""

_AWAITING = dict(zip(_ENDINGS, (1, 2, 3), strict=True))
"""Mode of a word that each ending must follow, by the ending's class id."""

_MODES = 4

_ANY_WORD, _ANY_CLIPPED_WORD = -1, -2
"""Symbols of a transition by any word, and by any word with an apostrophe before it."""

StateSets = NDArray[np.bool_]
"""A set of places in a line, (contexts, modes, states)."""

ACCEPT = 0
"""Node of a finished line."""


class Transition(NamedTuple):
    """A transition by one kind of symbol; a word's syllables change the state as well.

    Attributes:
        context, mode: before it.
        symbol: class id of a token that is no word, `_ANY_WORD` or `_ANY_CLIPPED_WORD`.
        to, to_mode: context and mode after it.
        pause: for a word, whether it follows a pause.
        ending: for a word, class id of the ending that it must be able to take, or 0.
    """

    context: int
    mode: int
    symbol: int
    to: int
    to_mode: int
    pause: bool = False
    ending: int = 0


def _forward_transitions(
    present: Collection[int],
) -> tuple[list[Transition], list[tuple[int, int]]]:
    """Return the transitions of a line written from its beginning, and where it may end.

    A word awaits only endings that the vocabulary has.

    Args:
        present: ids of the classes that have tokens.
    """
    transitions = []
    awaiting = {ending: mode for ending, mode in _AWAITING.items() if ending in present}
    for context in (_EDGE, _WORD, MARK, HYPHEN, *awaiting):
        pause = context in (_EDGE, MARK)
        # A word as it is, or one that an ending must follow: which one shows with the next token.
        transitions.append(Transition(context, PAUSED, _ANY_WORD, _WORD, PAUSED, pause))
        for ending, mode in awaiting.items():
            transitions.append(Transition(context, PAUSED, _ANY_WORD, _WORD, mode, pause, ending))
        if context != HYPHEN and APOSTROPHE in present:
            mode = PAUSED if pause else JOINED
            transitions.append(Transition(context, PAUSED, APOSTROPHE, APOSTROPHE, mode))
    for mode in (PAUSED, JOINED):
        pause = mode == PAUSED
        transitions.append(Transition(APOSTROPHE, mode, _ANY_CLIPPED_WORD, _WORD, PAUSED, pause))
    transitions += [
        Transition(_WORD, mode, ending, ending, PAUSED) for ending, mode in awaiting.items()
    ]
    transitions += [
        Transition(context, PAUSED, MARK, MARK, PAUSED) for context in (_WORD, *awaiting)
    ]
    transitions.append(Transition(_WORD, PAUSED, HYPHEN, HYPHEN, PAUSED))
    return transitions, [(_WORD, PAUSED), (MARK, PAUSED)]


def _backward_transitions() -> tuple[list[Transition], list[tuple[int, int]]]:
    """Return the transitions of a line written from its end, and where it may begin."""
    transitions = []
    before_words = ((_EDGE, PAUSED), (MARK, PAUSED), (HYPHEN, PAUSED), (_WORD, JOINED),
                    (APOSTROPHE, JOINED))  # fmt: skip
    for context, mode in before_words:
        # Whether the word follows a pause shows with the token drawn after it.
        for pause, to_mode in ((True, PAUSED), (False, JOINED)):
            transitions.append(Transition(context, mode, _ANY_WORD, _WORD, to_mode, pause))
            transitions.append(
                Transition(context, mode, _ANY_CLIPPED_WORD, _CLIPPED_WORD, to_mode, pause)
            )
        if context not in (_EDGE, HYPHEN):
            transitions += [
                Transition(context, mode, ending, ending, PAUSED) for ending in _ENDINGS
            ]
    for ending in _ENDINGS:
        for pause, to_mode in ((True, PAUSED), (False, JOINED)):
            transitions.append(Transition(ending, PAUSED, _ANY_WORD, _WORD, to_mode, pause, ending))
    transitions += [
        Transition(_CLIPPED_WORD, mode, APOSTROPHE, APOSTROPHE, mode) for mode in (PAUSED, JOINED)
    ]
    transitions += [
        Transition(context, PAUSED, MARK, MARK, PAUSED) for context in (_EDGE, _WORD, APOSTROPHE)
    ]
    transitions.append(Transition(_WORD, JOINED, HYPHEN, HYPHEN, PAUSED))
    return transitions, [(_WORD, PAUSED), (APOSTROPHE, PAUSED)]


class _MeasureStates:
    """The states of a measure, and how words lead from one to another.

    Attributes:
        first, last: the states in which a line begins and ends, (states,).
    """

    def __init__(self, measure: Measure, *, falling: bool) -> None:
        self._measure, self._falling = measure, falling
        self._by_pattern: dict[tuple[Pattern, bool], NDArray[np.bool_]] = {}
        if isinstance(measure, MetreAutomaton):
            self._tables = measure.tables()
            self.first, self.last = self._tables.start, self._tables.accepting
        else:
            count = 1 if measure is None else measure + 1
            self.first, self.last = np.arange(count) == 0, np.arange(count) == count - 1

    def word(self, signature: Signature, *, pause: bool) -> NDArray[np.bool_]:
        """Return from which state a word of a signature leads to which, (states, states)."""
        if isinstance(self._measure, MetreAutomaton):
            by_pattern = [self._pattern(pattern, pause=pause) for pattern in signature.patterns]
            return np.asarray(np.logical_or.reduce(by_pattern))
        if self._measure is None:
            return np.ones((1, 1), np.bool_)
        return np.eye(self._measure + 1, k=signature.syllables, dtype=np.bool_)

    def _pattern(self, pattern: Pattern, *, pause: bool) -> NDArray[np.bool_]:
        """Return from which state of a metre a pattern leads to which, (states, states); cached."""
        steps = self._by_pattern.get((pattern, pause))
        if steps is None:
            steps = self._tables.word(pattern, pause=pause)
            if len(pattern) == 1 and not self._falling:
                steps = np.asarray(steps & ~self._tables.beyond)
            self._by_pattern[pattern, pause] = steps
        return steps


class LineAutomaton:
    """The lines that keep a metre or a number of syllables, one word class at a time.

    Args:
        measure: the metre, the number of syllables, or None.
        word_classes: classes of the poet's words.
        backwards: whether lines are written from their end.
        falling: whether a word of one syllable may be the unstressed one after the last beat
            (*to find them*); in a line that has to rhyme, nobody would hear that word rhyme.

    Attributes:
        start: node of an empty line.
        accepting: where a line may end, (contexts, modes, states).
        coaccessible: from where a line can still be finished, (contexts, modes, states).
    """

    start = 1

    def __init__(
        self, measure: Measure, word_classes: WordClasses, *, backwards: bool, falling: bool = True
    ) -> None:
        self.measure = measure
        # Of every word class: its patterns alone and with an ending, and what it needs and takes.
        classes = word_classes.classes
        self._signatures = np.array([kind.signature for kind in classes], np.intp)
        self._joined_signatures = np.array([kind.joined_signature for kind in classes], np.intp)
        self._clipped = np.array([kind.clipped for kind in classes], np.bool_)
        self._endings = np.array([kind.endings for kind in classes], np.bool_).reshape(-1, 3)
        self._class_count = FIRST_WORD_CLASS + len(classes)

        present = set(np.unique(word_classes.class_ids).tolist())
        self._transitions, ends = (
            _backward_transitions() if backwards else _forward_transitions(present)
        )
        self._by_context: dict[int, list[Transition]] = {}
        for transition in self._transitions:
            self._by_context.setdefault(transition.context, []).append(transition)

        states = _MeasureStates(measure, falling=falling)
        first, last = (states.last, states.first) if backwards else (states.first, states.last)
        self._steps = [
            self._step_matrices(states, word_classes, pause, backwards) for pause in (False, True)
        ]
        self.accepting: StateSets = np.zeros((_CONTEXTS, _MODES, len(first)), np.bool_)
        for context, mode in ends:
            self.accepting[context, mode] = last
        self._coreachable: dict[bytes, StateSets] = {}
        self.coaccessible = self.coreachable(self.accepting)

        # Nodes by number: context, and (modes, states). `ACCEPT` has no states, and no successors.
        nothing = np.zeros((_MODES, len(first)), np.bool_)
        self._nodes: list[tuple[int, NDArray[np.bool_]]] = [(_EDGE, nothing)]
        self._numbers: dict[tuple[int, bytes], int] = {}
        self._successors: dict[int, NDArray[np.int32]] = {
            ACCEPT: np.full(self._class_count, -1, np.int32)
        }
        empty_line = nothing.copy()
        empty_line[PAUSED] = first
        self._number(_EDGE, empty_line)

    @staticmethod
    def _step_matrices(
        states: _MeasureStates, word_classes: WordClasses, pause: bool, backwards: bool
    ) -> NDArray[np.float32]:
        """Return where words of each signature lead, in the direction of writing.

        Shaped (signatures, states, states), of 0 and 1; floats, as their matrix products are fast.
        """
        shape = (len(word_classes.signatures), len(states.first), len(states.first))
        steps = np.zeros(shape, np.float32)
        for number, signature in enumerate(word_classes.signatures):
            steps[number] = states.word(signature, pause=pause)
        return steps.transpose(0, 2, 1).copy() if backwards else steps

    @cached_property
    def _any_word_steps(self) -> dict[Transition, NDArray[np.float32]]:
        """Steps of all words together, (states, states), by transition."""
        return {
            transition: self._word_steps(transition, self._eligible(transition))
            for transition in self._transitions
            if transition.symbol < 0
        }

    def _eligible(self, transition: Transition) -> NDArray[np.bool_]:
        """Return the word classes that a transition is for, (word classes,)."""
        if transition.ending:
            takes_ending = self._endings[:, transition.ending - ENDING_S]
            return np.asarray(takes_ending & ~self._clipped)
        return self._clipped if transition.symbol == _ANY_CLIPPED_WORD else ~self._clipped

    def _word_steps(
        self, transition: Transition, classes: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Return where words of some classes lead by a transition, (states, states)."""
        of_class = self._joined_signatures if transition.ending else self._signatures
        signatures = np.unique(of_class[classes])
        if not len(signatures):
            return np.zeros(self._steps[0].shape[1:], np.float32)
        return np.asarray(self._steps[transition.pause][signatures].max(axis=0))

    def coreachable(self, targets: StateSets) -> StateSets:
        """Return from where a target can be reached, the targets included; cached."""
        key = targets.tobytes()
        if key not in self._coreachable:
            self._coreachable[key] = self._walk_back(targets)
        return self._coreachable[key]

    def _walk_back(self, targets: StateSets) -> StateSets:
        """Add predecessors to the targets until nothing is added."""
        reached = targets.copy()
        while True:
            grown = reached.copy()
            for transition in self._transitions:
                sources = reached[transition.to, transition.to_mode]
                if transition.symbol < 0:
                    steps = self._any_word_steps[transition]
                    sources = steps @ sources.astype(np.float32) > 0
                grown[transition.context, transition.mode] |= sources
            if (grown == reached).all():
                return reached
            reached = grown

    def predecessors(self, class_ids: Iterable[int], targets: StateSets) -> StateSets:
        """Return from where one token of some classes leads to a target."""
        symbols = set(class_ids)
        all_ids = FIRST_WORD_CLASS + np.arange(len(self._signatures))
        selected = np.isin(all_ids, list(symbols))
        sources = np.zeros_like(targets)
        for transition in self._transitions:
            onward = targets[transition.to, transition.to_mode]
            if transition.symbol < 0:
                steps = self._word_steps(transition, selected & self._eligible(transition))
                onward = steps @ onward.astype(np.float32) > 0
            elif transition.symbol not in symbols:
                continue
            sources[transition.context, transition.mode] |= onward
        return sources

    def intersects(self, nodes: NDArray[np.int32], targets: StateSets) -> NDArray[np.bool_]:
        """Return which nodes have a target among their places, shaped as `nodes`.

        -1 and `ACCEPT` have none.
        """
        distinct, inverse = np.unique(nodes, return_inverse=True)
        hits = [
            node > ACCEPT and bool((self._nodes[node][1] & targets[self._nodes[node][0]]).any())
            for node in distinct.tolist()
        ]
        return np.asarray(np.array(hits)[inverse.reshape(nodes.shape)])

    def follow(self, class_ids: Sequence[int], node: int) -> int:
        """Return the node after several tokens, -1 if they cannot come."""
        for class_id in class_ids:
            if node < 0:
                return -1
            node = int(self.next(node)[class_id])
        return node

    def next(self, node: int) -> NDArray[np.int32]:
        """Return the node after a token of each class, (classes,).

        -1 where the line could not be finished any more; `ACCEPT` after `LINE_END` where the line
        may end.
        """
        successors = self._successors.get(node)
        if successors is None:
            successors = self._successors[node] = self._expand(*self._nodes[node])
        return successors

    def _number(self, context: int, states: NDArray[np.bool_]) -> int:
        """Return the number of a node, a new one if need be."""
        key = (context, np.packbits(states).tobytes())
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._nodes)
            self._nodes.append((context, states))
        return number

    def _expand(self, context: int, states: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Compute the node after a token of each class, (classes,).

        Args:
            context: of the node.
            states: its places, (modes, states).
        """
        successors = np.full(self._class_count, -1, np.int32)
        after_signs: dict[int, NDArray[np.bool_]] = {}  # context -> (modes, states)
        after_words: dict[int, NDArray[np.bool_]] = {}  # context -> (word classes, modes, states)
        for transition in self._by_context[context]:
            source = states[transition.mode]
            alive = self.coaccessible[transition.to, transition.to_mode]
            if transition.symbol < 0:
                steps = self._steps[transition.pause]
                by_signature = (source.astype(np.float32) @ steps > 0) & alive
                of_class = self._joined_signatures if transition.ending else self._signatures
                into = after_words.setdefault(
                    transition.to, np.zeros((len(of_class), *states.shape), np.bool_)
                )
                eligible = self._eligible(transition)[:, None]
                into[:, transition.to_mode] |= by_signature[of_class] & eligible
            elif (source & alive).any():
                into = after_signs.setdefault(transition.to, np.zeros_like(states))
                into[transition.to_mode] |= source & alive
        for to, places in after_signs.items():
            successors[to] = self._number(to, places)
        for to, by_class in after_words.items():
            for index in np.flatnonzero(by_class.any(axis=(1, 2))).tolist():
                successors[FIRST_WORD_CLASS + index] = self._number(to, by_class[index])
        if (states & self.accepting[context]).any():
            successors[LINE_END] = ACCEPT
        return successors
