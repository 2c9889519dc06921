"""The scheme of a stanza against a slow and independent reference, from given log odds."""

import math
import random
from collections.abc import Callable, Sequence
from itertools import combinations

import pytest

from quatrain.records import Poem
from quatrain.sound import Rhymer
from quatrain.sound.rhyme.endings import Ending
from quatrain.sound.rhyme.scheme import Schemer, scheme_letter
from quatrain.sound.rhyme.stanza import TRADITIONAL_SCHEMES

DISTANCES = [-9.0, -0.2, -0.1, -0.9, -2.5]
"""Log share of rhymes by lines apart: the last one counts for all beyond."""

SCHEMES = {"ABAB": 9, "AABB": 4, "ABBA": 2, "xAxA": 3, "AA": 30, "ABCABC": 5, "xxx": 2}
"""Schemes seen, and in how many stanzas; none of five lines."""


class GivenOdds(Rhymer):
    """Judges a pair of lines by a table, or by a function of their numbers."""

    def __init__(self, odds: Callable[[int, int], float]) -> None:
        super().__init__()
        self._given = odds

    def log_odds(self, first: Ending, second: Ending) -> float:
        return self._given(int(first.word), int(second.word))

    def share_a_sound(self, first: Ending, second: Ending) -> bool:
        return True


def numbered(count: int) -> list[Ending | None]:
    """Return endings that are known by the numbers of their lines."""
    return [Ending(str(number), "", (), (), ()) for number in range(count)]


def group_numbers(scheme: str) -> list[int]:
    return [place if letter == "x" else scheme.index(letter) for place, letter in enumerate(scheme)]


def members(groups: Sequence[int]) -> list[list[int]]:
    return [
        [place for place, group in enumerate(groups) if group == number]
        for number in dict.fromkeys(groups)
    ]


def rhyme_score(groups: Sequence[int], odds: dict[tuple[int, int], float]) -> float:
    """Return k - 1 times the mean log odds, from -9 to 3.5, of every group of k lines."""
    score = 0.0
    for group in members(groups):
        pairs = [min(max(odds[pair], -9.0), 3.5) for pair in combinations(group, 2)]
        if pairs:
            score += (len(group) - 1) * sum(pairs) / len(pairs)
    return score


def known_schemes(lines: int) -> dict[str, float]:
    """Return the counts of the schemes of a length; the traditional have at least a twentieth."""
    counts: dict[str, float] = {
        scheme: count for scheme, count in SCHEMES.items() if len(scheme) == lines
    }
    least = max(1.0, sum(counts.values()) / 20)
    for scheme in TRADITIONAL_SCHEMES:
        if len(scheme) == lines:
            counts[scheme] = max(counts.get(scheme, 0), least)
    return counts


def greedy(lines: int, odds: dict[tuple[int, int], float]) -> list[int]:
    """Return the groups that joining the best pairs first gives."""
    gains = {
        pair: odds[pair] + 1.5 * DISTANCES[min(pair[1] - pair[0], 4)]
        for pair in combinations(range(lines), 2)
    }
    groups = [{line} for line in range(lines)]
    for pair in sorted(gains, key=lambda pair: (-gains[pair], pair)):
        first, second = (next(group for group in groups if line in group) for line in pair)
        if gains[pair] <= 0 or first is second:
            continue
        near = [(min(a, b), max(a, b)) for a in first for b in second if abs(a - b) <= 14]
        if sum(max(odds[each], -8.0) for each in near) / len(near) > 0:
            groups = [group for group in groups if group not in (first, second)]
            groups.append(first | second)
    number = {line: min(group) for group in groups for line in group}
    return [number[line] for line in range(lines)]


def best_groups(lines: int, odds: dict[tuple[int, int], float]) -> list[list[int]]:
    """Return the groups of the best of all known schemes and the one made greedily."""
    joined = greedy(lines, odds)
    counts = known_schemes(lines)
    total = sum(counts.values()) + len(counts)
    ranked = [(rhyme_score(joined, odds) - 8.0, 0, members(joined))]
    for scheme, count in counts.items():
        groups = group_numbers(scheme)
        score = rhyme_score(groups, odds) + 1.5 * math.log(count / total)
        ranked.append((score, 1, members(groups)))
    return max(ranked)[2]


