"""The rhyme scheme of a poem.

In: a poem. Out: which of its lines rhyme. The scheme of a stanza has the highest score. A
scheme's score is the log odds of its rhymes (of a group of k lines, k - 1 times their mean) plus
the weighted log frequency of the scheme. The schemes compared are those that stanzas of this
length are known to have, and the one made by joining the best pairs first. So a stanza of a
common shape forgives one odd pair. Rhymes continue in later stanzas where their sounds leave no
doubt, as in terza rima.
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
from quatrain.sound.rhyme.endings import Ending, ending_of
from quatrain.sound.rhyme.rhymer import Rhymer

MAX_DISTANCE = 14
"""Largest distance, in lines, between two lines of a stanza that may rhyme."""

EARLIER_STANZA_ODDS = 3.0
"""Log odds from which a rhyme with an earlier stanza counts; set by `scripts/train_rhyme.py`."""

EARLIER_LINES = 8
"""Lines back among which a rhyme with an earlier stanza is looked for."""

CACHE_LIMIT = 200_000
"""Most endings of lines kept in memory; one more clears the cache."""

UNKNOWN_SCHEME = -8.0
"""Weighted log frequency of a scheme that no stanza is known to have."""

BEST_ODDS = 3.5
"""Log odds above which a pair counts no more: a good rhyme is no better than a fair one."""

WORST_ODDS = -9.0
"""Log odds below which a pair counts no more against a scheme."""

PRIOR_WEIGHT = 1.5
"""Weight of a scheme's log frequency, and of a distance's. `scripts/train_rhyme.py` set these."""

WORST_MEAN_ODDS = -8.0
"""Log odds below which a pair counts no more in the mean of two groups to be joined."""

TRADITIONAL_SCHEMES = (
    "AxA", "AABBA", "AAABAB", "ABABBCC", "ABABABCC", "ABAAABAB", "ABABBCBCC", "AAxA", "ABBA",
    "ABABCC", "CDECDE", "ABBAABBA", "ABABCDCDEFEFGG", "ABABBCBCCDCDEE", "ABBAABBACDECDE",
    "ABBAABBACDCDCD", "ABBAABBACDCDEE", "ABBACDDCEFGEFG", "ABBACDDCEFEFEF", "ABBACDDCEFEFGG",
    "ABABCDECDE",
)  # fmt: skip
"""Schemes that are known without having been learned: terza rima, the limerick, Burns's stanza,
rhyme royal, ottava rima, the triolet, Spenser's stanza, the rubai, the sonnets and their parts,
and Keats's odes."""

TRADITIONAL_SHARE = 0.05
"""Share of the stanzas of its length that a traditional scheme is taken to have, at least."""

LogOdds = NDArray[np.float64]
"""Log odds of each pair of lines of a stanza, (lines, lines), above the diagonal."""


