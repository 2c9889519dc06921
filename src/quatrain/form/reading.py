"""A line read under a metre: the reading that keeps it, or the one that comes nearest.

In: a line and a `MetreAutomaton`. Out: a `Reading`. The automaton is run over the words,
each in all its pronunciations; of the paths that end well the cheapest is taken, and
without one the path with the fewest breaches, each named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quatrain.form.metre import MetreAutomaton, Pattern, Step, strengths
from quatrain.records import Pronunciation
from quatrain.records.syllables import vowel_positions
from quatrain.sound import Ear, Word, words

PAUSES = frozenset(',;:.!?—–-…()[]"“”')
BREACH = 100
"""What a breach costs a path, far above any licence."""

MOST_WORDS = 40
"""A line of more words is not read: no metre is so long."""

ELISION = 3
"""What it costs to run the end of a word into the next word's vowel."""

REMEMBERED = 200_000
"""Words whose options are remembered; past so many all are forgotten, to bound memory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a line under a metre.

    Attributes:
        stress: marks of the syllables.
        said: the words with their pronunciations.
        licences: substitutions made and licences taken, in words.
        breaches: what breaks the metre, in words; empty if it is kept.
        distance: how many syllables break it.
        places: where in the line the vowel of each syllable stands, for a mark above it.
    """

    stress: str
    said: tuple[tuple[Word, Pronunciation], ...]
    licences: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()
    distance: int = 0
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One pattern a word may bring, and the likeliest pronunciation that brings it."""

    pattern: Pattern
    cost: int
    licences: tuple[str, ...]
    said: Pronunciation


@dataclass(frozen=True, slots=True)
class _Path:
    """The cheapest way so far to a state: its last step, and the path before it."""

    cost: int
    count: int
    before: _Path | None = None
    marks: str = ""
    word: Word | None = None
    said: Pronunciation | None = None
    licences: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()


class Reader:
    """Reads lines with one ear; what a word may bring is remembered."""

    def __init__(self, ear: Ear) -> None:
        self.ear = ear
        self._options: dict[str, tuple[Option, ...]] = {}
        self._readings: dict[tuple[str, MetreAutomaton], Reading] = {}

    def read(self, text: str, metre: MetreAutomaton) -> Reading:
        """The best reading of a line under a metre."""
        key = (text, metre)
        reading = self._readings.get(key)
        if reading is None:
            reading = self._read(text, metre)
            if len(self._readings) > 2000:
                self._readings.clear()
            self._readings[key] = reading
        return reading

    def options(self, spoken: str) -> tuple[Option, ...]:
        """The patterns a word may bring to a metre, the likeliest first, each once."""
        found = self._options.get(spoken)
        if found is None:
            by_pattern: dict[Pattern, Option] = {}
            for rank, said in enumerate(self.ear.pronounce(spoken)):
                loose = said.note != "" and said.source in ("rule", "guessed") and rank > 0
                cost = 0 if rank == 0 else 2 if loose else 1
                licences = (f"{spoken}: {said.note}",) if loose else ()
                pattern = strengths(spoken, said)
                by_pattern.setdefault(pattern, Option(pattern, cost, licences, said))
            found = tuple(by_pattern.values())
            if len(self._options) >= REMEMBERED:
                self._options.clear()
            self._options[spoken] = found
        return found

    def _read(self, text: str, metre: MetreAutomaton) -> Reading:
        found = [word for word in words(text) if self.options(word.spoken)]
        best = None
        if len(found) <= MOST_WORDS:
            best = self._best(text, found, metre, forgiving=False)
            if best is None:
                best = self._best(text, found, metre, forgiving=True)
        if best is None:
            told = f"a line of {len(found)} words: far from {metre}"
            return Reading("", (), breaches=(told,), distance=len(metre.template))
        steps = []
        path: _Path | None = best
        while path is not None:
            steps.append(path)
            path = path.before
        steps.reverse()
        return Reading(
            "".join(each.marks for each in steps),
            tuple((each.word, each.said) for each in steps if each.word and each.said),
            tuple(name for each in steps for name in each.licences),
            tuple(told for each in steps for told in each.breaches),
            best.cost // BREACH,
            tuple(
                each.word.start + place
                for each in steps
                if each.word
                for place in vowel_positions(each.word.text, len(each.marks))
            ),
        )

    def _best(
        self, text: str, found: list[Word], metre: MetreAutomaton, *, forgiving: bool
    ) -> _Path | None:
        paths = {state: _Path(0, 0) for state in metre.start}
        before = 0
        for number, word in enumerate(found):
            pause = number == 0 or not PAUSES.isdisjoint(text[before : word.start])
            before = word.end
            options = [*self.options(word.spoken), *self._elided(text, found, number)]
            grown: dict[int, _Path] = {}
            for state, path in paths.items():
                for option in options:
                    for step in metre.after_word(state, option.pattern, pause=pause):
                        _keep(grown, path, step, word, option)
                    if forgiving:
                        for step, why in _broken(metre, state, option, word, path.count, pause):
                            _keep(grown, path, step, word, option, why)
            paths = grown
            if not paths:
                return None
        ended = []
        for state, path in paths.items():
            if metre.accepts(state):
                ended.append(path)
            elif forgiving:
                missing = len(metre.template) - (state >> 2)
                if missing > 0:
                    told = f"{missing} syllable{'s' if missing > 1 else ''} short of {metre}"
                    ended.append(
                        _Path(path.cost + BREACH * missing, path.count, path, breaches=(told,))
                    )
        return min(ended, key=lambda path: path.cost, default=None)

    def _elided(self, text: str, found: list[Word], number: int) -> Iterator[Option]:
        """The word with its last vowel run into the next word's: th' eternal, many a.

        Bridges (Milton's Prosody, 1921): of *the* and *to*, and of an unstressed last vowel of
        y or ow, with no punctuation between.
        """
        if number + 1 >= len(found):
            return
        word, after = found[number], found[number + 1]
        if not PAUSES.isdisjoint(text[word.end : after.start]):
            return
        following = self.options(after.spoken)[0].said.phonemes
        if not following or not following[0][-1].isdigit():
            return
        licence = (f"{word.text} elided before a vowel",)
        if word.spoken in ("the", "to"):
            option = self.options(word.spoken)[0]
            yield Option((), ELISION, licence, option.said)
            return
        for option in self.options(word.spoken):
            last = option.said.phonemes[-1]
            if last in ("IY0", "OW0") and len(option.pattern) > 1:
                yield Option(option.pattern[:-1], option.cost + ELISION,
                             option.licences + licence, option.said)  # fmt: skip


def _keep(
    grown: dict[int, _Path],
    path: _Path,
    step: Step,
    word: Word,
    option: Option,
    breaches: tuple[str, ...] = (),
) -> None:
    cost = path.cost + step.cost + option.cost
    known = grown.get(step.to)
    if known is None or cost < known.cost:
        grown[step.to] = _Path(
            cost, path.count + len(step.marks), path, step.marks, word, option.said,
            option.licences + step.licences, breaches,
        )  # fmt: skip


_Way = tuple[Step, tuple[str, ...]]


def _broken(
    metre: MetreAutomaton, state: int, option: Option, word: Word, before: int, pause: bool
) -> list[_Way]:
    """The ways to take a word that break the metre at least once, the cheapest to each state."""
    ways: list[_Way] = [(Step(state, "", 0, ()), ())]
    for number, strength in enumerate(option.pattern):
        further: dict[int, _Way] = {}
        for way, told in ways:
            first = number == 0
            place = before + number + 1
            choices: list[tuple[int, str, int, tuple[str, ...], tuple[str, ...]]] = [
                (to, mark, cost, (name,) if name else (), ())
                for to, mark, cost, name in metre.after(
                    way.to, strength, begins=first, pause=pause and first
                )
            ]
            choices += [
                (to, mark, BREACH, (), (why,))
                for to, mark, why in _breaches(metre, way.to, word, option.said, number, place)
            ]
            for to, mark, cost, names, why in choices:
                known = further.get(to)
                if known is None or way.cost + cost < known[0].cost:
                    step = Step(to, way.marks + mark, way.cost + cost, way.licences + names)
                    further[to] = (step, told + why)
        ways = list(further.values())
    return [way for way in ways if way[1]]


def _breaches(
    metre: MetreAutomaton, state: int, word: Word, said: Pronunciation, number: int, place: int
) -> list[tuple[int, str, str]]:
    """How to go on where the metre forbids it."""
    at = state >> 2
    template = metre.template
    stressed = said.stress[number] in "12"
    quality = "stressed" if stressed else "unstressed"
    about = f"syllable {place}, {word.text!r} ({said})"
    extra = (state, "+" if stressed else "-", f"{about}: one too many for {metre}")
    if at >= len(template):
        return [extra]
    wanted = "an unstressed" if template[at] == "W" else "a stressed"
    step = (at + 1) << 2 | state & 1
    mark = "+" if template[at] == "S" else "-"
    return [(step, mark, f"{about}: {quality} where {metre} wants {wanted} syllable"), extra]


def syllable_counts(text: str, ear: Ear) -> tuple[set[int], int]:
    """The numbers of syllables a line may have, and the likeliest."""
    totals = {0}
    likeliest = 0
    for word in words(text):
        ways = ear.pronounce(word.spoken)
        if not ways:
            continue
        counts = {said.syllables for said in ways}
        totals = {total + count for total in totals for count in counts}
        likeliest += ways[0].syllables
        if max(totals) > 2000:
            break
    return totals, likeliest
