"""A metre as a finite automaton over syllables, which accepts the lines that keep it.

In: a foot, a number of feet and the licences allowed. Out: `MetreAutomaton`, whose states say how
much of the line is there and what may follow; `MetreReader` and the search in `write` run it. The
theory is the strong form of Kiparsky (1977): a weak place takes no stressed syllable of a word of
several; a strong place takes no unstressed syllable next to a stressed one in its word, and no
article. Words of one syllable may stand in either; one beyond those of the feet is light.

Whatever is licensed, a stress between two light syllables is a beat (the stress maximum of Halle
and Keyser 1971): *I stand at the foot of the men all gone* has four, and is no pentameter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from quatrain.form.metre.strength import UNSTRESSED, Pattern, Strength
from quatrain.records import Metre

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Before(IntEnum):
    """Context of the next syllable, as far as the metre must know."""

    OPEN = 0  # the line's start, a pause, or a syllable that is said with some stress
    UNSTRESSED = 1  # an unstressed syllable
    PAIR = 2  # two of them, with no beat on either: a stress must come next, or the one after
    PEAK = 3  # a stressed syllable in a weak place, after two unstressed ones
    EXTRA = 4  # the first syllable of an anapaest in an iambic line
    RISE = 5  # the same after one that bears a beat; a pronoun may bear the next one


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


def metre_with(foot: str, feet: int, allowed: Collection[str]) -> MetreAutomaton:
    """Return a metre with those licences that it can take, so that equal metres are equal."""
    places = FEET[foot]
    takes = {
        "inversion": foot == "iambic",
        "midline": foot == "iambic",
        "feminine": places[-1] == "S",
        "headless": places[0] == "W",
        "catalectic": places[-1] == "W",
        "anapaest": places.count("W") == 1,
        "iamb": "WW" in places * 2,
    }
    return MetreAutomaton(foot, feet, frozenset(name for name in allowed if takes.get(name, True)))


_LIGHT = UNSTRESSED | {Strength.SECONDARY}
"""Syllables that may be added to those of the feet."""

_WEAK = _LIGHT | {Strength.SINGLE, Strength.STRESSABLE}
"""Syllables that may stand in a weak place."""

_STRONG = frozenset(
    {
        Strength.PRIMARY,
        Strength.SECONDARY,
        Strength.FREE,
        Strength.SINGLE,
        Strength.STRESSABLE,
        Strength.LIGHT,
        Strength.PRONOUN,
    }
)
"""Syllables that may stand in a strong place."""

_INVERTED = _STRONG - {Strength.FREE}
"""Syllables that may begin an inverted foot."""

Transition = tuple[int, str, int, str]
"""Next state, mark of the syllable (`-` or `+`), cost, name of the licence or empty."""


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
        numbers: the automaton's states that some line reaches, rising: those of the arrays.
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

    numbers: tuple[int, ...]
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
        place, pending, _, _ = _parts(state)
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
        place, pending, extra, before = _parts(state)
        template = self.template
        if pause:
            before = Before.OPEN
        unstressed = strength in UNSTRESSED
        if pending:  # the second half of an inverted foot: a strong place said weakly
            if strength not in _WEAK:
                return []
            onward = _before_next(before, unstressed)
            return [(_state(place + 1, extra=extra, before=onward), "-", 0, "")]
        if place >= len(template):
            feminine = "feminine" in self.allowed and place == len(template)
            if feminine and template[-1] == "S" and strength in _LIGHT and not pause:
                return [(_state(place + 1, extra=extra), "-", 1, "feminine ending")]
            return []
        if template[place] == "S":
            return self._after_strong(place, strength, extra=extra, before=before)
        transitions: list[Transition] = []
        third = unstressed and before == Before.PAIR
        if strength in _WEAK and not (third and strength != Strength.LEANING):
            onward = _before_after_weak(before, strength, beat_follows=self._beat_at(place + 1))
            transitions.append((_state(place + 1, extra=extra, before=onward), "-", 0, ""))
            if "iamb" in self.allowed and template[place : place + 2] == "WW":
                onward = _before_after_weak(before, strength, beat_follows=self._beat_at(place + 2))
                to = _state(place + 2, extra=extra, before=onward)
                transitions.append((to, "-", 1, "a syllable less"))
        # More than two unstressed syllables in a row would make another metre of it.
        may_add = FEET[self.foot].count("W") == 1 and not extra and before == Before.OPEN
        if "anapaest" in self.allowed and may_add and strength in _LIGHT:
            to = _state(place, extra=True, before=Before.EXTRA)
            transitions.append((to, "-", 3, "anapaestic substitution"))
        if (
            "inversion" in self.allowed
            and self.foot == "iambic"
            and (pause or "midline" in self.allowed)
            and begins
            and strength in _INVERTED
            and before != Before.EXTRA
            and place + 1 < len(template) - 1
        ):
            cost, name = (2, "trochaic inversion") if pause else (4, "inversion within a phrase")
            onward = Before.UNSTRESSED if unstressed else Before.OPEN
            transitions.append(
                (_state(place + 1, pending=True, extra=extra, before=onward), "+", cost, name)
            )
        return transitions

    def _beat_at(self, place: int) -> bool:
        """Return whether a place is a strong one; there is none beyond the last."""
        return self.template[place : place + 1] == "S"

    def _after_strong(
        self, place: int, strength: Strength, *, extra: bool, before: Before
    ) -> list[Transition]:
        """Return the transitions over the syllable in a strong place."""
        unstressed = strength in UNSTRESSED
        # At the line's end a light word is said with some stress: *and what he had put in*.
        last = place == len(self.template) - 1 and strength != Strength.ARTICLE
        if before == Before.PAIR and unstressed:
            return []
        if before == Before.PEAK and not last and (unstressed or strength == Strength.STRESSABLE):
            return []
        if before == Before.RISE and not last and unstressed and strength != Strength.PRONOUN:
            return []
        onward = _before_next(before, unstressed)
        if strength in _STRONG:  # the beat is heard there, so what follows is no third in a row
            onward = min(onward, Before.UNSTRESSED)
            return [(_state(place + 1, extra=extra, before=onward), "+", 0, "")]
        if strength == Strength.ARTICLE and "pyrrhic" in self.allowed:
            return [(_state(place + 1, extra=extra, before=onward), "-", 3, "pyrrhic")]
        return []

    def place(self, state: int) -> int:
        """Return which place of the template is filled next."""
        return _parts(state)[0]

    def after_breach(self, state: int) -> int:
        """Return the state after a syllable that may not stand in its place, but does."""
        place, _, extra, _ = _parts(state)
        return _state(place + 1, extra=extra)

    def too_light(self, state: int) -> str:
        """Return why an unstressed syllable may not come next, or nothing if it may."""
        before = _parts(state)[3]
        if before in (Before.PEAK, Before.RISE):
            return "is lighter than the syllable before it, but stands where the metre has a beat"
        if before == Before.PAIR:
            return "is the third unstressed syllable in a row"
        return ""

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

    numbers = _reachable(metre)
    index = {state: place for place, state in enumerate(numbers)}
    count = len(numbers)
    start = np.array([state in metre.start for state in numbers])
    accepting = np.array([metre.accepts(state) for state in numbers])
    steps = np.zeros((2 * len(Strength), count, count), np.bool_)
    for place, state in enumerate(numbers):
        for letter, to in _letters_after(metre, state):
            steps[letter, place, index[to]] = True
    lasts = np.where(accepting, 0, -1).astype(np.int16)
    onward: NDArray[np.bool_] = np.logical_or.reduce(steps, axis=0)
    for syllables in range(1, count):
        reaching = (lasts < 0) & (onward @ (lasts == syllables - 1))
        lasts[reaching] = syllables
    beyond = np.array([_parts(state)[0] > len(metre.template) for state in numbers])
    return Tables(numbers, start, accepting, steps, lasts, beyond)


def _reachable(metre: MetreAutomaton) -> tuple[int, ...]:
    """Return the states that some line reaches, rising."""
    reached = set(metre.start)
    waiting = list(reached)
    while waiting:
        state = waiting.pop()
        further = {to for _, to in _letters_after(metre, state)} - reached
        reached |= further
        waiting += further
    return tuple(sorted(reached))


def _letters_after(metre: MetreAutomaton, state: int) -> Iterator[tuple[int, int]]:
    """Yield each letter of `Tables` that may come after a state, with the state it leads to."""
    for strength in Strength:
        for pause in (False, True):
            for to, *_ in metre.after(state, strength, begins=pause, pause=pause):
                yield 2 * strength + pause, to


def _before_after_weak(before: Before, strength: Strength, *, beat_follows: bool) -> Before:
    """Return what stands before the next syllable, after one in a weak place.

    Args:
        before: what stood before that one.
        strength: of that one.
        beat_follows: whether the next place is a strong one.
    """
    if before == Before.EXTRA:
        return Before.PAIR
    if strength in UNSTRESSED:
        return Before.UNSTRESSED
    if strength != Strength.SINGLE or before == Before.OPEN or not beat_follows:
        return Before.OPEN
    return Before.PEAK if before == Before.PAIR else Before.RISE


def _before_next(before: Before, unstressed: bool) -> Before:
    """Return what stands before the next syllable, after one more."""
    if not unstressed:
        return Before.OPEN
    return Before.UNSTRESSED if before == Before.OPEN else Before.PAIR


def _state(
    place: int, *, pending: bool = False, extra: bool = False, before: Before = Before.OPEN
) -> int:
    return place << 5 | pending << 4 | extra << 3 | before


def _parts(state: int) -> tuple[int, bool, bool, Before]:
    return state >> 5, bool(state >> 4 & 1), bool(state >> 3 & 1), Before(state & 7)
