"""The rhymes of one stanza: its most likely scheme, and how much speaks for rhyme at all.

In: the endings of a stanza's lines. Out: a group number per line, and the evidence that the
stanza is rhymed. The scheme of a stanza has the highest score: the log odds of its rhymes (of a
group of k lines, k - 1 times their mean) plus the weighted log frequency of the scheme. The
schemes compared are those that stanzas of this length are known to have, and the one made by
joining the best pairs first. So a stanza of a common shape forgives one odd pair, if the two
lines share a sound.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from quatrain.sound.rhyme.endings import Ending
from quatrain.sound.rhyme.rhymer import Rhymer

MAX_DISTANCE = 14
"""Largest distance, in lines, between two lines of a stanza that may rhyme."""

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

BEST_EVIDENCE = 6.0
"""Log odds above which a pair counts no more as evidence of rhyme.

A good rhyme is that much rarer among lines of blank verse; `benchmarks/blank_verse.py` set this,
and the two constants below.
"""

UNKNOWN_EVIDENCE = -5.0
"""Log frequency, as evidence, of a rhymed scheme that no stanza is known to have."""

UNRHYMED_LINE = -1.0
"""Evidence of a line that rhymes with none: log of how much rarer it is in rhymed verse."""

TRADITIONAL_SCHEMES = (
    *("AxA", "AABBA", "AAABAB", "ABABBCC", "ABABABCC", "ABAAABAB", "ABABBCBCC", "AAxA", "ABBA"),
    *("ABABCC", "CDECDE", "ABBAABBA", "ABABCDCDEFEFGG", "ABABBCBCCDCDEE", "ABBAABBACDECDE"),
    *("ABBAABBACDCDCD", "ABBAABBACDCDEE", "ABBACDDCEFGEFG", "ABBACDDCEFEFEF", "ABBACDDCEFEFGG"),
    "ABABCDECDE",
)
"""Schemes that are known without having been learned: terza rima, the limerick, Burns's stanza,
rhyme royal, ottava rima, the triolet, Spenser's stanza, the rubai, the sonnets and their parts,
and Keats's odes."""

TRADITIONAL_SHARE = 0.05
"""Share of the stanzas of its length that a traditional scheme is taken to have, at least."""

PairOdds = dict[tuple[int, int], float]
"""Log odds of each pair of lines of a stanza, the earlier first, up to `MAX_DISTANCE` apart."""


@dataclass(frozen=True, slots=True)
class StanzaRhymes:
    """The rhymes of a stanza, if it is rhymed.

    Attributes:
        groups: a number per line, the same for lines that rhyme.
        shape: the same, before a word that returns joined any.
        odds: log odds of the rhymes together; of a stanza without one, of having none.
        log_frequency: of the shape among rhymed stanzas of this length; 0 without a rhyme.
    """

    groups: list[int]
    shape: tuple[int, ...]
    odds: float
    log_frequency: float

    @property
    def evidence(self) -> float:
        """Log odds that the stanza, by itself, is rhymed rather than not."""
        return self.odds + self.log_frequency