class Schemer:
    """Finds rhyme schemes.

    Args:
        rhymer: gives the log odds of pairs.
        schemes: known schemes and in how many stanzas they were seen.
        distances: log share of rhymes by how many lines they are apart; both as
            `scripts/train_rhyme.py` counts them.
    """

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
        self._endings: dict[str, Ending | None] = {}
        by_length: dict[int, list[tuple[list[int], float]]] = defaultdict(list)
        for scheme, count in _with_traditional(schemes).items():
            by_length[len(scheme)].append((_group_numbers(scheme), count))
        # By length: (shares of pairs, (schemes, lines * lines); log frequencies, (schemes,))
        self._known: dict[int, tuple[LogOdds, NDArray[np.float64]]] = {}
        for length, known in by_length.items():
            groups = np.array([numbers for numbers, _ in known])
            counts = np.array([count for _, count in known], np.float64)
            log_frequency = PRIOR_WEIGHT * np.log(counts / (counts.sum() + len(known)))
            self._known[length] = (_pair_shares(groups).reshape(len(known), -1), log_frequency)
        self._groups = {length: [n for n, _ in known] for length, known in by_length.items()}

    def scheme(self, poem: Poem, *, links: bool = True) -> RhymeScheme:
        """Return the rhyme scheme of a poem.

        Args:
            poem: the poem.
            links: whether to give the reason for every link, which takes longer.
        """
        endings: list[Ending | None] = []
        groups: list[int] = []
        for stanza in poem.stanzas:
            stanza_endings = [self._ending(line.text) for line in stanza]
            stanza_groups = self.stanza(stanza_endings)
            groups += self._continue_rhymes(endings, groups, stanza_endings, stanza_groups)
            endings += stanza_endings
        return self._label([line.text for line in poem.lines], groups, links)

    def _ending(self, line: str) -> Ending | None:
        """Return the ending of a line, remembered by its last words."""
        key = line[line.rfind(" ", 0, max(0, len(line) - 40)) + 1 :]
        if key not in self._endings:
            if len(self._endings) >= CACHE_LIMIT:
                self._endings.clear()
            self._endings[key] = ending_of(key, self._rhymer.ear)
        return self._endings[key]

    def stanza(self, endings: Sequence[Ending | None]) -> list[int]:
        """Return a group number per line, the same for lines that rhyme."""
        return self._best_groups(self._pair_odds(endings))

    def _pair_odds(self, endings: Sequence[Ending | None]) -> LogOdds:
        count = len(endings)
        odds = np.full((count, count), -np.inf)
        for first, second in combinations(range(count), 2):
            one, other = endings[first], endings[second]
            if second - first <= MAX_DISTANCE and one is not None and other is not None:
                odds[first, second] = self._rhymer.log_odds(one, other)
        return odds

    def _best_groups(self, odds: LogOdds) -> list[int]:
        """Return the groups of the scheme with the highest score."""
        count = len(odds)
        greedy = self._greedy_groups(odds)
        if count not in self._known:
            return greedy
        bounded = np.clip(odds, WORST_ODDS, BEST_ODDS)
        greedy_score = float((_pair_shares(np.array([greedy]))[0] * bounded).sum()) + UNKNOWN_SCHEME
        shares, log_frequency = self._known[count]
        scores = shares @ bounded.ravel() + log_frequency
        best = int(np.argmax(scores))
        return self._groups[count][best] if scores[best] >= greedy_score else greedy

    def _greedy_groups(self, odds: LogOdds) -> list[int]:
        """Return the groups that joining the best pairs first gives, while joining is likely."""
        count = len(odds)
        groups = list(range(count))
        distances = np.array(
            [self._distances[min(d, len(self._distances) - 1)] for d in range(count)]
        )
        pairs = []
        for first, second in combinations(range(count), 2):
            gain = odds[first, second] + PRIOR_WEIGHT * distances[second - first]
            if gain > 0:
                pairs.append((-gain, first, second))
        for _, first, second in sorted(pairs):
            a, b = groups[first], groups[second]
            if a == b:
                continue
            ones = [place for place in range(count) if groups[place] == a]
            others = [place for place in range(count) if groups[place] == b]
            between = [
                odds[min(i, j), max(i, j)]
                for i in ones
                for j in others
                if abs(i - j) <= MAX_DISTANCE
            ]
            if np.mean(np.maximum(between, WORST_MEAN_ODDS)) > 0:
                groups = [a if group == b else group for group in groups]
        return groups

    def _continue_rhymes(
        self,
        endings: list[Ending | None],
        groups: list[int],
        stanza_endings: list[Ending | None],
        stanza_groups: list[int],
    ) -> list[int]:
        """Return the stanza's groups numbered on, those that rhyme with earlier lines as theirs.

        Args:
            endings: of the lines before the stanza.
            groups: their groups.
            stanza_endings: of the stanza's lines.
            stanza_groups: their groups within the stanza.
        """
        unused = max(groups, default=-1) + 1
        start = len(groups)
        renumbered: dict[int, int] = {}
        for number in dict.fromkeys(stanza_groups):
            best, earlier_group = EARLIER_STANZA_ODDS, None
            members = [place for place, group in enumerate(stanza_groups) if group == number]
            for place in members:
                ending = stanza_endings[place]
                for earlier in range(max(0, start + place - EARLIER_LINES), start):
                    other = endings[earlier]
                    if ending is None or other is None or groups[earlier] in renumbered.values():
                        continue
                    odds = self._rhymer.log_odds(other, ending)
                    if odds > best:
                        best, earlier_group = odds, groups[earlier]
            if earlier_group is None:
                earlier_group, unused = unused, unused + 1
            renumbered[number] = earlier_group
        return [renumbered[number] for number in stanza_groups]

    def _label(self, lines: Sequence[str], groups: Sequence[int], linked: bool) -> RhymeScheme:
        """Return the scheme that names each group of two or more lines by a letter."""
        sizes = Counter(groups)
        letters: dict[int, str] = {}
        labels: list[str | None] = []
        links = []
        latest: dict[int, int] = {}
        for place, group in enumerate(groups):
            if sizes[group] < 2:
                labels.append(None)
                continue
            labels.append(letters.setdefault(group, scheme_letter(len(letters))))
            if linked and group in latest:
                before = latest[group]
                rhyme = self._rhymer.rhyme_lines(lines[before], lines[place])
                links.append(RhymeLink(before, place, rhyme))
            latest[group] = place
        return RhymeScheme(tuple(labels), tuple(links))


def _with_traditional(schemes: dict[str, int]) -> dict[str, float]:
    """Return counts of schemes, the traditional ones no rarer than `TRADITIONAL_SHARE`."""
    stanzas = Counter[int]()
    for scheme, count in schemes.items():
        stanzas[len(scheme)] += count
    least = {
        scheme: max(1.0, TRADITIONAL_SHARE * stanzas[len(scheme)]) for scheme in TRADITIONAL_SCHEMES
    }
    return {
        scheme: max(schemes.get(scheme, 0), least.get(scheme, 0))
        for scheme in dict.fromkeys([*schemes, *least])
    }


def _pair_shares(groups: NDArray[np.intp]) -> LogOdds:
    """Return what each pair of lines counts in each scheme, (schemes, lines, lines).

    A pair in a group of k lines counts 2 / k: the group's pairs together count k - 1.
    """
    same = groups[:, :, None] == groups[:, None, :]
    above = np.triu(np.ones(same.shape[1:], bool), 1)
    shares: LogOdds = np.where(same & above, 2.0 / same.sum(axis=2)[:, :, None], 0.0)
    return shares


def scheme_letter(number: int) -> str:
    """Return the letter of a group: A, B, ... Z, A2, B2, ..."""
    cycle, place = divmod(number, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(cycle + 1) if cycle else "")


def _group_numbers(scheme: str) -> list[int]:
    """Return the groups of a scheme: ABAB gives 0, 1, 0, 1; an x rhymes with nothing."""
    return [place if letter == "x" else scheme.index(letter) for place, letter in enumerate(scheme)]


@cache
def _shipped() -> tuple[dict[str, int], list[float]]:
    path = resources.files("quatrain.sound") / "data" / "rhyme.json"
    learned = json.loads(path.read_text(encoding="utf-8"))
    return learned["schemes"], learned["distances"]


@cache
def _schemer() -> Schemer:
    return Schemer()


def rhyme_scheme(poem: Verse) -> RhymeScheme:
    """Return the rhyme scheme of a poem; letters run through all its stanzas."""
    return _schemer().scheme(as_poem(poem))