@pytest.mark.parametrize("lines", [1, 2, 3, 4, 5, 6, 7])
def test_the_groups_of_a_stanza_are_those_of_the_reference(lines: int) -> None:
    draw = random.Random(lines)
    odds: dict[tuple[int, int], float] = {}
    schemer = Schemer(GivenOdds(lambda a, b: odds[a, b]), SCHEMES, DISTANCES)
    outcomes = set()
    for trial in range(150):
        spread = (3.0, 12.0)[trial % 2]
        odds.update({pair: draw.uniform(-spread, spread) for pair in combinations(range(lines), 2)})
        groups = members(schemer.stanza(numbered(lines)))
        assert groups == best_groups(lines, odds), odds
        outcomes.add(tuple(map(tuple, groups)))
    assert len(outcomes) >= (1, 2, 2, 4)[min(lines, 4) - 1], "the trials see several schemes"


def test_lines_too_far_apart_do_not_rhyme() -> None:
    def stanza(rhyming: set[tuple[int, int]], lines: int) -> list[list[int]]:
        schemer = Schemer(
            GivenOdds(lambda a, b: 9.0 if (a, b) in rhyming else -5.0), SCHEMES, DISTANCES
        )
        return [group for group in members(schemer.stanza(numbered(lines))) if len(group) > 1]

    assert stanza({(0, 14)}, 17) == [[0, 14]]
    assert stanza({(0, 15)}, 17) == []
    assert stanza({(0, 10), (10, 16)}, 17) == [[0, 10, 16]], "through a line between"


def test_a_group_is_joined_if_its_mean_odds_are_above_even() -> None:
    """Line 2 rhymes with line 0 by 6, and with line 1 by minus as much, or nearly."""

    def groups(between: float) -> list[list[int]]:
        odds = {(0, 1): 9.0, (0, 2): 6.0, (1, 2): between}
        schemer = Schemer(GivenOdds(lambda a, b: odds.get((a, b), -20.0)), SCHEMES, DISTANCES)
        return members(schemer.stanza(numbered(5)))

    assert groups(-5.9)[:2] == [[0, 1, 2], [3]]
    assert groups(-6.1)[:2] == [[0, 1], [2]]
    assert groups(-6.0)[:2] == [[0, 1], [2]], "even odds do not join"


@pytest.mark.parametrize(("odds", "joined"), [(3.0, False), (3.001, True)])
def test_a_pair_joins_if_its_odds_outweigh_its_distance(odds: float, joined: bool) -> None:
    distances = [-9.0, -2.0]  # 1.5 times as much is counted
    schemer = Schemer(
        GivenOdds(lambda a, b: odds if (a, b) == (1, 2) else -9.0), SCHEMES, distances
    )
    assert ([1, 2] in members(schemer.stanza(numbered(5)))) == joined


def test_odds_far_below_even_count_no_more_than_a_bound() -> None:
    odds = {(0, 1): 20.0, (0, 2): 8.1, (1, 2): -50.0}
    schemer = Schemer(GivenOdds(lambda a, b: odds.get((a, b), -20.0)), SCHEMES, DISTANCES)
    assert members(schemer.stanza(numbered(7)))[0] == [0, 1, 2], "-50 counts as -8"
    odds[0, 2] = 7.9
    assert members(schemer.stanza(numbered(7)))[0] == [0, 1]


def test_a_line_without_an_ending_stands_alone() -> None:
    schemer = Schemer(GivenOdds(lambda a, b: 9.0), SCHEMES, DISTANCES)
    endings = numbered(5)
    endings[1] = None
    assert members(schemer.stanza(endings)) == [[0, 2, 3, 4], [1]]
    assert schemer.stanza([]) == []
    assert schemer.stanza([None]) == [0]


class WordOdds(Rhymer):
    """Judges two endings by a table of pairs of words; others rhyme if they end alike."""

    def __init__(self, table: dict[tuple[str, str], float]) -> None:
        super().__init__()
        self._table = table

    def log_odds(self, first: Ending, second: Ending) -> float:
        alike = 9.0 if first.word[-2:] == second.word[-2:] else -9.0
        return self._table.get((first.word, second.word), alike)


