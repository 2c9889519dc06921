"""Which lines of a poem rhyme.

In: a poem. Out: its rhyme scheme. Within a stanza, the scheme is the one that makes the
log odds of its rhymes (of a group of k lines, k - 1 times their mean) plus the weighted log of
its own probability largest, among the schemes stanzas of its length are known to have and the
one found by joining the best pairs first. So a stanza of a common shape forgives one odd pair.
Rhymes run on into later stanzas where their sounds leave no doubt, as in terza rima.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import combinations
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from quatrain.records import Poem, RhymeLink, RhymeScheme, Verse, as_poem
from quatrain.sound.rhyme.endings import End, end_of
from quatrain.sound.rhyme.rhymer import Rhymer

REACH = 14
"""Lines between which a rhyme inside a stanza is looked for."""

RUN_ON = 3.0
"""Log odds from which a rhyme with the stanza before counts; `scripts/train_rhyme.py`."""

BACK = 8
"""Lines back in which such a rhyme is looked for."""

REMEMBERED = 200_000
"""Ends of lines kept in memory."""

NEW = -8.0
"""What a scheme counts that the stanzas learned from do not show."""

CERTAIN = 3.5
"""Log odds above which a pair counts no more: a good rhyme is no better than a fair one."""

NEVER = -9.0
"""Log odds below which a pair counts no more against a scheme."""

USUAL = 1.5
"""The weight of how usual a scheme is, and a distance. `scripts/train_rhyme.py` set these."""

TRADITIONAL = (
    "AxA", "AABBA", "AAABAB", "ABABBCC", "ABABABCC", "ABAAABAB", "ABABBCBCC", "AAxA", "ABBA",
    "ABABCC", "CDECDE", "ABBAABBA", "ABABCDCDEFEFGG", "ABABBCBCCDCDEE", "ABBAABBACDECDE",
    "ABBAABBACDCDCD", "ABBAABBACDCDEE", "ABBACDDCEFGEFG", "ABBACDDCEFEFEF", "ABBACDDCEFEFGG",
    "ABABCDECDE",
)  # fmt: skip
"""Terza rima, the limerick, Burns's stanza, rhyme royal, ottava rima, the triolet, Spenser's
stanza, the rubai, the sonnets and their parts, and Keats's odes: known whatever was learned."""

TRADITION = 0.05
"""The share of the stanzas of its length that such a scheme has at least."""

Odds = NDArray[np.float64]


