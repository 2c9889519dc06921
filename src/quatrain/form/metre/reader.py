"""Reads a line under a metre: finds the reading that keeps it, or the nearest one.

In: a line and a `MetreAutomaton`. Out: a `LineReading`. The automaton runs over the words, each
in all its pronunciations (a shortest-path search over states). The cheapest path that ends in
an accepting state wins; if there is none, the path with the fewest breaches, each named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quatrain.form.metre.automaton import MetreAutomaton, Step
from quatrain.form.metre.reading import Breach, LineReading
from quatrain.form.metre.strength import UNSTRESSED, Pattern, Strength, strengths
from quatrain.records import Pronunciation
from quatrain.records.syllables import vowel_positions
from quatrain.sound import Ear, Word, is_pause, words

BREACH = 100
"""Cost of a breach of the metre: far above any licence, so that breaches are counted first."""

MAX_WORDS = 40
"""Words of the longest line that is read; no metre is that long."""

ELISION = 3
"""Cost of running the end of a word into the next word's vowel."""

WORD_CACHE_LIMIT = 200_000
"""Words whose options are cached; one more clears the cache, to bound memory."""

LINE_CACHE_LIMIT = 2000
"""Lines whose readings are cached; one more clears the cache, to bound memory."""


@dataclass(frozen=True, slots=True)
class Option:
    """A pattern a word may have, and the likeliest pronunciation that has it."""

    pattern: Pattern
    cost: int
    licences: tuple[str, ...]
    said: Pronunciation


@dataclass(frozen=True, slots=True)
class _Path:
    """The cheapest path to a state: its last step, and the path before that."""

    cost: int
    count: int
    before: _Path | None = None
    marks: str = ""
    word: Word | None = None
    said: Pronunciation | None = None
    licences: tuple[str, ...] = ()
    breaches: tuple[Breach, ...] = ()