def scheme(stanzas: str, table: dict[tuple[str, str], float] | None = None) -> str:
    """Return the scheme of lines that are single words, stanzas apart by `/`."""
    schemer = Schemer(WordOdds(table or {}), SCHEMES, DISTANCES)
    poem = Poem.from_text(stanzas.strip().replace(" / ", "\n\n").replace(" ", "\n"))
    return str(schemer.scheme(poem, links=False))


def test_letters_run_through_the_stanzas() -> None:
    assert scheme("night day light way / stone rain bone train") == "ABABCDCD"
    assert scheme("night day light way / stone night bone light") == "ABABCACA"
    assert scheme("night day light way / night day light way") == "ABABABAB"
    assert scheme("night day light / stone day stone / bone rain bone") == "ABACBCCxC"


@pytest.mark.parametrize(
    ("odds", "letters"),
    [(2.9, "AABB"), (3.0, "AABB"), (3.1, "AAAA"), (9.0, "AAAA")],
)
def test_odds_from_which_a_rhyme_runs_on(odds: float, letters: str) -> None:
    """One pair of lines of the two couplets rhymes; the others do not."""
    for pair in [("night", "stone"), ("light", "bone"), ("light", "stone"), ("night", "bone")]:
        assert scheme("night light / stone bone", {pair: odds}) == letters


def test_the_best_of_the_earlier_rhymes_is_continued() -> None:
    table = {("way", "stone"): 5.0, ("night", "stone"): 4.0}
    assert scheme("night day light way / stone bone", table) == "ABABBB"
    table = {("way", "stone"): 4.0, ("night", "stone"): 5.0}
    assert scheme("night day light way / stone bone", table) == "ABABAA"


def test_a_rhyme_is_continued_by_one_group_only() -> None:
    table = {
        ("light", "stone"): 5.0, ("light", "rain"): 5.0,
        ("night", "stone"): 5.0, ("night", "rain"): 5.0,
    }  # fmt: skip
    assert scheme("night light / stone rain bone train", table) == "AAABAB"


@pytest.mark.parametrize(("between", "continued"), [(7, True), (8, False)])
def test_how_far_back_a_rhyme_is_looked_for(between: int, continued: bool) -> None:
    """Line 1 is eight lines back, and then nine."""
    lines = ["ab", "cd", "ef", "gi", "ij", "kl", "mn", "op"][:between]
    alone = " / ".join(f"x{word}" for word in lines)
    letters = scheme(f"light night / {alone} / sight bone might tone")
    assert letters.startswith("AA" + "x" * between)
    assert letters[-4:] == ("ABAB" if continued else "BCBC")


def test_links_join_each_line_with_the_one_before_of_its_letter() -> None:
    schemer = Schemer(WordOdds({}), SCHEMES, DISTANCES)
    poem = Poem.from_text("the night\na day\nlate light\none way\nno stone\n\nout of sight")
    rhymes = schemer.scheme(poem)
    assert str(rhymes) == "ABABxA"
    assert [(link.first, link.second) for link in rhymes.links] == [(0, 2), (1, 3), (2, 5)]
    pairs = [(link.rhyme.first, link.rhyme.second) for link in rhymes.links]
    assert pairs == [("night", "light"), ("day", "way"), ("light", "sight")]
    assert {link.rhyme.kind for link in rhymes.links} == {"perfect"}
    assert schemer.scheme(poem, links=False).links == ()


def test_the_end_of_a_long_line_is_enough_for_its_rhyme() -> None:
    """A line is remembered by its last 40 characters, to the start of a word."""
    schemer = Schemer(WordOdds({}), SCHEMES, DISTANCES)
    long = "a verylongword" * 9
    lines = [f"{long} and night", f"{long} or light"]
    assert str(schemer.scheme(Poem.from_lines(lines))) == "AA"


def test_the_letters_of_groups() -> None:
    letters = [scheme_letter(number) for number in (0, 1, 25, 26, 27, 51, 52)]
    assert letters == ["A", "B", "Z", "A2", "B2", "Z2", "A3"]
