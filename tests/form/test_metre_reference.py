"""The metre automaton against a slow reference: every way to lay syllables on the feet."""

import random
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from quatrain.form.metre.automaton import FEET, LICENCES, MetreAutomaton, Tables
from quatrain.form.metre.strength import Pattern, Strength, strengths
from quatrain.records import Pronunciation

PLACES = {"iambic": "WS", "trochaic": "SW", "anapaestic": "WWS", "dactylic": "SWW",
          "amphibrachic": "WSW"}  # fmt: skip
PRIMARY, SECONDARY, FREE, LEANING, SINGLE, ARTICLE, LIGHT, STRESSABLE, PRONOUN = Strength
IN_A_WEAK_PLACE = {SECONDARY, FREE, LEANING, SINGLE, ARTICLE, LIGHT, STRESSABLE, PRONOUN}
IN_A_STRONG_PLACE = {PRIMARY, SECONDARY, FREE, SINGLE, LIGHT, STRESSABLE, PRONOUN}
BEYOND_THE_FEET = {SECONDARY, FREE, LEANING, ARTICLE, LIGHT, PRONOUN}
BEFORE_AN_INVERTED_FOOT = {PRIMARY, SECONDARY, SINGLE, LIGHT, STRESSABLE, PRONOUN}
UNSTRESSED = {FREE, LEANING, ARTICLE, LIGHT, PRONOUN}

Way = tuple[int, str, tuple[str, ...], str]
"""Cost of a way to read a line, its marks, the substitutions it makes, and a letter per syllable.

The letters: W and S for a weak and a strong place, P for an article in a strong one, X for the
syllable added in an anapaest, I and J for an inverted foot, F for a feminine ending.
"""

Syllable = tuple[Strength, bool, bool]
"""A syllable, whether it begins a word, and whether a pause stands before it."""


def ways(metre: MetreAutomaton, line: list[Syllable]) -> Iterator[Way]:
    """Yield every way to read a line under a metre."""
    places = PLACES[metre.foot] * metre.feet
    readings = [*_ways(metre, places, line, opening=True)]
    if "headless" in metre.allowed:
        for left_out in range(1, places.index("S") + 1):
            readings += _ways(metre, places[left_out:], line, opening=False)
    ends_strong = places[-1] == "S"
    yield from (way for way in readings if not any(misheard(line, way[3], ends_strong)))


def misheard(line: list[Syllable], letters: str, ends_strong: bool) -> Iterator[bool]:
    """Yield for each syllable whether an ear would find the beats elsewhere."""

    def light(place: int) -> bool:
        return line[place][0] in UNSTRESSED

    def joined(first: int, last: int) -> bool:
        """Return whether no pause stands between two syllables of the line."""
        inside = range(first + 1, last + 1)
        return first >= 0 and last < len(line) and not any(line[place][2] for place in inside)

    for place, letter in enumerate(letters):
        if letter == "W" and line[place][0] == SINGLE and joined(place - 1, place + 1):
            # A stress that stands out between two light syllables is a beat.
            last = ends_strong and letters[place + 2 :] in ("", "F")
            strong = letters[place + 1] == "P" or (letters[place + 1] == "S" and not last)
            two = place > 1 and joined(place - 2, place) and light(place - 2)
            beatless = letters[place - 1] == "P" or letters[place - 2 : place] == "IJ"
            said = line[place + 1][0] == PRONOUN and not (two and beatless)  # *if I lose THEE*
            after_two = two and beatless and line[place + 1][0] == STRESSABLE
            weaker = light(place + 1) or after_two  # *in the home where I used to sing*
            yield light(place - 1) and weaker and strong and not said
        if letter == "X" and joined(place - 1, place):
            yield light(place - 1)  # three in a row
        if letters[place : place + 2] == "XI" and joined(place, place + 1):
            yield True
        if letter == "X" and joined(place, place + 2):
            yield light(place + 2)  # its beat must be a stress
        if letter in "WX" and light(place) and joined(place - 2, place):
            beatless = letters[place - 1] == "P" or letters[place - 2 : place] == "IJ"
            three = beatless and light(place - 1) and light(place - 2)
            yield three and (letter == "X" or line[place][0] != LEANING)