class MetreReader:
    """Reads lines with one ear; the options of words and the readings of lines are cached."""

    def __init__(self, ear: Ear) -> None:
        self.ear = ear
        self._options: dict[str, tuple[Option, ...]] = {}
        self._readings: dict[tuple[str, MetreAutomaton], LineReading] = {}
        self._costs: dict[tuple[str, MetreAutomaton], int | None] = {}

    def read(self, text: str, metre: MetreAutomaton) -> LineReading:
        """Return the best reading of a line under a metre."""
        key = (text, metre)
        reading = self._readings.get(key)
        if reading is None:
            reading = self._read(text, metre)
            if len(self._readings) > LINE_CACHE_LIMIT:
                self._readings.clear()
            self._readings[key] = reading
        return reading

    def read_plainly(self, text: str, metre: MetreAutomaton) -> LineReading:
        """Return the nearest reading of a line that breaks a metre, its words said as usual.

        A licence in how a word is said may bring a line nearer to its metre, but doesn't explain to
        a reader what is wrong with it.
        """
        line = self._spoken_words(text)
        path = None
        if len(line) <= MAX_WORDS:
            path = self._best_path(text, line, metre, forgiving=True, plain=True)
        return self.read(text, metre) if path is None else _reading(path)

    def cost(self, text: str, metre: MetreAutomaton) -> int | None:
        """Return the cost of the licences that a line takes to keep a metre; None if it doesn't."""
        key = (text, metre)
        if key not in self._costs:
            line = self._spoken_words(text)
            path = None
            if len(line) <= MAX_WORDS:
                path = self._best_path(text, line, metre, forgiving=False)
            if len(self._costs) > LINE_CACHE_LIMIT:
                self._costs.clear()
            self._costs[key] = None if path is None else path.cost
        return self._costs[key]

    def may_go_on(self, text: str, metre: MetreAutomaton) -> bool:
        """Return whether a text is the beginning of lines that keep a metre, and not yet one."""
        line = self._spoken_words(text)
        if len(line) > MAX_WORDS or self.cost(text, metre) is not None:
            return False
        states = self._paths(text, line, metre, forgiving=False)
        return any(metre.place(state) < len(metre.template) for state in states)

    def count(self, text: str) -> int:
        """Return the number of syllables of a line as most people say it."""
        words_said = self._spoken_words(text)
        return sum(self.options(word.spoken)[0].said.syllables for word in words_said)

    def words_within_line(self, token: str) -> tuple[str, ...]:
        """Return the words that a token is said as within a line; none if it is more than words.

        A compound is several words, and an abbreviation is said in full. Hyphens may stand between
        words, but no other mark and no sign that is silent.
        """
        framed = f"the {token} and"
        line = words(framed)
        said = {place for word in line for place in range(word.start, word.end)}
        silent = {sign for place, sign in enumerate(framed) if place not in said}
        return () if silent - {" ", "-"} else tuple(word.spoken for word in line[1:-1])

    def guesses(self, text: str) -> list[tuple[str, Pronunciation]]:
        """Return the words of a line that are pronounced by a guess, each with the likeliest."""
        ways = [(word.text, self.ear.pronounce(word.spoken)) for word in words(text)]
        return [(word, said[0]) for word, said in ways if said and said[0].guessed]

    def _spoken_words(self, text: str) -> list[Word]:
        """Return the words of a line that have a pronunciation."""
        return [word for word in words(text) if self.options(word.spoken)]

    def options(self, spoken: str) -> tuple[Option, ...]:
        """Return the patterns a word may have, the likeliest first, each once."""
        options = self._options.get(spoken)
        if options is None:
            by_pattern: dict[Pattern, Option] = {}
            for rank, said in enumerate(self.ear.pronounce(spoken)):
                # A variant that a rule made, or a second guess, is a licence with a name.
                loose = said.note != "" and said.source in ("rule", "guessed") and rank > 0
                cost = 0 if rank == 0 else 2 if loose else 1
                licences = (f"{spoken}: {said.note}",) if loose else ()
                pattern = strengths(spoken, said)
                by_pattern.setdefault(pattern, Option(pattern, cost, licences, said))
            options = tuple(by_pattern.values())
            if len(self._options) >= WORD_CACHE_LIMIT:
                self._options.clear()
            self._options[spoken] = options
        return options

    def _read(self, text: str, metre: MetreAutomaton) -> LineReading:
        line = self._spoken_words(text)
        best = None
        if len(line) <= MAX_WORDS:
            best = self._best_path(text, line, metre, forgiving=False)
            if best is None:
                best = self._best_path(text, line, metre, forgiving=True)
        if best is None:
            why = f"a line of {len(line)} words is far from it"
            breach = Breach("long", 0, len(metre.template), why)
            return LineReading("", (), broken=(breach,), distance=len(metre.template))
        return _reading(best)

    def _best_path(
        self,
        text: str,
        line: list[Word],
        metre: MetreAutomaton,
        *,
        forgiving: bool,
        plain: bool = False,
    ) -> _Path | None:
        """Return the cheapest path through the automaton, or None; the arguments are `_paths`'."""
        paths = self._paths(text, line, metre, forgiving=forgiving, plain=plain)
        complete = []
        for state, path in paths.items():
            if metre.accepts(state):
                complete.append(path)
            elif forgiving:
                missing = len(metre.template) - metre.place(state)
                if missing > 0:
                    told = f"it is {missing} syllable{'s' if missing > 1 else ''} short"
                    breach = Breach("short", path.count, missing, told)
                    complete.append(
                        _Path(path.cost + BREACH * missing, path.count, path, breaches=(breach,))
                    )
        return min(complete, key=lambda path: path.cost, default=None)

    def _paths(
        self,
        text: str,
        line: list[Word],
        metre: MetreAutomaton,
        *,
        forgiving: bool,
        plain: bool = False,
    ) -> dict[int, _Path]:
        """Return the cheapest path to each state in which a text may end.

        Args:
            text: the line.
            line: its words.
            metre: the metre.
            forgiving: whether a path may break the metre, at a cost.
            plain: whether words are said without licences.
        """
        paths = {state: _Path(0, 0) for state in metre.start}
        end_of_last = 0
        for number, word in enumerate(line):
            pause = number == 0 or is_pause(text[end_of_last : word.start])
            end_of_last = word.end
            options = [*self.options(word.spoken), *self._elided(text, line, number)]
            if plain:
                options = [option for option in options if not option.licences]
            longer: dict[int, _Path] = {}
            for state, path in paths.items():
                for option in options:
                    for step in metre.after_word(state, option.pattern, pause=pause):
                        _extend(longer, path, step, word, option)
                    if forgiving:
                        for step, why in _broken(metre, state, option, word, path.count, pause):
                            _extend(longer, path, step, word, option, why)
            paths = longer
            if not paths:
                break
        return paths

    def _elided(self, text: str, line: list[Word], number: int) -> Iterator[Option]:
        """Yield the word with its last vowel run into the next word's: th' eternal, many a.

        Bridges (Milton's Prosody, 1921): *the* and *to*, and an unstressed last vowel spelled y
        or ow, with no punctuation between.
        """
        if number + 1 >= len(line):
            return
        word, after = line[number], line[number + 1]
        between = text[word.end : after.start]
        if is_pause(between) or "-" in between:
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
                cost = option.cost + ELISION
                yield Option(option.pattern[:-1], cost, option.licences + licence, option.said)


