"""What a line may be under a metre: a finite automaton over syllables.

In: a foot, a number of feet and the substitutions allowed. Out: `MetreAutomaton`, whose
states say how much of the line stands and what may follow. The theory is the strong form
of Kiparsky (1977): a weak place takes no stressed syllable of a word of several; a strong
place takes no syllable that leans on such a one, and no article. Words of one syllable may
stand in either. The substitutions relax it where tradition does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from quatrain.records import Pronunciation


class Strength(IntEnum):
    """What a syllable brings to a metre."""

    PRIMARY = 0  # the main stress of a word of several syllables
    SECONDARY = 1
    FREE = 2  # unstressed, with no stressed syllable beside it in its word: may bear a beat
    LEANING = 3  # unstressed, beside a stressed one
    SINGLE = 4  # a word of one syllable
    ARTICLE = 5  # a, an, the


ARTICLES = frozenset({"a", "an", "the"})

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
}
"""The substitutions a form may allow, and what they mean."""

_WEAK = frozenset({Strength.SECONDARY, Strength.FREE, Strength.LEANING, Strength.SINGLE,
                   Strength.ARTICLE})  # fmt: skip
_STRONG = frozenset({Strength.PRIMARY, Strength.SECONDARY, Strength.FREE, Strength.SINGLE})
_OPENING = frozenset({Strength.PRIMARY, Strength.SECONDARY, Strength.SINGLE})
_FALLING = _WEAK

Transition = tuple[int, str, int, str]
"""To a state, the mark of the syllable, the cost, the substitution made."""


@lru_cache(maxsize=20_000)
def strengths(word: str, said: Pronunciation) -> tuple[Strength, ...]:
    """What each syllable of a word brings."""
    stress = said.stress
    if len(stress) == 1:
        return (Strength.ARTICLE if word in ARTICLES else Strength.SINGLE,)
    found = []
    level = stress.count("1") > 1  # outside, eighteen: either syllable may give way
    for place, digit in enumerate(stress):
        beside = stress[max(0, place - 1) : place] + stress[place + 1 : place + 2]
        if digit == "1" and not level:
            found.append(Strength.PRIMARY)
        elif digit in "12":
            found.append(Strength.SECONDARY)
        elif "1" in beside:
            found.append(Strength.LEANING)
        else:
            found.append(Strength.FREE)
    return tuple(found)


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

    @property
    def template(self) -> str:
        """The places of the whole line, W weak and S strong."""
        return FEET[self.foot] * self.feet

    def __str__(self) -> str:
        return f"{self.foot} {self.feet}"

    @property
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
            if strength in _FALLING:
                found.append((_state(place + 1, extra=extra), "-", 0, ""))
            return found
        if place >= len(template):
            feminine = "feminine" in self.allowed and place == len(template)
            if feminine and template[-1] == "S" and strength in _FALLING and not pause:
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
                if "anapaest" in self.allowed and not extra and strength in _FALLING:
                    found.append((_state(place, extra=True), "-", 3, "anapaestic substitution"))
            if (
                "inversion" in self.allowed
                and self.foot == "iambic"
                and pause
                and begins
                and strength in _OPENING
                and place + 1 < len(template) - 1
            ):
                found.append((_state(place + 1, True, extra), "+", 2, "trochaic inversion"))
            pair = template[place : place + 2] == "WW"
            if "iamb" in self.allowed and pair and strength in _WEAK:
                found.append((_state(place + 2, extra=extra), "-", 1, "a syllable less"))
        return found


def _state(place: int, pending: bool = False, extra: bool = False) -> int:
    return place << 2 | pending << 1 | extra


def _parts(state: int) -> tuple[int, bool, bool]:
    return state >> 2, bool(state >> 1 & 1), bool(state & 1)