def _ways(
    metre: MetreAutomaton, places: str, line: list[Syllable], *, opening: bool, extra: bool = False
) -> Iterator[Way]:
    """Yield the ways to read the syllables of a line on the places that are left."""

    def rest(
        used: int, syllables: int, cost: int, marks: str, letters: str, *names: str
    ) -> Iterator[Way]:
        for way in _ways(
            metre, places[used:], line[syllables:], opening=False, extra=extra or used == 0
        ):
            yield cost + way[0], marks + way[1], (*names, *way[2]), letters + way[3]

    allowed = metre.allowed
    if not line:
        left_out = "catalectic" in allowed and not opening and "S" not in places
        if not places or left_out:
            yield 0, "", (), ""
        return
    strength, begins, pause = line[0]
    if not places:
        ends_strong = PLACES[metre.foot][-1] == "S"
        light = strength in BEYOND_THE_FEET and not pause
        if "feminine" in allowed and ends_strong and light and len(line) == 1:
            yield 1, "-", ("feminine ending",), "F"
        return
    if places[0] == "S":
        if strength in IN_A_STRONG_PLACE:
            yield from rest(1, 1, 0, "+", "S")
        if strength == ARTICLE and "pyrrhic" in allowed:
            yield from rest(1, 1, 3, "-", "P", "pyrrhic")
        return
    if strength in IN_A_WEAK_PLACE:
        yield from rest(1, 1, 0, "-", "W")
        if "iamb" in allowed and places.startswith("WW"):
            yield from rest(2, 1, 1, "-", "W", "a syllable less")
    binary = PLACES[metre.foot].count("W") == 1
    if "anapaest" in allowed and binary and not extra and strength in BEYOND_THE_FEET:
        yield from rest(0, 1, 3, "-", "X", "anapaestic substitution")
    if (
        "inversion" in allowed
        and metre.foot == "iambic"
        and begins
        and (pause or "midline" in allowed)
        and strength in BEFORE_AN_INVERTED_FOOT
        and len(places) > 2
        and len(line) > 1
        and line[1][0] in IN_A_WEAK_PLACE
    ):
        cost, name = (2, "trochaic inversion") if pause else (4, "inversion within a phrase")
        yield from rest(2, 2, cost, "+-", "IJ", name)


class Path(NamedTuple):
    """A way to read a line that the automaton finds: its cost, its marks and its licences."""

    cost: int
    marks: str
    names: tuple[str, ...]


def read(metre: MetreAutomaton, line: list[tuple[Pattern, bool]]) -> Path | None:
    """Return the cheapest way to read a line that the automaton finds, word by word."""
    paths = dict.fromkeys(metre.start, Path(0, "", ()))
    for pattern, pause in line:
        longer: dict[int, Path] = {}
        for state, (cost, marks, names) in paths.items():
            for step in metre.after_word(state, pattern, pause=pause):
                way = Path(cost + step.cost, marks + step.marks, names + step.licences)
                if step.to not in longer or way[0] < longer[step.to][0]:
                    longer[step.to] = way
        paths = longer
    ends = [way for state, way in paths.items() if metre.accepts(state)]
    return min(ends, key=lambda way: way[0], default=None)


def syllables(line: list[tuple[Pattern, bool]]) -> list[Syllable]:
    return [
        (strength, number == 0, pause and number == 0)
        for pattern, pause in line
        for number, strength in enumerate(pattern)
    ]


def draw_line(draw: random.Random, metre: MetreAutomaton) -> list[tuple[Pattern, bool]]:
    """Return words whose syllables nearly fit a metre, each with whether a pause is before it."""
    strong, weak = sorted(IN_A_STRONG_PLACE), sorted(IN_A_WEAK_PLACE)
    fit = [draw.choice(strong if place == "S" else weak) for place in metre.template]
    for _ in range(draw.choice((0, 0, 1, 1, 2))):
        place = draw.randrange(len(fit) + 1)
        change = draw.randrange(5)
        if change == 0:
            fit.insert(place, draw.choice(list(Strength)))
        elif change == 1:
            del fit[place : place + 1]
        elif change == 2:
            fit[place : place + 2] = reversed(fit[place : place + 2])
        elif change == 3:
            fit.append(draw.choice(list(Strength)))
        elif fit:
            fit.pop(draw.choice((0, -1)))
    line: list[tuple[Pattern, bool]] = []
    while fit:
        length = draw.choice((1, 1, 2, 3))
        line.append((tuple(fit[:length]), not line or draw.random() < 0.2))
        del fit[:length]
    return line


