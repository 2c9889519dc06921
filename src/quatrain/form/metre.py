"""A metre as a finite automaton over syllables, which accepts the lines that keep it.

In: a foot, a number of feet and the licences allowed. Out: `MetreAutomaton`, whose states say how
much of the line is there and what may follow. `MetreReader` runs it over a line, and the search in
`write` over its `tables`. The scanner in `sound` doesn't use it. The theory is the strong form of
Kiparsky (1977): a weak place takes no stressed syllable of a word of several; a strong place takes
no unstressed syllable next to a stressed one in its word, and no article. Words of one syllable may
stand in either, but a syllable beyond those of the feet is a light one. The licences relax this
where tradition does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from quatrain.records import Metre, Pronunciation
from quatrain.sound.function_words import ARTICLES, LIGHT_WORDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Strength(IntEnum):
    """Kind of syllable, as far as a metre is concerned."""

    PRIMARY = 0  # the main stress of a word of several syllables
    SECONDARY = 1
    FREE = 2  # unstressed, with no stressed syllable beside it in its word: may bear a beat
    LEANING = 3  # unstressed, beside a stressed one
    SINGLE = 4  # a word of one syllable that means something
    ARTICLE = 5  # a, an, the
    LIGHT = 6  # another function word of one syllable


WAVERING = frozenset(
    {"almost", "elsewhere", "hereof", "into", "therein", "thereof", "unto", "upon", "whereof",
     "wherein", "whereon", "within", "without"}
)  # fmt: skip
"""Words of two syllables that verse stresses on either syllable."""

FEET = {
    "iambic": "WS",
    "trochaic": "SW",
    "anapaestic": "WWS",
    "dactylic": "SWW",
    "amphibrachic": "WSW",
}
"""Feet as weak (W) and strong (S) places."""

LICENCES = {
    "inversion": "a trochee for an iamb at the start of the line or after a pause",
    "feminine": "an unstressed syllable after the last beat",
    "headless": "the first unstressed syllable, or syllables, left out",
    "catalectic": "the last unstressed syllable, or syllables, left out",
    "anapaest": "one more unstressed syllable in an unstressed place, the first too; once a line",
    "pyrrhic": "an article in a strong place",
    "iamb": "an iamb for an anapaest, or a trochee for a dactyl",
    "midline": "a trochee for an iamb anywhere but in the last foot",
}
"""Licences that a form may `allow` -> what they mean."""

_LIGHT = frozenset(
    {Strength.SECONDARY, Strength.FREE, Strength.LEANING, Strength.ARTICLE, Strength.LIGHT}
)
"""Syllables that may be added to those of the feet."""

_WEAK = _LIGHT | {Strength.SINGLE}
"""Syllables that may stand in a weak place."""

_STRONG = frozenset(
    {Strength.PRIMARY, Strength.SECONDARY, Strength.FREE, Strength.SINGLE, Strength.LIGHT}
)
"""Syllables that may stand in a strong place."""

_INVERTED = frozenset({Strength.PRIMARY, Strength.SECONDARY, Strength.SINGLE, Strength.LIGHT})
"""Syllables that may begin an inverted foot."""

Transition = tuple[int, str, int, str]
"""Next state, mark of the syllable (`-` or `+`), cost, name of the licence or empty."""


Pattern = tuple[Strength, ...]
"""Strengths of the syllables of a word, in order."""


def strengths(word: str, said: Pronunciation) -> Pattern:
    """Return the strength of each syllable of a word.

    Two stressed syllables side by side, the main one last (*unknown, outworn*), may change
    places, as they do before a stress (the rhythm rule: Liberman and Prince, 1977).
    """
    if word in WAVERING and said.syllables == 2:
        return (Strength.SECONDARY, Strength.SECONDARY)
    if said.syllables == 1:
        return _SINGLES[(word in ARTICLES) + 2 * (word in LIGHT_WORDS)]
    return _strengths(said.stress)


_SINGLES: tuple[Pattern, ...] = ((Strength.SINGLE,), (Strength.ARTICLE,), (Strength.LIGHT,))


@lru_cache(maxsize=4096)
def _strengths(stress: str) -> Pattern:
    pattern = []
    level = stress.count("1") > 1  # outside, eighteen: either syllable may give way
    for place, digit in enumerate(stress):
        beside = stress[max(0, place - 1) : place] + stress[place + 1 : place + 2]
        if digit == "1" and not level and stress[max(0, place - 1) : place] != "2":
            pattern.append(Strength.PRIMARY)
        elif digit in "12":
            pattern.append(Strength.SECONDARY)
        elif "1" in beside:
            pattern.append(Strength.LEANING)
        else:
            pattern.append(Strength.FREE)
    return tuple(pattern)


@dataclass(frozen=True, slots=True)
class Step:
    """One way to read a whole word from a state.

    Attributes:
        to: the state after it.
        marks: `-` or `+` per syllable.
        cost: cost of the licences taken.
        licences: names of the licences taken.
    """

    to: int
    marks: str
    cost: int
    licences: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """An automaton as arrays, for a search over many words at once.

    Attributes:
        start: (states,) bool, the states in which a line may begin.
        accepting: (states,) bool, the states in which a line may end.
        steps: (letters, states, states) bool; `steps[letter, i, j]` tells whether a syllable
            leads from i to j. A letter is `2 * strength + after_pause`, where `after_pause` is 1
            for the first syllable of a word that begins the line or follows punctuation. (The
            lenient "midline" inversion needs a third kind and is left out.)
        lasts: (states,) int16, the syllables the shortest line has left from each state, -1
            where none can end.
        beyond: (states,) bool, the states after the syllable of a feminine ending.
    """

    start: NDArray[np.bool_]
    accepting: NDArray[np.bool_]
    steps: NDArray[np.bool_]
    lasts: NDArray[np.int16]
    beyond: NDArray[np.bool_]

    def word(self, pattern: Pattern, *, pause: bool) -> NDArray[np.bool_]:
        """Return which state leads to which over a word: (states, states) bool."""
        import numpy as np

        reached = np.eye(len(self.start), dtype=np.bool_)
        for place, strength in enumerate(pattern):
            reached = reached @ self.steps[2 * strength + (pause and place == 0)]
        return reached


@dataclass(frozen=True)
class MetreAutomaton:
    """A metre as states and transitions.

    Attributes:
        foot: "iambic", "trochaic", "anapaestic", "dactylic" or "amphibrachic".
        feet: number of feet.
        allowed: names of the `LICENCES` that the form allows.

    States are numbers; `start` is the first, `accepting` those in which a line may end.
    """

    foot: str
    feet: int
    allowed: frozenset[str] = frozenset()

    @cached_property
    def template(self) -> str:
        """Places of the whole line: W for weak, S for strong."""
        return FEET[self.foot] * self.feet

    def __str__(self) -> str:
        return str(Metre(self.foot, (self.feet,)))

    @cached_property
    def start(self) -> frozenset[int]:
        """States a line may begin in."""
        opening = len(self.template) - len(self.template.lstrip("W"))
        first = range(opening + 1) if "headless" in self.allowed else range(1)
        return frozenset(_state(place) for place in first)

    def accepts(self, state: int) -> bool:
        """Return whether a line may end in a state."""
        place, pending, _ = _parts(state)
        template = self.template
        if pending:
            return False
        if place == len(template):
            return True
        if place > len(template):
            return "feminine" in self.allowed and place == len(template) + 1
        return "catalectic" in self.allowed and "S" not in template[place:]

    def after(
        self, state: int, strength: Strength, *, begins: bool, pause: bool
    ) -> list[Transition]:
        """Return the transitions from a state over one more syllable.

        Args:
            state: the state before it.
            strength: the strength of the syllable.
            begins: whether it begins a word.
            pause: whether the line begins with it, or punctuation stands before it.
        """
        place, pending, extra = _parts(state)
        template = self.template
        transitions: list[Transition] = []
        if pending:  # the second half of an inverted foot: a strong place said weakly
            if strength in _WEAK:
                transitions.append((_state(place + 1, extra=extra), "-", 0, ""))
            return transitions
        if place >= len(template):
            feminine = "feminine" in self.allowed and place == len(template)
            if feminine and template[-1] == "S" and strength in _LIGHT and not pause:
                transitions.append((_state(place + 1, extra=extra), "-", 1, "feminine ending"))
            return transitions
        if template[place] == "S":
            if strength in _STRONG:
                transitions.append((_state(place + 1, extra=extra), "+", 0, ""))
            elif strength == Strength.ARTICLE and "pyrrhic" in self.allowed:
                transitions.append((_state(place + 1, extra=extra), "-", 3, "pyrrhic"))
        else:
            if strength in _WEAK:
                transitions.append((_state(place + 1, extra=extra), "-", 0, ""))
                if "anapaest" in self.allowed and not extra and strength in _LIGHT:
                    transitions.append(
                        (_state(place, extra=True), "-", 3, "anapaestic substitution")
                    )
            if (
                "inversion" in self.allowed
                and self.foot == "iambic"
                and (pause or "midline" in self.allowed)
                and begins
                and strength in _INVERTED
                and place + 1 < len(template) - 1
            ):
                cost, name = (
                    (2, "trochaic inversion") if pause else (4, "inversion within a phrase")
                )
                transitions.append((_state(place + 1, True, extra), "+", cost, name))
            pair = template[place : place + 2] == "WW"
            if "iamb" in self.allowed and pair and strength in _WEAK:
                transitions.append((_state(place + 2, extra=extra), "-", 1, "a syllable less"))
        return transitions

    @property
    def states(self) -> int:
        """Number of states, reachable or not."""
        return _state(len(self.template) + 2)

    def after_word(self, state: int, pattern: Pattern, *, pause: bool) -> tuple[Step, ...]:
        """Return the steps over a word from a state, only the cheapest to each next state."""
        return _after_word(self, state, pattern, pause)

    def tables(self) -> Tables:
        """Return the automaton as arrays, computed once."""
        return _tables(self)


@lru_cache(maxsize=200_000)
def _after_word(
    metre: MetreAutomaton, state: int, pattern: Pattern, pause: bool
) -> tuple[Step, ...]:
    ways = {state: Step(state, "", 0, ())}
    for number, strength in enumerate(pattern):
        further: dict[int, Step] = {}
        for way in ways.values():
            first = number == 0
            for to, mark, cost, name in metre.after(
                way.to, strength, begins=first, pause=pause and first
            ):
                known = further.get(to)
                if known is None or way.cost + cost < known.cost:
                    named = (*way.licences, name) if name else way.licences
                    further[to] = Step(to, way.marks + mark, way.cost + cost, named)
        ways = further
    return tuple(ways.values())


@cache
def _tables(metre: MetreAutomaton) -> Tables:
    import numpy as np

    count = metre.states
    start, accepting = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    start[list(metre.start)] = True
    steps = np.zeros((2 * len(Strength), count, count), np.bool_)
    for state in range(count):
        accepting[state] = metre.accepts(state)
        for strength in Strength:
            for pause in (False, True):
                for to, *_ in metre.after(state, strength, begins=pause, pause=pause):
                    if to < count:  # else from a state that no line reaches
                        steps[2 * strength + pause, state, to] = True
    lasts = np.where(accepting, 0, -1).astype(np.int16)
    onward: NDArray[np.bool_] = np.logical_or.reduce(steps, axis=0)
    for syllables in range(1, count):
        reaching = (lasts < 0) & (onward @ (lasts == syllables - 1))
        lasts[reaching] = syllables
    beyond = np.array([_parts(state)[0] > len(metre.template) for state in range(count)])
    return Tables(start, accepting, steps, lasts, beyond)


def _state(place: int, pending: bool = False, extra: bool = False) -> int:
    return place << 2 | pending << 1 | extra


def _parts(state: int) -> tuple[int, bool, bool]:
    return state >> 2, bool(state >> 1 & 1), bool(state & 1)
