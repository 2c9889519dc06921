"""A line read under a metre: the reading that keeps it, or the one that comes nearest.

In: a line and a `MetreAutomaton`. Out: a `Reading`. The automaton is run over the words,
each in all its pronunciations; of the paths that end well the cheapest is taken, and
without one the path with the fewest breaches, each named.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from quatrain.form.metre import MetreAutomaton, strengths
from quatrain.records import Pronunciation
from quatrain.sound import Ear, Word, words

PAUSES = frozenset(',;:.!?—–-…()[]"“”')
BREACH = 100
"""What a breach costs a path, far above any licence."""

MOST_SYLLABLES = 40
"""A line of more words is not read: no metre is so long."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a line under a metre.

    Attributes:
        stress: marks of the syllables.
        said: the words with their pronunciations.
        licences: substitutions made and licences taken, in words.
        breaches: what breaks the metre, in words; empty if it is kept.
        distance: how many syllables break it.
    """

    stress: str
    said: tuple[tuple[Word, Pronunciation], ...]
    licences: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()
    distance: int = 0


_Way = tuple[int, str, int, tuple[str, ...], tuple[str, ...]]
"""A state, and the marks, cost, licences and breaches on the way to it."""


@dataclass(slots=True)
class _Path:
    cost: int
    stress: str
    said: tuple[tuple[Word, Pronunciation], ...]
    licences: tuple[str, ...]
    breaches: tuple[str, ...] = field(default=())


def read_line(text: str, metre: MetreAutomaton, ear: Ear) -> Reading:
    """The best reading of a line under a metre."""
    found = [word for word in words(text) if ear.pronounce(word.spoken)]
    best = None
    if len(found) <= MOST_SYLLABLES:
        best = _best(text, found, metre, ear, forgiving=False)
    if best is None and len(found) <= MOST_SYLLABLES:
        best = _best(text, found, metre, ear, forgiving=True)
    if best is None:
        told = f"a line of {len(found)} words: far from {metre}"
        return Reading("", (), breaches=(told,), distance=len(metre.template))
    return Reading(best.stress, best.said, best.licences, best.breaches, best.cost // BREACH)


def _best(
    text: str, found: list[Word], metre: MetreAutomaton, ear: Ear, *, forgiving: bool
) -> _Path | None:
    paths: dict[int, _Path] = {state: _Path(0, "", (), ()) for state in metre.start}
    before = 0
    for number, word in enumerate(found):
        pause = number == 0 or bool(PAUSES.intersection(text[before : word.start]))
        before = word.end
        grown: dict[int, _Path] = {}
        for state, path in paths.items():
            for rank, said in enumerate(ear.pronounce(word.spoken)):
                _grow(grown, state, path, word, said, rank, metre, pause, forgiving)
            if _elides(word, found, number, ear):
                _keep(grown, state, _Path(
                    path.cost + 3, path.stress, path.said,
                    (*path.licences, f"{word.text} elided before a vowel"), path.breaches,
                ))  # fmt: skip
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
                told = f"{missing} {'syllable' if missing == 1 else 'syllables'} short of {metre}"
                ended.append(_Path(path.cost + BREACH * missing, path.stress, path.said,
                                   path.licences, (*path.breaches, told)))  # fmt: skip
    return min(ended, key=lambda path: path.cost, default=None)


def _grow(
    grown: dict[int, _Path],
    state: int,
    path: _Path,
    word: Word,
    said: Pronunciation,
    rank: int,
    metre: MetreAutomaton,
    pause: bool,
    forgiving: bool,
) -> None:
    """Every way to take a word's syllables from a state."""
    cost = 0 if rank == 0 else 1 if said.confidence >= 0.5 else 2
    licence = (f"{word.text}: {said.note}",) if said.confidence < 0.5 and said.note else ()
    ways: list[_Way] = [(state, "", cost, licence, ())]
    for number, strength in enumerate(strengths(word.spoken, said)):
        further: list[_Way] = []
        for at, marks, so_far, licences, breaches in ways:
            steps = metre.after(at, strength, begins=number == 0, pause=pause and number == 0)
            for to, mark, extra, name in steps:
                named = (*licences, name) if name else licences
                further.append((to, marks + mark, so_far + extra, named, breaches))
            if forgiving and len(path.stress) + len(marks) < MOST_SYLLABLES:
                further += [
                    (to, marks + mark, so_far + BREACH, licences, (*breaches, told))
                    for to, mark, told in _breaches(at, word, said, number, metre,
                                                    len(path.stress) + len(marks) + 1)
                ]  # fmt: skip
        ways = further
    for at, marks, so_far, licences, breaches in ways:
        _keep(grown, at, _Path(
            path.cost + so_far, path.stress + marks, (*path.said, (word, said)),
            path.licences + licences, path.breaches + breaches,
        ))  # fmt: skip


def _keep(grown: dict[int, _Path], state: int, path: _Path) -> None:
    known = grown.get(state)
    if known is None or path.cost < known.cost:
        grown[state] = path


def _breaches(
    state: int,
    word: Word,
    said: Pronunciation,
    number: int,
    metre: MetreAutomaton,
    place: int,
) -> list[tuple[int, str, str]]:
    """How to go on where the metre forbids it."""
    at = state >> 2
    template = metre.template
    stressed = said.stress[number] in "12"
    quality = "stressed" if stressed else "unstressed"
    about = f"syllable {place}, {word.text!r} ({said})"
    if at >= len(template):
        return [(state, "+" if stressed else "-", f"{about}: one too many for {metre}")]
    wanted = "an unstressed" if template[at] == "W" else "a stressed"
    step = (at + 1) << 2 | state & 1
    mark = "+" if template[at] == "S" else "-"
    return [
        (step, mark, f"{about}: {quality} where {metre} wants {wanted} syllable"),
        (state, "+" if stressed else "-", f"{about}: one too many for {metre}"),
    ]


def _elides(word: Word, found: list[Word], number: int, ear: Ear) -> bool:
    """Whether the word may lose its only syllable before the next word's vowel."""
    if word.spoken not in ("the", "to") or number + 1 >= len(found):
        return False
    following = ear.pronounce(found[number + 1].spoken)
    return bool(following) and following[0].phonemes[0][-1].isdigit()


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