class Schemer:
    """Finds schemes, with a rhymer and what is known of schemes."""

    def __init__(
        self,
        rhymer: Rhymer | None = None,
        schemes: dict[str, int] | None = None,
        distances: Sequence[float] | None = None,
    ) -> None:
        self._rhymer = rhymer or Rhymer()
        if schemes is None or distances is None:
            schemes, distances = _shipped()
        self._distances = list(distances)
        self._ends: dict[str, End | None] = {}
        by_length: dict[int, list[tuple[list[int], float]]] = defaultdict(list)
        for scheme, count in _with_tradition(schemes).items():
            by_length[len(scheme)].append((_numbers(scheme), count))
        self._known: dict[int, tuple[Odds, NDArray[np.float64]]] = {}
        for length, known in by_length.items():
            places = np.array([numbers for numbers, _ in known])
            counts = np.array([count for _, count in known], np.float64)
            chances = USUAL * np.log(counts / (counts.sum() + len(known)))
            self._known[length] = (_shares(places).reshape(len(known), -1), chances)
        self._places = {length: [n for n, _ in known] for length, known in by_length.items()}

    def scheme(self, poem: Poem, *, links: bool = True) -> RhymeScheme:
        """The rhyme scheme of a poem.

        Args:
            poem: the poem.
            links: whether to give the evidence for every link, which takes longer.
        """
        ends: list[End | None] = []
        groups: list[int] = []
        for stanza in poem.stanzas:
            stanza_ends = [self._end(line.text) for line in stanza]
            found = self.stanza(stanza_ends)
            groups += self._joined(ends, groups, stanza_ends, found)
            ends += stanza_ends
        return self._lettered([line.text for line in poem.lines], groups, links)

    def _end(self, line: str) -> End | None:
        """The end of a line, remembered by its last words."""
        key = line[line.rfind(" ", 0, max(0, len(line) - 40)) + 1 :]
        if key not in self._ends:
            if len(self._ends) >= REMEMBERED:
                self._ends.clear()
            self._ends[key] = end_of(key, self._rhymer.ear)
        return self._ends[key]

    def stanza(self, ends: Sequence[End | None]) -> list[int]:
        """A number per line, the same for lines that rhyme."""
        odds = self._odds(ends)
        return self._best(odds)

    def _odds(self, ends: Sequence[End | None]) -> Odds:
        count = len(ends)
        odds = np.full((count, count), -np.inf)
        for first, second in combinations(range(count), 2):
            one, other = ends[first], ends[second]
            if second - first <= REACH and one is not None and other is not None:
                odds[first, second] = self._rhymer.odds(one, other)
        return odds

    def _best(self, odds: Odds) -> list[int]:
        count = len(odds)
        joined = self._join(odds)
        if count not in self._known:
            return joined
        bounded = np.clip(odds, NEVER, CERTAIN)
        own = float((_shares(np.array([joined]))[0] * bounded).sum()) + NEW
        known, chances = self._known[count]
        scores = known @ bounded.ravel() + chances
        top = int(np.argmax(scores))
        return self._places[count][top] if scores[top] >= own else joined

    def _join(self, odds: Odds) -> list[int]:
        """Join the best pairs first, as long as it is likelier than not."""
        count = len(odds)
        group = list(range(count))
        distances = np.array(
            [self._distances[min(d, len(self._distances) - 1)] for d in range(count)]
        )
        pairs = []
        for first, second in combinations(range(count), 2):
            gain = odds[first, second] + USUAL * distances[second - first]
            if gain > 0:
                pairs.append((-gain, first, second))
        for _, first, second in sorted(pairs):
            a, b = group[first], group[second]
            if a == b:
                continue
            ones = [place for place in range(count) if group[place] == a]
            others = [place for place in range(count) if group[place] == b]
            between = [
                odds[min(i, j), max(i, j)] for i in ones for j in others if abs(i - j) <= REACH
            ]
            if np.mean(np.maximum(between, -8.0)) > 0:
                group = [a if each == b else each for each in group]
        return group

    def _joined(
        self,
        ends: list[End | None],
        groups: list[int],
        stanza_ends: list[End | None],
        found: list[int],
    ) -> list[int]:
        """The stanza's numbers, those of rhymes that run on taken from before."""
        fresh = max(groups, default=-1) + 1
        start = len(groups)
        names: dict[int, int] = {}
        for number in dict.fromkeys(found):
            members = [place for place, each in enumerate(found) if each == number]
            best, taken = RUN_ON, None
            for place in members:
                one = stanza_ends[place]
                for earlier in range(max(0, start + place - BACK), start):
                    other = ends[earlier]
                    if one is None or other is None or groups[earlier] in names.values():
                        continue
                    odds = self._rhymer.odds(other, one)
                    if odds > best:
                        best, taken = odds, groups[earlier]
            if taken is None:
                taken, fresh = fresh, fresh + 1
            names[number] = taken
        return [names[number] for number in found]

    def _lettered(self, lines: Sequence[str], groups: Sequence[int], linked: bool) -> RhymeScheme:
        sizes: dict[int, int] = defaultdict(int)
        for group in groups:
            sizes[group] += 1
        letters: dict[int, str] = {}
        named: list[str | None] = []
        links = []
        latest: dict[int, int] = {}
        for place, group in enumerate(groups):
            if sizes[group] < 2:
                named.append(None)
                continue
            letters.setdefault(group, letter(len(letters)))
            named.append(letters[group])
            if linked and group in latest:
                before = latest[group]
                rhyme = self._rhymer.rhyme_lines(lines[before], lines[place])
                links.append(RhymeLink(before, place, rhyme))
            latest[group] = place
        return RhymeScheme(tuple(named), tuple(links))


def _with_tradition(schemes: dict[str, int]) -> dict[str, float]:
    """Counts of schemes, those of tradition no rarer than `TRADITION`."""
    stanzas = Counter[int]()
    for scheme, count in schemes.items():
        stanzas[len(scheme)] += count
    least = {each: max(1.0, TRADITION * stanzas[len(each)]) for each in TRADITIONAL}
    return {
        each: max(schemes.get(each, 0), least.get(each, 0))
        for each in dict.fromkeys([*schemes, *least])
    }


def _shares(places: NDArray[np.intp]) -> Odds:
    """What each pair of lines counts in each scheme, (schemes, lines, lines), 2 / k of k lines."""
    same = places[:, :, None] == places[:, None, :]
    above = np.triu(np.ones(same.shape[1:], bool), 1)
    shares: Odds = np.where(same & above, 2.0 / same.sum(axis=2)[:, :, None], 0.0)
    return shares


def letter(number: int) -> str:
    """A, B, ... Z, A2, B2, ..."""
    again, place = divmod(number, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(again + 1) if again else "")


def _numbers(scheme: str) -> list[int]:
    """ABAB to 0, 1, 0, 1; an x rhymes with nothing."""
    return [place if each == "x" else scheme.index(each) for place, each in enumerate(scheme)]


@cache
def _shipped() -> tuple[dict[str, int], list[float]]:
    path = resources.files("quatrain.sound") / "data" / "rhyme.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    return found["schemes"], found["distances"]


@cache
def _schemer() -> Schemer:
    return Schemer()


def rhyme_scheme(poem: Verse) -> RhymeScheme:
    """The rhyme scheme of a poem, letters running through all its stanzas."""
    return _schemer().scheme(as_poem(poem))