@pytest.mark.parametrize("foot", list(PLACES))
def test_a_line_is_read_as_the_reference_reads_it(foot: str) -> None:
    draw = random.Random(foot)
    kept = 0
    seen: set[str] = set()
    for trial in range(2500):
        names = [name for name in LICENCES if trial % 5 == 0 or draw.random() < 0.5]
        metre = MetreAutomaton(foot, 1 + trial % 3, frozenset(names))
        line = draw_line(draw, metre)
        cheapest = sorted(ways(metre, syllables(line)))
        way = read(metre, line)
        if way is None:
            assert not cheapest, (metre, line)
            continue
        assert cheapest, (metre, line)
        best = [other[:3] for other in cheapest if other[0] == cheapest[0][0]]
        assert tuple(way) in best, (metre, line)
        kept += 1
        seen.update(way.names)
    assert kept > 500
    expected = {
        "iambic": {"feminine ending", "anapaestic substitution", "pyrrhic", "trochaic inversion",
                   "inversion within a phrase"},
        "trochaic": {"anapaestic substitution", "pyrrhic"},
        "anapaestic": {"feminine ending", "pyrrhic", "a syllable less"},
        "dactylic": {"pyrrhic", "a syllable less"},
        "amphibrachic": {"pyrrhic", "a syllable less"},
    }  # fmt: skip
    assert seen == expected[foot], "every substitution is looked at"


@pytest.mark.parametrize(("foot", "feet"), [("iambic", 1), ("trochaic", 1), ("dactylic", 1)])
def test_every_short_line_is_read_as_the_reference_reads_it(foot: str, feet: int) -> None:
    for allowed in ((), ("catalectic",), ("feminine", "headless"), tuple(LICENCES)):
        metre = MetreAutomaton(foot, feet, frozenset(allowed))
        for length in range(5):
            for line in product((PRIMARY, LEANING, SINGLE, ARTICLE), repeat=length):
                words: list[tuple[Pattern, bool]] = [
                    ((strength,), number == 0) for number, strength in enumerate(line)
                ]
                way = read(metre, words)
                assert (way is not None) == any(ways(metre, syllables(words)))


def test_the_feet_and_the_substitutions() -> None:
    assert FEET == PLACES
    assert str(MetreAutomaton("iambic", 5)) == "iambic pentameter"
    assert MetreAutomaton("anapaestic", 2).template == "WWSWWS"


def test_catalectic_lines_lose_only_what_follows_the_last_beat() -> None:
    metre = MetreAutomaton("dactylic", 1, frozenset({"catalectic"}))
    assert [read(metre, [((SINGLE,), False)] * length) is not None for length in range(5)] == [
        False, True, True, True, False,
    ]  # fmt: skip


def shortest_end(metre: MetreAutomaton, state: int) -> int:
    """Return the syllables of the shortest end of a line from a state, or -1."""
    reached = {state}
    for count in range(20):
        if any(map(metre.accepts, reached)):
            return count
        reached = {
            to
            for place in reached
            for strength in Strength
            for pause in (False, True)
            for to, *_ in metre.after(place, strength, begins=pause, pause=pause)
        }
    return -1