class StanzaModel:
    """Finds the rhymes of stanzas.

    Args:
        rhymer: gives the log odds of pairs.
        schemes: known schemes and in how many stanzas they were seen.
        distances: log share of rhymes by how many lines they are apart; both as
            `scripts/train_rhyme.py` counts them.
    """

    def __init__(self, rhymer: Rhymer, schemes: dict[str, int], distances: Sequence[float]) -> None:
        self._rhymer = rhymer
        self._distances = list(distances)
        by_length: dict[int, list[tuple[list[int], float]]] = defaultdict(list)
        for scheme, count in _with_traditional(schemes).items():
            by_length[len(scheme)].append((_group_numbers(scheme), count))
        # By length: (shares of pairs, (schemes, lines * lines); log frequencies, (schemes,))
        self._known: dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
        self._log_frequency: dict[tuple[int, ...], float] = {}
        for length, known in by_length.items():
            groups = np.array([numbers for numbers, _ in known])
            counts = np.array([count for _, count in known], np.float64)
            log_frequency = np.log(counts / (counts.sum() + len(known)))
            self._known[length] = (_pair_shares(groups).reshape(len(known), -1), log_frequency)
            self._log_frequency |= {
                tuple(numbers): float(frequency)
                for (numbers, _), frequency in zip(known, log_frequency, strict=True)
            }
        self._groups = {length: [n for n, _ in known] for length, known in by_length.items()}

    def rhymes(self, endings: Sequence[Ending | None]) -> StanzaRhymes:
        """Return the rhymes of a stanza."""
        odds = self._pair_odds(endings)
        groups = self._best_groups(len(endings), odds)
        groups = self._without_strangers(groups, odds, endings)
        shape = tuple(groups)
        groups = join_repeated_words(groups, endings, self._rhymer, within_stanza=True)
        return StanzaRhymes(groups, shape, *self._evidence(shape, odds))

    def _pair_odds(self, endings: Sequence[Ending | None]) -> PairOdds:
        odds: PairOdds = {}
        for second, other in enumerate(endings):
            for first in range(max(0, second - MAX_DISTANCE), second):
                one = endings[first]
                if one is not None and other is not None:
                    odds[first, second] = self._rhymer.log_odds(one, other)
        return odds

    def _best_groups(self, count: int, odds: PairOdds) -> list[int]:
        """Return the groups of the scheme with the highest score."""
        greedy = self._greedy_groups(count, odds)
        if count not in self._known:
            return greedy
        bounded = np.full((count, count), WORST_ODDS)
        for pair, pair_odds in odds.items():
            bounded[pair] = min(max(pair_odds, WORST_ODDS), BEST_ODDS)
        greedy_score = float((_pair_shares(np.array([greedy]))[0] * bounded).sum()) + UNKNOWN_SCHEME
        shares, log_frequency = self._known[count]
        scores = shares @ bounded.ravel() + PRIOR_WEIGHT * log_frequency
        best = int(np.argmax(scores))
        return self._groups[count][best] if scores[best] >= greedy_score else greedy

    def _greedy_groups(self, count: int, odds: PairOdds) -> list[int]:
        """Return the groups that joining the best pairs first gives, while joining is likely."""
        last = len(self._distances) - 1
        members = [[place] for place in range(count)]
        joins = []
        for (first, second), pair_odds in odds.items():
            gain = pair_odds + PRIOR_WEIGHT * self._distances[min(second - first, last)]
            if gain > 0:
                joins.append((-gain, first, second))
        for _, first, second in sorted(joins):
            ones, others = members[first], members[second]
            if ones is others:
                continue
            between = [
                max(odds.get((min(i, j), max(i, j)), -np.inf), WORST_MEAN_ODDS)
                for i in ones
                for j in others
                if abs(i - j) <= MAX_DISTANCE
            ]
            if sum(between) > 0:
                ones += others
                for place in others:
                    members[place] = ones
        return [min(group) for group in members]

    def _without_strangers(
        self, groups: Sequence[int], odds: PairOdds, endings: Sequence[Ending | None]
    ) -> list[int]:
        """Return the groups without the lines that share no sound with any other of their group."""
        remaining = list(groups)
        for group in _members(groups):
            for place in group if len(group) > 1 else ():
                pairs = ((min(place, other), max(place, other)) for other in group)
                if not any(self._share_a_sound(pair, odds, endings) for pair in pairs):
                    remaining[place] = len(groups) + place
        return _numbered(remaining)

    def _share_a_sound(
        self, pair: tuple[int, int], odds: PairOdds, endings: Sequence[Ending | None]
    ) -> bool:
        one, other = (endings[place] for place in pair)
        if pair not in odds or one is None or other is None:
            return False
        return odds[pair] > 0 or self._rhymer.share_a_sound(one, other)

    def _evidence(self, shape: tuple[int, ...], odds: PairOdds) -> tuple[float, float]:
        """Return the log odds of a stanza's rhymes, and the log frequency of its shape."""
        rhymes, alone = 0.0, 0
        for group in _members(shape):
            if len(group) == 1:
                alone += 1
                continue
            near = [
                min(max(odds[pair], WORST_ODDS), BEST_EVIDENCE)
                for pair in combinations(group, 2)
                if pair in odds
            ]
            rhymes += (len(group) - 1) * sum(near) / len(near)
        if alone == len(shape):
            return alone * UNRHYMED_LINE, 0.0
        unknown = UNKNOWN_EVIDENCE + alone * UNRHYMED_LINE
        return rhymes, max(unknown, self._log_frequency.get(shape, unknown))