def _reading(best: _Path) -> LineReading:
    """Return the reading that a path through the automaton stands for."""
    steps = []
    path: _Path | None = best
    while path is not None:
        steps.append(path)
        path = path.before
    steps.reverse()
    return LineReading(
        "".join(step.marks for step in steps),
        tuple((step.word, step.said) for step in steps if step.word and step.said),
        tuple(name for step in steps for name in step.licences),
        tuple(breach for step in steps for breach in step.breaches),
        best.cost // BREACH,
        tuple(
            step.word.start + place
            for step in steps
            if step.word
            for place in vowel_positions(step.word.text, len(step.marks))
        ),
        tuple(len(step.marks) for step in steps if step.word and step.said),
    )


def _extend(
    paths: dict[int, _Path],
    path: _Path,
    step: Step,
    word: Word,
    option: Option,
    breaches: tuple[Breach, ...] = (),
) -> None:
    """Add a step to a path, and put it into `paths` if none to that state is as cheap."""
    cost = path.cost + step.cost + option.cost
    known = paths.get(step.to)
    if known is None or cost < known.cost:
        paths[step.to] = _Path(
            cost,
            path.count + len(step.marks),
            path,
            step.marks,
            word,
            option.said,
            option.licences + step.licences,
            breaches,
        )


_BrokenStep = tuple[Step, tuple[Breach, ...]]
"""A step, and the breaches on it."""


def _broken(
    metre: MetreAutomaton, state: int, option: Option, word: Word, before: int, pause: bool
) -> list[_BrokenStep]:
    """Return the steps over a word that break the metre, the cheapest to each state.

    Args:
        metre: the metre.
        state: the state before the word.
        option: the pattern and the pronunciation of the word.
        word: the word.
        before: number of syllables before it in the line.
        pause: whether punctuation, or the start of the line, stands before it.
    """
    steps: list[_BrokenStep] = [(Step(state, "", 0, ()), ())]
    for number, strength in enumerate(option.pattern):
        further: dict[int, _BrokenStep] = {}
        for step, breaches in steps:
            first = number == 0
            place = before + number + 1
            choices: list[tuple[int, str, int, tuple[str, ...], tuple[Breach, ...]]] = [
                (to, mark, cost, (name,) if name else (), ())
                for to, mark, cost, name in metre.after(
                    step.to, strength, begins=first, pause=pause and first
                )
            ]
            choices += [
                (to, mark, BREACH + _weight(why, mark), (), (why,))
                for to, mark, why in _breaches(metre, step.to, word, option, number, place)
            ]
            for to, mark, cost, names, why in choices:
                known = further.get(to)
                if known is None or step.cost + cost < known[0].cost:
                    next_step = Step(to, step.marks + mark, step.cost + cost, step.licences + names)
                    further[to] = (next_step, breaches + why)
        steps = list(further.values())
    return [(step, breaches) for step, breaches in steps if breaches]


def _weight(breach: Breach, mark: str) -> int:
    """Return by how much one breach is likelier than another: a stress is seldom too many."""
    return 1 if breach.kind == "extra" and mark == "+" else 0


def _breaches(
    metre: MetreAutomaton, state: int, word: Word, option: Option, number: int, place: int
) -> list[tuple[int, str, Breach]]:
    """Return the transitions over one syllable that the metre forbids, with what they break."""
    position = metre.place(state)
    template = metre.template
    said = option.said
    stressed = said.stress[number] in "12"
    quality = "stressed" if stressed else "unstressed"
    syllable = f"syllable {place}, in {word.text!r} ({said}),"
    extra = (
        state,
        "+" if stressed else "-",
        Breach("extra", place - 1, 1, f"{syllable} is one too many"),
    )
    if position >= len(template):
        return [extra]
    expected = "an unstressed" if template[position] == "W" else "a stressed"
    mark = "+" if template[position] == "S" else "-"
    light = option.pattern[number] in UNSTRESSED | {Strength.STRESSABLE}
    why = metre.too_light(state) if light else ""
    kind = "light" if why else "stressed" if stressed else "weak"
    why = why or f"is {quality} where the metre has {expected} syllable"
    breach = Breach(kind, place - 1, 1, f"{syllable} {why}")
    return [(metre.after_breach(state), mark, breach), extra]
