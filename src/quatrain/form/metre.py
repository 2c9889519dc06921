"""What a line may be under a metre: a finite automaton over syllables.

In: a foot, a number of feet and the substitutions allowed. Out: `MetreAutomaton`, whose
states say how much of the line stands and what may follow. The theory is the strong form
of Kiparsky (1977): a weak place takes no stressed syllable of a word of several; a strong
place takes no syllable that leans on such a one, and no article. Words of one syllable may
stand in either, but a syllable beyond those of the feet is a light one. The substitutions
relax it where tradition does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from quatrain.records import Pronunciation
from quatrain.sound.function_words import ARTICLES, LIGHT_WORDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Strength(IntEnum):
    """What a syllable brings to a metre."""

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
"""Words of two syllables that verse stresses on either."""

FEET = {
    "iambic": "WS", "trochaic": "SW", "anapaestic": "WWS", "dactylic": "SWW", "amphibrachic": "WSW",
}  # fmt: skip

SUBSTITUTIONS = {
    "inversion": "a trochee for an iamb at the start of the line or after a pause",
    "feminine": "an unstressed syllable after the last beat",
    "headless": "the first unstressed syllable, or syllables, left out",
    "catalectic": "the last unstressed syllable, or syllables, left out",
    "anapaest": "one more unstressed syllable in an unstressed place, once a line",
    "pyrrhic": "an article in a strong place",
    "iamb": "an iamb for an anapaest, or a trochee for a dactyl",
    "midline": "a trochee for an iamb anywhere but in the last foot",
}
"""The substitutions a form may allow, and what they mean."""

_LIGHT = frozenset({Strength.SECONDARY, Strength.FREE, Strength.LEANING, Strength.ARTICLE,
                    Strength.LIGHT})  # fmt: skip
"""What may be one syllable more than the feet have."""
_WEAK = _LIGHT | {Strength.SINGLE}
_STRONG = frozenset({Strength.PRIMARY, Strength.SECONDARY, Strength.FREE, Strength.SINGLE,
                     Strength.LIGHT})  # fmt: skip
_OPENING = frozenset({Strength.PRIMARY, Strength.SECONDARY, Strength.SINGLE, Strength.LIGHT})

Transition = tuple[int, str, int, str]
"""To a state, the mark of the syllable, the cost, the substitution made."""


Pattern = tuple[Strength, ...]
"""What the syllables of a word bring, in order."""


def strengths(word: str, said: Pronunciation) -> Pattern:
    """What each syllable of a word brings.

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
    found = []
    level = stress.count("1") > 1  # outside, eighteen: either syllable may give way
    for place, digit in enumerate(stress):
        beside = stress[max(0, place - 1) : place] + stress[place + 1 : place + 2]
        if digit == "1" and not level and stress[max(0, place - 1) : place] != "2":
            found.append(Strength.PRIMARY)
        elif digit in "12":
            found.append(Strength.SECONDARY)
        elif "1" in beside:
            found.append(Strength.LEANING)
        else:
            found.append(Strength.FREE)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Step:
    """One way to take a whole word from a state.

    Attributes:
        to: the state after it.
        marks: `-` or `+` per syllable.
        cost: of the substitutions made.
        licences: their names.
    """

    to: int
    marks: str
    cost: int
    licences: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """An automaton as arrays, for a search over many words at once.

    Attributes:
        start: (states,) bool, where a line may begin.
        accepting: (states,) bool, where a line may end.
        steps: (letters, states, states) bool; `steps[letter, i, j]` tells whether a syllable
            leads from i to j. A letter is `2 * strength + after_pause`, where `after_pause` is 1
            for the first syllable of a word that begins the line or follows punctuation. (The
            lenient "midline" inversion needs a third kind and is left out.)
        lasts: (states,) int16, the syllables the shortest line has left from each state, -1
            where none can end.
        beyond: (states,) bool, after the syllable of a feminine ending.
    """

    start: NDArray[np.bool_]
    accepting: NDArray[np.bool_]
    steps: NDArray[np.bool_]
    lasts: NDArray[np.int16]
    beyond: NDArray[np.bool_]

    def word(self, pattern: Pattern, *, pause: bool) -> NDArray[np.bool_]:
        """(states, states) bool: from which state a word leads to which."""
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
        feet: how many.
        allowed: the names of `SUBSTITUTIONS` allowed.

    States are numbers; `start` is the first, `accepting` those in which a line may end.
    """

    foot: str
    feet: int
    allowed: frozenset[str] = frozenset()

    @cached_property
    def template(self) -> str:
        """The places of the whole line, W weak and S strong."""
        return FEET[self.foot] * self.feet

    def __str__(self) -> str:
        return f"{self.foot} {self.feet}"

    @cached_property
    def start(self) -> frozenset[int]:
        """The states a line may begin in."""
        opening = len(self.template) - len(self.template.lstrip("W"))
        first = range(opening + 1) if "headless" in self.allowed else range(1)
        return frozenset(_state(place) for place in first)

    def accepts(self, state: int) -> bool:
        """Whether a line may end in a state."""
        place, pending, _ = _parts(state)
        template = self.template
        if pending:
            return False
        if place == len(template):
            return True
        if place > len(template):
            return "feminine" in self.allowed and place == len(template) + 1
        rest = template[place:]
        return "catalectic" in self.allowed and "S" not in rest and place > 0

    def after(
        self, state: int, strength: Strength, *, begins: bool, pause: bool
    ) -> list[Transition]:
        """The states after one more syllable.

        Args:
            state: the state before it.
            strength: what the syllable brings.
            begins: whether it begins a word.
            pause: whether the line begins with it, or punctuation stands before it.
        """
        place, pending, extra = _parts(state)
        template = self.template
        found: list[Transition] = []
        if pending:  # the second half of an inverted foot: a strong place said weakly
            if strength in _WEAK:
                found.append((_state(place + 1, extra=extra), "-", 0, ""))
            return found
        if place >= len(template):
            feminine = "feminine" in self.allowed and place == len(template)
            if feminine and template[-1] == "S" and strength in _LIGHT and not pause:
                found.append((_state(place + 1, extra=extra), "-", 1, "feminine ending"))
            return found
        if template[place] == "S":
            if strength in _STRONG:
                found.append((_state(place + 1, extra=extra), "+", 0, ""))
            elif strength == Strength.ARTICLE and "pyrrhic" in self.allowed:
                found.append((_state(place + 1, extra=extra), "-", 3, "pyrrhic"))
        else:
            if strength in _WEAK:
                found.append((_state(place + 1, extra=extra), "-", 0, ""))
                if "anapaest" in self.allowed and not extra and strength in _LIGHT:
                    found.append((_state(place, extra=True), "-", 3, "anapaestic substitution"))
            if (
                "inversion" in self.allowed
                and self.foot == "iambic"
                and (pause or "midline" in self.allowed)
                and begins
                and strength in _OPENING
                and place + 1 < len(template) - 1
            ):
                cost, name = (
                    (2, "trochaic inversion") if pause else (4, "inversion within a phrase")
                )
                found.append((_state(place + 1, True, extra), "+", cost, name))
            pair = template[place : place + 2] == "WW"
            if "iamb" in self.allowed and pair and strength in _WEAK:
                found.append((_state(place + 2, extra=extra), "-", 1, "a syllable less"))
        return found

    @property
    def states(self) -> int:
        """How many states there are, reachable or not."""
        return _state(len(self.template) + 2)

    def after_word(self, state: int, pattern: Pattern, *, pause: bool) -> tuple[Step, ...]:
        """Every way to take a word from a state; the cheapest way to each state is kept."""
        return _after_word(self, state, pattern, pause)

    def accepted(self, line: Iterable[tuple[Pattern, bool]]) -> bool:
        """Whether words, each with whether a pause stands before it, make a line."""
        states = set(self.start)
        for pattern, pause in line:
            states = {
                step.to for state in states for step in self.after_word(state, pattern, pause=pause)
            }
        return any(map(self.accepts, states))

    def tables(self) -> Tables:
        """The automaton as arrays; made once."""
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