def join_repeated_words(
    groups: Sequence[int], endings: Sequence[Ending | None], rhymer: Rhymer, *, within_stanza: bool
) -> list[int]:
    """Return the groups with those joined that end in the same word, as a refrain does.

    A word that two rhymes use once each stays in two groups, as in couplets. They are joined if
    the word rhymes with itself in both of them, and if their words rhyme. Within a stanza it is
    enough that it rhymes with itself in one, or that a line rhymes with no other.

    Args:
        groups: a number per line.
        endings: of the lines.
        rhymer: says whether the words of two groups rhyme.
        within_stanza: whether the lines are of one stanza.
    """
    by_group: dict[int, list[Ending]] = defaultdict(list)
    by_word: dict[str, list[int]] = defaultdict(list)
    for group, ending in zip(groups, endings, strict=True):
        if ending is not None:
            by_group[group].append(ending)
            by_word[ending.word].append(group)
    joined = {group: group for group in groups}

    def group_now(group: int) -> int:
        while joined[group] != group:
            group = joined[group]
        return group

    for word, word_groups in by_word.items():
        first = word_groups[0]
        for other in word_groups[1:]:
            a, b = sorted((group_now(first), group_now(other)))
            if a != b and _may_join(word, by_group[a], by_group[b], rhymer, within_stanza):
                joined[b] = a
                by_group[a] += by_group.pop(b)
    return [group_now(group) for group in groups]


def _may_join(
    word: str, ones: list[Ending], others: list[Ending], rhymer: Rhymer, within_stanza: bool
) -> bool:
    """Return whether two groups that share a word are one rhyme, as `join_repeated_words` says."""
    counts = [sum(ending.word == word for ending in group) for group in (ones, others)]
    refrain = max(counts) > 1 or 1 in (len(ones), len(others)) if within_stanza else min(counts) > 1
    if not refrain:
        return False
    first, second = ({ending.word: ending for ending in group} for group in (ones, others))
    odds = [rhymer.log_odds(a, b) for a, b in product(first.values(), second.values())]
    return sum(odds) > 0


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


def _pair_shares(groups: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return what each pair of lines counts in each scheme, (schemes, lines, lines).

    A pair in a group of k lines counts 2 / k: the group's pairs together count k - 1.
    """
    same = groups[:, :, None] == groups[:, None, :]
    above = np.triu(np.ones(same.shape[1:], bool), 1)
    shares: NDArray[np.float64] = np.where(same & above, 2.0 / same.sum(axis=2)[:, :, None], 0.0)
    return shares


def _group_numbers(scheme: str) -> list[int]:
    """Return the groups of a scheme: ABAB gives 0, 1, 0, 1; an x rhymes with nothing."""
    return [place if letter == "x" else scheme.index(letter) for place, letter in enumerate(scheme)]


def _members(groups: Sequence[int]) -> list[list[int]]:
    """Return the lines of each group."""
    members: dict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        members[group].append(place)
    return list(members.values())


def _numbered(groups: Sequence[int]) -> list[int]:
    """Return the groups, each numbered by its first line."""
    first: dict[int, int] = {}
    return [first.setdefault(group, place) for place, group in enumerate(groups)]


@cache
def shipped_schemes() -> tuple[dict[str, int], list[float]]:
    """Return the schemes and the distances in the package."""
    path = resources.files("quatrain.sound") / "data" / "rhyme.json"
    learned = json.loads(path.read_text(encoding="utf-8"))
    return learned["schemes"], learned["distances"]