@pytest.mark.parametrize(
    ("foot", "feet", "allowed"),
    [
        ("iambic", 2, ("inversion", "feminine")),
        ("trochaic", 2, ("catalectic", "anapaest")),
        ("anapaestic", 2, ("headless", "iamb", "feminine")),
        ("dactylic", 2, ("catalectic", "iamb")),
        ("amphibrachic", 2, ("feminine", "headless", "catalectic")),
    ],
)
def test_the_tables_of_every_state(foot: str, feet: int, allowed: tuple[str, ...]) -> None:
    metre = MetreAutomaton(foot, feet, frozenset(allowed))
    tables = metre.tables()
    states = set(metre.start)
    while True:
        steps = {
            (state, 2 * strength + pause, to)
            for state in states
            for strength in Strength
            for pause in (False, True)
            for to, *_ in metre.after(state, strength, begins=pause, pause=pause)
        }
        more = states | {to for _, _, to in steps}
        if more == states:
            break
        states = more
    assert tables.numbers == tuple(sorted(states))
    assert chosen(tables, tables.start) == metre.start
    for place, state in enumerate(tables.numbers):
        assert tables.lasts[place] == shortest_end(metre, state)
        assert tables.accepting[place] == metre.accepts(state)
        assert tables.beyond[place] == (
            state not in metre.start
            and all(metre.after(state, each, begins=True, pause=True) == [] for each in Strength)
            and "feminine" in allowed
            and any(
                to == state and name == "feminine ending"
                for before in states
                for to, _, _, name in metre.after(before, LEANING, begins=True, pause=False)
            )
        )
        for letter in range(2 * len(Strength)):
            expected = {to for before, sound, to in steps if (before, sound) == (state, letter)}
            assert chosen(tables, tables.steps[letter, place]) == expected


def chosen(tables: Tables, states: NDArray[np.bool_]) -> set[int]:
    """Return the automaton's states that an array of its tables marks, (states,)."""
    return {tables.numbers[place] for place in np.flatnonzero(states)}


def test_a_word_in_the_tables_is_its_syllables_one_after_another() -> None:
    metre = MetreAutomaton("iambic", 2, frozenset({"inversion", "feminine"}))
    tables = metre.tables()
    trochee: Pattern = (PRIMARY, LEANING)
    (start,) = metre.start
    for pause in (False, True):
        reached = chosen(tables, tables.word(trochee, pause=pause)[tables.numbers.index(start)])
        assert reached == {step.to for step in metre.after_word(start, trochee, pause=pause)}
        assert bool(reached) == pause
    everywhere = np.eye(len(tables.numbers), dtype=np.bool_)
    assert (tables.word((), pause=True) == everywhere).all()


def said(phonemes: str) -> Pronunciation:
    return Pronunciation("word", tuple(phonemes.split()), "user")


@pytest.mark.parametrize(
    ("word", "phonemes", "pattern"),
    [
        ("upon", "AH0 P AA1 N", (SECONDARY, SECONDARY)),  # verse stresses either syllable
        ("upon", "P AA1 N", (SINGLE,)),
        ("almost", "AO1 L M S", (SINGLE,)),
        ("almost", "AO1 L AH0 M OW2 S", (PRIMARY, LEANING, SECONDARY)),
        ("a", "AH0", (ARTICLE,)),
        ("an", "AE1 N", (ARTICLE,)),
        ("of", "AH1 V", (LIGHT,)),
        ("stone", "S T OW1 N", (SINGLE,)),
        ("word", "AH0 N OW1", (LEANING, PRIMARY)),
        ("word", "AH2 N OW1", (SECONDARY, SECONDARY)),  # the rhythm rule
        ("word", "AH1 N OW2", (PRIMARY, SECONDARY)),
        ("word", "AH1 N OW1", (SECONDARY, SECONDARY)),  # two main stresses
        ("word", "AH2 N AH0 N OW1", (SECONDARY, LEANING, PRIMARY)),
        ("word", "AH0 N AH0 N OW1 N AH0 N AH0", (FREE, LEANING, PRIMARY, LEANING, FREE)),
        ("word", "AH2 N AH0 N AH0", (SECONDARY, FREE, FREE)),
        ("word", "AH0 N AH0", (FREE, FREE)),
        ("word", "AH2 N OW1 N AH0", (SECONDARY, SECONDARY, LEANING)),
    ],
)
def test_strengths_of_syllables(word: str, phonemes: str, pattern: Pattern) -> None:
    assert strengths(word, said(phonemes)) == pattern
