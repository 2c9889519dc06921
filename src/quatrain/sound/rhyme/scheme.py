"""The rhyme scheme of a poem.

In: a poem. Out: which of its lines rhyme. `stanza` finds the rhymes of each stanza as if the poem
were rhymed, and how much speaks for that. A poem of which too little does, such as blank verse,
has no scheme. Rhymes continue in later stanzas where their sounds leave no doubt, as in terza
rima, and where the same word returns.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from string import ascii_uppercase

from quatrain.records import Poem, RhymeLink, RhymeScheme, Verse, as_poem
from quatrain.sound.rhyme.endings import Ending, ending_of
from quatrain.sound.rhyme.rhymer import Rhymer
from quatrain.sound.rhyme.stanza import (
    BEST_EVIDENCE,
    UNRHYMED_LINE,
    StanzaModel,
    StanzaRhymes,
    join_repeated_words,
    shipped_schemes,
)

EARLIER_STANZA_ODDS = 3.0
"""Log odds from which a rhyme with an earlier stanza counts; set by `scripts/train_rhyme.py`."""

EARLIER_LINES = 8
"""Lines back among which a rhyme with an earlier stanza is looked for."""

CACHE_LIMIT = 200_000
"""Most endings of lines kept in memory; one more clears the cache."""

RHYMED = 0.0
"""Evidence from which a poem is rhymed; below, its chance rhymes are none.

`benchmarks/blank_verse.py` set this and `SURE`: a couplet alone needs one fair rhyme.
"""

SURE = 6.0
"""Evidence from which a stanza of an unrhymed poem is rhymed: a song in a play in blank verse."""


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
            schemes, distances = shipped_schemes()
        self._stanzas = StanzaModel(self._rhymer, schemes, distances)
        self._endings: dict[str, Ending | None] = {}

    def scheme(self, poem: Poem, *, links: bool = True) -> RhymeScheme:
        """Return the rhyme scheme of a poem.

        Args:
            poem: the poem.
            links: whether to give the reason for every link, which takes longer.
        """
        stanzas = [[self._ending(line.text) for line in stanza] for stanza in poem.stanzas]
        groups = self.groups(stanzas)
        return self._label([line.text for line in poem.lines], groups, links)

    def groups(self, stanzas: Sequence[Sequence[Ending | None]]) -> list[int]:
        """Return a group number per line of a poem, the same for lines that rhyme.

        Args:
            stanzas: the endings of each stanza's lines.
        """
        endings: list[Ending | None] = []
        groups: list[int] = []
        rhymes = [self._stanzas.rhymes(stanza) for stanza in stanzas]
        evidence = _evidence(rhymes)
        for stanza, stanza_rhymes in zip(stanzas, rhymes, strict=True):
            continued, gain = self._continue_rhymes(endings, groups, stanza, stanza_rhymes.groups)
            evidence += gain
            groups += continued
            endings += stanza
        if evidence < RHYMED:
            return _groups_of_sure_stanzas(rhymes)
        return join_repeated_words(groups, endings, self._rhymer, within_stanza=False)

    def stanza(self, endings: Sequence[Ending | None]) -> list[int]:
        """Return a group number per line of a stanza of rhymed verse."""
        return self._stanzas.rhymes(endings).groups

    def _ending(self, line: str) -> Ending | None:
        """Return the ending of a line, remembered by its last words."""
        key = line[line.rfind(" ", 0, max(0, len(line) - 40)) + 1 :]
        if key not in self._endings:
            if len(self._endings) >= CACHE_LIMIT:
                self._endings.clear()
            self._endings[key] = ending_of(key, self._rhymer.ear)
        return self._endings[key]

    def _continue_rhymes(
        self,
        endings: list[Ending | None],
        groups: list[int],
        stanza_endings: Sequence[Ending | None],
        stanza_groups: Sequence[int],
    ) -> tuple[list[int], float]:
        """Return the stanza's groups numbered on, those that rhyme with earlier lines as theirs.

        And the evidence of rhyme that lines alone in their stanzas give by that.

        Args:
            endings: of the lines before the stanza.
            groups: their groups.
            stanza_endings: of the stanza's lines.
            stanza_groups: their groups within the stanza.
        """
        unused = max(groups, default=-1) + 1
        start = len(groups)
        renumbered: dict[int, int] = {}
        gain = 0.0
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
                    if other.word == ending.word:
                        odds = max(odds, BEST_EVIDENCE)
                    if odds > best:
                        best, earlier_group = odds, groups[earlier]
            if earlier_group is None:
                earlier_group, unused = unused, unused + 1
            elif len(members) == 1 and groups.count(earlier_group) == 1:
                gain += min(best, BEST_EVIDENCE) - EARLIER_STANZA_ODDS - 2 * UNRHYMED_LINE
            renumbered[number] = earlier_group
        return [renumbered[number] for number in stanza_groups], gain

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


def _evidence(stanzas: Sequence[StanzaRhymes]) -> float:
    """Return the log odds that a poem of these stanzas is rhymed rather than not.

    A shape that the poem has had before is more likely than among all poems: it counts as a draw
    from Polya's urn (Blackwell and MacQueen, Annals of Statistics 1, 1973), which starts with one
    ball divided as shapes are in rhymed verse. So weak rhymes in the same place are evidence.
    """
    evidence = 0.0
    before: dict[int, Counter[tuple[int, ...]]] = defaultdict(Counter)
    for stanza in stanzas:
        evidence += stanza.odds
        if stanza.log_frequency < 0:
            earlier = before[len(stanza.shape)]
            log_weight, seen = stanza.log_frequency, earlier[stanza.shape]
            if seen:
                log_weight = math.log(seen + math.exp(log_weight))
            evidence += log_weight
            evidence -= math.log(1 + earlier.total())
            earlier[stanza.shape] += 1
    return evidence


def _groups_of_sure_stanzas(stanzas: Sequence[StanzaRhymes]) -> list[int]:
    """Return the groups of an unrhymed poem: each line its own, but in stanzas surely rhymed."""
    groups: list[int] = []
    for rhymes in stanzas:
        start, count = len(groups), len(rhymes.groups)
        numbers = rhymes.groups if rhymes.evidence >= SURE else range(count)
        groups += [start + number for number in numbers]
    return groups


def scheme_letter(number: int) -> str:
    """Return the letter of a group: A, B, ... Z, A2, B2, ..."""
    cycle, place = divmod(number, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(cycle + 1) if cycle else "")


@cache
def _schemer() -> Schemer:
    return Schemer()


def rhyme_scheme(poem: Verse) -> RhymeScheme:
    """Return the rhyme scheme of a poem; letters run through all its stanzas."""
    return _schemer().scheme(as_poem(poem))
